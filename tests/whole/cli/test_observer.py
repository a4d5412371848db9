"""What observers run: `veche verify` and `veche record save`, at a node or with a file."""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Callable
from pathlib import Path
from time import sleep
from typing import Any

import psutil
import pytest

from support.commands import Ended, Shell
from support.elections import Town
from support.lies import LIES, LOGS_LACKING, POLL, replaced_once_read
from support.lying_nodes import Lie, LyingNode, refusing
from support.paper_polls import PaperBallot, PaperEvidence, PaperPoll
from veche import Poll, Roll, connect
from veche.chain.embedded import embedded_chain
from veche.errors import HasBallots
from veche.observer import ballot_box, electoral_roll, record_file, result, verification
from veche.observer.agreement import NODES
from veche.observer.basis import EXPECTED
from veche.observer.record_writer import save_record
from veche.protocol import link
from veche.trust import foundation

WORD_OF_WRITER = [result.SHARES, result.RESULT, verification.COMPLETE]
"""The checks of a poll without a result that a record alone leaves open."""
TREES = {"Which tree?": "Lime", "Which benches?": ["Wood"]}


def verdict_of(ended: Ended) -> str:
    return str(json.loads(ended.out)["verdict"])


def pending(ended: Ended) -> list[str]:
    checks = json.loads(ended.out)["checks"]
    return [each["name"] for each in checks if each["verdict"] == "pending"]


# -- Honest --


def test_honest_poll_is_verified(shell: Shell, tallied: Poll) -> None:
    ended = shell.veche("verify", "observed", "--expect", f"0x{tallied.hash.hex()}")
    assert ended.code == 0, ended
    assert "All 28 checks hold: the ballots of 4 voters are valid, each in the sums" in ended.out
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
    said = "27 checks that can be made hold: the ballots of 1 voter are valid, each in the sums"
    assert said in shell.veche("verify", "still open").out


def test_observers_are_warned_of_rare_weights(
    town: Town, shell: Shell, tallied: Poll, tmp_path: Path
) -> None:
    """From a node, from a file, and once by who watches."""
    file, rare = tmp_path / "rare.record", "shared by fewer than 2 voters: 3 (1 voter). The result"
    shell.veche("record", "save", tallied.address, file)
    for words in (("verify", tallied.address), ("verify", file), ("watch", tallied.address)):
        ended = shell.veche(*words, "--json")
        assert ended.code == 0
        assert ended.err.count(rare) == 1
    town.open_poll("equal weights")
    assert "shared by" not in shell.veche("verify", "equal weights").err


def test_link_is_a_link_even_if_a_file_is_called_like_that(shell: Shell, tallied: Poll) -> None:
    named = str(link.of(tallied.definition))
    for file in (named, tallied.address):
        (shell.folder / file).write_text("a record that somebody planted")
        ended = shell.veche("verify", file, "--json")
        assert ended.code == 0, ended
        assert ended.json["poll"] == tallied.address
        assert "cannot be read" not in ended.err
        assert shell.veche("verify", f"./{file}").code == 3
        (shell.folder / file).unlink()


@pytest.mark.parametrize("change", [str.upper, lambda text: f" <{text.replace('#', '%23')}>. "])
def test_link_is_understood_as_mail_changes_it(
    change: Callable[[str], str], shell: Shell, tallied: Poll
) -> None:
    shown = shell.veche("show", change(str(link.of(tallied.definition))), "--json").json
    assert shown["poll"] == tallied.address


def test_catalogue_that_is_named_beside_a_poll_must_have_made_it(
    town: Town, shell: Shell, tallied: Poll, tmp_path: Path
) -> None:
    other = town.chain.create_catalogue(salt=bytes(31) + b"\7").address
    file = tmp_path / "poll.record"
    shell.veche("record", "save", tallied.address, file)
    for named in (tallied.address, str(link.of(tallied.definition)), str(file)):
        assert shell.veche("verify", named, "--catalogue", town.catalogue.address).code == 0
        refused = shell.veche("verify", named, "--catalogue", other, "--json")
        assert (refused.code, refused.error) == (7, "WrongPoll")
    for command in ("show", "results"):
        refused = shell.veche(command, tallied.address, "--catalogue", other, "--json")
        assert (refused.code, refused.error) == (7, "WrongPoll")


