"""Polls that are followed: through lost nodes, reorganisations and lies."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from threading import Event
from typing import Any

import pytest

from support.bent_polls import failed
from support.commands import COMMAND, Shell
from support.elections import Town
from support.lies import LIES, LOGS_LACKING
from support.lying_nodes import LyingNode
from veche import Poll, Roll, cli
from veche.chain.node import Node
from veche.errors import LogsMissing, NodeUnreachable
from veche.errors.times import time_text
from veche.observer import result
from veche.observer.watching import Watch
from veche.protocol import link

TREES = {"Which tree?": "Lime", "Which benches?": ["Wood"]}


@pytest.mark.parametrize("name", LIES)
def test_watching_makes_the_check_that_should_catch_a_lie(
    liar: LyingNode, tallied: Poll, name: str
) -> None:
    liar.lie, caught = LIES[name]
    seen = Watch(Node(liar.url), tallied.address, expect=tallied.hash).look()
    assert seen
    assert caught in failed(seen.found.report)


@pytest.mark.parametrize("name", LOGS_LACKING)
def test_watching_gives_no_verdict_if_the_node_lacks_logs(
    liar: LyingNode, tallied: Poll, name: str
) -> None:
    watch = Watch(Node(liar.url), tallied.address, expect=tallied.hash)
    liar.lie, _ = LOGS_LACKING[name]
    for _ in range(2):
        with pytest.raises(LogsMissing):
            watch.look()
    liar.lie = lambda _method, _parameters, told: told
    seen = watch.look()
    assert seen
    assert not failed(seen.found.report)


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
    assert ended.json["asOf"]["number"] == tallied.node.block()["number"]
    scores = tallied.result()
    assert scores
    plain = [{"question": name, "scores": given} for name, given in scores.items()]
    told = ended.json["results"]
    assert [{name: each[name] for name in plain[0]} for each in told] == plain
    shown = shell.veche("watch", link.of(tallied.definition)).out
    assert "as you were told" in shown
    assert "All 28 checks hold: the ballots of 4 voters are valid" in shown
    assert "Turnout: 4 of 13 voters (30.8%), weight 6 of 15 (40.0%)." in shown
    untold = shell.veche("watch", tallied.address).out
    assert "You were told no poll hash" in untold


@contextmanager
def watching(town: Town, poll: Poll, *options: str, url: str = "") -> Iterator[Iterator[str]]:
    """The lines of `veche watch`, which looks every second, at the town's node or another."""
    process = subprocess.Popen(  # noqa: S603  # our own code
        [*COMMAND, "watch", poll.address, "--every", "1", "--rpc", url or town.url, *options],
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


@pytest.mark.parametrize(
    ("method", "nonsense"),
    [
        ("eth_getBlockByNumber", {}),
        ("eth_getLogs", [{"topics": 1}]),
        ("eth_call", 5),
        ("eth_getCode", ["0x"]),
    ],
)
def test_watching_survives_answers_that_make_no_sense(
    town: Town, liar: LyingNode, method: str, nonsense: Any
) -> None:
    poll, asked = town.open_poll(f"nonsense {method}"[:31]), Event()

    def lie(name: str, _parameters: list[Any], told: Any) -> Any:
        if name == method:
            asked.set()
        return nonsense if name == method else told

    with watching(town, poll, "--json", url=liar.url) as lines:
        assert json.loads(next(lines))["voters"] == 0
        liar.lie = lie
        town.cast(poll, 0, TREES)
        assert asked.wait(PATIENCE), "the watch asks no more"
        liar.lie = lambda _method, _parameters, told: told
        assert json.loads(next(lines))["voters"] == 1


PATIENCE = 120
"""Seconds after which a test gives up that waits for the command."""


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
        assert next(lines).endswith("1 voter, 1 ballot, weight 1\n")


@pytest.fixture
def by_the_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """The chain seems to be one whose blocks come by the clock: a second passes with every look,
    for a day at most, so that whoever never ends fails.
    """
    seconds = iter(range(86_400))
    monkeypatch.setattr("veche.cli.watching.EMBEDDED", 0)
    monkeypatch.setattr("veche.cli.watching.sleep", lambda _: None)
    monkeypatch.setattr("veche.cli.watching.monotonic", lambda: next(seconds))


@pytest.mark.usefixtures("by_the_clock")
def test_node_that_stands_still_past_the_close_is_an_alarm(
    town: Town, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Before, it is a warning."""
    poll = town.open_poll("frozen")
    clock, closes = count(poll.definition.closes - 20), poll.definition.closes
    monkeypatch.setattr("veche.cli.watching.time", lambda: next(clock))
    assert cli.run(["watch", poll.address, "--every", "1", "--rpc", town.url]) == 5
    told = capsys.readouterr()
    assert told.err.count("has shown no block after block") == 2
    assert "What is shown of the poll may be out of date" in told.err
    assert f"and the poll closed at {time_text(closes)} by this machine's clock" in told.err
    assert "do not rely on what was shown" in told.err


@pytest.mark.usefixtures("by_the_clock")
def test_node_that_stands_still_is_noticed_beside_one_that_goes_on(
    town: Town, liar: LyingNode, capsys: pytest.CaptureFixture[str]
) -> None:
    poll = town.open_poll("frozen beside another")
    frozen = town.embedded.node.request("eth_getBlockByNumber", "latest", False)  # noqa: FBT003
    looks = count()

    def lie(method: str, parameters: list[Any], told: Any) -> Any:
        if method == "eth_getBlockByNumber" and parameters[0] == "latest":
            if next(looks) > 4:
                town.embedded.at_time(town.chain.time + 400)
            return frozen
        return told

    liar.lie = lie
    nodes = ("--rpc", town.url, "--rpc", liar.url)
    assert cli.run(["watch", poll.address, "--every", "1", *nodes]) == 5
    told = capsys.readouterr().err
    assert told.count(f"{liar.url} has no newer block than {int(frozen['number'], 16)}") >= 1
    assert "no verdict" in told


def test_watching_compares_nodes(shell: Shell, town: Town, liar: LyingNode, tallied: Poll) -> None:
    nodes = ("--rpc", town.url, "--rpc", liar.url)
    assert shell.veche("watch", tallied.address, *nodes).code == 0
    liar.lie = LIES["another result"][0]
    ended = shell.veche("watch", tallied.address, *nodes)
    assert ended.code == 1
    assert "nodes agree: " in ended.err
    assert "they show different states" in ended.err


def test_watching_raises_the_alarm(shell: Shell, liar: LyingNode, tallied: Poll) -> None:
    liar.lie = LIES["another result"][0]
    ended = shell.veche("watch", tallied.address, "--rpc", liar.url, "--every", "1")
    assert ended.code == 1
    assert f"{result.RESULT}: " in ended.err
