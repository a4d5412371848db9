"""The description of a relay in OpenAPI 3.1, made of what it serves."""

from __future__ import annotations

from collections.abc import Iterable
from importlib.metadata import version
from typing import Any, Final

from veche.relay import problems
from veche.relay.endpoints import JSON, NUMBER, TEXT, Endpoint, Schema, listed, table

PROBLEM: Final[Schema] = table(
    type=TEXT,
    title=TEXT,
    status=NUMBER,
    detail=TEXT,
    name=TEXT | {"description": "the name of the error, as docs/errors.md lists it"},
    values=listed({}),
    remedy=TEXT,
)
"""The schema of a refusal."""
ANYWHERE: Final = (408, 413, 429, 503)
"""The statuses with which anything may be refused: too slow, too large, too often, not now."""


def description(endpoints: Iterable[Endpoint]) -> dict[str, Any]:
    """The description of these endpoints."""
    paths: dict[str, dict[str, Any]] = {}
    for each in endpoints:
        paths.setdefault(each.path, {})[each.method.lower()] = _operation(each)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Veche relay",
            "description": "Takes signed ballots and has them cast. It is trusted with nothing.",
            "version": version("veche"),
        },
        "paths": paths,
        "components": {"schemas": {"Problem": PROBLEM}},
    }


def _operation(endpoint: Endpoint) -> dict[str, Any]:
    answers = {
        str(status): {"description": "done", "content": {endpoint.media_type: {"schema": schema}}}
        for status, schema in endpoint.answers.items()
    }
    refusals = {str(status): _refusal(status) for status in (*endpoint.refusals, *ANYWHERE)}
    for status in answers.keys() & refusals.keys():  # either may be the answer
        answers[status]["content"] |= refusals[status]["content"]
    found: dict[str, Any] = {
        "operationId": endpoint.handler.__name__,
        "summary": endpoint.summary,
        "responses": refusals | answers | {"default": _refused("this should not have happened")},
    }
    parameters = [
        {"name": name, "in": where, "required": where == "path", "schema": schema}
        for where, own in (("path", endpoint.parameters), ("query", endpoint.queries))
        for name, schema in own.items()
    ]
    if parameters:
        found["parameters"] = parameters
    if endpoint.body is not None:
        content = {JSON: {"schema": endpoint.body}}
        found["requestBody"] = {"required": True, "content": content}
    return found


def _refusal(status: int) -> dict[str, Any]:
    """The answer with a status that refuses, and the errors that it stands for."""
    names = [kind.__name__ for kind, own in problems.STATUSES.items() if own == status]
    found = _refused(", ".join(names) or "the protocol does not accept it")
    if status in problems.PASSING:
        found["headers"] = {"Retry-After": {"description": "seconds", "schema": NUMBER}}
    return found


def _refused(said: str) -> dict[str, Any]:
    content = {problems.MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {"description": f"refused: {said}", "content": content}
