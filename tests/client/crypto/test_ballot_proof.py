"""Ballots: whatever the questions allow is accepted, and no forgery."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from attacks.votes import ONE_OPTION, weak_challenge, weak_forgery
from support.samples import CHOOSE_ONE, KEY, Voting
from support.strategies import questions, scores, seeds
from veche.crypto import ballot_proof
from veche.crypto.ballot_proof import Ballot, Opening
from veche.crypto.elgamal import Ciphertext
from veche.crypto.group import INFINITY, G, N, P, Point, Scalar, Secret
from veche.crypto.questions import Questions
from veche.errors import InvalidProof, InvalidScores


def verify(ballot: Ballot, voting: Voting) -> None:
    ballot_proof.verify(
        ballot,
        questions=voting.questions,
        key=KEY.point,
        tracker=voting.tracker(ballot.ciphertexts),
    )


@given(st.data(), questions, seeds)
@settings(max_examples=30)
def test_every_allowed_vote_is_accepted(data: st.DataObject, asked: Questions, seed: str) -> None:
    voting = Voting(asked)
    given_scores = data.draw(scores(asked))
    ciphertexts, opening = voting.encrypt(given_scores, seed)
    verify(voting.prove(ciphertexts, opening, seed), voting)


def test_verifying_gives_the_hints_for_the_contract() -> None:
    voting = Voting(CHOOSE_ONE)
    ballot = voting.prove(*voting.encrypt((0, 1, 0), "hints"), "hints")
    asked = {"questions": CHOOSE_ONE, "key": KEY.point}
    tracker = voting.tracker(ballot.ciphertexts)
    found = ballot_proof.verified_hints(ballot, **asked, tracker=tracker)  # type: ignore[arg-type]
    assert found == ballot_proof.hints(ballot, **asked)  # type: ignore[arg-type]
    with pytest.raises(InvalidProof):
        ballot_proof.verified_hints(ballot, **asked, tracker=bytes(32))  # type: ignore[arg-type]


def test_weak_forgery_works_against_a_challenge_without_the_statement() -> None:
    ballot, score = weak_forgery()
    assert score not in (0, 1)
    assert weak_challenge(ballot, ONE_OPTION, KEY.point) == ballot.challenge
    pad = ballot.ciphertexts[0].a * KEY.secret
    assert ballot.ciphertexts[0].b == pad + G * Scalar(score)


def test_weak_forgery_fails_here() -> None:
    with pytest.raises(InvalidProof):
        verify(weak_forgery()[0], Voting(ONE_OPTION))


# -- Scores --


@pytest.mark.parametrize(
    "wrong",
    [(), (1,), (1, 0, 0, 0), (2, 0, 0), (-1, 1, 1), (0, 0, 0), (1, 1, 0)],
)
def test_encrypt_fails_if_scores_are_not_allowed(wrong: tuple[int, ...]) -> None:
    with pytest.raises(InvalidScores) as caught:
        ballot_proof.encrypt(wrong, questions=CHOOSE_ONE, key=KEY.point)
    assert caught.value.values == ()


def test_encrypt_and_prove_with_the_systems_randomness() -> None:
    voting = Voting(CHOOSE_ONE)
    asked = {"questions": CHOOSE_ONE, "key": KEY.point}
    ciphertexts, opening = ballot_proof.encrypt((0, 1, 0), **asked)  # type: ignore[arg-type]
    tracker = voting.tracker(ciphertexts)
    ballot = ballot_proof.prove(ciphertexts, opening, tracker=tracker, **asked)  # type: ignore[arg-type]
    verify(ballot, voting)
    again, _ = ballot_proof.encrypt((0, 1, 0), **asked)  # type: ignore[arg-type]
    assert again != ciphertexts


def test_prove_fails_if_the_opening_is_not_allowed() -> None:
    voting = Voting(CHOOSE_ONE)
    ciphertexts, opening = voting.encrypt((1, 1, 0), "too many")
    with pytest.raises(InvalidScores, match="question 1: 2 options are chosen, not 1"):
        voting.prove(ciphertexts, opening, "too many")


def test_opening_shows_nothing() -> None:
    opening = Opening((1, 0), (Secret(0xC0FFEE), Secret(0xBEEF)))
    assert repr(opening) == "Opening(2 choices, hidden)"


# -- The hint for the inversion of totals --

SUMS = [
    [1],
    [1, 2],
    [5, 7, 11, 13, 2**200],
    [5, 5],
    [5, -5],
    [5, -5, 7],
    [5, -5, 7, 7, 1],
    [1, 2, -3],
    [1, 2, 3, 6],
]
"""Multiples of G that are added up: ordinary ones, doubled ones, opposite ones."""


def jacobian(points: Sequence[Point]) -> tuple[int, int, int]:
    """X, Y, Z of a sum, by the contract's formulas."""
    total = (0, 0, 0)
    for point in points:
        x1, y1, z1 = total
        h, r = point.x * z1**2 - x1, point.y * z1**3 - y1
        x = r**2 - h**3 - 2 * x1 * h**2
        total = (x % P, (r * (x1 * h**2 - x) - y1 * h**3) % P, z1 * h % P)
        if not z1:
            total = (point.x, point.y, 1)
        elif h % P == r % P == 0:
            s, m = 4 * point.x * point.y**2, 3 * point.x**2
            x = m**2 - 2 * s
            total = (x % P, (m * (s - x) - 8 * point.y**4) % P, 2 * point.y % P)
        elif h % P == 0:
            total = (0, 0, 0)
    return total


@pytest.mark.parametrize("multiples", SUMS)
def test_inverse_is_that_of_all_z_of_the_totals(multiples: list[int]) -> None:
    asked = Questions.of((1, 1, 0, 1), (len(multiples), 1, 1, 1), (len(multiples), 1, 0, 0))
    ordinary = [G * Scalar(each % N) for each in range(1, len(multiples) + 1)]
    points = [G * Scalar(each % N) for each in multiples]
    pairs = [(G, G), *zip(points, ordinary, strict=True), *zip(ordinary, ordinary, strict=True)]
    ciphertexts = tuple(Ciphertext(a, b) for a, b in pairs)
    scalar = Scalar(1)
    ballot = Ballot(ciphertexts, scalar, (), ())
    product = 1
    for row in (points, ordinary, ordinary, ordinary):
        x, y, z = jacobian(row)
        total = sum(row, INFINITY)
        assert (x, y) == (total.x * z**2 % P, total.y * z**3 % P)
        product *= z or 1
    assert ballot_proof.inverse(ballot, questions=asked) * product % P == 1


def test_ballot_that_proves_no_total_needs_no_inverse() -> None:
    asked = Questions.of((2, 1, 0, 2))
    ciphertexts = (Ciphertext(G, G), Ciphertext(G, -G))
    assert ballot_proof.inverse(Ballot(ciphertexts, Scalar(1), (), ()), questions=asked) == 1
