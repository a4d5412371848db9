"""What a node shows of a poll is all of one block, or is refused."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from support.elections import Town
from support.lies import BOARD, POLL, replaced_once_read
from support.lying_nodes import LyingNode
from veche import Poll
from veche.chain.node import Node
from veche.errors import NodeBehind
from veche.observer import record_writer
from veche.observer.node_evidence import NodeEvidence
from veche.observer.verification import verify
from veche.observer.watching import Watch

TREES = {"Which tree?": "Lime", "Which benches?": ["Wood"]}

LOGS = {
    "deals": BOARD.topic("Dealt"),
    "roll": POLL.topic("RollPublished"),
    "ballots": POLL.topic("BallotCast"),
    "shares": POLL.topic("SharePosted"),
}


@pytest.fixture(scope="module")
def poll(town: Town) -> Poll:
    """An open poll, one ballot of which was replaced."""
    opened = town.open_poll("read at one block")
    town.cast(opened, 0, TREES)
    town.cast(opened, 1, TREES)
    town.cast(opened, 0, {"Which tree?": "Oak"})
    return opened


@pytest.fixture(params=LOGS)
def replacing(request: pytest.FixtureRequest, town: Town, poll: Poll, liar: LyingNode) -> Node:
    """A node that replaces its newest block while the logs of an event are read."""
    assert poll.voter_count
    newest = int(town.chain.node.block()["number"])
    liar.lie = replaced_once_read(LOGS[request.param], newest)
    return Node(liar.url)


def test_saving_fails_if_the_block_is_replaced(replacing: Node, poll: Poll, tmp_path: Path) -> None:
    with pytest.raises(NodeBehind, match="was replaced while it was read"):
        record_writer.save_record(NodeEvidence(replacing, poll.address), tmp_path / "poll.record")
    assert not list(tmp_path.iterdir())


def test_verifying_ends_without_a_verdict_if_the_block_is_replaced(
    replacing: Node, poll: Poll
) -> None:
    with pytest.raises(NodeBehind, match="was replaced while it was read"):
        verify(NodeEvidence(replacing, poll.address))


def test_watching_looks_again_if_the_block_is_replaced(
    replacing: Node, poll: Poll, liar: LyingNode
) -> None:
    watch = Watch(replacing, poll.address)
    with pytest.raises(NodeBehind, match="was replaced while it was read"):
        watch.look()
    liar.lie = lambda _method, _parameters, told: told
    assert watch.look()


def test_looking_up_ballots_fails_if_the_block_is_replaced(
    town: Town, poll: Poll, liar: LyingNode
) -> None:
    newest = int(town.chain.node.block()["number"])
    liar.lie = replaced_once_read(LOGS["ballots"], newest)
    evidence = NodeEvidence(Node(liar.url), poll.address)
    tracker = next(poll.ballots()).values["tracker"]
    with pytest.raises(NodeBehind, match="was replaced while it was read"):
        list(evidence.find({(town.voters[0].address, tracker)}))


def test_reading_fails_if_the_chain_has_become_shorter(
    town: Town, poll: Poll, liar: LyingNode
) -> None:
    newest = hex(town.chain.node.block()["number"])
    evidence = NodeEvidence(Node(liar.url), poll.address)

    def shorter(method: str, parameters: list[Any], told: Any) -> Any:
        return None if method == "eth_getBlockByNumber" and parameters[0] == newest else told

    liar.lie = shorter
    with pytest.raises(NodeBehind, match="has no such block"):
        evidence.shares()


def test_everything_but_logs_is_read_at_the_hash_of_the_block(
    town: Town, poll: Poll, liar: LyingNode
) -> None:
    """So no newer block can change what is shown, and no other chain can have it."""
    asked: list[tuple[str, Any]] = []

    def note(method: str, parameters: list[Any], told: Any) -> Any:
        if method in ("eth_call", "eth_getCode"):
            asked.append((method, parameters[1]))
        return told

    liar.lie = note
    evidence = NodeEvidence(Node(liar.url), poll.address)
    verify(evidence)
    assert {method for method, _ in asked} == {"eth_call", "eth_getCode"}
    own = {"blockHash": f"0x{evidence.mark().hash.hex()}"}
    assert all(block == own for _, block in asked)
    assert evidence.mark().number == town.chain.node.block()["number"]
