"""Programs and processes that this one starts on this machine, and that do not outlive it."""

from __future__ import annotations

import ctypes
import os
import shutil
import signal
import socket
import sys
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Final

_PR_SET_PDEATHSIG: Final = 1


def end_with_parent(parent: int) -> None:
    """Has the kernel end this process when the one that started it is gone, killed or not. Only
    Linux can. To be called in the new process.

    Args:
        parent: the id of that process; it may be gone already.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
        if os.getppid() != parent:
            os._exit(128 + signal.SIGTERM)


def workers() -> ProcessPoolExecutor:
    """Processes on every core; Ctrl-C is left to the one that they work for."""
    return ProcessPoolExecutor(initializer=_begin, initargs=(os.getpid(),))


def _begin(parent: int) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    end_with_parent(parent)


def free_port() -> int:
    """A port of this machine that nobody listens at."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def find_program(name: str, *, within: Path) -> Path | None:
    """A program of the project's own set-up, or else of the PATH.

    Args:
        name: of the program.
        within: the folder that the set-up puts it into, below the project's.
    """
    for folder in (Path.cwd(), *Path.cwd().parents):
        candidate = folder / within / name
        if os.access(candidate, os.X_OK):
            return candidate
    found = shutil.which(name)
    return Path(found) if found else None
