"""The help, and command lines that are wrong."""

from __future__ import annotations

import subprocess
import sys

import pytest

from veche import cli
from veche.chain import connection as chains
from veche.cli import options
from veche.cli.commands import app

HEAVY = (
    "web3",
    "requests",
    "pydantic",
    "eth_account",
    "eth_abi",
    "eth_utils",
    "coincurve",
    "veche.crypto",
    "veche.chain",
)

COMMANDS = [each.callback.__name__ for each in app.registered_commands if each.callback]


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
        assert f"Example:  {name} {each.callback.__name__}" in (each.callback.__doc__ or "")


def test_defaults_are_those_of_the_library() -> None:
    assert options.DEFAULT_URL == chains.DEFAULT_URL


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
