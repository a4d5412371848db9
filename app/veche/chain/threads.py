"""Work that waits, for callers in asyncio."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import Future
from threading import Thread
from typing import TypeVar

T = TypeVar("T")


async def awaited(work: Callable[[], T]) -> T:
    """What work gives that waits for others. It has a thread of its own: those of asyncio's pool
    are few, and all could be waiting.
    """
    outcome: Future[T] = Future()

    def run() -> None:
        try:
            outcome.set_result(work())
        except BaseException as error:  # noqa: BLE001  # it is raised where it is awaited
            outcome.set_exception(error)

    Thread(target=run, daemon=True).start()
    return await asyncio.shield(asyncio.wrap_future(outcome))
