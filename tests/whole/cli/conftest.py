"""A poll in the town, and everybody's keystore."""

from __future__ import annotations

from pathlib import Path

import pytest

from support.commands import Shell
from support.elections import Town, write_keystore
from veche import Poll


@pytest.fixture(scope="module")
def trees(town: Town) -> Poll:
    return town.open_poll("trees")


@pytest.fixture(scope="module")
def keystores(town: Town, shell: Shell) -> dict[str, Path]:
    people = {f"voter {i}": each for i, each in enumerate(town.voters)}
    people |= {"poor": town.poor, "stranger": town.stranger}
    return {
        name: write_keystore(shell.folder / f"{name.replace(' ', '-')}.key", account)
        for name, account in people.items()
    }
