"""A node that lies: a proxy in front of an honest one that changes its answers."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.request import Request, urlopen

Lie = Callable[[str, list[Any], Any], Any]
"""Gets method, parameters and the honest result; gives the result to tell."""


@dataclass
class LyingNode:
    """Where it listens, what it makes of answers, and a method that it refuses; honest until it is
    told a lie.
    """

    honest: str
    lie: Lie = field(default=lambda _method, _parameters, result: result)
    refused: str = ""
    url: str = ""

    def answer(self, body: bytes) -> bytes:
        asked = json.loads(body)
        if isinstance(asked, dict) and asked["method"] == self.refused:
            fault = {"code": -32601, "message": f"the method {self.refused} is not available"}
            return json.dumps({"jsonrpc": "2.0", "id": asked["id"], "error": fault}).encode()
        request = Request(  # noqa: S310  # of this machine
            self.honest, data=body, headers={"Content-Type": "application/json"}
        )
        with urlopen(request) as response:  # noqa: S310  # of this machine
            told = json.loads(response.read())
        if "result" in told:
            told["result"] = self.lie(asked["method"], asked.get("params", []), told["result"])
        return json.dumps(told).encode()


@contextmanager
def lying_node(honest: str) -> Iterator[LyingNode]:
    """A proxy in front of the node at this URL."""
    node = LyingNode(honest)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = 1 << 16  # head and body in one packet

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            told = node.answer(body)
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(told)))
            self.end_headers()
            self.wfile.write(told)

        def log_message(self, *_: Any) -> None:
            """Nothing: tests are quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    node.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield node
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
