"""What one bad client, trustee or voter could do to the ballots of all others, and cannot."""

from __future__ import annotations

import json
import socket
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from threading import Event
from time import monotonic, sleep
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests

from support.elections import Town
from support.lying_nodes import LyingNode, with_error
from support.relays import PATIENCE, RelayOffice, RunningRelay, relay_office
from veche import Poll, SignedBallot
from veche.chain.trustee_call import TrusteeCall
from veche.protocol.ceremony import deal, sign_deal
from veche.relay.connection import MOST_OF_AN_ADDRESS
from veche.relay.service import READ_WITHIN

TREES = {"Which tree?": "Lime", "Which benches?": ["Wood"]}
LIMITS = {"requests_per_minute": 100_000, "ballots_per_hour": 1_000}


def ballot(town: Town, poll: Poll, voter: int) -> SignedBallot:
    account = town.voters[voter]
    return poll.prepare(TREES, voter=account.address).sign(account)


def tracker(poll: Poll, signed: SignedBallot) -> str:
    return "0x" + signed.tracker(poll.hash).hex()


def deal_call(town: Town) -> TrusteeCall:
    """The deal of the first trustee of a new board."""
    board = town.convene()
    made = deal(board.definition, 1)
    return board.deal_call(sign_deal(board.definition, 1, made, town.trustees[0].account))


# -- Trustees' calls --


def test_call_that_the_node_never_takes_does_not_stop_ballots(
    town: Town, poll: Poll, liar: LyingNode, tmp_path: Path
) -> None:
    call = deal_call(town)
    office = relay_office(
        town, tmp_path, [poll], rpc=liar.url, boards=[call.contract], limits=LIMITS
    )

    def refuse(asked: Any, told: Any) -> Any:
        if "eth_sendRawTransaction" in str(asked) and call.data.hex() in str(asked):
            town.embedded.node.request("anvil_dropTransaction", told["result"])
            return with_error(asked, "oversized data")
        return told

    liar.twist = refuse
    path = "/v1/trustee-calls"
    with office.running() as relay, town.a_block_every_second():
        digest = relay.post(call.to_json(), path).json()["digest"]
        for each in range(2):
            signed = ballot(town, poll, each)
            relay.post(signed.to_json())
            assert relay.ended(tracker(poll, signed))["state"] == "confirmed"
        assert relay.get(f"{path}/{digest}").json()["state"] == "queued"
        liar.twist = lambda _, told: told
        assert relay.ended(digest, path=path)["state"] == "confirmed"


def test_relay_does_not_begin_for_an_address_without_a_board(
    town: Town, poll: Poll, tmp_path: Path
) -> None:
    nobody = town.stranger.address
    office = relay_office(town, tmp_path, [poll], boards=[nobody], limits=LIMITS)
    ended = office.shell.veche("relay", office.file, "--json")
    assert ended.error == "UnknownContract"  # it would take anything that is sent there
    assert nobody in ended.json["error"]["message"]


def test_call_that_is_padded_is_refused(town: Town, poll: Poll, tmp_path: Path) -> None:
    call = deal_call(town)
    office = relay_office(town, tmp_path, [poll], boards=[call.contract], limits=LIMITS)
    with office.running() as relay:
        for padding in (b"\0", bytes(32), bytes(100_000)):
            padded = TrusteeCall(call.chain_id, call.contract, call.method, call.data + padding)
            answer = relay.post(padded.to_json(), "/v1/trustee-calls")
            assert (answer.status_code, answer.json()["name"]) == (400, "InvalidDocument")
        assert relay.post(call.to_json(), "/v1/trustee-calls").status_code == 202


# -- Voters' shares --


def test_ballot_that_found_no_room_uses_up_nothing(town: Town, poll: Poll, tmp_path: Path) -> None:
    limits = {"requests_per_minute": 100_000, "ballots_per_hour": 2, "waiting": 1}
    office = relay_office(town, tmp_path, [poll], limits=limits)
    first, second = ballot(town, poll, 0), ballot(town, poll, 1)
    with office.running() as relay:
        with town.no_blocks():
            assert relay.post(first.to_json()).status_code == 202
            for _ in range(5):
                answer = relay.post(second.to_json())
                assert (answer.status_code, answer.json()["name"]) == (503, "RelayFull")
            town.embedded.node.request("evm_mine")
            town.embedded.node.request("evm_setAutomine", True)  # noqa: FBT003  # as anvil has it
        relay.ended(tracker(poll, first))
        assert relay.post(second.to_json()).status_code == 202
        assert relay.ended(tracker(poll, second))["state"] == "confirmed"


