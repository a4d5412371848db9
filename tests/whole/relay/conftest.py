"""A poll that relays carry for, and their databases."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest

from support.databases import postgresql
from support.elections import Town
from veche import Poll

_NUMBERS = count()


@pytest.fixture
def poll(town: Town) -> Poll:
    return town.open_poll(f"relayed {next(_NUMBERS)}")


@pytest.fixture(scope="module")
def server() -> Iterator[object]:
    with postgresql() as started:
        yield started


@pytest.fixture(params=["sqlite", "postgresql"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """What relay.toml calls the store: a file, or the URL of a real PostgreSQL."""
    if request.param == "sqlite":
        return str(tmp_path / "store.sqlite")
    server = request.getfixturevalue("server")
    name = f"relay{next(_NUMBERS)}"
    server.psql(f"CREATE DATABASE {name};")
    return str(server.get_uri(name))
