"""Relays that are killed, and nodes, disks and databases that fail: every ballot that was accepted
is on chain once, or refused with a reason.
"""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psutil
import pytest
from pgserver.postgres_server import PostgresServer

from support import small_disks
from support.databases import restart
from support.elections import PASSWORD, Town
from support.lying_nodes import LyingNode
from support.relays import RelayOffice, RunningRelay, relay_office
from veche import Poll, SignedBallot

TREES = {"Which tree?": "Lime", "Which benches?": ["Wood"]}
ASKED = '{"jsonrpc": "2.0", "id": 1, "method": "eth_chainId", "params": []}'
LIMITS = {"requests_per_minute": 100_000, "ballots_per_hour": 1_000}


def ballots(town: Town, poll: Poll, voters: Sequence[int] = range(12)) -> list[SignedBallot]:
    people = [town.voters[each] for each in voters]
    return [poll.prepare(TREES, voter=each.address).sign(each) for each in people]


def accepted(relay: RunningRelay, signed: Sequence[SignedBallot]) -> list[str]:
    """The trackers of ballots, all of which the relay accepts."""
    answers = [relay.post(each.to_json()) for each in signed]
    assert {each.status_code for each in answers} <= {200, 202}, answers[0].text
    return [each.json()["tracker"] for each in answers]


LOST: list[int] = []
"""How many accepted ballots each fault has lost."""


@pytest.fixture(scope="module", autouse=True)
def _noted(request: pytest.FixtureRequest) -> Iterator[None]:
    """Tells build/relay.json what was lost, and over how many faults, beside what others have
    measured. If a fault failed before its ballots were counted, nobody knows, and no figure stays.
    """
    yield
    path = Path(__file__).parents[3] / "build" / "relay.json"
    path.parent.mkdir(exist_ok=True)
    figures = json.loads(path.read_text()) if path.exists() else {}
    figures |= {"lost": sum(LOST), "lost_over_faults": len(LOST)}
    if request.session.testsfailed and not any(LOST):
        del figures["lost"]
    path.write_text(json.dumps(figures, indent=2) + "\n")


def require_once_each(poll: Poll, signed: Sequence[SignedBallot]) -> None:
    """The poll has each of these ballots once, and no other."""
    logged = [each.values["tracker"] for each in poll.ballots()]
    LOST.append(len({each.tracker(poll.hash) for each in signed} - {*logged}))
    assert sorted(logged) == sorted(each.tracker(poll.hash) for each in signed)


def kill(relay: RunningRelay) -> None:
    relay.process.signal(signal.SIGKILL)
    relay.process.process.join()


def test_relay_that_is_killed_again_and_again_loses_nothing(
    town: Town, poll: Poll, store: str, tmp_path: Path
) -> None:
    office = relay_office(town, tmp_path / "relay", [poll], store=store, limits=LIMITS)
    signed, trackers = ballots(town, poll), []
    with town.a_block_every_second():
        for three in range(0, 12, 3):
            with office.running() as relay:
                trackers += accepted(relay, signed[three : three + 3])
                kill(relay)
        with office.running() as relay:
            assert {relay.ended(each)["state"] for each in trackers} <= {"confirmed", "found"}
    require_once_each(poll, signed)


def test_kill_between_sending_and_noting_does_no_harm(
    town: Town, poll: Poll, liar: LyingNode, tmp_path: Path
) -> None:
    office = relay_office(town, tmp_path / "relay", [poll], rpc=liar.url, limits=LIMITS)
    signed = ballots(town, poll, range(3))
    with office.running() as relay:

        def kill_when_sent(method: str, _: Any, told: Any) -> Any:
            if method == "eth_sendRawTransaction":
                os.kill(relay.process.id, signal.SIGKILL)
            return told

        liar.lie = kill_when_sent
        trackers = accepted(relay, signed)
        relay.process.process.join()
    liar.lie = lambda _, __, told: told
    assert poll.voter_count > 0
    with office.running() as relay:
        became = [relay.ended(each) for each in trackers]
    assert "found" in {each["state"] for each in became}
    require_once_each(poll, signed)


def test_node_that_is_gone_for_a_while_delays_and_loses_nothing(
    town: Town, poll: Poll, liar: LyingNode, tmp_path: Path
) -> None:
    office = relay_office(town, tmp_path / "relay", [poll], rpc=liar.url, limits=LIMITS)
    first, second = ballots(town, poll, range(2))
    with office.running() as relay, town.no_blocks():
        (tracker,) = accepted(relay, [first])
        liar.twist, liar.head = lambda *_: None, lambda _: (502, {})
        answer = relay.post(second.to_json())
        assert (answer.status_code, answer.json()["name"]) == (503, "NodeUnreachable")
        assert int(answer.headers["Retry-After"]) > 0
        while relay.get("/v1/health").status_code != 503:
            pass
        liar.twist, liar.head = lambda _, told: told, lambda _: (200, {})
        town.embedded.node.request("evm_mine")
        town.embedded.node.request("evm_setAutomine", True)  # noqa: FBT003  # as anvil has it
        accepted(relay, [second])
        assert relay.ended(tracker)["state"] in ("confirmed", "found")
        relay.ended("0x" + second.tracker(poll.hash).hex())
    require_once_each(poll, [first, second])


