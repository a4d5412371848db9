"""Files that a command is given, or writes: read whole, never written over."""

from __future__ import annotations

import os
from pathlib import Path

from veche.errors import InvalidFile, Mistake


def read(path: Path) -> str:
    """The text of a file.

    Raises:
        InvalidFile: it cannot be read.
    """
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "it is no text in UTF-8"
        mistake = Mistake(0, f"the file cannot be read: {reason}", "check its path")
        raise InvalidFile(str(path), [mistake]) from error


def make_folder(path: Path) -> None:
    """Makes a folder that others do not see into, if it is not there, and all above it.

    Raises:
        InvalidFile: it cannot be made, or nothing can be written there.
    """
    try:
        path.mkdir(parents=True, exist_ok=True, mode=0o700)
        reason = "" if os.access(path, os.W_OK | os.X_OK) else "you may not write there"
    except OSError as error:
        reason = error.strerror or "it cannot be made"
    if reason:
        what = f"this cannot be the folder: {reason}"
        remedy = "name another one, new or yours, where no file stands in its place"
        raise InvalidFile(str(path), [Mistake(0, what, remedy)])


def require_new(path: Path) -> None:
    """Refuses to write over anything.

    Raises:
        InvalidFile: there is a file already, or no folder for it.
    """
    if path.exists():
        mistake = Mistake(0, "there is a file already", "name one that is not there yet")
        raise InvalidFile(str(path), [mistake])
    if not path.absolute().parent.is_dir():
        mistake = Mistake(0, "its folder is not there", "make it, or name another one")
        raise InvalidFile(str(path), [mistake])
