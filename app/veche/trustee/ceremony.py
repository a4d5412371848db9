"""A board's key ceremony as a trustee's nodes show it, checked before a share of it is opened
(PROTOCOL §2).

A node could bend a sealed share, and a trustee who blamed its dealer would tell that node what
opens the true one. So a deal that does not verify is the node's lie: no dealer is to blame for it.
"""

from __future__ import annotations

from typing import Final, TypeAlias

from veche.chain.board import BoardPhase
from veche.chain.board_contract import BoardContract
from veche.chain.node import Block, Node
from veche.errors import ChecksFailed, NodeError, VecheError, WrongBoardPhase
from veche.observer.agreement import NODES
from veche.observer.ceremony import DEALS, check_deals
from veche.observer.ceremony_evidence import block_mark, read_ceremony
from veche.observer.evidence import BlockMark, CeremonyRecord
from veche.observer.report import Report

Shown: TypeAlias = tuple[int, CeremonyRecord]
"""The phase of a board, and its ceremony."""

OTHER_CHAIN: Final = "they show different chains"
OTHER_CEREMONY: Final = "they show different deals or phases of the board"


def checked_ceremony(
    node: Node, board: str, phase: BoardPhase, *, block: Block, other: Node | None = None
) -> CeremonyRecord:
    """A ceremony at a block. Every deal has its proof, and all of them give the deals hash.

    Args:
        node: the trustee's node.
        board: the board's address.
        phase: the phase in which the board must be.
        block: the block.
        other: a second node, which must show the same ceremony at the same block.

    Raises:
        WrongBoardPhase: the board is in another phase.
        ChecksFailed: the node shows what no contract of a board would; or the two nodes differ.
        NodeError: a node does not answer, does not have the block, or replaced it meanwhile.
    """
    mark = block_mark(node.block(block))
    shown, ceremony = _shown(node, board, mark)
    if shown != phase:
        raise WrongBoardPhase(int(phase), shown)
    report = Report()
    check_deals(ceremony, report)
    if other:
        fault = _difference((shown, ceremony), other, board, mark)
        said = f"{node.name} and {other.name} at block {mark.number}"
        report.note(NODES, not fault, f"{said}: {fault}" if fault else said)
    report.require()
    return ceremony


def _shown(node: Node, board: str, mark: BlockMark) -> Shown:
    """The phase and the ceremony that a node shows; nothing in them is checked yet."""
    try:
        contract = BoardContract(node, board)
        phase = int(contract.read("phase", block=mark.hash))
        return phase, read_ceremony(contract, mark)
    except NodeError:
        raise
    except VecheError as error:
        raise ChecksFailed([f"{DEALS}: {node.name} shows no ceremony: {error}"]) from error


def _difference(shown: Shown, other: Node, board: str, mark: BlockMark) -> str:
    """What another node does not agree on; empty if it agrees."""
    if block_mark(other.block(mark.number)) != mark:
        return OTHER_CHAIN
    return "" if _shown(other, board, mark) == shown else OTHER_CEREMONY
