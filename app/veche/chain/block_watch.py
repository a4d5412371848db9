"""How far a chain has come, and which of its blocks have enough confirmations."""

from __future__ import annotations

from dataclasses import dataclass, field
from time import monotonic, sleep
from typing import Final

from veche.chain.node import Block, Node
from veche.errors import TransactionPending

PATIENCE: Final = 180
"""Maximum seconds to wait for a block that holds a transaction, and for each block on top of it."""
LONGEST_PAUSE: Final = 0.5
"""Maximum seconds between two looks at the chain."""
KEPT: Final = 100
"""Every node keeps the state of this many recent blocks."""


@dataclass(frozen=True)
class BlockWatch:
    """Watches the blocks of a chain.

    Attributes:
        node: the node that shows them.
        confirmations: how many blocks must hold a transaction: its own and those on top.
    """

    node: Node
    confirmations: int = field(default=1, kw_only=True)

    def confirmed_block(self) -> Block:
        """The newest block with enough confirmations, to look at the state in it.

        It is never so old that a node might have forgotten its state. While the chain is too short,
        it is the first block.
        """
        if self.confirmations <= 1:
            return "latest"
        return max(0, self.node.block()["number"] + 1 - min(self.confirmations, KEPT))

    def is_confirmed(self, block: int, *, newest: int | None = None) -> bool:
        """Whether a block has enough confirmations.

        Args:
            block: its number.
            newest: the number of the newest block, if it is known.
        """
        on_top = self.confirmations - 1
        if on_top <= 0:
            return True
        return block + on_top <= (self.node.block()["number"] if newest is None else newest)

    def wait_for_block(self) -> None:
        """Waits for the next block.

        Raises:
            TransactionPending: no block came within PATIENCE.
        """
        newest, begun = self.node.newest(), monotonic()
        while self.node.newest() == newest:
            if monotonic() > begun + PATIENCE:
                raise TransactionPending(None, f"no new block came within {PATIENCE} seconds")
            sleep(LONGEST_PAUSE)
