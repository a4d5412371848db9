"""The mistakes in a file, collected with their lines and reported together."""

from __future__ import annotations

from pathlib import Path
from typing import Final, NoReturn

from veche.errors import InvalidFile, Mistake
from veche.protocol import characters

MAX_BYTES: Final = 64 * 2**20
"""Maximum bytes of a file that is read: enough for a roll of a million voters."""
_QUOTED: Final = 60
"""Maximum characters of somebody's text that a message repeats."""
_PRINTED_BITS: Final = 256
"""Maximum bits of a whole number that a message repeats: Python refuses to print huge ones."""


class Mistakes:
    """The mistakes that were found in one file so far.

    Attributes:
        cautions: what is allowed in the file, but perhaps not meant.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._found: list[Mistake] = []
        self._elsewhere: list[Mistake] = []
        self.cautions: list[Mistake] = []

    def __bool__(self) -> bool:
        return bool(self._found)

    def add(self, line: int, what: str, remedy: str) -> None:
        """Notes a mistake.

        Args:
            line: its line, from 1; 0 for the file as a whole.
            what: what is wrong.
            remedy: what to write instead.
        """
        self._found.append(Mistake(line, what, remedy))

    def add_file(self, error: InvalidFile) -> None:
        """Notes the mistakes in a file that this one names."""
        self._elsewhere += [each._replace(path=error.path) for each in error.mistakes]

    def require_none(self, *, at_most: int = 100) -> None:
        """Refuses the file if it has mistakes.

        Args:
            at_most: the number of mistakes to report; of the others only their number is reported.

        Raises:
            InvalidFile: the file has mistakes; they are in the order of their lines.
        """
        if not self._found:
            return
        found = sorted(self._found, key=lambda each: each.line)
        shown, left = found[:at_most], found[at_most:]
        if left:
            more = f"and {len(left)} more {'mistake' if len(left) == 1 else 'mistakes'}"
            shown.append(Mistake(left[0].line, more, "correct these first, then try again"))
        raise InvalidFile(str(self._path), [*shown, *self._elsewhere])


def is_file(path: Path) -> bool:
    """Whether there is a file at a path, which may be any text: also one that no path can have."""
    try:
        return path.is_file()
    except OSError:
        return False


def read_text(path: Path, *, max_bytes: int = MAX_BYTES) -> str:
    """Reads a text file in UTF-8, with or without a byte order mark.

    Raises:
        InvalidFile: the file does not exist, cannot be read, is too large, or is not text.
    """
    data = _read(path, max_bytes)
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = 0 if b"\0" in data else data.count(b"\n", 0, error.start) + 1
        _refuse(path, "this is not text in UTF-8", "save the file as plain text, UTF-8", line)


def _read(path: Path, max_bytes: int) -> bytes:
    try:
        _require_file(path)
        with path.open("rb") as file:
            data = file.read(max_bytes + 1)
    except OSError as error:
        what = f"the file cannot be read: {error.strerror}"
        _refuse(path, what, "check the path and the permissions of the file")
    if len(data) > max_bytes:
        what = f"the file has more than {max_bytes:,} bytes"
        _refuse(path, what, "check that this is the right file")
    return data


def _require_file(path: Path) -> None:
    if not path.exists():
        _refuse(path, "there is no such file", "check the path")
    if not path.is_file():
        _refuse(path, "this is not a file", "give the path of a file, not of a folder or device")


def _refuse(path: Path, what: str, remedy: str, line: int = 0) -> NoReturn:
    raise InvalidFile(str(path), [Mistake(line, what, remedy)])


def quoted(value: object) -> str:
    """A value that somebody wrote, as a message can repeat it: on one line, and short."""
    if isinstance(value, int) and value.bit_length() > _PRINTED_BITS:
        return f"a number of {value.bit_length()} bits"
    if isinstance(value, list | dict):
        return f"a {'list' if isinstance(value, list) else 'table'} of {len(value)}"
    if isinstance(value, str):
        text = characters.quoted(value[: _QUOTED + 1])
    else:
        text = repr(value) if isinstance(value, int | float) else str(value)
    return text if len(text) <= _QUOTED else f"{text[:_QUOTED]}…"
