"""Ballots are handed in, and looked up by their trackers."""

from __future__ import annotations

from typing import Final

from starlette.responses import Response

from veche.errors import NodeError, RelayError, VecheError
from veche.relay import documents
from veche.relay.documents import ACCEPTED, DONE
from veche.relay.endpoints import WORD, Call, Endpoint
from veche.relay.store import Kind

MOST_BYTES: Final = 1 << 16
"""Maximum bytes of a ballot: one of 60 choices has half as many."""
PATH: Final = "/v1/ballots"
NAME: Final = "tracker"


async def hand_in_ballot(call: Call) -> Response:
    """Accepts a ballot, or tells where it stands if it was handed in before."""
    relay, visitor = call.relay, call.visitor
    try:
        kept = await relay.desk.hand_in(call.text, is_suspect=relay.visitors.is_suspect(visitor))
    except (NodeError, RelayError):
        raise
    except VecheError:
        relay.visitors.suspect(visitor)
        raise
    return documents.accepted(kept, name=NAME, path=PATH)


async def look_up_ballot(call: Call) -> Response:
    """Tells where a ballot stands."""
    return await documents.looked_up(call, Kind.BALLOT, name=NAME)


ENDPOINTS: Final = (
    Endpoint(
        "POST",
        PATH,
        hand_in_ballot,
        "Hands in a signed ballot, as `veche vote --out` writes it. 202: it is on the relay's "
        "disk, and will be cast. 200: it is on chain already.",
        {ACCEPTED: documents.schema(NAME), DONE: documents.schema(NAME)},
        refusals=(400, 422),
        body={"type": "object", "description": "a signed ballot, as `SignedBallot.to_json` has it"},
        most_bytes=MOST_BYTES,
    ),
    Endpoint(
        "GET",
        f"{PATH}/{{{NAME}}}",
        look_up_ballot,
        "Tells where a ballot stands. Only a node of your own choice shows that it counts.",
        {DONE: documents.schema(NAME)},
        refusals=(400, 404),
        parameters={NAME: WORD},
    ),
)
