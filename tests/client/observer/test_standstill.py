"""Nodes that show no new block: told once, and an alarm once the poll must have closed."""

from __future__ import annotations

import pytest

from veche.errors import NodeStandsStill
from veche.observer.standstill import Standstill
from veche.protocol.block_mark import BlockMark

PATIENCE = 60
CLOSES = 1_000_000
BLOCK = BlockMark(7, b"\1" * 32, CLOSES - 500)


@pytest.fixture
def still() -> Standstill:
    """A node that has shown its last block at second 0 of this process."""
    made = Standstill("a node", PATIENCE)
    made.move(BLOCK, closes=CLOSES, now=0)
    return made


def test_nothing_is_told_while_blocks_come(still: Standstill) -> None:
    for now in range(0, 1_000, PATIENCE):
        assert not still.notice(now=now, time=CLOSES + now)
        still.move(BLOCK, closes=CLOSES, now=now)


def test_standstill_is_told_once_and_again_after_the_next_block(still: Standstill) -> None:
    said = "a node has shown no block after block 7 for 61 seconds"
    assert still.notice(now=PATIENCE + 1, time=CLOSES - 400).startswith(said)
    assert not still.notice(now=PATIENCE + 2, time=CLOSES - 300)
    still.move(BLOCK, closes=CLOSES, now=100)
    assert not still.notice(now=100 + PATIENCE, time=CLOSES - 300)
    assert still.notice(now=101 + PATIENCE, time=CLOSES - 300)


def test_standstill_past_the_close_is_an_alarm(still: Standstill) -> None:
    assert still.notice(now=PATIENCE + 1, time=CLOSES + PATIENCE)
    with pytest.raises(NodeStandsStill, match="after block 7 for 62 seconds, and the poll closed"):
        still.notice(now=PATIENCE + 2, time=CLOSES + PATIENCE + 1)


def test_node_that_never_answers_stands_still() -> None:
    still = Standstill("a node", PATIENCE)
    assert not still.notice(now=10, time=CLOSES)
    assert "shown no block for 61 seconds" in still.notice(now=71, time=CLOSES)


def test_embedded_chain_may_stand_still_for_ever() -> None:
    still = Standstill("a node", float("inf"))
    still.move(BLOCK, closes=CLOSES, now=0)
    assert not still.notice(now=10**9, time=10**9)
