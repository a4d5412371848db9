"""Every check of a poll, from its code to its result (PROTOCOL §5)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, TypeAlias

from veche.crypto.elgamal import Ciphertext
from veche.errors.amounts import counted
from veche.observer.ballot_box import BallotBox
from veche.observer.electoral_roll import ROLL, check_roll, read_roll
from veche.observer.evidence import Evidence, PollState, PostedShare, Progress
from veche.observer.missing_logs import Shown, require_logs
from veche.observer.phase import phase_of
from veche.observer.result import RESULT, SHARES, Decryption, check_result, check_shares
from veche.protocol.content import Scores
from veche.protocol.definition import PollDefinition
from veche.protocol.figures import Figures, Turnout
from veche.protocol.phase import Phase
from veche.protocol.roll import Roll
from veche.trust.foundation import Foundation, check_foundation
from veche.trust.report import Report, Verdict

TEXTS: Final = "poll's texts"
BALLOTS: Final = "ballots"
COUNTS: Final = "counts"
SUMS: Final = "sums"
COMPLETE: Final = "nothing left out"

Confirm: TypeAlias = Callable[[Evidence, Report], bool]
"""Adds to a report whether nodes show all that a record says, and returns whether they do; see
`agreement.check_record`.
"""


@dataclass(frozen=True)
class Verification:
    """The outcome of checking a poll.

    Attributes:
        report: every check.
        foundation: what the poll stands on, as it was checked.
        phase: the phase of the poll, by its state and the time; None if they cannot be read.
        box: the ballots; None if they cannot be counted.
        state: the poll's state by its contract; None if it cannot be read.
    """

    report: Report
    foundation: Foundation
    phase: Phase | None = None
    box: BallotBox | None = None
    state: PollState | None = None

    @property
    def definition(self) -> PollDefinition | None:
        """The poll's definition; None if it cannot be read."""
        return self.foundation.definition

    @property
    def result(self) -> Scores | None:
        """The score of every option, by question; None unless every check passed, and if there is
        no result.
        """
        if self.report.verdict != Verdict.PASS or not (self.definition and self.state):
            return None
        scores = self.state.result
        return self.definition.texts.by_text(scores) if scores else None

    @property
    def turnout(self) -> Turnout | None:
        """How many took part, by the poll's state; None if that cannot be read."""
        if not (self.definition and self.state and self.box):
            return None
        on_roll = len(self.box.roll) if isinstance(self.box.roll, Roll) else None
        total = self.definition.total_weight
        return Turnout(self.state.voters, on_roll, self.state.weight, total)

    @property
    def figures(self) -> Figures | None:
        """What the result says to people; None where `result` is."""
        scores = self.result
        if scores is None or not (self.definition and self.turnout):
            return None
        limits = (*self.definition.questions,)
        return Figures.of(self.definition.texts, limits, scores, self.turnout)

    @property
    def sums(self) -> list[Ciphertext]:
        """The sums of all choices, as they were added up here; empty if that was impossible."""
        return self.box.sums if self.box else []


def verify(
    evidence: Evidence,
    *,
    expect: bytes | None = None,
    progress: Progress | None = None,
    box: BallotBox | None = None,
    roll: Roll | None = None,
    confirm: Confirm | None = None,
) -> Verification:
    """Makes every check that can be made; adds the others as pending.

    Args:
        evidence: the public data of the poll, from a node or an election record.
        expect: the poll hash that the observer was told, 32 bytes.
        progress: takes the number of ballots that are counted.
        box: the box of an earlier verification, which has counted every ballot that the evidence
            does not show.
        roll: the electoral roll, for example from a file, instead of the published one.
        confirm: holds a record against nodes. Without it, what only a node can show is pending.

    Raises:
        WrongRoll: the roll that was given is not that of the poll, although the poll is the one
            that was expected.
        InvalidDocument: the record is malformed. That is no verdict.
        LogsMissing: the node lacks logs that its own state proves to exist. That is none either.
        NodeError: the node was lost, or refuses to answer. That is none either.
    """
    return _Checks(evidence, Report(), expect, progress, box, roll, confirm).run()


