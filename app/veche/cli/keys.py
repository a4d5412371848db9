"""Whose key signs, and the password that opens it: never an argument, never shown."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Final

from veche.cli import asking, files
from veche.errors import NoAccount, NoPassword

if TYPE_CHECKING:
    from eth_account.signers.local import LocalAccount

PASSWORD: Final = "VECHE_PASSWORD"  # noqa: S105  # where it stands, not what it is


def load(keystore: Path | None, password_file: Path | None) -> LocalAccount:
    """The account in a keystore.

    Raises:
        NoAccount: no keystore is named.
        NoPassword: it needs one, and nobody is there to type it.
        InvalidKeystore, WrongPassword: it does not open.
    """
    from veche.files import keystore as keystores

    path = require(keystore)
    opening = password(password_file, lambda: asking.password(f"Password of {path}"))
    return keystores.load(path, opening, source=source(password_file))


def require(keystore: Path | None) -> Path:
    """The keystore that is named.

    Raises:
        NoAccount: none is.
    """
    if keystore is None:
        raise NoAccount("this needs your key, and no keystore file is named")
    return keystore


def password(file: Path | None, ask: Callable[[], str]) -> str:
    """A password: from a file, from the environment, or from whoever is asked.

    Raises:
        NoPassword: nobody is there to be asked, or it is empty.
        InvalidFile: the file cannot be read.
    """
    if file is not None:
        return _filled(files.read(file).partition("\n")[0].removesuffix("\r"), source(file))
    if PASSWORD in os.environ:
        return _filled(os.environ[PASSWORD], source(file))
    if not asking.somebody():
        raise NoPassword("the keystore needs a password, and there is no terminal to ask in")
    return ask()


def source(file: Path | None) -> str:
    """The file or variable that a password comes from; nothing where somebody is asked."""
    if file is not None:
        return str(file)
    return PASSWORD if PASSWORD in os.environ else ""


def _filled(found: str, where: str) -> str:
    if not found:
        raise NoPassword(f"the password in {where} is empty")
    return found
