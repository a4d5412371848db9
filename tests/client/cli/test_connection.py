"""When a node counts as behind."""

from __future__ import annotations

from veche.cli.connection import behind


def test_node_is_behind_if_its_newest_block_is_old() -> None:
    assert behind(1, newest=1_000, now=1_601.5) == 601
    assert behind(1, newest=1_000, now=1_600) is None
    assert behind(1, newest=1_000, now=0) is None
    assert behind(31337, newest=1_000, now=10_000) is None
