"""What observers run: against honest nodes, lying nodes, and records; nothing false passes."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import sleep
from typing import Any

import psutil
import pytest

from support.commands import COMMAND, Ended, Shell
from support.elections import Town
from support.lying_nodes import LyingNode, lying_node, refusing
from support.paper_polls import PaperBallot, PaperEvidence, PaperPoll
from veche import Poll, Roll
from veche.chain import artifact, node
from veche.chain.contract import Interface
from veche.chain.node import Node
from veche.crypto.group import G
from veche.errors import InvalidDocument, NodeBehind, NodeUnreachable, VecheError
from veche.observer import (
    ballot_box,
    ballots,
    ceremony,
    electoral_roll,
    published_code,
    result,
    verification,
)
from veche.observer.agreement import NODES
from veche.observer.node_evidence import NodeEvidence
from veche.observer.record_evidence import RecordEvidence
from veche.observer.record_writer import save
from veche.observer.report import Report, Verdict
from veche.observer.verification import verify
from veche.observer.watching import Watch
from veche.protocol import link

TREES = {"Which tree?": "Lime", "Which benches?": ["Wood"]}
POLL = Interface(artifact.load("Poll"))
BOARD = Interface(artifact.load("TrusteeBoard"))


@pytest.fixture(scope="module")
def tallied(town: Town) -> Poll:
    """A poll with its result, one ballot of which was replaced."""
    poll = town.open_poll("observed", weights={2: 3})
    for voter in range(4):
        town.cast(poll, voter, TREES)
    town.cast(poll, 1, {"Which tree?": "Oak"})
    town.close(poll)
    town.tally(poll)
    return poll


def verdict_of(ended: Ended) -> str:
    return str(json.loads(ended.out)["verdict"])


def pending(ended: Ended) -> list[str]:
    checks = json.loads(ended.out)["checks"]
    return [each["name"] for each in checks if each["verdict"] == "pending"]


def failed(report: Report) -> list[str]:
    return [each.name for each in report if each.verdict == Verdict.FAIL]


# -- Honest --


def test_honest_poll_is_verified(shell: Shell, tallied: Poll) -> None:
    ended = shell.veche("verify", "observed", "--expect", f"0x{tallied.hash.hex()}")
    assert ended.code == 0, ended
    assert "All 22 checks hold: the ballots of 4 voters are valid, each in the sums" in ended.out
    found = shell.veche("verify", tallied.address, "--json").json
    assert found["verdict"] == "pass"
    assert (found["voters"], found["ballots"]) == (4, 5)
    assert {each["verdict"] for each in found["checks"]} == {"pass"}
    assert all(set(each) == {"name", "verdict", "detail"} for each in found["checks"])


def test_open_poll_says_what_is_to_come(town: Town, shell: Shell) -> None:
    poll = town.open_poll("still open")
    assert "nobody has voted yet. Still to come: 2" in shell.veche("verify", "still open").out
    town.cast(poll, 0, TREES)
    ended = shell.veche("verify", poll.address, "--json")
    assert ended.code == 8
    assert (verdict_of(ended), pending(ended)) == ("pending", [result.SHARES, result.RESULT])
    said = "20 checks that can be made hold: the ballots of 1 voter are valid, each in the sums"
    assert said in shell.veche("verify", "still open").out


def test_another_poll_than_expected_fails(shell: Shell, tallied: Poll) -> None:
    ended = shell.veche("verify", tallied.address, "--expect", "0x" + "11" * 32)
    assert ended.code == 1
    assert "✗ fail" in ended.out
    assert "FAILED" in ended.out


def test_link_tells_observers_which_poll_it_is(shell: Shell, tallied: Poll, tmp_path: Path) -> None:
    told, file = link.of(tallied.definition), tmp_path / "linked.record"
    for words in (("verify", told), ("watch", told), ("record", "save", told, file)):
        assert shell.veche(*words).code == 0
    other = told._replace(poll_hash=b"\1" * 32)
    for command in ("verify", "watch"):
        ended = shell.veche(command, other, "--json")
        assert ended.code == 1
        failed = [each["name"] for each in ended.json["checks"] if each["verdict"] == "fail"]
        assert failed == [verification.POLL_HASH]
    file.unlink()
    assert shell.veche("record", "save", other, file, "--json").error == "WrongPoll"
    assert not file.exists()
    expect = ("--expect", "0x" + "11" * 32)
    for words in (("verify", told), ("watch", told), ("record", "save", told, file)):
        assert shell.veche(*words, *expect, "--json").error == "WrongPoll"


def test_verifying_ends_with_5_if_the_node_is_gone(shell: Shell, tallied: Poll) -> None:
    ended = shell.veche("verify", tallied.address, "--rpc", "http://127.0.0.1:9", "--json")
    assert (ended.code, ended.error) == (5, "NodeUnreachable")


def test_two_nodes_that_agree(town: Town, shell: Shell, tallied: Poll) -> None:
    ended = shell.veche("verify", tallied.address, "--rpc", town.url, "--rpc", town.url, "--json")
    assert ended.code == 0, ended
    assert ended.json["checks"][-1]["name"] == NODES


# -- Nodes that lie --


@pytest.fixture(scope="module")
def liar(town: Town) -> Iterator[LyingNode]:
    with lying_node(town.url) as node:
        yield node


def logs_of(event: str, change: Any) -> Any:
    """Changes the list of all logs of an event; of a single voter the truth is told."""
    topic = POLL.topic(event)

    def lie(method: str, parameters: list[Any], told: Any) -> Any:
        topics = parameters[0]["topics"] if method == "eth_getLogs" else []
        if topics[:1] == [topic] and not any(topics[1:]):
            return change(list(told))
        return told

    return lie


def call_of(interface: Interface, name: str, change: Any) -> Any:
    """Changes what a method without arguments returns."""
    data = "0x" + interface.data(name).hex()

    def lie(method: str, parameters: list[Any], told: Any) -> Any:
        if method == "eth_call" and parameters[0]["data"] == data:
            return change(told)
        return told

    return lie


def code_of(change: Any) -> Any:
    def lie(method: str, _: list[Any], told: Any) -> Any:
        return change(told) if method == "eth_getCode" else told

    return lie


def bent(text: str, at: int) -> str:
    """A hexadecimal digit changed; negative places count from the end."""
    digits = list(text)
    digits[at] = "0" if digits[at] != "0" else "1"
    return "".join(digits)


def data_bent(at: int) -> Any:
    """The data of the second log of a list changed at a digit."""

    def change(logs: list[Any]) -> list[Any]:
        second = logs[1] | {"data": bent(logs[1]["data"], at)}
        return [logs[0], second, *logs[2:]]

    return change


WORD = 64
"""Digits of a word."""
FIRST_WORD_OF_THE_BALLOT = 2 + 7 * WORD + 10
GENERATOR = "0x" + G.encoded.hex()


def other_voter(logs: list[Any]) -> list[Any]:
    topic, voter, tracker = logs[1]["topics"]
    return [logs[0], logs[1] | {"topics": [topic, bent(voter, -1), tracker]}, *logs[2:]]


def first_sum_twice(told: str) -> str:
    """The second ciphertext of a list gives way to the first."""
    begin, size = 2 + 2 * WORD, 4 * WORD
    first = told[begin : begin + size]
    return told[:begin] + first + first + told[begin + 2 * size :]


REPLACED = ballot_box.REPLACEMENTS

LIES = {
    "a ballot is dropped": (logs_of("BallotCast", lambda logs: logs[:1] + logs[2:]), REPLACED),
    "the last ballot is dropped": (
        logs_of("BallotCast", lambda logs: logs[:-1]),
        verification.SUMS,
    ),
    "all ballots are dropped": (logs_of("BallotCast", lambda _: []), verification.COUNTS),
    "ballots change places": (
        logs_of("BallotCast", lambda logs: logs[::-1]),
        ballot_box.REPLACEMENTS,
    ),
    "a ballot is repeated": (
        logs_of("BallotCast", lambda logs: [*logs, logs[0]]),
        ballot_box.REPLACEMENTS,
    ),
    "a ciphertext is altered": (
        logs_of("BallotCast", data_bent(FIRST_WORD_OF_THE_BALLOT)),
        ballots.PROOFS,
    ),
    "a response is altered": (logs_of("BallotCast", data_bent(-1)), ballots.PROOFS),
    "a weight is altered": (logs_of("BallotCast", data_bent(WORD + 1)), ballot_box.MEMBERSHIP),
    "a signature is altered": (
        logs_of("BallotCast", data_bent(2 + 3 * WORD + 20)),
        ballots.SIGNATURES,
    ),
    "a voter is altered": (
        logs_of("BallotCast", other_voter),
        ballot_box.MEMBERSHIP,
    ),
    "a voter is left out of the roll": (
        logs_of("RollPublished", lambda _: []),
        electoral_roll.ROLL,
    ),
    "the roll is altered": (
        logs_of("RollPublished", lambda logs: [logs[0] | {"data": bent(logs[0]["data"], -1)}]),
        electoral_roll.ROLL,
    ),
    "a share is altered": (logs_of("SharePosted", data_bent(-1)), result.SHARES),
    "a share is dropped": (logs_of("SharePosted", lambda logs: logs[1:]), result.RESULT),
    "another key": (
        call_of(POLL, "key", lambda _: GENERATOR),
        verification.POLL_HASH,
    ),
    "another content": (
        call_of(POLL, "content", lambda told: bent(told, 140)),
        verification.POLL_HASH,
    ),
    "another close": (call_of(POLL, "closes", lambda told: bent(told, -1)), verification.POLL_HASH),
    "another result": (call_of(POLL, "result", lambda told: bent(told, -1)), result.RESULT),
    "other sums": (call_of(POLL, "sums", first_sum_twice), verification.SUMS),
    "it was cancelled": (
        call_of(POLL, "phase", lambda told: told[:-1] + "5"),
        verification.COUNTS,
    ),
    "fewer voters": (call_of(POLL, "voterCount", lambda told: bent(told, -1)), verification.COUNTS),
    "other deals": (call_of(BOARD, "dealsHash", lambda told: bent(told, -1)), ceremony.DEALS),
    "another board key": (
        call_of(BOARD, "key", lambda _: GENERATOR),
        ceremony.KEYS,
    ),
    "another board hash": (
        call_of(BOARD, "boardHash", lambda told: bent(told, -1)),
        ceremony.BOARD_HASH,
    ),
    "other code": (code_of(lambda told: bent(told, -1)), published_code.CATALOGUE_CODE),
    "no answer that can be read": (call_of(POLL, "sums", lambda _: "0x00"), verification.POLL_HASH),
}


@pytest.mark.parametrize("name", LIES)
def test_lie_is_caught_by_the_check_that_should(liar: LyingNode, tallied: Poll, name: str) -> None:
    lie, caught = LIES[name]
    liar.lie = lie
    report = verify(NodeEvidence(Node(liar.url), tallied.address), expect=tallied.hash).report
    assert caught in failed(report), failed(report)


def test_node_that_lies_is_caught_by_the_command(
    shell: Shell, liar: LyingNode, tallied: Poll
) -> None:
    liar.lie = LIES["a ballot is dropped"][0]
    ended = shell.veche("verify", tallied.address, "--rpc", liar.url)
    assert ended.code == 1
    assert "ballot replacements" in ended.out
    liar.lie = LIES["no answer that can be read"][0]
    assert shell.veche("verify", tallied.address, "--rpc", liar.url).code == 1
    honest = ("--rpc", shell.environment["VECHE_RPC"])
    liar.lie = LIES["another result"][0]
    both = shell.veche("verify", tallied.address, *honest, "--rpc", liar.url, "--json")
    assert both.code == 1
    assert [e["name"] for e in json.loads(both.out)["checks"] if e["verdict"] == "fail"] == [NODES]


def test_older_state_is_caught(town: Town, liar: LyingNode, tallied: Poll) -> None:
    """All logs, but state from before the last ballot: everything that calls read is older."""
    older = hex(next(iter(reversed([*tallied.ballots()]))).event.block - 1)

    def lie(method: str, parameters: list[Any], told: Any) -> Any:
        if method == "eth_call" and parameters[0]["to"].lower() == tallied.address.lower():
            return town.embedded.node.request("eth_call", parameters[0], older)
        return told

    liar.lie = lie
    report = verify(NodeEvidence(Node(liar.url), tallied.address)).report
    assert verification.SUMS in failed(report)


def test_ballots_are_asked_for_a_few_at_once(
    liar: LyingNode, tallied: Poll, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each of them is in a block of its own; what is asked for grows only where there are none."""
    monkeypatch.setattr(node, "DENSE_PAGE", 4)
    monkeypatch.setattr(node, "MANY_LOGS", 1)
    answers: list[int] = []

    def count(method: str, parameters: list[Any], told: Any) -> Any:
        if method == "eth_getLogs":
            event, *indexed = parameters[0]["topics"]
            if event == POLL.topic("BallotCast") and not any(indexed):
                answers.append(len(told))
        return told

    liar.lie = count
    assert verify(NodeEvidence(Node(liar.url), tallied.address)).report.verdict == Verdict.PASS
    assert sum(answers) == 5
    assert max(answers) <= 4