@pytest.mark.parametrize(
    ("named", "error"),
    [("a" * 5000, "InvalidDocument"), ("/" * 5000, "InvalidFile"), ("\udc80", "UnknownPollId")],
)
def test_verifying_fails_if_nothing_can_have_that_name(
    shell: Shell, named: str, error: str
) -> None:
    assert shell.veche("verify", named, "--json").error == error


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
        assert failed == [foundation.POLL_HASH]
    file.unlink()
    assert shell.veche("record", "save", other, file, "--json").error == "WrongPoll"
    assert not file.exists()
    expect = ("--expect", "0x" + "11" * 32)
    for words in (("verify", told), ("watch", told), ("record", "save", told, file)):
        assert shell.veche(*words, *expect, "--json").error == "WrongPoll"


def test_verifying_ends_with_5_if_the_node_is_gone(shell: Shell, tallied: Poll) -> None:
    ended = shell.veche("verify", tallied.address, "--rpc", "http://127.0.0.1:9", "--json")
    assert (ended.code, ended.error) == (5, "NodeUnreachable")


# -- Several nodes --


def of_both(town: Town, liar: LyingNode) -> tuple[str, ...]:
    """The town's node, and another one."""
    return ("--rpc", town.url, "--rpc", liar.url)


def behind(town: Town, block: int) -> Lie:
    """Knows no newer block than this one."""
    number = hex(block)

    def lie(method: str, parameters: list[Any], told: Any) -> Any:
        if method == "eth_getBlockByNumber" and parameters[0] == "latest":
            return town.embedded.node.request(method, number, False)  # noqa: FBT003  # plain JSON
        return told

    return lie


def test_two_nodes_that_agree(town: Town, shell: Shell, liar: LyingNode, tallied: Poll) -> None:
    ended = shell.veche("verify", tallied.address, *of_both(town, liar), "--json")
    assert ended.code == 0, ended
    assert ended.json["checks"][-1]["name"] == NODES
    assert ended.json["restsOn"]["nodes"] == [town.url, liar.url]
    shown = shell.veche("verify", tallied.address, *of_both(town, liar)).out
    assert f"2 that agree: {town.url}, {liar.url}" in shown
    assert f"{town.url} alone: it can hide newer blocks" in shell.veche("verify", "observed").out


@pytest.mark.parametrize("command", ["verify", "watch"])
def test_node_that_is_named_twice_does_not_agree(
    town: Town, shell: Shell, tallied: Poll, command: str
) -> None:
    same = town.url.replace("127.0.0.1", "localhost") + "/"
    for other in (town.url, same):
        ended = shell.veche(command, tallied.address, "--rpc", town.url, "--rpc", other)
        assert ended.code == 2
        assert "is named twice, and agrees with itself" in ended.err


@pytest.mark.parametrize("command", ["verify", "watch"])
def test_node_that_is_behind_gives_no_verdict(
    town: Town, shell: Shell, liar: LyingNode, command: str
) -> None:
    """Long ago, and just before the poll was there."""
    before = int(town.embedded.node.block()["number"])
    poll = town.publish("just published")
    liar.lie = behind(town, before)
    ended = shell.veche(command, poll.address, *of_both(town, liar), "--json")
    assert (ended.code, ended.error) == (5, "NodeBehind")
    assert f"at block {before}, the newest that all nodes have, there is no contract" in ended.out
    liar.lie = behind(town, 1)
    town.embedded.at_time(town.chain.time + 601)
    ended = shell.veche(command, poll.address, *of_both(town, liar), "--json")
    assert (ended.code, ended.error) == (5, "NodeBehind")
    assert f"{liar.url} has no newer block than 1" in ended.out


def test_node_on_another_branch_gives_no_verdict(
    town: Town, shell: Shell, liar: LyingNode, tallied: Poll
) -> None:
    def lie(method: str, parameters: list[Any], told: Any) -> Any:
        is_new = method == "eth_getBlockByNumber" and parameters[0] != "0x0"
        return told | {"hash": "0x" + "11" * 32} if is_new else told

    liar.lie = lie
    ended = shell.veche("verify", tallied.address, *of_both(town, liar), "--json")
    assert (ended.code, ended.error) == (5, "NodeBehind")
    assert "show different blocks" in ended.out


