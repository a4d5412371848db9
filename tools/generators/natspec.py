"""What the contracts' sources say of their custom errors."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

DECLARATION = re.compile(r"((?:^ *///[^\n]*\n)*)^ *error (\w+)\(", re.MULTILINE)
TAG = re.compile(r"@(\w+) ")


@dataclass(frozen=True)
class Declaration:
    """Where an error is declared, and its `@notice`."""

    source: Path
    notice: str


def declarations(sources: Iterable[Path]) -> dict[str, Declaration]:
    """Every custom error of these sources, by name.

    Raises:
        ValueError: an error has no notice, or is declared twice.
    """
    found: dict[str, Declaration] = {}
    for source in sources:
        for comment, name in DECLARATION.findall(source.read_text()):
            if name in found:
                raise ValueError(f"{source}: {name} is declared in {found[name].source} too")
            found[name] = Declaration(source, _notice(comment))
            if not found[name].notice:
                raise ValueError(f"{source}: {name} has no /// @notice")
    return found


def _notice(comment: str) -> str:
    """The text behind @notice, up to another tag, in one line."""
    text = " ".join(line.strip().removeprefix("///").strip() for line in comment.splitlines())
    # what stands before the first tag, then every tag and its text
    _, *parts = TAG.split(text)
    tags = dict(zip(parts[::2], parts[1::2], strict=True))
    return tags.get("notice", "").strip()
