"""Refusals as problem documents (RFC 9457), in the same words as the command's."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

from starlette.responses import Response

from veche.errors import (
    AddressTaken,
    ForbiddenMethod,
    InsufficientFunds,
    InvalidDocument,
    MalformedRequest,
    NodeError,
    NotAnOfficial,
    OldEdition,
    RelayError,
    RelayFull,
    RelayStops,
    RequestTooLarge,
    RequestTooSlow,
    StaleBinding,
    StoreFailed,
    TooManyRequests,
    UnknownDocument,
    UnknownEnrolment,
    UnknownResource,
    VecheError,
)
from veche.errors.relay import SOON

MEDIA_TYPE: Final = "application/problem+json"
TYPES: Final = "/v1/problems/"
"""Where the type of a problem is described; its exception's name follows."""

REFUSED: Final = 422
"""The status of a document that can be read, and that the protocol refuses."""
STATUSES: Final[dict[type[VecheError], int]] = {
    InvalidDocument: 400,
    MalformedRequest: 400,
    ForbiddenMethod: 403,
    NotAnOfficial: 403,
    UnknownDocument: 404,
    UnknownEnrolment: 404,
    UnknownResource: 404,
    RequestTooSlow: 408,
    OldEdition: 409,
    StaleBinding: 409,
    AddressTaken: 409,
    RequestTooLarge: 413,
    TooManyRequests: 429,
    RelayFull: 503,
    RelayStops: 503,
    StoreFailed: 503,
    RelayError: 503,
    NodeError: 503,
    InsufficientFunds: 503,
}
"""The status of each class of errors; the first that fits counts. For all others it is REFUSED."""
PASSING: Final = (STATUSES[RelayFull], STATUSES[TooManyRequests])
"""The statuses of what may be asked again later: `Retry-After` tells when."""
UNEXPECTED: Final = {
    "type": "about:blank",
    "title": "Unexpected error",
    "status": 500,
    "detail": "this should not have happened",
    "name": "UnexpectedError",
    "values": [],
    "remedy": "Please report it to whoever runs this relay. Use another one meanwhile.",
}
"""What is told of a fault of the relay's own: its message may hold a secret."""


def fields(error: VecheError) -> dict[str, Any]:
    """The members of the problem document of an error."""
    name = type(error).__name__
    return {
        "type": f"{TYPES}{name}",
        "title": title(type(error)),
        "status": status(error),
        "detail": str(error),
        "name": name,
        "values": [_plain(each) for each in getattr(error, "values", ())],
        "remedy": error.remedy,
    }


def title(kind: type[VecheError]) -> str:
    """What an exception says of itself, in its first sentence."""
    text = " ".join((kind.__doc__ or "").split("\n\n")[0].split())
    return text.partition(". ")[0].removesuffix(".")


def explanation(kind: type[VecheError]) -> dict[str, str]:
    """What an exception stands for, and what to do about it."""
    said = " ".join((kind.__doc__ or "").partition("Attributes:")[0].split())
    told = {"name": kind.__name__, "title": title(kind), "description": said}
    return told | {"remedy": kind.remedy}


def status(error: VecheError) -> int:
    """The HTTP status of an error."""
    return next((code for kind, code in STATUSES.items() if isinstance(error, kind)), REFUSED)


def document(error: VecheError) -> str:
    """The problem document of an error, as a JSON text."""
    return json.dumps(fields(error))


def answer(error: VecheError) -> Response:
    """The answer that tells of an error."""
    told = fields(error)
    headers = {}
    if told["status"] in PASSING:
        headers["Retry-After"] = str(getattr(error, "after", 0) or SOON)
    return response(told, headers)


def response(told: Mapping[str, Any], headers: Mapping[str, str] | None = None) -> Response:
    """The answer with these members."""
    return Response(json.dumps(told), told["status"], dict(headers or {}), MEDIA_TYPE)


def _plain(value: object) -> object:
    return f"0x{value.hex()}" if isinstance(value, bytes) else value
