"""`veche vote` with options, as scripts run it."""

from __future__ import annotations

import signal
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from itertools import count
from pathlib import Path
from threading import Event
from time import sleep

import pytest

from support.commands import Shell
from support.elections import PASSWORD, Town
from support.lying_nodes import lying_node, refusing
from support.voting import LIME_AND_WOOD, SCORES, UP_TO_FIVE, vote
from veche import Poll, SignedBallot
from veche.chain.embedded import embedded_chain
from veche.crypto.questions import Questions
from veche.errors import BallotExpired
from veche.errors.times import time_text
from veche.protocol import link
from veche.protocol.content import Content, QuestionTexts


def test_ballot_is_cast_and_counts(
    town: Town, trees: Poll, shell: Shell, keystores: dict[str, Path]
) -> None:
    expect = "0x" + trees.hash.hex()
    ended = vote(shell, keystores["voter 0"], *LIME_AND_WOOD, "--cast", "--expect", expect)
    assert ended.code == 0, ended
    assert ended.out.startswith("Trees [red]and[/red] benches\n  For the square.\n")
    assert expect in ended.out
    tracker = trees.tracker(town.voters[0].address)
    assert tracker
    assert f"Tracker of your ballot: 0x{tracker.hex()}" in ended.out
    assert "Your ballot counts" in ended.out


def test_second_ballot_replaces_the_first(
    town: Town, trees: Poll, shell: Shell, keystores: dict[str, Path]
) -> None:
    first = vote(shell, keystores["voter 1"], *LIME_AND_WOOD, "--cast", "--json").json
    again = ("--choose", "Which tree?=Oak", "--cast")
    ended = vote(shell, keystores["voter 1"], *again, poll=trees.address)
    assert ended.code == 0
    assert "Warning: 'Which benches?' is left out: your ballot gives nothing there." in ended.err
    assert f"your ballot {first['tracker']}" in ended.out
    tracker = trees.tracker(town.voters[1].address)
    assert tracker
    assert first["tracker"] != f"0x{tracker.hex()}"


def test_voters_are_warned_of_options_that_look_alike(
    town: Town, shell: Shell, keystores: dict[str, Path]
) -> None:
    options = ("Oak", "Оak", "Café")
    content = Content(
        "Trees", "For the square.\nAll checks hold", (QuestionTexts("Which?", options),)
    )
    poll = town.open_poll("lookalikes", content, Questions.of((3, 1, 1, 1)))
    told = "Warning: option 2 of 'Which?' looks like number 1, 'Oak'. Go by the numbers"
    assert told in shell.veche("show", "lookalikes").err
    ended = vote(shell, keystores["voter 0"], "--choose", "Cafe\u0301", "--cast", poll=poll.address)
    assert ended.code == 0, ended
    assert told in ended.err
    assert "\n  All checks hold\n" in ended.out


def test_cast_tells_machines_what_and_where(
    town: Town, trees: Poll, shell: Shell, keystores: dict[str, Path]
) -> None:
    found = vote(shell, keystores["voter 2"], *LIME_AND_WOOD, "--cast", "--json").json
    block, transaction, _ = found.pop("block"), found.pop("transaction"), found.pop("deadline")
    receipt = town.embedded.node.receipt(bytes.fromhex(transaction[2:]))
    assert receipt
    assert receipt["blockNumber"] == block
    tracker = trees.tracker(town.voters[2].address)
    assert tracker
    assert found == {
        "poll": trees.address,
        "pollHash": "0x" + trees.hash.hex(),
        "voter": town.voters[2].address,
        "weight": 1,
        "tracker": "0x" + tracker.hex(),
        "leftOut": [],
    }


