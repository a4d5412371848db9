"""Tables that people write in spreadsheets: their rows, and weights in them."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator
from typing import Final

from veche.files.mistakes import Mistakes, quoted
from veche.protocol.definition import LIMIT

MAX_TOTAL: Final = LIMIT
"""Total weight times the largest score stays below this number (PROTOCOL §3)."""
DELIMITERS: Final = ",;\t"
"""What may stand between cells; the first line shows which."""

_MAX_HEADER: Final = 1_000
"""Maximum characters of the first line that are looked at."""
_LINE: Final = re.compile(r"([^\r\n]*)(?:\r\n?|\n|\Z)")
_WEIGHT: Final = re.compile(r"[0-9]{1,30}")


def rows(text: str, mistakes: Mistakes, *, remedy: str) -> Iterator[tuple[int, list[str]]]:
    """The number and the cells of every line that is not blank; no cell spans two lines.

    Args:
        text: the table.
        mistakes: gets lines that are not CSV.
        remedy: what to write in place of such a line.
    """
    delimiter = _delimiter(text)
    for number, match in enumerate(_LINE.finditer(text), start=1):
        try:
            reader = csv.reader([match[1]], delimiter=delimiter, strict=True)
            cells = [cell.strip() for cell in next(reader, [])]
        except csv.Error as error:
            mistakes.add(number, f"this line is not CSV: {error}", remedy)
            continue
        if any(cells):
            yield number, cells


def _delimiter(text: str) -> str:
    """What stands between cells: a comma; or what spreadsheets write where a comma is decimal."""
    first = "".join(text.lstrip()[:_MAX_HEADER].splitlines()[:1])
    return max(DELIMITERS, key=first.count)


def weight(line: int, text: str, mistakes: Mistakes) -> int:
    """The weight in a cell; 1 in place of a wrong one, which is noted."""
    found = int(text) if _WEIGHT.fullmatch(text) else 0
    if 1 <= found < MAX_TOTAL:
        return found
    what = f"the weight is {quoted(text)}" if text else "the weight is missing"
    mistakes.add(line, what, f"write a whole number from 1 to {MAX_TOTAL - 1}")
    return 1


def check_total(weights: Iterable[int], mistakes: Mistakes) -> None:
    """Notes weights that are too large together."""
    total = sum(weights)
    if total >= MAX_TOTAL:
        what = f"all weights together are {total}"
        mistakes.add(0, what, "keep their sum below 2^40: divide all weights by the same number")
