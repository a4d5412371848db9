"""`veche audit`, as voters run it on another device."""

from __future__ import annotations

import json
import stat
from pathlib import Path

import pytest

from support.commands import Shell
from support.elections import Town
from support.voting import LIME_AND_WOOD, vote
from veche import Poll


@pytest.fixture(scope="module")
def audit(town: Town, trees: Poll, shell: Shell, keystores: dict[str, Path]) -> Path:
    path = shell.folder / "audit.json"
    ended = vote(shell, keystores["voter 7"], *LIME_AND_WOOD, "--audit", path)
    assert ended.code == 0
    assert "never cast" in ended.out
    assert "vote again" in ended.out
    assert trees.tracker(town.voters[7].address) is None
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    return path


def test_audit_tells_the_vote_without_a_node(audit: Path, trees: Poll, shell: Shell) -> None:
    offline = Shell(shell.folder, {"VECHE_RPC": "http://127.0.0.1:1"})
    expect = "0x" + trees.hash.hex()
    ended = offline.veche("audit", audit, "--expect", expect)
    assert ended.code == 0
    assert "Which tree?  Lime\nWhich benches?  Wood\n" in ended.out
    assert "Oak" not in ended.out
    assert json.loads(audit.read_text())["tracker"] in ended.out
    assert "by hand" not in ended.out
    by_hand = offline.veche("audit", audit).out
    assert "by hand" in by_hand
    assert expect in by_hand
    found = offline.veche("audit", audit, "--json").json
    assert found["agrees"] is True
    assert found["votes"] == [
        {"question": "Which tree?", "scores": {"Lime": 1}},
        {"question": "Which benches?", "scores": {"Wood": 1}},
    ]


def test_audit_fails_if_the_file_is_wrong(audit: Path, shell: Shell) -> None:
    document = json.loads(audit.read_text())
    lied = shell.folder / "lied.json"
    lied.write_text(json.dumps(document | {"scores": [0, 1, 0, 1, 0, 0]}))
    cut = shell.folder / "cut.json"
    cut.write_text(audit.read_text()[:100])
    binary = shell.folder / "binary.json"
    binary.write_bytes(b"\xff\xfe")
    for path, code, name in (
        (lied, 9, "AuditFailed"),
        (cut, 3, "InvalidDocument"),
        (binary, 3, "InvalidFile"),
        (shell.folder / "nowhere.json", 3, "InvalidFile"),
    ):
        ended = shell.veche("audit", path, "--json")
        assert (ended.code, ended.error) == (code, name)


def test_audit_fails_if_the_poll_is_another(audit: Path, shell: Shell) -> None:
    ended = shell.veche("audit", audit, "--expect", "ab" * 32, "--json")
    assert (ended.code, ended.error) == (7, "WrongPoll")


def test_audit_is_never_written_over_a_file(
    audit: Path, trees: Poll, shell: Shell, keystores: dict[str, Path]
) -> None:
    before = audit.read_text()
    key = keystores["voter 7"]
    ended = vote(shell, key, *LIME_AND_WOOD, "--audit", audit, poll=trees.address)
    assert ended.code == 3
    assert audit.read_text() == before
