"""The service: reads requests within limits, and answers each in JSON.

Nothing that is logged tells who asked: there is no access log, and no message has an address.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Final

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from veche.chain.connection import Chain
from veche.errors import RequestTooLarge, RequestTooSlow, UnknownResource, VecheError
from veche.files.relay import RelayFile
from veche.relay import ballots, health, openapi, problems
from veche.relay.checking import Desk
from veche.relay.endpoints import Call, Endpoint, json_answer
from veche.relay.limits import Visitors, visitor
from veche.relay.sending import Sending
from veche.relay.store import Store

log: Final = logging.getLogger("veche.relay")

READ_WITHIN: Final = 10.0
"""Seconds in which a request must be whole."""
ANSWER_WITHIN: Final = 60.0
"""Seconds in which it is answered."""
END_WITHIN: Final = 60.0
"""Seconds for which transactions under way are waited for at the end."""


@dataclass(frozen=True, slots=True)
class Relay:
    """A relay at work.

    Attributes:
        config: its file.
        chain: the chain that it carries to.
        store: what it has accepted.
        desk: checks ballots.
        sending: has them carried.
        visitors: limits of those who ask.
    """

    config: RelayFile
    chain: Chain
    store: Store
    desk: Desk
    sending: Sending
    visitors: Visitors

    def start(self) -> None:
        """Begins to check and to carry."""
        self.desk.start()
        self.sending.start()

    def stop(self) -> None:
        """Accepts no more, waits for what is under way, and leaves the rest on disk."""
        self.desk.close()
        self.sending.stop(within=END_WITHIN)
        self.store.close()


def app(relay: Relay) -> Starlette:
    """The service of a relay, as an ASGI application."""
    own = Endpoint("GET", "/v1/openapi.json", _described, "Describes this service.", {200: {}})
    served = (*ENDPOINTS, own)
    built = Starlette(
        routes=[_route(each) for each in served],
        middleware=[
            Middleware(
                CORSMiddleware,
                allow_origins=["*"],
                allow_methods=["GET", "POST"],
                allow_headers=["Content-Type"],
                expose_headers=["Location", "Retry-After"],
                max_age=86_400,
            )
        ],
        exception_handlers={404: _nowhere, 405: _nowhere},
        lifespan=_lifespan,
    )
    built.state.relay = relay
    built.state.description = openapi.description(served)
    return built


ENDPOINTS: Final[Sequence[Endpoint]] = (*ballots.ENDPOINTS, *health.ENDPOINTS)


@asynccontextmanager
async def _lifespan(built: Starlette) -> AsyncIterator[None]:
    built.state.relay.start()
    yield
    await run_in_threadpool(built.state.relay.stop)


async def _described(call: Call) -> Response:
    return json_answer(call.request.app.state.description)


async def _nowhere(*_: object) -> Response:
    said = "nothing is served at this path by this method"
    return problems.answer(UnknownResource(said))


def _route(endpoint: Endpoint) -> Route:
    return Route(endpoint.path, _guarded(endpoint), methods=[endpoint.method])


def _guarded(endpoint: Endpoint) -> Callable[[Request], Awaitable[Response]]:
    """Answers requests to an endpoint, whatever comes."""

    async def answer(request: Request) -> Response:
        try:
            async with asyncio.timeout(ANSWER_WITHIN):
                return await endpoint.handler(await _admitted(endpoint, request))
        except VecheError as refusal:
            return problems.answer(refusal)
        except TimeoutError:
            return problems.answer(RequestTooSlow(ANSWER_WITHIN))
        except ClientDisconnect:
            return Response()
        except Exception as error:  # the last place where it can be told
            log.exception("%s: %s", endpoint.path, type(error).__name__)
            return problems.response(problems.UNEXPECTED)

    return answer


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
            body = await _body(request, endpoint.most_bytes)
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
