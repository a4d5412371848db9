"""Clients that hand ballots in, over connections that stay open."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from time import monotonic
from typing import Final
from urllib.parse import urlsplit

CONNECTIONS: Final = 32
"""Connections at once."""
TAKEN: Final = (200, 202)
BUSY: Final = 503
AGAIN: Final = 0.5
"""Seconds before a ballot is handed in again that the relay had no room for."""


@dataclass
class Clients:
    """Clients of a relay at one URL.

    Attributes:
        url: the relay's.
        rate: ballots per second that are handed in; None for as many as it takes.
        begun: when each ballot was handed in first, by its index.
        refused: answers that were no acceptance.
    """

    url: str
    rate: float | None = None
    begun: dict[int, float] = field(default_factory=dict)
    refused: list[bytes] = field(default_factory=list)

    def run(self, ballots: Sequence[bytes], *, seconds: float) -> int:
        """Hands ballots in for so many seconds; returns how many were taken."""
        return asyncio.run(self._run(ballots, seconds))

    async def _run(self, ballots: Sequence[bytes], seconds: float) -> int:
        begun = monotonic()
        numbers = iter(range(len(ballots)))
        taken = await asyncio.gather(
            *(self._client(ballots, numbers, begun, seconds) for _ in range(CONNECTIONS))
        )
        return sum(taken)

    async def _client(
        self, ballots: Sequence[bytes], numbers: Iterator[int], begun: float, seconds: float
    ) -> int:
        where, taken = urlsplit(self.url), 0
        reader, writer = await asyncio.open_connection(where.hostname, where.port)
        for number in numbers:
            if self.rate:
                await asyncio.sleep(max(0, begun + number / self.rate - monotonic()))
            if monotonic() > begun + seconds:
                break
            self.begun[number] = monotonic()
            taken += await self._until_taken(reader, writer, ballots[number])
        writer.close()
        return taken

    async def _until_taken(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, body: bytes
    ) -> bool:
        """Hands a ballot in until the relay has room for it; returns whether it is taken."""
        status = await self._hand_in(reader, writer, body)
        if status == BUSY:
            await asyncio.sleep(AGAIN)
            return await self._until_taken(reader, writer, body)
        return status in TAKEN

    async def _hand_in(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, body: bytes
    ) -> int:
        head = f"POST /v1/ballots HTTP/1.1\r\nHost: relay\r\nContent-Length: {len(body)}\r\n\r\n"
        writer.write(head.encode() + body)
        told = await reader.readuntil(b"\r\n\r\n")
        fields = dict(line.lower().split(b": ", 1) for line in told.split(b"\r\n")[1:-2])
        answer = await reader.readexactly(int(fields[b"content-length"]))
        status = int(told.split(b" ", 2)[1])
        if status not in TAKEN:
            self.refused.append(answer)
        return status
