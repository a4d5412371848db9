"""Finds the score m in a point M = m·G, by baby steps and giant steps (PROTOCOL §4).

A table has the multiples j·G for j = 1..w, by their x coordinate. As j·G and −j·G share it, every
giant step looks at 2w + 1 scores at once. One table serves many points.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import accumulate, chain, repeat
from math import isqrt
from typing import Final, TypeAlias

from veche.crypto.group import INFINITY, G, Point, Scalar
from veche.errors import DiscreteLogNotFound

OnStep: TypeAlias = Callable[[int, int], None]
"""Gets the steps that are done and the most that there can be, now and then."""

MAX_TABLE: Final = 1 << 20
"""Maximum entries of a table, about 170 bytes each. Bounds above 2^41 take more steps instead."""

_REPORT_EVERY: Final = 1 << 12


class DiscreteLogTable:
    """Finds scores in 0..bound.

    Args:
        bound: the largest score to look for.
        max_entries: the most entries that the table may have; with fewer, `find` takes more steps.
        progress: gets the steps of making the table.
    """

    def __init__(
        self, bound: int, *, max_entries: int = MAX_TABLE, progress: OnStep | None = None
    ) -> None:
        self.bound = bound
        # entries and steps cost the same: w + bound / 2w is least for w = sqrt(bound / 2)
        width = max(1, min(max_entries, isqrt(max(0, bound) // 2)))
        multiples = accumulate(repeat(G, width))
        counted = _counted(multiples, width, progress)
        self._table = {point.encoded[:32]: j for j, point in enumerate(counted, start=1)}

    def find(self, point: Point, *, progress: OnStep | None = None) -> int:
        """The score m with M = m·G.

        Args:
            point: the point M.
            progress: gets the giant steps.

        Raises:
            DiscreteLogNotFound: no score in 0..bound gives this point.
        """
        width = len(self._table)
        stride = 2 * width + 1
        steps = self.bound // stride + 1
        back = -(G * Scalar(stride))
        # at step i the point is M − (w + i·stride)·G
        remainders = accumulate(chain([point - G * Scalar(width)], repeat(back, steps - 1)))
        for step, remainder in enumerate(_counted(remainders, steps, progress)):
            middle = width + step * stride
            for score in self._candidates(middle, remainder):
                if 0 <= score <= self.bound and G * Scalar(score) == point:
                    return score
        raise DiscreteLogNotFound(self.bound)

    def _candidates(self, middle: int, remainder: Point) -> tuple[int, ...]:
        """The scores that the point of a giant step may stand for."""
        if remainder == INFINITY:
            return (middle,)
        offset = self._table.get(remainder.encoded[:32])
        return () if offset is None else (middle + offset, middle - offset)


def discrete_log(point: Point, bound: int, *, progress: OnStep | None = None) -> int:
    """The score m in 0..bound with M = m·G. For many points, use one `DiscreteLogTable`.

    Args:
        point: the point M.
        bound: the largest score to look for.
        progress: gets the steps of making the table, then the giant steps.

    Raises:
        DiscreteLogNotFound: no score in 0..bound gives this point.
    """
    return DiscreteLogTable(bound, progress=progress).find(point, progress=progress)


def _counted(points: Iterator[Point], total: int, progress: OnStep | None) -> Iterator[Point]:
    """Passes points on, and reports now and then how many of `total` have passed."""
    for done, point in enumerate(points):
        if progress is not None and done % _REPORT_EVERY == 0:
            progress(done, total)
        yield point
    if progress is not None:
        progress(total, total)
