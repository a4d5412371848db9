"""What a command shows to people and machines."""

from __future__ import annotations

import json
import os
from io import StringIO

import pytest
from rich.console import Console

from veche.cli import asking, output


def test_people_are_told_text(capsys: pytest.CaptureFixture[str]) -> None:
    output.Output(as_json=False).tell({"poll": "0x1"}, output.bold("Trees"), "open")
    assert capsys.readouterr() == ("Trees\nopen\n", "")


def test_machines_are_told_fields_and_nothing_else(capsys: pytest.CaptureFixture[str]) -> None:
    told = output.Output(as_json=True)
    told.tell({"poll": "0x1"}, "Trees")
    told.tell({"poll": "0x2"}, "Benches")
    out, err = capsys.readouterr()
    assert [json.loads(line) for line in out.splitlines()] == [{"poll": "0x1"}, {"poll": "0x2"}]
    assert err == ""


def test_people_read_stderr_if_machines_read_stdout(capsys: pytest.CaptureFixture[str]) -> None:
    output.Output(as_json=True).say("Serving")
    assert capsys.readouterr() == ("", "Serving\n")


def test_facts_stand_below_each_other() -> None:
    assert output.facts({"poll": "Trees", "phase": "open"}) == "poll   Trees\nphase  open"


def test_text_does_not_steer_the_terminal() -> None:
    assert output.plain("a\x1b[2J\u202eb\nc").plain == "a\ufffd[2J\ufffdb\nc"


@pytest.mark.parametrize("hostile", ["\u202e", "\x1b[2J", "\x85", "\u2028", "\ud800", "\n"])
def test_json_has_nothing_that_steers_a_terminal_and_says_the_same(
    hostile: str, capsys: pytest.CaptureFixture[str]
) -> None:
    output.print_json({"title": f"Bäume{hostile}Oak"})
    told = capsys.readouterr().out.removesuffix("\n")
    assert told.isprintable()
    assert "Bäume" in told
    assert json.loads(told) == {"title": f"Bäume{hostile}Oak"}


def test_no_line_of_a_stranger_s_text_passes_for_one_of_ours() -> None:
    console = Console(width=40, record=True, file=StringIO())
    output.show(console, output.indented("For our street.\nAll 22 checks hold." + " and so on" * 9))
    lines = console.export_text().splitlines()
    assert len(lines) > 3
    assert all(line.startswith("  ") for line in lines if line)


LINK = f"veche:0x{'9B' * 20}@31337#0x{'e5' * 32}"


@pytest.mark.parametrize(
    ("line", "parts"),
    [
        ("", [""]),
        ("  short", ["  short"]),
        (
            "A poll that is not there is not official.",
            ["A poll that is not there is", "not official."],
        ),
        ("  Mind: the roll is public for ever.", ["  Mind: the roll is public", "  for ever."]),
        ("  kind   choose one: Lime | Oak", ["  kind   choose one: Lime |", "         Oak"]),
        (f"  {LINK}", [f"  {LINK}"]),
        (f"  link  {LINK}", ["  link", f"        {LINK}"]),
        ("a name of half a line or more  text", ["a name of half a line or", "more  text"]),
    ],
)
def test_long_lines_are_broken_between_words(line: str, parts: list[str]) -> None:
    assert output.broken(line, 28) == parts


@pytest.mark.parametrize(("is_terminal", "lines"), [(True, 3), (False, 2)])
def test_lines_are_broken_in_terminals_alone(is_terminal: bool, lines: int) -> None:  # noqa: FBT001
    told = StringIO()
    console = Console(file=told, force_terminal=is_terminal, width=28)
    output.show(console, "Tell voters this address:\nA poll that is not there is not official.")
    assert told.getvalue().count("\n") == lines


def test_command_stays_whole_in_a_narrow_terminal() -> None:
    console = Console(file=StringIO(), force_terminal=True, width=28)
    line = "veche status veche:0x12@1#0x34 --voter 0x56"
    output.show(console, output.command(line))
    assert console.file.getvalue() == f"  {line}\n"  # type: ignore[attr-defined]


def test_question_is_broken_between_words(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(asking, "stderr", Console(stderr=True, width=28))
    monkeypatch.setattr("builtins.input", lambda: " 2 ")
    assert asking.line("Is this your vote? If not, which answer do you change?") == "2"
    lines = ["Is this your vote? If not,", "which answer do you change? "]
    assert capsys.readouterr().err == "\n".join(lines)


def test_markup_is_shown_as_it_is(capsys: pytest.CaptureFixture[str]) -> None:
    shown = output.Output(as_json=False)
    shown.say("[red]x[/red] :smile:")
    shown.say(output.table("[b]", rows=[["[i]y[/i]"]]))
    shown.say(output.chart("[u]", {"[s]z[/s]": 1}))
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
def test_progress_shows_a_bar_if_the_number_of_steps_is_known(done: int, filled: int) -> None:
    told = StringIO()
    console = Console(file=told, force_terminal=True, no_color=True, width=80)
    console.print(output._how_far(f"Adding up {output.percent(done, 2)}", done, 2))
    assert f"Adding up {min(50 * done, 100)} %" in told.getvalue()
    assert told.getvalue().count("\u2501") == filled


@pytest.mark.parametrize("as_json", [False, True])
def test_people_who_wait_are_told_what_for(
    monkeypatch: pytest.MonkeyPatch,
    as_json: bool,  # noqa: FBT001  # as pytest calls it
) -> None:
    told = StringIO()
    monkeypatch.setattr(output, "stderr", Console(file=told, force_terminal=True))
    monkeypatch.setattr(output, "PATIENCE", 0.0)
    with output.Output(as_json).progress("Adding [b]up[/b]", 2) as report:
        while not as_json and "Adding [b]up[/b]" not in told.getvalue():
            report(0)
    assert bool(told.getvalue()) != as_json


def test_people_who_need_not_wait_are_told_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    told = StringIO()
    monkeypatch.setattr(output, "stderr", Console(file=told, force_terminal=True))
    with output.Output(as_json=False).progress("Adding up"):
        pass
    assert told.getvalue().strip("\n") == ""
