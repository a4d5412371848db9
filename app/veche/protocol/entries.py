"""The entries of an electoral roll, packed: a million of them take 52 MB (PROTOCOL §3, Roll)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final, NamedTuple, SupportsIndex, TypeAlias, overload

from veche.crypto.keccak import keccak
from veche.protocol import addresses

Buffer: TypeAlias = bytes | bytearray | memoryview

MAX_WEIGHT: Final = 2**256 - 1
"""Maximum weight that an entry can state. A poll allows much less."""

WORD: Final = 32
ROW: Final = addresses.BYTES + WORD
"""The bytes of a packed entry: its address, and its weight as a word."""
_PADDING: Final = bytes(WORD - addresses.BYTES)


class Entry(NamedTuple):
    """A voter of the roll.

    Attributes:
        voter: address, with its checksum.
        weight: how often the voter's ballot counts; 1 or more.
    """

    voter: str
    weight: int


def packed(voter: str, weight: int) -> bytes:
    """An entry as 52 bytes.

    Args:
        voter: the voter's address.
        weight: from 0 to MAX_WEIGHT.
    """
    return voter_bytes(voter) + weight.to_bytes(WORD, "big")


def voter_bytes(voter: str) -> bytes:
    """The 20 bytes of an address."""
    return bytes.fromhex(voter[2:])


def leaf(entry: tuple[str, int]) -> bytes:
    """The leaf of an entry in the roll's tree: 32 bytes."""
    return leaf_of_row(packed(*entry))


def leaf_of_row(row: bytes) -> bytes:
    """The leaf of a packed entry. It is hashed twice, so that no inner node can pass for a leaf."""
    return keccak(keccak(_PADDING + row))


def weight_of_row(row: bytes) -> int:
    """The weight in a packed entry."""
    return int.from_bytes(row[addresses.BYTES :], "big")


class PackedEntries(Sequence[Entry]):
    """Entries in a row of bytes.

    Attributes:
        data: the bytes of all entries.
    """

    def __init__(self, data: Buffer) -> None:
        self.data = data

    @classmethod
    def of(cls, entries: Iterable[tuple[str, int]]) -> PackedEntries:
        """Entries, packed; those that are packed already stay as they are."""
        if isinstance(entries, PackedEntries):
            return entries
        return cls(b"".join([packed(voter, weight) for voter, weight in entries]))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, PackedEntries) and self.data == other.data

    def __hash__(self) -> int:
        return hash(bytes(self.data))

    def __len__(self) -> int:
        return len(self.data) // ROW

    @overload
    def __getitem__(self, index: SupportsIndex) -> Entry: ...
    @overload
    def __getitem__(self, index: slice) -> list[Entry]: ...
    def __getitem__(self, index: SupportsIndex | slice) -> Entry | list[Entry]:
        if isinstance(index, slice):
            return [self[place] for place in range(len(self))[index]]
        place = range(len(self))[index]
        return Entry(addresses.of_bytes(self.voter(place)), self.weight(place))

    def rows(self) -> Iterator[bytes]:
        """All entries as bytes."""
        return map(self.row, range(len(self)))

    def row(self, place: int) -> bytes:
        """An entry as bytes."""
        return bytes(self.data[place * ROW : (place + 1) * ROW])

    def voter(self, place: int) -> bytes:
        """The address in an entry, 20 bytes."""
        begin = place * ROW
        return bytes(self.data[begin : begin + addresses.BYTES])

    def weight(self, place: int) -> int:
        """The weight in an entry."""
        return weight_of_row(self.row(place))

    def weights(self) -> Iterator[int]:
        """All weights, in the order of the entries."""
        return map(self.weight, range(len(self)))
