"""`veche page`: the page with which anyone votes and checks polls in a browser, one file."""

from __future__ import annotations

from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Annotated, Final

import typer

from veche.cli import options
from veche.cli.new_files import require_new
from veche.cli.output import Output
from veche.errors import InvalidFile, Mistake
from veche.files.writing import write_pieces_atomically
from veche.web import page as built

HOST: Final = "127.0.0.1"
"""The page is served to this machine alone."""


def page(
    file: Annotated[
        Path | None, typer.Argument(metavar="FILE.html", help="Where the page is written.")
    ] = None,
    *,
    serve: Annotated[
        bool, typer.Option("--serve", help="Serve the page on this machine, until Ctrl-C.")
    ] = False,
    port: Annotated[
        int, typer.Option("--port", min=0, max=65535, help="The port; by default a free one.")
    ] = 0,
    sha256: Annotated[
        bool, typer.Option("--hash", help="Show the SHA-256 of the page, to publish it.")
    ] = False,
    as_json: options.Json = False,
) -> None:
    """Writes the page with which anyone votes and checks polls in a browser, or serves it.

    The page is one file, and the same for everybody; a relay serves it too. It encrypts ballots and
    makes every check on the reader's own device, and asks only the nodes and relays that the reader
    names. Publish its hash with the poll's link, so that people can compare the copy that they
    have.

    Example:  veche page page.html
    """
    if (file is not None) + serve + sha256 != 1:
        raise typer.BadParameter("name a file, or give --serve or --hash")
    output, own = Output(as_json), built.sha256()
    if sha256:
        output.tell({"sha256": own}, own)
    elif file is not None:
        require_new(file)
        write_pieces_atomically(file, [built.content()])
        output.tell({"file": str(file), "sha256": own}, f"Written: {file}", f"SHA-256: {own}")
    else:
        with server(port) as serving:
            url = f"http://{HOST}:{serving.server_port}/"
            output.tell({"url": url, "sha256": own}, f"Open {url} (Ctrl-C ends it)")
            serving.serve_forever()


def server(port: int) -> ThreadingHTTPServer:
    """A server of the page on this machine.

    Args:
        port: its port; 0 for a free one.

    Raises:
        InvalidFile: another program has the port.
    """

    class Handler(BaseHTTPRequestHandler):
        """Answers with the page, whatever is asked for after a question mark."""

        def do_GET(self) -> None:  # as http.server calls it
            self._answer(built.content())

        def do_HEAD(self) -> None:
            self._answer(b"")

        def _answer(self, body: bytes) -> None:
            if self.path.partition("?")[0] != "/":
                self.send_error(404)
                return
            self.send_response(200)
            for name, value in built.HEADERS.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(built.content())))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Says nothing: who opens the page is nobody's business."""

    try:
        return ThreadingHTTPServer((HOST, port), Handler)
    except OSError as error:
        remedy = "name another port, or none"
        mistake = Mistake(0, f"port {port} cannot be used: {error.strerror}", remedy)
        raise InvalidFile("--port", [mistake]) from error
