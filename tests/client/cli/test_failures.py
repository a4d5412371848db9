"""How a command ends that was interrupted, or that met what nobody expected."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from veche import cli
from veche.cli import failures
from veche.errors import NoResult

ROOT = Path(__file__).parents[3]


def broken(monkeypatch: pytest.MonkeyPatch, error: BaseException) -> None:
    def fail(**_: Any) -> None:
        raise error

    monkeypatch.setattr(cli, "app", fail)


def test_unexpected_error_asks_to_be_reported(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    broken(monkeypatch, ZeroDivisionError("0x5ec2e7"))
    monkeypatch.delenv("VECHE_DEBUG", raising=False)
    assert cli.run([]) == 70
    told = capsys.readouterr().err
    assert "ZeroDivisionError" in told
    assert "report it" in told
    assert "0x5ec2e7" not in told
    assert "Traceback" not in told


def test_unexpected_error_shows_where_if_asked(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    broken(monkeypatch, ZeroDivisionError())
    monkeypatch.setenv("VECHE_DEBUG", "1")
    assert cli.run(["--json"]) == 70
    told = capsys.readouterr()
    assert "Traceback" in told.err
    assert '"name": "ZeroDivisionError"' in told.out


def interrupted(
    arguments: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> str:
    """What is told when a command line is interrupted."""
    broken(monkeypatch, KeyboardInterrupt())
    assert cli.run(arguments) == 130
    return capsys.readouterr().err


@pytest.mark.parametrize("arguments", [[], ["show", "trees"], ["trustee", "deal", "city"]])
def test_interruption_loses_nothing_and_speaks_of_no_ballot(
    arguments: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    told = interrupted(arguments, monkeypatch, capsys)
    assert "interrupted; nothing is lost" in told
    assert "ballot" not in told


@pytest.mark.parametrize(
    ("arguments", "remedy"),
    [
        (["vote", "trees"], "it is found and followed, and not paid for twice"),
        (["carry", "a.json"], "nothing is cast twice"),
        (["official", "publish-roll", "poll.toml"], "it goes on where it stopped"),
    ],
)
def test_interruption_tells_what_becomes_of_what_is_on_its_way(
    arguments: list[str],
    remedy: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert remedy in interrupted(arguments, monkeypatch, capsys)


@pytest.mark.parametrize("arguments", [["watch", "trees"], ["trustee", "serve", "--every", "9"]])
def test_interruption_of_what_is_meant_to_be_interrupted_alarms_nobody(
    arguments: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert interrupted(arguments, monkeypatch, capsys) == (
        "veche: stopped\nWhat to do: Run it again whenever you like.\n"
    )


def test_message_and_remedy_stand_apart() -> None:
    assert failures.words_of(NoResult("no result yet")).startswith("no result yet. Come back later")
    assert failures.words_of(NoResult("It is none.")).startswith("It is none. Come back later")
    assert failures.words_of(KeyError("0x5ec2e7")) == (
        "this should not have happened (KeyError). Please report it, with what VECHE_DEBUG=1 "
        "prints. Check first that this holds no secret."
    )


def test_closed_pipe_ends_without_a_word() -> None:
    code = "import sys; from veche import cli; sys.exit(cli.run(['--help']))"
    reader, writer = os.pipe()
    os.close(reader)
    run = subprocess.run(  # noqa: S603  # our own code
        [sys.executable, "-c", code],
        stdout=writer,
        stderr=subprocess.PIPE,
        check=False,
    )
    os.close(writer)
    assert run.returncode == 141
    assert run.stderr == b""


@pytest.mark.parametrize(
    "words", [["check", "examples/poll.toml"], ["check", "examples/poll.toml", "--json"], ["-h"]]
)
def test_full_disk_is_told_as_such(words: list[str]) -> None:
    code = "import sys; from veche import cli; sys.exit(cli.run(sys.argv[1:]))"
    with Path("/dev/full").open("w") as full:
        run = subprocess.run(  # noqa: S603  # our own code
            [sys.executable, "-c", code, *words],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            cwd=ROOT,
            check=False,
        )
    assert run.returncode == 3
    assert run.stderr == (
        "veche: the disk is full: not all could be written\n"
        "What to do: Make room, then run it again.\n"
    )
