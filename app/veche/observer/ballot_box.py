"""Counts the ballots of a poll again: who cast what when, what was replaced, and all sums."""

from __future__ import annotations

import os
from collections import Counter, defaultdict, deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass, field
from itertools import islice
from typing import Final

from veche.crypto import elgamal
from veche.crypto.elgamal import Ciphertext
from veche.errors import IncompleteRoll, Refused
from veche.errors.amounts import counted
from veche.errors.times import time_text
from veche.observer.ballots import (
    PROOFS,
    SIGNATURES,
    TRACKERS,
    Fault,
    Findings,
    examine,
    weighted,
)
from veche.observer.evidence import Evidence, Progress
from veche.processes import workers
from veche.protocol import trackers
from veche.protocol.ballot import SignedBallot
from veche.protocol.block_mark import BlockMark
from veche.protocol.definition import PollDefinition
from veche.protocol.logged_ballot import LoggedBallot
from veche.protocol.roll import Roll
from veche.trust.report import Report

MEMBERSHIP: Final = "ballot voters on the roll"
BLOCKS: Final = "ballot blocks"
TIMES: Final = "ballot times"
REPLACEMENTS: Final = "ballot replacements"

CHUNK: Final = 64
"""Ballots that a process is given at once."""
FEW: Final = 2 * CHUNK
"""Fewer ballots are examined in this process: starting others would take longer."""
SHOWN: Final = 3
"""Maximum faults of a kind that a report describes."""
ASIDE: Final = 1_000
"""Minimum replaced ballots that are looked up together, until the end."""


@dataclass(slots=True)
class _Counted:
    """The ballot of a voter that counts so far."""

    tracker: bytes
    weight: int


