"""Carries the signed ballots of others to their poll, and pays for the gas (PROTOCOL §3, Casting).

A carrier can neither change a ballot nor cast it twice. Before it pays, it checks all that the
contract will check, so that nobody makes it pay for what is refused.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from veche.ballot import NO_BALLOT, SignedBallot, message
from veche.chain import casting
from veche.chain.casting import CastReceipt
from veche.chain.poll import Phase, Poll
from veche.chain.transactions import Receipt, Sender, Submitted
from veche.crypto import ballot_proof
from veche.errors import (
    BallotExpired,
    InvalidSignature,
    NodeError,
    NotOnRoll,
    TransactionFailed,
    TransactionPending,
    VecheError,
    WrongPhase,
    WrongPoll,
    WrongTracker,
)

AT_ONCE: Final = 8
"""Transactions that are on their way at the most."""


class Fate(StrEnum):
    """What became of a ballot."""

    CAST = "cast"
    FOUND = "found"
    REFUSED = "refused"
    PENDING = "pending"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a ballot that was to be carried.

    Attributes:
        signed: the ballot.
        tracker: its name, 32 bytes.
        fate: what became of it; found means that it was on chain already.
        receipt: where it stands, if it was cast or found.
        error: why it is not on chain, or not known to be.
    """

    signed: SignedBallot
    tracker: bytes
    fate: Fate
    receipt: CastReceipt | None = None
    error: VecheError | None = None


@dataclass(frozen=True, slots=True)
class _Sent:
    """A batch that is on its way."""

    ballots: Sequence[SignedBallot]
    submitted: Submitted


