"""A town that votes on a chain of its own, for each test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from support.officials_work import BEGINS, ExampleTown
from veche.chain.embedded import EmbeddedChain, embedded_chain


@pytest.fixture
def chain() -> Iterator[EmbeddedChain]:
    with embedded_chain(begins=BEGINS) as running:
        yield running


@pytest.fixture
def town(chain: EmbeddedChain, tmp_path: Path) -> ExampleTown:
    return ExampleTown(chain, tmp_path)
