"""The electoral roll: who may vote, and with what weight (PROTOCOL §3)."""

from __future__ import annotations

import sys
from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import Final

from veche.errors import InvalidRoll, WrongRoll
from veche.protocol import addresses
from veche.protocol.definition import PollDefinition
from veche.protocol.entries import (
    MAX_WEIGHT,
    Buffer,
    Entry,
    PackedEntries,
    leaf_of_row,
    packed,
    voter_bytes,
)
from veche.protocol.merkle_tree import MerkleTree

PLACE: Final = 4
"""The bytes of a place in the order of voters."""


class Roll:
    """An electoral roll, as OpenZeppelin's standard Merkle tree of (voter, weight).

    It is held in three rows of bytes, 120 MB for a million voters, which can also be those of a
    file.

    Attributes:
        entries: all entries, in the order that they were given in.
        order: the places of all entries in the order of their addresses, 4 bytes each.
        tree: the tree.
        total_weight: the sum of all weights.

    Args:
        entries: pairs of an address and a weight.

    Raises:
        InvalidRoll: the roll is empty; a voter stands on it twice, or has a weight below 1 or
            above 2^256 - 1; or an address is malformed or mistyped.
    """

    def __init__(self, entries: Iterable[tuple[str, int]]) -> None:
        rows = _checked(entries)
        if not rows:
            raise InvalidRoll(0, "the roll is empty")
        tree = MerkleTree.of(map(leaf_of_row, rows.rows()))
        self._hold(rows, _ordered(rows), tree)

    @classmethod
    def held(cls, entries: PackedEntries, order: Buffer, tree: MerkleTree) -> Roll:
        """The roll that was held in these bytes. Nothing is computed, and nothing is checked."""
        found = cls.__new__(cls)
        found._hold(entries, order, tree)  # noqa: SLF001  # it is a constructor
        return found

    def _hold(self, entries: PackedEntries, order: Buffer, tree: MerkleTree) -> None:
        self.entries, self.order, self.tree = entries, order, tree
        self.total_weight: int = sum(entries.weights())

    def __iter__(self) -> Iterator[Entry]:
        """All entries, in the order that they were given in."""
        return iter(self.entries)

    def __len__(self) -> int:
        return len(self.entries)

    def __contains__(self, voter: str) -> bool:
        return self._place(voter) is not None

    @property
    def root(self) -> bytes:
        """The root of the tree: 32 bytes."""
        return self.tree.root

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
        place = self._place(voter)
        return 0 if place is None else self.entries.weight(place)

    def depth(self, count: int) -> int:
        """The depth of the tree's nodes that makes a batch of this many ballots cheapest."""
        return min((max(count, 1) - 1).bit_length(), len(self).bit_length() - 1)

    def nodes(self, depth: int) -> list[bytes]:
        """All nodes of a depth, which the contract is shown once for a batch.

        Args:
            depth: 0 for the root; at most what `depth` gives for any count.
        """
        return self.tree.level(depth)

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
        place = self.leaf_place(voter)
        path = self.tree.path(place, depth)
        return ((place + 1) >> len(path)) - (1 << depth), path

    def leaf_place(self, voter: str) -> int:
        """The number of a voter's leaf among the nodes of the tree, the root being 0.

        Raises:
            InvalidRoll: the voter is not on the roll.
        """
        place = self._place(voter)
        found = None if place is None else self.tree.place(leaf_of_row(self.entries.row(place)))
        if found is None:
            raise InvalidRoll(None, f"{voter} is not on the roll")
        return found

    def _place(self, voter: str) -> int | None:
        """The place of a voter's entry; None if the voter is not on the roll."""
        if not addresses.has_form(voter):
            return None
        wanted = voter_bytes(voter)
        found = bisect_left(range(len(self)), wanted, key=self._voter_at)
        is_there = found < len(self) and self._voter_at(found) == wanted
        return self._place_at(found) if is_there else None

    def _voter_at(self, rank: int) -> bytes:
        return self.entries.voter(self._place_at(rank))

    def _place_at(self, rank: int) -> int:
        return int.from_bytes(self.order[rank * PLACE : (rank + 1) * PLACE], "big")


def _checked(entries: Iterable[tuple[str, int]]) -> PackedEntries:
    """Entries with addresses and weights that a roll can have.

    Raises:
        InvalidRoll: an address or a weight is none.
    """
    if isinstance(entries, PackedEntries):
        for index, weight in enumerate(entries.weights()):
            _require_weight(weight, index)
        return entries
    rows = bytearray()
    for index, (address, weight) in enumerate(entries):
        _require_address(address, index)
        _require_weight(weight, index)
        rows += packed(address, weight)
    return PackedEntries(rows)


def _require_address(address: str, index: int) -> None:
    if addresses.checked(address) is not None:
        return
    if addresses.has_form(address):
        raise InvalidRoll(index, f"the checksum of {address} is wrong: a digit is wrong")
    raise InvalidRoll(index, f"{address!r} is not an address: 0x and 40 hexadecimal digits")


def _require_weight(weight: int, index: int) -> None:
    if weight < 1:
        raise InvalidRoll(index, f"a weight is 1 or more, not {weight}")
    if weight > MAX_WEIGHT:
        raise InvalidRoll(index, "a weight is below 2^256")


def _ordered(rows: PackedEntries) -> bytes:
    """The places of all entries in the order of their addresses.

    Raises:
        InvalidRoll: a voter stands on the roll twice.
    """
    order = array("I", sorted(range(len(rows)), key=rows.voter))
    twice = [later for place, later in pairwise(order) if rows.voter(place) == rows.voter(later)]
    if twice:
        again = min(twice)
        raise InvalidRoll(again, f"{rows[again].voter} stands on the roll twice")
    if sys.byteorder == "little":
        order.byteswap()
    return order.tobytes()
