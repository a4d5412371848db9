"""`veche keygen`, as voters run it."""

from __future__ import annotations

import json
import stat
from pathlib import Path

import pytest

from support.commands import Shell
from support.elections import PASSWORD
from veche.files import keystore


@pytest.fixture
def shell(tmp_path: Path) -> Shell:
    """A shell with neither a node nor a password."""
    return Shell(tmp_path)


def test_keygen_writes_a_key_and_prints_its_address(shell: Shell) -> None:
    passwords = shell.folder / "password"
    passwords.write_text(PASSWORD + "\r\nwhat follows is no part of it\n")
    other = Shell(shell.folder, {"VECHE_PASSWORD": "other"})
    ended = other.veche("keygen", "new.key", "--password-file", passwords)
    assert ended.code == 0
    path = shell.folder / "new.key"
    assert ended.out == keystore.load(path, PASSWORD).address + "\n"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_keygen_never_writes_over_a_file(shell: Shell) -> None:
    path = shell.folder / "old.key"
    path.write_text("precious")
    ended = shell.veche("keygen", path)
    assert ended.code == 6
    assert "never written over" in ended.err
    assert path.read_text() == "precious"


def test_keygen_fails_without_a_password(shell: Shell) -> None:
    assert shell.veche("keygen", "no.key", "--json").error == "NoPassword"
    assert shell.veche("keygen", "no.key", VECHE_PASSWORD="").code == 6
    assert shell.veche("keygen", "no.key", "--password-file", "nowhere").code == 3
    assert shell.veche("keygen", "nowhere/no.key").code == 3
    assert not (shell.folder / "no.key").exists()


@pytest.mark.parametrize(("password", "is_short"), [("eleven char", True), ("twelve chars", False)])
def test_keygen_warns_of_a_short_password(shell: Shell, password: str, is_short: bool) -> None:  # noqa: FBT001
    ended = shell.veche("keygen", "new.key", VECHE_PASSWORD=password)
    assert (ended.code, "fewer than 12 characters" in ended.err) == (0, is_short)
    assert password not in ended.err


def test_keygen_warns_of_a_key_in_a_repository(shell: Shell) -> None:
    assert "git" not in shell.veche("keygen", "outside.key", VECHE_PASSWORD=PASSWORD).err
    (shell.folder / ".git").mkdir()
    (shell.folder / "keys").mkdir()
    ended = shell.veche("keygen", "keys/inside.key", VECHE_PASSWORD=PASSWORD)
    assert ended.code == 0
    assert "keys/inside.key is in a repository of git. See that its .gitignore names" in ended.err


def test_keygen_asks_until_both_passwords_agree(shell: Shell) -> None:
    terminal = shell.terminal("keygen", "asked.key", "--json")
    terminal.answer("Password for asked.key: ", "")
    terminal.expect("cannot be empty")
    terminal.answer("Password for asked.key: ", "one")
    terminal.answer("The same again: ", "another")
    terminal.expect("These two differ.")
    terminal.answer("Password for asked.key: ", PASSWORD)
    terminal.answer("The same again: ", PASSWORD)
    assert terminal.end() == 0
    address = keystore.load(shell.folder / "asked.key", PASSWORD).address
    assert json.dumps({"address": address, "keystore": "asked.key"}) in terminal.text
    assert PASSWORD not in terminal.text
