"""The help, and command lines that are wrong."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import typer.main

from veche import cli
from veche.cli.commands import app

HEAVY = (
    "requests",
    "pydantic",
    "eth_account",
    "eth_abi",
    "eth_utils",
    "coincurve",
    "veche.crypto",
    "veche.chain",
)

COMMANDS = [*typer.main.get_group(app).commands]


def loaded(*arguments: str) -> set[str]:
    """The heavy modules that a command line has loaded when it ends."""
    code = f"import sys; from veche import cli; assert cli.run({arguments!r}) == 0; "
    code += f"print(*[each for each in {HEAVY!r} if each in sys.modules])"
    run = subprocess.run(  # noqa: S603  # our own code
        [sys.executable, "-c", code], check=True, capture_output=True, text=True
    )
    return set(run.stdout.splitlines()[-1].split())


def test_help_loads_nothing_heavy() -> None:
    assert loaded("--help") == set()


@pytest.mark.parametrize("command", COMMANDS)
def test_help_of_a_command_loads_nothing_heavy(command: str) -> None:
    assert loaded(command, "--help") <= {"pydantic"}  # which Typer reads options with


def test_every_command_shows_an_example() -> None:
    commands = [("veche", each) for each in app.registered_commands]
    for group in app.registered_groups:
        assert group.typer_instance
        own = group.typer_instance.registered_commands
        commands += [(f"veche {group.name}", each) for each in own]
    for name, each in commands:
        assert each.callback
        typed = each.callback.__name__.replace("_", "-")
        assert f"Example:  {name} {typed}" in (each.callback.__doc__ or "")


def test_version_is_shown(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["--version"]) == 0
    assert capsys.readouterr().out.startswith("veche ")


@pytest.mark.parametrize(
    ("arguments", "command"), [([], "keygen"), (["trustee"], "decrypt"), (["record"], "save")]
)
def test_no_command_shows_the_help_and_nothing_else(
    arguments: list[str], command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.run(arguments) == 0
    told = capsys.readouterr()
    assert command in told.out
    assert told.err == ""


ALL: list[tuple[str, ...]] = []
"""Every command, in its words."""


def _gather(command: Any, words: tuple[str, ...]) -> None:
    ALL.append(words)
    for name, each in getattr(command, "commands", {}).items():
        _gather(each, (*words, name))


_gather(typer.main.get_command(app), ())


@pytest.mark.parametrize("words", ALL, ids=" ".join)
def test_help_reads_well_in_80_columns(
    words: tuple[str, ...], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    assert cli.run([*words, "-h"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert max(map(len, lines)) <= 80
    assert not [line for line in lines if "[[" in line]
    assert not [line for line in lines if re.search("<(bool|str|path|list)", line)]
    text = [
        line.rstrip() for line in lines[: next(i for i, line in enumerate(lines) if "╭" in line)]
    ]
    for line, after in pairwise(text):  # no line is broken before it is full
        first = after.split()[0] if after else ""
        assert not (line and first) or len(line) + len(first) >= 77, line


@pytest.mark.parametrize(
    ("typed", "found"), [("veche tru", "trustee"), ("veche trustee ke", "keygen")]
)
def test_shell_completes_commands(typed: str, found: str, tmp_path: Path) -> None:
    environment = os.environ | {"_VECHE_COMPLETE": "complete_bash", "COMP_WORDS": typed}
    run = subprocess.run(  # our own code
        [sys.executable, "-c", "from veche import cli; cli.main()"],
        env=environment | {"COMP_CWORD": str(typed.count(" "))},
        cwd=tmp_path,
        check=True,
        capture_output=True,
        text=True,
    )
    assert found in run.stdout.split()


def test_completion_can_be_had_in_a_shell(tmp_path: Path) -> None:
    """Typer looks which shell runs the command."""
    program = shlex.join([sys.executable, "-c", "from veche import cli; cli.main()"])
    run = subprocess.run(  # noqa: S603  # our own code
        ["bash", "-c", f"{program} --show-completion; exit $?"],  # noqa: S607
        cwd=tmp_path,
        check=True,
        capture_output=True,
        text=True,
    )
    assert "_VECHE_COMPLETE" in run.stdout


@pytest.mark.parametrize(
    "arguments",
    [
        ["vote"],
        ["voet"],
        ["trustee", "serf"],
        ["show", "trees", "--frobnicate"],
        ["show", "trees", "--expect", "0xab"],
        ["polls", "--catalogue", "trees"],
    ],
)
def test_wrong_command_line_ends_with_2(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.run(arguments) == 2
    assert "What to do: Run `veche" in capsys.readouterr().err
