"""Kills at every point: nothing that was done is lost; every letter has a code that is valid."""

from __future__ import annotations

import csv
import os
import signal
from collections.abc import Callable
from multiprocessing import get_context
from pathlib import Path

import pytest

from veche.enrolment import letters
from veche.enrolment.codes import Code
from veche.enrolment.journal import NAME, Journal
from veche.enrolment.letters import Terms
from veche.enrolment.office import opened
from veche.enrolment.template import DEFAULT
from veche.files.people import People, Person

TERMS = Terms("oak", "Oak", "https://x/v1/enrolments/oak", "", 2**40, ())
PEOPLE = People((), (Person("1", 1, ()), Person("2", 1, ())))
FORK = get_context("fork")


def _die(*_: object, **__: object) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def _after(name: str) -> Callable[..., object]:
    """A function that dies as soon as it has done its work."""
    own = getattr(letters, name)

    def done(*given: object, **named: object) -> None:
        own(*given, **named)
        _die()

    return done


POINTS: dict[str, Callable[[], None]] = {
    "before the letters": lambda: setattr(letters, "write", _die),
    "in the midst of the letters": lambda: setattr(letters, "_pages", _die),
    "between the letters and the journal": lambda: setattr(letters, "write", _after("write")),
    "between the journal and the letters": lambda: setattr(letters, "publish", _die),
    "at the very end": lambda: setattr(letters, "publish", _after("publish")),
}


def killed(work: Callable[..., object], *given: object) -> None:
    """Runs a function in a process of its own, in which it is killed."""
    process = FORK.Process(target=work, args=given)
    process.start()
    process.join()
    assert process.exitcode == -signal.SIGKILL


def _make(folder: Path, point: str) -> None:
    POINTS[point]()
    with opened(folder) as own:
        own.make(TERMS, PEOPLE, DEFAULT)


def _reissue(folder: Path, point: str) -> None:
    POINTS[point]()
    with opened(folder) as own:
        own.reissue("1")


def in_letters(folder: Path) -> dict[str, str]:
    """The addresses of the codes in the newest letters, by id."""
    found: dict[str, str] = {}
    for path in sorted((folder / letters.FOLDER).glob(f"*/{letters.TABLE}")):
        for row in csv.DictReader(path.read_text("utf-8-sig").splitlines()):
            found[row["id"]] = Code.parse(row["code"]).key("oak").address
        assert (path.parent / "letters.html").read_text().endswith("</html>\n")
    return found


def leftovers(folder: Path) -> list[Path]:
    return [each for each in (folder / letters.FOLDER).glob("*") if each.name.startswith(".")]


@pytest.mark.parametrize("point", POINTS)
def test_letters_have_the_codes_of_the_journal_wherever_making_is_killed(
    point: str, tmp_path: Path
) -> None:
    folder = tmp_path / "oak"
    killed(_make, folder, point)
    with opened(folder) as own:
        if not own.register.terms:
            assert in_letters(folder) == {}
            own.make(TERMS, PEOPLE, DEFAULT)
        assert in_letters(folder) == own.register.codes
        assert [*own.register.people.values()] == [*PEOPLE.people]
    assert not leftovers(folder)


@pytest.mark.parametrize("point", POINTS)
def test_new_letter_is_valid_wherever_reissuing_is_killed(point: str, tmp_path: Path) -> None:
    folder = tmp_path / "oak"
    with opened(folder) as own:
        own.make(TERMS, PEOPLE, DEFAULT)
    killed(_reissue, folder, point)
    with opened(folder) as own:
        assert in_letters(folder) == own.register.codes
    assert not leftovers(folder)


def _append(path: Path, write: int) -> None:
    journal = Journal(path)
    for number in range(100_000):
        journal.append([("first", {"of": number}), ("second", {"of": number})])
        os.write(write, b".")


@pytest.mark.parametrize("dots", [0, 1, 7, 40])
def test_what_was_noted_survives_a_kill(dots: int, tmp_path: Path) -> None:
    path = tmp_path / NAME
    read, write = os.pipe()
    process = FORK.Process(target=_append, args=(path, write))
    process.start()
    os.close(write)
    noted = sum(len(os.read(read, 1)) for _ in range(dots))
    process.kill()
    process.join()
    noted += sum(map(len, iter(lambda: os.read(read, 1 << 16), b"")))
    os.close(read)
    found = [(each.kind, each.fields["of"]) for each in Journal(path)]
    whole = [(kind, number) for number in range(len(found) // 2) for kind in ("first", "second")]
    assert found == whole
    assert len(found) // 2 in (noted, noted + 1)
