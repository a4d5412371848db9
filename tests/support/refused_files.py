"""What a reader tells of a faulty file, checked for what all of them promise."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from veche.errors import InvalidFile, Mistake
from veche.protocol.characters import is_readable


def mistakes(read: Callable[[Path], Any], path: Path) -> tuple[Mistake, ...]:
    """The mistakes in a file, which must be refused: in order, each with a remedy, printable."""
    with pytest.raises(InvalidFile) as caught:
        read(path)
    found = caught.value.mistakes
    assert caught.value.path == str(path)
    assert found
    assert in_order(found)
    for each in found:
        assert each.what
        assert each.remedy
        assert is_readable(each.what + each.remedy)
        assert len(each.what) < 300
    return found


def in_order(found: Sequence[Mistake]) -> bool:
    """Whether mistakes are told from the top of a file, before those in a file that it names."""
    return list(found) == sorted(found, key=lambda each: (each.path, each.line))


def lines(read: Callable[[Path], Any], path: Path) -> list[int]:
    """The lines of the mistakes in a file."""
    return [each.line for each in mistakes(read, path)]


def the_mistake(read: Callable[[Path], Any], path: Path) -> Mistake:
    """The only mistake in a file."""
    found = mistakes(read, path)
    assert len(found) == 1, found
    return found[0]
