"""What a node shows of a board's key ceremony, all of it at one block."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from veche.chain.board_contract import BoardContract
from veche.chain.contract import point
from veche.chain.node import Node
from veche.crypto.deal_proof import Deal
from veche.errors import NodeBehind
from veche.observer.evidence import BlockMark, Ceremony


def read_ceremony(board: BoardContract, block: BlockMark) -> Ceremony:
    """The key ceremony of a board at a block. Nothing in it is checked yet.

    Raises:
        NodeBehind: the block was replaced while it was read.
        InvalidPoint, InvalidScalar: a deal has a point or scalar that no contract accepts.
        UnknownContract: a log does not have the form of a deal.
    """
    definition, read = board.definition(), board.read
    indices = range(1, len(definition.terms.trustees) + 1)
    ceremony = Ceremony(
        definition,
        bytes(read("boardHash", block=block.hash)),
        bytes(read("dealsHash", block=block.hash)),
        tuple(_deals(board, len(indices), block)),
        tuple(i for i in indices if read("hasConfirmed", i, block=block.hash)),
        point(read("key", block=block.hash)),
        tuple(point(read("verificationKey", i, block=block.hash)) for i in indices),
    )
    require_kept(board.node, block)
    return ceremony


def _deals(board: BoardContract, trustees: int, block: BlockMark) -> Iterator[tuple[int, Deal]]:
    """The deals in their order: proofs from the log, the rest from state."""
    posted = board.deals(trustees, block=block.hash)
    for event in board.events("Dealt", last=block.number):
        dealer = event.values["dealer"]
        if dealer in posted:
            kept = posted[dealer]
            proof = ("challenge", "secretResponse", "ephemeralResponse")
            yield (
                dealer,
                Deal.from_outside(
                    [(each.x, each.y) for each in kept.commitments],
                    (kept.ephemeral.x, kept.ephemeral.y),
                    kept.sealed,
                    *(event.values[each] for each in proof),
                ),
            )


def block_mark(header: Any) -> BlockMark:  # noqa: ANN401  # as the node gives it
    """The block with this header."""
    return BlockMark(int(header["number"]), bytes(header["hash"]), int(header["timestamp"]))


def require_kept(node: Node, block: BlockMark) -> None:
    """Refuses logs that were read while their block was replaced: they are asked for by numbers,
    all else by the block's hash.

    Raises:
        NodeBehind: the block is no part of the node's chain any more.
    """
    if bytes(node.block(block.number)["hash"]) != block.hash:
        raise NodeBehind(f"block {block.number} was replaced while it was read: look again")