# -- Records --


@pytest.fixture(scope="module")
def record(shell: Shell, tallied: Poll) -> Path:
    assert tallied.result()
    ended = shell.veche("record", "save", "observed", "observed.record", "--json")
    assert ended.code == 0, ended
    assert ended.json["ballots"] == 5
    return shell.folder / "observed.record"


def test_record_gives_the_verdict_of_the_node(shell: Shell, tallied: Poll, record: Path) -> None:
    node = shell.veche("verify", tallied.address, "--json").json
    no_node = {"VECHE_RPC": "http://127.0.0.1:9"}
    file = shell.veche("verify", record, "--json", **no_node)
    assert file.code == 0, file
    block = node.pop("block")
    assert file.json.pop("block")["number"] <= block["number"]
    assert {**file.json, "block": None} == {**node, "block": None}


def test_record_of_a_record_is_the_same_file(record: Path, tmp_path: Path) -> None:
    save(RecordEvidence(record), tmp_path / "again.record")
    assert (tmp_path / "again.record").read_bytes() == record.read_bytes()


def test_record_fails_with_any_byte_changed(record: Path, tmp_path: Path) -> None:
    data = record.read_bytes()
    draw = random.Random(1136)  # noqa: S311  # of a test
    places = {*range(20), *range(len(data) - 20, len(data)), *draw.sample(range(len(data)), 50)}
    path = tmp_path / "bent.record"
    for place in places:
        path.write_bytes(data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :])
        assert not _passes(path), place


