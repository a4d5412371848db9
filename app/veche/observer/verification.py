"""Every check of a poll, from its code to its result (PROTOCOL §5)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, TypeVar

from veche.crypto.elgamal import Ciphertext
from veche.errors import NodeError, VecheError
from veche.observer.ballot_box import BallotBox
from veche.observer.ceremony import BOARD_HASH, check_ceremony
from veche.observer.electoral_roll import ROLL, check_roll, read_roll
from veche.observer.evidence import (
    CeremonyRecord,
    Evidence,
    PollState,
    PostedShare,
    Progress,
)
from veche.observer.phase import phase_of
from veche.observer.published_code import POLL_CODE, check_codes
from veche.observer.report import Report
from veche.observer.result import RESULT, SHARES, check_result, check_shares
from veche.protocol.definition import PollDefinition
from veche.protocol.phase import Phase

POLL_HASH: Final = "poll hash"
POLL_KEY: Final = "poll's key"
TEXTS: Final = "poll's texts"
BALLOTS: Final = "ballots"
COUNTS: Final = "counts"
SUMS: Final = "sums"

T = TypeVar("T")


@dataclass(frozen=True)
class Verification:
    """What came of checking a poll.

    Attributes:
        report: every check.
        definition: of the poll, if it could be read.
        box: its ballots, if they could be counted.
        state: what the contract says, if it could be read.
        phase: where the poll stands by that and the time.
    """

    report: Report
    definition: PollDefinition | None
    box: BallotBox | None
    state: PollState | None
    phase: Phase | None

    @property
    def sums(self) -> list[Ciphertext]:
        """Of the ballots, as they were added up here."""
        return self.box.sums if self.box else []


def verify(
    evidence: Evidence,
    *,
    expect: bytes | None = None,
    progress: Progress | None = None,
    box: BallotBox | None = None,
) -> Verification:
    """Makes every check that can be made, and says of the others that they are to come.

    Args:
        evidence: from a node or an election record.
        expect: the pollHash that the observer was told of, 32 bytes.
        progress: is told how many ballots are counted.
        box: of an earlier look, which has counted all ballots but those of the evidence.

    Raises:
        NodeError: the node was lost, or refuses what is asked of it: that is no verdict.
    """
    return _Checks(evidence, Report(), progress, box).run(expect)


@dataclass
class _Checks:
    evidence: Evidence
    report: Report
    progress: Progress | None
    box: BallotBox | None

    def run(self, expect: bytes | None) -> Verification:
        report, evidence = self.report, self.evidence
        if (codes := self._read(POLL_CODE, evidence.codes)) is not None:
            check_codes(codes, report)
        ceremony = self._read(BOARD_HASH, evidence.ceremony)
        if ceremony is not None:
            self._read(BOARD_HASH, lambda: check_ceremony(ceremony, report))
        definition = self._read(POLL_HASH, evidence.definition)
        state = self._read(POLL_HASH, evidence.state)
        if definition is None or state is None:
            return Verification(report, definition, None, state, None)
        self._check_definition(definition, state, ceremony, expect)
        phase = phase_of(definition, state, evidence.mark().time)
        box = self._count(definition, state, phase)
        if box is not None and ceremony is not None:
            self._check_result(ceremony, box, state, phase)
        return Verification(report, definition, box, state, phase)

    def _read(self, check: str, reading: Callable[[], T]) -> T | None:
        """What is shown, or made of it; nothing, with the check failed, where it is malformed."""
        try:
            return reading()
        except NodeError:
            raise
        except VecheError as error:
            self.report.note(check, False, f"cannot be read: {error}")  # noqa: FBT003
            return None

    def _check_definition(
        self,
        definition: PollDefinition,
        state: PollState,
        ceremony: CeremonyRecord | None,
        expect: bytes | None,
    ) -> None:
        _check_poll_hash(definition, state, expect, self.report)
        texts = self._read(TEXTS, lambda: definition.texts)
        if texts is not None:
            self.report.note(TEXTS, True, texts.title)  # noqa: FBT003
        if ceremony is not None:
            board = ceremony.definition
            same = definition.board == board.address and definition.board_hash == board.hash
            held = same and definition.key == ceremony.key
            self.report.note(POLL_KEY, held, f"of the board at {board.address}")

    def _count(
        self, definition: PollDefinition, state: PollState, phase: Phase
    ) -> BallotBox | None:
        box = self.box or self._read(ROLL, lambda: _new_box(self.evidence, definition))
        if box is None:
            return None
        check_roll(box.roll, definition, state, phase, self.report)

        def count() -> BallotBox:
            box.count_all(self.evidence, self.progress)
            return box

        if self._read(BALLOTS, count) is None:
            return None
        box.report(self.report)
        _check_counts(box, state, self.report)
        return box

    def _check_result(
        self, ceremony: CeremonyRecord, box: BallotBox, state: PollState, phase: Phase
    ) -> None:
        shares: tuple[PostedShare, ...] | None = self._read(SHARES, self.evidence.shares)
        if shares is None:
            return
        terms, sums, report = box.definition, box.sums, self.report
        self._read(SHARES, lambda: check_shares(terms, ceremony, sums, shares, phase, report))
        self._read(
            RESULT, lambda: check_result(terms, ceremony, sums, shares, state, phase, report)
        )


def _new_box(evidence: Evidence, definition: PollDefinition) -> BallotBox:
    return BallotBox(definition, read_roll(evidence, definition))


def _check_poll_hash(
    definition: PollDefinition, state: PollState, expect: bytes | None, report: Report
) -> None:
    """Adds to a report whether everything that defines a poll has the hash that the contract gives,
    and that the observer was told of.
    """
    own = definition.hash
    said = f"0x{own.hex()}"
    if own != state.poll_hash:
        said += f", but the contract says 0x{state.poll_hash.hex()}"
    if expect not in (None, own):
        said += f", but you were told of 0x{(expect or b'').hex()}"
    report.note(POLL_HASH, own == state.poll_hash and expect in (None, own), said)


def _check_counts(box: BallotBox, state: PollState, report: Report) -> None:
    """Adds to a report whether the contract's counts and sums are those of the ballots, and that a
    poll which was cancelled has none.
    """
    counted, said = (box.voters, box.weight), (state.voters, state.weight)
    fault = ""
    if counted != said:
        fault = f", but {said[0]} with {said[1]} on chain"
    elif state.cancelled and box.voters:
        fault = ", but the poll is cancelled, which no poll with ballots can be"
    report.note(COUNTS, not fault, f"{box.voters} voters with weight {box.weight}{fault}")
    same = list(state.sums) == box.sums
    text = f"of the ballots of {box.voters} voters"
    report.note(SUMS, same, text if same else "the contract's are not those of its ballots")
