"""The phases of a poll (PROTOCOL §3, §4)."""

from __future__ import annotations

from enum import IntEnum


class Phase(IntEnum):
    """Where a poll stands."""

    SCHEDULED = 0
    OPEN = 1
    CLOSED = 2
    TALLIED = 3
    VOID = 4
    CANCELLED = 5

    def __str__(self) -> str:
        return self.name.lower()