def test_node_on_another_chain_is_told_as_such(town: Town, shell: Shell, tallied: Poll) -> None:
    with embedded_chain() as other:
        for command in ("verify", "watch"):
            nodes = ("--rpc", town.url, "--rpc", other.url)
            ended = shell.veche(command, tallied.address, *nodes, "--json")
            assert (ended.code, ended.error) == (7, "WrongNetwork")
            assert f"{town.url} and {other.url} are on different chains" in ended.out


# -- What a verdict rests on --


def test_verdict_without_the_hash_reads_otherwise(shell: Shell, tallied: Poll) -> None:
    told = shell.veche("verify", "observed", "--expect", tallied.hash.hex()).out
    untold = shell.veche("verify", "observed").out
    assert "as you were told" in told
    assert told.endswith("and the result is what they add up to.\n")
    assert "which NOBODY TOLD YOU" in untold
    assert "the one in deployments/" in untold
    assert untold.rstrip().endswith("rests on the officials' catalogue.")


def test_result_that_was_verified_is_told(
    shell: Shell, tallied: Poll, liar: LyingNode, tmp_path: Path
) -> None:
    scores = tallied.result()
    assert scores
    plain = [{"question": name, "scores": given} for name, given in scores.items()]
    shell.veche("record", "save", tallied.address, tmp_path / "told.record")
    for of in (tallied.address, tmp_path / "told.record"):
        told = shell.veche("verify", of, "--json").json["results"]
        assert [{name: each[name] for name in plain[0]} for each in told] == plain
        rows = shell.veche("verify", of).out.splitlines()
        for given in scores.values():
            for option, score in given.items():
                assert any(option in row and f" {score} " in row for row in rows)
    liar.lie = LIES["another result"][0]
    lied = shell.veche("verify", tallied.address, "--rpc", liar.url, "--json")
    assert json.loads(lied.out)["results"] is None


@pytest.fixture(scope="module")
def copied(town: Town, tallied: Poll) -> Poll:
    """A poll with the same texts and voters, in a catalogue that a stranger has made."""
    own = town.catalogue, town.board, town.chain
    town.chain = connect(town.url, account=town.stranger)
    try:
        town.catalogue = town.create_catalogue()
        town.board = town.ready_board()
        copy = town.publish("observed")
    finally:
        town.catalogue, town.board, town.chain = own
    assert copy.texts == tallied.texts
    return copy


def test_copy_in_a_catalogue_of_a_stranger_is_not_official(
    town: Town, shell: Shell, copied: Poll, tmp_path: Path
) -> None:
    """Where the officials' catalogue is known: by its address, by the network, by deployments/."""
    (shell.folder / "net.json").write_text(
        town.private_network(catalogue=town.catalogue.address).to_json()
    )
    named = ("--catalogue", town.catalogue.address)
    for command in ("verify", "watch"):
        for options in ((), ("--rpc", "net.json")):
            ended = shell.veche(command, copied.address, *options, "--json")
            assert ended.code == 1, ended
            checks = {each["name"]: each["verdict"] for each in json.loads(ended.out)["checks"]}
            assert [each for each in checks if checks[each] == "fail"] == [EXPECTED]
        assert shell.veche(command, copied.address, *named, "--json").error == "WrongPoll"
    shell.veche("record", "save", copied.address, "copied.record")
    assert shell.veche("verify", "copied.record", *named, "--json").error == "WrongPoll"
    elsewhere = Shell(tmp_path, shell.environment)
    ended = elsewhere.veche("verify", copied.address)
    assert ended.code == 8
    assert "NOTHING SHOWS WHOSE POLL THIS IS" in ended.out
    assert "which NOBODY TOLD YOU: anybody can make a catalogue" in ended.out


def test_poll_of_another_catalogue_is_verified_by_its_hash(shell: Shell, copied: Poll) -> None:
    """Officials may have two catalogues."""
    ended = shell.veche("verify", link.of(copied.definition), "--json")
    assert ended.code == 8
    assert ended.json["restsOn"]["toldHash"] == "0x" + copied.hash.hex()
    assert verdict_of(ended) == "pending"


# -- Nodes that lie --


