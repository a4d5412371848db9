"""Voters who use relays, and go round them: their own node has the last word."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from support.commands import Shell
from support.elections import PASSWORD, Town, write_keystore
from support.lying_nodes import LyingNode
from support.relays import RunningRelay, relay_office
from support.servers import Quiet, listening
from support.voting import LIME_AND_WOOD, vote
from veche import Poll, SignedBallot, connect
from veche.errors import BallotExpired, RelayError, RelayUnreachable
from veche.protocol import link

TREES = {"Which tree?": "Lime", "Which benches?": ["Wood"]}
NOWHERE = "http://127.0.0.1:1"


@pytest.fixture(scope="module")
def poll(town: Town) -> Poll:
    return town.open_poll("by relay")


@pytest.fixture(scope="module")
def relay(
    town: Town, poll: Poll, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[RunningRelay]:
    with relay_office(town, tmp_path_factory.mktemp("relay"), [poll]).running() as it:
        yield it


@contextmanager
def lying_relay(status: int, told: dict[str, Any]) -> Iterator[str]:
    """A relay that gives everybody the same answer."""

    class Handler(Quiet):
        def do_GET(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length", 0)))
            body = json.dumps(told).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def do_POST(self) -> None:
            self.do_GET()

    with listening(Handler) as url:
        yield url


def ballot(town: Town, poll: Poll, voter: int) -> SignedBallot:
    account = town.voters[voter]
    return poll.prepare(TREES, voter=account.address).sign(account)


def reader(town: Town, poll: Poll) -> Poll:
    """The poll as it is for who has no account."""
    return connect(town.url).poll(poll.address)


def test_ballot_is_cast_by_a_relay_and_shown_by_ones_own_node(
    town: Town, poll: Poll, relay: RunningRelay
) -> None:
    signed = ballot(town, poll, 0)
    receipt = reader(town, poll).cast(signed, relay=relay.url)
    assert poll.tracker(signed.voter) == receipt.tracker == signed.tracker(poll.hash)


def test_ballots_of_many_are_awaited_together(town: Town, poll: Poll, relay: RunningRelay) -> None:
    signed = [ballot(town, poll, each) for each in (1, 2, 3)]
    own = reader(town, poll)

    async def cast_all() -> list[bytes]:
        together = [own.cast_async(each, relay=[relay.url]) for each in signed]
        return [each.tracker for each in await asyncio.gather(*together)]

    assert asyncio.run(cast_all()) == [each.tracker(poll.hash) for each in signed]


def test_log_that_comes_later_than_the_state_is_waited_for(
    town: Town, poll: Poll, relay: RunningRelay, liar: LyingNode
) -> None:
    own = connect(liar.url).poll(poll.address)
    signed = ballot(town, poll, 6)
    hidden: list[Any] = []

    def late(method: str, _: list[Any], told: Any) -> Any:
        if method == "eth_getLogs" and told and not hidden:
            hidden.extend(told)
            return []
        return told

    liar.lie = late
    assert own.cast(signed, relay=relay.url).tracker == signed.tracker(poll.hash)
    assert hidden


def test_next_relay_is_asked_if_one_fails(town: Town, poll: Poll, relay: RunningRelay) -> None:
    signed = ballot(town, poll, 4)
    with lying_relay(500, {"name": "InvalidProof", "detail": "your proof is bad"}) as liar:
        receipt = reader(town, poll).cast(signed, relay=[NOWHERE, liar, relay.url])
    assert poll.tracker(signed.voter) == receipt.tracker


def test_ballot_that_a_relay_holds_back_is_cast_by_its_voter(
    town: Town, poll: Poll, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("veche.chain.relaying.WITHIN", 1)
    signed = ballot(town, poll, 5)
    with lying_relay(202, {"state": "confirmed", "block": 1}) as liar:
        with pytest.raises(RelayError, match="not cast it within"):
            reader(town, poll).cast(signed, relay=liar)
        assert poll.tracker(signed.voter) is None
        poll.cast(signed, relay=liar, payer=town.voters[5])
    assert poll.tracker(signed.voter) == signed.tracker(poll.hash)


def test_what_a_relay_refuses_is_the_same_exception(
    town: Town, poll: Poll, relay: RunningRelay
) -> None:
    account = town.voters[6]
    prepared = poll.prepare(TREES, voter=account.address)
    signed = prepared.sign(account, deadline=poll.definition.opens)
    town.embedded.node.request("evm_mine")
    town.embedded.at_time(town.chain.time + 10)
    with pytest.raises(BallotExpired) as refused:
        reader(town, poll).cast(signed, relay=relay.url)
    assert refused.value.values[0] == signed.deadline
    with pytest.raises(RelayUnreachable):
        reader(town, poll).cast(signed, relay=NOWHERE)


def test_proof_that_a_relay_serves_is_a_file_to_vote_with(
    town: Town, poll: Poll, relay: RunningRelay, tmp_path: Path
) -> None:
    account = town.voters[7]
    shell = Shell(tmp_path, {"VECHE_RPC": town.url, "VECHE_PASSWORD": PASSWORD})
    key = write_keystore(tmp_path / "own.key", account)
    path = f"/v1/polls/{poll.address}/voters/{account.address}"
    (tmp_path / "proof.json").write_bytes(relay.get(path).content)
    words = (*LIME_AND_WOOD, "--cast", "--proof", "proof.json", "--json")
    ended = vote(shell, key, *words, poll=str(link.of(poll.definition)))
    assert ended.code == 0, ended
    counted = poll.tracker(account.address)
    assert counted
    assert ended.json["tracker"] == "0x" + counted.hex()


def test_command_votes_without_ether(
    town: Town, poll: Poll, relay: RunningRelay, tmp_path: Path
) -> None:
    shell = Shell(tmp_path, {"VECHE_RPC": town.url, "VECHE_PASSWORD": PASSWORD})
    key = write_keystore(tmp_path / "poor.key", town.poor)
    named = str(link.of(poll.definition))
    choices = ("--choose", "Which tree?=Lime", "--choose", "Which benches?=Wood")
    ended = shell.veche(
        "vote", named, *choices, "--cast", "--keystore", key, "--relay", relay.url, "--json"
    )
    assert ended.code == 0, ended
    tracker = poll.tracker(town.poor.address)
    assert tracker is not None
    assert ended.json["tracker"] == "0x" + tracker.hex()
    alone = shell.veche(
        "vote", named, *choices, "--cast", "--keystore", key, "--relay", NOWHERE, "--json"
    )
    assert alone.error == "RelayUnreachable"
