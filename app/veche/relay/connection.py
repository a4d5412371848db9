"""A connection of a client: one that is slow, to write or to read, is not waited for."""

from __future__ import annotations

import asyncio
import json
from typing import Final

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

from veche.errors import MalformedRequest
from veche.relay import problems
from veche.relay.limits import visitor

WHOLE_WITHIN: Final = 15.0
"""Seconds from the first byte of a request, or from the connection, to the request's last byte."""
READ_WITHIN: Final = 15.0
"""Seconds for which a client may leave the rest of its answer unread."""
MOST_CONNECTIONS: Final = 1_000
"""Maximum connections at once."""
MOST_OF_AN_ADDRESS: Final = 200
"""Maximum connections of one address at once, unless it is that of a proxy."""
WHOLE: Final = (h11.DONE, h11.MUST_CLOSE, h11.CLOSED)
"""Where a client is that has nothing more to send for its request."""


class Connection(H11Protocol):
    """As uvicorn has it, but each request must be whole in time, and refusals are documents."""

    _until: asyncio.TimerHandle | None = None
    _read_until: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begins to wait for a request."""
        super().connection_made(transport)
        if len(self.connections) > MOST_CONNECTIONS or self._is_one_too_many():
            transport.abort()
            return
        self._wait()

    def data_received(self, data: bytes) -> None:
        """Goes on to wait until the request is whole."""
        super().data_received(data)
        is_idle = self.conn.their_state is h11.IDLE and not self.conn.trailing_data[0]
        if is_idle or self.conn.their_state in WHOLE:
            self._stop_waiting()
        elif self._until is None:
            self._wait()

    def pause_writing(self) -> None:
        """Begins to wait until the client reads its answer."""
        super().pause_writing()
        if self._read_until is None:
            self._read_until = self.loop.call_later(READ_WITHIN, self.transport.abort)

    def resume_writing(self) -> None:
        """Waits no more for the client to read."""
        self._stop_waiting_for_reader()
        super().resume_writing()

    def connection_lost(self, exc: Exception | None) -> None:
        """Waits no more."""
        self._stop_waiting()
        self._stop_waiting_for_reader()
        super().connection_lost(exc)

    def send_400_response(self, msg: str) -> None:
        """Refuses what is no HTTP, or has a head that is too large."""
        if self.conn.our_state not in (h11.IDLE, h11.SEND_RESPONSE):
            self.transport.abort()  # an answer is under way
            return
        told = problems.fields(MalformedRequest(msg))
        body = json.dumps(told).encode()
        headers = [
            (b"content-type", problems.MEDIA_TYPE.encode()),
            (b"content-length", str(len(body)).encode()),
            (b"connection", b"close"),
        ]
        for each in (
            h11.Response(status_code=told["status"], headers=headers, reason=b"Bad Request"),
            h11.Data(data=body),
            h11.EndOfMessage(),
        ):
            self.transport.write(self.conn.send(each) or b"")
        self.transport.close()

    def _is_one_too_many(self) -> bool:
        """Whether the client's address has more connections than one may have."""
        host = self.client[0] if self.client else ""
        if host in self.config.forwarded_allow_ips:
            return False
        own = visitor(host)
        hosts = (
            each.client[0]
            for each in self.connections
            if isinstance(each, Connection) and each.client
        )
        return sum(visitor(each) == own for each in hosts) > MOST_OF_AN_ADDRESS

    def _wait(self) -> None:
        self._until = self.loop.call_later(WHOLE_WITHIN, self.transport.abort)

    def _stop_waiting_for_reader(self) -> None:
        if self._read_until:
            self._read_until.cancel()
            self._read_until = None

    def _stop_waiting(self) -> None:
        if self._until:
            self._until.cancel()
            self._until = None
