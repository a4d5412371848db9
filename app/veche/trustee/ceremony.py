"""A board's key ceremony as a trustee's nodes show it, checked before a share of it is opened
(PROTOCOL §2).

A node could bend a sealed share, and a trustee who blamed its dealer would tell that node what
opens the true one. So a deal that does not verify is the node's lie: no dealer is to blame for it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from veche.chain.board_contract import BoardContract
from veche.chain.catalogue_contract import CatalogueContract
from veche.chain.evidence import block_mark, board_origin, read_ceremony, read_root
from veche.chain.node import Block, Node
from veche.errors import ChecksFailed, NodeError, VecheError, WrongBoardPhase
from veche.observer.agreement import ITSELF, NODES
from veche.protocol.block_mark import BlockMark
from veche.protocol.phase import BoardPhase
from veche.trust.ceremony import DEALS, Ceremony, check_ceremony, check_deals
from veche.trust.foundation import check_board
from veche.trust.provenance import Origin, Root
from veche.trust.report import Report

OTHER_CHAIN: Final = "they show different chains"
OTHER_CEREMONY: Final = "they show different deals or phases of the board"


def phase_at(board: BoardContract, block: Block) -> BoardPhase:
    """The phase of a board in the state of a block; DEALING in a block before the board."""
    exists = board.node.code(board.address, block)
    return board.read_as(BoardPhase, "phase", block=block) if exists else BoardPhase.DEALING


def checked_ceremony(
    board: BoardContract,
    catalogue: str,
    phase: BoardPhase,
    *,
    block: Block,
    other: Node | None = None,
) -> Ceremony:
    """The ceremony of a board at a block, after the checks of PROTOCOL §2: where the board comes
    from, every deal's proof and signature, the deals hash.

    Args:
        board: the board, as the trustee's node shows it.
        catalogue: the address of the catalogue that the trustee was told to serve.
        phase: the phase in which the board must be.
        block: the block.
        other: a second node, which must show the same ceremony at the same block.

    Raises:
        WrongBoardPhase: the board is in another phase.
        ChecksFailed: the ceremony cannot be read; a check failed; or the second node shows another
            block, phase, catalogue or ceremony.
        NodeError: a node does not answer, does not have the block, or replaced it meanwhile.
    """
    mark = block_mark(board.node.block(block))
    found = phase_at(board, mark.hash)
    if found != phase:
        raise WrongBoardPhase(phase.number, found.number)
    shown = _read(board, catalogue, mark)
    report = Report()
    check_board(shown.root, shown.origin, report)
    check = check_ceremony if phase == BoardPhase.READY else check_deals
    check(shown.ceremony, report)
    if other:
        fault = _difference(board.node, other, shown, phase, mark)
        said = f"{board.node.name} and {other.name} at block {mark.number}"
        report.add(NODES, holds=not fault, detail=f"{said}: {fault}" if fault else said)
    report.require()
    return shown.ceremony


@dataclass(frozen=True)
class _Shown:
    """What a node shows of a board; nothing in it is checked yet."""

    root: Root
    origin: Origin
    ceremony: Ceremony


def _read(board: BoardContract, catalogue: str, mark: BlockMark) -> _Shown:
    try:
        return _shown(board.node, board.address, catalogue, mark)
    except NodeError:
        raise
    except VecheError as error:
        raise ChecksFailed([f"{DEALS}: {board.node.name} shows no ceremony: {error}"]) from error


def _shown(node: Node, board: str, catalogue: str, mark: BlockMark) -> _Shown:
    register = CatalogueContract(node, catalogue, block=mark.hash)
    contract = BoardContract(node, board, block=mark.hash)
    origin = board_origin(register, contract)
    return _Shown(read_root(register), origin, read_ceremony(contract, mark))


def _difference(node: Node, other: Node, shown: _Shown, phase: BoardPhase, mark: BlockMark) -> str:
    """What another node does not agree on; empty if it agrees."""
    if other.is_same(node):
        return ITSELF
    if block_mark(other.block(mark.number)) != mark:
        return OTHER_CHAIN
    try:
        board, catalogue = shown.origin.address, shown.root.address
        in_phase = phase_at(BoardContract(other, board), mark.hash) == phase
        seen = _shown(other, board, catalogue, mark)
        agrees = in_phase and (seen.origin, seen.ceremony) == (shown.origin, shown.ceremony)
    except NodeError:
        raise
    except VecheError as error:
        return str(error)
    return "" if agrees else OTHER_CEREMONY
