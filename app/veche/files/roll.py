"""`roll.csv`: an electoral roll as officials write it, with the columns address and weight."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple

from veche.errors import InvalidRoll, Mistake
from veche.files.addresses import address_fault, is_zero
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
    for number, line in enumerate(io.StringIO(text, newline=None), start=1):
        try:
            reader = csv.reader([line], delimiter=delimiter, strict=True)
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
