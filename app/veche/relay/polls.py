"""The polls that a relay carries for, and a voter's place on their rolls."""

from __future__ import annotations

from typing import Final

from starlette.responses import Response

from veche.chain.poll import Poll
from veche.errors import WrongPoll
from veche.protocol import addresses, link, plain
from veche.relay.endpoints import (
    ADDRESS,
    NUMBER,
    TEXT,
    WORD,
    Call,
    Endpoint,
    Schema,
    json_answer,
    listed,
    table,
)

POLL: Final[Schema] = table(
    link=TEXT, address=ADDRESS, title=TEXT, opens=NUMBER, closes=NUMBER, votersOnRoll=NUMBER
)
ENTRY: Final[Schema] = table(
    poll=ADDRESS, voter=ADDRESS, weight=NUMBER, root=WORD, path=listed(WORD)
)


async def list_polls(call: Call) -> Response:
    """Lists the polls."""
    return json_answer({"polls": [_fields(each) for each in call.relay.polls.values()]})


def _fields(poll: Poll) -> dict[str, object]:
    definition = poll.definition
    return {
        "link": str(link.of(definition)),
        "address": poll.address,
        "title": poll.title,
        "opens": definition.opens,
        "closes": definition.closes,
        "votersOnRoll": len(poll.roll),
    }


async def show_voter(call: Call) -> Response:
    """Shows a voter's place on the roll, with the path that proves it."""
    address = addresses.checked(call.part("poll"))
    poll = call.relay.polls.get(address or "")
    if poll is None:
        raise WrongPoll(f"this relay carries for no poll at {call.part('poll')[:42]!r}")
    voter = addresses.checked(call.part("voter")) or call.part("voter")[:42]
    weight = poll.require_voter(voter)
    _, path = poll.roll.path(voter, 0)
    return json_answer(
        {
            "poll": poll.address,
            "voter": voter,
            "weight": weight,
            "root": plain.data(poll.definition.roll_root),
            "path": [plain.data(each) for each in path],
        }
    )


ENDPOINTS: Final = (
    Endpoint(
        "GET",
        "/v1/polls",
        list_polls,
        "Lists the polls that are carried for.",
        {200: table(polls=listed(POLL))},
    ),
    Endpoint(
        "GET",
        "/v1/polls/{poll}/voters/{voter}",
        show_voter,
        "Shows a voter's weight, and the path from the voter's leaf to the root of the roll.",
        {200: ENTRY},
        parameters={"poll": ADDRESS, "voter": ADDRESS},
    ),
)