@pytest.mark.parametrize("cut", [0, 5, 100, -1])
def test_record_fails_if_it_is_cut_or_goes_on(record: Path, tmp_path: Path, cut: int) -> None:
    path = tmp_path / "cut.record"
    path.write_bytes(record.read_bytes()[:cut])
    assert not _passes(path)
    path.write_bytes(record.read_bytes() + b"\0")
    assert not _passes(path)
    path.write_bytes(record.read_bytes() * 2)
    assert not _passes(path)


def _passes(path: Path) -> bool:
    """Whether a file is read and verified; what is wrong is told by an exception of Veche's."""
    try:
        evidence = RecordEvidence(path)
        evidence.require_whole()
        return verify(evidence).report.verdict == Verdict.PASS
    except VecheError:
        return False


def test_damaged_record_is_told_in_one_message(shell: Shell, record: Path) -> None:
    path = shell.folder / "damaged.record"
    path.write_bytes(record.read_bytes()[:-1])
    ended = shell.veche("verify", path, "--json")
    assert (ended.code, ended.error) == (3, "InvalidDocument")
    with pytest.raises(InvalidDocument):
        RecordEvidence(path).require_whole()


@pytest.mark.parametrize(
    ("named", "says"),
    [
        ("nowhere.record", "there is no such file"),
        ("records/nowhere", "there is no such file"),
        ("deployments", "this is a folder"),
        ("./deployments", "this is a folder"),
    ],
)
@pytest.mark.parametrize("node", [True, False])
def test_file_that_is_none_is_told(shell: Shell, named: str, says: str, node: bool) -> None:  # noqa: FBT001
    url = {} if node else {"VECHE_RPC": "http://127.0.0.1:9"}
    ended = shell.veche("verify", named, **url)
    assert ended.code == 3
    assert f"veche: {named}: {says}: " in ended.err


