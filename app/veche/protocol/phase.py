"""The phases of a poll and of a board (PROTOCOL §2 to §4)."""

from __future__ import annotations

from enum import StrEnum, auto
from typing import Self


class _Phase(StrEnum):
    """A phase is its name, also in JSON. It can be made of the number that contracts give it."""

    @classmethod
    def _missing_(cls, value: object) -> Self | None:
        return dict(enumerate(cls)).get(value) if isinstance(value, int) else None

    @property
    def number(self) -> int:
        """The number that contracts give it."""
        return tuple(type(self)).index(self)


class Phase(_Phase):
    """Where a poll stands."""

    SCHEDULED = auto()
    OPEN = auto()
    CLOSED = auto()
    TALLIED = auto()
    VOID = auto()
    CANCELLED = auto()


class BoardPhase(_Phase):
    """Where a key ceremony stands."""

    DEALING = auto()
    CONFIRMING = auto()
    READY = auto()
    FAILED = auto()
