"""The checks before trust, on what a node shows at one block (PROTOCOL §2)."""

from __future__ import annotations

from veche.chain.board_contract import BoardContract
from veche.chain.catalogue_contract import CatalogueContract
from veche.chain.evidence import (
    block_mark,
    board_origin,
    read_ceremony,
    read_foundation,
    read_root,
)
from veche.chain.node import Node
from veche.chain.poll_contract import PollContract
from veche.trust.ceremony import DEALS
from veche.trust.foundation import check_foundation, check_ready_board
from veche.trust.provenance import CATALOGUE
from veche.trust.report import Report


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
    with report.reading(CATALOGUE):
        mark = block_mark(node.block())
        contract = PollContract(node, poll, block=mark.hash)
        check_foundation(read_foundation(contract, mark), report, expect=expect)
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
    with report.reading(DEALS):
        mark = block_mark(node.block())
        register = CatalogueContract(node, catalogue, block=mark.hash)
        contract = BoardContract(node, board, block=mark.hash)
        origin = board_origin(register, contract)
        check_ready_board(read_root(register), origin, read_ceremony(contract, mark), report)
    report.require()