def test_id_may_look_like_a_file_or_have_the_name_of_a_folder(town: Town, shell: Shell) -> None:
    for id_ in ("trees.2027", "deployments"):
        town.publish(id_)
        assert shell.veche("verify", id_).code == 8


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGKILL])
def test_verification_that_is_ended_leaves_no_process(
    tmp_path: Path, number: signal.Signals
) -> None:
    """Of many ballots, so that other processes look at them; Ctrl-C reaches these as well."""
    voters = range(5 * ballot_box.FEW)
    scores = [(1, 0, 0, 0, 0)] * len(voters)
    many = PaperPoll(weights=[1] * len(voters), ballots=list(map(PaperBallot, voters, scores)))
    save(PaperEvidence(many.facts), tmp_path / "many.record")
    process = subprocess.Popen(  # noqa: S603  # our own code
        [*COMMAND, "verify", tmp_path / "many.record"],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True,
    )  # fmt: skip
    own = psutil.Process(process.pid)
    while not (workers := own.children()) or any(not is_at_work(each) for each in workers):
        sleep(0.01)
    os.killpg(process.pid, number) if number == signal.SIGINT else process.kill()
    _, said = process.communicate()
    assert "Traceback" not in said
    assert process.returncode == (130 if number == signal.SIGINT else -number)
    _, left = psutil.wait_procs(workers, timeout=60)
    assert not left


