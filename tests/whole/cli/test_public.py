"""`veche polls`, `show` and `results`, as anyone runs them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from html import unescape
from pathlib import Path
from typing import Any

import pytest

from support.commands import Ended, Shell
from support.elections import Town
from support.lies import LIES, POLL, bent, call_of
from support.lying_nodes import lying_node
from veche import Poll, connect
from veche.chain.embedded import embedded_chain
from veche.crypto.questions import Questions
from veche.official import open_office, status
from veche.protocol import link
from veche.protocol.content import Content, QuestionTexts

VOTES: list[tuple[str, list[str]]] = [
    ("Lime", ["Wood"]),
    ("Lime", ["Wood", "Stone = granite"]),
    ("Oak", []),
]

RESULT = {
    "Which tree?": {"Lime": 5, "Oak": 1, "Rowan": 0},
    "Which benches?": {"Wood": 5, "Stone = granite": 4, "[bold]Iron[/bold]": 0},
}


@dataclass(frozen=True)
class Polls:
    """A poll in every phase."""

    tallied: Poll
    proven: Poll
    answered: Poll
    closed: Poll
    void: Poll
    cancelled: Poll
    replaced: Poll
    open: Poll
    scheduled: Poll


@pytest.fixture(scope="module", autouse=True)
def polls(town: Town) -> Polls:
    ids = ("tallied", "proven", "answered", "closed", "void")
    short = {each: town.publish(each, weights={1: 4}, closes_in=1_000) for each in ids}
    cancelled = town.publish("cancelled")
    town.catalogue.cancel("cancelled", 0, town.chain.sender)
    replaced = town.publish("trees")
    opened = town.open_poll("trees", Content("Деревья", "", QUESTIONS), Questions.of((1, 9, 0, 9)))
    for name in ids[:-1]:
        for voter, (tree, benches) in enumerate(VOTES):
            town.cast(short[name], voter, {"Which tree?": tree, "Which benches?": benches})
    town.cast(opened, 0, {"Which tree?": {"Ель": 3}})
    town.close(short["void"])
    town.tally(short["tallied"])
    for trustee in (2, 3):
        town.share(short["proven"], trustee)
    town.share(short["answered"], 2)
    scheduled = town.publish("scheduled", opens_in=900_000, with_roll=False)
    return Polls(**short, cancelled=cancelled, replaced=replaced, open=opened, scheduled=scheduled)


QUESTIONS = (QuestionTexts("Which tree?", ("Ель",)),)


# -- Without a result --


@pytest.mark.parametrize(
    ("name", "ends"),
    [
        ("void", "a result needs 2 voters, so the poll is void"),
        ("cancelled", "the poll was cancelled before anybody voted"),
    ],
)
def test_poll_that_ends_without_a_result_has_a_report_and_no_table(
    shell: Shell, polls: Polls, name: str, ends: str
) -> None:
    poll: Poll = getattr(polls, name)
    files = ("--html", f"{name}.html", "--csv", f"{name}.csv")
    ended = shell.veche("results", poll.address, *files)
    assert (ended.code, ended.out.strip()) == (4, f"Report: {name}.html")
    page = unescape((shell.folder / f"{name}.html").read_text())
    for each in ("A poll without a result", ends, "There is no result, and there will be none."):
        assert each in page, each
    for question in poll.texts:
        assert all(f">{option}</li>" in page for option in question.options)
    assert "Turnout: 0 of " in page
    assert not (shell.folder / f"{name}.csv").exists()


def test_poll_that_can_still_have_a_result_has_no_report(shell: Shell, polls: Polls) -> None:
    assert shell.veche("results", polls.closed.address, "--html", "early.html").code == 8
    assert not (shell.folder / "early.html").exists()


# -- Any chain --


@pytest.mark.parametrize("command", [["polls"], ["show"], ["status", "--voter"], ["verify"]])
def test_warning_is_shown_if_the_newest_block_is_old(
    command: list[str], polls: Polls, town: Town, shell: Shell
) -> None:
    """The chain seems to be one whose blocks come by the clock."""
    poll = [] if command == ["polls"] else [polls.open.address]
    voter = [town.voters[0].address] if "--voter" in command else []
    with lying_node(town.url) as node:
        node.lie = lambda method, _, result: "0x5" if method == "eth_chainId" else result
        where = ["--rpc", node.url, "--catalogue", town.catalogue.address, "--json"]
        err = shell.veche(command[0], *poll, *command[1:], *voter, *where).err
    told = rf"the newest block of {re.escape(node.url)} is [0-9]{{4,}} days old"
    assert len(re.findall(told, err)) == 1
    assert "Wait until it has caught up, or give another node with --rpc" in err
    assert "Warning" not in shell.veche("polls").err


# -- All polls --


def test_polls_lists_every_version(polls: Polls, town: Town, shell: Shell) -> None:
    found = shell.veche("polls", "--json").json
    assert found["catalogue"] == town.catalogue.address
    listed = {(each["id"], each["version"]): each for each in found["polls"]}
    assert {key: each["phase"] for key, each in listed.items()} == {
        ("tallied", 0): "tallied",
        ("proven", 0): "closed",
        ("answered", 0): "closed",
        ("closed", 0): "closed",
        ("void", 0): "void",
        ("cancelled", 0): "cancelled",
        ("trees", 0): "open",
        ("trees", 1): "open",
        ("scheduled", 0): "scheduled",
    }
    assert listed["trees", 1] == {
        "id": "trees",
        "version": 1,
        "poll": polls.open.address,
        "title": "Деревья",
        "phase": "open",
    }


def test_polls_shows_a_table(shell: Shell) -> None:
    lines = shell.veche("polls").out.strip().splitlines()
    assert lines[0].split() == ["id", "version", "title", "phase"]
    rows = [line.split() for line in lines[2:] if line]
    assert ["tallied", "0", "Trees", "[red]and[/red]", "benches", "tallied"] in rows
    assert ["trees", "1", "Деревья", "open"] in rows


def test_poll_that_cannot_be_shown_hides_no_other(town: Town, shell: Shell) -> None:
    catalogue = town.chain.create_catalogue(salt=bytes(31) + b"\1")
    there = town.catalogue, town.board
    town.catalogue = catalogue
    town.board = town.ready_board()
    hostile = Content("\x1b[2J", "", QUESTIONS)
    try:
        with pytest.raises(Exception, match="in place of a text"):
            town.publish("hostile", hostile, Questions.of((1, 9, 0, 9)))
        town.publish("good")
    finally:
        town.catalogue, town.board = there
    ended = shell.veche("polls", "--catalogue", catalogue.address)
    assert ended.code == 0
    assert "\x1b" not in ended.out
    assert "cannot be shown" in ended.out
    assert "good" in ended.out
    assert shell.veche("show", "hostile", "--catalogue", catalogue.address).code == 7
    found = shell.veche("polls", "--json", VECHE_CATALOGUE=catalogue.address).json
    assert [each["title"] is None for each in found["polls"]] == [True, False]


def test_polls_of_an_empty_catalogue(town: Town, shell: Shell) -> None:
    empty = town.chain.create_catalogue(salt=bytes(31) + b"\2").address
    assert "no polls yet" in shell.veche("polls", "--catalogue", empty).out
    assert shell.veche("polls", "--catalogue", empty, "--json").json["polls"] == []


def test_polls_needs_a_catalogue(town: Town, shell: Shell, tmp_path: Path) -> None:
    elsewhere = Shell(tmp_path, shell.environment)
    assert elsewhere.veche("polls", "--json").error == "NotDeployed"
    assert elsewhere.veche("polls").code == 3
    no_contract = elsewhere.veche("polls", "--catalogue", town.poor.address, "--json")
    assert (no_contract.code, no_contract.error) == (7, "UnknownContract")
    assert elsewhere.veche("polls", "--catalogue", "trees").code == 2
    assert elsewhere.veche("polls", "--rpc", "ftp://example.org").code == 5


def test_node_without_blocks_yet_is_behind(town: Town, shell: Shell) -> None:
    with embedded_chain() as fresh:
        place = ("--catalogue", town.catalogue.address, "--rpc", fresh.url)
        told = shell.veche("polls", *place, "--json")
    assert (told.code, told.error) == (5, "NodeBehind")


# -- One poll --


def test_show_tells_all_of_a_poll(polls: Polls, town: Town, shell: Shell) -> None:
    poll = polls.tallied
    ended = shell.veche("show", "tallied", TZ="Asia/Kolkata")
    assert ended.code == 0
    for each in (
        "Trees [red]and[/red] benches\n  For the square.\n",
        "Which tree? (choose one)\n  - Lime\n  - Oak\n  - Rowan\n",
        "Which benches? (approve of any number)\n  - Wood\n",
        "  - [bold]Iron[/bold]\n",
        "phase      tallied\n",
        "turnout    3 of 13 voters (23.1%), weight 6 of 16 (37.5%)\n",
        "minimum    2 voters, otherwise there is no result\n",
        f"board      Board of the town, {town.board.address}\n",
        f"address    {poll.address}\n",
        f"poll hash  0x{poll.hash.hex()}\n",
        f"veche status '{link.of(poll.definition)}' --voter",
    ):
        assert each in ended.out
    local = datetime.fromtimestamp(poll.definition.opens, UTC) + timedelta(hours=5, minutes=30)
    told = f"{local:%Y-%m-%d %H:%M:%S}".removesuffix(":00")
    assert f"opens      {told} +05:30 (" in ended.out


def newest(town: Town) -> dict[str, object]:
    """The newest block of the town, as machines are told of it."""
    block = town.embedded.node.block()
    return {
        "number": block["number"],
        "hash": "0x" + bytes(block["hash"]).hex(),
        "time": block["timestamp"],
    }


def test_show_tells_machines(polls: Polls, town: Town, shell: Shell) -> None:
    poll = polls.open
    assert shell.veche("show", poll.address, "--json").json == {
        "poll": poll.address,
        "pollHash": "0x" + poll.hash.hex(),
        "chainId": 31337,
        "title": "Деревья",
        "description": "",
        "questions": [
            {
                "text": "Which tree?",
                "kind": "score each 0 to 9",
                "options": ["Ель"],
                "maxScore": 9,
                "minTotal": 0,
                "maxTotal": 9,
                "passes": None,
                "blank": None,
            }
        ],
        "phase": "open",
        "opens": poll.definition.opens,
        "closes": poll.definition.closes,
        "voters": 1,
        "votersOnRoll": 13,
        "weight": 1,
        "totalWeight": 13,
        "minVoters": 2,
        "quorum": None,
        "board": town.board.address,
        "boardName": "Board of the town",
        "trustees": ["Anna", "Boris", "Clara"],
        "threshold": 2,
        "asOf": newest(town),
    }


def test_show_finds_versions(polls: Polls, shell: Shell) -> None:
    def address(named: str) -> str:
        return str(shell.veche("show", named, "--json").json["poll"])

    assert address("trees") == polls.open.address
    assert address("trees@1") == polls.open.address
    assert address("trees@0") == polls.replaced.address
    assert address(polls.open.address.lower()) == polls.open.address


def test_show_tells_of_a_roll_that_is_not_there(shell: Shell) -> None:
    ended = shell.veche("show", "scheduled")
    assert ended.code == 0
    assert "0 voters of a roll that is not published in full" in ended.out
    assert shell.veche("show", "scheduled", "--json").json["votersOnRoll"] is None


def test_show_is_refused(polls: Polls, town: Town, shell: Shell) -> None:
    def fails(*named: str) -> tuple[int, str]:
        ended = shell.veche("show", *named, "--json")
        return ended.code, ended.error

    address = polls.open.address
    assert fails("bushes") == (4, "UnknownPollId")
    assert fails("trees@2") == (4, "UnknownVersion")
    assert fails("x" * 32) == (3, "InvalidDocument")
    assert fails("0x" + "zz" * 32) == (3, "InvalidDocument")
    assert fails("0x" + address[2:].swapcase()) == (2, "WrongUsage")
    assert fails(town.poor.address) == (7, "UnknownContract")
    assert fails("trees", "--expect", polls.replaced.hash.hex()) == (7, "WrongPoll")
    assert shell.veche("show", "trees@0", "--expect", polls.replaced.hash.hex()).code == 0


# -- Results --


def test_results_are_shown_as_numbers_and_bars(shell: Shell) -> None:
    ended = shell.veche("results", "tallied")
    assert ended.code == 0
    rows = {line.strip().split("  ")[0]: line.strip() for line in ended.out.splitlines()}
    for scores in RESULT.values():
        for option, score in scores.items():
            assert rows[option].removeprefix(option).split()[0] == str(score)
    bars = {option: rows[option].count("█") for option in ("Lime", "Oak", "Rowan")}
    assert bars["Lime"] == 5 * bars["Oak"] > bars["Rowan"] == 0
    assert rows["Which tree?"].split()[2:] == ["votes", "of", "votes"]
    assert rows["Which benches?"].split()[2:] == ["votes", "of", "ballots"]
    for each in ("Most votes: 'Lime', 5.", "Most votes: 'Wood', 5."):
        assert f"{each}\n" in ended.out
    assert "Turnout: 3 of 13 voters (23.1%), weight 6 of 16 (37.5%).\n" in ended.out
    assert rows["Lime"].split("█")[0].split() == ["Lime", "5", "83.3%"]
    assert rows["Wood"].split("█")[0].split() == ["Wood", "5", "83.3%"]


def test_results_read_without_unicode_and_colour(shell: Shell) -> None:
    narrow = shell.veche("results", "tallied", COLUMNS="36", PYTHONIOENCODING="ascii")
    assert narrow.code == 0
    charts = [line for line in narrow.out.splitlines() if "#" in line or "---" in line]
    assert charts
    assert all(len(line) <= 36 for line in charts)
    assert "\x1b" not in narrow.out
    plain = shell.veche("show", "trees", "--json", PYTHONIOENCODING="ascii")
    assert plain.json["title"] == "Деревья"
    assert plain.out.isascii()


def test_results_tell_machines(polls: Polls, town: Town, shell: Shell) -> None:
    plain = {
        "title": "Trees [red]and[/red] benches",
        "poll": polls.tallied.address,
        "pollHash": "0x" + polls.tallied.hash.hex(),
        "chainId": 31337,
        "phase": "tallied",
        "voters": 3,
        "weight": 6,
        "asOf": newest(town),
        "turnout": {
            "voters": 3,
            "votersOnRoll": 13,
            "percentOfVoters": 23.0769,
            "weight": 6,
            "totalWeight": 16,
            "percentOfWeight": 37.5,
        },
        "quorum": None,
        "quorumMet": None,
    }
    found = shell.veche("results", polls.tallied.address, "--json").json
    assert {name: found[name] for name in plain} == plain
    scores = [{"question": name, "scores": given} for name, given in RESULT.items()]
    assert [{name: each[name] for name in ("question", "scores")} for each in found["results"]] == (
        scores
    )
    assert found["results"][0] == {
        "question": "Which tree?",
        "scores": RESULT["Which tree?"],
        "unit": "votes",
        "percentOf": "votes",
        "options": [
            {"option": "Lime", "score": 5, "percent": 83.3333, "mean": None},
            {"option": "Oak", "score": 1, "percent": 16.6667, "mean": None},
            {"option": "Rowan", "score": 0, "percent": 0, "mean": None},
        ],
        "most": ["Lime"],
        "blank": None,
        "passes": None,
        "needed": None,
        "passed": None,
    }
    assert (found["verdict"], found["restsOn"]["isExpectedCatalogue"]) == ("pass", True)
    repeated = shell.veche("results", polls.tallied.address, "--unverified", "--json").json
    assert repeated == plain | {"verdict": None, "results": found["results"]}


def test_results_are_verified(town: Town, shell: Shell) -> None:
    """Or it is said that they only repeat what a node says."""
    with lying_node(town.url) as node:
        node.lie = LIES["another result"][0]
        lied = shell.veche("results", "tallied", "--rpc", node.url)
        assert lied.code == 1
        assert "FAILED: do not rely on what is shown of this poll" in lied.out
        assert "Lime" not in lied.out
        assert "result: choices [5] have other scores" in lied.err
        repeated = shell.veche("results", "tallied", "--unverified", "--rpc", node.url)
        assert repeated.code == 0
        assert f"NOT VERIFIED: this only repeats what {node.url} says." in repeated.out
        node.lie = call_of(POLL, "phase", lambda told: told[:-1] + "5")
        cancelled = shell.veche("results", "tallied", "--rpc", node.url)
        assert (cancelled.code, "will be no result" in cancelled.err) == (1, False)


# -- One block --


def named(block: Any) -> str:
    """A block as a request names it: by a word, or by its hash as EIP-1898 has it."""
    return str(block["blockHash"] if isinstance(block, dict) else block)


def at_latest(method: str, parameters: list[Any], told: Any) -> Any:
    """Tells the truth by the hash of a block, and another state at the newest."""
    if method == "eth_call" and parameters[1] == "latest":
        return bent(told, -1)
    return told


@pytest.mark.parametrize(
    "command",
    [
        ["polls"],
        ["show", "tallied"],
        ["results", "tallied"],
        ["results", "tallied", "--unverified"],
        ["results", "proven"],
        ["status", "tallied", "--voter"],
        ["verify", "tallied"],
        ["watch", "tallied"],
        ["record", "save", "tallied", "pinned.record"],
    ],
    ids=" ".join,
)
def test_all_that_is_told_is_read_at_the_hash_of_one_block(
    town: Town, shell: Shell, command: list[str]
) -> None:
    words = [*command, *([town.voters[1].address] if "--voter" in command else []), "--json"]
    honest, asked = shell.veche(*words), set()

    def lie(method: str, parameters: list[Any], told: Any) -> Any:
        if method in ("eth_call", "eth_getCode"):
            asked.add(named(parameters[1]))
        return at_latest(method, parameters, told)

    with lying_node(town.url) as node:
        node.lie = lie
        (shell.folder / "pinned.record").unlink(missing_ok=True)
        seen = shell.veche(*words, "--rpc", node.url)
    assert seen.code == honest.code
    assert seen.out.replace(node.url, town.url) == honest.out
    (block,) = asked
    assert len(block) == len("0x") + 64


def test_status_of_officials_is_read_at_the_hash_of_one_block(town: Town, shell: Shell) -> None:
    with lying_node(town.url) as node:
        seen = []
        for lie in (lambda _method, _parameters, told: told, at_latest):
            node.lie = lie
            office = open_office(connect(node.url), "embedded", folder=shell.folder / "deployments")
            seen.append(status(office))
    assert seen[0] == seen[1]
    assert "Lime" in seen[0]


@pytest.mark.parametrize(
    ("poll", "says"),
    [
        ("scheduled", "the poll is scheduled and closes at 2"),
        ("trees", "the poll is open and closes at 2"),
        ("closed", "0 of 2 decryption shares are there: trustees are yet to post them"),
        ("answered", "1 of 2 decryption shares are there (of trustee 2): trustees are"),
        ("proven", "are there (of trustees 2, 3): anyone can publish the result now"),
    ],
)
def test_results_tell_what_is_missing(shell: Shell, poll: str, says: str) -> None:
    ended = shell.veche("results", poll)
    assert ended.code == 8
    assert ended.out == ""
    assert says in ended.err
    assert "What to do: Come back later" in ended.err
    assert shell.veche("results", poll, "--json").error == "NoResult"


@pytest.mark.parametrize(
    ("poll", "says"),
    [("void", "void: fewer than 2 voters took part"), ("cancelled", "the poll is cancelled.")],
)
def test_results_say_if_there_will_never_be_one(shell: Shell, poll: str, says: str) -> None:
    ended: Ended = shell.veche("results", poll)
    assert ended.code == 4
    assert says in ended.err
    assert "There will be no result" in ended.err


def test_results_are_those_of_the_expected_poll(polls: Polls, shell: Shell) -> None:
    expect = "0x" + polls.tallied.hash.hex()
    assert shell.veche("results", "tallied", "--expect", expect).code == 0
    assert shell.veche("results", "proven", "--expect", expect).code == 7


def test_link_of_officials_is_enough(polls: Polls, shell: Shell) -> None:
    told = link.of(polls.tallied.definition)
    assert shell.veche("results", told).code == 0
    assert shell.veche("verify", told).code == 0
    other = told._replace(poll_hash=b"\1" * 32)
    assert shell.veche("results", other, "--json").error == "WrongPoll"
    elsewhere = told._replace(chain_id=7)
    assert shell.veche("results", elsewhere, "--json").error == "WrongNetwork"
    expect = ("--expect", "0x" + "11" * 32)
    assert shell.veche("results", told, *expect, "--json").error == "WrongPoll"
    assert shell.veche("results", "veche:trees", "--json").error == "InvalidDocument"
