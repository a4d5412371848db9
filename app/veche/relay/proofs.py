"""Proofs are verified once: what was found when a ballot was accepted serves its carrier too."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable, Iterator
from concurrent.futures import Executor
from threading import Lock
from typing import Any, Final, TypeVar

from veche.errors import VecheError

T = TypeVar("T")

MOST: Final = 2_000
"""Maximum results that are remembered: those of the newest ballots."""


class Verified:
    """The results of workers, by what they were given. Threads may share it."""

    def __init__(self) -> None:
        self._turn = Lock()
        self._found: OrderedDict[Hashable, Any] = OrderedDict()

    def remember(self, task: Hashable, result: object) -> None:
        """Remembers a result, unless it is a refusal."""
        if isinstance(result, VecheError):
            return
        with self._turn:
            self._found[task] = result
            if len(self._found) > MOST:
                self._found.popitem(last=False)

    def take(self, task: Hashable) -> Any:  # noqa: ANN401  # whatever the work gives
        """A result that is remembered, and then forgotten; None if there is none."""
        with self._turn:
            return self._found.pop(task, None)


class _Wrapped(Executor):
    """Workers, and what they have found."""

    def __init__(self, pool: Executor, verified: Verified) -> None:
        self._pool, self._verified = pool, verified


class Remembering(_Wrapped):
    """Workers whose results are remembered."""

    def map(
        self,
        work: Callable[..., T],
        *each: Iterable[Any],
        timeout: float | None = None,
        chunksize: int = 1,
    ) -> Iterator[T]:
        """Has workers call a function with each of these."""
        (tasks,) = [list(one) for one in each]
        for task, result in zip(
            tasks,
            self._pool.map(work, tasks, timeout=timeout, chunksize=chunksize),
            strict=True,
        ):
            self._verified.remember(task, result)
            yield result


class Recalling(_Wrapped):
    """Workers that are not asked for what is remembered."""

    def map(
        self,
        work: Callable[..., T],
        *each: Iterable[Any],
        timeout: float | None = None,
        chunksize: int = 1,
    ) -> Iterator[T]:
        """What is remembered; has workers call a function with each of the others."""
        (tasks,) = [list(one) for one in each]
        known = [self._verified.take(task) for task in tasks]
        missing = [task for task, found in zip(tasks, known, strict=True) if found is None]
        fresh = iter(self._pool.map(work, missing, timeout=timeout, chunksize=chunksize))
        for found in known:
            yield next(fresh) if found is None else found
