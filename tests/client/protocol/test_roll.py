"""The electoral roll: OpenZeppelin's standard Merkle tree, and who cannot stand on it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from eth_hash.auto import keccak
from hypothesis import given, settings
from hypothesis import strategies as st

from support.one_poll import POLL
from support.vector_files import load
from veche.crypto.transcript import words
from veche.errors import InvalidRoll, WrongRoll
from veche.protocol.entries import Entry, leaf
from veche.protocol.roll import Roll

ONE, TWO = ("0x" + digit * 40 for digit in "12")


def test_root_is_that_of_the_standard_tree() -> None:
    """The example in the documentation of @openzeppelin/merkle-tree."""
    roll = Roll([(ONE, 5 * 10**18), (TWO, 25 * 10**17)])
    expected = "d4dee0beab2d53f2cc83e567171bd2820e49898130a22622b10ead383e90bd77"
    assert roll.root.hex() == expected


@pytest.mark.parametrize("case", load("rolls"), ids=lambda each: each["name"])
def test_root_is_that_of_the_vectors(case: Any) -> None:
    entries = [(voter, weight) for voter, weight in case["roll"]]
    if case["root"] is None:
        with pytest.raises(InvalidRoll):
            Roll(entries)
        return
    roll = Roll(entries)
    assert (f"0x{roll.root.hex()}", roll.total_weight) == (case["root"], case["totalWeight"])


def climb(node: bytes, proof: list[bytes]) -> bytes:
    """What OpenZeppelin's MerkleProof computes."""
    for sibling in proof:
        node = keccak(b"".join(sorted((node, sibling))))
    return node


@given(st.sets(st.integers(1, 2**160 - 1), min_size=1, max_size=40), st.integers(1, 2**40))
@settings(max_examples=40)
def test_proofs_lead_to_the_root(voters: set[int], weight: int) -> None:
    roll = Roll((f"0x{each:040x}", weight + each % 7) for each in voters)
    assert len(roll) == len(voters)
    assert roll.total_weight == sum(entry.weight for entry in roll)
    for entry in roll:
        assert climb(leaf(entry), roll.path(entry.voter, 0)[1]) == roll.root
        heavier = Entry(entry.voter, entry.weight + 1)
        assert climb(leaf(heavier), roll.path(entry.voter, 0)[1]) != roll.root


@given(st.integers(1, 40))
@settings(max_examples=40)
def test_paths_lead_to_the_nodes_of_every_depth(count: int) -> None:
    roll = Roll((f"0x{each:040x}", each) for each in range(1, count + 1))
    depth = 0
    while 2**depth <= count:
        nodes = roll.nodes(depth)
        for entry in roll:
            place, path = roll.path(entry.voter, depth)
            assert climb(leaf(entry), path) == nodes[place]
        while len(nodes) > 1:
            nodes = [climb(nodes[i], [nodes[i + 1]]) for i in range(0, len(nodes), 2)]
        assert nodes == [roll.root]
        depth += 1


@pytest.mark.parametrize(
    ("count", "depth"), [(0, 0), (1, 0), (2, 1), (3, 2), (4, 2), (5, 3), (10, 3), (1_000, 3)]
)
def test_depth_gives_about_as_many_nodes_as_ballots(count: int, depth: int) -> None:
    roll = Roll((f"0x{each:040x}", 1) for each in range(1, 10))
    assert roll.depth(count) == depth
    assert len(roll.nodes(depth)) == 2**depth


def test_leaf_is_hashed_twice() -> None:
    assert leaf(Entry(ONE, 7)) == keccak(keccak(words([int(ONE, 16), 7])))


def test_look_up() -> None:
    roll = Roll([(ONE, 3)])
    assert ONE in roll
    assert roll.weight(ONE) == 3
    assert TWO not in roll
    assert roll.weight(TWO) == 0
    with pytest.raises(InvalidRoll, match="not on the roll"):
        roll.path(TWO, 0)[1]


CHECKSUMMED = "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed"


@pytest.mark.parametrize(
    ("entries", "index", "reason"),
    [
        ([], 0, "the roll is empty"),
        ([(ONE, 1), (TWO, 0)], 1, "1 or more"),
        ([(ONE, 1), (TWO, -1)], 1, "1 or more"),
        ([(ONE, 1), (TWO, 1), (ONE, 2)], 2, "twice"),
        ([(CHECKSUMMED, 1), (CHECKSUMMED.lower(), 1)], 1, "twice"),
        ([(CHECKSUMMED.replace("5aA", "5aa"), 1)], 0, "checksum"),
        ([("0x12", 1)], 0, "not an address"),
        ([("voter", 1)], 0, "not an address"),
    ],
)
def test_impossible_rolls_are_refused(
    entries: list[tuple[str, int]], index: int, reason: str
) -> None:
    with pytest.raises(InvalidRoll, match=reason) as caught:
        Roll(entries)
    assert caught.value.index == index


# -- Of a poll --


def test_roll_of_a_poll_has_its_root_and_its_weight() -> None:
    roll = Roll([(ONE, 3), (TWO, 7)])
    own = replace(POLL, roll_root=roll.root, total_weight=10)
    roll.require_of(own)
    Roll([(TWO, 7), (ONE, 3)]).require_of(own)
    for other in (replace(own, total_weight=11), replace(own, roll_root=bytes(32))):
        with pytest.raises(WrongRoll, match="this roll has the root") as wrong:
            roll.require_of(other)
        assert f"0x{roll.root.hex()} and the weight 10" in str(wrong.value)
        assert f"0x{other.roll_root.hex()} and the weight {other.total_weight}" in str(wrong.value)