# -- Floods --

STRANGERS = 300


def test_good_ballot_does_not_wait_for_bad_ones_that_came_before(
    town: Town, poll: Poll, tmp_path: Path
) -> None:
    office = relay_office(town, tmp_path, [poll], limits=LIMITS, proxies=["127.0.0.1"])
    fields = json.loads(ballot(town, poll, 0).to_json())
    bad = json.dumps(fields | {"challenge": fields["blinding"]})
    good = [ballot(town, poll, each) for each in range(1, 4)]
    over = Event()
    refused: list[str] = []

    def flood(number: int, url: str) -> None:
        session = requests.Session()
        headers = {"X-Forwarded-For": f"203.0.113.{number % 4}"}
        while not over.is_set():
            answer = session.post(url, bad, headers=headers, timeout=PATIENCE)
            refused.append(answer.json()["name"])

    with office.running() as relay, ThreadPoolExecutor(STRANGERS) as strangers:
        floods = [
            strangers.submit(flood, each, f"{relay.url}/v1/ballots") for each in range(STRANGERS)
        ]
        try:
            while len(refused) < 2 * STRANGERS:  # so all of their addresses are suspect
                sleep(0.01)
            for each in good:
                before = len(refused)
                assert relay.post(each.to_json()).status_code == 202
                assert len(refused) - before < STRANGERS / 2
            assert {relay.ended(tracker(poll, each))["state"] for each in good} == {"confirmed"}
        finally:
            over.set()
        for flooding in floods:
            flooding.result()
    assert set(refused) == {"InvalidProof"}


def connected(relay: RunningRelay) -> socket.socket:
    where = urlsplit(relay.url)
    return socket.create_connection((where.hostname or "", where.port or 0), PATIENCE)


@pytest.mark.parametrize("proxies", [[], ["127.0.0.1"]], ids=["client", "proxy"])
def test_one_address_does_not_hold_all_connections(
    proxies: list[str], town: Town, poll: Poll, tmp_path: Path
) -> None:
    office = relay_office(town, tmp_path, [poll], limits=LIMITS, proxies=proxies)
    with office.running() as relay, ExitStack() as stack:
        lines = [stack.enter_context(connected(relay)) for _ in range(MOST_OF_AN_ADDRESS + 1)]
        lines[-1].sendall(b"GET /v1/health HTTP/1.1\r\nHost: x\r\n\r\n")
        told = b""
        try:
            told = lines[-1].recv(1 << 16)
        except ConnectionError:
            assert not proxies
        assert told.startswith(b"HTTP/1.1 200") == bool(proxies)


def test_bodies_as_large_as_a_list_are_read_one_at_a_time(
    town: Town, poll: Poll, tmp_path: Path
) -> None:
    office = relay_office(town, tmp_path, [poll], officials=[town.official.address], limits=LIMITS)
    size = 40 << 20
    head = f"PUT /v1/enrolments/oak HTTP/1.1\r\nHost: x\r\nContent-Length: {size}\r\n\r\n".encode()
    with office.running() as relay, connected(relay) as first:
        first.sendall(head + bytes(1 << 20))
        begun = monotonic()
        while True:
            answer = requests.put(
                f"{relay.url}/v1/enrolments/oak", bytes(2 << 20), timeout=PATIENCE
            )
            if answer.json()["name"] == "RelayFull":
                break  # the first is being read by now
            assert monotonic() < begun + READ_WITHIN, "both are read at once"
        assert int(answer.headers["Retry-After"]) > 0
        small = requests.put(f"{relay.url}/v1/enrolments/oak", "{}", timeout=PATIENCE)
        assert small.json()["name"] == "InvalidDocument"
        told = b""
        while b"RequestTooSlow" not in told:
            more = first.recv(1 << 16)
            assert more, told
            told += more
        answer = requests.put(f"{relay.url}/v1/enrolments/oak", bytes(2 << 20), timeout=PATIENCE)
        assert answer.json()["name"] == "InvalidDocument"


def test_large_body_says_how_long_it_is(town: Town, poll: Poll, tmp_path: Path) -> None:
    office: RelayOffice = relay_office(
        town, tmp_path, [poll], officials=[town.official.address], limits=LIMITS
    )
    with office.running() as relay:
        pieces = (bytes(1 << 16) for _ in range(100))
        answer = requests.put(f"{relay.url}/v1/enrolments/oak", pieces, timeout=PATIENCE)
        assert (answer.status_code, answer.json()["name"]) == (413, "RequestTooLarge")
