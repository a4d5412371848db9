"""A carrier's parts on a chain, driven by hand, as a service of its own would drive them."""

from __future__ import annotations

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import count
from typing import TypeVar

import pytest

from support.elections import Town
from veche import Poll, SignedBallot, connect
from veche.carrier import intake
from veche.carrier.admission import Admissions
from veche.carrier.ballots import (
    EntitledBallot,
    FoundBallot,
    HandedIn,
    NewBallot,
    ProvenBallot,
)
from veche.carrier.batches import Batch
from veche.carrier.flights import Flights
from veche.carrier.outcomes import Ended, Outcome
from veche.chain.poll_contract import logged_ballot
from veche.chain.transactions import Sender
from veche.errors import IncompleteRoll, UnknownContract, WrongPoll
from veche.protocol.ballot import PreparedBallot

names, numbers = count(), count()

T = TypeVar("T")


@pytest.fixture
def poll(town: Town) -> Poll:
    return town.open_poll(f"in parts {next(names)}")


@pytest.fixture
def admissions(town: Town) -> Admissions:
    return Admissions(connect(town.url))


@pytest.fixture
def flights(town: Town) -> Flights:
    return Flights(sender(town))


def sender(town: Town, *, confirmations: int = 1) -> Sender:
    return Sender(town.embedded.node, town.official, confirmations=confirmations)


def ballot(
    town: Town, poll: Poll, voter: int, *, option: int = 0, replaces: bytes | None = None
) -> SignedBallot:
    account, scores = town.voters[voter], [0] * 6
    scores[option] = 1
    definition = poll.definition
    return PreparedBallot.encrypt(
        scores, definition, voter=account.address, weight=1, replaces=replaces
    ).sign(account)


def going_on(results: Iterable[T | Ended]) -> list[T]:
    """The ballots at their next stage; none is refused."""
    found = list(results)
    passed = [each for each in found if not isinstance(each, Ended)]
    assert len(passed) == len(found)
    return passed


def entitled(admissions: Admissions, *ballots: SignedBallot) -> list[EntitledBallot]:
    handed = [HandedIn(next(numbers), each.to_json()) for each in ballots]
    return going_on(intake.entitled(going_on(intake.read(handed, admissions))))


def proven(admissions: Admissions, *ballots: SignedBallot) -> list[ProvenBallot]:
    looked_up = going_on(intake.looked_up(entitled(admissions, *ballots)))
    new = [each for each in looked_up if isinstance(each, NewBallot)]
    assert len(new) == len(ballots)
    with ThreadPoolExecutor(1) as pool:
        return going_on(intake.proven(new, pool))


def settled(flights: Flights) -> list[Ended]:
    """How the ballots of the oldest batch ended."""
    found = flights.settle(wait=True)
    assert found
    assert not found.again
    return found.ended


def error(ended: object) -> str:
    assert isinstance(ended, Ended)
    return type(ended.error).__name__


# -- Admissions --


def test_poll_is_opened_once(town: Town, poll: Poll, admissions: Admissions) -> None:
    first, second = (admissions.of(ballot(town, poll, each)) for each in (0, 1))
    assert first is second
    assert first.poll.address == poll.address
    other = town.open_poll(f"in parts {next(names)}")
    assert admissions.of(ballot(town, other, 0)) is not first


def test_other_polls_and_chains_are_not_carried_for(
    town: Town, poll: Poll, admissions: Admissions
) -> None:
    signed = ballot(town, poll, 0)
    other = town.open_poll(f"in parts {next(names)}")
    own = Admissions(connect(town.url), polls=[poll])
    assert own.of(signed).poll is poll
    for wanted, of in (
        (own, ballot(town, other, 0)),
        (own, replace(signed, chain_id=1)),
        (admissions, replace(signed, chain_id=1)),
        (Admissions(connect(town.url), expect=other.hash), signed),
    ):
        with pytest.raises(WrongPoll):
            wanted.of(of)
    with pytest.raises(UnknownContract):
        admissions.of(replace(signed, poll=town.official.address))


def test_poll_that_nobody_could_vote_in_is_opened_again_once_that_is_forgotten(
    town: Town, admissions: Admissions
) -> None:
    id_ = f"in parts {next(names)}"
    bare = town.open_poll(id_, with_roll=False)
    signed = ballot(town, bare, 0)
    with pytest.raises(IncompleteRoll):
        admissions.of(signed)
    voters = [(each.address, 1) for each in [*town.voters, town.poor]]
    town.catalogue.publish_roll(id_, 0, 0, voters, town.chain.sender)
    with pytest.raises(IncompleteRoll):
        admissions.of(signed)
    admissions.forget_refusals()
    admission = admissions.of(signed)
    admissions.forget_refusals()
    assert admissions.of(signed) is admission


# -- Looked up --


def test_ballots_are_found_or_new_or_refused(
    town: Town, poll: Poll, admissions: Admissions
) -> None:
    cast, replaced, new = (ballot(town, poll, each) for each in range(3))
    tracker = replaced.tracker(poll.hash)
    later = ballot(town, poll, 1, replaces=tracker)
    poll.cast_batch([cast, replaced])
    poll.cast(later)
    again = ballot(town, poll, 0, replaces=cast.tracker(poll.hash))
    late = ballot(town, poll, 1, replaces=tracker, option=1)
    ballots = entitled(admissions, cast, replaced, new, again, late)
    *first, refused = intake.looked_up(ballots)
    assert first == [
        FoundBallot(ballots[0]),
        FoundBallot(ballots[1], replaced_by=later.tracker(poll.hash)),
        NewBallot(ballots[2], None),
        NewBallot(
            ballots[3], logged_ballot(next(poll.ballots(voter=cast.voter))).signed(poll.definition)
        ),
    ]
    assert isinstance(refused, Ended)
    assert (refused.number, error(refused)) == (ballots[4].number, "WrongTracker")


