"""`veche carry`, as carriers run it."""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from time import monotonic, sleep
from typing import Any

import pytest

from support.commands import CTRL_C, Ended, Running, Shell
from support.elections import Town, write_keystore
from support.lying_nodes import LyingNode
from veche import Poll, SignedBallot
from veche.cli import carrier

numbers = count()
PATIENCE = 600
"""Seconds that a carrier gets before a test gives up on it."""


@pytest.fixture
def poll(town: Town) -> Poll:
    return town.open_poll(f"carried-{next(numbers)}")


@pytest.fixture(scope="module")
def key(town: Town, shell: Shell) -> Path:
    """The keystore of the carrier, whose account nothing else uses."""
    return write_keystore(shell.folder / "carrier.key", town.stranger)


@pytest.fixture
def files(town: Town, poll: Poll, tmp_path: Path) -> list[Path]:
    """Signed ballots of five voters."""
    found = []
    for number in range(5):
        path = tmp_path / f"{number}.json"
        path.write_text(ballot(town, poll, number).to_json() + "\n")
        found.append(path)
    return found


def ballot(town: Town, poll: Poll, voter: int) -> SignedBallot:
    account = town.voters[voter]
    choices = {"Which tree?": "Lime", "Which benches?": ["Wood"]}
    return poll.prepare(choices, voter=account.address).sign(account)


def carry(shell: Shell, key: Path, *more: object) -> Ended:
    return shell.veche("carry", *more, "--keystore", key)


def sent(town: Town) -> int:
    return town.embedded.node.next_nonce(town.stranger.address)


# -- Files --


def test_ballot_that_was_handed_out_is_carried(
    town: Town, poll: Poll, shell: Shell, key: Path
) -> None:
    voter = write_keystore(shell.folder / "poor.key", town.poor)
    choose = ("--choose", "Which tree?=Oak", "--out", "mine.json")
    signed = shell.veche("vote", poll.address, "--keystore", voter, *choose, "--json").json
    ended = carry(shell, key, "mine.json")
    assert ended.code == 0, ended
    assert "Sent a batch of 1 ballot: transaction 0x" in ended.out
    assert "mine.json: cast, block " in ended.out
    assert "1 of 1 ballot on chain." in ended.out
    tracker = poll.tracker(town.poor.address)
    assert tracker
    assert signed["tracker"] == "0x" + tracker.hex()


def test_carrier_tells_machines_of_every_ballot(
    town: Town, poll: Poll, shell: Shell, key: Path, files: list[Path]
) -> None:
    ended = carry(shell, key, *files, "--json")
    assert ended.code == 0
    assert ended.json["account"] == town.stranger.address
    assert [each["ballot"] for each in ended.json["ballots"]] == [*map(str, files)]
    for number, each in enumerate(ended.json["ballots"]):
        voter = town.voters[number].address
        receipt = town.embedded.node.receipt(bytes.fromhex(each.pop("transaction")[2:]))
        assert receipt
        tracker = poll.tracker(voter)
        assert tracker
        assert each == {
            "ballot": str(files[number]),
            "outcome": "cast",
            "poll": poll.address,
            "voter": voter,
            "tracker": "0x" + tracker.hex(),
            "replacedBy": None,
            "block": receipt["blockNumber"],
            "error": None,
        }


def test_wrong_files_are_told_and_keep_no_other_from_being_cast(
    poll: Poll, shell: Shell, key: Path, files: list[Path]
) -> None:
    files[1].write_text("{")
    elsewhere = json.loads(files[2].read_text()) | {"chainId": 1}
    files[2].write_text(json.dumps(elsewhere))
    files[3].write_bytes(b"\xff\xfe")
    missing = files[0].with_name("missing.json")
    options = (*files, missing, files[0].parent)
    ended = carry(shell, key, *options)
    assert ended.code == 4
    assert (
        f"{files[1]}: refused, InvalidDocument: signed ballot: this is not a JSON document"
        in ended.out
    )
    assert "Copy it again" in ended.out
    assert f"{files[2]}: refused, WrongPoll: " in ended.out
    assert f"{files[3]}: refused, InvalidFile: " in ended.out
    assert f"{missing}: refused, InvalidFile: " in ended.out
    assert "2 of 7 ballots on chain." in ended.out
    again = carry(shell, key, *options, "--json")
    assert again.code == 4
    found = {Path(each["ballot"]).name: each for each in again.json["ballots"]}
    assert {name for name, each in found.items() if each["outcome"] == "found"} == {
        "0.json",
        "4.json",
    }
    assert set(found["1.json"]["error"]) == {"name", "message", "remedy"}
    assert found["1.json"]["voter"] is None
    assert poll.voter_count == 2


