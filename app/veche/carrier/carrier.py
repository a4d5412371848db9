"""A carrier at work: others' ballots, cast in batches and paid for (PROTOCOL §3, Casting).

Whatever the poll would refuse is found out here, before it is paid for. Nothing is kept on disk:
what is on chain shows what is left to do.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from time import sleep
from typing import Final, TypeAlias

from veche.carrier.admission import Admission, proven_row
from veche.chain import casting
from veche.chain.casting import CastReceipt
from veche.chain.connection import Chain
from veche.chain.node import Block
from veche.chain.pending import Pending, Receipt
from veche.chain.poll import Poll
from veche.errors import (
    InsufficientFunds,
    InvalidDocument,
    NodeError,
    NodeRefused,
    TransactionFailed,
    VecheError,
    WrongPoll,
)
from veche.processes import workers
from veche.protocol.ballot import SignedBallot

Document: TypeAlias = tuple[str, str]
"""What a ballot is called here, a file's name perhaps; and the ballot, as
`SignedBallot.to_json` writes it.
"""

OnBatch: TypeAlias = Callable[[bytes, int], None]
"""Is told the hash of a transaction that was sent, and how many ballots it casts."""

LONGEST: Final = 1 << 20
"""The most characters of a document: no ballot has as many."""
CHUNK: Final = 32
"""Ballots that are looked at together."""
FEW: Final = 4
"""As many are verified here, rather than start processes for them."""
SHARE: Final = 0.75
"""Of a block's gas, what is asked for with every new block. Batches use less than they ask for, and
blocks more than half full raise the price of gas. What is sent within one block gets into the next,
which leaves the one after it for what is sent then: no block is full, and none empty.
"""
AHEAD: Final = 8
"""Batches that are made before there is room for them in a block."""
MOST_ASIDE: Final = 1_000
"""Ballots that wait for another of the same voter, before nothing more is read."""
PAUSE: Final = 0.2
"""Seconds between two looks, where too much waits."""


class Outcome(StrEnum):
    """What became of a ballot."""

    CAST = "cast"
    FOUND = "found"
    REFUSED = "refused"
    LEFT = "left"


@dataclass(frozen=True, slots=True)
class Carried:
    """A ballot that a carrier is done with.

    Attributes:
        name: what it is called here.
        outcome: cast now; found on chain, where it was already; refused; or left, as the carrier
            had to stop.
        ballot: None where the document was none.
        tracker: the ballot's name, 32 bytes.
        receipt: where it is on chain, if this carrier has cast it, or somebody else meanwhile.
        error: why it is not on chain.
    """

    name: str
    outcome: Outcome
    ballot: SignedBallot | None
    tracker: bytes | None
    receipt: CastReceipt | None
    error: VecheError | None

    @property
    def is_on_chain(self) -> bool:
        """Whether it is."""
        return self.error is None


@dataclass(eq=False)
class _Ballot:
    """A ballot on its way; what it is made of becomes known step by step."""

    name: str
    text: str
    signed: SignedBallot = field(init=False)
    admission: Admission = field(init=False)
    tracker: bytes | None = None
    counting: bytes | None = None
    is_found: bool = False
    has_failed: bool = False
    replaced: SignedBallot | None = None
    row: list[int] | VecheError = field(init=False)

    @property
    def key(self) -> tuple[str, str]:
        """Poll and voter: of these, one ballot at a time is under way."""
        return self.signed.poll, self.signed.voter


@dataclass
class _Flight:
    """A batch on its way into a block."""

    pending: Pending
    poll: Poll
    ballots: list[_Ballot]

    @property
    def nonce(self) -> int:
        """Of its transaction."""
        return self.pending.nonce or 0


_Check: TypeAlias = Callable[[_Ballot], None]
"""Raises why a ballot is refused."""

_Passing: TypeAlias = Generator[Carried, None, list[_Ballot]]
"""Yields what is done with, and returns the ballots that go on."""


class Carrier:
    """Carries ballots of others into their polls, in batches as large as a transaction has room
    for; several are under way at once. The account had better send nothing else meanwhile.

    Args:
        chain: its account pays.
        poll: whose ballots are carried; by default those of any poll that they name.
        expect: the pollHash that their poll must have.
        on_batch: is told of every transaction.

    Raises:
        NoAccount: nobody is there to pay.
    """

    def __init__(
        self,
        chain: Chain,
        *,
        poll: Poll | None = None,
        expect: str | bytes | None = None,
        on_batch: OnBatch | None = None,
    ) -> None:
        self._chain, self._sender = chain, chain.sender
        self._own, self._expect, self._on_batch = poll, expect, on_batch
        self._polls: dict[str, Admission | VecheError] = {}
        self._unsettled: dict[_Ballot, None] = {}
        self._under_way: dict[tuple[str, str], _Ballot] = {}
        self._aside: list[_Ballot] = []
        self._has_shallow = False
        self._batches: dict[str, list[_Ballot]] = {}
        self._ready: deque[list[_Ballot]] = deque()
        self._flights: deque[_Flight] = deque()
        self._height = self._sent_since = 0

    def carry(self, documents: Iterable[Document | None]) -> Iterator[Carried]:
        """Casts ballots. Each is told of as soon as its batch is confirmed, or is found to be on
        chain as deep as that; none is cast twice, whatever an earlier run has done.

        Args:
            documents: the ballots; None where they pause, so that what has come is sent.

        Raises:
            TransactionPending: a batch got into no block in time, or no more blocks come.
            TransactionFailed: a batch failed in its block, or never gets into one, though its poll
                would take its ballots; and so did a second one with some of them.
            InsufficientFunds: the account cannot pay.
            NodeError: the node was lost. As with all of these, what was left is told before.
        """
        self._sender.wait_for_earlier()
        with workers() as self._pool:
            try:
                for chunk in _chunks(documents):
                    yield from self._take(chunk)
                    if len(chunk) < CHUNK:
                        yield from self._send_all()
                    yield from self._send_ready(leaving=AHEAD)
                while self._unsettled:
                    yield from self._go_on()
            except VecheError as fault:
                yield from self._give_up(fault)
                raise

    def _end(
        self,
        ballot: _Ballot,
        outcome: Outcome,
        *,
        receipt: CastReceipt | None = None,
        error: VecheError | None = None,
    ) -> Carried:
        """Is done with a ballot: its voter's next one may get under way."""
        del self._unsettled[ballot]
        signed = ballot.signed if ballot.tracker else None
        if signed and self._under_way.get(ballot.key) is ballot:
            del self._under_way[ballot.key]
        return Carried(ballot.name, outcome, signed, ballot.tracker, receipt, error)

    def _go_on(self) -> Iterator[Carried]:
        """Waits for the oldest batch, or else for blocks on top of what is found; takes up what
        waited for it.
        """
        yield from self._send_all()
        if self._flights:
            yield from self._settle(wait=True)
        elif self._has_shallow:
            self._sender.wait_for_block()
        yield from self._advance(self._aside)

    def _give_up(self, fault: VecheError) -> Iterator[Carried]:
        """Waits for what is under way, and leaves the rest."""
        while self._flights:
            try:
                yield from self._settle(wait=True)
            except VecheError as error:
                for each in self._flights.popleft().ballots:
                    yield self._end(each, Outcome.LEFT, error=error)
        for each in list(self._unsettled):
            yield self._end(each, Outcome.LEFT, error=fault)

    # -- Before a batch --

    def _take(self, chunk: list[Document]) -> Iterator[Carried]:
        """Takes ballots in, as far as into a batch."""
        new = [_Ballot(*document) for document in chunk]
        self._unsettled |= dict.fromkeys(new)
        self._polls = {key: one for key, one in self._polls.items() if isinstance(one, Admission)}
        read = yield from self._passing(new, self._read)
        entitled = yield from self._passing(read, _require_entitled)
        yield from self._advance([*self._aside, *entitled])
        while len(self._aside) > MOST_ASIDE:
            yield from self._go_on()

    def _passing(self, ballots: list[_Ballot], check: _Check) -> _Passing:
        """Those ballots that a check does not refuse."""
        good = []
        for each in ballots:
            try:
                check(each)
            except NodeError:
                raise
            except VecheError as refusal:
                yield self._end(each, Outcome.REFUSED, error=refusal)
            else:
                good.append(each)
        return good

    def _read(self, ballot: _Ballot) -> None:
        if len(ballot.text) > LONGEST:
            raise InvalidDocument("signed ballot: longer than any can be")
        ballot.signed, ballot.text = SignedBallot.from_json(ballot.text), ""
        ballot.admission = self._admission(ballot.signed)
        ballot.tracker = ballot.signed.tracker(ballot.admission.poll.hash)

    def _admission(self, signed: SignedBallot) -> Admission:
        """To the poll of a ballot.

        Raises:
            WrongPoll: it is another one than is carried for.
            VecheError: nobody can vote there.
        """
        if signed.chain_id != self._chain.id or (self._own and self._own.address != signed.poll):
            raise WrongPoll(f"this ballot is for poll {signed.poll} on chain {signed.chain_id}")
        if signed.poll not in self._polls:
            self._polls[signed.poll] = self._opened(signed.poll)
        refusal = self._polls[signed.poll]
        if isinstance(refusal, VecheError):
            raise refusal
        return refusal

    def _opened(self, address: str) -> Admission | VecheError:
        """Admission to a poll, or why there is none: not found out again for every ballot."""
        try:
            poll = self._own or self._chain.poll(address, expect=self._expect)
            len(poll.roll)
        except NodeError:
            raise
        except VecheError as refusal:
            return refusal
        return Admission(poll)

    def _advance(self, ballots: list[_Ballot]) -> Iterator[Carried]:
        """Takes ballots into batches that their voters have signed, and sends what is full."""
        free = self._reserved(ballots)
        for admission in {each.admission for each in free}:
            _note_counting([each for each in free if each.admission is admission])
        seen = yield from self._passing(free, _find)
        yield from self._tell_found([each for each in seen if each.is_found])
        new = [each for each in seen if not each.is_found]
        self._prove(new)
        proven = yield from self._passing(new, _require_proven)
        for each in proven:
            yield from self._load(each)

    def _reserved(self, ballots: list[_Ballot]) -> list[_Ballot]:
        """The first ballot of every voter. The others wait until that one is done with."""
        free: list[_Ballot] = []
        self._aside = []
        for each in ballots:
            first = self._under_way.setdefault(each.key, each)
            (free if first is each else self._aside).append(each)
        return free

    def _tell_found(self, ballots: list[_Ballot]) -> Iterator[Carried]:
        """Is done with ballots that are on chain as deep as is asked for. The others are looked for
        again: a reorganisation may yet take them away.
        """
        self._has_shallow = False
        for admission in {each.admission for each in ballots}:
            own = [each for each in ballots if each.admission is admission]
            for each, is_deep in zip(
                own, _are_deep(own, self._sender.confirmed_block()), strict=True
            ):
                if is_deep:
                    yield self._end(each, Outcome.FOUND)
                else:
                    self._aside.append(each)
                    self._has_shallow = True

    def _prove(self, ballots: list[_Ballot]) -> None:
        """Verifies the proofs, many of them on all cores."""
        tasks = [(each.admission.poll.definition, each.signed, each.replaced) for each in ballots]
        few = len(tasks) <= FEW
        rows = map(proven_row, tasks) if few else self._pool.map(proven_row, tasks, chunksize=FEW)
        for each, row in zip(ballots, rows, strict=True):
            each.row = row

    # -- Batches --

    def _load(self, ballot: _Ballot) -> Iterator[Carried]:
        """Takes a ballot into the batch of its poll; a full one is sent first."""
        poll, most = ballot.admission.poll, ballot.admission.most_gas
        batch = self._batches.get(poll.address, [])
        together = [each.signed for each in [*batch, ballot]]
        if batch and not casting.fits(poll.definition, together, most=most):
            yield from self._send(poll.address)
        self._batches.setdefault(poll.address, []).append(ballot)

    def _send_all(self) -> Iterator[Carried]:
        """Sends all that waits, full or not."""
        for address in list(self._batches):
            self._ready.append(self._batches.pop(address))
        yield from self._send_ready()

    def _send(self, address: str) -> Iterator[Carried]:
        """Has the batch of a poll sent once there is room for it."""
        self._ready.append(self._batches.pop(address))
        yield from self._send_ready(leaving=AHEAD)

    def _send_ready(self, *, leaving: int = 0) -> Iterator[Carried]:
        """Sends what is ready, as far as there is room; waits for room while more is ready than
        may be left.
        """
        yield from self._settle()
        while self._ready:
            if self._has_room(self._ready[0][0].admission):
                yield from self._start(self._ready.popleft())
            elif len(self._ready) > leaving:
                sleep(PAUSE)
                yield from self._settle()
            else:
                return

    def _start(self, batch: list[_Ballot]) -> Iterator[Carried]:
        """Sends a batch, and does not wait for it."""
        ready = yield from self._passing(batch, _require_in_time)
        if not ready:
            return
        poll, signed = batch[0].admission.poll, [each.signed for each in ready]
        rows = [(each.signed.voter, each.row) for each in ready if isinstance(each.row, list)]
        data, gas = casting.batch(poll, rows), casting.gas(poll.definition, signed)
        pending = yield from self._started(poll.address, data, gas)
        self._flights.append(_Flight(pending, poll, ready))
        self._sent_since += 1
        if self._on_batch:
            self._on_batch(pending.transaction, len(ready))

    def _has_room(self, admission: Admission) -> bool:
        """Whether little enough was sent since the newest block, and before it without getting
        into one.
        """
        admission.look()
        share = round(SHARE * admission.gas_limit / admission.most_gas)
        height = int(self._sender.node.block()["number"])
        if height != self._height:
            self._height, self._sent_since = height, 0
        return self._sent_since < share and self._unmined() < 2 * share

    def _unmined(self) -> int:
        """How many batches no block holds; they get into blocks in their order."""
        held = self._sender.node.next_nonce(self._sender.address, block="latest")
        return sum(1 for flight in self._flights if flight.nonce >= held)

    def _started(self, address: str, data: bytes, gas: int) -> Generator[Carried, None, Pending]:
        """A transaction that is sent behind those under way. Where the node takes no more of them,
        one of those is waited for first.
        """
        while True:
            nonce = self._flights[-1].nonce + 1 if self._flights else None
            try:
                return self._sender.start(address, data, gas=gas, nonce=nonce)
            except (InsufficientFunds, NodeRefused):
                if not self._flights:
                    raise
            yield from self._settle(wait=True)

    # -- Behind a batch --

    def _settle(self, *, wait: bool = False) -> Iterator[Carried]:
        """Tells of every batch that is confirmed.

        Args:
            wait: whether to wait for the oldest.
        """
        while self._flights:
            flight = self._flights[0]
            try:
                receipt = flight.pending.wait() if wait else flight.pending.look()
            except TransactionFailed as fault:
                self._failed(flight, fault)
            else:
                if receipt is None:
                    return
                yield from self._landed(flight, receipt)
            self._flights.popleft()
            wait = False

    def _failed(self, flight: _Flight, fault: TransactionFailed) -> None:
        """Has the ballots of a batch that failed looked at once more, as if they had just come in:
        their poll has closed meanwhile, or they are on chain by somebody else. No reason to keep
        those of other polls from being cast.

        Raises:
            TransactionFailed: some of them have failed before.
        """
        if any(each.has_failed for each in flight.ballots):
            raise fault
        flight.ballots[0].admission.look(fresh=0)
        for each in flight.ballots:
            each.has_failed = True
        self._aside = [*flight.ballots, *self._aside]

    def _landed(self, flight: _Flight, receipt: Receipt) -> Iterator[Carried]:
        signed = [each.signed for each in flight.ballots]
        settled = casting.settled(flight.poll, signed, receipt)
        for each, found in zip(flight.ballots, settled, strict=True):
            if isinstance(found, VecheError):
                yield self._end(each, Outcome.REFUSED, error=found)
            elif found.transaction == receipt.transaction:
                yield self._end(each, Outcome.CAST, receipt=found)
            else:
                yield self._end(each, Outcome.FOUND, receipt=found)


