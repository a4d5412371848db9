"""Blocks, as evidence names them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class BlockMark:
    """A block: the one that evidence is read at, or the one that holds a ballot.

    Attributes:
        number: the block's number.
        hash: the block's hash, 32 bytes.
        time: the block's time, in seconds since 1970.
    """

    number: int
    hash: bytes
    time: int

    def may_precede(self, later: BlockMark) -> bool:
        """Whether both can be blocks of one chain: this one before the other, or the same."""
        if self.number == later.number:
            return self == later
        return self.number < later.number and self.time <= later.time and self.hash != later.hash
