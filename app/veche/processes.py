"""Processes that do not outlive the one that started them."""

from __future__ import annotations

import ctypes
import signal
import sys
from concurrent.futures import ProcessPoolExecutor

_PR_SET_PDEATHSIG = 1


def end_with_parent() -> None:
    """Has the kernel end this process when the one that started it is gone, killed or not. Only
    Linux can.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


def workers() -> ProcessPoolExecutor:
    """Processes on every core; Ctrl-C is left to the one that they work for."""
    return ProcessPoolExecutor(initializer=_begin)


def _begin() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    end_with_parent()
