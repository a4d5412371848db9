"""Counts the ballots of a poll again: who cast what when, what replaced what, and all sums."""

from __future__ import annotations

import os
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass, field
from itertools import islice
from typing import Final, TypeAlias

from veche.crypto import elgamal
from veche.crypto.ballot_proof import Ballot
from veche.crypto.elgamal import Ciphertext
from veche.errors import IncompleteRoll, VecheError
from veche.errors.times import time_text
from veche.observer.ballots import (
    PROOFS,
    SIGNATURES,
    TRACKERS,
    Findings,
    examine,
    read,
    tracker_of,
    weighted,
)
from veche.observer.evidence import CastBallot, Evidence
from veche.observer.report import Report
from veche.processes import workers
from veche.protocol.ballot import NO_BALLOT
from veche.protocol.definition import PollDefinition
from veche.protocol.roll import Roll

MEMBERSHIP: Final = "ballot voters on the roll"
TIMES: Final = "ballot times"
REPLACEMENTS: Final = "ballot replacements"

CHUNK: Final = 64
"""Ballots that a process is given at once."""
FEW: Final = 2 * CHUNK
"""As many ballots are examined here, rather than start processes for them."""
SHOWN: Final = 3
"""How many faults of a kind are told in words."""
ASIDE: Final = 1_000
"""Replaced ballots that are looked up together, at the least."""

OnBallot: TypeAlias = Callable[[int], None]
"""Is told how many ballots are counted."""


@dataclass(slots=True)
class _Record:
    """A voter's ballot that counts so far."""

    tracker: bytes
    weight: int


