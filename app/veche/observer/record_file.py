"""The file of an election record: compressed lines of JSON, with their hash in the last line."""

from __future__ import annotations

import hashlib
import json
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Final

from veche.errors import InvalidDocument
from veche.files.writing import write_pieces_atomically

GZIP: Final = 31
"""The value of `wbits` by which zlib writes and reads gzip files."""
HEADER: Final = bytes.fromhex("1f8b0800000000000003")
"""The first bytes of every record: a gzip file without name and time, so that the same lines give
the same bytes.
"""
CHUNK: Final = 1 << 18
"""Bytes that are read or decompressed at once."""
LONGEST_LINE: Final = 1 << 24
"""Maximum bytes of a line, so that a damaged file cannot fill the memory."""


def write(path: Path, lines: Iterable[str]) -> None:
    """Writes lines and their hash into a file, whole or not at all.

    Raises:
        InvalidFile: the file cannot be written.
    """
    write_pieces_atomically(path, _compressed(lines))


def _compressed(lines: Iterable[str]) -> Iterator[bytes]:
    hasher = hashlib.sha256()
    packer = zlib.compressobj(wbits=GZIP)
    for line in lines:
        encoded = line.encode() + b"\n"
        hasher.update(encoded)
        yield packer.compress(encoded)
    end = json.dumps({"sha256": hasher.hexdigest()})
    yield packer.compress(end.encode() + b"\n") + packer.flush()


def read(path: Path) -> Iterator[dict[str, Any]]:
    """Reads the lines of a record, one by one, and at the end compares their hash.

    Raises:
        InvalidDocument: the file cannot be read, is damaged, or goes on after its end.
    """
    return (_parsed(line, path) for line in _checked(path))


def _checked(path: Path) -> Iterator[bytes]:
    """Reads all lines but the last, which has their hash."""
    hasher = hashlib.sha256()
    before: bytes | None = None
    for line in _lines(path):
        if before is not None:
            hasher.update(before)
            yield before
        before = line
    if before is None or _parsed(before, path) != {"sha256": hasher.hexdigest()}:
        raise InvalidDocument(f"{path} is damaged: its last line is not the hash of the others")


def require_whole(path: Path) -> None:
    """Reads a record to its end and compares its hash.

    Raises:
        InvalidDocument: the file cannot be read, is damaged, or goes on after its end.
    """
    for _ in _checked(path):
        pass


def _parsed(line: bytes, path: Path) -> dict[str, Any]:
    try:
        found = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise InvalidDocument(f"{path} is damaged: a line is not JSON") from error
    if not isinstance(found, dict):
        raise InvalidDocument(f"{path} is damaged: a line is not a JSON object")
    return found


def _lines(path: Path) -> Iterator[bytes]:
    rest = b""
    for piece in _decompressed(path):
        *whole, rest = (rest + piece).split(b"\n")
        if len(rest) > LONGEST_LINE:
            raise InvalidDocument(f"{path} is damaged: a line is too long")
        yield from (line + b"\n" for line in whole)
    if rest:
        raise InvalidDocument(f"{path} is damaged: its last line is cut off")


def _decompressed(path: Path) -> Iterator[bytes]:
    packer = zlib.decompressobj(wbits=GZIP)
    try:
        with path.open("rb") as file:
            head = file.read(len(HEADER))
            if head != HEADER:
                raise InvalidDocument(f"{path} is not an election record")
            piece = head
            while piece and not packer.eof:
                yield packer.decompress(piece, CHUNK)
                while packer.unconsumed_tail:
                    yield packer.decompress(packer.unconsumed_tail, CHUNK)
                piece = file.read(CHUNK)
            if not packer.eof or packer.unused_data or piece:
                raise InvalidDocument(f"{path} is damaged: it is cut off, or goes on after its end")
    except zlib.error as error:
        raise InvalidDocument(f"{path} is damaged: {error}") from error
    except OSError as error:
        raise InvalidDocument(f"{path} cannot be read: {error.strerror}") from error
