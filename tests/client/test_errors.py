"""One tree of exceptions, drawn as it is, and nothing else raised."""

from __future__ import annotations

import ast
import inspect
import pickle
import re
from datetime import UTC, timedelta, timezone
from pathlib import Path

import pytest

import veche
from veche import errors
from veche.cli.commands import app
from veche.crypto import transcript
from veche.errors import (
    BallotExpired,
    DeadlineNotPassed,
    DeadlinePassed,
    InvalidDeadlines,
    InvalidFile,
    InvalidScalar,
    InvalidTimes,
    InvalidWord,
    Mistake,
    Refused,
    TransactionPending,
    VecheError,
    WrongBoardPhase,
    WrongPhase,
    WrongTracker,
)
from veche.errors.times import time_text

PACKAGE = Path(veche.__file__).parent
ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "errors.md").read_text()

COMMANDS = {
    *(f"veche {each.callback.__name__}" for each in app.registered_commands if each.callback),
    *(
        f"veche {group.name} {each.name or each.callback.__name__}"
        for group in app.registered_groups
        for each in (group.typer_instance or app).registered_commands
        if each.callback
    ),
}
SCRIPTS = {
    *("deploy_catalogue", "convene_board", "publish_poll", "publish_roll", "status"),
    *("cancel_poll", "publish_result"),
}

CLASSES = [
    each for _, each in inspect.getmembers(errors, inspect.isclass) if issubclass(each, VecheError)
]

BUILTINS_ALLOWED = {
    "AttributeError": "an immutable value is set",
    "TypeError": "a secret is pickled",
    "typer.BadParameter": "the command line is wrong",
    "typer.Exit": "the version is all that was asked for",
}

OF_THE_TREE = {
    "refusal": "what a revert means",
    "fault": "what a carrier had to stop for",
    "outcome": "what a ballot of a batch was refused with",
}
"""Functions and variables that are exceptions of the tree."""


def drawn() -> dict[str, str]:
    """The parent of every exception in the drawing."""
    text = inspect.getdoc(errors) or ""
    rows = re.findall(r"^([│ ]*[├└]── )(\w+)", text, re.MULTILINE)
    parents, above = {}, {0: "VecheError"}
    for indent, name in rows:
        depth = (len(indent) - 4) // 4
        parents[name] = above[depth - 1]
        above[depth] = name
    assert len(parents) == len(rows)
    return parents


def test_drawing_shows_the_tree() -> None:
    assert drawn() == {
        each.__name__: each.__mro__[1].__name__ for each in CLASSES if each is not VecheError
    }


@pytest.mark.parametrize("error", CLASSES, ids=lambda each: each.__name__)
def test_docstring_says_when_you_meet_it(error: type[VecheError]) -> None:
    text = inspect.getdoc(error) or ""
    assert text.endswith(".") or "Attributes:" in text


@pytest.mark.parametrize("error", CLASSES, ids=lambda each: each.__name__)
def test_remedy_is_a_sentence(error: type[VecheError]) -> None:
    assert re.fullmatch(r"[A-Z].+\.", error.remedy)
    assert "  " not in error.remedy


@pytest.mark.parametrize("error", CLASSES, ids=lambda each: each.__name__)
def test_remedy_names_only_commands_that_exist(error: type[VecheError]) -> None:
    targets = re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE)
    for command in re.findall(r"`((?:veche|brownie|make)\b[^`]*)`", error.remedy):
        match command.split():
            case ["brownie", "run", script, *_]:
                assert script in SCRIPTS
            case ["make", target]:
                assert target in targets
            case words:
                assert COMMANDS & {" ".join(words[:2]), " ".join(words[:3])}, command


@pytest.mark.parametrize("error", CLASSES, ids=lambda each: each.__name__)
def test_exit_code_is_in_the_table(error: type[VecheError]) -> None:
    codes = re.findall(r"^\| (\d+) \| ", PAGE, re.MULTILINE)
    assert str(error.exit_code) in codes
    assert error.exit_code != 0


