"""A town with its polls, and a shell in it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from support.commands import Shell
from support.elections import PASSWORD, Town, towns
from support.lying_nodes import LyingNode, lying_node
from veche import Poll


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


@pytest.fixture
def liar(town: Town) -> Iterator[LyingNode]:
    """A node that tells the truth until it is given a lie."""
    with lying_node(town.url) as node:
        yield node


@pytest.fixture(scope="module")
def tallied(town: Town) -> Poll:
    """A poll with the id `observed` and its result, one ballot of which was replaced."""
    lime = {"Which tree?": "Lime", "Which benches?": ["Wood"]}
    poll = town.open_poll("observed", weights={2: 3})
    for voter in range(4):
        town.cast(poll, voter, lime)
    town.cast(poll, 1, {"Which tree?": "Oak"})
    town.close(poll)
    town.tally(poll)
    return poll