@dataclass
class _Checks:
    evidence: Evidence
    report: Report
    expect: bytes | None
    progress: Progress | None
    box: BallotBox | None
    roll: Roll | None
    confirm: Confirm | None
    is_last_word: bool = False

    def run(self) -> Verification:
        foundation = check_foundation(self.evidence, self.report, expect=self.expect)
        definition = foundation.definition
        state: PollState | None = None
        with self.report.reading(COUNTS):
            state = self.evidence.state()
        if definition is None or state is None:
            return Verification(self.report, foundation)
        return self._check_poll(definition, state, foundation)

    def _check_poll(
        self, definition: PollDefinition, state: PollState, foundation: Foundation
    ) -> Verification:
        with self.report.reading(TEXTS):
            self.report.passed(TEXTS, definition.texts.title)
        phase = phase_of(definition, state, self.evidence.mark().time)
        is_confirmed = self.confirm is not None and self.confirm(self.evidence, self.report)
        self.is_last_word = is_confirmed or not self.evidence.is_record
        box = self._count(definition, state, phase)
        shares: tuple[PostedShare, ...] | None = None
        if box is not None and foundation.ceremony is not None:
            with self.report.reading(SHARES):
                shares = self.evidence.shares()
        if box is not None and foundation.ceremony is not None and shares is not None:
            decryption = Decryption(
                definition, phase, foundation.ceremony, box.sums, shares, self.is_last_word
            )
            self._check_result(decryption, state)
        self._check_complete(phase)
        proofs = self.evidence.proofs()
        if proofs is not None:
            require_logs(Shown(state, foundation.ceremony, box, shares), proofs, self.report)
        return Verification(self.report, foundation, phase, box, state)

    def _check_complete(self, phase: Phase) -> None:
        """Adds as pending, for a record without a result that no node confirms, that nothing was
        left out. A result proves the ballots that it counts, and that the poll is over; without
        one, that there is no more, now or later, is the writer's word.
        """
        if not self.is_last_word and phase != Phase.TALLIED:
            mark = self.evidence.mark()
            block = f"block {mark.number}, 0x{mark.hash.hex()}"
            said = "a record cannot show that it is complete, or that nothing came later"
            self.report.pending(COMPLETE, f"{said}: ask a node with --rpc, at {block}")

    def _count(
        self, definition: PollDefinition, state: PollState, phase: Phase
    ) -> BallotBox | None:
        """Counts the ballots and checks them; None if they or the roll cannot be read."""
        box, given = self.box, self._given_roll(definition)
        if box is None:
            with self.report.reading(ROLL):
                box = BallotBox(definition, read_roll(self.evidence, definition, given))
        if box is None:
            return None
        is_given = given is not None
        check_roll(
            box.roll,
            definition,
            state,
            phase,
            self.report,
            is_given=is_given,
            is_last_word=self.is_last_word,
        )
        with self.report.reading(BALLOTS):
            box.count_all(self.evidence, self.progress)
            box.report(self.report)
            _check_counts(box, state, self.report)
            return box
        return None

    def _given_roll(self, definition: PollDefinition) -> Roll | None:
        """The roll that was given; None also if the node shows another poll than the expected one,
        which has a check of its own.
        """
        if self.roll is None or self.expect not in (None, definition.hash):
            return None
        self.roll.require_of(definition)
        return self.roll

    def _check_result(self, decryption: Decryption, state: PollState) -> None:
        with self.report.reading(SHARES):
            check_shares(decryption, self.report)
        with self.report.reading(RESULT):
            check_result(decryption, state.result, self.report)


def _check_counts(box: BallotBox, state: PollState, report: Report) -> None:
    """Adds to a report whether the contract's counts and sums are those of the ballots. A cancelled
    poll must have no ballots.
    """
    own, shown = (box.voters, box.weight), (state.voters, state.weight)
    fault = ""
    if own != shown:
        fault = f", but the contract says {shown[0]:,} with weight {shown[1]:,}"
    elif state.cancelled and box.voters:
        fault = ", but the poll is cancelled, which a poll with ballots cannot be"
    voters = f"{counted(box.voters, 'voter')} with weight {box.weight:,}"
    report.add(COUNTS, holds=not fault, detail=voters + fault)
    same = list(state.sums) == box.sums
    sums = (
        "of the ballots that count" if same else "the contract's sums are not those of the ballots"
    )
    report.add(SUMS, holds=same, detail=sums)