def test_ballot_that_another_has_replaced_is_told_with_the_one_that_counts(
    town: Town, poll: Poll, shell: Shell, key: Path, files: list[Path]
) -> None:
    assert carry(shell, key, *files).code == 0
    later = files[0].with_name("later.json")
    later.write_text(ballot(town, poll, 0).to_json())
    assert f"{later}: cast, block " in carry(shell, key, later).out
    tracker = poll.tracker(town.voters[0].address)
    assert tracker
    ended = carry(shell, key, *files, later)
    assert ended.code == 0
    said = f"it does not count. The voter's ballot 0x{tracker.hex()} does"
    assert f"{files[0]}: replaced since it was cast: {said}\n" in ended.out
    assert ended.out.count("on chain already") == 5
    assert "6 of 6 ballots on chain. Replaced by later ballots, so they do not count: 1." in (
        ended.out
    )
    (told, *_) = carry(shell, key, files[0], "--json").json["ballots"]
    assert (told["outcome"], told["replacedBy"]) == ("replaced", "0x" + tracker.hex())


def test_carrier_keeps_to_the_poll_that_is_named(
    town: Town, poll: Poll, shell: Shell, key: Path, files: list[Path]
) -> None:
    other = town.open_poll(f"carried-{next(numbers)}")
    ended = carry(shell, key, *files, "--poll", other.address, "--json")
    assert (ended.code, {each["outcome"] for each in ended.json["ballots"]}) == (4, {"refused"})
    link = f"veche:{poll.address}@{town.chain.id}#0x{poll.hash.hex()}"
    assert carry(shell, key, files[0], "--poll", link).code == 0
    (found,) = carry(shell, key, files[1], "--expect", "0x" + "ab" * 32, "--json").json["ballots"]
    assert found["error"]["name"] == "WrongPoll"
    wrong = carry(shell, key, files[1], "--poll", link, "--expect", "0x" + "ab" * 32, "--json")
    assert (wrong.code, wrong.error) == (7, "WrongPoll")


def test_empty_name_of_a_poll_does_not_mean_any_poll(
    poll: Poll, shell: Shell, key: Path, files: list[Path]
) -> None:
    ended = carry(shell, key, *files, "--poll", "", "--json")
    assert (ended.code, ended.error) == (3, "InvalidDocument")
    assert poll.voter_count == 0


def test_closed_poll_takes_no_more(
    town: Town, poll: Poll, shell: Shell, key: Path, files: list[Path]
) -> None:
    assert carry(shell, key, files[0]).code == 0
    before = sent(town)
    town.close(poll)
    ended = carry(shell, key, *files, "--json")
    assert ended.code == 4
    names = [each["error"] and each["error"]["name"] for each in ended.json["ballots"]]
    assert sorted(map(str, names)) == ["None", *["WrongPhase"] * 4]
    assert sent(town) == before


def test_carrier_shows_how_many_ballots_are_done(
    town: Town, shell: Shell, key: Path, files: list[Path]
) -> None:
    files[0].write_text("{")
    with town.no_blocks():
        terminal = shell.terminal("carry", *files, "--keystore", key)
        terminal.expect(f"{files[0]}: refused, InvalidDocument")
        terminal.expect("Sent a batch of 4")
        terminal.expect("Carrying ballots, done with 1 of 5")
    assert terminal.end() == 4
    assert "4 of 5 ballots on chain." in terminal.text


def test_progress_and_lines_do_not_mix(
    town: Town, shell: Shell, key: Path, files: list[Path]
) -> None:
    """If the lines go to a file, the terminal shows progress alone."""
    into = shell.folder / "carried.txt"
    line = f'"$0" -m veche.cli carry "$@" --keystore {key} > {into}'
    with town.no_blocks():
        terminal = shell.line(line, *files)
        terminal.expect("Carrying ballots, done with 0 of 5")
    assert terminal.end() == 0
    assert "Sent a batch" not in terminal.text
    assert "5 of 5 ballots on chain." in into.read_text()
    assert "Carrying ballots" not in into.read_text()


def test_carrier_needs_files_and_a_key(shell: Shell, key: Path, files: list[Path]) -> None:
    assert carry(shell, key).code == 2
    assert shell.veche("carry", *files, "--json").error == "NoAccount"
    ended = carry(shell, key, *files, "--rpc", "http://127.0.0.1:1", "--json")
    assert (ended.code, ended.error) == (5, "NodeUnreachable")


def test_carrier_without_ether_says_so(
    town: Town, poll: Poll, shell: Shell, files: list[Path]
) -> None:
    penniless = write_keystore(shell.folder / "penniless.key", town.poor)
    node = town.embedded.node
    node.request("anvil_setNextBlockBaseFeePerGas", hex(10**9))
    try:
        told = carry(shell, penniless, *files)
        found = carry(shell, penniless, *files, "--json")
    finally:
        node.request("anvil_setNextBlockBaseFeePerGas", "0x0")
    assert told.code == found.code == 6
    assert "0 of 5 ballots on chain." in told.out
    assert "left, InsufficientFunds\n" in told.out
    assert (told.out + told.err).count("and this can cost 0.0") == 1
    assert f"{town.poor.address} has 0 ether, and this can cost 0.0" in told.err
    assert found.json["error"]["name"] == "InsufficientFunds"
    assert {each["outcome"] for each in found.json["ballots"]} == {"left"}
    assert poll.voter_count == 0