def test_node_that_lies_is_caught_by_the_command(
    shell: Shell, liar: LyingNode, tallied: Poll
) -> None:
    liar.lie = LIES["ballots change places"][0]
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


# -- Records --


@pytest.fixture(scope="module")
def record(shell: Shell, tallied: Poll) -> Path:
    assert tallied.result()
    ended = shell.veche("record", "save", "observed", "observed.record", "--json")
    assert ended.code == 0, ended
    assert ended.json["ballots"] == 5
    assert ended.json["asOf"]["number"] == tallied.node.block()["number"]
    return shell.folder / "observed.record"


def test_saved_record_is_told_how_to_check_with_the_hash_that_was_told(
    shell: Shell, tallied: Poll
) -> None:
    told = str(link.of(tallied.definition))
    checked = f"  veche verify my.record --expect 0x{tallied.hash.hex()}"
    assert checked in shell.veche("record", "save", told, "my.record").out
    again = shell.veche("record", "save", tallied.address, "my.record", "--json")
    assert (again.code, again.error) == (3, "InvalidFile")
    untold = shell.veche("record", "save", tallied.address, "untold.record").out
    assert "  veche verify untold.record --expect 0x…\n" in untold  # the node's word is nothing


def test_record_gives_the_verdict_of_the_node(shell: Shell, tallied: Poll, record: Path) -> None:
    node = shell.veche("verify", tallied.address, "--json").json
    no_node = {"VECHE_RPC": "http://127.0.0.1:9"}
    file = shell.veche("verify", record, "--json", **no_node)
    assert file.code == 0, file
    assert file.json["asOf"]["number"] <= node["asOf"]["number"]
    assert (file.json["restsOn"]["nodes"], len(node["restsOn"]["nodes"])) == ([], 1)
    asked = {"asOf": None, "restsOn": None}
    node["checks"] = [each for each in node["checks"] if each["name"] != EXPECTED]
    assert file.json | asked == node | asked


def test_record_is_held_against_nodes(
    town: Town, shell: Shell, liar: LyingNode, record: Path
) -> None:
    ended = shell.veche("verify", record, "--rpc", town.url, "--rpc", liar.url, "--json")
    assert ended.code == 0, ended
    said = [each["detail"] for each in ended.json["checks"] if each["name"] == NODES]
    assert said == [f"the record has all that {town.url}, {liar.url} shows at block {block(ended)}"]
    assert "all that" in shell.veche("verify", record, "--rpc", town.url).out


def block(ended: Ended) -> int:
    return int(ended.json["asOf"]["number"])


@pytest.mark.parametrize("is_cancelled", [True, False])
def test_record_of_a_tallied_poll_cannot_end_it_otherwise(
    town: Town,
    shell: Shell,
    tallied: Poll,
    record: Path,
    is_cancelled: bool,  # noqa: FBT001
) -> None:
    """Anybody can write that it was cancelled, or void, with its genuine hash."""
    lines = [json.loads(each) for each in record_file.read(record) if "ballot" not in each]
    state = lines[4]["state"]
    state |= {"voters": 0, "weight": 0, "cancelled": is_cancelled, "result": []}
    state["sums"] = [["", ""] for _ in state["sums"]]
    lines[5]["shares"] = []
    path = shell.folder / "forged.record"
    dumped = (json.dumps(each, ensure_ascii=False, separators=(",", ":")) for each in lines)
    record_file.write(path, dumped)
    told = ("--expect", f"0x{tallied.hash.hex()}", "--json")
    alone = shell.veche("verify", path, *told)
    assert (alone.code, pending(alone)) == (8, WORD_OF_WRITER)
    held = shell.veche("verify", path, *told, "--rpc", town.url)
    assert held.code == 1
    assert failed(held) == [NODES]
    said = "the file has no ballots. Still to come, or not to be seen in a file alone: 3."
    assert said in shell.veche("verify", path).out


def failed(ended: Ended) -> list[str]:
    return [each["name"] for each in ended.json["checks"] if each["verdict"] == "fail"]


@pytest.mark.parametrize(
    "lie", ["a ballot is repeated", "another result", "other sums", "no answer that can be read"]
)
def test_record_fails_if_a_node_shows_otherwise(
    town: Town, shell: Shell, liar: LyingNode, record: Path, lie: str
) -> None:
    liar.lie = LIES[lie][0]
    ended = shell.veche("verify", record, "--rpc", town.url, "--rpc", liar.url, "--json")
    assert (ended.code, failed(ended)) == (1, [NODES])


