"""Keys in Ethereum keystore files: scrypt, a password, and nothing readable without it."""

from __future__ import annotations

import json
from pathlib import Path

from eth_account import Account
from eth_account.signers.local import LocalAccount

from veche.crypto.group import Secret
from veche.errors import InvalidKeystore, WrongPassword
from veche.files.writing import write_atomically


def create(path: Path, password: str) -> LocalAccount:
    """Makes a new key and writes its keystore file, readable by its owner alone.

    Raises:
        InvalidKeystore: there is a file already, which is never written over.
    """
    account: LocalAccount = Account.create()
    if path.exists():
        raise InvalidKeystore(f"{path} is there already, and a key is never written over")
    keystore = Account.encrypt(account.key, password)
    write_atomically(path, json.dumps(keystore), private=True)
    return account


def load(path: Path, password: str) -> LocalAccount:
    """The account in a keystore file.

    Raises:
        InvalidKeystore: it is no keystore file.
        WrongPassword: the password does not open it.
    """
    keystore = _read(path)
    try:
        return Account.from_key(Account.decrypt(keystore, password))  # type: ignore[no-any-return]
    except ValueError as error:
        if "MAC mismatch" in str(error):
            raise WrongPassword(str(path)) from None
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