@dataclass
class BallotBox:
    """The ballots of a poll, counted in the order in which they were cast.

    Memory grows with the voters, two trackers for each at most, and not with the ballots.

    Attributes:
        definition: of the poll.
        roll: its electoral roll, or what is wrong with it: then nobody stands on it.
        sums: of the ballots that count, times their weights, once all are counted.
        count: how many ballots were cast, replaced ones included.
    """

    definition: PollDefinition
    roll: Roll | IncompleteRoll
    sums: list[Ciphertext] = field(init=False)
    count: int = field(init=False, default=0)
    _records: dict[str, _Record] = field(init=False, default_factory=dict)
    _replaced: set[tuple[str, bytes]] = field(init=False, default_factory=set)
    _faults: Counter[str] = field(init=False, default_factory=Counter)
    _told: dict[str, list[str]] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        self.sums = [elgamal.ZERO] * self.definition.questions.choices

    @property
    def voters(self) -> int:
        """How many voters have cast a ballot."""
        return len(self._records)

    @property
    def weight(self) -> int:
        """The weights of all who have."""
        return sum(each.weight for each in self._records.values())

    def tracker(self, voter: str) -> bytes | None:
        """The tracker of a voter's ballot that counts."""
        record = self._records.get(voter)
        return record.tracker if record else None

    # -- Counting --

    def count_all(self, evidence: Evidence, progress: OnBallot | None = None) -> None:
        """Counts all ballots of evidence, on all cores; more of them may be counted later."""
        for findings in _examined(self.definition, self._noted(evidence.ballots())):
            self._take_in(findings)
            if progress:
                progress(self.count)
            if len(self._replaced) > max(ASIDE, self.voters):
                self._take_out_replaced(evidence)
        self._take_out_replaced(evidence)

    def _noted(self, ballots: Iterable[CastBallot]) -> Iterator[CastBallot]:
        """The same ballots, each noted on its way."""
        for cast in ballots:
            self.count += 1
            self._note_voter(cast)
            self._note_time(cast)
            self._note_replacement(cast)
            yield cast

    def _note_voter(self, cast: CastBallot) -> None:
        weight = self.roll.weight(cast.voter) if isinstance(self.roll, Roll) else 0
        if not cast.weight == weight > 0:
            why = f"{cast.voter} with weight {cast.weight}, which the roll gives {weight}"
            self._fault(MEMBERSHIP, cast.tracker, why)

    def _note_time(self, cast: CastBallot) -> None:
        time = cast.block.time
        if not self.definition.opens <= time < self.definition.closes:
            why = f"cast at {time_text(time)}, when the poll was not open"
            self._fault(TIMES, cast.tracker, why)
        if time > cast.deadline:
            why = f"cast at {time_text(time)}, after its deadline"
            self._fault(TIMES, cast.tracker, why)

    def _note_replacement(self, cast: CastBallot) -> None:
        before = self._records.get(cast.voter)
        expected = before.tracker if before else NO_BALLOT
        if cast.replaces != expected:
            why = f"it replaces 0x{cast.replaces.hex()}, but 0x{expected.hex()} counted"
            self._fault(REPLACEMENTS, cast.tracker, why)
        if before:
            self._replaced.add((cast.voter, before.tracker))
        self._records[cast.voter] = _Record(cast.tracker, cast.weight)

    def _take_in(self, findings: Findings) -> None:
        for check, tracker, why in findings.faults:
            self._fault(check, tracker, why)
        self._add(findings.sums)

    def _add(self, more: Sequence[Ciphertext]) -> None:
        self.sums = [total + own for total, own in zip(self.sums, more, strict=True)]

    def _take_out_replaced(self, evidence: Evidence) -> None:
        if not self._replaced:
            return
        left, self._replaced = self._replaced, set()
        for cast in evidence.find(set(left)):
            known = (cast.voter, cast.tracker) in left
            if known and (ballot := self._readable(cast)) is not None:
                left.discard((cast.voter, cast.tracker))
                self._add(weighted(ballot, -cast.weight))
        for voter, tracker in left:
            self._fault(REPLACEMENTS, tracker, f"replaced by {voter}, and not to be found")

    def _readable(self, cast: CastBallot) -> Ballot | None:
        """The ballot, if its ciphertexts are those of its tracker."""
        try:
            ballot = read(cast, self.definition)
        except VecheError:
            return None
        return ballot if tracker_of(cast, ballot, self.definition) == cast.tracker else None

    def _fault(self, check: str, tracker: bytes, why: str) -> None:
        self._faults[check] += 1
        if self._faults[check] <= SHOWN:
            self._told.setdefault(check, []).append(f"ballot 0x{tracker.hex()}: {why}")

    # -- Verdicts --

    def report(self, report: Report) -> None:
        """Adds what was found to a report, a check for each kind of fault."""
        for check in (MEMBERSHIP, TIMES, REPLACEMENTS, TRACKERS, SIGNATURES, PROOFS):
            faults, told = self._faults[check], self._told.get(check, [])
            shown = "; ".join(told)
            more = f"; and {faults - len(told)} more" if faults > len(told) else ""
            report.note(check, not faults, shown + more if faults else f"{self.count} ballots")


def _examined(definition: PollDefinition, ballots: Iterator[CastBallot]) -> Iterator[Findings]:
    """What is found in ballots, chunk by chunk; a few are examined here, many on all cores."""
    first = list(islice(ballots, FEW))
    if len(first) < FEW:
        yield examine(definition, first)
        return
    with workers() as pool:
        yield from _in_processes(pool, definition, first, ballots)


def _in_processes(
    pool: ProcessPoolExecutor,
    definition: PollDefinition,
    first: list[CastBallot],
    ballots: Iterator[CastBallot],
) -> Iterator[Findings]:
    """The same in other processes, with no more chunks under way than keep them busy."""
    waiting: deque[Future[Findings]] = deque()
    most = 2 * (os.cpu_count() or 1)
    for chunk in _chunks(first, ballots):
        waiting.append(pool.submit(examine, definition, chunk, of_many=True))
        if len(waiting) > most:
            yield waiting.popleft().result()
    while waiting:
        yield waiting.popleft().result()


def _chunks(first: list[CastBallot], rest: Iterator[CastBallot]) -> Iterator[list[CastBallot]]:
    for at in range(0, len(first), CHUNK):
        yield first[at : at + CHUNK]
    while chunk := list(islice(rest, CHUNK)):
        yield chunk