@pytest.mark.parametrize("lacking", ["a ballot", "all ballots", "a share", "a deal"])
def test_node_that_lacks_logs_gives_no_verdict_on_a_record(
    shell: Shell, liar: LyingNode, record: Path, lacking: str
) -> None:
    liar.lie = LOGS_LACKING[lacking][0]
    ended = shell.veche("verify", record, "--rpc", liar.url, "--json")
    assert (ended.code, ended.error) == (5, "LogsMissing")


def test_node_that_is_gone_gives_no_verdict_on_a_record(shell: Shell, record: Path) -> None:
    ended = shell.veche("verify", record, "--rpc", "http://127.0.0.1:9", "--json")
    assert (ended.code, ended.error) == (5, "NodeUnreachable")


def test_node_of_another_chain_gives_no_verdict_on_a_record(
    shell: Shell, town: Town, tmp_path: Path
) -> None:
    save_record(PaperEvidence(PaperPoll().facts), tmp_path / "paper.record")
    ended = shell.veche("verify", tmp_path / "paper.record", "--rpc", town.url, "--json")
    assert (ended.code, ended.error) == (7, "WrongNetwork")
    assert f"{town.url} is on chain 31337, not " in ended.out


def test_catalogue_that_is_named_is_that_of_a_record(
    shell: Shell, town: Town, record: Path
) -> None:
    own = town.catalogue.address
    assert shell.veche("verify", record, "--catalogue", own).code == 0
    other = shell.veche("verify", record, "--catalogue", town.stranger.address, "--json")
    assert (other.code, other.error) == (7, "WrongPoll")


def test_who_verifies_a_record_is_asked_for_the_hash_that_they_were_told(
    shell: Shell, tallied: Poll, record: Path
) -> None:
    """A record can be that of any poll, also of one that never was."""
    said = "Nothing in a file shows that this is the poll you mean"
    assert said in shell.veche("verify", record).err
    told = shell.veche("verify", record, "--expect", f"0x{tallied.hash.hex()}")
    assert (told.code, said in told.err) == (0, False)
    assert said not in shell.veche("verify", tallied.address).err


def test_damaged_record_is_told_in_one_message(shell: Shell, record: Path) -> None:
    path = shell.folder / "damaged.record"
    path.write_bytes(record.read_bytes()[:-1])
    ended = shell.veche("verify", path, "--json")
    assert (ended.code, ended.error) == (3, "InvalidDocument")


def test_record_with_a_changed_byte_is_told_in_plain_words(shell: Shell, record: Path) -> None:
    path, content = shell.folder / "changed.record", bytearray(record.read_bytes())
    content[-5] ^= 1  # of gzip's own check
    path.write_bytes(content)
    assert f"{path} is damaged: its bytes were changed" in shell.veche("verify", path).err


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
    assert f"veche: {named}: {says}\nWhat to do: Check the path" in ended.err


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
    save_record(PaperEvidence(many.facts), tmp_path / "many.record")
    with Shell(tmp_path).start("verify", "many.record") as running:
        own = psutil.Process(running.id)
        while not (workers := own.children()) or any(not is_at_work(each) for each in workers):
            sleep(0.01)
        os.killpg(running.id, number) if number == signal.SIGINT else running.signal(number)
        assert running.end().code == (130 if number == signal.SIGINT else -number)
    _, left = psutil.wait_procs(workers, timeout=60)
    assert not left


def is_at_work(process: psutil.Process) -> bool:
    return bool(process.cpu_times().user > 0.1)


def test_node_that_keeps_no_logs_is_no_verdict(
    shell: Shell, liar: LyingNode, tallied: Poll
) -> None:
    """What nodes say that have thrown old logs away."""
    liar.twist = refusing("eth_getLogs", "pruned history unavailable")
    ended = shell.veche("verify", tallied.address, "--rpc", liar.url, "--json")
    assert (ended.code, ended.error) == (5, "HistoryPruned")
    assert "pruned history unavailable" in ended.out


