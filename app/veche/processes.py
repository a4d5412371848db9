"""Processes that this one starts on this machine; none outlives it."""

from __future__ import annotations

import ctypes
import os
import random
import shutil
import signal
import socket
import sys
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import ExitStack
from multiprocessing import get_context
from pathlib import Path
from threading import Lock
from typing import Any, Final, TypeVar

T = TypeVar("T")

PROJECT: Final = Path(__file__).parents[2]
"""The folder of the project, if the package is not installed elsewhere."""

_GIVEN_PORTS: Final = Path("/proc/sys/net/ipv4/ip_local_port_range")
"""Where Linux tells the ports that it gives to whoever asks for any."""
_FIRST_GIVEN: Final = 49_152
"""The first of these ports where nobody tells (RFC 6335)."""
_FIRST_OWN: Final = 10_000
"""The first port that is tried; many services have one below it."""
_PR_SET_PDEATHSIG: Final = 1
"""Option of Linux's prctl: the signal that a process gets when its parent ends."""


def end_with_parent(parent: int) -> None:
    """Has the kernel end this process when its parent ends, even by a kill. Call it in the child.

    Only Linux can do that; elsewhere nothing happens.

    Args:
        parent: the id of the parent, which may have ended already.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
        if os.getppid() != parent:
            os._exit(128 + signal.SIGTERM)


def workers() -> ProcessPoolExecutor:
    """A worker process for every core. Workers ignore Ctrl-C; their parent ends them.

    This process starts them itself and so is their parent. Python's default since 3.14 is a server
    process, which would be their parent instead.
    """
    context = get_context("fork" if sys.platform == "linux" else "spawn")
    return ProcessPoolExecutor(mp_context=context, initializer=_begin, initargs=(os.getpid(),))


class LastingWorkers(Executor):
    """As `workers`; they are started anew if one of them is killed. Threads may share them.

    The first are started when it is made: begin no thread before.
    """

    def __init__(self) -> None:
        self._turn = Lock()
        self._pool = _started()

    def submit(self, work: Callable[..., T], /, *args: Any, **named: Any) -> Future[T]:  # noqa: ANN401
        """Has a worker call a function."""
        return self._pool.submit(work, *args, **named)

    def map(
        self,
        work: Callable[..., T],
        *each: Iterable[Any],
        timeout: float | None = None,
        chunksize: int = 1,
    ) -> Iterator[T]:
        """Has workers call a function with each of these, and again if one is killed meanwhile."""
        given, pool = [list(one) for one in each], self._pool
        try:
            return iter([*pool.map(work, *given, timeout=timeout, chunksize=chunksize)])
        except BrokenProcessPool:
            self._renew(pool)
            again = self._pool.map(work, *given, timeout=timeout, chunksize=chunksize)
            return iter([*again])

    def _renew(self, broken: ProcessPoolExecutor) -> None:
        with self._turn:
            if self._pool is broken:
                broken.shutdown(wait=False)
                self._pool = _started()

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:  # noqa: FBT001, FBT002
        """Ends the workers."""
        self._pool.shutdown(wait, cancel_futures=cancel_futures)


def _started() -> ProcessPoolExecutor:
    pool = workers()
    pool.submit(int).result()  # by then all of them are started
    return pool


def _begin(parent: int) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    end_with_parent(parent)


def free_port() -> int:
    """A port of this machine that no process has, for TCP or UDP.

    The kernel gives it to nobody who asks for any port or connects from one. So it stays free until
    somebody asks for it by its number.
    """
    return free_ports(1)[0]


def free_ports(count: int) -> list[int]:
    """Different ports of this machine, each as `free_port` returns it."""
    with ExitStack() as held:
        return [_hold_port(held) for _ in range(count)]


def _hold_port(held: ExitStack) -> int:
    """Binds a port at random, and holds it until the stack is closed."""
    while True:
        port = random.choice(_own_ports())  # noqa: S311  # no secret
        with ExitStack() as tried:
            try:
                for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM):
                    tried.enter_context(socket.socket(type=kind)).bind(("", port))
            except OSError:
                continue
            held.push(tried.pop_all())
            return port


def _own_ports() -> range:
    """The ports that programs may name, without those that the kernel gives to anybody."""
    try:
        first = int(_GIVEN_PORTS.read_text().split()[0])
    except OSError:  # this is not Linux
        first = _FIRST_GIVEN
    return range(_FIRST_OWN, first if first > 2 * _FIRST_OWN else 2**16)


def find_program(name: str, *, within: Path) -> Path | None:
    """The path of a program; None if it is not installed.

    The project's own comes first, if this is its checkout, and then the one on PATH. The current
    folder and those above it may be anybody's, so they are never looked in.

    Args:
        name: the program's name.
        within: the program's folder, relative to the project's.
    """
    own = PROJECT / within / name
    if os.access(own, os.X_OK):
        return own
    found = shutil.which(name)
    return Path(found) if found else None
