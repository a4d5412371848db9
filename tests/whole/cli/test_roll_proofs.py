"""`veche roll-proofs` and `vote --proof`: a ballot without reading the roll."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from support.commands import Shell
from support.elections import Town
from support.lying_nodes import lying_node
from support.voting import LIME_AND_WOOD, vote
from veche import Poll, Roll, connect
from veche.chain.poll_contract import INTERFACE
from veche.errors import IncompleteRoll, WrongRollProof
from veche.protocol.roll_proof import RollProof

ID = "proven"


@pytest.fixture(scope="module")
def roll(town: Town) -> Roll:
    return Roll((each.address, 1) for each in [*town.voters, town.poor])


@pytest.fixture(scope="module")
def unrolled(town: Town) -> Poll:
    """An open poll whose roll nobody can read on chain."""
    return town.open_poll(ID, with_roll=False)


@pytest.fixture(scope="module")
def proofs(shell: Shell, roll: Roll, unrolled: Poll) -> Path:
    """The folder with the proofs of all voters."""
    file = shell.folder / "proven.csv"
    file.write_text("address,weight\n" + "".join(f"{each},{weight}\n" for each, weight in roll))
    told = shell.veche("roll-proofs", unrolled.address, "proofs", "--roll", file, "--json").json
    assert told == {
        "poll": unrolled.address,
        "pollHash": "0x" + unrolled.hash.hex(),
        "folder": "proofs",
        "proofs": len(roll),
    }
    return shell.folder / "proofs"


def of(proofs: Path, voter: str) -> Path:
    return proofs / f"{voter}.json"


def test_every_voter_gets_a_file(proofs: Path, roll: Roll, unrolled: Poll) -> None:
    assert {each.name for each in proofs.iterdir()} == {f"{each}.json" for each, _ in roll}
    for each, _ in roll:
        unrolled.use_roll_proof(RollProof.from_json(of(proofs, each).read_text()))
        assert unrolled.require_voter(each) == 1
    unrolled.roll_proofs.clear()


def test_voter_votes_by_a_proof_and_no_part_of_the_roll_is_read(
    town: Town, proofs: Path, unrolled: Poll, shell: Shell, keystores: dict[str, Path]
) -> None:
    words = (*LIME_AND_WOOD, "--cast", "--json")
    ended = vote(shell, keystores["voter 0"], *words, poll=ID)
    assert ended.error == "IncompleteRoll"
    asked: list[object] = []

    def note(method: str, parameters: list[Any], told: object) -> object:
        if method == "eth_getLogs":
            asked.extend(parameters[0]["topics"])
        return told

    given = ("--proof", of(proofs, town.voters[0].address))
    with lying_node(town.url) as seen:
        seen.lie = note
        for _ in range(2):  # the second ballot replaces the first
            ended = vote(shell, keystores["voter 0"], *words, *given, "--rpc", seen.url, poll=ID)
            assert ended.code == 0, ended
    assert asked
    assert INTERFACE.topic("RollPublished") not in asked
    assert len([*unrolled.ballots(voter=town.voters[0].address)]) == 2


def test_voter_reads_how_many_have_voted(
    town: Town, proofs: Path, shell: Shell, keystores: dict[str, Path], unrolled: Poll
) -> None:
    given = ("--proof", of(proofs, town.voters[1].address), "--out", "carried.json")
    ended = vote(shell, keystores["voter 1"], *LIME_AND_WOOD, *given, poll=ID)
    assert ended.code == 0, ended
    assert f"{unrolled.voter_count} so far; a result needs" in ended.out


@pytest.mark.parametrize(
    ("changed", "error"),
    [
        ({"weight": 2}, "WrongRollProof"),
        ({"chainId": 1}, "WrongRollProof"),
        ({"poll": "0x" + "12" * 20}, "WrongRollProof"),
        ({"rollRoot": "0x" + "12" * 32}, "WrongRollProof"),
        ({"path": []}, "InvalidDocument"),
        ({"weight": 2**300}, "InvalidDocument"),
    ],
)
def test_bent_proof_is_refused_before_anything_is_sent(
    changed: dict[str, object],
    error: str,
    town: Town,
    proofs: Path,
    shell: Shell,
    keystores: dict[str, Path],
) -> None:
    voter = town.voters[2].address
    bent = shell.folder / "bent.json"
    bent.write_text(json.dumps(json.loads(of(proofs, voter).read_text()) | changed))
    before = town.embedded.node.next_nonce(voter)
    words = (*LIME_AND_WOOD, "--cast", "--json", "--proof", bent)
    assert vote(shell, keystores["voter 2"], *words, poll=ID).error == error
    assert town.embedded.node.next_nonce(voter) == before


def test_proof_of_somebody_else_is_refused(
    town: Town, proofs: Path, shell: Shell, keystores: dict[str, Path]
) -> None:
    given = ("--proof", of(proofs, town.voters[3].address))
    ended = vote(shell, keystores["voter 2"], *LIME_AND_WOOD, "--cast", *given, poll=ID)
    assert ended.code == 3
    assert f"is of {town.voters[3].address}, not of {town.voters[2].address}" in ended.err


def test_files_that_are_no_proof_are_refused(shell: Shell, keystores: dict[str, Path]) -> None:
    words = (*LIME_AND_WOOD, "--cast", "--json")
    for text, error in (("[" * 5_000, "InvalidDocument"), ("x" * 10_000, "InvalidFile")):
        (shell.folder / "none.json").write_text(text)
        ended = vote(shell, keystores["voter 2"], *words, "--proof", "none.json", poll=ID)
        assert ended.error == error
    ended = vote(shell, keystores["voter 2"], *words, "--proof", "missing.json", poll=ID)
    assert ended.error == "InvalidFile"


def test_proof_and_roll_together_are_one_too_many(shell: Shell, keystores: dict[str, Path]) -> None:
    given = ("--proof", "proof.json", "--roll", "roll.csv")
    ended = vote(shell, keystores["voter 2"], *LIME_AND_WOOD, "--cast", *given, poll=ID)
    assert ended.code == 2
    assert "leave out --roll" in ended.err


def test_proof_of_one_voter_is_written_alone(
    town: Town, proofs: Path, shell: Shell, unrolled: Poll
) -> None:
    given = ("--roll", "proven.csv", "--voter", town.voters[4].address.lower())
    ended = shell.veche("roll-proofs", unrolled.address, "one", *given)
    assert ended.code == 0, ended
    (file,) = (shell.folder / "one").iterdir()
    assert file.read_text() == of(proofs, town.voters[4].address).read_text()


@pytest.mark.usefixtures("proofs")
def test_no_proof_is_written_if_somebody_is_not_on_the_roll(
    town: Town, shell: Shell, unrolled: Poll
) -> None:
    given = ("--roll", "proven.csv", "--voter", town.stranger.address, "--json")
    assert shell.veche("roll-proofs", unrolled.address, "two", *given).error == "NotOnRoll"
    assert not (shell.folder / "two").exists()
    shell.folder.joinpath("taken").write_text("")
    words = ("roll-proofs", unrolled.address, "taken", "--roll", "proven.csv", "--json")
    assert shell.veche(*words).error == "InvalidFile"


def test_library_casts_by_a_proof(town: Town, proofs: Path, unrolled: Poll) -> None:
    voter = town.voters[5]
    poll = connect(town.url).poll(unrolled.address)
    with pytest.raises(IncompleteRoll):
        poll.require_voter(voter.address)
    poll.use_roll_proof(RollProof.from_json(of(proofs, voter.address).read_text()))
    choices = {"Which tree?": "Oak"}
    signed = poll.prepare(choices, voter=voter.address).sign(voter)
    assert poll.cast(signed, payer=voter).tracker == poll.tracker(voter.address)
    other = connect(town.url).poll(town.publish("another", with_roll=False).address)
    with pytest.raises(WrongRollProof, match="is for poll"):
        other.use_roll_proof(RollProof.from_json(of(proofs, voter.address).read_text()))
