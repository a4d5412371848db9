"""Polls that are followed: through lost nodes, reorganisations and lies."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from support.bent_polls import failed
from support.commands import COMMAND, Shell
from support.elections import Town
from support.lies import LIES
from support.lying_nodes import LyingNode
from veche import Poll, Roll
from veche.chain.node import Node
from veche.errors import NodeUnreachable
from veche.observer import result
from veche.observer.watching import Watch

TREES = {"Which tree?": "Lime", "Which benches?": ["Wood"]}


@pytest.mark.parametrize("name", LIES)
def test_watching_makes_the_check_that_should_catch_a_lie(
    liar: LyingNode, tallied: Poll, name: str
) -> None:
    liar.lie, caught = LIES[name]
    seen = Watch(Node(liar.url), tallied.address, expect=tallied.hash).look()
    assert seen
    assert caught in failed(seen.found.report)


def test_watching_counts_nothing_twice_after_a_request_was_lost(
    town: Town, liar: LyingNode
) -> None:
    """The node is lost between two ballots of a look, and is there at the next one."""
    poll = town.open_poll("watched badly")
    watch = Watch(Node(liar.url), poll.address, expect=poll.hash)
    for voter in range(2):
        town.cast(poll, voter, TREES)
    assert watch.look()
    for voter in range(3):
        town.cast(poll, voter, {"Which tree?": "Oak"})
    last_but_one = "0x" + [*poll.ballots()][-2].block_hash.hex()

    def lose(method: str, parameters: list[Any], told: Any) -> Any:
        if method == "eth_getBlockByHash" and parameters[0] == last_but_one:
            raise ConnectionError
        return told

    liar.lie = lose
    with pytest.raises(NodeUnreachable):
        watch.look()
    liar.lie = lambda _method, _parameters, told: told
    seen = watch.look()
    assert seen
    assert not failed(seen.found.report)
    assert seen.found.box
    assert (seen.found.box.voters, seen.found.box.count) == (3, 5)


# -- The command --


def test_watching_ends_with_the_poll(shell: Shell, tallied: Poll) -> None:
    ended = shell.veche("watch", tallied.address, "--every", "1", "--json")
    assert ended.code == 0
    assert ended.json["phase"] == "tallied"
    assert (ended.json["voters"], ended.json["ballots"]) == (4, 5)


@contextmanager
def watching(town: Town, poll: Poll, *options: str) -> Iterator[Iterator[str]]:
    """The lines of `veche watch`, which looks every second."""
    process = subprocess.Popen(  # noqa: S603  # our own code
        [*COMMAND, "watch", poll.address, "--every", "1", "--rpc", town.url, *options],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout
    try:
        yield process.stdout
    finally:
        process.kill()
        process.wait()


def test_watching_tells_of_every_ballot_and_survives_a_reorganisation(town: Town) -> None:
    poll = town.open_poll("watched")
    node = town.embedded.node
    town.cast(poll, 0, TREES)
    snapshot = node.request("evm_snapshot")
    with watching(town, poll, "--json") as lines:
        assert json.loads(next(lines))["voters"] == 1
        town.cast(poll, 1, TREES)
        assert json.loads(next(lines))["voters"] == 2
        node.request("evm_revert", snapshot)
        town.cast(poll, 2, TREES)
        seen = json.loads(next(lines))
        while not seen["reorganised"]:
            seen = json.loads(next(lines))
        assert seen["voters"] in (1, 2)
        assert seen["verdict"] == "pending"


def test_watching_looks_until_the_roll_is_there(town: Town) -> None:
    poll = town.open_poll("watched early", with_roll=False)
    roll = list(Roll((each.address, 1) for each in [*town.voters, town.poor]))
    with watching(town, poll) as lines:
        assert "0 voters, 0 ballots, weight 0; electoral roll to come" in next(lines)
        town.catalogue.publish_roll("watched early", 0, 0, roll[:5], town.chain.sender)
        assert "electoral roll to come" in next(lines)
        town.catalogue.publish_roll("watched early", 0, 5, roll[5:], town.chain.sender)
        assert next(lines).endswith("weight 0\n")
        town.cast(poll, 0, TREES)
        assert next(lines).endswith("1 voters, 1 ballots, weight 1\n")


def test_watching_raises_the_alarm(shell: Shell, liar: LyingNode, tallied: Poll) -> None:
    liar.lie = LIES["another result"][0]
    ended = shell.veche("watch", tallied.address, "--rpc", liar.url, "--every", "1")
    assert ended.code == 1
    assert f"{result.RESULT}: " in ended.err
