"""Ballots are handed in, and looked up by their trackers."""

from __future__ import annotations

import json
import re
from typing import Any, Final

from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from veche.errors import MalformedRequest, NodeError, RelayError, UnknownBallot, VecheError
from veche.protocol import plain
from veche.relay.endpoints import (
    NUMBER,
    WORD,
    Call,
    Endpoint,
    Schema,
    json_answer,
    optional,
    table,
)
from veche.relay.openapi import PROBLEM
from veche.relay.store import UNFINISHED, Kept, State

MOST_BYTES: Final = 1 << 18
"""Maximum bytes of a ballot: a transaction has room for half as many, which JSON doubles."""
PATH: Final = "/v1/ballots"

BALLOT: Final[Schema] = table(
    tracker=WORD,
    state={"type": "string", "enum": list(State)},
    accepted=NUMBER | {"description": "seconds since 1970"},
    transaction=optional(WORD),
    block=optional(NUMBER),
    problem=optional(PROBLEM),
)


async def hand_in(call: Call) -> Response:
    """Accepts a ballot, or tells where it stands if it was handed in before."""
    relay = call.relay
    try:
        kept = await relay.desk.hand_in(
            call.text, is_suspect=relay.visitors.is_suspect(call.visitor)
        )
    except (NodeError, RelayError):
        raise
    except VecheError:
        relay.visitors.suspect(call.visitor)
        raise
    status = 202 if kept.state in UNFINISHED else 200
    return json_answer(plainly(kept), status, {"Location": f"{PATH}/{plain.data(kept.tracker)}"})


async def look_up(call: Call) -> Response:
    """Tells where a ballot stands."""
    name = call.part("tracker")
    if not re.fullmatch("0x[0-9a-fA-F]{64}", name):
        raise MalformedRequest("a tracker is 0x and 64 hexadecimal digits")
    kept = await run_in_threadpool(call.relay.store.ballot, bytes.fromhex(name[2:]))
    if kept is None:
        raise UnknownBallot(f"this relay has no ballot with the tracker {name.lower()}")
    return json_answer(plainly(kept))


def plainly(kept: Kept) -> dict[str, Any]:
    """Where a ballot stands, as plain data."""
    return {
        "tracker": plain.data(kept.tracker),
        "state": kept.state,
        "accepted": kept.accepted,
        "transaction": plain.data(kept.transaction) if kept.transaction else None,
        "block": kept.block,
        "problem": json.loads(kept.problem) if kept.problem else None,
    }


ENDPOINTS: Final = (
    Endpoint(
        "POST",
        PATH,
        hand_in,
        "Hands in a signed ballot, as `veche vote --out` writes it. 202: it is on the relay's "
        "disk, and will be cast. 200: it is on chain already.",
        {202: BALLOT, 200: BALLOT},
        body={"type": "object", "description": "a signed ballot, as `SignedBallot.to_json` has it"},
        most_bytes=MOST_BYTES,
    ),
    Endpoint(
        "GET",
        f"{PATH}/{{tracker}}",
        look_up,
        "Tells where a ballot stands. Only a node of your own choice shows that it counts.",
        {200: BALLOT},
        parameters={"tracker": WORD},
    ),
)
