"""The checks before trust, on what a node shows at one block (PROTOCOL §2)."""

from __future__ import annotations

from functools import cached_property

from veche.chain.board_contract import BoardContract
from veche.chain.catalogue_contract import CatalogueContract
from veche.chain.evidence import (
    block_mark,
    board_origin,
    read_ceremony,
    read_provenance,
    read_root,
)
from veche.chain.node import Block, Node
from veche.chain.poll_contract import PollContract
from veche.protocol.block_mark import BlockMark
from veche.protocol.definition import PollDefinition
from veche.trust.ceremony import DEALS, Ceremony, check_ceremony
from veche.trust.foundation import check_board, check_foundation
from veche.trust.provenance import CATALOGUE, Provenance
from veche.trust.report import Report


class NodeFoundation:
    """What a poll stands on, as a node shows it at one block. Each part is read once: a node could
    show another the second time.

    Attributes:
        node: the node.
        address: the poll's address.

    Args:
        node: the node.
        address: the poll's address.
        block: the block; the newest by default.

    Raises:
        UnknownContract: there is no contract at the address.
        NodeBehind: the node has no such block; or, from every method that reads logs, the node
            replaced the block while they were read.
    """

    def __init__(self, node: Node, address: str, *, block: Block = "latest") -> None:
        self.node = node
        self.address = address
        self._mark = block_mark(node.block(block))
        self._poll = PollContract(node, address, block=self._mark.hash)

    def mark(self) -> BlockMark:
        """The block that the data are read at."""
        return self._mark

    def definition(self) -> PollDefinition:
        """The poll's definition, as the contract shows it."""
        return self._definition

    @cached_property
    def _definition(self) -> PollDefinition:
        return self._poll.definition()

    def poll_hash(self) -> bytes:
        """The hash of the definition by the contract, 32 bytes."""
        return self._poll_hash

    @cached_property
    def _poll_hash(self) -> bytes:
        return bytes(self._poll.read("pollHash"))

    @cached_property
    def _board(self) -> BoardContract:
        return BoardContract(self.node, self._definition.board, block=self._mark.hash)

    def ceremony(self) -> Ceremony:
        """The key ceremony of the poll's board; see read_ceremony."""
        return self._ceremony

    @cached_property
    def _ceremony(self) -> Ceremony:
        return read_ceremony(self._board, self._mark)

    def provenance(self) -> Provenance:
        """Where the poll, its board and its catalogue come from; see read_provenance."""
        return self._provenance

    @cached_property
    def _provenance(self) -> Provenance:
        return read_provenance(self._poll, self._board, self._mark)


def require_foundation(node: Node, poll: str, *, expect: bytes) -> None:
    """Refuses a poll that a vote must not be encrypted for.

    Args:
        node: the node that shows the poll.
        poll: the poll's address.
        expect: the hash of the poll's definition, 32 bytes. A node could show first one definition,
            then another.

    Raises:
        ChecksFailed: a check of PROTOCOL §2 failed.
        NodeError: the node was lost, refuses to answer, or replaced the block meanwhile.
    """
    report = Report()
    check_foundation(NodeFoundation(node, poll), report, expect=expect)
    report.require()


def require_ready_board(node: Node, board: str, *, catalogue: str) -> None:
    """Refuses a board whose key must not be used.

    Args:
        node: the node that shows the board.
        board: the board's address.
        catalogue: the address of the catalogue that must have made it.

    Raises:
        ChecksFailed: a check of PROTOCOL §2 failed.
        NodeError: the node was lost, refuses to answer, or replaced the block meanwhile.
    """
    report = Report()
    mark = block_mark(node.block())
    with report.reading(CATALOGUE):
        register = CatalogueContract(node, catalogue, block=mark.hash)
        contract = BoardContract(node, board, block=mark.hash)
        check_board(read_root(register), board_origin(register, contract), report)
    with report.reading(DEALS):
        check_ceremony(read_ceremony(BoardContract(node, board, block=mark.hash), mark), report)
    report.require()
