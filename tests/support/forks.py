"""New processes that have loaded Veche already, which takes longer than what most have to do.

They are forked from a process that has loaded `PRELOADED` and done nothing else. `veche.cli` is not
among these: it and what it shows things with look at the environment when they are loaded.
"""

from __future__ import annotations

import atexit
from collections.abc import Callable
from multiprocessing import active_children, get_context, reduction
from multiprocessing.context import ForkServerProcess
from typing import Any

import pytest

import veche.official
from veche.carrier import carrier
from veche.files import keystore, network, poll
from veche.observer import record_writer, watching
from veche.trustee import trustee

PRELOADED = [
    each.__name__
    for each in (
        pytest,  # the program that starts these processes, which they look at when they begin
        veche.official,
        carrier,
        keystore,
        network,
        poll,
        record_writer,
        watching,
        trustee,
    )
]

_CONTEXT = get_context("forkserver")
_CONTEXT.set_forkserver_preload(PRELOADED)


class Handed:
    """A descriptor that is handed to a new process, where it is a number."""

    def __init__(self, descriptor: int) -> None:
        self.descriptor = descriptor

    def __reduce__(self) -> tuple[Callable[[Any], int], tuple[object]]:
        return _received, (reduction.DupFd(self.descriptor),)


def _received(handed: Any) -> int:
    return int(handed.detach())


def start(work: Callable[..., object], *arguments: object) -> ForkServerProcess:
    """Starts a process that calls a function of a module."""
    process = _CONTEXT.Process(target=work, args=arguments)
    process.start()
    return process


@atexit.register
def _end_all() -> None:
    """What a test that failed has left running would be waited for otherwise."""
    for each in active_children():
        each.kill()
