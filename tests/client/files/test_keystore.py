"""Keys in keystore files."""

from __future__ import annotations

import json
import stat
from pathlib import Path
from typing import Any

import pytest
from eth_account import Account

from veche.crypto.group import G
from veche.errors import InvalidKeystore, WrongPassword
from veche.files import keystore

PASSWORD = "a long password"  # noqa: S105  # of a test


KEY = b"\5" * 32


def light(path: Path, password: str = PASSWORD) -> Path:
    """A keystore that opens fast."""
    path.write_text(json.dumps(Account.encrypt(KEY, password, kdf="pbkdf2", iterations=1)))
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


@pytest.mark.parametrize(
    ("made_with", "typed"),
    [
        ("pass", "ｐａｓｓ"),  # ethers takes full width for plain letters
        ("caf\u00e9", "cafe\u0301"),
        ("cafe\u0301", "caf\u00e9"),
        ("ｐａｓｓ", "ｐａｓｓ"),
        ("Новгород", "Новгород"),
    ],
)
def test_password_opens_in_whatever_form_the_keystore_was_made_with(
    made_with: str, typed: str, tmp_path: Path
) -> None:
    path = light(tmp_path / "key.json", made_with)
    assert keystore.load(path, typed).key == KEY
    with pytest.raises(WrongPassword):
        keystore.load(path, "CAFÉ")


def test_keystore_with_a_byte_order_mark_is_read(tmp_path: Path) -> None:
    path = light(tmp_path / "key.json")
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    account = keystore.load(path, PASSWORD)
    assert account.key == KEY
    assert keystore.address(path) == account.address


def test_password_may_be_bytes_that_are_no_text(tmp_path: Path) -> None:
    """As the environment gives them."""
    path = tmp_path / "key.json"
    given: Any = b"\xff\xfe"
    path.write_text(json.dumps(Account.encrypt(KEY, given, kdf="pbkdf2", iterations=1)))
    assert keystore.load(path, "\udcff\udcfe").key == KEY


@pytest.mark.parametrize(
    "change",
    [
        {"kdf": "scrypt", "kdfparams": {"n": 2**31, "r": 8, "p": 1, "dklen": 32, "salt": "00"}},
        {"kdf": "scrypt", "kdfparams": {"N": 2**31, "r": 8, "p": 1, "dklen": 32, "salt": "00"}},
        {"kdf": "scrypt", "kdfparams": {"n": 2, "r": 8, "p": 2**26, "dklen": 32, "salt": "00"}},
        {"kdf": "scrypt", "kdfparams": {"n": 2, "r": 1, "p": 2**24, "dklen": 32, "salt": "00"}},
        {"kdf": "scrypt", "kdfparams": {"n": 2, "r": 8, "p": 1, "dklen": 2**31, "salt": "00"}},
        {"kdf": "scrypt", "kdfparams": {"n": -1, "r": 8, "p": 2**26, "dklen": 32, "salt": "00"}},
        {"kdf": "scrypt", "kdfparams": {"n": 2, "r": 1e9, "p": 1, "dklen": 32, "salt": "00"}},
        {"kdf": "scrypt", "kdfparams": {"n": 2, "r": "8", "p": 2**22, "dklen": 32, "salt": "00"}},
        {"kdfparams": {"c": 2**31 - 1, "dklen": 32, "prf": "hmac-sha256", "salt": "00"}},
    ],
)
def test_loading_fails_if_a_keystore_asks_for_endless_work(
    change: dict[str, object], tmp_path: Path
) -> None:
    path = light(tmp_path / "key.json")
    made = json.loads(path.read_text())
    made["crypto"] |= change
    path.write_text(json.dumps(made))
    with pytest.raises(InvalidKeystore, match="more time or memory"):
        keystore.load(path, PASSWORD)


@pytest.mark.parametrize(
    "change",
    [
        {"kdf": "scrypt", "kdfparams": {"n": 2, "r": 0, "p": 1, "dklen": 32, "salt": "00"}},
        {"kdf": "scrypt", "kdfparams": {"n": 3, "r": 8, "p": 1, "dklen": 32, "salt": "00"}},
        {"kdfparams": {"c": 1, "dklen": 32, "prf": 1, "salt": "00"}},
        {"kdfparams": {"c": 1, "dklen": 32, "prf": "sha-hmac", "salt": "00"}},
        {"kdfparams": {"c": -1, "dklen": 32, "prf": "hmac-sha256", "salt": "00"}},
        {"ciphertext": "no"},
        {"kdf": None},
    ],
)
def test_loading_fails_if_a_keystore_is_malformed(
    change: dict[str, object], tmp_path: Path
) -> None:
    path = light(tmp_path / "key.json")
    made = json.loads(path.read_text())
    made["crypto"] |= change
    path.write_text(json.dumps(made))
    with pytest.raises(InvalidKeystore):
        keystore.load(path, PASSWORD)


@pytest.mark.parametrize("path", [Path("/dev/zero"), Path("/"), Path("a" * 5000)])
def test_loading_fails_if_nothing_there_can_be_a_keystore(path: Path) -> None:
    with pytest.raises(InvalidKeystore):
        keystore.load(path, PASSWORD)


@pytest.mark.parametrize(
    "text",
    [
        "[" * 50_000,
        '{"a":' * 900 + "1" + "}" * 900,
        "",
        "{",
        "[]",
        "{}",
        '{"crypto": {}, "version": 3}',
        "null",
    ],
)
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
