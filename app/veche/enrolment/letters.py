"""Letters: for a mail merge, and ready to print. They are the only place that has codes."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import quote

import segno

from veche.enrolment.codes import Code
from veche.enrolment.template import Template
from veche.errors.times import time_text
from veche.files.people import ID, WEIGHT, Person
from veche.files.spreadsheet import MARK, csv_text
from veche.files.writing import write_pieces_atomically

FOLDER: Final = "letters"
TABLE: Final = "letters.csv"
PER_FILE: Final = 1_000
"""Maximum letters in a file: browsers print so many at once."""
_PENDING: Final = ".pending-"
"""How the folder of letters is called whose codes are not in the journal yet."""


@dataclass(frozen=True, slots=True)
class Terms:
    """What all letters of an enrolment say.

    Attributes:
        enrolment: its id.
        title: what voters are shown.
        at: the URL where they enrol.
        page: the URL of a page that enrols in a browser; empty if there is none.
        until: the last second in which they can enrol, since 1970.
        columns: the names of people's other columns.
    """

    enrolment: str
    title: str
    at: str
    page: str
    until: int
    columns: tuple[str, ...]

    def link(self, code: Code) -> str:
        """What the QR code says: the code stands behind #, which no browser sends."""
        if self.page:
            return f"{self.page}#at={quote(self.at, safe=':/')}&code={code.grouped}"
        return f"{self.at}#code={code.grouped}"

    def values(self, person: Person, code: Code) -> dict[str, str]:
        """What a letter is filled with, by name."""
        return {
            ID: person.id,
            WEIGHT: str(person.weight),
            **dict(zip(self.columns, person.cells, strict=True)),
            "code": code.grouped,
            "link": self.link(code),
            "at": self.at,
            "title": self.title,
            "until": time_text(self.until),
        }


def write(
    folder: Path, edition: int, letters: Sequence[tuple[Person, Code]], terms: Terms, by: Template
) -> None:
    """Writes letters where nobody takes them for valid ones, until `publish` is called.

    Args:
        folder: the folder of the enrolment.
        edition: the edition of the code list that has these codes first.
        letters: who gets which code.
        terms: what all letters say.
        by: the template.

    Raises:
        InvalidFile: the letters cannot be written.
    """
    pending = folder / FOLDER / f"{_PENDING}{edition}"
    shutil.rmtree(pending, ignore_errors=True)
    for each in (pending.parent, pending):
        each.mkdir(exist_ok=True, mode=0o700)
    filled = (terms.values(*each) for each in letters)
    write_pieces_atomically(pending / TABLE, _table(filled), private=True)
    for first in range(0, len(letters), PER_FILE):
        some = letters[first : first + PER_FILE]
        name = "letters.html" if len(some) == len(letters) else f"letters-{first + 1:07}.html"
        write_pieces_atomically(pending / name, _pages(some, terms, by), private=True)


def publish(folder: Path, edition: int) -> Path:
    """Puts letters where they belong, once the journal has their codes. Returns their folder."""
    letters = folder / FOLDER
    (letters / f"{_PENDING}{edition}").rename(letters / str(edition))
    return letters / str(edition)


def settle(folder: Path, *, edition: int) -> None:
    """Ends what an earlier run was interrupted in: letters whose codes are in the journal are
    published, others are removed, as nobody could enrol with them.

    Args:
        folder: the folder of the enrolment.
        edition: the newest edition in the journal.
    """
    for pending in (folder / FOLDER).glob(f"{_PENDING}*"):
        number = int(pending.name.removeprefix(_PENDING))
        if number <= edition:
            publish(folder, number)
        else:
            shutil.rmtree(pending)


def _table(filled: Iterator[dict[str, str]]) -> Iterator[bytes]:
    yield MARK.encode()
    for number, values in enumerate(filled):
        if not number:
            yield csv_text([values]).encode()
        yield csv_text([values.values()]).encode()


def _pages(letters: Sequence[tuple[Person, Code]], terms: Terms, by: Template) -> Iterator[bytes]:
    yield by.head.encode()
    for person, code in letters:
        values: Mapping[str, str] = terms.values(person, code)
        yield by.letter(values, _qr(values["link"])).encode()
    yield by.tail.encode()


def _qr(text: str) -> str:
    """A QR code as markup."""
    return str(segno.make(text, error="m", micro=False).svg_inline(omitsize=True))
