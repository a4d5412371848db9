"""The electoral roll: who may vote, and with what weight (PROTOCOL §3)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from veche.crypto import transcript
from veche.crypto.keccak import keccak
from veche.errors import InvalidRoll, WrongRoll
from veche.protocol import addresses
from veche.protocol.definition import PollDefinition


class Entry(NamedTuple):
    """A voter of the roll.

    Attributes:
        voter: address, with its checksum.
        weight: how often the voter's ballot counts; 1 or more.
    """

    voter: str
    weight: int


class Roll:
    """An electoral roll, as OpenZeppelin's standard Merkle tree of (voter, weight).

    Args:
        entries: pairs of an address and a weight.

    Raises:
        InvalidRoll: the roll is empty; a voter stands on it twice, or has a weight below 1; or an
            address is malformed or mistyped.
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
            raise InvalidRoll(0, "the roll is empty")
        self._tree = MerkleTree(leaf(each) for each in self)

    def __iter__(self) -> Iterator[Entry]:
        """All entries, in the order that they were given in."""
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

    def require_of(self, definition: PollDefinition) -> None:
        """Refuses a roll that is not the one of a poll.

        Args:
            definition: the definition of the poll.

        Raises:
            WrongRoll: the poll was published with another root or total weight.
        """
        own = self.root, self.total_weight
        wanted = definition.roll_root, definition.total_weight
        if own != wanted:
            raise WrongRoll(*own, *wanted)

    def weight(self, voter: str) -> int:
        """The weight of a voter; 0 if the voter is not on the roll."""
        entry = self._entries.get(voter)
        return entry.weight if entry else 0

    def depth(self, count: int) -> int:
        """The depth of the tree's nodes that makes a batch of this many ballots cheapest."""
        return min((max(count, 1) - 1).bit_length(), len(self).bit_length() - 1)

    def nodes(self, depth: int) -> list[bytes]:
        """All nodes of a depth, which the contract is shown once for a batch.

        Args:
            depth: 0 for the root; at most what `depth` gives for any count.
        """
        return self._tree.level(depth)

    def path(self, voter: str, depth: int) -> tuple[int, list[bytes]]:
        """What shows the contract that a voter stands under a node of a depth.

        Args:
            voter: the voter's address.
            depth: the depth of the node; 0 for the root.

        Returns:
            The place of the node among all of its depth, and the path to it: hashes of 32 bytes.

        Raises:
            InvalidRoll: the voter is not on the roll.
        """
        entry = self._entries.get(voter)
        if entry is None:
            raise InvalidRoll(None, f"{voter} is not on the roll")
        return self._tree.path(leaf(entry), depth)


def _voter(address: str, index: int) -> str:
    if not addresses.has_form(address):
        raise InvalidRoll(index, f"{address!r} is not an address: 0x and 40 hexadecimal digits")
    checksummed = addresses.checked(address)
    if checksummed is None:
        raise InvalidRoll(index, f"the checksum of {address} is wrong: a digit is wrong")
    return checksummed


# -- OpenZeppelin's standard Merkle tree: its libraries do not go together with Brownie --


def leaf(entry: Entry) -> bytes:
    """The leaf of an entry. It is hashed twice, so that no inner node can pass for a leaf."""
    return keccak(keccak(transcript.words([int(entry.voter, 16), entry.weight])))


class MerkleTree:
    """A Merkle tree over leaves; leaves, and the two hashes of every pair, are sorted by value."""

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
        """All nodes of a depth, in order. At this depth every place must be taken."""
        return self._nodes[2**depth - 1 : 2 ** (depth + 1) - 1]

    def path(self, leaf: bytes, depth: int) -> tuple[int, list[bytes]]:
        """The place of the node above a leaf at a depth, and the siblings on the way to it."""
        siblings = []
        place = self._places[leaf]
        while place >= 2 ** (depth + 1) - 1:
            siblings.append(self._nodes[place - 1 if place % 2 == 0 else place + 1])
            place = (place - 1) // 2
        return place - (2**depth - 1), siblings
