"""Lists of names as people read them, in messages and elsewhere."""

from __future__ import annotations

from collections.abc import Sequence


def listed(names: Sequence[object]) -> str:
    """Names with commas between them; "none" if there are no names."""
    return ", ".join(map(str, names)) or "none"


def joined(names: Sequence[str]) -> str:
    """Names as a sentence has them, such as "Lime, Oak and Elm"."""
    *first, last = names
    return f"{', '.join(first)} and {last}" if first else last
