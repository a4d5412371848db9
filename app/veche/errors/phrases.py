"""Phrases that people read, in messages and elsewhere: counts and lists."""

from __future__ import annotations

from collections.abc import Sequence


def count(number: int, thing: str) -> str:
    """A number of things, such as "1 voter" or "2,000 voters"."""
    return f"{number:,} {thing}{'' if number == 1 else 's'}"


def listed(names: Sequence[object]) -> str:
    """Names with commas between them; "none" if there are no names."""
    return ", ".join(map(str, names)) or "none"


def joined(names: Sequence[str]) -> str:
    """Names as a sentence has them, such as "Lime, Oak and Elm"."""
    *first, last = names
    return f"{', '.join(first)} and {last}" if first else last