@contextmanager
def stopped_node(town: Town) -> Iterator[None]:
    """The node's process stands still: it takes connections, and answers nothing."""
    port = str(urlsplit(town.url).port)
    (node,) = [each for each in psutil.Process().children(recursive=True) if port in each.cmdline()]
    node.suspend()
    try:
        yield
    finally:
        node.resume()


def test_node_that_stands_still_delays_and_loses_nothing(
    town: Town, poll: Poll, tmp_path: Path
) -> None:
    office = relay_office(town, tmp_path / "relay", [poll], limits=LIMITS)
    first, second = ballots(town, poll, range(2))
    with office.running() as relay, town.a_block_every_second():
        accepted(relay, [first])
        with stopped_node(town):
            answer = relay.post(second.to_json())
            assert (answer.status_code, answer.json()["name"]) == (503, "NodeUnreachable")
        accepted(relay, [second])
        for each in (first, second):
            relay.ended("0x" + each.tracker(poll.hash).hex())
    require_once_each(poll, [first, second])


def test_transaction_that_the_node_drops_is_sent_again(
    town: Town, poll: Poll, liar: LyingNode, tmp_path: Path
) -> None:
    office = relay_office(town, tmp_path / "relay", [poll], rpc=liar.url, limits=LIMITS)
    signed = ballots(town, poll, range(3))
    dropped: list[str] = []

    def drop_first(method: str, _: Any, told: Any) -> Any:
        if method == "eth_sendRawTransaction" and not dropped:
            dropped.append(told)
            town.embedded.node.request("anvil_dropTransaction", told)
        return told

    with office.running() as relay, town.a_block_every_second():
        liar.lie = drop_first
        trackers = accepted(relay, signed)
        assert {relay.ended(each)["state"] for each in trackers} == {"confirmed"}
    assert dropped
    require_once_each(poll, signed)


def test_two_relays_that_are_killed_in_turns_cast_every_ballot_once(
    town: Town, poll: Poll, tmp_path: Path
) -> None:
    offices = [
        relay_office(town, tmp_path / name, [poll], name=name, limits=LIMITS)
        for name in ("one", "two")
    ]
    signed = ballots(town, poll)
    with town.a_block_every_second():
        for index, half in enumerate((signed[:6], signed[6:])):
            with ExitStack() as stack:
                both = [stack.enter_context(each.running()) for each in offices]
                for relay in both:  # every ballot is at both
                    accepted(relay, half)
                kill(both[index])
                if not index:
                    accepted(both[1], half)
                kill(both[1 - index])
        with ExitStack() as stack:
            both = [stack.enter_context(each.running()) for each in offices]
            trackers = ["0x" + each.tracker(poll.hash).hex() for each in signed]
            for relay in both:
                states = {relay.ended(each)["state"] for each in trackers}
                assert states <= {"confirmed", "found"}
    require_once_each(poll, signed)


def test_ballots_of_a_relay_that_never_comes_back_end_on_chain_through_another(
    town: Town, poll: Poll, liar: LyingNode, store: str, tmp_path: Path
) -> None:
    other = town.open_poll("of the other relay alone")
    gone, heir = (
        relay_office(town, tmp_path / name, polls, name=name, rpc=rpc, store=store, limits=LIMITS)
        for name, polls, rpc in (("gone", [poll, other], liar.url), ("heir", [poll], ""))
    )
    signed, its = ballots(town, poll), ballots(town, other, range(2))

    def drop(method: str, _: Any, told: Any) -> Any:
        if method == "eth_sendRawTransaction":
            town.embedded.node.request("anvil_dropTransaction", told)
        return told

    with town.a_block_every_second(), heir.running() as relay:
        with gone.running() as first:
            accepted(first, signed[:4])
            liar.lie = drop  # so nothing of what follows gets on chain by itself
            trackers = accepted(first, [*signed[4:], *its])
            kill(first)
        liar.lie = lambda _, __, told: told
        states = {relay.ended("0x" + each.tracker(poll.hash).hex())["state"] for each in signed}
        assert states <= {"confirmed", "found"}
        for each in trackers[-2:]:  # no ballot is refused by a relay that it was not meant for
            assert relay.get(f"/v1/ballots/{each}").json()["state"] in ("queued", "sent")
        with gone.running() as again:
            assert {again.ended(each)["state"] for each in trackers} <= {"confirmed", "found"}
    require_once_each(poll, signed)
    require_once_each(other, its)


