"""Checks ballots in full, and accepts those that are good: they are on disk before anyone is told.

Ballots that come at once are checked together, by the parts of a carrier: one request to the node,
several processes for the proofs, one transaction of the store.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Executor, Future
from dataclasses import dataclass, field
from threading import Condition, Thread
from typing import Final, TypeVar

from veche.carrier import intake
from veche.carrier.admission import Admissions
from veche.carrier.ballots import FoundBallot, HandedIn, NewBallot, ProvenBallot, ReadBallot
from veche.carrier.outcomes import Ended, Outcome
from veche.errors import RelayFull, RelayStops, VecheError, WrongTracker
from veche.errors.relay import SOON
from veche.protocol import trackers
from veche.relay.funds import Funds
from veche.relay.limits import VoterLimits
from veche.relay.store import Accepted, Kept, Kind, State, Store

T = TypeVar("T")
Stage = TypeVar("Stage", NewBallot, ProvenBallot)

log: Final = logging.getLogger("veche.relay")

TOGETHER: Final = 32
"""Maximum ballots that are checked together."""
OF_SUSPECTS: Final = 4
"""Maximum ballots among them of addresses whose ballots were refused lately, if others wait."""
MOST_WAITING: Final = 1_000
"""Maximum ballots that wait to be checked."""


@dataclass(frozen=True, slots=True, eq=False)
class _HandedIn:
    """A ballot that somebody waits for."""

    text: str
    outcome: Future[Kept] = field(default_factory=Future)


class Desk:
    """Where ballots are handed in. They are checked and kept in a thread.

    Args:
        admissions: to the polls whose ballots are carried.
        store: where accepted ballots are kept.
        pool: other processes, which verify proofs.
        funds: how many ballots can be paid for.
        voters: how much each voter may hand in.
        most: maximum ballots that are accepted and not on chain yet.
    """

    def __init__(
        self,
        admissions: Admissions,
        store: Store,
        pool: Executor,
        *,
        funds: Funds,
        voters: VoterLimits,
        most: int,
    ) -> None:
        self._admissions, self._store, self._pool, self._funds = admissions, store, pool, funds
        self._voters, self._most = voters, most
        self._trusted: deque[_HandedIn] = deque()
        self._suspect: deque[_HandedIn] = deque()
        self._news = Condition()
        self._is_closed = False
        self._thread = Thread(target=self._work, name="checking", daemon=True)

    def start(self) -> None:
        """Begins to check."""
        self._thread.start()

    def close(self) -> None:
        """Checks what was handed in, and takes no more."""
        with self._news:
            self._is_closed = True
            self._news.notify()
        self._thread.join()

    @property
    def waiting(self) -> int:
        """How many ballots wait to be checked."""
        return len(self._trusted) + len(self._suspect)

    async def hand_in(self, text: str, *, is_suspect: bool) -> Kept:
        """Has a ballot checked and kept.

        Args:
            text: the ballot, as `SignedBallot.to_json` writes it.
            is_suspect: whether it comes from an address whose ballots were refused lately: it waits
                behind others.

        Returns:
            Where the ballot stands. If it was handed in before, where it stands by now.

        Raises:
            RelayFull: too many ballots wait, or the ether pays for no more.
            RelayStops: the relay is about to end.
            NodeError: the node cannot be asked.
            StoreFailed: the store cannot be written to.
            VecheError: the ballot is refused.
        """
        handed = _HandedIn(text)
        with self._news:
            if self._is_closed:
                raise RelayStops("this relay is about to end", after=SOON)
            lane = self._suspect if is_suspect else self._trusted
            if len(lane) >= MOST_WAITING:
                raise RelayFull(f"{len(lane):,} ballots wait to be checked", after=SOON)
            lane.append(handed)
            self._news.notify()
        return await asyncio.wrap_future(handed.outcome)

    # -- In the thread --

    def _work(self) -> None:
        while taken := self._next():
            handed = [each for each in taken if each.outcome.set_running_or_notify_cancel()]
            try:
                self._check(handed)
            except VecheError as fault:
                _fail(handed, fault)
            except Exception as fault:
                log.exception("checking failed: %s", type(fault).__name__)
                _fail(handed, fault)

    def _next(self) -> list[_HandedIn]:
        """Ballots to check together; none if the desk is closed and all are checked."""
        with self._news:
            self._news.wait_for(lambda: self.waiting or self._is_closed)
            spared = min(len(self._suspect), OF_SUSPECTS)
            trusted = _taken(self._trusted, TOGETHER - spared)
            return [*trusted, *_taken(self._suspect, TOGETHER - len(trusted))]

    def _check(self, handed: list[_HandedIn]) -> None:
        """Tells of each ballot whether it is accepted, or why not."""
        self._admissions.forget_refusals()
        documents = [HandedIn(number, each.text) for number, each in enumerate(handed)]
        read = self._passed(handed, intake.read(documents, self._admissions))
        known = self._store.find(Kind.BALLOT, [each.tracker for each in read])
        new = []
        for each in read:
            kept = known.get(each.tracker)
            if kept and kept.state != State.REFUSED:
                handed[each.number].outcome.set_result(kept)
            else:
                new.append(each)
        self._keep(handed, self._sound(handed, new))

    def _sound(self, handed: list[_HandedIn], new: Sequence[ReadBallot]) -> list[ReadBallot]:
        """The ballots that their polls would take, and those that count already."""
        entitled = self._passed(handed, intake.entitled(new))
        seen = self._passed(handed, intake.looked_up(entitled))
        on_chain = [each for each in seen if isinstance(each, FoundBallot)]
        found = self._passed(handed, map(_counting, on_chain))
        to_prove = [each for each in seen if isinstance(each, NewBallot)]
        allowed = self._within(handed, to_prove, self._voters.require)
        proven = self._passed(handed, intake.proven(allowed, self._pool))
        self._require_room(len(found) + len(proven))
        # only voters themselves can use up what they may hand in: their signature is not enough
        return [*found, *(each.ballot for each in self._within(handed, proven, self._voters.take))]

    def _require_room(self, more: int) -> None:
        """Requires that so many more ballots can wait for the chain, and be paid for.

        Raises:
            RelayFull: they cannot.
        """
        waiting = self._store.waiting() + more if more else 0
        if waiting > self._most:
            raise RelayFull(f"{self._most:,} ballots wait for the chain", after=SOON)
        if waiting > self._funds.ballots():
            raise RelayFull("the ether of this relay pays for no more ballots", after=SOON)

    def _within(
        self, handed: list[_HandedIn], ballots: Iterable[Stage], limit: Callable[[str], None]
    ) -> list[Stage]:
        """The ballots whose voters are within a limit."""
        allowed: list[Stage] = []
        for each in ballots:
            try:
                limit(each.ballot.signed.voter)
            except VecheError as refusal:
                handed[each.ballot.number].outcome.set_exception(refusal)
            else:
                allowed.append(each)
        return allowed

    def _keep(self, handed: list[_HandedIn], sound: Sequence[ReadBallot]) -> None:
        if not sound:
            return
        accepted = [Accepted(Kind.BALLOT, each.tracker, handed[each.number].text) for each in sound]
        for each, kept in zip(sound, self._store.accept(accepted), strict=True):
            handed[each.number].outcome.set_result(kept)

    def _passed(self, handed: list[_HandedIn], results: Iterable[T | Ended]) -> list[T]:
        """What a step passes on; tells of the others why they are refused."""
        passed: list[T] = []
        for each in results:
            if not isinstance(each, Ended):
                passed.append(each)
            elif each.error:
                handed[each.number].outcome.set_exception(each.error)
        return passed


def _counting(found: FoundBallot) -> ReadBallot | Ended:
    """A ballot that is on chain and counts; its end if another has replaced it."""
    ballot, counts = found.ballot, found.replaced_by
    if counts is None:
        return ballot
    said = f"this ballot was cast, but another has replaced it since: 0x{counts.hex()} counts"
    refusal = WrongTracker(counts, trackers.word(ballot.signed.replaces), reason=said)
    return Ended(ballot.number, Outcome.REFUSED, error=refusal)


def _taken(lane: deque[_HandedIn], most: int) -> list[_HandedIn]:
    return [lane.popleft() for _ in range(min(len(lane), most))]


def _fail(handed: Iterable[_HandedIn], fault: Exception) -> None:
    for each in handed:
        if not each.outcome.done():
            each.outcome.set_exception(fault)