def _chunks(documents: Iterable[Document | None]) -> Iterator[list[Document]]:
    """The documents in order, CHUNK at a time; fewer where they pause, and at the end."""
    chunk: list[Document] = []
    for each in documents:
        if each is not None:
            chunk.append(each)
        if each is None or len(chunk) == CHUNK:
            yield chunk
            chunk = []
    yield chunk


# -- Checks of a ballot --


def _require_entitled(ballot: _Ballot) -> None:
    ballot.admission.require_entitled(ballot.signed)


def _require_in_time(ballot: _Ballot) -> None:
    ballot.admission.look()
    ballot.admission.require_in_time(ballot.signed)


def _note_counting(ballots: list[_Ballot]) -> None:
    """Notes which ballots of the same voters of a poll count, in one request."""
    poll = ballots[0].admission.poll
    counting = poll.trackers([each.signed.voter for each in ballots])
    for each, tracker in zip(ballots, counting, strict=True):
        each.counting = tracker


def _find(ballot: _Ballot) -> None:
    admission, tracker = ballot.admission, ballot.tracker or b""
    ballot.is_found = admission.is_on_chain(ballot.signed, tracker, ballot.counting)
    if not ballot.is_found:
        _require_in_time(ballot)
        ballot.replaced = admission.replaced(ballot.signed)


def _are_deep(ballots: list[_Ballot], deepest: Block) -> list[bool]:
    """Which ballots of a poll that are on chain were so at a block."""
    if not isinstance(deepest, int):
        return [True] * len(ballots)
    poll = ballots[0].admission.poll
    counting = poll.trackers([each.signed.voter for each in ballots], block=deepest)
    return [
        tracker == each.tracker
        or any(poll.ballots(voter=each.signed.voter, tracker=each.tracker, last=deepest))
        for each, tracker in zip(ballots, counting, strict=True)
    ]


def _require_proven(ballot: _Ballot) -> None:
    refusal = ballot.row
    if isinstance(refusal, VecheError):
        raise refusal
