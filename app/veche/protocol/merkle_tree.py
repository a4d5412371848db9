"""OpenZeppelin's standard Merkle tree, in a row of bytes: a million leaves take 64 MB.

Nodes are numbered from the root, which is node 0; below node i are 2·i + 1 and 2·i + 2. Leaves are
the last ones, in falling order, and the two hashes of every pair are sorted by value. The libraries
with this tree do not go together with Brownie.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from veche.crypto.keccak import keccak
from veche.protocol.entries import Buffer

NODE: Final = 32
"""The bytes of a node."""


class MerkleTree:
    """A Merkle tree.

    Attributes:
        nodes: the bytes of all nodes, in the order of their numbers.
    """

    def __init__(self, nodes: Buffer) -> None:
        self.nodes = nodes
        self._leaves = (len(nodes) // NODE + 1) // 2

    @classmethod
    def of(cls, leaves: Iterable[bytes]) -> MerkleTree:
        """The tree over leaves of 32 bytes, one at least."""
        levels = list(_levels(sorted(leaves, reverse=True)))
        return cls(b"".join(reversed(levels)))

    @property
    def root(self) -> bytes:
        """The root: 32 bytes."""
        return self._node(0)

    def level(self, depth: int) -> list[bytes]:
        """All nodes of a depth, in order. At this depth every place must be taken."""
        return [self._node(place) for place in range(2**depth - 1, 2 ** (depth + 1) - 1)]

    def place(self, leaf: bytes) -> int | None:
        """The number of the node that is a leaf; None if the tree has no such leaf."""
        last = 2 * self._leaves - 2
        found = bisect_left(range(self._leaves), leaf, key=lambda each: self._node(last - each))
        place = last - found
        return place if found < self._leaves and self._node(place) == leaf else None

    def path(self, place: int, depth: int = 0) -> list[bytes]:
        """The siblings on the way from a node up to the one above it at a depth."""
        siblings = []
        while place > 2 ** (depth + 1) - 2:
            siblings.append(self._node(place - 1 if place % 2 == 0 else place + 1))
            place = (place - 1) // 2
        return siblings

    def _node(self, place: int) -> bytes:
        return bytes(self.nodes[place * NODE : (place + 1) * NODE])


def depth_of(place: int) -> int:
    """How many nodes are above a node."""
    return (place + 1).bit_length() - 1


def climb(leaf: bytes, path: Iterable[bytes]) -> bytes:
    """The node that is above a leaf if these are the siblings on the way."""
    node = leaf
    for sibling in path:
        node = _parent(node, sibling)
    return node


def _parent(left: bytes, right: bytes) -> bytes:
    return keccak(left + right if left < right else right + left)


def _levels(last_first: Sequence[bytes]) -> Iterator[bytes]:
    """The nodes of every depth in a row of bytes, the lowest first.

    Leaves fill the lowest depth from its left, and of the depth above it what has no leaves below.
    """
    depth = depth_of(2 * len(last_first) - 2)
    above = 2**depth - len(last_first)
    level = list(last_first[above:])
    yield b"".join(level)
    level = [*_parents(level), *last_first[:above]]
    while level:
        yield b"".join(level)
        level = _parents(level)


def _parents(level: Sequence[bytes]) -> list[bytes]:
    pairs = iter(level)
    return [_parent(left, right) for left, right in zip(pairs, pairs, strict=False)]
