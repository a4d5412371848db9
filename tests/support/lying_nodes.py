"""A node that lies: a proxy in front of an honest one that changes its answers."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.request import Request, urlopen

from support.servers import FOR_BROWSERS, Quiet, listening

Lie = Callable[[str, list[Any], Any], Any]
"""Gets method, parameters and the honest result; gives the result to tell."""

Twist = Callable[[Any, Any], Any]
"""Gets what is asked, one request or a list, and the whole honest answer; gives that to tell."""

Head = Callable[[Any], tuple[int, dict[str, str]]]
"""Gets what is asked; gives the HTTP status and more headers of the answer."""


@dataclass
class LyingNode:
    """Where it listens, and what it makes of answers; honest until it is told a lie.

    Attributes:
        honest: URL of the node behind it.
        lie: what it makes of results.
        twist: what it makes of whole answers.
        head: how it answers by HTTP.
        url: its own.
    """

    honest: str
    lie: Lie = field(default=lambda _method, _parameters, result: result)
    twist: Twist = field(default=lambda _asked, answer: answer)
    head: Head = field(default=lambda _asked: (200, {}))
    url: str = ""

    def answer(self, asked: Any, body: bytes) -> bytes:
        request = Request(  # noqa: S310  # of this machine
            self.honest, data=body, headers={"Content-Type": "application/json"}
        )
        with urlopen(request) as response:  # noqa: S310  # of this machine
            told = json.loads(response.read())
        each = zip(asked, told, strict=True) if isinstance(told, list) else [(asked, told)]
        for question, own in each:
            if "result" in own:
                own["result"] = self.lie(
                    question["method"], question.get("params", []), own["result"]
                )
        return json.dumps(self.twist(asked, told)).encode()


def refusing(method: str, said: str, *, of: str = "") -> Twist:
    """Answers a method with an error, where its request holds this text."""

    def twist(asked: Any, answer: Any) -> Any:
        if isinstance(asked, dict) and asked["method"] == method and of in json.dumps(asked):
            return with_error(asked, said)
        return answer

    return twist


def too_busy(request: Any) -> dict[str, Any]:
    """The answer of a node that has too much to do."""
    return with_error(request, "too many requests", code=-32005)


def with_error(request: Any, said: str, *, code: int = -32000, data: Any = None) -> dict[str, Any]:
    """An answer with an error."""
    error = {"code": code, "message": said} | ({} if data is None else {"data": data})
    return {"jsonrpc": "2.0", "id": request.get("id"), "error": error}


@contextmanager
def lying_node(honest: str) -> Iterator[LyingNode]:
    """A proxy in front of the node at this URL."""
    node = LyingNode(honest)

    class Handler(Quiet):
        def do_OPTIONS(self) -> None:
            self.send_response(204)
            for name, value in FOR_BROWSERS.items():
                self.send_header(name, value)
            self.end_headers()

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            asked = json.loads(body)
            told = node.answer(asked, body)
            status, headers = node.head(asked)
            self.send_response(status)
            for name, value in (headers | FOR_BROWSERS).items():
                self.send_header(name, value)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(told)))
            self.end_headers()
            self.wfile.write(told)

    with listening(Handler) as node.url:
        yield node
