"""Roll proofs: what shows a voter's device that the voter is on the roll, honest and hostile."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from support.one_poll import POLL
from support.vector_files import load
from veche import errors
from veche.errors import InvalidRoll, WrongRollProof
from veche.protocol.roll import Roll
from veche.protocol.roll_proof import MAX_CHARACTERS, MAX_PATH, RollProof

CASES = load("roll_proofs")


def voter(index: int) -> str:
    return f"0x{index:040x}"


def read(case: Any) -> RollProof:
    """What a voter's device does with a document."""
    own = replace(
        POLL,
        chain_id=case["chainId"],
        address=case["poll"],
        roll_root=bytes.fromhex(case["rollRoot"][2:]),
    )
    proof = RollProof.from_json(case["document"])
    proof.require_of(own)
    proof.require_voter(case["voter"])
    return proof


@pytest.mark.parametrize("case", CASES, ids=lambda each: each["name"])
def test_verdict_is_that_of_the_vectors(case: Any) -> None:
    if case["refusal"] is None:
        assert read(case).voter == case["voter"]
        return
    with pytest.raises(getattr(errors, case["refusal"])) as caught:
        read(case)
    assert len(str(caught.value)) < 400


@given(st.integers(1, 40))
@settings(max_examples=20)
def test_proof_of_every_voter_is_read_as_it_was_written(count: int) -> None:
    roll = Roll((voter(each), each) for each in range(1, count + 1))
    own = replace(POLL, roll_root=roll.root, total_weight=roll.total_weight)
    for each, weight in roll:
        proof = RollProof.of(roll, own, each)
        again = RollProof.from_json(proof.to_json())
        again.require_of(own)
        assert again == proof
        assert (again.voter, again.weight) == (each, weight)


def test_no_proof_is_made_of_somebody_else_or_for_another_roll() -> None:
    roll = Roll([(voter(1), 1), (voter(2), 2)])
    with pytest.raises(InvalidRoll, match="not on the roll"):
        RollProof.of(roll, replace(POLL, roll_root=roll.root), voter(3))
    with pytest.raises(WrongRollProof, match="with the root 0x"):
        RollProof.of(roll, POLL, voter(1))


def test_longest_proof_fits() -> None:
    """With the largest numbers that any poll can have."""
    longest = RollProof(
        2**256 - 1, voter(1), b"\xff" * 32, voter(2), 2**40 - 1, 2**41 - 2, (b"\xff" * 32,) * 40
    )
    assert len(longest.path) == MAX_PATH
    text = longest.to_json()
    assert 2 * len(text) < MAX_CHARACTERS
    assert RollProof.from_json(text) == longest
