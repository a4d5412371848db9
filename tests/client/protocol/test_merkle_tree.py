"""The tree in a row of bytes is OpenZeppelin's, node by node."""

from __future__ import annotations

import pytest
from eth_hash.auto import keccak

from veche.protocol.merkle_tree import MerkleTree, climb, depth_of


def plain(leaves: list[bytes]) -> list[bytes]:
    """As @openzeppelin/merkle-tree makes it: an array, filled from its end."""
    nodes = [b""] * (2 * len(leaves) - 1)
    for place, each in enumerate(sorted(leaves)):
        nodes[len(nodes) - 1 - place] = each
    for place in reversed(range(len(leaves) - 1)):
        nodes[place] = keccak(b"".join(sorted(nodes[2 * place + 1 : 2 * place + 3])))
    return nodes


@pytest.mark.parametrize("count", [*range(1, 35), 127, 128, 129])
def test_nodes_are_those_of_the_standard_tree(count: int) -> None:
    leaves = [keccak(each.to_bytes(4, "big")) for each in range(count)]
    tree = MerkleTree.of(leaves)
    nodes = plain(leaves)
    assert bytes(tree.nodes) == b"".join(nodes)
    for each in leaves:
        place = tree.place(each)
        assert place is not None
        assert nodes[place] == each
        assert len(tree.path(place)) == depth_of(place)
        assert climb(each, tree.path(place)) == tree.root
    for other in (bytes(32), b"\xff" * 32, keccak(b"nobody")):
        assert tree.place(other) is None
    if count > 1:
        assert tree.place(tree.root) is None
