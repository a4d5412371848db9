"""Follows a poll: every new ballot checked, the sums compared at every step."""

from __future__ import annotations

from dataclasses import dataclass

from veche.chain.node import Node
from veche.chain.poll import Phase
from veche.definition import PollDefinition
from veche.observer.ballot_box import BallotBox
from veche.observer.evidence import BlockMark
from veche.observer.node_evidence import NodeEvidence
from veche.observer.report import Report
from veche.observer.verification import check_counts, read_roll
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
    """

    def __init__(self, node: Node, address: str) -> None:
        self._node = node
        self._address = address
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
        if reorganised or self._box is None:
            self._box, first = self._fresh_box(evidence), None
        else:
            first = self._seen.number + 1 if self._seen else None
        self._box.count_all(evidence.since(first))
        self._seen = mark
        return self._observed(evidence, self._box, reorganised=reorganised)

    def _is_gone(self, mark: BlockMark) -> bool:
        """Whether the block that was seen last is no more part of the chain."""
        if self._seen is None:
            return False
        if self._seen.number > mark.number:
            return True
        return bytes(self._node.block(self._seen.number)["hash"]) != self._seen.hash

    @staticmethod
    def _fresh_box(evidence: NodeEvidence) -> BallotBox:
        definition: PollDefinition = evidence.definition()
        roll: Roll = read_roll(evidence, definition)
        return BallotBox(definition, roll)

    @staticmethod
    def _observed(evidence: NodeEvidence, box: BallotBox, *, reorganised: bool) -> Observation:
        report, state = Report(), evidence.state()
        box.report(report)
        check_counts(box, state, report)
        return Observation(
            evidence.mark(),
            Phase(evidence.phase()),
            box.voters,
            box.count,
            box.weight,
            report,
            reorganised,
        )
