"""Whether a poll would take a ballot, by what was seen of it."""

from __future__ import annotations

from dataclasses import replace
from math import inf

import pytest

from support.paper_carriage import PaperNode, Wicket
from support.paper_polls import CLOSES, OPENS, voter
from veche.chain import casting
from veche.errors import (
    BallotExpired,
    InvalidSignature,
    NotOnRoll,
    WrongPhase,
    WrongTracker,
)
from veche.protocol import trackers
from veche.protocol.phase import Phase


@pytest.fixture
def wicket() -> Wicket:
    return Wicket(PAPER)


PAPER = Wicket().paper
OTHER = b"\7" * 32


# -- Looked at --


def test_poll_is_looked_at_anew_when_what_was_seen_is_old(wicket: Wicket) -> None:
    admission = wicket.admission
    looks = wicket.node.looks
    wicket.node.time, wicket.phase = OPENS + 50, Phase.CANCELLED
    admission.look(fresh=inf)
    assert (wicket.node.looks, admission.phase) == (looks, Phase.OPEN)
    admission.look(fresh=0)
    assert (wicket.node.looks, admission.phase) == (looks + 1, Phase.CANCELLED)
    assert admission.time == OPENS + 51


@pytest.mark.parametrize(
    ("gas_limit", "most"),
    [(30_000_000, 15_000_000), (1 << 25, 1 << 24), (1 << 30, casting.MAX_GAS)],
)
def test_batch_may_ask_for_half_of_a_block(gas_limit: int, most: int) -> None:
    assert Wicket(PAPER, PaperNode(gas_limit=gas_limit)).admission.most_gas == most


# -- In time --


def test_ballot_is_in_time_until_the_close(wicket: Wicket) -> None:
    signed, admission = wicket.signed(), wicket.admission
    wicket.node.time = CLOSES - 2
    admission.look(fresh=0)
    admission.require_in_time(signed)
    wicket.node.time = CLOSES - 1
    admission.look(fresh=0)
    with pytest.raises(WrongPhase) as refusal:
        admission.require_in_time(signed)
    assert refusal.value.values == (Phase.OPEN.number, Phase.CLOSED.number)


def test_ballot_is_in_time_until_its_deadline(wicket: Wicket) -> None:
    deadline = OPENS + 10
    signed, admission = wicket.signed(deadline=deadline), wicket.admission
    wicket.node.time = deadline - 1
    admission.look(fresh=0)
    admission.require_in_time(signed)
    wicket.node.time = deadline
    admission.look(fresh=0)
    with pytest.raises(BallotExpired):
        admission.require_in_time(signed)


@pytest.mark.parametrize("phase", [each for each in Phase if each != Phase.OPEN])
def test_ballot_is_not_in_time_where_the_poll_is_not_open(wicket: Wicket, phase: Phase) -> None:
    wicket.phase = phase
    with pytest.raises(WrongPhase) as refusal:
        wicket.admission.require_in_time(wicket.signed())
    assert refusal.value.values == (Phase.OPEN.number, phase.number)


# -- Entitled --


def test_voters_are_entitled_with_their_weights(wicket: Wicket) -> None:
    for each in range(3):
        wicket.admission.require_entitled(wicket.signed(each))


def test_nobody_else_is_entitled(wicket: Wicket) -> None:
    admission, good = wicket.admission, wicket.signed(0)
    for signed in (wicket.signed(0, weight=2), wicket.signed(7, weight=1), wicket.signed(7)):
        with pytest.raises(NotOnRoll):
            admission.require_entitled(signed)
    for signed in (replace(good, voter=voter(1).address), replace(good, deadline=CLOSES - 1)):
        with pytest.raises(InvalidSignature):
            admission.require_entitled(signed)


# -- On chain --


def test_ballot_that_counts_is_on_chain(wicket: Wicket) -> None:
    signed = wicket.signed()
    own = signed.tracker(wicket.hash)
    assert wicket.admission.is_on_chain(signed, own, own)


def test_ballot_that_was_replaced_is_on_chain(wicket: Wicket) -> None:
    signed = wicket.signed()
    own = signed.tracker(wicket.hash)
    wicket.logged.append(own)
    assert wicket.admission.is_on_chain(signed, own, OTHER)


def test_ballot_is_new_where_what_it_replaces_counts(wicket: Wicket) -> None:
    for replaces in (None, OTHER):
        signed = wicket.signed(replaces=replaces)
        own = signed.tracker(wicket.hash)
        assert not wicket.admission.is_on_chain(signed, own, replaces)


@pytest.mark.parametrize(
    ("replaces", "counting"), [(None, OTHER), (OTHER, None), (OTHER, b"\1" * 32)]
)
def test_ballot_is_refused_where_another_counts_than_it_replaces(
    wicket: Wicket, replaces: bytes | None, counting: bytes | None
) -> None:
    signed = wicket.signed(replaces=replaces)
    with pytest.raises(WrongTracker) as refusal:
        wicket.admission.is_on_chain(signed, signed.tracker(wicket.hash), counting)
    assert refusal.value.values == (trackers.word(counting), trackers.word(replaces))
