"""When voters are warned of a result that tells too much."""

from __future__ import annotations

from veche.cli import cautions


def test_poll_is_small_below_twice_its_minimum() -> None:
    assert cautions.is_small(3, 2)
    assert not cautions.is_small(4, 2)
