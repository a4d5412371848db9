"""How a document that was handed in is told of: where it stands."""

from __future__ import annotations

import json
import re
from typing import Any, Final

from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from veche.errors import MalformedRequest, UnknownDocument
from veche.protocol import plain
from veche.relay.endpoints import NUMBER, WORD, Call, Schema, json_answer, optional, table
from veche.relay.openapi import PROBLEM
from veche.relay.store import UNFINISHED, Kept, Kind, State

ACCEPTED: Final = 202
DONE: Final = 200


def schema(name: str) -> Schema:
    """The schema of what is told of a document.

    Args:
        name: what its name is called.
    """
    return table(
        **{name: WORD},
        state={"type": "string", "enum": [str(each) for each in State]},
        accepted=NUMBER | {"description": "seconds since 1970"},
        transaction=optional(WORD),
        block=optional(NUMBER),
        problem=optional(PROBLEM),
    )


def accepted(kept: Kept, *, name: str, path: str) -> Response:
    """The answer to who has handed a document in."""
    status = ACCEPTED if kept.state in UNFINISHED else DONE
    location = f"{path}/{plain.data(kept.name)}"
    return json_answer(plainly(kept, name), status, {"Location": location})


async def looked_up(call: Call, kind: Kind, *, name: str) -> Response:
    """The answer to who looks a document up.

    Raises:
        MalformedRequest: the name is not 32 bytes.
        UnknownDocument: the relay does not have it.
    """
    text = call.part(name)
    if not re.fullmatch("0x[0-9a-fA-F]{64}", text):
        raise MalformedRequest(f"the {name} is 0x and 64 hexadecimal digits")
    wanted = bytes.fromhex(text[2:])
    found = await run_in_threadpool(call.relay.store.find, kind, [wanted])
    if wanted not in found:
        raise UnknownDocument(f"this relay has no {kind} with the {name} {plain.data(wanted)}")
    return json_answer(plainly(found[wanted], name))


def plainly(kept: Kept, name: str) -> dict[str, Any]:
    """Where a document stands, as plain data."""
    return {
        name: plain.data(kept.name),
        "state": str(kept.state),
        "accepted": kept.accepted,
        "transaction": plain.data(kept.transaction) if kept.transaction else None,
        "block": kept.block,
        "problem": json.loads(kept.problem) if kept.problem else None,
    }