@pytest.mark.parametrize("store", ["postgresql"], indirect=True)
def test_relay_that_stood_still_and_was_taken_for_gone_does_no_harm(
    town: Town, poll: Poll, store: str, tmp_path: Path
) -> None:
    still, heir = (
        relay_office(town, tmp_path / name, [poll], name=name, store=store, limits=LIMITS)
        for name in ("still", "heir")
    )
    signed = ballots(town, poll)
    with town.a_block_every_second(), heir.running() as relay, still.running() as first:
        trackers = accepted(first, signed[:9])
        first.process.signal(signal.SIGSTOP)
        assert {relay.ended(each)["state"] for each in trackers} <= {"confirmed", "found"}
        first.process.signal(signal.SIGCONT)
        trackers += accepted(first, signed[9:])
        for each in (first, relay):
            assert {each.ended(one)["state"] for one in trackers} <= {"confirmed", "found"}
    require_once_each(poll, signed)


def test_full_disk_accepts_nothing_and_loses_nothing(
    town: Town, poll: Poll, tmp_path: Path
) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    store = str(disk / "store.sqlite")
    office = relay_office(town, tmp_path / "relay", [poll], store=store, limits=LIMITS)
    signed = ballots(town, poll)
    with office.running_with_small_disk(disk) as relay:
        first = accepted(relay, signed[:4])
        for each in first:
            relay.ended(each)
        small_disks.fill(relay.process.id, disk)
        refused = [relay.post(each.to_json()) for each in signed[4:]]
        assert refused[-1].status_code == 503, refused[-1].text
        assert refused[-1].json()["name"] == "StoreFailed"
        small_disks.free(relay.process.id, disk)
        trackers = accepted(relay, signed)
        assert {relay.ended(each)["state"] for each in trackers} <= {"confirmed", "found"}
    require_once_each(poll, signed)


@pytest.mark.parametrize("store", ["postgresql"], indirect=True)
def test_database_that_restarts_delays_and_loses_nothing(
    town: Town, poll: Poll, store: str, server: PostgresServer, tmp_path: Path
) -> None:
    office = relay_office(town, tmp_path / "relay", [poll], store=store, limits=LIMITS)
    signed = ballots(town, poll)
    with office.running() as relay, town.a_block_every_second():
        accepted(relay, signed[:6])
        restart(server)
        for each in signed:
            while relay.post(each.to_json()).status_code == 503:
                pass
            relay.ended("0x" + each.tracker(poll.hash).hex())
    require_once_each(poll, signed)


@pytest.mark.parametrize("store", ["postgresql"], indirect=True)
def test_no_secret_is_told_whatever_fails(
    town: Town, poll: Poll, liar: LyingNode, store: str, server: PostgresServer, tmp_path: Path
) -> None:
    secrets = ("hush-path", "hush-query", "hush-store", PASSWORD)
    office = relay_office(
        town,
        tmp_path / "relay",
        [poll],
        rpc=f"{liar.url}/v3/hush-path?key=hush-query",
        store=store.replace("postgres:", "postgres:hush-store", 1),
        limits=LIMITS,
    )
    assert "hush-store" in office.file.read_text()
    (signed,) = ballots(town, poll, [0])
    with office.running() as relay:
        told = []
        liar.twist, liar.head = lambda *_: None, lambda _: (502, {})
        told += [relay.post(signed.to_json()).text, relay.post(ASKED, "/v1/rpc").text]
        while (health := relay.get("/v1/health")).status_code != 503:
            pass
        liar.twist, liar.head = lambda _, honest: honest, lambda _: (200, {})
        server.psql(f"ALTER DATABASE {urlsplit(store).path[1:]} ALLOW_CONNECTIONS false;")
        restart(server)
        told += [health.text, relay.post(signed.to_json()).text, relay.get("/v1/health").text]
        told += [relay.get("/v1/metrics").text, relay.process.told()]
    for name in ("NodeUnreachable", "StoreFailed"):
        assert [each for each in told if name in each]
    assert not [each for each in told for secret in secrets if secret in each]


def test_worker_that_is_killed_is_replaced(town: Town, poll: Poll, tmp_path: Path) -> None:
    office = relay_office(town, tmp_path / "relay", [poll], limits=LIMITS)
    signed = ballots(town, poll)
    with office.running() as relay:
        for worker in psutil.Process(relay.process.id).children():
            worker.kill()
        with ThreadPoolExecutor(len(signed)) as clients:  # so many that workers verify them
            answers = list(clients.map(lambda each: relay.post(each.to_json()), signed))
        assert {each.status_code for each in answers} <= {200, 202}, answers[0].text
        trackers = [each.json()["tracker"] for each in answers]
        assert {relay.ended(each)["state"] for each in trackers} <= {"confirmed", "found"}
    require_once_each(poll, signed)


def test_relay_that_is_told_to_end_waits_for_what_is_under_way(
    town: Town, poll: Poll, tmp_path: Path
) -> None:
    office: RelayOffice = relay_office(town, tmp_path / "relay", [poll], limits=LIMITS)
    signed = ballots(town, poll, range(6))
    with office.running() as relay, town.a_block_every_second():
        trackers = accepted(relay, signed)
        relay.process.signal(signal.SIGTERM)
        assert relay.process.end().code == 0
    with office.running() as relay:
        assert {relay.ended(each)["state"] for each in trackers} <= {"confirmed", "found"}
    require_once_each(poll, signed)
