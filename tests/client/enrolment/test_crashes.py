"""Kills and Ctrl-C at every point: nothing that was done is lost; every letter has a code that is
valid.
"""

from __future__ import annotations

import csv
import os
import shutil
import signal
from collections.abc import Callable
from multiprocessing import get_context
from pathlib import Path

import pytest

from support.elections import person
from veche.enrolment import letters
from veche.enrolment.binding import Binding
from veche.enrolment.codes import Code
from veche.enrolment.journal import NAME, Journal
from veche.enrolment.letters import Terms
from veche.enrolment.office import Office, opened
from veche.enrolment.template import DEFAULT
from veche.files.people import People, Person

TERMS = Terms("oak", "Oak", "https://x/v1/enrolments/oak", "", 2**40, ())
PEOPLE = People((), (Person("1", 1, ()), Person("2", 1, ())))
FORK = get_context("fork")
BROKEN_OFF = 130
"""The exit code of a run that Ctrl-C ended."""


BLOWS = (signal.SIGKILL, signal.SIGINT)
BLOW = signal.SIGKILL
"""What ends a run; each run of its own has its own."""


def _die(*_: object, **__: object) -> None:
    os.kill(os.getpid(), BLOW)


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


def _struck(blow: signal.Signals, work: Callable[..., object], given: tuple[object, ...]) -> None:
    global BLOW  # noqa: PLW0603  # of this process, which ends soon
    BLOW = blow
    try:
        work(*given)
    except KeyboardInterrupt:
        os._exit(BROKEN_OFF)


def killed(blow: signal.Signals, work: Callable[..., object], *given: object) -> None:
    """Runs a function in a process of its own, in which it is killed, or Ctrl-C is pressed."""
    process = FORK.Process(target=_struck, args=(blow, work, given))
    process.start()
    process.join()
    assert process.exitcode == (BROKEN_OFF if blow == signal.SIGINT else -blow)


def _make(folder: Path, point: str) -> None:
    POINTS[point]()
    with opened(folder) as own:
        own.make(TERMS, PEOPLE, DEFAULT)


def _reissue(folder: Path, point: str) -> None:
    POINTS[point]()
    with opened(folder) as own:
        own.reissue("1")


def typed(folder: Path) -> dict[str, str]:
    """The codes in the newest letters, by id."""
    found: dict[str, str] = {}
    for path in sorted((folder / letters.FOLDER).glob(f"*/{letters.TABLE}")):
        for row in csv.DictReader(path.read_text("utf-8-sig").splitlines()):
            found[row["id"]] = row["code"]
        assert (path.parent / "letters.html").read_text().endswith("</html>\n")
    return found


def in_letters(folder: Path) -> dict[str, str]:
    """The addresses of these codes, by id."""
    return {id_: Code.parse(each).key("oak").address for id_, each in typed(folder).items()}


def leftovers(folder: Path) -> list[Path]:
    return [each for each in (folder / letters.FOLDER).glob("*") if each.name.startswith(".")]


@pytest.mark.parametrize("blow", BLOWS)
@pytest.mark.parametrize("point", POINTS)
def test_letters_have_the_codes_of_the_journal_wherever_making_is_killed(
    point: str, blow: signal.Signals, tmp_path: Path
) -> None:
    folder = tmp_path / "oak"
    killed(blow, _make, folder, point)
    with opened(folder) as own:
        if not own.register.terms:
            assert in_letters(folder) == {}
            own.make(TERMS, PEOPLE, DEFAULT)
        assert in_letters(folder) == own.register.codes
        assert [*own.register.people.values()] == [*PEOPLE.people]
    assert not leftovers(folder)


@pytest.mark.parametrize("blow", BLOWS)
@pytest.mark.parametrize("point", POINTS)
def test_new_letter_is_valid_wherever_reissuing_is_killed(
    point: str, blow: signal.Signals, tmp_path: Path
) -> None:
    folder = tmp_path / "oak"
    with opened(folder) as own:
        own.make(TERMS, PEOPLE, DEFAULT)
    killed(blow, _reissue, folder, point)
    with opened(folder) as own:
        assert in_letters(folder) == own.register.codes
    assert not leftovers(folder)


NOW = 2**41
"""Behind the end of the enrolment."""


def _bindings(office: Office) -> list[Binding]:
    """The bindings of everybody in the newest letters, each to an address of its own."""
    codes = [Code.parse(each).key("oak") for each in typed(office.folder).values()]
    return [
        Binding.make("oak", code=code, voter=person(code.address), sequence=1) for code in codes
    ]


VERBS: dict[str, Callable[[Office], object]] = {
    "revoke": lambda office: office.revoke("2"),
    "publish": lambda office: office.note_listed(office.register.edition),
    "status": lambda office: office.take(_bindings(office)),
    "close": lambda office: office.close(1_000),
    "freeze": lambda office: office.freeze(NOW),
}
"""What the commands do to the folder once the relay has answered."""


def _stop_at(step: int) -> None:
    """Dies before a step that changes the disk, counted from 0: a note in the journal, or a file
    that is put in its place.
    """
    left = [step]

    def counted(own: Callable[..., object]) -> Callable[..., object]:
        def before(*given: object, **named: object) -> object:
            left[0] -= 1
            if left[0] < 0:
                _die()
            return own(*given, **named)

        return before

    Journal.append = counted(Journal.append)  # type: ignore[method-assign, assignment]
    Path.replace = counted(Path.replace)  # type: ignore[method-assign, assignment]


def _do(folder: Path, verb: str, step: int) -> None:
    with opened(folder) as own:
        _stop_at(step)
        VERBS[verb](own)
    _die()  # at the very end


def seen(folder: Path) -> tuple[object, ...]:
    """All that officials can see of an enrolment, and the files of the roll."""
    with opened(folder) as own:
        register = own.register
        known = register.until, register.edition, register.listed, register.is_frozen
        files = {each.name: each.read_text() for each in folder.glob("*.csv")}
        return *known, dict(register.codes), [*register.standings()], files


@pytest.mark.parametrize("blow", BLOWS)
@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_can_be_done_again_wherever_it_is_killed(
    verb: str, blow: signal.Signals, tmp_path: Path
) -> None:
    begun, whole = tmp_path / "begun", tmp_path / "whole"
    with opened(begun) as own:
        own.make(TERMS, PEOPLE, DEFAULT)
        if verb == "freeze":
            own.take(_bindings(own))
    shutil.copytree(begun, whole)
    with opened(whole) as own:
        VERBS[verb](own)
    for step in range(5):
        folder = tmp_path / str(step)
        shutil.copytree(begun, folder)
        killed(blow, _do, folder, verb, step)
        assert seen(folder)[:5] in (seen(begun)[:5], seen(whole)[:5])
        with opened(folder) as own:
            VERBS[verb](own)
        assert seen(folder) == seen(whole)
        assert not [*folder.glob(".veche-*")] or blow == signal.SIGKILL


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
