"""Weights that give a voter away: the attack, and who is warned of it."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from veche.protocol.rare_weights import caution, rare_weights

DOUBLING = (1, 2, 4, 8, 16, 16)
"""No weight is larger than all others together."""
OPTIONS = 3


def result(weights: Sequence[int], votes: Sequence[int]) -> list[int]:
    """What every option gets, if each voter chooses one."""
    totals = [0] * OPTIONS
    for weight, vote in zip(weights, votes, strict=True):
        totals[vote] += weight
    return totals


def explanations(weights: Sequence[int], shown: list[int]) -> list[tuple[int, ...]]:
    """All votes that give a result."""
    every = product(range(OPTIONS), repeat=len(weights))
    return [votes for votes in every if result(weights, votes) == shown]


# -- The attack --


def test_result_gives_away_all_votes_if_weights_double() -> None:
    votes = (0, 1, 2, 0, 1, 1)
    assert explanations(DOUBLING, result(DOUBLING, votes)) == [votes]
    assert rare_weights(DOUBLING, fewest=2) == {8: 1, 4: 1, 2: 1, 1: 1}


def test_result_gives_away_nobody_among_voters_of_one_weight() -> None:
    votes = (0, 1, 2, 0, 1, 1)
    found = explanations((5,) * 6, result((5,) * 6, votes))
    for voter in range(6):
        assert {each[voter] for each in found} == {0, 1, 2}
    assert rare_weights((5,) * 6, fewest=2) == {}


@st.composite
def polls(draw: st.DrawFn) -> tuple[list[int], list[int]]:
    """Weights of few kinds, and a vote of each."""
    weights = draw(st.lists(st.sampled_from([1, 2, 3, 7, 1_000]), min_size=1, max_size=12))
    size = len(weights)
    return weights, draw(st.lists(st.integers(0, OPTIONS - 1), min_size=size, max_size=size))


@given(polls(), st.integers(2, 4))
def test_voter_of_a_weight_that_is_not_rare_may_have_voted_as_any_other_of_it(
    poll: tuple[list[int], list[int]], fewest: int
) -> None:
    weights, votes = poll
    rare = rare_weights(weights, fewest=fewest)
    for weight in set(weights) - set(rare):
        own = [i for i, each in enumerate(weights) if each == weight]
        assert len(own) >= fewest or set(weights) == {weight}
        for other in own[1:]:
            swapped = list(votes)
            swapped[own[0]], swapped[other] = votes[other], votes[own[0]]
            assert result(weights, swapped) == result(weights, votes)


# -- Who is warned --


@pytest.mark.parametrize(
    ("weights", "fewest", "rare"),
    [
        ([1], 2, {}),
        ([7, 7, 7], 10, {}),
        ([1] * 10 + [2] * 10, 10, {}),
        ([1] * 10 + [2] * 9, 10, {2: 9}),
        ([1] * 9 + [2] * 10, 10, {1: 9}),
        ([1] * 99 + [100], 2, {100: 1}),
        ([1, 2], 2, {2: 1, 1: 1}),
        ([2**39, 1, 1, 2**39 - 1], 2, {2**39: 1, 2**39 - 1: 1}),
    ],
)
def test_weight_is_rare_if_fewer_share_it_than_a_result_needs(
    weights: list[int], fewest: int, rare: dict[int, int]
) -> None:
    assert rare_weights(weights, fewest=fewest) == rare
    assert list(rare_weights(weights, fewest=fewest)) == sorted(rare, reverse=True)


def test_caution_names_a_few_rare_weights_and_counts_the_others() -> None:
    assert caution(DOUBLING, fewest=3) == (
        "some weights are shared by fewer than 3 voters: 16 (2 voters), 8 (1 voter), 4 (1 voter), "
        "2 more. The result may show how these voters voted."
    )
    assert "voters: 2 (1 voter)." in caution([1, 1, 2], fewest=2)


def test_caution_tells_a_voter_of_their_own_weight() -> None:
    told = caution([1, 1, 2], fewest=2, own=2)
    assert told.startswith("some weights are shared by fewer than 2 voters, yours among them: 2")
    assert "yours" not in caution([1, 1, 2], fewest=2, own=1)
    assert caution([1, 1, 1], fewest=2, own=1) == ""
