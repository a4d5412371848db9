"""What a relay can be asked for: a path, what answers there, and how it is described."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, TypeAlias

from starlette.requests import Request
from starlette.responses import Response

from veche.errors import MalformedRequest
from veche.relay.relay import Relay

Schema: TypeAlias = dict[str, Any]
"""A JSON schema, as OpenAPI 3.1 has it."""

JSON: Final = "application/json"
TEXT: Final[Schema] = {"type": "string"}
NUMBER: Final[Schema] = {"type": "integer"}
ADDRESS: Final[Schema] = {"type": "string", "pattern": "^0x[0-9a-fA-F]{40}$"}
WORD: Final[Schema] = {"type": "string", "pattern": "^0x[0-9a-f]{64}$"}


def table(**properties: Schema) -> Schema:
    """The schema of an object that always has these members."""
    return {"type": "object", "required": list(properties), "properties": properties}


def listed(items: Schema) -> Schema:
    """The schema of a list."""
    return {"type": "array", "items": items}


def optional(schema: Schema) -> Schema:
    """The schema of a value that may be null."""
    return {"anyOf": [schema, {"type": "null"}]}


@dataclass(frozen=True, slots=True)
class Call:
    """A request that is admitted, and read whole.

    Attributes:
        relay: whom it is for.
        request: its head.
        body: its body.
        visitor: whom it comes from, as limits know them.
    """

    relay: Relay
    request: Request
    body: bytes
    visitor: str

    def part(self, name: str) -> str:
        """A part of the path."""
        return str(self.request.path_params[name])

    @property
    def text(self) -> str:
        """The body as a text.

        Raises:
            MalformedRequest: the body is not UTF-8.
        """
        try:
            return self.body.decode()
        except UnicodeDecodeError as error:
            raise MalformedRequest("the body is not text in UTF-8") from error


Handler: TypeAlias = Callable[[Call], Awaitable[Response]]


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A path, and what answers there.

    Attributes:
        method: GET, POST or PUT.
        path: with its parameters in braces.
        handler: answers a request.
        summary: what it does, in a sentence.
        answers: the schemas of its answers, by status.
        refusals: the statuses with which it alone refuses, beside those that anything may have.
        parameters: the schemas of the path's parameters.
        queries: the schemas of what may be in the query.
        body: the schema of the request's body; None if it has none.
        most_bytes: maximum bytes of the body.
        media_type: of its answers.
    """

    method: str
    path: str
    handler: Handler
    summary: str
    answers: Mapping[int, Schema]
    refusals: Sequence[int] = ()
    parameters: Mapping[str, Schema] = field(default_factory=dict)
    queries: Mapping[str, Schema] = field(default_factory=dict)
    body: Schema | None = None
    most_bytes: int = 0
    media_type: str = JSON


def json_answer(
    fields: Any,  # noqa: ANN401  # plain JSON
    status: int = 200,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """An answer in JSON."""
    return Response(json.dumps(fields), status, dict(headers or {}), JSON)