@dataclass
class Carrier:
    """Carries ballots of one poll, in batches as large as a transaction has room for, several of
    them on their way at once.

    Attributes:
        poll: where to.
        sender: who pays.
    """

    poll: Poll
    sender: Sender
    _batch: list[SignedBallot] = field(default_factory=list)
    _on_way: deque[_Sent] = field(default_factory=deque)
    _next_nonce: int = 0

    def take(self, signed: SignedBallot) -> Iterator[Outcome]:
        """Takes a ballot along, if it will be accepted; what is known meanwhile of this one and of
        others.

        Raises:
            InsufficientFunds: the carrier cannot pay.
            NodeError: the node does not answer.
        """
        if signed.voter in self._voters():
            yield from self.finish()  # what it replaces must be on chain first
        tracker = signed.tracker(self.poll.hash)
        try:
            found = self._examine(signed, tracker)
        except NodeError:
            raise
        except VecheError as error:
            yield Outcome(signed, tracker, Fate.REFUSED, error=error)
            return
        if found is not None:
            yield Outcome(signed, tracker, Fate.FOUND, found)
            return
        if self._batch and not self._fits([*self._batch, signed]):
            yield from self.flush()
        self._batch.append(signed)

    def flush(self) -> Iterator[Outcome]:
        """Sends what was taken along so far; what is known meanwhile.

        Raises:
            InsufficientFunds: the carrier cannot pay.
            NodeError: the node does not answer.
        """
        yield from self.collect()
        while len(self._on_way) >= AT_ONCE:
            yield from self._settle(self._on_way.popleft())
        if not self._batch:
            return
        try:
            self.poll.require_phase(Phase.OPEN)
        except WrongPhase as error:
            ballots, self._batch = self._batch, []
            yield from self._all(ballots, Fate.REFUSED, error)
            return
        self._send(self._batch)
        self._batch = []

    def collect(self) -> Iterator[Outcome]:
        """What is known by now of the batches on their way; waits for none."""
        while self._on_way:
            sent = self._on_way[0]
            try:
                receipt = self.sender.find(sent.submitted)
            except TransactionFailed as error:
                self._on_way.popleft()
                yield from self._all(sent.ballots, Fate.REFUSED, error)
                continue
            if receipt is None:
                return
            self._on_way.popleft()
            yield from self._arrived(sent, receipt)

    def finish(self) -> Iterator[Outcome]:
        """Sends what was taken along, and waits for all that is on its way."""
        yield from self.flush()
        while self._on_way:
            yield from self._settle(self._on_way.popleft())

    # -- What is checked before it is paid for --

    def _examine(self, signed: SignedBallot, tracker: bytes) -> CastReceipt | None:
        """Refuses what the contract would refuse; where the ballot stands, if it is on chain.

        Raises:
            VecheError: what the contract would say.
        """
        own = self.poll.definition
        if (signed.chain_id, signed.poll) != (own.chain_id, own.address):
            raise WrongPoll(f"this ballot is for poll {signed.poll} on chain {signed.chain_id}")
        counts = self.poll.tracker(signed.voter) or NO_BALLOT
        if counts == tracker:
            return casting.found(self.poll, signed.voter, tracker)
        weight = self.poll.require_voter(signed.voter)
        if signed.weight != weight:
            raise NotOnRoll(signed.voter, signed.weight)
        if signed.replaces != counts:
            raise WrongTracker(counts, signed.replaces)
        now = int(self.poll.node.block()["timestamp"])
        if signed.deadline < now:
            raise BallotExpired(signed.deadline, now)
        _require_signature(signed, tracker)
        ballot_proof.verify(signed.ballot, questions=own.questions, key=own.key, tracker=tracker)
        return None

    def _voters(self) -> set[str]:
        """Whose ballots are not on chain yet."""
        sent = (each for batch in self._on_way for each in batch.ballots)
        return {each.voter for each in (*self._batch, *sent)}

    def _fits(self, ballots: Sequence[SignedBallot]) -> bool:
        return casting.fits(self.poll.definition, ballots, most_gas=self.sender.node.gas_limit())

    # -- On their way --

    def _send(self, ballots: Sequence[SignedBallot]) -> None:
        data = casting.batch_data(self.poll, ballots)
        nonce = self.sender.node.next_nonce(self.sender.address)
        if self._on_way:  # a node that was restarted may have forgotten those before
            nonce = max(nonce, self._next_nonce)
        submitted = self.sender.submit(
            self.poll.address, data, gas=casting.gas(self.poll.definition, ballots), nonce=nonce
        )
        self._next_nonce = nonce + 1
        self._on_way.append(_Sent(ballots, submitted))

    def _settle(self, sent: _Sent) -> Iterator[Outcome]:
        """Waits for a batch."""
        try:
            receipt = self.sender.wait_for(sent.submitted)
        except TransactionFailed as error:
            yield from self._all(sent.ballots, Fate.REFUSED, error)
        except TransactionPending as error:
            yield from self._all(sent.ballots, Fate.PENDING, error)
        else:
            yield from self._arrived(sent, receipt)

    def _arrived(self, sent: _Sent, receipt: Receipt) -> Iterator[Outcome]:
        outcomes = casting.outcomes(self.poll, sent.ballots, receipt)
        for signed, each in zip(sent.ballots, outcomes, strict=True):
            tracker = signed.tracker(self.poll.hash)
            if isinstance(each, CastReceipt):
                yield Outcome(signed, tracker, Fate.CAST, each)
            elif isinstance(each, WrongTracker) and each.values[0] == tracker:
                # somebody else was first, or a transaction whose answer was lost
                found = casting.found(self.poll, signed.voter, tracker)
                yield Outcome(signed, tracker, Fate.FOUND, found)
            else:
                yield Outcome(signed, tracker, Fate.REFUSED, error=each)

    def _all(
        self, ballots: Sequence[SignedBallot], fate: Fate, error: VecheError
    ) -> Iterator[Outcome]:
        for signed in ballots:
            yield Outcome(signed, signed.tracker(self.poll.hash), fate, error=error)


def _require_signature(signed: SignedBallot, tracker: bytes) -> None:
    """Refuses what the voter has not signed."""
    signable = message(
        chain_id=signed.chain_id,
        poll=signed.poll,
        voter=signed.voter,
        tracker=tracker,
        replaces=signed.replaces,
        deadline=signed.deadline,
    )
    signer = signed.signature.signer(signable)
    if signer != signed.voter:
        raise InvalidSignature(signed.voter, signer)
