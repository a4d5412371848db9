"""A back end that carries voters' ballots: FastAPI before a queue, a Carrier behind it.

    pip install veche fastapi uvicorn
    export VECHE_POLL='veche:0x…@1#0x…' VECHE_KEYSTORE=carrier.key VECHE_PASSWORD=…
    uvicorn backend:app

It needs an account with ether that nothing else uses; so run one process of it. VECHE_RPC names the
node. Voters encrypt and sign on their own devices, and post what `SignedBallot.to_json` gives to
/ballots. They are answered when the ballot is on chain or refused. Nothing is kept on disk: whoever
gets no answer posts the same ballot again. It is found on chain, or cast; never twice.
"""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import Future
from contextlib import asynccontextmanager
from itertools import count
from pathlib import Path
from queue import Empty, Full, Queue
from threading import Event, Thread
from typing import Any

from eth_account import Account
from fastapi import FastAPI, HTTPException, Request
from fastapi.responses import JSONResponse

import veche

log = logging.getLogger("uvicorn.error")

MOST_WAITING = 10_000
"""Maximum ballots that wait for the carrier."""
MOST_BYTES = 1 << 20
"""Maximum bytes of a ballot."""
PAUSE = 0.5
"""Seconds without a ballot before those that have come are cast."""
AGAIN = 5.0
"""Seconds before a carrier that had to stop begins anew."""


class Desk:
    """Where ballots are handed in, and their outcomes handed back. A carrier works behind it."""

    def __init__(self, carrier: veche.Carrier) -> None:
        self._carrier = carrier
        self._queue: Queue[tuple[str, Future[veche.Carried]]] = Queue(MOST_WAITING)
        self._under_way: dict[str, Future[veche.Carried]] = {}
        self._numbers = count()
        self._closed = Event()

    def hand_in(self, document: str) -> Future[veche.Carried]:
        """Takes a ballot. Its outcome is to come.

        Raises:
            Full: too many ballots wait.
        """
        outcome: Future[veche.Carried] = Future()
        self._queue.put_nowait((document, outcome))
        return outcome

    def work(self) -> None:
        """Carries ballots until the desk is closed, whatever fails."""
        while not self._closed.is_set():
            try:
                for carried in self._carrier.carry(self._documents()):
                    self._under_way.pop(carried.name).set_result(carried)
            except Exception as fault:
                log.exception("the carrier had to stop, and begins anew")
                while self._under_way:  # of a VecheError, carry has told them all
                    self._under_way.popitem()[1].set_exception(fault)
                self._closed.wait(AGAIN)

    def close(self) -> None:
        """Has the work end when all that was taken is done."""
        self._closed.set()

    def _documents(self) -> Iterator[tuple[str, str] | None]:
        while not self._closed.is_set():
            try:
                document, outcome = self._queue.get(timeout=PAUSE)
            except Empty:
                yield None  # cast what has come
                continue
            if outcome.set_running_or_notify_cancel():
                name = str(next(self._numbers))
                self._under_way[name] = outcome
                yield name, document


def open_desk() -> Desk:
    """A desk for the poll and with the account that the environment names."""
    key = Account.decrypt(
        Path(os.environ["VECHE_KEYSTORE"]).read_text(), os.environ["VECHE_PASSWORD"]
    )
    rpc = os.environ.get("VECHE_RPC", "http://127.0.0.1:8545")
    chain = veche.connect(rpc, account=Account.from_key(key))
    return Desk(veche.Carrier(chain, poll=chain.poll(os.environ["VECHE_POLL"])))


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    """Keeps the desk open as long as the server runs."""
    app.state.desk = desk = await asyncio.to_thread(open_desk)
    worker = Thread(target=desk.work)
    worker.start()
    yield
    desk.close()
    await asyncio.to_thread(worker.join)


app = FastAPI(lifespan=lifespan)


@app.post("/ballots")
async def post_ballot(request: Request) -> JSONResponse:
    """Has a ballot cast, and answers with its outcome: 200 if it is on chain, 422 if it is refused,
    503 if it must be posted again.
    """
    document = (await body(request)).decode(errors="replace")
    try:
        outcome = request.app.state.desk.hand_in(document)
    except Full:
        raise HTTPException(503, "too many ballots wait: post yours again later") from None
    carried = await asyncio.wrap_future(outcome)
    status = {veche.Outcome.REFUSED: 422, veche.Outcome.LEFT: 503}.get(carried.outcome, 200)
    return JSONResponse(plain(carried), status)


async def body(request: Request) -> bytes:
    """The body of a request, if it is not larger than any ballot."""
    found = bytearray()
    async for piece in request.stream():
        found += piece
        if len(found) > MOST_BYTES:
            raise HTTPException(413, "no ballot is as large as this")
    return bytes(found)


def plain(carried: veche.Carried) -> dict[str, Any]:
    """The outcome of a ballot, as plain data for a JSON document."""
    tracker, receipt, error = carried.tracker, carried.receipt, carried.error
    return {
        "outcome": carried.outcome,
        "tracker": f"0x{tracker.hex()}" if tracker else None,
        "replacedBy": f"0x{carried.replaced_by.hex()}" if carried.replaced_by else None,
        "block": receipt.block if receipt else None,
        "transaction": f"0x{receipt.transaction.hex()}" if receipt else None,
        "error": type(error).__name__ if error else None,
        "message": str(error) if error else None,
        "remedy": error.remedy if error else None,
    }
