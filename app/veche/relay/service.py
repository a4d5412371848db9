"""The service: reads requests within limits, and answers each in JSON.

Nothing that is logged tells who asked: there is no access log, and no message has an address.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Final

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from veche import errors
from veche.errors import RelayFull, RequestTooLarge, RequestTooSlow, UnknownResource, VecheError
from veche.errors.relay import SOON
from veche.relay import asking, ballots, enrolments, health, openapi, polls, problems, trustees
from veche.relay.endpoints import TEXT, Call, Endpoint, json_answer, table
from veche.relay.limits import visitor
from veche.relay.relay import Relay
from veche.web import page

log: Final = logging.getLogger("veche.relay")

READ_WITHIN: Final = 10.0
"""Seconds in which a request must be whole."""
ANSWER_WITHIN: Final = 60.0
"""Seconds in which it is answered."""
FORGET_AFTER: Final = 30.0
"""Seconds from one look for addresses that no limit needs any more to the next."""
SMALL: Final = 1 << 20
"""Bytes of a body above which it must say how long it is, and no other one is read meanwhile."""
_LARGE: Final = asyncio.Lock()
"""Is held while such a body is read and answered: many of them would fill the memory."""


async def show_page(_: Call) -> Response:
    """Shows the page with which anyone votes and checks polls in a browser."""
    return Response(page.content(), headers=page.HEADERS)


async def describe(_: Call) -> Response:
    """Describes this service in OpenAPI."""
    return json_answer(openapi.description(ENDPOINTS))


async def explain_problem(call: Call) -> Response:
    """Explains an error: what went wrong, and what to do."""
    kind = getattr(errors, call.part("name"), None)
    if not (isinstance(kind, type) and issubclass(kind, VecheError)):
        raise UnknownResource("there is no such error")
    return json_answer(problems.explanation(kind))


ENDPOINTS: Final[Sequence[Endpoint]] = (
    Endpoint(
        "GET",
        "/",
        show_page,
        "Shows the page with which anyone votes and checks polls in a browser.",
        {200: TEXT},
        media_type="text/html",
    ),
    *ballots.ENDPOINTS,
    *trustees.ENDPOINTS,
    *enrolments.ENDPOINTS,
    *polls.ENDPOINTS,
    *asking.ENDPOINTS,
    *health.ENDPOINTS,
    Endpoint("GET", "/v1/openapi.json", describe, "Describes this service.", {200: {}}),
    Endpoint(
        "GET",
        f"{problems.TYPES}{{name}}",
        explain_problem,
        "Explains an error, to which the type of a problem leads.",
        {200: table(name=TEXT, title=TEXT, description=TEXT, remedy=TEXT)},
        refusals=(404,),
        parameters={"name": TEXT},
    ),
)
"""All that is served."""


def app(relay: Relay) -> Starlette:
    """The service of a relay, as an ASGI application."""
    built = Starlette(
        routes=[_route(each) for each in ENDPOINTS],
        middleware=[
            Middleware(
                CORSMiddleware,
                allow_origins=["*"],
                allow_methods=["GET", "POST", "PUT"],
                allow_headers=["Content-Type"],
                expose_headers=["Location", "Retry-After"],
                max_age=86_400,
            )
        ],
        exception_handlers={404: _nowhere, 405: _nowhere},
        lifespan=_lifespan,
    )
    built.state.relay = relay
    return built


@asynccontextmanager
async def _lifespan(built: Starlette) -> AsyncIterator[None]:
    relay: Relay = built.state.relay
    relay.start()
    forgetting = asyncio.create_task(_forget_again_and_again(relay))
    yield
    forgetting.cancel()
    await run_in_threadpool(relay.stop)


async def _forget_again_and_again(relay: Relay) -> None:
    while True:
        await asyncio.sleep(FORGET_AFTER)
        relay.forget()


async def _nowhere(*_: object) -> Response:
    said = "nothing is served at this path by this method"
    return problems.answer(UnknownResource(said))


def _route(endpoint: Endpoint) -> Route:
    return Route(endpoint.path, _guarded(endpoint), methods=[endpoint.method])


def _guarded(endpoint: Endpoint) -> Callable[[Request], Awaitable[Response]]:
    """Answers requests to an endpoint, whatever comes."""

    async def answer(request: Request) -> Response:
        try:
            async with asyncio.timeout(ANSWER_WITHIN), _room(endpoint, request):
                return await endpoint.handler(await _admitted(endpoint, request))
        except VecheError as refusal:
            return problems.answer(refusal)
        except TimeoutError:
            said = f"there is no answer within {ANSWER_WITHIN:.0f} seconds"
            return problems.answer(RelayFull(said, after=SOON))
        except ClientDisconnect:
            return Response()
        except Exception as error:  # the last place where it can be told
            log.exception("%s: %s", endpoint.path, type(error).__name__)
            return problems.response(problems.UNEXPECTED)

    return answer


@asynccontextmanager
async def _room(endpoint: Endpoint, request: Request) -> AsyncIterator[None]:
    """Has room for a body, until it is answered.

    Raises:
        RelayFull: it is large, and so is another one.
    """
    if min(endpoint.most_bytes, _length(request)) <= SMALL:
        yield
        return
    if _LARGE.locked():
        raise RelayFull("another document as large as this one is being read", after=SOON)
    async with _LARGE:
        yield


def _length(request: Request) -> int:
    """How many bytes the body has; 0 if nobody said. The server has read the header before."""
    return int(request.headers.get("Content-Length", 0))


async def _admitted(endpoint: Endpoint, request: Request) -> Call:
    """A request that is admitted, with its body.

    Raises:
        TooManyRequests: its address asks for too much.
        RequestTooLarge: its body is larger than the endpoint takes.
        RequestTooSlow: it is not whole in time.
    """
    relay: Relay = request.app.state.relay
    name = visitor(request.client.host if request.client else "")
    relay.visitors.admit(name)
    try:
        async with asyncio.timeout(READ_WITHIN):
            most = min(endpoint.most_bytes, max(SMALL, _length(request)))
            body = await _body(request, most)
    except TimeoutError as error:
        raise RequestTooSlow(READ_WITHIN) from error
    return Call(relay, request, body, name)


async def _body(request: Request, most: int) -> bytes:
    found = bytearray()
    async for piece in request.stream():
        found += piece
        if len(found) > most:
            raise RequestTooLarge(most)
    return bytes(found)
