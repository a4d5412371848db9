"""A town with its polls, and a shell in it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from support.commands import Shell
from support.elections import PASSWORD, Town, towns


@pytest.fixture(scope="module")
def town() -> Iterator[Town]:
    with towns() as built:
        yield built


@pytest.fixture(scope="module")
def shell(town: Town, tmp_path_factory: pytest.TempPathFactory) -> Shell:
    """In a folder with deployments/, at the town's node, with the password of all keystores."""
    folder = tmp_path_factory.mktemp("shell")
    town.write_deployments(folder)
    return Shell(folder, {"VECHE_RPC": town.url, "VECHE_PASSWORD": PASSWORD})