# -- A pipe --


@pytest.fixture
def service(shell: Shell, key: Path) -> Iterator[Running]:
    """A carrier that reads a pipe, and lives no longer than the test."""
    with shell.start("carry", "-", "--keystore", key, "--json") as running:
        yield running


def told(service: Running) -> dict[str, Any]:
    """The next line that a carrier prints."""
    found: dict[str, Any] = json.loads(service.stdout.readline())
    return found


def hand_in(service: Running, *lines: str) -> None:
    service.send("".join(f"{line}\n" for line in lines))


def test_pipe_is_carried_as_it_pauses_and_ends(town: Town, poll: Poll, service: Running) -> None:
    lines = [ballot(town, poll, number).to_json() for number in range(5)]
    hand_in(service, lines[0], "", "nonsense", lines[1])
    first = [told(service) for _ in range(3)]
    assert [(each["ballot"], each["outcome"]) for each in first] == [
        ("line 3", "refused"),
        ("line 1", "cast"),
        ("line 4", "cast"),
    ]
    assert poll.voter_count == 2
    hand_in(service, lines[2])
    assert told(service)["outcome"] == "cast"
    hand_in(service, lines[0], lines[3])
    service.send(lines[4])  # the last line has no end
    ended = service.end()
    last = [json.loads(line) for line in ended.out.splitlines()]
    assert [each["outcome"] for each in last] == ["found", "cast", "cast"]
    assert ended.code == 4
    assert "5 of 7" not in ended.err
    assert "6 of 7 ballots on chain." in ended.err


def test_pipe_outlives_a_node_that_breaks(
    town: Town, poll: Poll, shell: Shell, key: Path, liar: LyingNode
) -> None:
    lines = [ballot(town, poll, number).to_json() for number in range(2)]
    with shell.start("carry", "-", "--keystore", key, "--json", VECHE_RPC=liar.url) as service:
        hand_in(service, lines[0])
        assert told(service)["outcome"] == "cast"
        broken = 0

        def breaks(method: str, _: list[Any], result: Any) -> Any:
            nonlocal broken
            broken += 1
            return {} if method == "eth_getBlockByNumber" else result

        liar.lie = breaks
        hand_in(service, lines[1])
        wait_until(lambda: broken > 10)
        liar.lie = lambda _method, _parameters, result: result
        assert told(service)["outcome"] == "cast"
        ended = service.end()
    assert ended.code == 0
    assert ended.err.count("until it answers again, with 1 ballot.") == 1


def test_carrier_gives_up_a_node_that_breaks_once_the_pipe_has_ended(
    town: Town, poll: Poll, shell: Shell, key: Path, liar: LyingNode
) -> None:
    with shell.start("carry", "-", "--keystore", key, "--json", VECHE_RPC=liar.url) as service:
        hand_in(service, ballot(town, poll, 0).to_json())
        assert told(service)["outcome"] == "cast"
        liar.lie = lambda method, _, result: {} if method == "eth_getBlockByNumber" else result
        service.send(ballot(town, poll, 1).to_json())
        ended = service.end()
    assert ended.code == 5
    assert json.loads(ended.out.splitlines()[0])["outcome"] == "left"


def wait_until(holds: Callable[[], bool]) -> None:
    end = monotonic() + PATIENCE
    while not holds():
        assert monotonic() < end
        sleep(0.01)


def test_line_that_is_too_long_is_not_kept_in_memory() -> None:
    reading, writing = os.pipe()
    with os.fdopen(writing, "wb") as pipe:
        pipe.write(b"x" * 30_000 + b"\ngood\n")
    found = list(carrier._lines(reading, 1_000))
    os.close(reading)
    assert [each and each[0] for each in found] == ["line 1", "line 2"]
    assert found[1] == ("line 2", "good")


def test_carrier_that_is_killed_has_lost_nothing(
    town: Town, poll: Poll, shell: Shell, key: Path, files: list[Path]
) -> None:
    """It is killed after a batch is sent and before a block holds it."""
    before = sent(town)
    with town.no_blocks(), shell.start("carry", *files, "--keystore", key) as running:
        assert "Sent a batch of 5" in running.stdout.readline()
        running.signal(signal.SIGKILL)
        assert running.end().code == -signal.SIGKILL
    ended = carry(shell, key, *files, "--json")
    assert ended.code == 0
    assert {each["outcome"] for each in ended.json["ballots"]} == {"found"}
    assert sent(town) == before + 1
    assert len([*poll.ballots()]) == 5
    assert not [*poll.contract.events("BallotSkipped")]


def test_ctrl_c_loses_nothing(town: Town, shell: Shell, key: Path, files: list[Path]) -> None:
    with town.no_blocks():
        terminal = shell.terminal("carry", *files, "--keystore", key)
        terminal.press("Sent a batch of 5", CTRL_C)
        assert terminal.end() == 130
    assert "nothing is lost" in terminal.text
    assert "Traceback" not in terminal.text
    assert carry(shell, key, *files).out.count("on chain already") == 5