def is_at_work(process: psutil.Process) -> bool:
    return bool(process.cpu_times().user > 0.1)


def test_node_that_keeps_no_logs_is_no_verdict(town: Town, shell: Shell, tallied: Poll) -> None:
    """What nodes say that have thrown old logs away."""
    with lying_node(town.url) as pruned:
        pruned.twist = refusing("eth_getLogs", "pruned history unavailable")
        ended = shell.veche("verify", tallied.address, "--rpc", pruned.url, "--json")
    assert (ended.code, ended.error) == (5, "NodeRefused")
    assert "pruned history unavailable" in ended.out


# -- Watching --


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
    last = "0x" + bytes(town.chain.node.block()["hash"]).hex()

    def lose(method: str, parameters: list[Any], told: Any) -> Any:
        if method == "eth_getBlockByHash" and parameters[0] == last:
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


def test_block_that_is_replaced_while_it_is_read_is_no_verdict(
    town: Town, shell: Shell, liar: LyingNode
) -> None:
    poll = town.open_poll("replaced under way")
    town.cast(poll, 0, TREES)
    last, is_read = hex(town.chain.node.block()["number"]), False

    def replace(method: str, parameters: list[Any], told: Any) -> Any:
        nonlocal is_read
        is_read |= method == "eth_getLogs"
        if is_read and method == "eth_getBlockByNumber" and parameters[0] == last:
            return told | {"hash": f"0x{1:064x}"}
        return told

    liar.lie = replace
    ended = shell.veche("verify", poll.address, "--rpc", liar.url, "--json")
    assert (ended.code, ended.error) == (5, "NodeBehind")
    watch = Watch(Node(liar.url), poll.address)
    with pytest.raises(NodeBehind):
        watch.look()


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


@pytest.mark.parametrize("name", LIES)
def test_watching_makes_the_check_that_should_catch_a_lie(
    liar: LyingNode, tallied: Poll, name: str
) -> None:
    liar.lie, caught = LIES[name]
    seen = Watch(Node(liar.url), tallied.address, expect=tallied.hash).look()
    assert seen
    assert caught in failed(seen.found.report)


def test_watching_raises_the_alarm(shell: Shell, liar: LyingNode, tallied: Poll) -> None:
    liar.lie = LIES["another result"][0]
    ended = shell.veche("watch", tallied.address, "--rpc", liar.url, "--every", "1")
    assert ended.code == 1
    assert f"{result.RESULT}: " in ended.err


