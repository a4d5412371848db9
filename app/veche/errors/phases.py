"""The phases of polls and of boards by the numbers that contracts give them, for messages."""

from __future__ import annotations

from typing import Final

NAMES: Final = {
    "poll": ("scheduled", "open", "closed", "tallied", "void", "cancelled"),
    "board": ("dealing", "confirming", "ready", "failed"),
}
"""The names of the phases in the order of their numbers. `Phase` and `BoardPhase` have the same."""


def phase_text(number: int, of: str) -> str:
    """The name of a phase; its number if it has no name.

    Args:
        number: as a contract gives it.
        of: "poll" or "board".
    """
    names = NAMES[of]
    return names[number] if number in range(len(names)) else f"in phase {number}"
