"""The journal of an enrolment: everything that officials did, in an append-only log on disk.

It is SQLite with full synchronous writes: what was noted survives a kill and a power cut, and what
was noted together is there together or not at all. It holds no secret: codes by their addresses.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from time import time
from typing import Any, Final, NamedTuple

from veche.errors import InvalidFile, Mistake

NAME: Final = "journal.sqlite"
_MARK: Final = 0x76656368
"""What the file says that it is: "vech"."""
_FORM: Final = 1
"""The version of the entries' form."""
_SCHEMA: Final = f"""
CREATE TABLE IF NOT EXISTS entries (
  number INTEGER PRIMARY KEY AUTOINCREMENT, at INTEGER NOT NULL, kind TEXT NOT NULL,
  fields TEXT NOT NULL) STRICT;
CREATE TRIGGER IF NOT EXISTS entries_stay BEFORE UPDATE ON entries
  BEGIN SELECT RAISE(ABORT, 'entries are never changed'); END;
CREATE TRIGGER IF NOT EXISTS entries_remain BEFORE DELETE ON entries
  BEGIN SELECT RAISE(ABORT, 'entries are never removed'); END;
PRAGMA application_id = {_MARK};
PRAGMA user_version = {_FORM};
"""


class Entry(NamedTuple):
    """Something that was done.

    Attributes:
        kind: what it is.
        fields: plain JSON.
        at: when, in seconds since 1970.
    """

    kind: str
    fields: dict[str, Any]
    at: int


class Journal:
    """A journal that is open.

    Args:
        path: the path of the file, which is made if it is not there.

    Raises:
        InvalidFile: the file is no journal, or cannot be read or written; also from every method.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        with self._failing():
            self._database = sqlite3.connect(path, isolation_level=None)
            self._database.execute("PRAGMA synchronous = EXTRA")
            self._require_own()
        path.chmod(0o600)

    def close(self) -> None:
        """Closes the file."""
        self._database.close()

    def append(self, entries: Sequence[tuple[str, dict[str, Any]]]) -> list[Entry]:
        """Notes what was done, all of it or nothing. It is on disk when this returns.

        Args:
            entries: kinds and fields.
        """
        now = int(time())
        rows = [(now, kind, json.dumps(fields, ensure_ascii=False)) for kind, fields in entries]
        with self._failing(), self._database:
            self._database.execute("BEGIN IMMEDIATE")
            self._database.executemany(
                "INSERT INTO entries (at, kind, fields) VALUES (?, ?, ?)", rows
            )
        return [Entry(kind, fields, now) for kind, fields in entries]

    def __iter__(self) -> Iterator[Entry]:
        """All entries, from the first."""
        with self._failing():
            wanted = "SELECT kind, fields, at FROM entries ORDER BY number"
            for kind, fields, at in self._database.execute(wanted):
                yield Entry(kind, json.loads(fields), at)

    def _require_own(self) -> None:
        tables = self._value("SELECT count(*) FROM sqlite_master")
        if not tables:
            self._database.executescript(f"BEGIN; {_SCHEMA} COMMIT;")
        elif (self._value("PRAGMA application_id"), self._value("PRAGMA user_version")) != (
            _MARK,
            _FORM,
        ):
            what = "this is not the journal of an enrolment, or one of another version"
            raise InvalidFile(str(self._path), [Mistake(0, what, "restore it from a backup")])

    def _value(self, query: str) -> int:
        return int(self._database.execute(query).fetchone()[0])

    @contextmanager
    def _failing(self) -> Iterator[None]:
        try:
            yield
        except (sqlite3.Error, OSError, ValueError) as error:
            what = f"the journal cannot be read or written: {error}"
            remedy = "check the disk and the permissions; restore it from a backup if it is damaged"
            raise InvalidFile(str(self._path), [Mistake(0, what, remedy)]) from error
