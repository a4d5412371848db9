"""A board's key ceremony as a trustee's nodes show it, checked before a share of it is opened
(PROTOCOL §2).

A node could bend a sealed share, and a trustee who blamed its dealer would tell that node what
opens the true one. So a deal that does not verify is the node's lie: no dealer is to blame for it.
"""

from __future__ import annotations

from typing import Final

from veche.chain.board import BoardPhase
from veche.chain.board_contract import BoardContract
from veche.chain.node import Block, Node
from veche.errors import ChecksFailed, NodeError, VecheError, WrongBoardPhase
from veche.observer.agreement import NODES
from veche.observer.ceremony import DEALS, check_deals
from veche.observer.ceremony_evidence import block_mark, read_ceremony
from veche.observer.evidence import BlockMark, Ceremony
from veche.observer.report import Report

OTHER_CHAIN: Final = "they show different chains"
OTHER_CEREMONY: Final = "they show different deals or phases of the board"


def phase_at(board: BoardContract, block: Block) -> int:
    """The phase of a board in the state of a block; Dealing in a block before the board."""
    exists = board.node.code(board.address, block)
    return int(board.read("phase", block=block)) if exists else int(BoardPhase.DEALING)


def checked_ceremony(
    board: BoardContract, phase: BoardPhase, *, block: Block, other: Node | None = None
) -> Ceremony:
    """The ceremony of a board at a block, after its checks: every deal's proof, the deals hash.

    Args:
        board: the board, as the trustee's node shows it.
        phase: the phase in which the board must be.
        block: the block.
        other: a second node, which must show the same ceremony at the same block.

    Raises:
        WrongBoardPhase: the board is in another phase.
        ChecksFailed: the ceremony cannot be read; a deal or the deals hash is wrong; or the second
            node shows another block, phase or ceremony.
        NodeError: a node does not answer, does not have the block, or replaced it meanwhile.
    """
    mark = block_mark(board.node.block(block))
    found = phase_at(board, mark.hash)
    if found != phase:
        raise WrongBoardPhase(int(phase), found)
    ceremony = _read(board, mark)
    report = Report()
    check_deals(ceremony, report)
    if other:
        fault = _difference(other, ceremony, phase, mark)
        said = f"{board.node.name} and {other.name} at block {mark.number}"
        report.add(NODES, holds=not fault, detail=f"{said}: {fault}" if fault else said)
    report.require()
    return ceremony


def _read(board: BoardContract, mark: BlockMark) -> Ceremony:
    """The ceremony that the trustee's node shows; nothing in it is checked yet."""
    try:
        return read_ceremony(board, mark)
    except NodeError:
        raise
    except VecheError as error:
        raise ChecksFailed([f"{DEALS}: {board.node.name} shows no ceremony: {error}"]) from error


def _difference(other: Node, ceremony: Ceremony, phase: BoardPhase, mark: BlockMark) -> str:
    """What another node does not agree on; empty if it agrees."""
    if block_mark(other.block(mark.number)) != mark:
        return OTHER_CHAIN
    try:
        board = BoardContract(other, ceremony.definition.address)
        agrees = phase_at(board, mark.hash) == phase and read_ceremony(board, mark) == ceremony
    except NodeError:
        raise
    except VecheError as error:
        return str(error)
    return "" if agrees else OTHER_CEREMONY
