"""The officials' commands, as officials type them, from the files to the result."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from support.commands import Ended, Shell
from support.elections import PASSWORD, write_keystore
from support.officials_work import BEGINS, ID, ExampleTown, person
from veche.chain.embedded import embedded_chain
from veche.files.deployments import Deployments, of_network
from veche.processes import free_port
from veche.protocol.phase import Phase

ETHER = 10**18


class Officials:
    """Officials in the folder of a town, with their key."""

    def __init__(self, town: ExampleTown) -> None:
        self.town = town
        self.environment = {"VECHE_RPC": town.chain.url, "VECHE_PASSWORD": PASSWORD}
        self.environment |= {"VECHE_KEYSTORE": "official.key"}
        self.shell = Shell(town.folder, self.environment)
        write_keystore(town.folder / "official.key", town.official)

    def run(self, *words: object, code: int = 0, **variables: str) -> Ended:
        """Runs a command with --json, which must end with this code."""
        ended = self.shell.veche("official", *words, "--json", **variables)
        assert ended.code == code, ended
        return ended

    def do(self, *words: object) -> dict[str, Any]:
        return self.run(*words, "--yes").json

    @property
    def noted(self) -> Deployments:
        node = self.town.chain.node
        genesis = f"0x{node.genesis.hex()}"
        folder = self.town.folder / "deployments"
        return of_network("anvil", chain_id=31337, genesis=genesis, folder=folder)


@pytest.fixture
def officials(tmp_path: Path) -> Iterator[Officials]:
    with embedded_chain(begins=BEGINS) as chain:
        yield Officials(ExampleTown(chain, tmp_path))


def test_whole_poll_from_the_files_to_the_result(officials: Officials) -> None:
    town, run = officials.town, officials.do
    catalogue = run("deploy-catalogue")
    assert catalogue["owner"] == town.official.address
    board = run("convene-board", "board.toml")
    assert board["name"] == "city-2027"
    told = officials.shell.veche("official", "status").out
    assert "Board city-2027: dealing" in told
    assert f"1. Anna Petrova, {person(0).address}" in told
    assert "brownie" not in told
    town.trustees_make_the_key("anvil")
    published = run("publish-poll", "poll.toml")
    assert published["link"] == f"veche:{published['poll']}@31337#{published['pollHash']}"
    assert run("publish-roll", "poll.toml")["votersOnRoll"] == 24
    poll = town.office().chain.poll(published["poll"])
    town.voters_vote(poll)
    town.chain.at_time(poll.definition.closes)
    early = officials.run("publish-result", ID, "--yes", code=8)
    assert early.error == "TooFewShares"
    assert f"{ID}, version 0: closed" in officials.shell.veche("official", "status", ID).out
    town.trustees_decrypt(poll, 0, 1, network="anvil")
    result = run("publish-result", ID)
    assert (result["phase"], poll.phase) == ("tallied", Phase.TALLIED)
    assert result["results"][0]["scores"]["Oak"] == 13
    status = officials.run("status")
    assert status.json["boards"] == {"city-2027": board["board"]}
    assert status.json["catalogue"] == catalogue["catalogue"]


def test_poll_is_cancelled_before_anybody_has_voted(officials: Officials) -> None:
    officials.do("deploy-catalogue")
    officials.do("convene-board", "board.toml")
    officials.town.trustees_make_the_key("anvil")
    officials.do("publish-poll", "poll.toml")
    assert officials.do("cancel-poll", ID, "0")["phase"] == "cancelled"
    assert officials.run("cancel-poll", "elm-street", "--yes", code=4).error == "UnknownPollId"
    assert officials.run("cancel-poll", ID, "1", "--yes", code=4).error == "UnknownVersion"


def test_everything_can_be_run_again_and_sends_nothing_twice(officials: Officials) -> None:
    officials.do("deploy-catalogue")
    first = officials.do("convene-board", "board.toml")
    sent = officials.town.sent()
    officials.do("deploy-catalogue")
    assert officials.do("convene-board", "board.toml") == first
    assert officials.town.sent() == sent


# -- Asking --


def test_nothing_is_sent_before_a_person_says_yes(officials: Officials) -> None:
    terminal = officials.shell.terminal("official", "deploy-catalogue")
    terminal.expect("3 transactions:")
    terminal.answer("Carry out this plan? [y/N]", "n")
    assert terminal.end() == 10
    assert officials.town.sent() == 0
    terminal = officials.shell.terminal("official", "deploy-catalogue")
    terminal.answer("Carry out this plan? [y/N]", "y")
    assert terminal.end() == 0
    assert "Next: veche official convene-board board.toml" in terminal.text
    assert officials.run("convene-board", "board.toml", code=10).error == "Declined"


def test_embedded_chain_signs_itself_and_nobody_is_asked(officials: Officials) -> None:
    del officials.environment["VECHE_KEYSTORE"]
    owner = officials.run("deploy-catalogue").json["owner"]
    assert owner == person(0).address


def test_key_is_needed_and_must_open(officials: Officials) -> None:
    wrong = officials.run("deploy-catalogue", code=6, VECHE_PASSWORD="another")  # noqa: S106
    assert wrong.error == "WrongPassword"
    missing = officials.run("deploy-catalogue", "--keystore", "none.key", code=6)
    assert missing.error == "InvalidKeystore"
    assert officials.town.sent() == 0


def test_chain_that_is_not_there_is_told(officials: Officials) -> None:
    nowhere = f"http://127.0.0.1:{free_port()}"
    assert officials.run("status", "--rpc", nowhere, code=5).error == "NodeUnreachable"
    assert officials.run("deploy-catalogue", "--rpc", "city", code=3).error == "UnknownNetwork"


# -- Several at once --


def test_boards_that_are_convened_at_once_are_both_noted(officials: Officials) -> None:
    """Both runs have made their plans before either sends anything."""
    officials.do("deploy-catalogue")
    folder = officials.town.folder
    other = (folder / "board.toml").read_text().replace('"city-2027"', '"city-2028"')
    (folder / "other.toml").write_text(other)
    starting = [officials.shell.start("official", "convene-board", each) for each in FILES]
    with starting[0] as one, starting[1] as two:
        for each in (one, two):
            each.expect_told("[y/N]")
        for each in (one, two):
            each.send("y\n")
        ended = [each.end() for each in (one, two)]
    assert [each.code for each in ended] == [0, 0], ended
    assert set(officials.noted.boards) == {"city-2027", "city-2028"}
    assert not officials.noted.pending


FILES = ("board.toml", "other.toml")


@pytest.mark.parametrize("words", [("convene-board", "board.toml"), ("deploy-catalogue",)])
def test_same_step_is_taken_once_if_two_runs_plan_it_at_once(
    officials: Officials, words: tuple[str, ...]
) -> None:
    if words != ("deploy-catalogue",):
        officials.do("deploy-catalogue")
    sent = officials.town.sent()
    starting = [officials.shell.start("official", *words) for _ in range(2)]
    with starting[0] as one, starting[1] as two:
        for each in (one, two):
            each.expect_told("[y/N]")
        one.send("y\n")
        assert one.end().code == 0
        needed = officials.town.sent() - sent
        two.send("y\n")
        ended = two.end()
    assert ended.code == 8, ended
    assert "another run has begun to create" in ended.err
    assert officials.town.sent() - sent == needed
    assert officials.run(*words).code == 0
    assert officials.town.sent() - sent == needed


# -- Ether --


def test_whoever_lacks_ether_gets_what_is_missing(officials: Officials) -> None:
    officials.do("deploy-catalogue")
    officials.do("convene-board", "board.toml")
    node, carrier = officials.town.chain.node, person(50).address
    officials.town.chain.node.request("anvil_setBalance", person(1).address, hex(ETHER // 4))
    told = officials.do("fund", "city-2027", carrier, "--ether", "0.5")
    trustees = [person(index).address for index in range(3)]
    assert told == {"accounts": [*trustees, carrier], "wei": str(ETHER // 2)}
    assert [node.balance(each) // ETHER for each in trustees] == [1_000, 0, 1_000]
    assert [node.balance(each) for each in (trustees[1], carrier)] == [ETHER // 2] * 2
    sent = officials.town.sent()
    officials.do("fund", "city-2027", carrier, "--ether", "0.5")
    assert officials.town.sent() == sent


def test_voters_of_a_roll_get_ether(officials: Officials) -> None:
    roll = officials.do("fund", "roll.csv", "--ether", "0.01")["accounts"]
    assert roll == officials.do("fund", "poll.toml", "--ether", "0.01")["accounts"]
    node = officials.town.chain.node
    assert len(roll) == 24
    assert all(node.balance(each) >= ETHER // 100 for each in roll)


@pytest.mark.parametrize(
    ("words", "code", "error"),
    [
        (["--ether", "1"], 2, "WrongUsage"),
        ([person(1).address, "--ether", "-1"], 2, "WrongUsage"),
        ([person(1).address, "--ether", "nan"], 2, "WrongUsage"),
        ([person(1).address, "--ether", "0.0"], 2, "WrongUsage"),
        ([person(1).address, "--ether", "0.0000000000000000001"], 2, "WrongUsage"),
        ([person(1).address[:-1] + "0", "--ether", "1"], 3, "InvalidDocument"),
        (["spring", "--ether", "1"], 3, "NotDeployed"),
        (["none.csv", "--ether", "1"], 3, "InvalidFile"),
        ([person(50).address, "--ether", "100000"], 6, "InsufficientFunds"),
    ],
)
def test_funding_fails_if_it_is_not_clear_who_gets_what(
    officials: Officials, words: list[str], code: int, error: str
) -> None:
    assert officials.run("fund", *words, "--yes", code=code).error == error
    assert officials.town.sent() == 0


# -- Beside the scripts --


def test_network_has_the_name_of_its_file_of_deployments(officials: Officials) -> None:
    officials.do("deploy-catalogue")
    folder = officials.town.folder / "deployments"
    (folder / "anvil.json").rename(folder / "town.json")
    assert officials.run("status").json["network"] == "town"
    officials.do("convene-board", "board.toml")
    assert list(json.loads((folder / "town.json").read_text())["boards"]) == ["city-2027"]
    shutil.rmtree(folder)
    assert officials.run("status").json["network"] == "anvil"
