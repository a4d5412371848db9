"""A real PostgreSQL, which is gone afterwards."""

from __future__ import annotations

import os
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil
from pgserver.postgres_server import PostgresServer, get_server

TRIES = 30
"""How often a server is waited for."""


@contextmanager
def postgresql() -> Iterator[PostgresServer]:
    """A server of this machine that listens at a socket in a folder of its own."""
    os.environ.setdefault("XDG_RUNTIME_DIR", tempfile.gettempdir())
    with tempfile.TemporaryDirectory(prefix="pg", dir="/tmp") as folder:  # a short path
        server = get_server(Path(folder) / "data", cleanup_mode="stop")
        try:
            yield server
        finally:
            server.cleanup()


def restart(server: PostgresServer) -> None:
    """Ends all connections at once, as a crash does, and starts the server again."""
    pid = server.get_pid()
    assert pid
    os.kill(pid, 3)  # SIGQUIT: immediate shutdown, to be recovered from
    while psutil.pid_exists(pid):
        pass
    for _ in range(TRIES):
        with suppress(subprocess.TimeoutExpired):  # it gives a server ten seconds to recover
            server.ensure_postgres_running()
            return
    raise AssertionError("PostgreSQL did not start again")
