"""Tables for spreadsheets."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from io import StringIO
from typing import Final

from veche.protocol.characters import shown

MARK: Final = "\ufeff"
"""What a file begins with, so that every spreadsheet reads it as UTF-8."""
FORMULA: Final = ("=", "+", "-", "@")
"""How a text begins that a spreadsheet would compute."""


def csv_text(rows: Iterable[Iterable[str | float | None]]) -> str:
    """Rows as CSV, with commas. A stranger's text is never a formula: an apostrophe stands before
    one that could be.
    """
    text = StringIO()
    csv.writer(text, lineterminator="\n").writerows(map(_cell, row) for row in rows)
    return text.getvalue()


def _cell(value: str | float | None) -> str | float | None:
    if not isinstance(value, str):
        return value
    safe = shown(value)
    return f"'{safe}" if safe.lstrip().startswith(FORMULA) else safe
