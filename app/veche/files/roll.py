"""`roll.csv`: an electoral roll as officials write it, with the columns address and weight."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final, NamedTuple

from veche.errors import InvalidRoll, Mistake
from veche.files.addresses import ZERO, address_fault
from veche.files.mistakes import Mistakes, quoted, read_text
from veche.protocol.addresses import has_form
from veche.protocol.definition import LIMIT
from veche.protocol.roll import Roll

MAX_TOTAL: Final = LIMIT
"""Total weight times the largest score stays below this number (PROTOCOL §3)."""
COLUMNS: Final = ["address", "weight"]
"""The columns. Without the second one, every weight is 1."""

DELIMITERS: Final = ",;\t"
"""What may stand between cells; the first line shows which."""

_MAX_TOLD: Final = 20
_MAX_HEADER: Final = 1_000
"""Maximum characters of the first line that are looked at."""
_LINE: Final = re.compile(r"([^\r\n]*)(?:\r\n?|\n|\Z)")
_WEIGHT: Final = re.compile(r"[0-9]{1,30}")


class RollFile(NamedTuple):
    """A roll, read from its file.

    Attributes:
        roll: the roll.
        cautions: what is allowed in the file, but perhaps not meant.
    """

    roll: Roll
    cautions: tuple[Mistake, ...]


class _Row(NamedTuple):
    line: int
    address: str
    weight: int


def read_roll(path: Path) -> Roll:
    """Reads the roll in a CSV file.

    Raises:
        InvalidFile: the file has mistakes or cannot be read; the first 20 mistakes are reported.
    """
    return read_roll_file(path).roll


def read_roll_file(path: Path) -> RollFile:
    """Reads the roll in a CSV file, and tells what is perhaps not meant; raises as `read_roll`."""
    text, mistakes, unsure = read_text(path), Mistakes(path), _Unsure()
    try:
        roll = Roll(unsure.noted(_rows(text, mistakes)))
    except InvalidRoll:
        _refuse(path, text)
        raise
    if mistakes or ZERO in roll or roll.total_weight >= MAX_TOTAL:
        _refuse(path, text)
    return RollFile(roll, tuple(unsure.cautions()))


class _Unsure:
    """The addresses in which a mistyped digit would not be noticed."""

    def __init__(self) -> None:
        self._line = self._count = 0

    def noted(self, rows: Iterable[_Row]) -> Iterator[tuple[str, int]]:
        """The entries in rows. Those without a checksum are noted."""
        for line, address, weight in rows:
            digits = address[2:]
            if digits in (digits.lower(), digits.upper()) and not digits.isdecimal():
                self._line = self._line or line
                self._count += 1
            yield address, weight

    def cautions(self) -> Iterator[Mistake]:
        """A warning, if there are such addresses."""
        if self._count:
            some = "an address has" if self._count == 1 else f"{self._count:,} addresses have"
            what = f"{some} no checksum, so that a mistyped digit is not noticed"
            remedy = "copy addresses as wallets show them, with capital letters"
            yield Mistake(self._line, what, remedy)


def _refuse(path: Path, text: str) -> None:
    """Reads a file with mistakes again, to find all of them.

    Raises:
        InvalidFile: always.
    """
    mistakes = Mistakes(path)
    rows = list(_rows(text, mistakes))
    _check_together(rows, mistakes)
    for row in rows:
        if fault := address_fault(row.address):
            mistakes.add(row.line, *fault)
    mistakes.require_none(at_most=_MAX_TOLD)


# -- Lines --


def _rows(text: str, mistakes: Mistakes) -> Iterator[_Row]:
    """The rows after the header; a wrong weight is replaced by 1."""
    width = 0
    for line, cells in _cells(text, mistakes):
        if width:
            yield _row(line, cells, width, mistakes)
        elif has_form(cells[0]):
            mistakes.add(line, "the first line names no columns", f"begin with {_header()}")
            width = len(COLUMNS)
            yield _row(line, cells, width, mistakes)
        else:
            width = len(cells)
            if not _is_header(line, cells, mistakes):
                return
    if not width and not mistakes:
        mistakes.add(0, "the file is empty", f"begin with {_header()}, then one voter per line")


def _cells(text: str, mistakes: Mistakes) -> Iterator[tuple[int, list[str]]]:
    """The number and the cells of every line that is not blank; no cell spans two lines."""
    delimiter = _delimiter(text)
    for number, match in enumerate(_LINE.finditer(text), start=1):
        try:
            reader = csv.reader([match[1]], delimiter=delimiter, strict=True)
            cells = [cell.strip() for cell in next(reader, [])]
        except csv.Error as error:
            what = f"this line is not CSV: {error}"
            mistakes.add(number, what, "write an address, a comma and a weight, without quotes")
            continue
        if any(cells):
            yield number, cells


def _delimiter(text: str) -> str:
    """What stands between cells: a comma; or what spreadsheets write where a comma is decimal."""
    first = text.lstrip()[:_MAX_HEADER].splitlines()[:1]
    return next((each for each in DELIMITERS if each in "".join(first)), DELIMITERS[0])


def _is_header(line: int, cells: list[str], mistakes: Mistakes) -> bool:
    found = [cell.lower() for cell in cells]
    if found == COLUMNS[: len(found)]:
        return True
    what = f"the columns are {quoted(','.join(cells))}"
    remedy = f"begin with {_header()}, with a comma between; a roll is public, so keep to these"
    mistakes.add(line, what, remedy)
    return False


def _header() -> str:
    return f"a line {','.join(COLUMNS)}"


def _row(line: int, cells: list[str], width: int, mistakes: Mistakes) -> _Row:
    if len(cells) > width:
        what = f"this line has {len(cells)} cells, but the first line has {width}"
        mistakes.add(line, what, "write an address, a comma and a weight")
    elif width == 1:
        return _Row(line, cells[0], 1)
    weight = cells[1] if len(cells) > 1 else ""
    return _Row(line, cells[0], _weight(line, weight, mistakes))


def _weight(line: int, text: str, mistakes: Mistakes) -> int:
    weight = int(text) if _WEIGHT.fullmatch(text) else 0
    if 1 <= weight < MAX_TOTAL:
        return weight
    what = f"the weight is {quoted(text)}" if text else "the weight is missing"
    mistakes.add(line, what, f"write a whole number from 1 to {MAX_TOTAL - 1}")
    return 1


# -- Rules --


def _check_together(rows: list[_Row], mistakes: Mistakes) -> None:
    if not rows and not mistakes:
        mistakes.add(0, "nobody is on the roll", "write a line with the address of every voter")
    first: dict[str, int] = {}
    for row in rows:
        line = first.setdefault(row.address.lower(), row.line)
        if line != row.line:
            what = f"{quoted(row.address)} is in line {line} already"
            mistakes.add(row.line, what, "remove one of the two lines")
    total = sum(row.weight for row in rows)
    if total >= MAX_TOTAL:
        what = f"all weights together are {total}"
        mistakes.add(0, what, "keep their sum below 2^40: divide all weights by the same number")
