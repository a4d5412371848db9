"""A relay that is not what it should be: a proxy in front of an honest one."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import requests

from support.servers import FOR_BROWSERS, Quiet, listening
from veche.protocol import plain
from veche.protocol.ballot import SignedBallot

PATIENCE = 300
"""Seconds after which the honest relay is no longer waited for."""
PASSED_ON = ("Content-Type", "Location", "Retry-After")


@dataclass(frozen=True)
class Told:
    """An answer of a relay."""

    status: int
    body: bytes
    headers: Mapping[str, str]

    @classmethod
    def json(cls, status: int, fields: Any, **headers: str) -> Told:
        body = json.dumps(fields).encode()
        return cls(status, body, {"Content-Type": "application/json"} | headers)


@dataclass(frozen=True)
class Asked:
    """A request, and the poll hashes of the relay's polls by their addresses."""

    method: str
    path: str
    body: bytes
    hashes: Mapping[str, bytes]

    @property
    def hands_in(self) -> bool:
        """Whether it hands a ballot in."""
        return (self.method, self.path) == ("POST", "/v1/ballots")


Trick = Callable[[Asked], Told | None]
"""Gets a request; gives an answer, or None for the honest one."""


def play_fair(_: Asked) -> None:
    """Answers as the relay behind it does."""


def swallow(asked: Asked) -> Told | None:
    """Accepts ballots, and never sends them."""
    if asked.hands_in:
        signed = SignedBallot.from_json(asked.body.decode())
        tracker = plain.data(signed.tracker(asked.hashes[signed.poll]))
        return Told.json(202, _queued(tracker), Location=f"{asked.path}/{tracker}")
    if asked.path.startswith("/v1/ballots/"):
        return Told.json(200, _queued(asked.path.rpartition("/")[2]))
    return None


def boast(asked: Asked) -> Told | None:
    """Says of every ballot that it is on chain, and sends none."""
    told = swallow(asked)
    return told and Told.json(200, json.loads(told.body) | {"state": "confirmed", "block": 7})


def mix_up(asked: Asked) -> Told | None:
    """Tells of another ballot than it was handed."""
    if asked.hands_in:
        return Told.json(202, _queued("0x" + "11" * 32))
    return None


def refuse(asked: Asked) -> Told | None:
    """Says that every ballot is refused, though none is."""
    if asked.hands_in:
        problem = {
            "name": "InvalidSignature",
            "status": 422,
            "detail": "somebody else has signed this",
            "values": ["0x" + "11" * 20, "0x" + "22" * 20],
            "remedy": "Vote again.",
        }
        return Told.json(422, problem)
    return None


def be_busy(asked: Asked) -> Told | None:
    """Takes no ballot now."""
    if asked.hands_in:
        problem = {
            "name": "RelayFull",
            "status": 503,
            "detail": "too many ballots wait",
            "values": [],
            "remedy": "Hand the ballot in again later.",
        }
        return Told.json(503, problem, **{"Retry-After": "1"})
    return None


def only_read(asked: Asked) -> Told | None:
    """Passes on what is read, and hangs up if a ballot is handed in."""
    return vanish(asked) if asked.hands_in else None


def vanish(_: Asked) -> Told:
    """Hangs up, whatever it is asked."""
    raise ConnectionAbortedError


def _queued(tracker: str) -> dict[str, Any]:
    where = {"tracker": tracker, "state": "queued", "accepted": 1_800_000_000}
    return where | dict.fromkeys(("transaction", "block", "problem"))


TRICKS: dict[str, Trick] = {
    "honest": play_fair,
    "swallow": swallow,
    "boast": boast,
    "mix up": mix_up,
    "refuse": refuse,
    "busy": be_busy,
    "only read": only_read,
    "vanish": vanish,
}


@dataclass
class LyingRelay:
    """Where it listens, and what it does; honest until it is told a trick.

    Attributes:
        honest: URL of the relay behind it.
        hashes: the poll hashes of its polls, by their addresses.
        trick: what it does.
    """

    honest: str
    hashes: Mapping[str, bytes]
    trick: Trick = play_fair
    url: str = ""

    def answer(self, method: str, path: str, body: bytes) -> Told:
        told = self.trick(Asked(method, path, body, self.hashes))
        if told is not None:
            return told
        reply = requests.request(method, self.honest + path, data=body, timeout=PATIENCE)
        headers = {name: reply.headers[name] for name in PASSED_ON if name in reply.headers}
        return Told(reply.status_code, reply.content, headers)


@contextmanager
def lying_relay(honest: str, hashes: Mapping[str, bytes]) -> Iterator[LyingRelay]:
    """A proxy in front of the relay at this URL."""
    relay = LyingRelay(honest, hashes)

    class Handler(Quiet):
        def do_OPTIONS(self) -> None:
            self._send(Told(204, b"", {}))

        def do_GET(self) -> None:
            self._answer("GET", b"")

        def do_POST(self) -> None:
            self._answer("POST", self.rfile.read(int(self.headers["Content-Length"])))

        def _answer(self, method: str, body: bytes) -> None:
            try:
                self._send(relay.answer(method, self.path, body))
            except ConnectionAbortedError:
                self.close_connection = True

        def _send(self, told: Told) -> None:
            self.send_response(told.status)
            exposed = {"Access-Control-Expose-Headers": "Location, Retry-After"}
            for name, value in (dict(told.headers) | FOR_BROWSERS | exposed).items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(told.body)))
            self.end_headers()
            self.wfile.write(told.body)

    with listening(Handler) as relay.url:
        yield relay