@pytest.mark.parametrize("error", [WrongPhase, WrongBoardPhase])
def test_phase_that_is_over_ends_with_another_code(error: type[Refused]) -> None:
    assert (error(1, 0).exit_code, error(1, 2).exit_code) == (8, 4)
    section = PAGE.partition(f"### {error.__name__}\n")[2].partition("###")[0]
    assert "Exit code 8; 4 where it is too late." in section


def test_page_has_a_section_for_every_exception_in_the_order_of_the_tree() -> None:
    assert re.findall(r"^### (\w+)$", PAGE, re.MULTILINE) == ["VecheError", *drawn()]


@pytest.mark.parametrize("path", sorted(PACKAGE.rglob("*.py")), ids=lambda p: p.stem)
def test_nothing_else_is_raised(path: Path) -> None:
    known = {each.__name__ for each in CLASSES}
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Raise) and node.exc is not None:
            call = node.exc.func if isinstance(node.exc, ast.Call) else node.exc
            name = call.id if isinstance(call, ast.Name) else ast.unparse(call)
            assert name in known | BUILTINS_ALLOWED.keys() | OF_THE_TREE.keys(), (
                f"{path.name}:{node.lineno}"
            )


def test_message_tells_field_reason_and_value() -> None:
    refusal = InvalidScalar(0, field="response 3")
    assert str(refusal) == "response 3: 0x0 is not in 1..n-1"
    assert str(InvalidScalar(0)) == "0x0 is not in 1..n-1"


@pytest.mark.parametrize("part", [-1, 2**256, bytes(31), bytes(33), b""])
def test_hash_fails_if_a_part_is_no_word(part: int | bytes) -> None:
    with pytest.raises(InvalidWord, match="word"):
        transcript.digest("tracker", part)


def test_message_writes_hashes_as_people_do() -> None:
    refusal = WrongTracker(bytes(31) + b"\x01", bytes(32))
    assert f"is 0x{'00' * 31}01, not 0x{'00' * 32}" in str(refusal)
    assert refusal.values == (bytes(31) + b"\x01", bytes(32))


# -- Times --

MOSCOW = timezone(timedelta(hours=3))


@pytest.mark.parametrize(
    ("seconds", "zone", "words"),
    [
        (1_803_880_800, MOSCOW, "2027-03-01 09:00 +03:00 (2027-03-01 06:00 UTC)"),
        (1_803_880_801, UTC, "2027-03-01 06:00:01 UTC"),
        (2**40 - 1, MOSCOW, "1099511627775 seconds after 1970"),
        (2**64 - 1, UTC, f"{2**64 - 1} seconds after 1970"),
    ],
)
def test_time_is_told_in_its_zone_and_in_utc(seconds: int, zone: timezone, words: str) -> None:
    assert time_text(seconds, zone) == words


@pytest.mark.parametrize(
    "error", [InvalidDeadlines, DeadlinePassed, DeadlineNotPassed, InvalidTimes, BallotExpired]
)
def test_message_tells_dates_and_values_stay_numbers(error: type[Refused]) -> None:
    times = (1_803_880_800, 1_803_967_200, 1_804_053_600)[: error.reason.count("{")]
    refusal = error(*times)
    assert refusal.values == times
    for day, time in enumerate(times, start=1):
        assert f"2027-03-0{day}" in str(refusal)
        assert "06:00 UTC" in str(refusal)
        assert str(time) not in str(refusal)


# -- Other processes --


@pytest.mark.parametrize(
    "error",
    [
        InvalidScalar(0, field="response 3"),
        WrongTracker(bytes(32), b"\1" * 32),
        TransactionPending(b"\7" * 32, "late"),
        InvalidFile("a.toml", [Mistake(1, "wrong", "right it")]),
        WrongPhase(1, 0),
    ],
)
def test_exception_of_another_process_is_the_same(error: VecheError) -> None:
    other = pickle.loads(pickle.dumps(error))  # noqa: S301  # our own
    assert type(other) is type(error)
    assert str(other) == str(error)
    assert vars(other) == vars(error)
    assert other.exit_code == error.exit_code
