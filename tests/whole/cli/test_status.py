"""`veche status`, as anyone runs it."""

from __future__ import annotations

from pathlib import Path

from support.commands import Ended, Shell
from support.elections import Town
from veche import Poll

LIME = {"Which tree?": "Lime", "Which benches?": ["Wood"]}


def test_status_shows_the_ballot_that_counts(town: Town, trees: Poll, shell: Shell) -> None:
    voter = town.voters[0].address
    tracker = town.cast(trees, 0, LIME)
    found = shell.veche("status", "trees", "--voter", voter, "--json").json
    assert found.pop("asOf")["number"] == town.embedded.node.block()["number"]
    assert found == {
        "poll": trees.address,
        "pollHash": "0x" + trees.hash.hex(),
        "phase": "open",
        "voter": voter,
        "weight": 1,
        "tracker": "0x" + tracker.hex(),
        "block": [*trees.ballots(voter=voter)][-1].block,
        "inSums": True,
    }


def test_status_shows_the_last_ballot_of_several(
    town: Town, trees: Poll, shell: Shell, keystores: dict[str, Path]
) -> None:
    first, last = (town.cast(trees, 1, LIME) for _ in range(2))
    ended = shell.veche("status", "trees", "--keystore", keystores["voter 1"])
    assert ended.code == 0
    assert f"tracker      0x{last.hex()}\n" in ended.out
    assert first.hex() not in ended.out
    assert "in the sums  yes" in ended.out


def test_status_says_if_no_ballot_counts_yet(town: Town, trees: Poll, shell: Shell) -> None:
    ended = shell.veche("status", trees.address, "--voter", town.poor.address)
    assert ended.code == 0
    assert "no ballot counts yet" in ended.out
    found = shell.veche("status", trees.address, "--voter", town.poor.address, "--json").json
    assert found["tracker"] is None


def test_status_is_refused(town: Town, trees: Poll, shell: Shell) -> None:
    def status(*more: str) -> Ended:
        return shell.veche("status", trees.address, *more)

    assert status().code == 2
    assert status("--voter", town.poor.address[:-1]).code == 2
    assert status("--voter", "0x" + town.poor.address[2:].swapcase()).code == 2
    assert status("--keystore", "nowhere.key").code == 6
    assert status("--voter", town.stranger.address, "--json").error == "NotOnRoll"
