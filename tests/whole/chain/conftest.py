"""An open poll of its own for every test."""

from __future__ import annotations

import pytest

from support.elections import Town
from veche import Poll


@pytest.fixture
def poll(town: Town) -> Poll:
    return town.open_poll("once")