# -- My vote --


def test_status_tells_whether_a_ballot_stands_in_the_sums(
    town: Town, shell: Shell, liar: LyingNode, tallied: Poll
) -> None:
    voter = town.voters[1].address
    found = shell.veche("status", tallied.address, "--voter", voter, "--json").json
    assert found["inSums"]
    assert found["block"] == [*tallied.ballots(voter=voter)][-1].event.block
    liar.lie = LIES["other sums"][0]
    options = ("--voter", voter, "--rpc", liar.url)
    lied = shell.veche("status", tallied.address, *options)
    assert "in the sums  NO" in lied.out
    liar.lie = LIES["a response is altered"][0]
    assert "in the sums  NO" in shell.veche("status", tallied.address, *options).out


# -- Before the end, and ends without a result --


def recorded(shell: Shell, poll: str) -> Ended:
    """A poll verified from its record."""
    assert shell.veche("record", "save", poll, f"{poll}.record").code == 0
    return shell.veche("verify", f"{poll}.record", "--json", VECHE_RPC="http://127.0.0.1:9")


def test_roll_is_waited_for_until_somebody_votes(town: Town, shell: Shell) -> None:
    poll = town.open_poll("unrolled", with_roll=False)
    roll = Roll((each.address, 1) for each in [*town.voters, town.poor])
    for part in ([], list(roll)[:3], [(town.stranger.address, 1)]):
        if part:
            town.catalogue.publish_roll("unrolled", 0, 0, part, town.chain.sender)
        ended = shell.veche("verify", "unrolled", "--json")
        assert (ended.code, pending(ended)[0]) == (8, electoral_roll.ROLL)
        assert pending(recorded(shell, "unrolled")) == pending(ended)
    poll.use_roll(roll)
    town.cast(poll, 0, TREES)
    ended = shell.veche("verify", "unrolled", "--json")
    assert (ended.code, verdict_of(ended)) == (1, "fail")
    assert verdict_of(recorded(shell, "unrolled")) == "fail"
    town.catalogue.publish_roll("unrolled", 0, 0, list(roll), town.chain.sender)
    assert shell.veche("verify", "unrolled").code == 8


def test_cancelled_poll_is_verified(town: Town, shell: Shell) -> None:
    town.publish("cancelled", with_roll=False)
    town.catalogue.cancel("cancelled", 0, town.chain.sender)
    ended = shell.veche("verify", "cancelled")
    assert ended.code == 0, ended
    assert "All 22 checks hold: the poll was cancelled before anybody voted." in ended.out
    assert (ended := recorded(shell, "cancelled")).code == 0, ended
    assert ended.json["phase"] == "cancelled"
    watched = shell.veche("watch", "cancelled", "--json")
    assert (watched.code, watched.json["phase"]) == (0, "cancelled")


@pytest.mark.parametrize(
    ("voters", "says"), [(0, "nobody voted"), (1, "are valid, each in the sums once")]
)
def test_void_poll_is_verified(town: Town, shell: Shell, voters: int, says: str) -> None:
    id_ = f"void-{voters}"
    poll = town.open_poll(id_, closes_in=200)
    for voter in range(voters):
        town.cast(poll, voter, TREES)
    town.close(poll)
    ended = shell.veche("verify", id_)
    assert ended.code == 0, ended
    assert says in ended.out
    assert "a result needs 2 voters, so the poll is void" in ended.out
    assert (ended := recorded(shell, id_)).code == 0, ended
    assert ended.json["phase"] == "void"
    watched = shell.veche("watch", id_, "--json")
    assert (watched.code, watched.json["phase"]) == (0, "void")


def test_roll_that_never_came_fails(town: Town, shell: Shell) -> None:
    poll = town.open_poll("never rolled", closes_in=200, with_roll=False)
    town.close(poll)
    ended = shell.veche("verify", "never rolled", "--json")
    assert (ended.code, verdict_of(ended)) == (1, "fail")
    ended = shell.veche("watch", "never rolled")
    assert ended.code == 1
    assert "electoral roll: nobody" in ended.err
