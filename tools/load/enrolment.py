"""Measures how many voters a relay enrols per second, into build/relay.json.

    PYTHONPATH=tests python -m tools.load.enrolment

Every binding is checked, both signatures of it, and is on the relay's disk before it is answered.
Relay and clients share this machine; nothing else should run on it.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic
from typing import Final
from urllib.parse import urlsplit

import requests
from eth_account import Account
from eth_account.signers.local import LocalAccount
from eth_hash.auto import keccak

from support.elections import person, towns
from support.relays import RunningRelay, relay_office
from veche.enrolment.binding import Binding
from veche.enrolment.code_list import CodeList

FILE: Final = Path(__file__).parents[2] / "build" / "relay.json"
PATH: Final = "/v1/enrolments/load"
CONNECTIONS: Final = 32
CREATED: Final = 201
OFFICIAL: Final = person("load official")
LIMITS: Final = {"requests_per_minute": 1_000_000}


def main() -> int:
    """Measures, and returns the exit code: 1 if a binding was not taken."""
    parser = argparse.ArgumentParser(prog="python -m tools.load.enrolment", description=__doc__)
    parser.add_argument("--voters", type=int, default=10_000, help="how many enrol")
    parser.add_argument("--store", default="relay.sqlite", help="as relay.toml has it")
    options = parser.parse_args()
    codes = [_key("code", number) for number in range(options.voters)]
    bodies = [_body(code, number) for number, code in enumerate(codes)]
    officials = [OFFICIAL.address]
    with TemporaryDirectory() as folder, towns(voters=0) as town:
        place = Path(folder) / "relay"
        office = relay_office(
            town, place, [], officials=officials, limits=LIMITS, store=options.store
        )
        with office.running() as relay:
            _publish(relay, codes)
            begun = monotonic()
            asyncio.run(_hand_in(relay.url, bodies))
            seconds = monotonic() - begun
            enrolled = relay.get(PATH).json()["enrolled"]
    figures = {"enrol_per_s": round(enrolled / seconds, 1), "enrol_voters": enrolled}
    kept = json.loads(FILE.read_text()) if FILE.exists() else {}
    FILE.parent.mkdir(exist_ok=True)
    FILE.write_text(json.dumps(kept | figures, indent=2) + "\n")
    sys.stderr.write(f"{json.dumps(figures)}\n")
    return 0 if enrolled == options.voters else 1


def _key(kind: str, number: int) -> LocalAccount:
    account: LocalAccount = Account.from_key(keccak(f"load {kind} {number}".encode()))
    return account


def _body(code: LocalAccount, number: int) -> bytes:
    return Binding.make("load", code=code, voter=_key("voter", number)).to_json().encode()


def _publish(relay: RunningRelay, codes: Sequence[LocalAccount]) -> None:
    listed = CodeList.make(
        "load",
        title="Load",
        edition=1,
        until=2**40,
        codes=[each.address for each in codes],
        official=OFFICIAL,
    )
    requests.put(relay.url + PATH, listed.to_json(), timeout=600).raise_for_status()


async def _hand_in(url: str, bodies: Sequence[bytes]) -> None:
    left = iter(bodies)
    await asyncio.gather(*(_client(url, left) for _ in range(CONNECTIONS)))


async def _client(url: str, left: Iterator[bytes]) -> None:
    """Hands bindings in over one connection, each when the one before is answered."""
    where = urlsplit(url)
    reader, writer = await asyncio.open_connection(where.hostname, where.port)
    for body in left:
        head = (
            f"POST {PATH}/bindings HTTP/1.1\r\nHost: relay\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        writer.write(head.encode() + body)
        told = await reader.readuntil(b"\r\n\r\n")
        fields = dict(line.lower().split(b": ", 1) for line in told.split(b"\r\n")[1:-2])
        answer = await reader.readexactly(int(fields[b"content-length"]))
        if int(told.split(b" ", 2)[1]) != CREATED:
            sys.stderr.write(f"refused: {answer.decode()}\n")
    writer.close()


if __name__ == "__main__":
    sys.exit(main())
