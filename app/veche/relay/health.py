"""How a relay is: whether it can carry, for how many ballots its ether lasts, what waits."""

from __future__ import annotations

from typing import Any, Final

from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from veche.relay.endpoints import NUMBER, TEXT, Call, Endpoint, Schema, json_answer, listed, table

HEALTH: Final[Schema] = table(
    status={"type": "string", "enum": ["ok", "warning", "failing"]},
    account=TEXT,
    chain=NUMBER,
    polls=listed(TEXT),
    ballots=table(queued=NUMBER, sent=NUMBER, confirmed=NUMBER, found=NUMBER, refused=NUMBER),
    warnings=listed(TEXT),
)
UNAVAILABLE: Final = 503


async def health(call: Call) -> Response:
    """Tells how the relay is."""
    found = await run_in_threadpool(report, call)
    return json_answer(found, UNAVAILABLE if found["status"] == "failing" else 200)


def report(call: Call) -> dict[str, Any]:
    """How the relay is, as plain data."""
    relay = call.relay
    fault = relay.sending.fault
    return {
        "status": "failing" if fault else "ok",
        "account": relay.chain.sender.address,
        "chain": relay.chain.id,
        "polls": [str(each) for each in relay.config.polls],
        "ballots": relay.store.counts(),
        "warnings": [f"{type(fault).__name__}: {fault}"] if fault else [],
    }


ENDPOINTS: Final = (
    Endpoint(
        "GET", "/v1/health", health, "Tells how the relay is.", {200: HEALTH, UNAVAILABLE: HEALTH}
    ),
)
