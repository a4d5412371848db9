"""Files that are there whole or not at all."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final

from veche.errors import InvalidFile, Mistake

_EVERYBODY: Final = 0o666
"""What the umask takes from."""
_OWNER: Final = 0o600


def write_atomically(path: Path, text: str, *, private: bool = False) -> None:
    """Writes a file, in place of what may be there. After a power cut it has the old text or the
    new one, after a failure the old one, and nothing else is left in its folder.

    Args:
        path: of the file; its folder exists.
        text: all of it, written in UTF-8 with the line breaks that it has.
        private: whether only the owner may read it, from the first byte on.

    Raises:
        InvalidFile: it cannot be written.
    """
    write_pieces_atomically(path, (each.encode() for each in (text,)), private=private)


def write_together(texts: Mapping[Path, str]) -> None:
    """Writes files that only their owner may read: all of them, or none where one cannot be
    written, or at Ctrl-C.

    Args:
        texts: by path; none of these files is there yet, and their folders exist.

    Raises:
        InvalidFile: one cannot be written.
    """
    try:
        for path, text in texts.items():
            write_atomically(path, text, private=True)
    except BaseException:
        for path in texts:
            path.unlink(missing_ok=True)
        raise


def write_pieces_atomically(path: Path, pieces: Iterable[bytes], *, private: bool = False) -> None:
    """The same, piece by piece, for what does not fit into memory.

    Args:
        path: of the file; its folder exists.
        pieces: all of it in order; where they fail on the way, nothing is written.
        private: whether only the owner may read it, from the first byte on.

    Raises:
        InvalidFile: it cannot be written.
    """
    temporary = path.parent / f".veche-{secrets.token_hex(8)}"
    try:
        try:
            _write(temporary, pieces, _OWNER if private else _EVERYBODY)
            temporary.replace(path)
            _settle(path.parent)
        finally:  # Ctrl-C as well
            temporary.unlink(missing_ok=True)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        remedy = "check the path, who may write to its folder, and the space on its disk"
        mistake = Mistake(0, f"the file cannot be written: {reason}", remedy)
        raise InvalidFile(str(path), [mistake]) from error


def _write(path: Path, pieces: Iterable[bytes], mode: int) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    with os.fdopen(descriptor, "wb") as file:
        file.writelines(pieces)
        file.flush()
        os.fsync(descriptor)


def _settle(folder: Path) -> None:
    """Brings a folder's list of files to the disk."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
