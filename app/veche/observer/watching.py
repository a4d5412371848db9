"""Follows a poll: at every look every check is made again, but each ballot is checked once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from veche.chain.node import Node
from veche.errors import NodeBehind, UnknownContract
from veche.observer.agreement import check_agreement, common_block
from veche.observer.ballot_box import BallotBox
from veche.observer.node_evidence import NodeEvidence
from veche.observer.verification import Verification, verify
from veche.protocol.block_mark import BlockMark
from veche.protocol.phase import Phase
from veche.protocol.roll import Roll


@dataclass(frozen=True, slots=True)
class Observation:
    """A look at a poll.

    Attributes:
        mark: the newest block of that moment, which all nodes have.
        found: the outcome of all checks, of all ballots since the poll began.
        reorganised: whether blocks that were seen before are gone, so that all ballots were counted
            again.
    """

    mark: BlockMark
    found: Verification
    reorganised: bool

    @property
    def is_over(self) -> bool:
        """Whether nothing more can happen to the poll."""
        return self.found.phase in (Phase.TALLIED, Phase.VOID, Phase.CANCELLED)


class Watch:
    """A poll that is followed.

    Args:
        node: the node.
        address: the poll's address.
        others: nodes that must agree with the first one.
        expect: the poll hash that the observer was told, 32 bytes.
        roll: the electoral roll, for example from a file, instead of the published one.
    """

    def __init__(
        self,
        node: Node,
        address: str,
        *,
        others: Sequence[Node] = (),
        expect: bytes | None = None,
        roll: Roll | None = None,
    ) -> None:
        self._node = node
        self._others = others
        self._address = address
        self._expect = expect
        self._roll = roll
        self._seen: BlockMark | None = None
        self._box: BallotBox | None = None

    def look(self) -> Observation | None:
        """Checks what is new; None if no block has come since the last look.

        Raises:
            NodeError: a node does not answer, is behind, or replaced the block meanwhile. The next
                look counts all ballots again.
            WrongNetwork: two nodes are on different chains.
            WrongRoll: the roll that was given is not the poll's.
        """
        mark = common_block([self._node, *self._others])
        if mark == self._seen:
            return None
        evidence = self._evidence(mark)
        reorganised = self._is_gone(mark)
        box, self._box = None if reorganised else self._box, None
        first = self._seen.number + 1 if self._seen and box else None
        found = verify(evidence.since(first), expect=self._expect, box=box, roll=self._roll)
        if self._others:
            check_agreement(evidence, self._others, found.report)
        self._seen = mark
        if found.box and isinstance(found.box.roll, Roll):  # otherwise nobody was on the roll
            self._box = found.box
        return Observation(mark, found, reorganised)

    def _evidence(self, mark: BlockMark) -> NodeEvidence:
        """The evidence at a block. A node that has shown the poll before is behind, or
        lies, if it does not any more: that does not end a watch.
        """
        try:
            return NodeEvidence(self._node, self._address, block=mark.hash)
        except UnknownContract as error:
            if self._seen is None:
                raise
            raise NodeBehind(f"{self._node.name} shows the poll no more: {error}") from error

    def _is_gone(self, mark: BlockMark) -> bool:
        """Whether the block that was seen last is no longer in the chain."""
        if self._seen is None:
            return False
        if self._seen.number > mark.number:
            return True
        return self._node.block(self._seen.number)["hash"] != self._seen.hash
