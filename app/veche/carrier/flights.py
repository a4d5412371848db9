"""Batches on their way into blocks: sends them one after another, and settles their ballots."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field, replace

from veche.carrier.ballots import EntitledBallot
from veche.carrier.batches import Batch
from veche.carrier.outcomes import Ended, Outcome
from veche.chain import casting
from veche.chain.casting import CastReceipt
from veche.chain.pending import Pending, Receipt
from veche.chain.transactions import Sender
from veche.errors import TransactionFailed, VecheError


@dataclass(frozen=True, slots=True)
class Settled:
    """What became of the ballots of a batch.

    Attributes:
        ended: those that are on chain, and those that the poll refused.
        again: all of them if the batch failed, each marked as such; they are to be looked up again,
            before all others.
    """

    ended: list[Ended] = field(default_factory=list)
    again: list[EntitledBallot] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Flight:
    """A batch on its way into a block, and the nonce of its transaction."""

    batch: Batch
    nonce: int
    pending: Pending


class Flights:
    """Batches that were sent and are not settled yet. Its length is how many they are.

    Args:
        sender: sends the transactions; its account had better send nothing else meanwhile.
    """

    def __init__(self, sender: Sender) -> None:
        self._sender = sender
        self._flights: deque[_Flight] = deque()

    def __len__(self) -> int:
        return len(self._flights)

    def start(self, batch: Batch) -> bytes:
        """Sends a batch behind those under way, and does not wait for it.

        Returns:
            The hash of its transaction: 32 bytes.

        Raises:
            InsufficientFunds: the account cannot pay for all of them.
            NodeRefused: the node does not take it; while others are under way, there may be too
                many of them.
        """
        sender, nonce = self._sender, self._next_nonce()
        pending = sender.start(batch.poll.address, batch.data, gas=batch.gas, nonce=nonce)
        self._flights.append(_Flight(batch, nonce, pending))
        return pending.transaction

    def _next_nonce(self) -> int:
        if self._flights:
            return self._flights[-1].nonce + 1
        return self._sender.node.next_nonce(self._sender.address)

    def unmined(self) -> int:
        """How many batches no block holds; they get into blocks in their order."""
        held = self._sender.node.next_nonce(self._sender.address, block="latest")
        return sum(1 for flight in self._flights if flight.nonce >= held)

    def settle(self, *, wait: bool = False) -> Settled | None:
        """Settles the oldest batch, and removes it from those under way.

        A batch can fail as a whole: for instance, its poll has closed meanwhile, or another
        transaction took its nonce. If no ballot of it has failed before, all its ballots are to be
        looked up again. The phase of the poll is therefore read anew.

        Args:
            wait: whether to wait until the oldest batch is confirmed or fails.

        Returns:
            What became of its ballots; None if it is not confirmed yet, or if no batch is under
            way.

        Raises:
            TransactionFailed: the batch failed, and one of its ballots has failed before.
            TransactionPending: no block took the batch in time, or no more blocks come.
            NodeError: the node was lost.

        If it raises, the batch stays under way.
        """
        if not self._flights:
            return None
        flight = self._flights[0]
        try:
            receipt = flight.pending.wait() if wait else flight.pending.look()
        except TransactionFailed as fault:
            settled = _failed(flight.batch, fault)
        else:
            if receipt is None:
                return None
            settled = _landed(flight.batch, receipt)
        self._flights.popleft()
        return settled

    def abandon(self) -> Batch:
        """Takes the oldest batch for no longer under way, without knowing what became of it."""
        return self._flights.popleft().batch


def _failed(batch: Batch, fault: TransactionFailed) -> Settled:
    """What becomes of the ballots of a batch that failed.

    Raises:
        TransactionFailed: some of them have failed before.
    """
    if any(each.ballot.has_failed for each in batch.ballots):
        raise fault
    batch.admission.look(fresh=0)
    marked = (replace(each.ballot, has_failed=True) for each in batch.ballots)
    return Settled(again=[EntitledBallot(each) for each in marked])


def _landed(batch: Batch, receipt: Receipt) -> Settled:
    found = casting.settled(batch.poll, batch.signed, receipt)
    return Settled(
        [
            _ended(each.number, became, receipt)
            for each, became in zip(batch.ballots, found, strict=True)
        ]
    )


def _ended(number: int, became: CastReceipt | VecheError, receipt: Receipt) -> Ended:
    if isinstance(became, VecheError):
        return Ended(number, Outcome.REFUSED, error=became)
    is_own = became.transaction == receipt.transaction
    return Ended(number, Outcome.CAST if is_own else Outcome.FOUND, receipt=became)
