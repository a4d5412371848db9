"""examples/backend.py, as its guide has it: a server, a node, and many who post at once."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
import requests

from support.elections import PASSWORD, Town, person, write_keystore
from support.lying_nodes import LyingNode
from veche import Poll, SignedBallot
from veche.protocol import link

EXAMPLES = Path(__file__).parents[2] / "examples"
TREES = {"Which tree?": "Lime", "Which benches?": ["Wood"]}
SERVER = [sys.executable, "-m", "uvicorn", "backend:app", "--app-dir", str(EXAMPLES), "--port", "0"]


@contextmanager
def serving(poll: Poll, url: str, folder: Path, town: Town) -> Iterator[str]:
    """The URL that ballots are posted to. The server has ended when this block has."""
    carrier = person("carrier")
    town.embedded.fund(carrier)
    environment = os.environ | {
        "VECHE_POLL": str(link.of(poll.definition)),
        "VECHE_KEYSTORE": str(write_keystore(folder / "carrier.key", carrier)),
        "VECHE_PASSWORD": PASSWORD,
        "VECHE_RPC": url,
    }
    with subprocess.Popen(  # noqa: S603  # our own example
        SERVER, env=environment, stderr=subprocess.PIPE, text=True
    ) as server:
        try:
            assert server.stderr
            said = ""
            while not (found := re.search(r"running on (http://127\.0\.0\.1:\d+)", said)):
                said = server.stderr.readline()
                assert said, "the server did not start"
            Thread(target=server.stderr.read, daemon=True).start()  # so that it never waits
            yield f"{found[1]}/ballots"
        finally:
            server.terminate()


@pytest.fixture
def desk(town: Town, poll: Poll, tmp_path: Path) -> Iterator[str]:
    with serving(poll, town.url, tmp_path, town) as url:
        yield url


@pytest.fixture
def poll(town: Town) -> Poll:
    return town.open_poll("back end")


def ballots(town: Town, poll: Poll) -> list[SignedBallot]:
    people = [*town.voters, town.poor]
    return [poll.prepare(TREES, voter=each.address).sign(each) for each in people]


def post(url: str, document: str) -> tuple[int, dict[str, Any]]:
    answer = requests.post(url, document.encode(), timeout=600)
    found: dict[str, Any] = answer.json()
    return answer.status_code, found


def test_ballots_of_many_clients_at_once_count_once_each(town: Town, poll: Poll, desk: str) -> None:
    signed = ballots(town, poll)
    documents = [each.to_json() for each in signed] * 2  # everybody presses the button twice
    with ThreadPoolExecutor(len(documents)) as clients:
        answers = list(clients.map(lambda each: post(desk, each), documents))
    assert [status for status, _ in answers] == [200] * len(documents)
    outcomes = [told["outcome"] for _, told in answers]
    assert (outcomes.count("cast"), outcomes.count("found")) == (len(signed), len(signed))
    assert poll.voter_count == len(signed) == len(list(poll.ballots()))
    for each, (_, told) in zip(signed, answers, strict=False):
        tracker = poll.tracker(each.voter)
        assert tracker is not None
        assert told["tracker"] == f"0x{tracker.hex()}"
    later = ballots(town, poll)[0]
    assert post(desk, later.to_json())[0] == 200
    status, told = post(desk, documents[0])
    assert (status, told["outcome"]) == (200, "replaced")
    assert told["replacedBy"] == f"0x{later.tracker(poll.hash).hex()}"


def test_what_is_no_ballot_of_the_poll_is_refused_and_others_are_not(
    town: Town, poll: Poll, desk: str
) -> None:
    other = town.open_poll("another poll")
    strange = ballots(town, other)[0].to_json()
    assert post(desk, "nonsense")[1]["error"] == "InvalidDocument"
    status, told = post(desk, strange)
    assert (status, told["error"]) == (422, "WrongPoll")
    assert told["remedy"]
    assert post(desk, "7" * (1 << 21))[0] == 413
    assert post(desk, ballots(town, poll)[0].to_json())[0] == 200
    assert (poll.voter_count, other.voter_count) == (1, 0)


def test_ballot_can_be_posted_again_after_the_node_was_lost(
    town: Town, poll: Poll, liar: LyingNode, tmp_path: Path
) -> None:
    document = ballots(town, poll)[0].to_json()
    with serving(poll, liar.url, tmp_path, town) as url:
        liar.lie = lambda method, _, told: "nonsense" if method == "eth_call" else told
        status, told = post(url, document)
        assert (status, told["outcome"]) == (503, "left")
        liar.lie = lambda _, __, told: told
        assert post(url, document)[0] == 200
    assert poll.voter_count == 1