def test_block_that_is_replaced_while_it_is_read_is_no_verdict(
    town: Town, shell: Shell, liar: LyingNode, tallied: Poll
) -> None:
    newest = int(town.chain.node.block()["number"])
    for words in (("verify", tallied.address), ("record", "save", tallied.address, "gone.record")):
        liar.lie = replaced_once_read(POLL.topic("BallotCast"), newest)
        ended = shell.veche(*words, "--rpc", liar.url, "--json")
        assert (ended.code, ended.error) == (5, "NodeBehind")
    assert not (shell.folder / "gone.record").exists()


# -- My vote --


def test_status_tells_whether_a_ballot_stands_in_the_sums(
    town: Town, shell: Shell, liar: LyingNode, tallied: Poll
) -> None:
    voter = town.voters[1].address
    found = shell.veche("status", tallied.address, "--voter", voter, "--json").json
    assert found["inSums"] is True
    assert found["block"] == [*tallied.ballots(voter=voter)][-1].block
    liar.lie = LIES["other sums"][0]
    options = ("--voter", voter, "--rpc", liar.url)
    lied = shell.veche("status", tallied.address, *options)
    assert "in the sums  NO" in lied.out
    liar.lie = LIES["a response is altered"][0]
    assert "in the sums  NO" in shell.veche("status", tallied.address, *options).out


@pytest.mark.parametrize("command", ["verify", "status", "results"])
def test_node_that_lacks_logs_raises_no_alarm(
    town: Town, shell: Shell, liar: LyingNode, tallied: Poll, command: str
) -> None:
    voter = ("--voter", town.voters[1].address) if command == "status" else ()
    lacking = dict(LOGS_LACKING)
    if command == "status":  # which needs the roll
        del lacking["everything"]
    for lie, _ in lacking.values():
        liar.lie = lie
        ended = shell.veche(command, tallied.address, *voter, "--rpc", liar.url)
        assert ended.code == 5
        assert ended.out == ""
        assert "tell others" not in ended.err
        assert "says nothing about the poll" in ended.err


# -- Before the end, and ends without a result --


def recorded(shell: Shell, poll: str) -> Ended:
    """A poll verified from its record, which replaces the one before."""
    (shell.folder / f"{poll}.record").unlink(missing_ok=True)
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
        assert pending(recorded(shell, "unrolled")) == [*pending(ended), verification.COMPLETE]
    poll.use_roll(roll)
    town.cast(poll, 0, TREES)
    ended = shell.veche("verify", "unrolled", "--json")
    assert (ended.code, verdict_of(ended)) == (1, "fail")
    assert verdict_of(recorded(shell, "unrolled")) == "fail"
    with pytest.raises(HasBallots):
        town.catalogue.publish_roll("unrolled", 0, 0, list(roll), town.chain.sender)


def test_cancelled_poll_is_verified(town: Town, shell: Shell) -> None:
    town.publish("cancelled", with_roll=False)
    town.catalogue.cancel("cancelled", 0, town.chain.sender)
    ended = shell.veche("verify", "cancelled")
    assert ended.code == 0, ended
    assert "All 29 checks hold: the poll was cancelled before anybody voted." in ended.out
    assert (ended := recorded(shell, "cancelled")).code == 8, ended
    assert pending(ended) == [electoral_roll.ROLL, *WORD_OF_WRITER]
    assert ended.json["phase"] == "cancelled"
    assert shell.veche("verify", "cancelled.record", "--rpc", town.url).code == 0
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
    assert (ended := recorded(shell, id_)).code == 8, ended
    assert pending(ended) == WORD_OF_WRITER
    assert ended.json["phase"] == "void"
    assert shell.veche("verify", f"{id_}.record", "--rpc", town.url).code == 0
    watched = shell.veche("watch", id_, "--json")
    assert (watched.code, watched.json["phase"]) == (0, "void")


def test_roll_that_never_came_fails(town: Town, shell: Shell) -> None:
    poll = town.open_poll("never rolled", closes_in=200, with_roll=False)
    town.close(poll)
    ended = shell.veche("verify", "never rolled", "--json")
    assert (ended.code, verdict_of(ended)) == (1, "fail")
    ended = shell.veche("watch", "never rolled")
    assert ended.code == 1
    assert "electoral roll: no entry" in ended.err
