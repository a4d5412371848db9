"""Whether blocks still come: a node that shows no new block hides what happens to a poll."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise
from statistics import median_low
from typing import Final

from veche.chain.node import Node
from veche.errors import NodeStandsStill
from veche.errors.times import time_text
from veche.protocol.block_mark import BlockMark

BLOCKS: Final = 5
"""Number of blocks that are missing when a chain seems to stand still."""
GAPS: Final = 9
"""Maximum gaps between blocks that show how fast blocks come."""
LEAST: Final = 1
"""Minimum seconds from block to block."""
MOST: Final = 120
"""Maximum seconds from block to block: a node that wants to stand still unnoticed could show blocks
that are years apart.
"""


def block_time(node: Node) -> int:
    """The usual seconds from block to block, by the newest blocks."""
    newest = int(node.block()["number"])
    numbers = range(max(0, newest - GAPS), newest + 1)
    times = [int(node.block(each)["timestamp"]) for each in numbers]
    gaps = [after - before for before, after in pairwise(times)]
    return min(MOST, max(LEAST, median_low(gaps))) if gaps else LEAST


@dataclass
class Standstill:
    """Notices if no new block comes.

    Attributes:
        names: the nodes.
        patience: the seconds without a new block after which they seem to stand still.
    """

    names: str
    patience: float
    _last: BlockMark | None = field(default=None, init=False)
    _closes: int | None = field(default=None, init=False)
    _since: float | None = field(default=None, init=False)
    _is_told: bool = field(default=False, init=False)

    def move(self, block: BlockMark, *, closes: int | None, now: float) -> None:
        """Notes a new block.

        Args:
            block: the block.
            closes: when the poll closes, in seconds since 1970; None if that cannot be read.
            now: by a clock that only this process knows, in seconds.
        """
        self._last, self._closes, self._since, self._is_told = block, closes, now, False

    def notice(self, *, now: float, time: float) -> str:
        """What people are to be told because no new block came: once, then nothing more.

        Args:
            now: by the clock of `move`.
            time: by the clock of this machine, in seconds since 1970.

        Raises:
            NodeStandsStill: the close of the poll has passed by the clock of this machine, and as
                much time again.
        """
        self._since = now if self._since is None else self._since
        still = now - self._since
        if still <= self.patience:
            return ""
        if self._closes is not None and time > self._closes + self.patience:
            closed = f"the poll closed at {time_text(self._closes)} by this machine's clock"
            raise NodeStandsStill(f"{self._said(still)}, and {closed}")
        if self._is_told:
            return ""
        self._is_told = True
        return f"{self._said(still)}. What is shown of the poll may be out of date."

    def _said(self, still: float) -> str:
        after = f" after block {self._last.number}" if self._last else ""
        return f"{self.names} has shown no block{after} for {int(still)} seconds"