def test_ballot_that_is_found_ends_once_enough_blocks_are_on_top(
    town: Town, poll: Poll, admissions: Admissions
) -> None:
    node, deep = town.embedded.node, sender(town, confirmations=3)
    poll.cast(ballot(town, poll, 1))
    first, second = ballot(town, poll, 0), ballot(town, poll, 2)
    poll.cast(first)
    before = node.request("evm_snapshot")
    poll.cast(second)
    node.request("evm_mine")
    found = [FoundBallot(each) for each in entitled(admissions, second, first)]
    shallow, ended = intake.confirmed(found, deep)
    assert shallow == found[0]
    assert ended == Ended(found[1].ballot.number, Outcome.FOUND)
    node.request("evm_revert", before)
    (gone,) = intake.looked_up([found[0].ballot])
    assert gone == NewBallot(found[0].ballot, None)


def test_ballot_that_was_replaced_ends_once_enough_blocks_are_on_top_of_the_later_one(
    town: Town, poll: Poll, admissions: Admissions
) -> None:
    node, deep = town.embedded.node, sender(town, confirmations=3)
    first = ballot(town, poll, 0)
    later = ballot(town, poll, 0, replaces=first.tracker(poll.hash))
    poll.cast(first)
    for _ in range(3):
        node.request("evm_mine")
    before = node.request("evm_snapshot")
    poll.cast(later)
    (own,) = entitled(admissions, first)
    (found,) = intake.looked_up([own])
    assert found == FoundBallot(own, replaced_by=later.tracker(poll.hash))
    assert [*intake.confirmed([found], deep)] == [found]
    for _ in range(2):
        node.request("evm_mine")
    assert [*intake.confirmed([found], deep)] == [
        Ended(own.number, Outcome.REPLACED, replaced_by=later.tracker(poll.hash))
    ]
    node.request("evm_revert", before)
    (counts,) = intake.looked_up([own])
    assert counts == FoundBallot(own)
    assert [*intake.confirmed([counts], deep)] == [Ended(own.number, Outcome.FOUND)]


def test_what_is_found_ends_at_once_where_no_blocks_are_wanted_on_top(
    town: Town, poll: Poll, admissions: Admissions
) -> None:
    signed = ballot(town, poll, 0)
    poll.cast(signed)
    (own,) = entitled(admissions, signed)
    assert [*intake.confirmed([FoundBallot(own)], sender(town))] == [
        Ended(own.number, Outcome.FOUND)
    ]


# -- Sent --


def test_ballots_are_cast_by_the_parts_alone(
    town: Town, poll: Poll, admissions: Admissions, flights: Flights
) -> None:
    first = proven(admissions, *(ballot(town, poll, each) for each in range(3)))
    second = proven(admissions, ballot(town, poll, 3))
    with town.no_blocks():
        transactions = [flights.start(Batch(tuple(each))) for each in (first, second)]
        assert flights.settle() is None
        assert flights.unmined() == 2
    assert flights.unmined() == 0
    for batch, transaction in zip((first, second), transactions, strict=True):
        ended = settled(flights)
        assert [(each.number, each.outcome) for each in ended] == [
            (each.number, Outcome.CAST) for each in batch
        ]
        for each, own in zip(ended, batch, strict=True):
            assert each.receipt
            assert each.receipt.transaction == transaction
            assert each.receipt.tracker == own.ballot.tracker == poll.tracker(own.signed.voter)
    assert flights.settle() is None


def test_ballots_that_others_were_faster_with_are_found_or_refused(
    town: Town, poll: Poll, admissions: Admissions, flights: Flights
) -> None:
    same, rival, good = (ballot(town, poll, each) for each in range(3))
    batch = proven(admissions, same, rival, good)
    cast = poll.cast(same)
    counting = poll.cast(ballot(town, poll, 1, option=1)).tracker
    flights.start(Batch(tuple(batch)))
    found, refused, own = settled(flights)
    assert found == Ended(batch[0].number, Outcome.FOUND, receipt=cast)
    assert (refused.outcome, error(refused)) == (Outcome.REFUSED, "WrongTracker")
    assert (own.outcome, own.number) == (Outcome.CAST, batch[2].number)
    assert poll.tracker(rival.voter) == counting


def test_batch_that_comes_after_the_close_ends_no_ballot_until_it_is_looked_up_again(
    town: Town, admissions: Admissions, flights: Flights
) -> None:
    short = town.open_poll(f"in parts {next(names)}", closes_in=1_000)
    batch = proven(admissions, ballot(town, short, 0), ballot(town, short, 1))
    with town.no_blocks():
        flights.start(Batch(tuple(batch)))
        town.embedded.at_time(short.definition.closes)
    failed = flights.settle(wait=True)
    assert failed
    assert failed.ended == []
    assert failed.again == [EntitledBallot(replace(each.ballot, has_failed=True)) for each in batch]
    assert [*map(error, intake.looked_up(failed.again))] == ["WrongPhase"] * 2
