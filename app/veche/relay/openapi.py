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
    refused = {problems.MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    answers = {
        str(status): {"description": "done", "content": {endpoint.media_type: {"schema": schema}}}
        for status, schema in endpoint.answers.items()
    }
    found: dict[str, Any] = {
        "operationId": endpoint.handler.__name__,
        "summary": endpoint.summary,
        "responses": answers | {"default": {"description": "refused", "content": refused}},
    }
    if endpoint.parameters:
        found["parameters"] = [
            {"name": name, "in": "path", "required": True, "schema": schema}
            for name, schema in endpoint.parameters.items()
        ]
    if endpoint.body is not None:
        content = {JSON: {"schema": endpoint.body}}
        found["requestBody"] = {"required": True, "content": content}
    return found
