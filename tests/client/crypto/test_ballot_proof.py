"""Ballots: whatever the questions allow is accepted."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from unittest import mock

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from support.samples import CHOOSE_ONE, KEY, MIXED, SCORE, Voting
from support.strategies import questions, scores, seeds
from veche.crypto import ballot_proof, second_generator, statements, transcript
from veche.crypto.ballot_proof import Ballot, Opening
from veche.crypto.group import G, Scalar, Secret
from veche.crypto.questions import Questions
from veche.errors import (
    DegenerateSum,
    InvalidBallotShape,
    InvalidProof,
    InvalidScalar,
    InvalidScores,
)


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


@pytest.mark.parametrize(
    ("limits", "given_scores"),
    [
        (((1, 100, 0, 100),), (100,)),
        (((3, 100, 100, 200),), (100, 0, 37)),
        (((60, 1, 0, 60),), (1, 0) * 30),
        (((1, 1, 0, 1), (2, 7, 3, 9)), (1, 7, 2)),
    ],
)
def test_largest_questions_are_accepted(
    limits: tuple[tuple[int, int, int, int], ...], given_scores: tuple[int, ...]
) -> None:
    voting = Voting(Questions.of(*limits))
    verify(voting.prove(*voting.encrypt(given_scores, "large"), "large"), voting)


def test_verifying_gives_the_hints_for_the_contract() -> None:
    voting = Voting(MIXED)
    ballot = voting.prove(*voting.encrypt((1, 0, 2, 0, 2), "hints"), "hints")
    tracker = voting.tracker(ballot.ciphertexts)
    asked: dict[str, Any] = {"questions": MIXED, "key": KEY.point}
    found = ballot_proof.verified_hints(ballot, **asked, tracker=tracker)
    assert found == ballot_proof.hints(ballot, **asked, tracker=tracker)
    with pytest.raises(InvalidProof):
        ballot_proof.verified_hints(ballot, **asked, tracker=bytes(32))


def test_verify_fails_if_the_factor_is_zero() -> None:
    voting = Voting(CHOOSE_ONE)
    ballot = voting.prove(*voting.encrypt((0, 1, 0), "factor"), "factor")
    with (
        mock.patch.object(transcript, "statement_factor", return_value=Scalar(0)),
        pytest.raises(InvalidScalar) as caught,
    ):
        verify(ballot, voting)
    assert caught.value.field == "factor"


def test_verify_fails_if_the_opening_of_the_polynomial_is_infinity() -> None:
    """P(x)·G + w·H: who knew the logarithm of H could bring it about."""
    voting, logarithm = Voting(SCORE), Scalar(0xC0FFEE)
    with mock.patch.object(second_generator, "H", G * logarithm):
        ballot = voting.prove(*voting.encrypt((3,), "infinity"), "infinity")
        tau = transcript.statement_factor(voting.tracker(ballot.ciphertexts))
        value = statements.value(ballot.responses[::2], ballot.challenge, tau, SCORE)
        bent = replace(ballot, blinding=-value * logarithm.inverse())
        with pytest.raises(DegenerateSum) as caught:
            verify(bent, voting)
    assert caught.value.values == (SCORE.choices + SCORE.degree - 2,)


def test_ballot_has_as_many_words_as_its_questions_say() -> None:
    voting = Voting(MIXED)
    ballot = voting.prove(*voting.encrypt((1, 0, 2, 0, 2), "words"), "words")
    assert len(ballot.words) == 2 * MIXED.points + MIXED.scalars
    assert Ballot.from_words(ballot.words, MIXED) == ballot
    for wrong in (ballot.words[:-2], [*ballot.words, 1]):
        with pytest.raises(InvalidBallotShape):
            Ballot.from_words(wrong, MIXED)


# -- Scores --


@pytest.mark.parametrize(
    "wrong",
    [(), (1,), (1, 0, 0, 0), (2, 0, 0), (-1, 1, 1), (0, 0, 0), (1, 1, 0)],
)
def test_encrypt_fails_if_scores_are_not_allowed(wrong: tuple[int, ...]) -> None:
    with pytest.raises(InvalidScores) as caught:
        ballot_proof.encrypt(wrong, questions=CHOOSE_ONE, key=KEY.point, place=bytes(32))
    assert caught.value.values == ()


def test_encrypt_and_prove_with_the_systems_randomness() -> None:
    voting = Voting(CHOOSE_ONE)
    asked: dict[str, Any] = {"questions": CHOOSE_ONE, "key": KEY.point}
    ciphertexts, opening = ballot_proof.encrypt((0, 1, 0), **asked, place=bytes(32))
    tracker = voting.tracker(ciphertexts)
    ballot = ballot_proof.prove(ciphertexts, opening, tracker=tracker, **asked)
    verify(ballot, voting)
    again, _ = ballot_proof.encrypt((0, 1, 0), **asked, place=bytes(32))
    assert again != ciphertexts


def test_prove_fails_if_the_opening_is_not_allowed() -> None:
    voting = Voting(CHOOSE_ONE)
    ciphertexts, opening = voting.encrypt((1, 1, 0), "too many")
    with pytest.raises(InvalidScores, match="question 1: 2 options are chosen, not 1"):
        voting.prove(ciphertexts, opening, "too many")


def test_opening_shows_nothing() -> None:
    opening = Opening((1, 0), (Secret(0xC0FFEE), Secret(0xBEEF)))
    assert repr(opening) == "Opening(2 choices, hidden)"
