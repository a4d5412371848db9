"""Checks before a command writes a file: it never writes over another."""

from __future__ import annotations

import os
from pathlib import Path

from veche.errors import InvalidFile, Mistake


def require_new(path: Path) -> None:
    """Requires that a file can be written where none is yet.

    Raises:
        InvalidFile: the file exists already, or its folder does not exist.
    """
    if path.exists():
        mistake = Mistake(0, "there is a file already", "name one that does not exist yet")
        raise InvalidFile(str(path), [mistake])
    if not path.absolute().parent.is_dir():
        mistake = Mistake(0, "its folder does not exist", "make the folder, or name another file")
        raise InvalidFile(str(path), [mistake])


def is_in_repository(path: Path) -> bool:
    """Whether a path lies in a repository of git, with which somebody may publish it."""
    return any((each / ".git").exists() for each in path.absolute().parents)


def make_folder(path: Path) -> None:
    """Makes a folder that only its owner can open. Missing folders above it are made too.

    Raises:
        InvalidFile: the folder cannot be made, or nothing can be written into it.
    """
    try:
        path.mkdir(parents=True, exist_ok=True, mode=0o700)
        reason = "" if os.access(path, os.W_OK | os.X_OK) else "you may not write there"
    except OSError as error:
        reason = error.strerror or "it cannot be made"
    if reason:
        what = f"this cannot be the folder: {reason}"
        remedy = "name another folder, a new one or one of your own"
        raise InvalidFile(str(path), [Mistake(0, what, remedy)])
