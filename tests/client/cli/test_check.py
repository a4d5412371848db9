"""`veche check`: every mistake in every file, and no chain."""

from __future__ import annotations

import json
import shutil
import socket
from pathlib import Path

import pytest

from veche import cli

EXAMPLES = Path(__file__).parents[3] / "examples"
FILES = ["poll.toml", "board.toml", "network.toml", "roll.csv"]
BALLOTS = """# TITLE: Trees
# DATA TYPE: cat
# NUMBER ALTERNATIVES: 2
# NUMBER VOTERS: 1
# NUMBER CATEGORIES: 2
# ALTERNATIVE NAME 1: Lime
# ALTERNATIVE NAME 2: Oak
1: 1,2
"""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the examples; nothing can be connected to from there."""
    for name in FILES:
        shutil.copy(EXAMPLES / name, tmp_path)
    (tmp_path / "trees.cat").write_text(BALLOTS)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(socket.socket, "connect", lambda *_: pytest.fail("connected"))
    return tmp_path


def change(name: str, old: str, new: str) -> None:
    text = Path(name).read_text()
    assert old in text
    Path(name).write_text(text.replace(old, new))


def test_examples_have_no_mistakes(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["check", *FILES, "trees.cat"]) == 0
    out, err = capsys.readouterr()
    for said in (
        "poll.toml: a poll without mistakes",
        "Which tree?",
        "board.toml: a board without mistakes",
        "Anna Petrova",
        "network.toml: a network without mistakes",
        "roll.csv: a roll without mistakes",
        "trees.cat: a set of approval ballots without mistakes",
    ):
        assert said in out
    assert err == ""


def test_all_mistakes_of_all_files_are_told_at_once(capsys: pytest.CaptureFixture[str]) -> None:
    change("poll.toml", "choose one", "multiple")
    change("poll.toml", "roll.csv", "rolls.csv")
    change("board.toml", "threshold = 2", "threshold = 1")
    change("network.toml", "chain_id = ", "chain_id = 0 # ")
    change(
        "roll.csv",
        "0x",
        "",
    )
    change("trees.cat", "cat", "toc")
    assert cli.run(["check", "poll.toml", "board.toml", "network.toml", "trees.cat", "none"]) == 3
    err = capsys.readouterr().err
    for said in (
        "poll.toml:",
        "rolls.csv: there is no such file",
        "board.toml:",
        "network.toml:",
        "trees.cat:2: DATA TYPE is 'toc'",
        "none: there is no such file",
    ):
        assert said in err


def test_what_is_perhaps_not_meant_is_warned_of(capsys: pytest.CaptureFixture[str]) -> None:
    change("poll.toml", '"Oak"', '"Limе"')
    Path("roll.csv").write_text(Path("roll.csv").read_text().lower().replace(",", ";"))
    assert cli.run(["check", "poll.toml", "--json"]) == 0
    told = capsys.readouterr()
    (found,) = json.loads(told.out)["files"]
    alike, checksums = found["warnings"]
    assert "looks like number 1, 'Lime'" in alike
    assert checksums.startswith("roll.csv:2: ")
    assert told.err.count("Warning: ") == 2


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("a.toml", "colour = 1", "neither a poll nor a board nor a network"),
        ("a.toml", "", "neither a poll nor a board nor a network"),
        ("a.toml", "= 1", "this is not TOML"),
        ("a.csv", "", "the file is empty"),
        ("a.soi", BALLOTS.replace("cat", "soi"), "rankings of some candidates"),
    ],
)
def test_checking_fails_if_it_is_no_file_that_officials_write(
    name: str, text: str, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    Path(name).write_text(text)
    assert cli.run(["check", name]) == 3
    assert said in capsys.readouterr().err
