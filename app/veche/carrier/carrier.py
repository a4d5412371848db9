"""A carrier at work: others' ballots, cast in batches and paid for (PROTOCOL §3, Casting).

Whatever the poll would refuse is found out here, before it is paid for. Nothing is kept on disk:
what is on chain shows what is left to do.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from concurrent.futures import Executor
from contextlib import nullcontext
from itertools import count
from time import sleep
from typing import Final, TypeAlias, TypeVar

from veche.carrier import intake
from veche.carrier.admission import Admissions
from veche.carrier.ballots import FoundBallot, HandedIn, NewBallot, ReadBallot
from veche.carrier.batches import Batch, Batches, Room
from veche.carrier.flights import Flights
from veche.carrier.outcomes import Carried, Ended, Outcome
from veche.carrier.turns import Turns
from veche.chain.connection import Chain
from veche.chain.poll import Poll
from veche.chain.transactions import Sender
from veche.errors import InsufficientFunds, NodeRefused, VecheError
from veche.processes import workers

Document: TypeAlias = tuple[str, str]
"""What a ballot is called here, a file's name perhaps; and the ballot, as `SignedBallot.to_json`
writes it.
"""

OnBatch: TypeAlias = Callable[[bytes, Sequence[str]], None]
"""Is told the hash of a transaction that was sent, and the names of the ballots that it casts."""

CHUNK: Final = 32
"""Maximum documents that are looked at together."""
MOST_WAITING: Final = 1_000
"""Maximum ballots that wait for an earlier one of their voters when more documents are read."""
AHEAD: Final = 8
"""Maximum batches that wait for room in a block when more ballots are checked."""
PAUSE: Final = 0.2
"""Seconds between two looks for room, while too many batches wait for it."""

T = TypeVar("T")


class Carrier:
    """Carries ballots of others into their polls, in batches as large as a transaction has room
    for; several are under way at once. The account had better send nothing else meanwhile.

    Args:
        chain: its account pays.
        poll: whose ballots are carried, one poll or several; by default those of any poll that they
            name.
        expect: the pollHash that their poll must have.
        on_batch: is told of every transaction.
        pool: other processes, which verify proofs; by default some that end with every call.

    Raises:
        NoAccount: nobody is there to pay.
    """

    def __init__(
        self,
        chain: Chain,
        *,
        poll: Poll | Sequence[Poll] | None = None,
        expect: str | bytes | None = None,
        on_batch: OnBatch | None = None,
        pool: Executor | None = None,
    ) -> None:
        polls = (poll,) if isinstance(poll, Poll) else poll or ()
        self._sender, self._on_batch, self._pool = chain.sender, on_batch, pool
        self._admissions = Admissions(chain, polls=polls, expect=expect)

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
        with nullcontext(self._pool) if self._pool else workers() as pool:
            run = _Run(self._sender, self._admissions, pool, self._on_batch)
            try:
                yield from run.carry(documents)
            except VecheError as fault:
                yield from run.give_up(fault)
                raise


class _Run:
    """One call of `Carrier.carry`: moves ballots from part to part, and tells how each ends.

    Args:
        sender: sends transactions, and waits for blocks.
        admissions: to the polls.
        pool: verifies proofs.
        on_batch: is told of every transaction.
    """

    def __init__(
        self, sender: Sender, admissions: Admissions, pool: Executor, on_batch: OnBatch | None
    ) -> None:
        self._sender, self._admissions, self._pool = sender, admissions, pool
        self._on_batch = on_batch
        self._numbers = count()
        self._untold: dict[int, str] = {}
        """Names of the ballots that nobody was told of yet, by number."""
        self._read: dict[int, ReadBallot] = {}
        """Untold ballots that were read, by number."""
        self._turns, self._batches, self._room = Turns(), Batches(), Room()
        self._ready: deque[Batch] = deque()
        self._flights = Flights(sender)
        self._has_shallow = False
        """Whether some ballots wait for blocks on top of them."""

    def carry(self, documents: Iterable[Document | None]) -> Iterator[Carried]:
        """Casts ballots and tells of each."""
        for chunk in _chunks(documents):
            yield from self._take(chunk)
            if len(chunk) < CHUNK:
                yield from self._send_all()
            yield from self._send_ready(leaving=AHEAD)
        while self._untold:
            yield from self._go_on()

    def give_up(self, fault: VecheError) -> Iterator[Carried]:
        """Waits for what is under way, and leaves the rest."""
        while self._flights:
            try:
                yield from self._settle(wait=True)
            except VecheError as error:
                for each in self._flights.abandon().ballots:
                    yield self._tell(Ended(each.number, Outcome.LEFT, error=error))
        for number in list(self._untold):
            yield self._tell(Ended(number, Outcome.LEFT, error=fault))

    def _go_on(self) -> Iterator[Carried]:
        """Waits for the oldest batch, or else for blocks on top of what is found; takes up what
        waited for it.
        """
        yield from self._send_all()
        if self._flights:
            yield from self._settle(wait=True)
        elif self._has_shallow:
            self._sender.wait_for_block()
        yield from self._advance()

    # -- Telling --

    def _tell(self, ended: Ended) -> Carried:
        """Tells of a ballot at its end: its voter's next one may get under way."""
        name, ballot = self._untold.pop(ended.number), self._read.pop(ended.number, None)
        if ballot is None:
            return Carried(name, ended.outcome, None, None, ended.receipt, ended.error)
        self._turns.end(ballot)
        return Carried(
            name,
            ended.outcome,
            ballot.signed,
            ballot.tracker,
            ended.receipt,
            ended.error,
            ended.replaced_by,
        )

    def _passed(self, results: Iterable[T | Ended]) -> Generator[Carried, None, list[T]]:
        """Tells of ballots that a step ends, and returns those that it passes on."""
        passed: list[T] = []
        for each in results:
            if isinstance(each, Ended):
                yield self._tell(each)
            else:
                passed.append(each)
        return passed

    # -- Before a batch --

    def _take(self, chunk: list[Document]) -> Iterator[Carried]:
        """Takes documents in: those that are not refused get into a batch, or wait their turn."""
        self._admissions.forget_refusals()
        handed = [self._handed_in(name, text) for name, text in chunk]
        results = intake.read(handed, self._admissions)
        read = yield from self._passed(map(self._noted, results))
        entitled = yield from self._passed(intake.entitled(read))
        self._turns.wait(entitled)
        yield from self._advance()
        while len(self._turns) > MOST_WAITING:
            yield from self._go_on()

    def _handed_in(self, name: str, text: str) -> HandedIn:
        number = next(self._numbers)
        self._untold[number] = name
        return HandedIn(number, text)

    def _noted(self, read: ReadBallot | Ended) -> ReadBallot | Ended:
        if isinstance(read, ReadBallot):
            self._read[read.number] = read
        return read

    def _advance(self) -> Iterator[Carried]:
        """Takes ballots whose turn it is into batches, and sends those that are full."""
        begun = self._turns.begin()
        seen = yield from self._passed(intake.looked_up(begun))
        yield from self._confirm([each for each in seen if isinstance(each, FoundBallot)])
        new = [each for each in seen if isinstance(each, NewBallot)]
        proven = yield from self._passed(intake.proven(new, self._pool))
        for each in proven:
            full = self._batches.add(each)
            if full:
                self._ready.append(full)
                yield from self._send_ready(leaving=AHEAD)

    def _confirm(self, found: list[FoundBallot]) -> Iterator[Carried]:
        """Is done with ballots that are on chain for good; the others are looked up again."""
        shallow = yield from self._passed(intake.confirmed(found, self._sender))
        self._turns.wait(each.ballot for each in shallow)
        self._has_shallow = bool(shallow)

    # -- Batches --

    def _send_all(self) -> Iterator[Carried]:
        """Sends all that waits, full or not."""
        self._ready += self._batches.take_all()
        yield from self._send_ready(leaving=0)

    def _send_ready(self, *, leaving: int) -> Iterator[Carried]:
        """Sends what is ready, as far as there is room; waits for room while more is ready than
        may be left.
        """
        yield from self._settle()
        while self._ready:
            if self._has_room(self._ready[0]):
                yield from self._send(self._ready.popleft())
            elif len(self._ready) > leaving:
                sleep(PAUSE)
                yield from self._settle()
            else:
                return

    def _has_room(self, batch: Batch) -> bool:
        batch.admission.look()
        height, unmined = self._sender.node.block()["number"], self._flights.unmined()
        return self._room.is_left(batch.admission, height=height, unmined=unmined)

    def _send(self, batch: Batch) -> Iterator[Carried]:
        """Sends those ballots of a batch that are still in time, and does not wait for them."""
        ballots = yield from self._passed(intake.in_time(batch.ballots))
        if not ballots:
            return
        transaction = yield from self._started(Batch(tuple(ballots)))
        self._room.take()
        if self._on_batch:
            self._on_batch(transaction, [self._untold[each.number] for each in ballots])

    def _started(self, batch: Batch) -> Generator[Carried, None, bytes]:
        """Sends a batch behind those under way, and returns the hash of its transaction. While the
        node takes no more of them, the oldest is waited for.
        """
        while True:
            try:
                return self._flights.start(batch)
            except (InsufficientFunds, NodeRefused):
                if not self._flights:
                    raise
            yield from self._settle(wait=True)

    def _settle(self, *, wait: bool = False) -> Iterator[Carried]:
        """Tells of every batch that is confirmed.

        Args:
            wait: whether to wait for the oldest.
        """
        while (settled := self._flights.settle(wait=wait)) is not None:
            for each in settled.ended:
                yield self._tell(each)
            self._turns.wait_first(settled.again)
            wait = False


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
