"""The command's parts that need no chain."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from io import StringIO
from types import SimpleNamespace
from typing import Any

import pytest
from rich.console import Console

from veche import cli
from veche.chain import connection as chains
from veche.cli import cautions, connection, options, output
from veche.cli.choices import from_options
from veche.cli.commands import app
from veche.crypto.questions import Questions
from veche.errors import InvalidChoices
from veche.protocol.content import Content, QuestionTexts

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
    for each in app.registered_commands:
        assert each.callback
        assert f"Example:  veche {each.callback.__name__}" in (each.callback.__doc__ or "")


def test_default_node_is_that_of_the_library() -> None:
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
    "arguments", [["vote"], ["voet"], ["trustee", "serf"], ["show", "trees", "--frobnicate"]]
)
def test_wrong_command_line_ends_with_2(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.run(arguments) == 2
    assert "What to do: Run `veche" in capsys.readouterr().err


# -- What nobody expected --


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
        (["vote", "trees"], "veche status POLL --voter ADDRESS"),
        (["carry", "a.json"], "nothing is cast twice"),
    ],
)
def test_interruption_tells_what_becomes_of_ballots_on_their_way(
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


# -- Choices --

TREE = QuestionTexts("Which tree?", ("Lime", "Oak", "a=b"))
SCORES = QuestionTexts("Which tree?=really", ("Lime", "Stone = granite"))


def a_poll(*questions: tuple[QuestionTexts, tuple[int, int, int, int]]) -> Any:
    limits = Questions.of(*(each for _, each in questions))
    words = Content("", "", tuple(each for each, _ in questions))
    return SimpleNamespace(words=words, definition=SimpleNamespace(questions=limits))


ONE = a_poll((TREE, (3, 1, 1, 1)))
SCORE = a_poll((SCORES, (2, 5, 0, 10)))
BOTH = a_poll((TREE, (3, 1, 0, 2)), (SCORES, (2, 5, 0, 10)))


@pytest.mark.parametrize(
    ("poll", "choose", "given"),
    [
        (ONE, ["Lime"], {"Which tree?": {"Lime": 1}}),
        (ONE, ["Which tree?=Lime"], {"Which tree?": {"Lime": 1}}),
        (ONE, ["a=b"], {"Which tree?": {"a=b": 1}}),
        (SCORE, ["Stone = granite=3"], {SCORES.text: {"Stone = granite": 3}}),
        (SCORE, [], {SCORES.text: {}}),
        (
            BOTH,
            ["Which tree?=a=b", "Which tree?=Oak", "Which tree?=really=Lime=5"],
            {"Which tree?": {"a=b": 1, "Oak": 1}, SCORES.text: {"Lime": 5}},
        ),
    ],
)
def test_options_name_choices(poll: Any, choose: Sequence[str], given: Any) -> None:
    assert from_options(poll, choose) == given


@pytest.mark.parametrize(
    ("poll", "choose"),
    [
        (ONE, []),
        (ONE, ["lime"]),
        (ONE, ["Which bush?=Lime"]),
        (ONE, ["Lime", "Oak"]),
        (ONE, ["Lime", "Lime"]),
        (ONE, ["Lime=1"]),
        (SCORE, ["Lime"]),
        (SCORE, ["Lime=6"]),
        (SCORE, ["Lime=-1"]),
        (SCORE, ["Lime=²"]),
        (SCORE, ["Lime=99999999999999999999"]),
        (BOTH, ["Lime"]),
        (BOTH, ["Which tree?=Lime", "Which tree?=Oak", "Which tree?=a=b"]),
    ],
)
def test_options_are_refused_if_the_question_is_another(poll: Any, choose: Sequence[str]) -> None:
    with pytest.raises(InvalidChoices):
        from_options(poll, choose)


# -- Ids, clocks, warnings --


@pytest.mark.parametrize(
    ("named", "found"),
    [
        ("trees", ("trees", None)),
        ("trees@0", ("trees", 0)),
        ("trees@12", ("trees", 12)),
        ("a@b", ("a@b", None)),
        ("a@b@1", ("a@b", 1)),
        ("trees@", ("trees@", None)),
    ],
)
def test_version_follows_the_last_at_sign(named: str, found: tuple[str, int | None]) -> None:
    assert connection.split(named) == found


def test_node_is_behind_if_its_newest_block_is_old() -> None:
    assert connection.behind(1, newest=1_000, now=1_601.5) == 601
    assert connection.behind(1, newest=1_000, now=1_600) is None
    assert connection.behind(1, newest=1_000, now=0) is None
    assert connection.behind(31337, newest=1_000, now=10_000) is None


def test_weight_larger_than_the_rest_is_exposed() -> None:
    assert cautions.is_exposed(5, 9)
    assert not cautions.is_exposed(5, 10)


def test_poll_is_small_below_twice_its_minimum() -> None:
    assert cautions.is_small(3, 2)
    assert not cautions.is_small(4, 2)


# -- Output --


def test_words_do_not_steer_the_terminal() -> None:
    assert output.plain("a\x1b[2J\u202eb\nc").plain == "a\ufffd[2J\ufffdb\nc"


def test_markup_is_shown_as_it_is(capsys: pytest.CaptureFixture[str]) -> None:
    shown = output.Output(as_json=False)
    shown.say("[red]x[/red] :smile:")
    shown.show(output.table("[b]", rows=[["[i]y[/i]"]]))
    shown.show(output.chart("[u]", {"[s]z[/s]": 1}))
    out = capsys.readouterr().out
    for each in ("[red]x[/red] :smile:", "[b]", "[i]y[/i]", "[u]", "[s]z[/s]"):
        assert each in out


@pytest.mark.parametrize("width", [30, 80, 200])
def test_bars_fit_and_are_in_proportion(width: int) -> None:
    console = Console(width=width, record=True, file=open(os.devnull, "w"))  # noqa: PTH123, SIM115
    console.print(output.chart("Tree", {"Lime": 1_000, "Oak": 500, "Rowan": 1, "Elm": 0}))
    lines = console.export_text().splitlines()
    assert all(len(line) <= width for line in lines)
    bars = [sum(line.count(each) for each in "█#") for line in lines if line.strip()]
    lime, oak, rowan, elm = bars[-4:]
    assert lime > oak > rowan == 1 > elm == 0
    assert abs(lime - 2 * oak) <= 1


def test_chart_of_nothing_has_no_bars() -> None:
    assert output.Bar(0, 0).length(40) == 0


@pytest.mark.parametrize(("done", "filled"), [(0, 0), (1, 12), (2, 24), (3, 24)])
def test_progress_of_so_many_is_a_bar(done: int, filled: int) -> None:
    told = StringIO()
    console = Console(file=told, force_terminal=True, no_color=True, width=80)
    console.print(output._how_far("Adding up", done, 2, output.percent))
    assert f"Adding up {min(50 * done, 100)} %" in told.getvalue()
    assert told.getvalue().count("\u2501") == filled


@pytest.mark.parametrize("as_json", [False, True])
def test_who_waits_is_told_what_for(monkeypatch: pytest.MonkeyPatch, as_json: bool) -> None:  # noqa: FBT001
    told = StringIO()
    monkeypatch.setattr(output, "stderr", Console(file=told, force_terminal=True))
    monkeypatch.setattr(output, "PATIENCE", 0.0)
    with output.Output(as_json).progress("Adding [b]up[/b]") as report:
        while not as_json and "Adding [b]up[/b]" not in told.getvalue():
            report(0, 2)
    assert bool(told.getvalue()) != as_json


def test_who_need_not_wait_is_told_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    told = StringIO()
    monkeypatch.setattr(output, "stderr", Console(file=told, force_terminal=True))
    with output.Output(as_json=False).progress("Adding up"):
        pass
    assert told.getvalue().strip("\n") == ""
