"""Writing files so that they exist whole or not at all, by one process at a time."""

from __future__ import annotations

import fcntl
import os
import secrets
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from veche.errors import InvalidFile, Mistake

GITIGNORE: Final = ".gitignore"
EVERYTHING: Final = "*\n"
"""What GITIGNORE says in a folder with secrets: no repository takes any of it."""
_EVERYBODY: Final = 0o666
"""The mode of a file for everybody, before the umask."""
_OWNER: Final = 0o600
"""The mode of a file for its owner alone."""


def write_atomically(path: Path, text: str, *, private: bool = False) -> None:
    """Writes a file, and replaces one that exists. After a power cut the file has its old text or
    its new text; after a failure it has its old text. No other file is left in its folder.

    Args:
        path: the path of the file; its folder exists.
        text: the whole text, which is written in UTF-8 with its own line breaks.
        private: whether only the owner can read the file, from its first byte on.

    Raises:
        InvalidFile: the file cannot be written.
    """
    write_pieces_atomically(path, (each.encode() for each in (text,)), private=private)


def write_together(texts: Mapping[Path, str]) -> None:
    """Writes files that only their owner can read: all of them, or none after a failure or Ctrl-C.

    Args:
        texts: the texts by path. The files do not exist yet; their folders do.

    Raises:
        InvalidFile: one of the files cannot be written.
    """
    try:
        for path, text in texts.items():
            write_atomically(path, text, private=True)
    except BaseException:
        for path in texts:
            path.unlink(missing_ok=True)
        raise


def write_pieces_atomically(
    path: Path, pieces: Iterable[bytes | bytearray | memoryview], *, private: bool = False
) -> None:
    """Writes a file like `write_atomically`, piece by piece, if it does not fit into memory.

    Args:
        path: the path of the file; its folder exists.
        pieces: the pieces in order. If they raise an exception, nothing is written.
        private: whether only the owner can read the file, from its first byte on.

    Raises:
        InvalidFile: the file cannot be written.
    """
    temporary = path.parent / f".veche-{secrets.token_hex(8)}"
    try:
        try:
            _write(temporary, pieces, _OWNER if private else _EVERYBODY)
            temporary.replace(path)
            _settle(path.parent)
        finally:  # also after Ctrl-C
            temporary.unlink(missing_ok=True)
    except (OSError, ValueError) as error:
        raise InvalidFile(str(path), [_mistake(error)]) from error


@contextmanager
def locked(path: Path, *, on_wait: Callable[[], None] = lambda: None) -> Iterator[None]:
    """Keeps other processes that ask for the same lock out, until this block or this process ends.
    The lock is a file beside the one that is written; both are in one folder, which is made.

    Args:
        path: the path of the file that is read and written.
        on_wait: is called if another process has the lock, before it is waited for.

    Raises:
        InvalidFile: the lock cannot be written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        lock = path.with_suffix(".lock").open("w")
    except OSError as error:
        raise InvalidFile(str(path), [_mistake(error)]) from error
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            on_wait()
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _mistake(error: Exception) -> Mistake:
    reason = getattr(error, "strerror", None) or error
    remedy = "check the path, the permissions of its folder, and the space on its disk"
    return Mistake(0, f"the file cannot be written: {reason}", remedy)


def _write(path: Path, pieces: Iterable[bytes | bytearray | memoryview], mode: int) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    with os.fdopen(descriptor, "wb") as file:
        file.writelines(pieces)
        file.flush()
        os.fsync(descriptor)


def _settle(folder: Path) -> None:
    """Writes a folder's list of files to the disk."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
