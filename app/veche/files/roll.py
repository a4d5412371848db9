"""`roll.csv`: an electoral roll as officials write it, with the columns address and weight."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final, NamedTuple

from veche.errors import InvalidRoll, Mistake
from veche.files import csv_rows
from veche.files.addresses import address_fault
from veche.files.mistakes import Mistakes, quoted, read_text
from veche.protocol.addresses import ZERO, has_form
from veche.protocol.roll import Roll

COLUMNS: Final = ["address", "weight"]
"""The columns. Without the second one, every weight is 1."""
_MAX_TOLD: Final = 20
_REMEDY: Final = "write an address, a comma and a weight, without quotes"


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
    if mistakes or ZERO in roll or roll.total_weight >= csv_rows.MAX_TOTAL:
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
    for line, cells in csv_rows.rows(text, mistakes, remedy=_REMEDY):
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
        mistakes.add(line, what, _REMEDY)
    elif width == 1:
        return _Row(line, cells[0], 1)
    weight = cells[1] if len(cells) > 1 else ""
    return _Row(line, cells[0], csv_rows.weight(line, weight, mistakes))


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
    csv_rows.check_total((row.weight for row in rows), mistakes)
