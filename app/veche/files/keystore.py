"""Keys in Ethereum keystore files: scrypt, a password, and nothing readable without it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

from eth_account import Account
from eth_account.signers.local import LocalAccount
from eth_utils.address import is_hex_address, to_checksum_address

from veche.crypto.group import Secret
from veche.errors import InvalidKeystore, WrongPassword
from veche.files.writing import write_atomically

IV_DIGITS: Final = 32
"""Hexadecimal digits of the cipher's initial value."""


def create(path: Path, password: str) -> LocalAccount:
    """Makes a new key and writes its keystore file, readable by its owner alone.

    Raises:
        InvalidKeystore: there is a file already, which is never written over.
    """
    require_new(path)
    account: LocalAccount = Account.create()
    write_atomically(path, encrypted(account, password), private=True)
    return account


def encrypted(account: LocalAccount, password: str, *, scrypt_work: int | None = None) -> str:
    """The keystore of an account, a JSON text that geth and wallets open too.

    Args:
        account: the account.
        password: what opens it.
        scrypt_work: n of scrypt; by default what makes a guess slow. Lower where the password
            cannot be guessed.
    """
    while True:
        keystore: dict[str, Any] = Account.encrypt(account.key, password, iterations=scrypt_work)
        # the library drops zeros in front of it, one time in 256, and geth wants all 16 bytes
        if len(keystore["crypto"]["cipherparams"]["iv"]) == IV_DIGITS:
            return json.dumps(keystore)


def require_new(path: Path) -> None:
    """Refuses to write a keystore over anything.

    Raises:
        InvalidKeystore: there is a file already.
    """
    if path.exists():
        raise InvalidKeystore(f"{path} is there already, and a key is never written over")


def address(path: Path) -> str:
    """The address that a keystore file names; no password is needed, and nothing is proven.

    Raises:
        InvalidKeystore: it is no keystore file, or leaves the address out.
    """
    named = _read(path).get("address")
    digits = named.removeprefix("0x") if isinstance(named, str) else ""
    if not is_hex_address("0x" + digits):
        raise InvalidKeystore(f"{path} names no address")
    return to_checksum_address("0x" + digits)


def load(path: Path, password: str, *, source: str = "") -> LocalAccount:
    """The account in a keystore file.

    Args:
        path: of the file.
        password: that opens it.
        source: the file or variable that the password came from; nothing where it was typed.

    Raises:
        InvalidKeystore: it is no keystore file.
        WrongPassword: the password does not open it.
    """
    keystore = _read(path)
    try:
        return Account.from_key(Account.decrypt(keystore, password))  # type: ignore[no-any-return]
    except ValueError as error:
        if "MAC mismatch" in str(error):
            raise WrongPassword(str(path), source) from None
        raise InvalidKeystore(f"{path} is no keystore that can be opened") from None
    except (KeyError, TypeError, NotImplementedError):
        raise InvalidKeystore(f"{path} is no keystore that can be opened") from None


def secret(account: LocalAccount) -> Secret:
    """The key of an account as a secret of the protocol: what a sealing key's keystore holds."""
    return Secret(int.from_bytes(account.key, "big"), field="sealing key")


def _read(path: Path) -> dict[str, object]:
    try:
        found = json.loads(path.read_text())
    except (OSError, ValueError) as error:
        raise InvalidKeystore(f"{path} cannot be read as a keystore: {error}") from None
    if not isinstance(found, dict):
        raise InvalidKeystore(f"{path} is no keystore")
    return found
