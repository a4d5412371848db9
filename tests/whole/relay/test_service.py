"""`veche relay`, from a ballot that is handed in to one that counts."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from support.elections import Town
from support.relays import RunningRelay, relay_office
from veche import Poll, SignedBallot

TREES = {"Which tree?": "Lime", "Which benches?": ["Wood"]}


@pytest.fixture(scope="module")
def poll(town: Town) -> Poll:
    return town.open_poll("relayed")


@pytest.fixture(scope="module")
def relay(
    town: Town, poll: Poll, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[RunningRelay]:
    folder: Path = tmp_path_factory.mktemp("relay")
    with relay_office(town, folder, [poll], limits={"requests_per_minute": 10_000}).running() as it:
        yield it


def ballot(town: Town, poll: Poll, voter: int) -> SignedBallot:
    account = town.voters[voter]
    return poll.prepare(TREES, voter=account.address).sign(account)


def test_ballot_that_is_accepted_counts(town: Town, poll: Poll, relay: RunningRelay) -> None:
    signed = ballot(town, poll, 0)
    answer = relay.post(signed.to_json())
    assert answer.status_code == 202, answer.text
    tracker = answer.json()["tracker"]
    assert tracker == "0x" + signed.tracker(poll.hash).hex()
    assert answer.headers["Location"] == f"/v1/ballots/{tracker}"
    told = relay.ended(tracker)
    assert told["state"] == "confirmed"
    assert poll.tracker(signed.voter) == signed.tracker(poll.hash)
    again = relay.post(signed.to_json())
    assert (again.status_code, again.json()) == (200, told)


def test_garbage_is_refused_by_name(relay: RunningRelay) -> None:
    answer = relay.post("nonsense")
    assert answer.status_code == 400
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.json()["name"] == "InvalidDocument"


def test_health_is_told(relay: RunningRelay) -> None:
    answer = relay.get("/v1/health")
    assert (answer.status_code, answer.json()["status"]) == (200, "ok")
