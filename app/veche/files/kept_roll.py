"""A roll on disk, ready to be looked up: opened in a second, even with a million voters.

The file has, one after the other: a line that says what it is; the number of voters in 8 bytes; the
entries; their order; the tree; and SHA-256 of all that. Numbers are big-endian. It is read through
the operating system's cache, so that services which serve proofs need little memory.
"""

from __future__ import annotations

import mmap
from hashlib import sha256
from itertools import accumulate, pairwise
from pathlib import Path
from typing import Final, NoReturn

from veche.errors import InvalidFile, Mistake
from veche.files.writing import write_pieces_atomically
from veche.protocol.entries import ROW, PackedEntries
from veche.protocol.merkle_tree import NODE, MerkleTree
from veche.protocol.roll import PLACE, Roll

MARK: Final = b"veche roll 1\n"
COUNT: Final = 8
HEAD: Final = len(MARK) + COUNT
DIGEST: Final = 32


def keep_roll(roll: Roll, path: Path) -> None:
    """Writes a roll into a file, whole or not at all.

    Raises:
        InvalidFile: the file cannot be written.
    """
    head = MARK + len(roll).to_bytes(COUNT, "big")
    pieces = [head, roll.entries.data, roll.order, roll.tree.nodes]
    digest = sha256()
    for each in pieces:
        digest.update(each)
    write_pieces_atomically(path, [*pieces, digest.digest()])


def open_roll(path: Path) -> Roll:
    """The roll that `keep_roll` has written into a file, which stays open.

    Whether it is a poll's is for `Roll.require_of` to say; the tree is not computed again, so a
    proof is checked against the root when it is made (`RollProof.of`).

    Raises:
        InvalidFile: the file cannot be read, is no such file, or is damaged.
    """
    data = _mapped(path)
    if bytes(data[: len(MARK)]) != MARK:
        _refuse(path, "this is not a kept roll")
    count = int.from_bytes(data[len(MARK) : HEAD], "big")
    ends = list(accumulate((HEAD, count * ROW, count * PLACE, (2 * count - 1) * NODE)))
    is_whole = count > 0 and ends[-1] + DIGEST == len(data)
    if not is_whole or sha256(data[: ends[-1]]).digest() != data[ends[-1] :]:
        _refuse(path, "the file is cut off or damaged")
    entries, order, nodes = (data[begin:end] for begin, end in pairwise(ends))
    return Roll.held(PackedEntries(entries), order, MerkleTree(nodes))


def _mapped(path: Path) -> memoryview:
    try:
        with path.open("rb") as file:
            return memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))
    except (OSError, ValueError) as error:  # an empty file is a ValueError
        _refuse(path, f"the file cannot be read: {error}")


def _refuse(path: Path, what: str) -> NoReturn:
    raise InvalidFile(str(path), [Mistake(0, what, "write it again, from the roll")])
