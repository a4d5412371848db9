"""The template of letters: a page in HTML that officials write in any language.

What stands between `<!-- letter -->` and `<!-- /letter -->` is repeated for every person, with
`{{code}}` and the like filled in. What is filled in is always a text: it cannot become markup.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from html import escape
from html.parser import HTMLParser
from pathlib import Path
from typing import Final

from veche.files.mistakes import Mistakes, quoted, read_text
from veche.files.people import ID, OWN, WEIGHT
from veche.protocol.characters import shown

DEFAULT: Final = Path(__file__).with_name("letter.html")
"""The template that officials begin with."""
BEGIN: Final = "<!-- letter -->"
END: Final = "<!-- /letter -->"
QR: Final = "qr"
"""The place of the QR code, the only one that is filled with markup: our own."""
REQUIRED: Final = "code"
MAX_BYTES: Final = 2**22

_PLACE: Final = re.compile(r"\{\{([^{}]*)\}\}")
_RAW: Final = ("script", "style", "textarea", "title", "template", "noscript", "iframe", "xmp")
"""Elements whose text is not plain text."""


@dataclass(frozen=True, slots=True)
class Template:
    """A template that was checked.

    Attributes:
        head: what stands before the first letter.
        pieces: the parts of a letter: by turns markup, and the name of what is filled in.
        tail: what stands behind the last letter.
    """

    head: str
    pieces: tuple[str, ...]
    tail: str

    def letter(self, values: Mapping[str, str], qr: str) -> str:
        """A letter.

        Args:
            values: what is filled in, by its name.
            qr: the QR code, as markup.
        """
        filled = list(self.pieces)
        for place in range(1, len(filled), 2):
            name = filled[place]
            filled[place] = qr if name == QR else escape(shown(values[name]))
        return "".join(filled)


def read_template(path: Path, *, columns: Iterable[str]) -> Template:
    """Reads a template.

    Args:
        path: its path.
        columns: the names of the columns of people.csv, beside id and weight.

    Raises:
        InvalidFile: the template has mistakes, or cannot be read.
    """
    text = read_text(path, max_bytes=MAX_BYTES)
    mistakes = Mistakes(path)
    known = {ID, WEIGHT, *OWN, *columns}
    _check_marks(text, mistakes)
    _check_places(text, known, mistakes)
    mistakes.require_none()
    head, _, rest = text.partition(BEGIN)
    letter, _, tail = rest.partition(END)
    pieces = _PLACE.split(letter)
    pieces[1::2] = [each.strip() for each in pieces[1::2]]
    return Template(head, tuple(pieces), tail)


def _check_marks(text: str, mistakes: Mistakes) -> None:
    """Notes a letter that does not begin and end once."""
    for mark in (BEGIN, END):
        if text.count(mark) != 1:
            what = f"{mark} stands there {text.count(mark)} times"
            mistakes.add(0, what, "write it once: around what is repeated for every person")
    if 0 <= text.find(END) < text.find(BEGIN):
        mistakes.add(_line(text, text.find(END)), f"{END} comes first", "write it behind a letter")


def _check_places(text: str, known: set[str], mistakes: Mistakes) -> None:
    """Notes whatever cannot be filled in."""
    begin, end = text.find(BEGIN), text.find(END)
    found = set()
    for match in _PLACE.finditer(text):
        name, line = match[1].strip(), _line(text, match.start())
        found.add(name)
        if name not in known:
            what = f"{quoted(name)} is no column of the people"
            mistakes.add(line, what, f"write one of: {', '.join(sorted(known))}")
        if not begin < match.start() < end:
            what = f"{match[0]} stands outside a letter"
            mistakes.add(line, what, f"write it between {BEGIN} and {END}")
    if REQUIRED not in found:
        remedy = "write {{code}} where the letter shows the code; without it nobody can enrol"
        mistakes.add(0, "there is no {{code}}", remedy)
    if re.search(r"\{\{|\}\}", _PLACE.sub("", text)):
        mistakes.add(0, "{{ and }} do not belong together", "write {{name}} without other braces")
    checker = _Contexts(mistakes)
    checker.feed(text)
    checker.close()


def _line(text: str, place: int) -> int:
    return text.count("\n", 0, place) + 1


class _Contexts(HTMLParser):
    """Notes places where a text would be more than a text."""

    def __init__(self, mistakes: Mistakes) -> None:
        super().__init__(convert_charrefs=False)
        self._mistakes = mistakes
        self._open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._check(self.get_starttag_text() or "", "a tag")
        del attrs  # they are in the tag's text
        if tag in _RAW:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if self._open and self._open[-1] == tag:
            self._open.pop()

    def handle_data(self, data: str) -> None:
        if self._open:
            self._check(data, f"the element {self._open[-1]}")

    def handle_comment(self, data: str) -> None:
        self._check(data, "a comment")

    def handle_decl(self, decl: str) -> None:
        self._check(decl, "a tag")

    def handle_pi(self, data: str) -> None:
        self._check(data, "a tag")

    def unknown_decl(self, data: str) -> None:
        self._check(data, "a tag")

    def _check(self, text: str, where: str) -> None:
        if "{{" in text:
            line = self.getpos()[0]
            remedy = "write it between tags: there alone it stays a text, whatever it is"
            self._mistakes.add(line, f"something is filled in inside {where}", remedy)
