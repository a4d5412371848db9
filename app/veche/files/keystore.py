"""Ethereum keystore files: a key that nobody can read without its password."""

from __future__ import annotations

import json
import unicodedata
from pathlib import Path
from typing import Any, Final

from eth_account import Account
from eth_account.signers.local import LocalAccount
from eth_utils.address import is_hex_address, to_checksum_address

from veche.crypto.group import Secret
from veche.errors import InvalidFile, InvalidKeystore, WrongPassword
from veche.files.mistakes import read_text
from veche.files.writing import write_atomically

IV_DIGITS: Final = 32
"""Number of hexadecimal digits of the cipher's initial value."""
MAX_BYTES: Final = 2**16
"""Maximum bytes of a keystore that is read."""
MAX_MEMORY: Final = 2**23 + 2**12
"""Maximum of scrypt's (n + p) · r: a gigabyte, four times as much as wallets use."""
MAX_BREADTH: Final = 2**12
"""Maximum of scrypt's p · r: half a megabyte."""
MAX_WORK: Final = 2**25
"""Maximum of scrypt's n · r · p: 16 times as much as wallets use."""
MAX_ROUNDS: Final = 2**25
"""Maximum rounds of PBKDF2: 32 times as many as wallets use."""
MAX_KEY: Final = 64
"""Maximum bytes of the key that is made of a password."""


def create(path: Path, password: str) -> LocalAccount:
    """Makes a new key and writes its keystore file, which only its owner can read.

    Raises:
        InvalidKeystore: the file exists already.
    """
    require_new(path)
    account: LocalAccount = Account.create()
    write_atomically(path, encrypted(account, password), private=True)
    return account


def encrypted(account: LocalAccount, password: str, *, scrypt_work: int | None = None) -> str:
    """The keystore of an account, as a JSON text that geth and wallets can open too.

    Args:
        account: the account.
        password: the password that opens the keystore.
        scrypt_work: the parameter n of scrypt. The default makes guessing slow; a password that
            nobody can guess needs less.
    """
    while True:
        keystore: dict[str, Any] = Account.encrypt(account.key, password, iterations=scrypt_work)
        # one time in 256 the library drops a zero at its beginning, but geth wants all 16 bytes
        if len(keystore["crypto"]["cipherparams"]["iv"]) == IV_DIGITS:
            return json.dumps(keystore)


def require_new(path: Path) -> None:
    """Refuses to replace a file by a keystore.

    Raises:
        InvalidKeystore: the file exists already.
    """
    if path.exists():
        raise InvalidKeystore(f"{path} exists already, and a key is never written over")


def address(path: Path) -> str:
    """The address that a keystore file names. This needs no password, and proves nothing.

    Raises:
        InvalidKeystore: the file is no keystore, or names no address.
    """
    named = _read(path).get("address")
    digits = named.removeprefix("0x") if isinstance(named, str) else ""
    if not is_hex_address("0x" + digits):
        raise InvalidKeystore(f"{path} names no address")
    return to_checksum_address("0x" + digits)


def load(path: Path, password: str, *, source: str = "") -> LocalAccount:
    """The account in a keystore file.

    Args:
        path: the path of the file.
        password: the password that opens it.
        source: the file or variable that the password comes from; empty if it was typed.

    Raises:
        InvalidKeystore: the file is no keystore that can be opened.
        WrongPassword: the password does not open the keystore.
    """
    keystore = _read(path)
    if not _is_bounded(keystore):
        raise InvalidKeystore(f"{path} asks for more time or memory than any wallet does")
    for form in _forms(password):
        try:
            return _opened(keystore, form)
        except Exception as error:  # noqa: BLE001  # the library raises anything at malformed files
            if "mismatch" not in str(error):
                raise InvalidKeystore(f"{path} is no keystore that can be opened") from None
    raise WrongPassword(str(path), source)


def _opened(keystore: dict[str, Any], password: bytes) -> LocalAccount:
    return Account.from_key(Account.decrypt(keystore, password))  # type: ignore[no-any-return,arg-type]


def _forms(password: str) -> list[bytes]:
    """What a password may be to the program that made the keystore, for letters that have several
    forms: as it was typed, as ethers makes it (NFKC), and as some keyboards do (NFD).
    """
    forms = (password, *(unicodedata.normalize(form, password) for form in ("NFKC", "NFD")))
    return [*dict.fromkeys(each.encode(errors="surrogateescape") for each in forms)]


def _is_bounded(keystore: dict[str, Any]) -> bool:
    """Whether no part of a keystore asks for endless work, as a planted file can."""
    parts = [keystore]
    while parts:
        fields = {key.lower(): each for key, each in parts.pop().items()}
        n, r, p, rounds, key = (fields.get(name, 1) for name in ("n", "r", "p", "c", "dklen"))
        if not all(isinstance(each, int) and each > 0 for each in (n, r, p, rounds, key)):
            return False
        if (n + p) * r > MAX_MEMORY or p * r > MAX_BREADTH or n * r * p > MAX_WORK:
            return False
        if rounds > MAX_ROUNDS or key > MAX_KEY:
            return False
        parts += [each for each in fields.values() if isinstance(each, dict)]
    return True


def secret(account: LocalAccount) -> Secret:
    """The key of an account as a secret of the protocol, as in the keystore of a sealing key."""
    return Secret(int.from_bytes(account.key, "big"), field="sealing key")


def _read(path: Path) -> dict[str, Any]:
    try:
        found = json.loads(read_text(path, max_bytes=MAX_BYTES))
    except InvalidFile as error:
        raise InvalidKeystore(f"no keystore can be read: {error}") from None
    except (ValueError, RecursionError):
        raise InvalidKeystore(f"{path} is no keystore: it is not JSON") from None
    if not isinstance(found, dict):
        raise InvalidKeystore(f"{path} is no keystore")
    return found
