"""Ballots: whatever the questions allow is accepted, and no forgery."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from attacks.votes import ONE_OPTION, weak_challenge, weak_forgery
from samples import CHOOSE_ONE, KEY, Voting
from strategies import questions, scores, seeds
from veche.crypto import ballot_proof
from veche.crypto.ballot_proof import Ballot, Opening
from veche.crypto.group import G, Scalar, Secret
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
@settings(max_examples=30, deadline=None)
def test_every_allowed_vote_is_accepted(data: st.DataObject, asked: Questions, seed: str) -> None:
    voting = Voting(asked)
    given_scores = data.draw(scores(asked))
    ciphertexts, opening = voting.encrypt(given_scores, seed)
    verify(voting.prove(ciphertexts, opening, seed), voting)


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
    with pytest.raises(InvalidScores, match="question 0"):
        voting.prove(ciphertexts, opening, "too many")


def test_opening_shows_nothing() -> None:
    opening = Opening((1, 0), (Secret(0xC0FFEE), Secret(0xBEEF)))
    assert repr(opening) == "Opening(2 choices, hidden)"
