"""`people.csv`: the people who may enrol, with an id for each, a weight, and what letters need."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final, NamedTuple

from veche.files import csv_rows
from veche.files.mistakes import Mistakes, quoted, read_text
from veche.protocol.characters import is_readable
from veche.protocol.texts import look

ID: Final = "id"
WEIGHT: Final = "weight"
OWN: Final = ("code", "qr", "link", "at", "title", "until")
"""What letters have beside the columns of this file, so that no column is called so."""
MAX_ID: Final = 60
"""Maximum characters of an id."""
MAX_PEOPLE: Final = 1_000_000

_MAX_TOLD: Final = 20
_REMEDY: Final = "write one person per line, and put quotes around a cell that has a comma"
_BRACES: Final = "{}"


class Person(NamedTuple):
    """Somebody on the list.

    Attributes:
        id: the officials' own id.
        weight: how often the ballot counts.
        cells: the other columns, in their order.
    """

    id: str
    weight: int
    cells: tuple[str, ...]


class People(NamedTuple):
    """A list of people, read from its file.

    Attributes:
        columns: the names of the columns beside id and weight.
        people: everybody, in the order of the file.
    """

    columns: tuple[str, ...]
    people: tuple[Person, ...]


def read_people(path: Path) -> People:
    """Reads a list of people.

    Raises:
        InvalidFile: the file has mistakes or cannot be read; the first 20 mistakes are reported.
    """
    mistakes = Mistakes(path)
    rows = csv_rows.rows(read_text(path), mistakes, remedy=_REMEDY)
    line, header = next(rows, (0, []))
    columns = _Columns(line, header, mistakes)
    found = [(number, columns.person(number, cells)) for number, cells in rows]
    _check_together(found, mistakes)
    mistakes.require_none(at_most=_MAX_TOLD)
    return People(columns.others, tuple(each for _, each in found))


class _Columns:
    """The columns that the first line names."""

    def __init__(self, line: int, header: Sequence[str], mistakes: Mistakes) -> None:
        self._mistakes = mistakes
        self._names = [_name(each) for each in header]
        self.others = tuple(each for each in self._names if each not in (ID, WEIGHT))
        if ID not in self._names:
            remedy = "begin with a line id,weight,name or alike: a column id is needed"
            mistakes.add(line, "no column is called id", remedy)
        for fault, remedy in _faults(self._names):
            mistakes.add(line, fault, remedy)

    def person(self, line: int, cells: Sequence[str]) -> Person:
        """The person in a line; mistakes are noted."""
        if len(cells) != len(self._names):
            what = f"this line has {len(cells)} cells, but the first line has {len(self._names)}"
            self._mistakes.add(line, what, _REMEDY)
        for name, cell in zip(self._names, cells, strict=False):
            if not is_readable(cell):
                what = f"{name} has a character that cannot be shown: {quoted(cell)}"
                self._mistakes.add(line, what, "type it anew")
        given = dict(zip(self._names, cells, strict=False))
        weight = given.get(WEIGHT, "1" if WEIGHT not in self._names else "")
        return Person(
            self._id(line, given.get(ID, "")),
            csv_rows.weight(line, weight, self._mistakes),
            tuple(given.get(name, "") for name in self.others),
        )

    def _id(self, line: int, text: str) -> str:
        if ID in self._names and not text:
            self._mistakes.add(line, "the id is missing", "write an id of your own, such as 4711")
        if len(text) > MAX_ID:
            what = f"the id has {len(text)} characters"
            self._mistakes.add(line, what, f"shorten it to {MAX_ID}")
        return text


def _name(cell: str) -> str:
    """The name of a column; capitals make no difference in those that the command reads."""
    return cell.lower() if cell.lower() in (ID, WEIGHT) else cell


def _faults(names: Sequence[str]) -> Iterator[tuple[str, str]]:
    """The faults of the columns' names, each with its remedy."""
    seen: set[str] = set()
    for place, name in enumerate(names, start=1):
        if not name:
            yield f"column {place} has no name", "name it in the first line"
        elif not is_readable(name) or set(_BRACES) & set(name):
            yield f"a column is called {quoted(name)}", "name it with letters and digits"
        elif name.lower() in OWN:
            yield (
                f"a column is called {quoted(name)}",
                "choose another name: letters have their own",
            )
        elif look(name).lower() in seen:
            yield f"two columns are called {quoted(name)}", "rename one"
        seen.add(look(name).lower())


def _check_together(found: Sequence[tuple[int, Person]], mistakes: Mistakes) -> None:
    if not found and not mistakes:
        mistakes.add(0, "nobody is on the list", "write a line for every person")
    if len(found) > MAX_PEOPLE:
        what = f"the list has {len(found):,} people"
        mistakes.add(0, what, f"make several enrolments of at most {MAX_PEOPLE:,} people")
    first: dict[str, int] = {}
    for line, person in found:
        earlier = first.setdefault(look(person.id), line)
        if person.id and earlier != line:
            what = f"the id {quoted(person.id)} is in line {earlier} already"
            mistakes.add(line, what, "give everybody an id of their own")
    csv_rows.check_total((person.weight for _, person in found), mistakes)
