"""Trustees' deals, confirmations and decryption shares are handed in: a trustee needs no ether."""

from __future__ import annotations

from typing import Final

from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from veche.chain.trustee_call import TrusteeCall
from veche.crypto.keccak import keccak
from veche.errors import WrongNetwork, WrongPoll
from veche.relay import documents
from veche.relay.documents import ACCEPTED, DONE
from veche.relay.endpoints import WORD, Call, Endpoint
from veche.relay.relay import Relay
from veche.relay.store import UNFINISHED, Accepted, Kept, Kind

MOST_BYTES: Final = 1 << 18
"""Maximum bytes of a trustee's call: a transaction has room for half as many."""
PATH: Final = "/v1/trustee-calls"
NAME: Final = "digest"


async def hand_in_call(call: Call) -> Response:
    """Accepts a trustee's call, or tells where it stands if it was handed in before."""
    kept = await run_in_threadpool(_kept, call.relay, call.text)
    return documents.accepted(kept, name=NAME, path=PATH)


async def look_up_call(call: Call) -> Response:
    """Tells where a trustee's call stands."""
    return await documents.looked_up(call, Kind.CALL, name=NAME)


def _kept(relay: Relay, text: str) -> Kept:
    made = TrusteeCall.from_json(text)
    if made.chain_id != relay.chain.id:
        said = f"this work is for chain {made.chain_id}, and this relay is on {relay.chain.id}"
        raise WrongNetwork(relay.chain.id, made.chain_id, reason=said)
    if made.contract not in relay.boards and made.contract not in relay.polls:
        raise WrongPoll(f"this relay carries for neither a board nor a poll at {made.contract}")
    name = keccak(made.to_json().encode())
    found = relay.store.find(Kind.CALL, [name]).get(name)
    if found and found.state in UNFINISHED:
        return found
    relay.chain.node.call(made.contract, made.data, sender=relay.chain.sender.address)
    return relay.store.accept([Accepted(Kind.CALL, name, text)])[0]


ENDPOINTS: Final = (
    Endpoint(
        "POST",
        PATH,
        hand_in_call,
        "Hands in what a trustee has made, as its commands write it with --out. 202: it is on the "
        "relay's disk, and will be posted.",
        {ACCEPTED: documents.schema(NAME)},
        refusals=(400, 422),
        body={"type": "object", "description": "a call, as `TrusteeCall.to_json` has it"},
        most_bytes=MOST_BYTES,
    ),
    Endpoint(
        "GET",
        f"{PATH}/{{{NAME}}}",
        look_up_call,
        "Tells where a trustee's call stands.",
        {DONE: documents.schema(NAME)},
        refusals=(400, 404),
        parameters={NAME: WORD},
    ),
)
