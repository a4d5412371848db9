"""The lines of the tables and keys of a TOML document, which its parser does not report.

The parser has accepted the document already, so a simple reading is enough here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, TypeAlias

Place: TypeAlias = tuple[str | int, ...]
"""The path to a value: keys, and indices from 0 in arrays, such as ("questions", 2, "kind")."""

_STRINGS_AND_COMMENTS: Final = re.compile(
    r'"""(?:\\.|[^\\])*?"""'
    r"|'''.*?'''"
    r'|"(?:\\.|[^"\\\n])*"'
    r"|'[^'\n]*'"
    r"|#[^\n]*",
    re.DOTALL,
)
_PART: Final = r"""(?:[A-Za-z0-9_-]+|"(?:\\.|[^"\\])*"|'[^']*')"""
_NAME: Final = rf"{_PART}(?:\s*\.\s*{_PART})*"
_HEADER: Final = re.compile(rf"\s*(\[\[?)\s*({_NAME})\s*\]")
_KEY: Final = re.compile(rf"\s*({_NAME})\s*=")


class TomlLines:
    """The lines of a TOML document's tables and keys."""

    def __init__(self, text: str) -> None:
        self._lines: dict[Place, int] = {}
        self._counts: dict[Place, int] = {}
        table: Place = ()
        for number, line in _statements(text):
            if header := _HEADER.match(line):
                table = self._enter(header[1] == "[[", _parts(header[2]), number)
            elif key := _KEY.match(line):
                self._note(table, _parts(key[1]), number)

    def of(self, place: Place) -> int:
        """The line of a place, or of the nearest table around it; 0 for the whole document."""
        while place and place not in self._lines:
            place = place[:-1]
        return self._lines.get(place, 0)

    def _enter(self, is_array: bool, parts: list[str], number: int) -> Place:  # noqa: FBT001
        """The place of the table that a header opens."""
        table: Place = ()
        for part in parts[:-1]:
            table += (part,)
            if table in self._counts:
                table += (self._counts[table] - 1,)
        table += (parts[-1],)
        self._lines.setdefault(table, number)
        if is_array:
            self._counts[table] = self._counts.get(table, 0) + 1
            table += (self._counts[table] - 1,)
            self._lines[table] = number
        return table

    def _note(self, table: Place, parts: list[str], number: int) -> None:
        for part in parts:
            table += (part,)
            self._lines.setdefault(table, number)


def _statements(text: str) -> Iterator[tuple[int, str]]:
    """The lines that begin with a header or a key, with their numbers."""
    depth = 0
    codes = _STRINGS_AND_COMMENTS.sub(_blank, text).split("\n")
    raw = text.split("\n")
    for number, (code, line) in enumerate(zip(codes, raw, strict=True), start=1):
        if depth == 0 and code.strip():
            yield number, line
        depth += code.count("[") + code.count("{") - code.count("]") - code.count("}")


def _blank(found: re.Match[str]) -> str:
    """The line breaks of a text or comment; `_` for a text on one line."""
    breaks = found[0].count("\n")
    return "\n" * breaks if breaks or found[0].startswith("#") else "_"


def _parts(name: str) -> list[str]:
    """The keys in a dotted name."""
    return [part.strip("\"'") for part in re.findall(_PART, name)]
