"""Batches on their way into blocks, behind a sender that does what it is told to."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import cast

import pytest

from support.paper_carriage import PaperNode, Wicket
from veche.carrier.ballots import EntitledBallot, ProvenBallot
from veche.carrier.batches import Batch
from veche.carrier.flights import Flights
from veche.carrier.outcomes import Ended, Outcome
from veche.chain.casting import CastReceipt
from veche.chain.pending import Receipt
from veche.chain.transactions import Sender
from veche.errors import NodeRefused, TransactionFailed, TransactionPending, VecheError


@dataclass
class PaperPending:
    """A transaction, and what is heard of it: nothing, its receipt, or why there is none."""

    transaction: bytes
    heard: Receipt | VecheError | None = None

    def look(self) -> Receipt | None:
        if isinstance(self.heard, VecheError):
            raise self.heard
        return self.heard

    def wait(self) -> Receipt:
        found = self.look()
        if found is None:
            raise TransactionPending(self.transaction, "not confirmed")
        return found

    def land(self) -> None:
        self.heard = Receipt(self.transaction, 77, 1_000_000, None, [])

    def fail(self) -> None:
        self.heard = TransactionFailed(self.transaction, "the contract refused it")


@dataclass
class PaperSender:
    """Whoever sends, with what was sent.

    Attributes:
        nonce: the account's next.
        held: how many of the account's transactions blocks hold.
        takes: whether the node takes transactions.
    """

    nonce: int = 7
    held: int = 7
    takes: bool = True
    address: str = "0x" + "ca" * 20
    nonces: list[int] = field(default_factory=list)
    sent: list[PaperPending] = field(default_factory=list)

    @property
    def node(self) -> PaperSender:
        return self

    def next_nonce(self, account: str, *, block: str = "pending") -> int:
        assert account == self.address
        return self.held if block == "latest" else self.nonce

    def start(self, to: str, data: bytes, *, gas: int, nonce: int) -> PaperPending:
        if not self.takes:
            raise NodeRefused("the node takes no more")
        assert (to, gas > 0, len(data) > 0) == (POLL.address, True, True)
        self.nonces.append(nonce)
        self.sent.append(PaperPending(bytes([len(self.sent)]) * 32))
        return self.sent[-1]


POLL = Wicket()


@pytest.fixture(scope="module")
def batches() -> list[Batch]:
    """Two ballots, and one."""
    return [Batch((POLL.proven(0), POLL.proven(1))), Batch((POLL.proven(2),))]


@pytest.fixture
def sender() -> PaperSender:
    return PaperSender()


@pytest.fixture
def flights(sender: PaperSender) -> Flights:
    return Flights(cast("Sender", sender))


def cast_by(transaction: bytes, batch: Batch) -> list[Ended]:
    return [
        Ended(
            each.number,
            Outcome.CAST,
            receipt=CastReceipt(each.ballot.tracker, transaction, 77),
        )
        for each in batch.ballots
    ]


def failed(batch: Batch) -> Batch:
    """A batch of ballots that have failed before."""
    ballots = (
        ProvenBallot(EntitledBallot(replace(each.ballot, has_failed=True)), each.row)
        for each in batch.ballots
    )
    return Batch(tuple(ballots))


# -- Sent --


def test_batches_are_sent_behind_each_other(
    sender: PaperSender, flights: Flights, batches: list[Batch]
) -> None:
    started = [flights.start(each) for each in [*batches, batches[0]]]
    assert sender.nonces == [7, 8, 9]
    assert started == [each.transaction for each in sender.sent]
    assert len(flights) == 3


def test_account_is_asked_for_its_nonce_where_nothing_is_under_way(
    sender: PaperSender, flights: Flights, batches: list[Batch]
) -> None:
    flights.start(batches[0])
    sender.nonce = 20  # its owner has sent something else
    flights.start(batches[1])
    for each in sender.sent:
        each.land()
    while flights.settle():
        pass
    flights.start(batches[0])
    assert sender.nonces == [7, 8, 20]


def test_batch_that_the_node_does_not_take_is_not_under_way(
    sender: PaperSender, flights: Flights, batches: list[Batch]
) -> None:
    flights.start(batches[0])
    sender.takes = False
    with pytest.raises(NodeRefused):
        flights.start(batches[1])
    assert len(flights) == 1
    sender.takes = True
    flights.start(batches[1])
    assert sender.nonces == [7, 8]


def test_batches_that_no_block_holds_are_counted(
    sender: PaperSender, flights: Flights, batches: list[Batch]
) -> None:
    assert flights.unmined() == 0
    for each in [*batches, *batches]:
        flights.start(each)
    assert flights.unmined() == 4
    sender.held = 9
    assert flights.unmined() == 2
    sender.held = 11
    assert flights.unmined() == 0
    assert len(flights) == 4


# -- Settled --


def test_oldest_batch_is_settled_once_it_is_confirmed(
    sender: PaperSender, flights: Flights, batches: list[Batch]
) -> None:
    for each in batches:
        flights.start(each)
    first, second = sender.sent
    second.land()
    assert flights.settle() is None
    first.land()
    for pending, batch in zip(sender.sent, batches, strict=True):
        settled = flights.settle()
        assert settled
        assert settled.ended == cast_by(pending.transaction, batch)
        assert settled.again == []
    assert flights.settle() is None
    assert flights.settle(wait=True) is None
    assert len(flights) == 0


def test_batch_is_waited_for_if_that_is_wanted(
    sender: PaperSender, flights: Flights, batches: list[Batch]
) -> None:
    flights.start(batches[0])
    with pytest.raises(TransactionPending):
        flights.settle(wait=True)
    assert len(flights) == 1
    sender.sent[0].land()
    assert flights.settle(wait=True)
    assert len(flights) == 0


def test_ballots_of_a_batch_that_failed_once_are_looked_up_again(
    sender: PaperSender, flights: Flights
) -> None:
    poll = Wicket(POLL.paper, PaperNode())
    batch = Batch((poll.proven(0), poll.proven(1)))
    looks = poll.node.looks
    flights.start(batch)
    sender.sent[0].fail()
    settled = flights.settle()
    assert settled
    assert settled.ended == []
    assert settled.again == [each.ballot for each in failed(batch).ballots]
    assert poll.node.looks == looks + 1
    assert len(flights) == 0


def test_batch_that_fails_with_ballots_that_have_failed_before_is_a_fault(
    sender: PaperSender, flights: Flights, batches: list[Batch]
) -> None:
    (once, new), (again,) = batches[0].ballots, failed(batches[1]).ballots
    mixed = Batch((once, again, new))
    flights.start(mixed)
    sender.sent[0].fail()
    for _ in range(2):
        with pytest.raises(TransactionFailed):
            flights.settle()
        assert len(flights) == 1
    assert flights.abandon() == mixed
    assert len(flights) == 0


def test_ballots_that_have_failed_before_may_be_cast(
    sender: PaperSender, flights: Flights, batches: list[Batch]
) -> None:
    batch = failed(batches[0])
    flights.start(batch)
    sender.sent[0].land()
    settled = flights.settle()
    assert settled
    assert settled.ended == cast_by(sender.sent[0].transaction, batch)


def test_batch_that_is_abandoned_is_the_oldest(
    sender: PaperSender, flights: Flights, batches: list[Batch]
) -> None:
    for each in batches:
        flights.start(each)
    assert flights.abandon() == batches[0]
    sender.sent[1].land()
    settled = flights.settle()
    assert settled
    assert settled.ended == cast_by(sender.sent[1].transaction, batches[1])
