"""Voters enrol here, and officials say with which codes (docs/enrolment.md)."""

from __future__ import annotations

import json
from time import time
from typing import Any, Final

from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from veche.enrolment import binding as bindings
from veche.enrolment.binding import enrolment_id
from veche.errors import (
    InvalidDocument,
    MalformedRequest,
    UnknownCode,
    UnknownEnrolment,
)
from veche.protocol import addresses, plain
from veche.relay.endpoints import ADDRESS, NUMBER, TEXT, Call, Endpoint, json_answer, listed, table
from veche.relay.enrolment_store import Head

PATH: Final = "/v1/enrolments"
NAME: Final = "enrolment"
CODE: Final = "code"
AFTER: Final = "after"
MOST_LIST_BYTES: Final = 48 << 20
"""Maximum bytes of a code list: a million codes."""
PAGE: Final = 2_000
"""Maximum bindings in an answer."""
CREATED: Final = 201


def _named(call: Call) -> str:
    """The id in the path.

    Raises:
        UnknownEnrolment: no enrolment can have it.
    """
    try:
        return enrolment_id(call.part(NAME))
    except InvalidDocument as error:
        raise UnknownEnrolment(call.part(NAME)[:100]) from error


async def put_list(call: Call) -> Response:
    """Takes an official's list of valid codes."""
    its = call.relay.enrolments
    return json_answer(_plainly(await run_in_threadpool(its.take_list, _named(call), call.text)))


async def show(call: Call) -> Response:
    """Tells what everybody may know of an enrolment."""
    return json_answer(
        _plainly(await run_in_threadpool(call.relay.enrolments.store.head, _named(call)))
    )


async def bind(call: Call) -> Response:
    """Binds a voter's address to a code."""
    named, its = _named(call), call.relay.enrolments
    its.guesses.require(call.visitor)
    try:
        binding, number = await its.bind(named, call.text)
    except UnknownCode:
        its.guesses.take(call.visitor)
        raise
    told = {"number": number, "sequence": binding.sequence, "voter": binding.voter}
    return json_answer(told, CREATED)


async def show_bindings(call: Call) -> Response:
    """Tells of bindings in their order, for officials and whoever checks."""
    text, named = call.request.query_params.get(AFTER, "0"), _named(call)
    if not (text.isascii() and text.isdigit() and len(text) <= 18):  # noqa: PLR2004  # of BigInteger
        raise MalformedRequest(f"{AFTER} is a whole number from 0")
    store = call.relay.enrolments.store
    found = await run_in_threadpool(store.bindings, named, after=int(text), most=PAGE)
    return json_answer(
        {"bindings": [{"number": number, **json.loads(each)} for number, each in found]}
    )


async def show_newest(call: Call) -> Response:
    """Tells of the binding that counts for a code. Only who has the code knows its address."""
    code = addresses.checked(call.part(CODE))
    found = None
    if code is not None:
        store = call.relay.enrolments.store
        found = await run_in_threadpool(store.newest, _named(call), code)
    if found is None:
        raise UnknownCode()  # noqa: RSE102  # the page of errors looks for calls
    return json_answer(json.loads(found))


def _plainly(head: Head) -> dict[str, Any]:
    return {
        "enrolment": head.enrolment,
        "title": head.title,
        "edition": head.edition,
        "until": head.until,
        "isOpen": time() <= head.until,
        "official": head.official,
        "signature": plain.data(head.signature),
        "codes": head.codes,
        "enrolled": head.enrolled,
        "bindings": head.bindings,
    }


_HEAD: Final = table(
    enrolment=TEXT,
    title=TEXT,
    edition=NUMBER,
    until=NUMBER | {"description": "seconds since 1970"},
    isOpen={"type": "boolean"},
    official=ADDRESS,
    signature=TEXT,
    codes=NUMBER,
    enrolled=NUMBER,
    bindings=NUMBER,
)
_BINDING: Final = table(
    enrolment=TEXT,
    code=ADDRESS,
    voter=ADDRESS,
    sequence=NUMBER,
    codeSignature=TEXT,
    voterSignature=TEXT,
)
_ONE: Final = f"{PATH}/{{{NAME}}}"

ENDPOINTS: Final = (
    Endpoint(
        "PUT",
        _ONE,
        put_list,
        "Takes the list of valid codes, signed by an official whom relay.toml names, in the place "
        "of an older edition.",
        {200: _HEAD},
        refusals=(400, 403, 404, 409),
        parameters={NAME: TEXT},
        body={"type": "object", "description": "a code list, as docs/enrolment.md has it"},
        most_bytes=MOST_LIST_BYTES,
    ),
    Endpoint(
        "GET",
        _ONE,
        show,
        "Tells what everybody may know of an enrolment: until when it is open, and how many have "
        "enrolled.",
        {200: _HEAD},
        refusals=(404,),
        parameters={NAME: TEXT},
    ),
    Endpoint(
        "POST",
        f"{_ONE}/bindings",
        bind,
        "Binds a voter's address to a code. 201: it is on the relay's disk.",
        {CREATED: table(number=NUMBER, sequence=NUMBER, voter=ADDRESS)},
        refusals=(400, 404, 409, 422),
        parameters={NAME: TEXT},
        body={"type": "object", "description": "a binding, as docs/enrolment.md has it"},
        most_bytes=bindings.MAX_BYTES,
    ),
    Endpoint(
        "GET",
        f"{_ONE}/bindings",
        show_bindings,
        f"Tells of bindings in the order in which they were taken: of {PAGE:,} at most.",
        {200: table(bindings=listed(_BINDING))},
        refusals=(400, 404),
        parameters={NAME: TEXT},
        queries={AFTER: NUMBER | {"description": "those behind this number", "default": 0}},
    ),
    Endpoint(
        "GET",
        f"{_ONE}/codes/{{{CODE}}}",
        show_newest,
        "Tells of the binding that counts for the code with this address.",
        {200: _BINDING},
        refusals=(404, 422),
        parameters={NAME: TEXT, CODE: ADDRESS},
    ),
)
