"""Lists of names as people read them, in messages and elsewhere."""

from __future__ import annotations

from collections.abc import Sequence


def listed(names: Sequence[object]) -> str:
    """Names with commas between them; "none" if there are no names."""
    return ", ".join(map(str, names)) or "none"


def numbered(thing: str, numbers: Sequence[int]) -> str:
    """Things by their numbers, such as "trustee 2", "trustees 1 and 3" or "no trustee"."""
    if not numbers:
        return f"no {thing}"
    return f"{thing}{'' if len(numbers) == 1 else 's'} {joined([*map(str, numbers)])}"


def joined(names: Sequence[str]) -> str:
    """Names as a sentence has them, such as "Lime, Oak and Elm"."""
    *first, last = names
    return f"{', '.join(first)} and {last}" if first else last