def test_vote_again_while_the_ballot_is_under_way_pays_once(
    town: Town, trees: Poll, shell: Shell, keystores: dict[str, Path]
) -> None:
    """The first run is killed before a block holds the ballot."""
    node, voter = town.embedded.node, town.voters[8].address
    before = node.next_nonce(voter)
    words = ("vote", "trees", "--keystore", keystores["voter 8"], *LIME_AND_WOOD, "--cast")
    is_found = Event()

    def note(method: str, _: list[object], told: object) -> object:
        """It is found before a block holds it."""
        if method == "eth_getTransactionBySenderAndNonce":
            is_found.set()
        return told

    with town.no_blocks(), lying_node(town.url) as seen:
        seen.lie = note
        with shell.start(*words) as first:
            while node.next_nonce(voter) == before and first.process.is_alive():
                sleep(0.05)
            first.signal(signal.SIGKILL)
        with shell.start(*words, "--json", "--rpc", seen.url) as again:
            while not is_found.wait(0.05) and again.process.is_alive():
                pass
            node.request("evm_mine")
            told = again.end()
    assert told.code == 0, told
    tracker = trees.tracker(voter)
    assert tracker
    assert (told.json["tracker"], told.json["isEarlier"]) == ("0x" + tracker.hex(), True)
    assert node.next_nonce(voter) == before + 1
    assert len([*trees.ballots(voter=voter)]) == 1
    more = vote(shell, keystores["voter 8"], *LIME_AND_WOOD, "--cast", "--json")
    assert "isEarlier" not in more.json
    assert node.next_nonce(voter) == before + 2


def test_question_that_is_left_out_is_told_before_the_ballot_is_cast(
    trees: Poll, shell: Shell, keystores: dict[str, Path]
) -> None:
    options = ("--keystore", keystores["voter 10"], "--choose", "Which tree?=Oak")
    terminal = shell.terminal("vote", trees.address, *options)
    terminal.expect("'Which benches?' is left out")
    terminal.answer("What now?", "stop")
    assert terminal.end() == 10
    ended = vote(shell, keystores["voter 10"], *options[2:], "--audit", "left.json", "--json")
    assert ended.json["leftOut"] == ["Which benches?"]
    assert "'Which benches?' is left out" in ended.err


@pytest.mark.parametrize(
    ("choices", "says"),
    [
        (["Which tree?=Lime", "Which tree?=Oak"], "(choose one): 2 options are chosen, not 1"),
        (["Which benches?=Wood"], "'Which tree?' (choose one): 0 options are chosen, not 1"),
        (["Which tree?=Lime", "Which tree?=Lime"], "named twice"),
        (["Which tree?=Elm"], "'Lime', 'Oak', 'Rowan'"),
        (["Which bush?=Lime"], "'Which tree?', 'Which benches?'"),
        (["Lime"], "'Which tree?', 'Which benches?'"),
    ],
)
def test_choices_are_refused_if_the_poll_asks_otherwise(
    trees: Poll, shell: Shell, keystores: dict[str, Path], choices: list[str], says: str
) -> None:
    options = [each for choice in choices for each in ("--choose", choice)]
    ended = vote(shell, keystores["voter 3"], *options, "--cast", poll=trees.address)
    assert ended.code == 3
    assert says in ended.err
    assert "What to do: Copy the texts" in ended.err
    if "options are chosen" in says:
        assert "Lime" not in ended.err


@pytest.mark.usefixtures("trees")
def test_key_is_refused_if_it_cannot_vote(shell: Shell, keystores: dict[str, Path]) -> None:
    options = (*LIME_AND_WOOD, "--cast", "--json")
    wrong = Shell(shell.folder, shell.environment | {"VECHE_PASSWORD": "swordfish"})
    assert "the password in VECHE_PASSWORD" in vote(wrong, keystores["voter 3"], *options).out
    (shell.folder / "wrong").write_text("swordfish")
    in_file = vote(shell, keystores["voter 3"], *options, "--password-file", "wrong")
    assert "the password in wrong does not open" in in_file.out
    for ended, code, name in (
        (vote(wrong, keystores["voter 3"], *options), 6, "WrongPassword"),
        (vote(shell, shell.folder / "nowhere.key", *options), 6, "InvalidKeystore"),
        (shell.veche("vote", "trees", *options), 6, "NoAccount"),
        (vote(shell, keystores["stranger"], *options), 4, "NotOnRoll"),
        (vote(shell, keystores["poor"], *options), 6, "InsufficientFunds"),
    ):
        assert ended.error == name
        assert ended.code == code
        assert PASSWORD not in ended.out + ended.err
        assert "swordfish" not in ended.out + ended.err


