"""Clients without a node ask this relay's: JSON-RPC, read-only."""

from __future__ import annotations

from typing import Final

from anyio import CapacityLimiter, to_thread
from starlette.responses import Response

from veche.errors import RelayFull
from veche.errors.relay import SOON
from veche.relay.endpoints import JSON, TEXT, Call, Endpoint, Schema, listed, table
from veche.relay.questions import METHODS, MOST_BLOCKS, MOST_TOGETHER

MOST_BYTES: Final = 1 << 17
MOST_AT_ONCE: Final = 4
"""Maximum requests that are passed on at once: the relay's own must not wait for the node."""
MOST_WAITING: Final = 100

_AT_ONCE: Final = CapacityLimiter(MOST_AT_ONCE)

QUESTION: Final[Schema] = table(
    method={"type": "string", "enum": list(METHODS)}, params={"type": "array"}
)
ANSWER: Final[Schema] = {"type": "object", "properties": {"jsonrpc": TEXT, "result": {}}}


async def ask(call: Call) -> Response:
    """Passes questions on to the node."""
    if _AT_ONCE.statistics().tasks_waiting >= MOST_WAITING:
        raise RelayFull("too many questions to the node wait", after=SOON)
    found = await to_thread.run_sync(call.relay.questions.answer, call.text, limiter=_AT_ONCE)
    return Response(found, media_type=JSON)


ENDPOINTS: Final = (
    Endpoint(
        "POST",
        "/v1/rpc",
        ask,
        f"Asks the relay's node, read-only: JSON-RPC 2.0, at most {MOST_TOGETHER} questions "
        f"together, and logs of at most {MOST_BLOCKS:,} blocks.",
        {200: {"anyOf": [ANSWER, listed(ANSWER)]}},
        refusals=(400,),
        body={"anyOf": [QUESTION, listed(QUESTION)]},
        most_bytes=MOST_BYTES,
    ),
)
