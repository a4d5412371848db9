"""The fault tests of a network end when they are told to, whatever their clients have to do."""

from __future__ import annotations

import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

from veche.processes import free_port

CASTING = """
import sys
from types import SimpleNamespace
from tools.faults.__main__ import end_when_told
from tools.faults.casting import CLIENTS, Clients

end_when_told()
network = SimpleNamespace(confirmations=1)
clients = Clients(SimpleNamespace(urls=[sys.argv[1]], network=network), "0x" + "11" * 20)
work = clients.cast([object()] * CLIENTS)
print("casting", flush=True)
for each in work:
    each.result()
"""
"""Clients who try for ever, as no node answers."""

ROOT = Path(__file__).parents[2]
AGAIN = 5
"""Seconds before a signal is sent again: Python sees none in the instant before it waits."""
TIMES = 24


def test_clients_end_after_sigterm() -> None:
    words = [sys.executable, "-c", CASTING, f"http://127.0.0.1:{free_port()}"]
    with subprocess.Popen(words, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603  # our own
        try:
            assert process.stdout
            assert process.stdout.readline() == "casting\n"
            assert _code(process) == 128 + signal.SIGTERM
        finally:
            process.kill()


def _code(process: subprocess.Popen[str]) -> int | None:
    """The exit code of a process that is told to end; None if it does not."""
    for _ in range(TIMES):
        process.send_signal(signal.SIGTERM)
        with suppress(subprocess.TimeoutExpired):
            return process.wait(AGAIN)
    return None
