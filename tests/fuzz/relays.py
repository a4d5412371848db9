"""Requests to a relay, bent in one place: it takes them, or refuses them by a problem document."""

from __future__ import annotations

import json
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any, Final
from urllib.parse import urlsplit

import requests

from fuzz.answers import GONE, TREES, bent
from support.elections import towns
from support.relays import PATIENCE, RunningRelay, relay_office
from veche import Poll
from veche.chain.trustee_call import TrusteeCall
from veche.protocol.ceremony import deal, sign_deal
from veche.relay.problems import MEDIA_TYPE

MEMBERS: Final = {"type", "title", "status", "detail", "name", "values", "remedy"}
METHODS: Final = ("GET", "POST", "PUT", "DELETE", "HEAD", "OPTIONS", "TRACE", "BREW")
HEADERS: Final = (
    "Content-Length: 7", "Content-Length: -1", "Transfer-Encoding: chunked", "Host: \x00",
    "Expect: 100-continue", "Connection: upgrade", "Upgrade: websocket", "X: " + "y" * 20_000,
    "X-Forwarded-For: ::1, 7", "Origin: null", "Content-Type: text/\xff", ": none",
)  # fmt: skip


class Requests:
    """Requests that a relay takes as they are, with something odd in each.

    Args:
        relay: the relay.
        documents: good bodies, and the paths that they are for.
        paths: good paths to read from.
    """

    def __init__(
        self, relay: RunningRelay, documents: list[tuple[str, Any]], paths: list[str]
    ) -> None:
        self._relay, self._documents, self._paths = relay, documents, paths
        self._session = requests.Session()

    def run(self, random: Random) -> None:
        """Makes one request, and requires an answer that is no fault of the relay."""
        random.choice((self._document, self._document, self._path, self._raw))(random)

    def _document(self, random: Random) -> None:
        path, good = random.choice(self._documents)
        found = good
        for _ in range(random.randint(1, 2)):
            found = bent(random, found)
            found = [] if found is GONE else found
        body = json.dumps(found).encode()
        if random.random() < 0.1:
            at = random.randrange(len(body) + 1)
            body = body[:at] + random.randbytes(random.randint(0, 9)) + body[at + 1 :]
        self._require_told(self._session.post(self._relay.url + path, body, timeout=PATIENCE))

    def _path(self, random: Random) -> None:
        path = random.choice(self._paths)
        at = random.randrange(1, len(path) + 1)
        odd = random.choice(("/", "%00", "%ff", "0", "..", "//", "?x=%", "é", "0x", "\u202e"))
        asked = path[:at] + odd + path[at + random.randint(0, 2) :]
        method = random.choice(METHODS[:6])
        self._require_told(
            self._session.request(method, self._relay.url + asked, timeout=PATIENCE), method
        )

    def _require_told(self, answer: requests.Response, method: str = "GET") -> None:
        assert answer.status_code != 500, answer.text
        if answer.status_code >= 400 and method not in ("HEAD", "OPTIONS"):
            assert answer.headers["Content-Type"] in (MEDIA_TYPE, "application/json"), answer.text
            told = answer.json()
            assert answer.headers["Content-Type"] == "application/json" or set(told) == MEMBERS

    def _raw(self, random: Random) -> None:
        """Bytes that may be no HTTP: the connection may just end."""
        method, path = random.choice(METHODS), random.choice(self._paths)
        lines = [f"{method} {path} HTTP/1.{random.choice('0127')}", "Host: relay"]
        lines += random.sample(HEADERS, random.randint(0, 3))
        data = "\r\n".join([*lines, "", ""]).encode("latin-1")
        for _ in range(random.randint(0, 2)):
            at = random.randrange(len(data) + 1)
            data = data[:at] + random.randbytes(random.randint(0, 3)) + data[at + 1 :]
        where = urlsplit(self._relay.url)
        with socket.create_connection((where.hostname or "", where.port or 0), PATIENCE) as line:
            line.sendall(data)
            line.shutdown(socket.SHUT_WR)
            try:
                answer = line.recv(1 << 16)
            except ConnectionError:
                return
        assert b" 500 " not in answer.partition(b"\r\n")[0], answer


def _documents(poll: Poll, made: TrusteeCall) -> list[tuple[str, Any]]:
    """A good trustee's call, and good questions to a node."""
    block = "latest"
    called = {"to": poll.address, "data": "0x" + "00" * 36}
    logs = {"address": poll.address, "topics": [None], "fromBlock": "0x0", "toBlock": "0x9"}
    asked: list[tuple[str, list[Any]]] = [
        ("eth_call", [called, block]),
        ("eth_getLogs", [logs]),
        ("eth_getBlockByNumber", [block, False]),
        ("eth_getCode", [poll.address, block]),
        ("eth_chainId", []),
    ]
    each = [
        {"jsonrpc": "2.0", "id": number, "method": method, "params": given}
        for number, (method, given) in enumerate(asked)
    ]
    return [
        ("/v1/trustee-calls", json.loads(made.to_json())),
        ("/v1/rpc", each),
        *(("/v1/rpc", one) for one in each),
    ]


@contextmanager
def fuzzer() -> Iterator[Callable[[Random], None]]:
    """Asks a relay at work for what is bent; it goes on whatever is asked."""
    with towns(voters=3) as town, TemporaryDirectory() as folder:
        poll = town.open_poll("fuzzed")
        limits = {"requests_per_minute": 1_000_000, "ballots_per_hour": 1_000_000}
        ballots = [
            (
                "/v1/ballots",
                json.loads(poll.prepare(TREES, voter=each.address).sign(each).to_json()),
            )
            for each in town.voters
        ]
        voter = town.voters[0].address
        paths = [
            "/v1/polls",
            f"/v1/polls/{poll.address}/voters/{voter}",
            "/v1/ballots/0x" + "00" * 32,
            "/v1/trustee-calls/0x" + "00" * 32,
            "/v1/health",
            "/v1/metrics",
            "/v1/openapi.json",
            "/v1/problems/WrongPhase",
        ]
        board = town.convene()
        signed = sign_deal(board.definition, 1, deal(board.definition, 1), town.trustees[0].account)
        office = relay_office(
            town, Path(folder) / "relay", [poll], boards=[board.address], limits=limits
        )
        with office.running() as relay:
            asking = Requests(relay, [*ballots, *_documents(poll, board.deal_call(signed))], paths)
            yield asking.run
            assert relay.get("/v1/health").json()["status"] in ("ok", "warning")
