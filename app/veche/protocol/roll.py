"""The electoral roll: who may vote, and with what weight (PROTOCOL §3)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from veche.crypto import transcript
from veche.crypto.keccak import keccak
from veche.errors import IncompleteRoll, InvalidRoll
from veche.protocol import addresses


class Entry(NamedTuple):
    """A voter of the roll.

    Attributes:
        voter: address, with its checksum.
        weight: how often the voter's ballot counts, from 1.
    """

    voter: str
    weight: int


class Roll:
    """An electoral roll, as OpenZeppelin's standard Merkle tree of (voter, weight).

    Raises:
        InvalidRoll: there is nobody on it, somebody twice or without weight, or an address is
            none, or its checksum is wrong.
    """

    def __init__(self, entries: Iterable[tuple[str, int]]) -> None:
        self._entries: dict[str, Entry] = {}
        for index, (address, weight) in enumerate(entries):
            voter = _voter(address, index)
            if voter in self._entries:
                raise InvalidRoll(index, f"{voter} stands on the roll twice")
            if weight < 1:
                raise InvalidRoll(index, f"a weight is 1 or more, not {weight}")
            self._entries[voter] = Entry(voter, weight)
        if not self._entries:
            raise InvalidRoll(0, "nobody stands on the roll")
        self._tree = MerkleTree(leaf(each) for each in self)

    def __iter__(self) -> Iterator[Entry]:
        """All entries, in the order in which they were given."""
        return iter(self._entries.values())

    def __len__(self) -> int:
        return len(self._entries)

    def __contains__(self, voter: str) -> bool:
        return voter in self._entries

    @property
    def root(self) -> bytes:
        """The root of the tree: 32 bytes."""
        return self._tree.root

    @property
    def total_weight(self) -> int:
        """The sum of all weights."""
        return sum(each.weight for each in self)

    def weight(self, voter: str) -> int:
        """The weight of a voter; 0 for who is not on the roll."""
        entry = self._entries.get(voter)
        return entry.weight if entry else 0

    def depth(self, count: int) -> int:
        """The depth of the nodes that make a batch of so many ballots the cheapest."""
        return min((max(count, 1) - 1).bit_length(), len(self).bit_length() - 1)

    def nodes(self, depth: int) -> list[bytes]:
        """All nodes of a depth, 0 being that of the root; there are none below `depth` of any
        count. They are shown to the contract once for a batch.
        """
        return self._tree.level(depth)

    def path(self, voter: str, depth: int) -> tuple[int, list[bytes]]:
        """The place, among all of this depth, of the node that a voter stands under, and what
        shows the contract that the voter does.

        Raises:
            InvalidRoll: the voter is not on the roll.
        """
        entry = self._entries.get(voter)
        if entry is None:
            raise InvalidRoll(None, f"{voter} is not on the roll")
        return self._tree.path(leaf(entry), depth)


def published(readings: Iterable[Sequence[tuple[str, int]]], root: bytes) -> Roll:
    """The roll with this root, from what was published.

    Args:
        readings: the ways to read what was published, the likeliest first.
        root: 32 bytes, as the poll has it.

    Raises:
        IncompleteRoll: no reading gives that root.
    """
    faults = []
    for entries in filter(None, readings):
        try:
            roll = Roll(entries)
        except InvalidRoll as error:
            faults.append(f"what is published is no roll: {error}")
            continue
        if roll.root == root:
            return roll
        voters = f"{len(roll)} voter{'' if len(roll) == 1 else 's'}"
        said = f"{voters} with weight {roll.total_weight}"
        faults.append(f"what is published, {said}, is not the roll of the poll")
    raise IncompleteRoll(faults[0] if faults else "nobody is published yet")


def _voter(address: str, index: int) -> str:
    if not addresses.has_form(address):
        raise InvalidRoll(index, f"{address!r} is not an address: 0x and 40 hexadecimal digits")
    checksummed = addresses.checked(address)
    if checksummed is None:
        raise InvalidRoll(index, f"the checksum of {address} is wrong: a digit was mistyped")
    return checksummed


# -- OpenZeppelin's standard Merkle tree: no library of it goes together with Brownie's pins --


def leaf(entry: Entry) -> bytes:
    """The leaf of an entry: hashed twice, so that no node of the tree can pass for one."""
    return keccak(keccak(transcript.words([int(entry.voter, 16), entry.weight])))


class MerkleTree:
    """A Merkle tree over leaves in the order of their value; pairs are hashed in that order too."""

    def __init__(self, leaves: Iterable[bytes]) -> None:
        last_first = sorted(leaves, reverse=True)
        self._nodes = [b""] * (len(last_first) - 1) + last_first
        self._places = {node: place for place, node in enumerate(self._nodes) if node}
        for place in reversed(range(len(last_first) - 1)):
            pair = sorted(self._nodes[2 * place + 1 : 2 * place + 3])
            self._nodes[place] = keccak(b"".join(pair))

    @property
    def root(self) -> bytes:
        """The root: 32 bytes."""
        return self._nodes[0]

    def level(self, depth: int) -> list[bytes]:
        """All nodes of a depth, in their order; it must be one at which every place is taken."""
        return self._nodes[2**depth - 1 : 2 ** (depth + 1) - 1]

    def path(self, leaf: bytes, depth: int) -> tuple[int, list[bytes]]:
        """The place of the node of this depth above a leaf, and the siblings on the way to it."""
        siblings = []
        place = self._places[leaf]
        while place >= 2 ** (depth + 1) - 1:
            siblings.append(self._nodes[place - 1 if place % 2 == 0 else place + 1])
            place = (place - 1) // 2
        return place - (2**depth - 1), siblings