def test_poll_is_refused_if_it_is_another(
    trees: Poll, shell: Shell, keystores: dict[str, Path]
) -> None:
    def fails(*more: object) -> tuple[int, str]:
        ended = vote(shell, keystores["voter 3"], *LIME_AND_WOOD, "--cast", "--json", *more)
        return ended.code, ended.error

    assert fails("--expect", "0x" + "ab" * 32) == (7, "WrongPoll")
    assert fails("--expect", "0xab") == (2, "WrongUsage")
    assert fails("--rpc", "http://127.0.0.1:1") == (5, "NodeUnreachable")
    with embedded_chain() as other:
        other.node.request("evm_mine")
        ended = vote(
            shell,
            keystores["voter 3"],
            *LIME_AND_WOOD,
            "--cast",
            "--rpc",
            other.url,
            poll=trees.address,
        )
    assert ended.code == 7
    assert f"there is no contract at {trees.address}" in ended.err
    assert "check the network" in ended.err


def test_poll_of_another_catalogue_than_the_networks_needs_its_hash(
    town: Town, trees: Poll, shell: Shell, keystores: dict[str, Path]
) -> None:
    """Anybody can make a catalogue, copy a poll into it, and tell voters its address."""
    other = town.chain.create_catalogue(salt=b"\7" * 32)
    for file, made in (("own.json", town.catalogue), ("other.json", other)):
        text = town.private_network(catalogue=made.address).to_json()
        (shell.folder / file).write_text(text)

    def ends(network: str, poll: str, *more: object) -> tuple[int, str]:
        ended = vote(
            shell,
            keystores["voter 3"],
            *LIME_AND_WOOD,
            "--rpc",
            network,
            *more,
            "--json",
            poll=poll,
        )
        return ended.code, ended.error if ended.code else ""

    audits = (("--audit", f"{number}.audit") for number in count())
    assert ends("other.json", trees.address, "--cast") == (7, "WrongPoll")
    assert ends("own.json", trees.address, *next(audits)) == (0, "")
    assert ends("other.json", str(link.of(trees.definition)), *next(audits)) == (0, "")
    told = ("--expect", "0x" + trees.hash.hex())
    assert ends("other.json", trees.address, *told, *next(audits)) == (0, "")


def test_poll_is_refused_if_the_chain_began_with_its_contracts(
    town: Town, trees: Poll, shell: Shell, keystores: dict[str, Path]
) -> None:
    """Whoever makes the first block gives any state to any address."""
    network = town.private_network(catalogue=town.catalogue.address)
    folder = shell.folder / "networks" / "town"
    folder.mkdir(parents=True)
    for address in (town.catalogue.address, trees.definition.board):
        begun = network.genesis | {"alloc": {address[2:].lower(): {"balance": "0x0"}}}
        (folder / "network.json").write_text(replace(network, genesis=begun).to_json())
        options = ("--cast", "--rpc", "town", "--json")
        ended = vote(shell, keystores["voter 3"], *LIME_AND_WOOD, *options, poll=trees.address)
        assert (ended.code, ended.error) == (9, "ChecksFailed")
        assert f"the chain began with an account at {address}" in ended.out
    (folder / "network.json").write_text(network.to_json())
    audit = ("--audit", "town.audit", "--rpc", "town")
    assert vote(shell, keystores["voter 3"], *LIME_AND_WOOD, *audit, poll=trees.address).code == 0


def test_poll_is_refused_if_it_is_not_open(
    town: Town, shell: Shell, keystores: dict[str, Path]
) -> None:
    town.publish("later", opens_in=900_000)
    ended = vote(shell, keystores["voter 3"], *LIME_AND_WOOD, "--cast", poll="later")
    assert ended.code == 8
    assert "the poll is scheduled; for this it must be open" in ended.err
    closed = town.publish("sooner", closes_in=200)
    town.close(closed)
    ended = vote(shell, keystores["voter 3"], *LIME_AND_WOOD, "--cast", poll="sooner")
    assert ended.code == 4
    assert "for this it must be open" in ended.err
    assert "`veche show POLL` shows when the poll opens and closes" in ended.err


def test_vote_is_refused_until_the_roll_is_published(
    town: Town, shell: Shell, keystores: dict[str, Path]
) -> None:
    town.open_poll("unrolled", with_roll=False)
    ended = vote(shell, keystores["voter 3"], *LIME_AND_WOOD, "--cast", "--json", poll="unrolled")
    assert (ended.code, ended.error) == (8, "IncompleteRoll")


