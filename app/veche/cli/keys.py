"""The key that signs, and the password that opens it. A password is never an argument, and never
shown.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from veche.cli import asking
from veche.cli.output import sentence, show, stderr, warn
from veche.errors import NoAccount, NoPassword, WrongPassword

if TYPE_CHECKING:
    from eth_account.signers.local import LocalAccount

VARIABLE: Final = "VECHE_PASSWORD"
TRIES: Final = 3
"""How often a person who is asked may type a password."""
LONG_ENOUGH: Final = 12
"""Minimum characters of a new password that nobody is warned of."""


def require_named(keystore: Path | None) -> Path:
    """The keystore that the command line names.

    Raises:
        NoAccount: the command line names no keystore.
    """
    if keystore is None:
        raise NoAccount("this needs your key, and no keystore file is named")
    return keystore


def load(keystore: Path | None, password_file: Path | None) -> LocalAccount:
    """The account in a keystore.

    Raises:
        NoAccount: the command line names no keystore.
        NoPassword, InvalidKeystore, WrongPassword: see `load_all`.
    """
    path = require_named(keystore)
    (account,) = load_all([path], password_file, what=path)
    return account


def load_all(
    keystores: Sequence[Path], password_file: Path | None, *, what: Path
) -> list[LocalAccount]:
    """The accounts in keystores that one password opens.

    Args:
        keystores: the paths of the keystores.
        password_file: the path of a file with the password.
        what: the name shown when a person is asked: "Password of {what}".

    Raises:
        NoPassword: the password is empty, or none is given and there is no terminal to ask in.
        InvalidFile: the password file cannot be read.
        InvalidKeystore: a file cannot be read, or is no keystore that can be opened.
        WrongPassword: the password does not open one of the keystores.
    """
    from veche.files import keystore

    source = _source(password_file)
    left = 1 if source else TRIES
    while True:
        opening = password(password_file, lambda: asking.password(f"Password of {what}"))
        try:
            return [keystore.load(path, opening, source=source) for path in keystores]
        except WrongPassword as error:
            left -= 1
            if not left:
                raise
            show(stderr, sentence(f"{error}: type it again"))


def new_password(file: Path | None, question: str) -> str:
    """A password for a new key, from where `password` takes it. Warns of a short one.

    Raises:
        NoPassword, InvalidFile: see `password`.
    """
    found = password(file, lambda: asking.new_password(question))
    if len(found) < LONG_ENOUGH:
        warn(
            f"this password has fewer than {LONG_ENOUGH} characters: whoever gets hold of the "
            "file can guess it by trying. Make another key with a longer password, such as four "
            "words that do not belong together."
        )
    return found


def password(file: Path | None, ask: Callable[[], str]) -> str:
    """A password from a file, from the environment, or from a person who is asked.

    Raises:
        NoPassword: the password is empty, or there is no terminal to ask for it.
        InvalidFile: the file cannot be read.
    """
    if file is not None:
        from veche.files.mistakes import read_text

        found = read_text(file).partition("\n")[0].removesuffix("\r")
    elif VARIABLE in os.environ:
        found = os.environ[VARIABLE]
    elif asking.has_terminal():
        return ask()
    else:
        raise NoPassword("the keystore needs a password, and there is no terminal to ask in")
    if not found:
        raise NoPassword(f"the password in {_source(file)} is empty")
    return found


def _source(file: Path | None) -> str:
    """The file or variable that a password comes from; empty if a person is asked."""
    if file is not None:
        return str(file)
    return VARIABLE if VARIABLE in os.environ else ""
