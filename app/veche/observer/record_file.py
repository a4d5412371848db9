"""The file of an election record: compressed lines of text, with their hash in the last line."""

from __future__ import annotations

import hashlib
import json
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO, Final

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
LONGEST_LINE: Final = 1 << 20
"""Maximum bytes of a line. The longest that a poll can need are those of the contracts' code, of a
transaction's 128 KiB in hexadecimal digits, and of 15,000 first accounts.
"""
RATIO: Final = 16
"""Maximum bytes of lines for a byte of the file, beyond those of one longest line. Rolls and
ballots are hashes and keys in hexadecimal digits: compressed, they take half.
"""


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
    yield packer.compress(_last_line(hasher.hexdigest())) + packer.flush()


def _last_line(digest: str) -> bytes:
    return json.dumps({"sha256": digest}).encode() + b"\n"


def read(path: Path) -> Iterator[str]:
    """Reads the lines of a record, one by one, and at the end compares their hash.

    Raises:
        InvalidDocument: the file cannot be read, is damaged, or goes on after its end.
    """
    hasher = hashlib.sha256()
    before: bytes | None = None
    for line in _lines(path):
        if before is not None:
            hasher.update(before)
            yield _decoded(before, path)
        before = line
    if before != _last_line(hasher.hexdigest()):
        raise InvalidDocument(f"{path} is damaged: its last line is not the hash of the others")


def _decoded(line: bytes, path: Path) -> str:
    """The text of a line, without its line feed."""
    try:
        return line[:-1].decode()
    except UnicodeDecodeError as error:
        raise InvalidDocument(f"{path} is damaged: a line is not text in UTF-8") from error


def _lines(path: Path) -> Iterator[bytes]:
    rest = b""
    for piece in _pieces(path):
        *whole, rest = (rest + piece).split(b"\n")
        if len(rest) > LONGEST_LINE or any(len(line) > LONGEST_LINE for line in whole):
            raise InvalidDocument(f"{path} is damaged: a line has more than {LONGEST_LINE} bytes")
        yield from (line + b"\n" for line in whole)
    if rest:
        raise InvalidDocument(f"{path} is damaged: its last line is cut off")


def _pieces(path: Path) -> Iterator[bytes]:
    try:
        with path.open("rb") as file:
            if file.read(len(HEADER)) != HEADER:
                raise InvalidDocument(f"{path} is not an election record")
            yield from _decompressed(file, path)
    except zlib.error as error:
        raise InvalidDocument(f"{path} is damaged: its bytes were changed") from error
    except OSError as error:
        raise InvalidDocument(f"{path} cannot be read: {error.strerror}") from error


def _decompressed(file: BinaryIO, path: Path) -> Iterator[bytes]:
    """What is behind the header of a file, decompressed, a chunk at a time."""
    packer = zlib.decompressobj(wbits=GZIP)
    packer.decompress(HEADER)
    taken, given = len(HEADER), 0
    while not packer.eof:
        waiting = packer.unconsumed_tail or file.read(CHUNK)
        if not waiting:
            raise InvalidDocument(f"{path} is damaged: it is cut off")
        piece = packer.decompress(waiting, CHUNK)
        taken += len(waiting) - len(packer.unconsumed_tail)
        given += len(piece)
        if given > LONGEST_LINE + RATIO * taken:
            raise InvalidDocument(
                f"{path} is no record: its lines are more than {RATIO} times as long as the file"
            )
        yield piece
    if packer.unused_data or file.read(1):
        raise InvalidDocument(f"{path} is damaged: it goes on after its end")