@pytest.mark.usefixtures("trees")
def test_node_that_cannot_tell_whether_it_is_syncing_takes_votes(
    town: Town, shell: Shell, keystores: dict[str, Path]
) -> None:
    with lying_node(town.url) as node:
        node.twist = refusing("eth_syncing", "the method eth_syncing is not available")
        options = ["--rpc", node.url, *LIME_AND_WOOD, "--out", "untold.json"]
        ended = vote(shell, keystores["voter 10"], *options)
    assert ended.code == 0, ended


@pytest.mark.parametrize(
    "options",
    [
        (),
        LIME_AND_WOOD,
        ("--cast",),
        (*LIME_AND_WOOD, "--cast", "--audit", "a.json"),
        (*LIME_AND_WOOD, "--out", "o.json", "--audit", "a.json"),
        (*LIME_AND_WOOD, "--cast", "--confirmations", "0"),
    ],
    ids=lambda each: " ".join(each) or "nothing",
)
def test_options_are_refused_if_they_leave_a_question_open(
    trees: Poll, shell: Shell, keystores: dict[str, Path], options: tuple[str, ...]
) -> None:
    assert vote(shell, keystores["voter 3"], *options, poll=trees.address).code == 2


def test_voter_is_warned_of_a_result_that_tells_too_much(
    town: Town, shell: Shell, keystores: dict[str, Path]
) -> None:
    town.open_poll("benches", SCORES, UP_TO_FIVE, weights={4: 20})
    choose = ("--choose", "Wood=3", "--choose", "Which benches?=Stone=5", "--cast")
    ended = vote(shell, keystores["voter 5"], *choose, poll="benches")
    assert ended.code == 0, ended
    assert "shared by fewer than 2 voters: 20 (1 voter). The result may show" in ended.err
    assert "can vote; a result needs" not in ended.err
    assert "yours among them" in vote(shell, keystores["voter 4"], *choose, poll="benches").err
    assert vote(shell, keystores["voter 6"], "--choose", "Wood", "--cast", poll="benches").code == 3


def test_vote_pays_no_more_than_is_allowed(
    town: Town, trees: Poll, shell: Shell, keystores: dict[str, Path]
) -> None:
    voter, key = town.voters[9], keystores["voter 9"]
    before = town.embedded.node.balance(voter.address)
    with lying_node(town.url) as node:
        node.lie = lambda name, _, told: hex(3 * 10**14) if "PriorityFee" in name else told
        options = ("--rpc", node.url, *LIME_AND_WOOD, "--cast")
        ended = vote(shell, key, *options, poll=trees.address)
    assert ended.code == 6
    assert "a tip of 300,000 gwei for a unit of gas; at most 100 gwei is allowed" in ended.err
    assert "--max-tip with gwei" in ended.err
    assert town.embedded.node.balance(voter.address) == before
    little = vote(shell, key, *LIME_AND_WOOD, "--cast", "--max-cost", "0.000001", poll="trees")
    assert "at most 0.000001 ether is allowed" in little.err
    assert vote(shell, key, *LIME_AND_WOOD, "--cast", "--max-cost", "much", poll="trees").code == 2


# -- Carried by somebody else --


def test_signed_ballot_is_written_for_others_to_carry(
    town: Town, trees: Poll, shell: Shell, keystores: dict[str, Path]
) -> None:
    found = vote(shell, keystores["poor"], *LIME_AND_WOOD, "--out", "o.json", "--json")
    signed = SignedBallot.from_json((shell.folder / "o.json").read_text())
    assert found.json["ballot"] == "o.json"
    assert trees.tracker(town.poor.address) is None
    receipt = trees.cast(signed, payer=town.official)
    assert found.json["tracker"] == "0x" + receipt.tracker.hex()
    again = vote(shell, keystores["poor"], *LIME_AND_WOOD, "--out", "o.json")
    assert again.code == 3
    assert "there is a file already" in again.err


# -- Until when --


def until(shell: Shell, key: Path, *more: object) -> int:
    """The deadline that a voter signs in a ballot for others to carry."""
    file = shell.folder / "until.json"
    found = vote(shell, key, *LIME_AND_WOOD, "--out", file, "--json", *more).json
    signed = SignedBallot.from_json(file.read_text())
    file.unlink()
    assert found["deadline"] == signed.deadline
    return signed.deadline


