"""Keys in keystore files."""

from __future__ import annotations

import json
import stat
from pathlib import Path

import pytest
from eth_account import Account

from veche.crypto.group import G
from veche.errors import InvalidKeystore, WrongPassword
from veche.files import keystore

PASSWORD = "a long password"  # noqa: S105  # of a test


def light(path: Path) -> Path:
    """A keystore that opens fast."""
    path.write_text(json.dumps(Account.encrypt(b"\5" * 32, PASSWORD, kdf="pbkdf2", iterations=1)))
    return path


def test_key_comes_back_with_its_password(tmp_path: Path) -> None:
    path = tmp_path / "key.json"
    account = keystore.create(path, PASSWORD)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert json.loads(path.read_text())["crypto"]["kdf"] == "scrypt"
    assert keystore.load(path, PASSWORD).key == account.key


def test_creating_fails_if_there_is_a_key(tmp_path: Path) -> None:
    path = light(tmp_path / "key.json")
    before = path.read_text()
    with pytest.raises(InvalidKeystore, match="never written over"):
        keystore.create(path, PASSWORD)
    assert path.read_text() == before


def test_loading_fails_if_the_password_is_wrong(tmp_path: Path) -> None:
    path = light(tmp_path / "key.json")
    with pytest.raises(WrongPassword) as caught:
        keystore.load(path, "another password")
    assert str(caught.value) == f"this password does not open {path}"
    with pytest.raises(WrongPassword, match="the password in VECHE_PASSWORD does not open"):
        keystore.load(path, "another password", source="VECHE_PASSWORD")


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"crypto": {}, "version": 3}', "null"])
def test_loading_fails_if_it_is_no_keystore(tmp_path: Path, text: str) -> None:
    path = tmp_path / "key.json"
    path.write_text(text)
    with pytest.raises(InvalidKeystore):
        keystore.load(path, PASSWORD)


def test_loading_fails_if_there_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(InvalidKeystore):
        keystore.load(tmp_path / "nothing.json", PASSWORD)


def test_secret_of_a_sealing_key_gives_its_address(tmp_path: Path) -> None:
    account = keystore.load(light(tmp_path / "key.json"), PASSWORD)
    assert f"{(G * keystore.secret(account)).address:040x}" == account.address[2:].lower()
