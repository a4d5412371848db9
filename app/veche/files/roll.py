"""`roll.csv`: an electoral roll as officials write it, with the columns address and weight."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple

from veche.errors import InvalidRoll, Mistake
from veche.files import csv_rows
from veche.files.addresses import address_fault, is_zero
from veche.files.mistakes import Mistakes, quoted, read_text
from veche.protocol.addresses import has_form
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
    mistakes = Mistakes(path)
    rows = list(_rows(read_text(path), mistakes))
    _check_together(rows, mistakes)
    if mistakes or any(is_zero(row.address) or not has_form(row.address) for row in rows):
        _refuse(rows, mistakes)
    try:
        roll = Roll((row.address, row.weight) for row in rows)
    except InvalidRoll:  # a checksum is wrong; checksums are slow, so only Roll checks them
        _refuse(rows, mistakes)
        raise
    return RollFile(roll, tuple(_without_checksum(rows)))


def _without_checksum(rows: list[_Row]) -> Iterator[Mistake]:
    """A warning of addresses in which a mistyped digit would not be noticed."""
    found = [row.line for row in rows if row.address[2:] in _one_case(row.address[2:])]
    if found:
        some = "an address has" if len(found) == 1 else f"{len(found):,} addresses have"
        what = f"{some} no checksum, so that a mistyped digit is not noticed"
        yield Mistake(found[0], what, "copy addresses as wallets show them, with capital letters")


def _one_case(digits: str) -> tuple[str, ...]:
    """What digits without a checksum are; nothing if they have no letters, and so need none."""
    return () if digits.isdecimal() else (digits.lower(), digits.upper())


def _refuse(rows: list[_Row], mistakes: Mistakes) -> None:
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