def test_ballot_is_dead_an_hour_or_a_day_later_unless_its_voter_wants_otherwise(
    town: Town, trees: Poll, shell: Shell, keystores: dict[str, Path]
) -> None:
    key = keystores["voter 6"]
    now = town.chain.time
    assert until(shell, key) == now + 24 * 60 * 60
    assert until(shell, key, "--deadline", "30m") == now + 30 * 60
    assert until(shell, key, "--deadline", time_in_moscow(now + 100)) == now + 100
    assert until(shell, key, "--deadline", time_in_moscow(now)) == now
    ended = vote(shell, key, *LIME_AND_WOOD, "--cast")
    logged = next(trees.ballots(voter=town.voters[6].address))
    assert logged.values["deadline"] == now + 60 * 60
    assert f"Your ballot can be cast until {time_text(now + 60 * 60, UTC)}" in ended.out


def time_in_moscow(seconds: int) -> str:
    """A time as people may write it."""
    return datetime.fromtimestamp(seconds, timezone(timedelta(hours=3))).isoformat()


@pytest.mark.parametrize("deadline", ["999999d", "9999-12-31T23:59:59Z"])
def test_close_is_the_latest_deadline_and_that_is_told(
    trees: Poll, shell: Shell, keystores: dict[str, Path], deadline: str
) -> None:
    options = (*LIME_AND_WOOD, "--audit", "late.json", "--deadline", deadline)
    assert until(shell, keystores["voter 6"], "--deadline", deadline) == trees.definition.closes
    ended = vote(shell, keystores["voter 6"], *options)
    (shell.folder / "late.json").unlink()
    assert f"its close counts: {time_text(trees.definition.closes, UTC)}" in ended.err


def test_default_deadline_is_no_later_than_the_close(
    town: Town, shell: Shell, keystores: dict[str, Path]
) -> None:
    poll = town.open_poll("short", closes_in=3_000)
    found = vote(shell, keystores["voter 6"], *LIME_AND_WOOD, "--cast", "--json", poll="short")
    assert found.json["deadline"] == poll.definition.closes
    assert "its close counts" not in found.err


def test_vote_is_refused_if_its_deadline_is_past(
    town: Town, trees: Poll, shell: Shell, keystores: dict[str, Path]
) -> None:
    """And nobody is asked for anything before."""
    for deadline in (time_in_moscow(town.chain.time - 1), "1969-07-20T20:17:00Z"):
        options = (*LIME_AND_WOOD, "--cast", "--json", "--deadline", deadline)
        ended = vote(shell, keystores["stranger"], *options, poll=trees.address)
        assert (ended.code, ended.error) == (4, "BallotExpired")
        assert "but the chain's clock shows" in ended.out
    for deadline in ("tomorrow", "2026-12-01T18:00:00", "0m"):
        options = (*LIME_AND_WOOD, "--cast", "--json", "--deadline", deadline)
        ended = vote(shell, keystores["stranger"], *options, poll=trees.address)
        assert (ended.code, ended.error) == (2, "WrongUsage")


def test_carrier_cannot_hold_a_ballot_back_until_the_voter_has_changed_their_mind(
    town: Town, shell: Shell, keystores: dict[str, Path]
) -> None:
    """The carrier says that the first ballot was lost, is given a second one, and casts whichever
    it likes better just before the close.
    """
    poll = town.open_poll("withheld")
    closes = poll.definition.closes

    def sign(file: str, *more: object) -> SignedBallot:
        choose = ("--choose", "Which tree?=Lime", "--out", file)
        assert vote(shell, keystores["poor"], *choose, *more, poll="withheld").code == 0
        return SignedBallot.from_json((shell.folder / file).read_text())

    held = sign("held.json")
    town.embedded.at_time(held.deadline + 1)
    new = sign("new.json", "--deadline", time_in_moscow(closes))
    town.embedded.at_time(closes - 2)
    late = shell.veche("carry", "held.json", "--keystore", keystores["voter 7"], "--json")
    assert late.code == 4
    assert late.json["ballots"][0]["error"]["name"] == "BallotExpired"
    with pytest.raises(BallotExpired):
        poll.cast(held, payer=town.official)
    assert poll.cast(new, payer=town.official).tracker == new.tracker(poll.hash)
