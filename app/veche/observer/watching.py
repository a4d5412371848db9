"""Follows a poll: every new ballot checked, the sums compared at every step."""

from __future__ import annotations

from dataclasses import dataclass

from veche.chain.node import Node
from veche.observer.ballot_box import BallotBox
from veche.observer.electoral_roll import check_roll, read_roll
from veche.observer.evidence import BlockMark
from veche.observer.node_evidence import NodeEvidence
from veche.observer.phase import phase_of
from veche.observer.report import Report
from veche.observer.verification import check_counts, check_poll_hash
from veche.phase import Phase
from veche.roll import Roll


@dataclass(frozen=True, slots=True)
class Observation:
    """What was seen at a block.

    Attributes:
        mark: the block.
        phase: of the poll.
        voters: how many have cast a ballot.
        ballots: how many were cast, replaced ones included.
        weight: of the voters.
        report: of everything that was checked since the poll began.
        reorganised: whether blocks that were seen before are gone, and all was counted anew.
    """

    mark: BlockMark
    phase: Phase
    voters: int
    ballots: int
    weight: int
    report: Report
    reorganised: bool

    @property
    def is_over(self) -> bool:
        """Whether nothing more can happen in the poll."""
        return self.phase in (Phase.TALLIED, Phase.VOID, Phase.CANCELLED)


class Watch:
    """A poll that is followed from its publishing on.

    Args:
        node: the node.
        address: of the poll.
        expect: the pollHash that the observer was told of, 32 bytes.
    """

    def __init__(self, node: Node, address: str, *, expect: bytes | None = None) -> None:
        self._node = node
        self._address = address
        self._expect = expect
        self._seen: BlockMark | None = None
        self._box: BallotBox | None = None

    def look(self) -> Observation | None:
        """Checks what is new; None where no block has come since the last look.

        Raises:
            NodeError: the node does not answer.
        """
        evidence = NodeEvidence(self._node, self._address)
        mark = evidence.mark()
        if mark == self._seen:
            return None
        reorganised = self._is_gone(mark)
        box, first = self._box, self._seen.number + 1 if self._seen else None
        if reorganised or box is None or not isinstance(box.roll, Roll):
            definition = evidence.definition()
            box, first = BallotBox(definition, read_roll(evidence, definition)), None
        box.count_all(evidence.since(first))
        self._box, self._seen = box, mark
        return self._observed(evidence, box, reorganised=reorganised)

    def _is_gone(self, mark: BlockMark) -> bool:
        """Whether the block that was seen last is no more part of the chain."""
        if self._seen is None:
            return False
        if self._seen.number > mark.number:
            return True
        return bytes(self._node.block(self._seen.number)["hash"]) != self._seen.hash

    def _observed(
        self, evidence: NodeEvidence, box: BallotBox, *, reorganised: bool
    ) -> Observation:
        report, mark, state = Report(), evidence.mark(), evidence.state()
        phase = phase_of(box.definition, state, mark.time)
        check_poll_hash(box.definition, state, self._expect, report)
        check_roll(box.roll, box.definition, state, phase, report)
        box.report(report)
        check_counts(box, state, report)
        return Observation(
            mark,
            phase,
            box.voters,
            box.count,
            box.weight,
            report,
            reorganised,
        )
