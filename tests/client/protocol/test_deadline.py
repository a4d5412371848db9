"""Until when a ballot may be cast."""

from __future__ import annotations

import pytest

from support.one_poll import POLL, VOTER, prepared
from veche.errors import BallotExpired
from veche.protocol import deadline as deadlines
from veche.protocol.ballot import MAX_DEADLINE

NOW, CLOSES = 1_000, 2_000


@pytest.mark.parametrize(
    ("wanted", "signed"),
    [
        (NOW, NOW),
        (1_500, 1_500),
        (CLOSES, CLOSES),
        (CLOSES + 1, CLOSES),
        (MAX_DEADLINE, CLOSES),
        (2**256, CLOSES),
    ],
)
def test_deadline_is_the_close_at_the_latest(wanted: int, signed: int) -> None:
    assert deadlines.limited(wanted, now=NOW, closes=CLOSES) == signed


@pytest.mark.parametrize("wanted", [NOW - 1, 0, -1, -(2**64)])
def test_deadline_fails_if_it_is_past(wanted: int) -> None:
    with pytest.raises(BallotExpired, match="but the chain's clock shows") as refused:
        deadlines.limited(wanted, now=NOW, closes=CLOSES)
    assert refused.value.values == (wanted, NOW)


def test_ballot_is_dead_long_before_the_close_unless_its_voter_wants_otherwise() -> None:
    assert deadlines.CAST_WITHIN < deadlines.CARRY_WITHIN == 86_400


# -- What is signed --


def test_ballot_is_signed_with_the_deadline_that_it_was_prepared_with() -> None:
    ballot = prepared(deadline=POLL.opens + 10)
    assert ballot.sign(VOTER).deadline == POLL.opens + 10
    assert ballot.sign(VOTER, deadline=POLL.opens + 20).deadline == POLL.opens + 20


def test_ballot_that_was_prepared_without_a_deadline_can_be_cast_until_the_close() -> None:
    assert prepared().sign(VOTER).deadline == POLL.closes


@pytest.mark.parametrize("wanted", [POLL.closes + 1, MAX_DEADLINE, MAX_DEADLINE + 1])
def test_no_deadline_after_the_close_is_signed(wanted: int) -> None:
    assert prepared().sign(VOTER, deadline=wanted).deadline == POLL.closes


@pytest.mark.parametrize("wanted", [POLL.opens - 1, -1])
def test_signing_fails_if_the_poll_opens_after_the_deadline(wanted: int) -> None:
    with pytest.raises(BallotExpired):
        prepared().sign(VOTER, deadline=wanted)
