"""The polls that a relay carries for, and the proofs that voters are on their rolls."""

from __future__ import annotations

from typing import Final

from starlette.responses import Response

from veche.chain.poll import Poll
from veche.errors import WrongPoll
from veche.protocol import addresses, link
from veche.protocol.roll_proof import RollProof
from veche.relay.endpoints import (
    ADDRESS,
    JSON,
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
ROLL_PROOF: Final[Schema] = table(
    chainId=NUMBER,
    poll=ADDRESS,
    rollRoot=WORD,
    voter=ADDRESS,
    weight=NUMBER,
    place=NUMBER,
    path=listed(WORD),
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


async def prove_voter(call: Call) -> Response:
    """Shows that a voter is on the roll: the document is what `veche vote --proof` takes."""
    address = addresses.checked(call.part("poll"))
    poll = call.relay.polls.get(address or "")
    if poll is None:
        raise WrongPoll(f"this relay carries for no poll at {call.part('poll')[:42]!r}")
    voter = addresses.checked(call.part("voter")) or call.part("voter")[:42]
    poll.require_voter(voter)
    proof = RollProof.of(poll.roll, poll.definition, voter)
    return Response(proof.to_json() + "\n", media_type=JSON)


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
        prove_voter,
        "Gives the roll proof of a voter, as `veche vote --proof` takes it.",
        {200: ROLL_PROOF},
        refusals=(422,),
        parameters={"poll": ADDRESS, "voter": ADDRESS},
    ),
)