@dataclass
class BallotBox:
    """The ballots of a poll, counted in the order in which they were cast.

    Memory grows with the voters and not with the ballots: two trackers for each voter at most.

    Attributes:
        definition: the poll's definition.
        roll: the electoral roll; or what is wrong with it, and then nobody is on it.
        sums: for every choice, the sum of the ballots that count, times their weights. Complete
            when `count_all` has returned.
        count: how many ballots were cast, including replaced ones.
    """

    definition: PollDefinition
    roll: Roll | IncompleteRoll
    sums: list[Ciphertext] = field(init=False)
    count: int = field(init=False, default=0)
    _counted: dict[str, _Counted] = field(init=False, default_factory=dict)
    _replaced: set[tuple[str, bytes]] = field(init=False, default_factory=set)
    _missing: set[tuple[str, bytes]] = field(init=False, default_factory=set)
    _faults: Counter[str] = field(init=False, default_factory=Counter)
    _described: dict[str, list[str]] = field(init=False, default_factory=lambda: defaultdict(list))
    _block: BlockMark | None = field(init=False, default=None)

    def __post_init__(self) -> None:
        self.sums = [elgamal.ZERO] * self.definition.questions.choices

    @property
    def voters(self) -> int:
        """How many voters have cast a ballot."""
        return len(self._counted)

    @property
    def weight(self) -> int:
        """The weights of these voters together."""
        return sum(each.weight for each in self._counted.values())

    @property
    def counted(self) -> dict[str, bytes]:
        """The tracker of every voter's ballot that counts, 32 bytes."""
        return {voter: each.tracker for voter, each in self._counted.items()}

    @property
    def missing(self) -> set[tuple[str, bytes]]:
        """Voter and tracker of the ballots that did not count when others replaced them. Empty if
        a ballot has not the name that it must have: it may name what never was.
        """
        return set() if self._faults[TRACKERS] else self._missing

    def tracker(self, voter: str) -> bytes | None:
        """The tracker of a voter's ballot that counts, 32 bytes; None before the first."""
        counted = self._counted.get(voter)
        return counted.tracker if counted else None

    # -- Counting --

    def count_all(self, evidence: Evidence, progress: Progress | None = None) -> None:
        """Counts all ballots of evidence, on all cores. Ballots of later evidence may follow."""
        noted = self._noted(evidence.ballots(), evidence.mark())
        for findings in _examined(self.definition, noted):
            self._take_in(findings)
            if progress:
                progress(self.count)
            if len(self._replaced) > max(ASIDE, self.voters):
                self._take_out_replaced(evidence)
        self._take_out_replaced(evidence)

    def _noted(
        self, ballots: Iterable[tuple[LoggedBallot, BlockMark]], last: BlockMark
    ) -> Iterator[LoggedBallot]:
        """Passes on ballots, and notes voter, block, time and replacement of each."""
        for logged, block in ballots:
            self.count += 1
            self._note_voter(logged)
            self._note_block(logged, block, last)
            self._note_time(logged, block.time)
            self._note_replacement(logged)
            yield logged

    def _note_voter(self, logged: LoggedBallot) -> None:
        weight = self.roll.weight(logged.voter) if isinstance(self.roll, Roll) else 0
        if not logged.weight == weight > 0:
            reason = f"{logged.voter} has weight {weight} on the roll, not {logged.weight}"
            self._add_fault(Fault(MEMBERSHIP, logged.tracker, reason))

    def _note_block(self, logged: LoggedBallot, block: BlockMark, last: BlockMark) -> None:
        before, self._block = self._block or block, block
        for earlier, later in ((before, block), (block, last)):
            if not earlier.may_precede(later):
                one, other = (f"block {each.number} at {each.time}" for each in (earlier, later))
                reason = f"{one} cannot come before {other}, or is not the same"
                self._add_fault(Fault(BLOCKS, logged.tracker, reason))

    def _note_time(self, logged: LoggedBallot, time: int) -> None:
        if not self.definition.opens <= time < self.definition.closes:
            reason = f"cast at {time_text(time)}, when the poll was not open"
            self._add_fault(Fault(TIMES, logged.tracker, reason))
        if time > logged.deadline:
            reason = f"cast at {time_text(time)}, after its deadline"
            self._add_fault(Fault(TIMES, logged.tracker, reason))

    def _note_replacement(self, logged: LoggedBallot) -> None:
        before = self._counted.get(logged.voter)
        expected = before.tracker if before else None
        if logged.replaces != expected:
            replaced, counted = (trackers.word(each).hex() for each in (logged.replaces, expected))
            reason = f"it replaces 0x{replaced}, but 0x{counted} counted"
            self._add_fault(Fault(REPLACEMENTS, logged.tracker, reason))
            if logged.replaces is not None:
                self._missing.add((logged.voter, logged.replaces))
        if before:
            self._replaced.add((logged.voter, before.tracker))
        self._counted[logged.voter] = _Counted(logged.tracker, logged.weight)

    def _take_in(self, findings: Findings) -> None:
        for fault in findings.faults:
            self._add_fault(fault)
        self._add(findings.sums)

    def _add(self, more: Sequence[Ciphertext]) -> None:
        self.sums = [total + own for total, own in zip(self.sums, more, strict=True)]

    def _take_out_replaced(self, evidence: Evidence) -> None:
        """Looks up the ballots that were replaced, and takes them out of the sums."""
        if not self._replaced:
            return
        left, self._replaced = self._replaced, set()
        for logged in evidence.find(set(left)):
            known = (logged.voter, logged.tracker) in left
            if known and (signed := self._signed(logged)) is not None:
                left.discard((logged.voter, logged.tracker))
                self._add(weighted(signed, -signed.weight))
        for voter, tracker in left:
            reason = f"{voter} replaced it, but it cannot be found"
            self._add_fault(Fault(REPLACEMENTS, tracker, reason))

    def _signed(self, logged: LoggedBallot) -> SignedBallot | None:
        """A ballot as its voter signed it; None if its ciphertexts do not give its tracker."""
        try:
            signed = logged.signed(self.definition)
        except Refused:
            return None
        return signed if signed.tracker(self.definition.hash) == logged.tracker else None

    # -- Faults --

    def _add_fault(self, fault: Fault) -> None:
        self._faults[fault.check] += 1
        if self._faults[fault.check] <= SHOWN:
            text = f"ballot 0x{fault.tracker.hex()}: {fault.reason}"
            self._described[fault.check].append(text)

    def report(self, report: Report) -> None:
        """Adds to a report a check for every kind of fault."""
        for check in (MEMBERSHIP, BLOCKS, TIMES, REPLACEMENTS, TRACKERS, SIGNATURES, PROOFS):
            faults = self._faults[check]
            if not faults:
                report.passed(check, counted(self.count, "ballot"))
                continue
            more = f"; and {faults - SHOWN} more" if faults > SHOWN else ""
            report.failed(check, "; ".join(self._described[check]) + more)


# -- On all cores --


def _examined(definition: PollDefinition, ballots: Iterator[LoggedBallot]) -> Iterator[Findings]:
    """Examines ballots: a few here, many in other processes, chunk by chunk."""
    first = list(islice(ballots, FEW))
    if len(first) < FEW:
        yield examine(definition, first)
        return
    with workers() as pool:
        yield from _in_processes(pool, definition, first, ballots)


def _in_processes(
    pool: ProcessPoolExecutor,
    definition: PollDefinition,
    first: list[LoggedBallot],
    ballots: Iterator[LoggedBallot],
) -> Iterator[Findings]:
    """Examines ballots in other processes. They are given no more than keeps them busy."""
    waiting: deque[Future[Findings]] = deque()
    most = 2 * (os.cpu_count() or 1)
    for chunk in _chunks(first, ballots):
        waiting.append(pool.submit(examine, definition, chunk, of_many=True))
        if len(waiting) > most:
            yield waiting.popleft().result()
    while waiting:
        yield waiting.popleft().result()


def _chunks(
    first: list[LoggedBallot], rest: Iterator[LoggedBallot]
) -> Iterator[list[LoggedBallot]]:
    for at in range(0, len(first), CHUNK):
        yield first[at : at + CHUNK]
    while chunk := list(islice(rest, CHUNK)):
        yield chunk
