"""The folder of a node: its script runs with data beside it, and has none of it inside."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from support.networks import ACCOUNTS, ENODE, network
from veche.errors import InvalidFile
from veche.network import running
from veche.network.layout import SECRETS, VALIDATORS
from veche.network.node_folder import SEALING, SETTINGS, START, NodePlan, write_node

HOSTILE = "enode://ab@[::1%'];admin.exportChain('x');['$(touch stolen)`touch stolen`]:1"
"""No reader lets it in; here it is in a network all the same."""


def written(home: Path, *peers: str) -> None:
    plan = NodePlan(peers, 30303, None, ACCOUNTS[0], None)
    write_node(home, replace(network(), bootnodes=peers), plan)


def test_no_peer_is_in_a_script(tmp_path: Path) -> None:
    written(tmp_path / "good", ENODE)
    written(tmp_path / "hostile", ENODE, HOSTILE)
    for script in (START, SEALING):
        good, hostile = (tmp_path / each / script for each in ("good", "hostile"))
        assert hostile.read_text() == good.read_text()


def test_settings_are_one_json_object(tmp_path: Path) -> None:
    written(tmp_path, HOSTILE)
    name, _, settings = (tmp_path / SETTINGS).read_text().partition(" = ")
    assert name == "var settings"
    assert json.loads(settings)["validators"] == [HOSTILE]
    assert json.loads(settings)["me"] == ACCOUNTS[0]


def made_here(folder: Path) -> Path:
    """A validator's folder with its keys, where networks are made."""
    home = folder / "city" / VALIDATORS / "north"
    for name in SECRETS:
        (home / name).parent.mkdir(parents=True, exist_ok=True)
        (home / name).write_text("11" * 32)
    (home / "keystore").unlink()
    (home / "keystore").mkdir()
    (home / "keystore" / f"{ACCOUNTS[0]}.json").write_text("{}")
    return home


def test_trial_runs_the_validators_that_were_made_here(tmp_path: Path) -> None:
    home = made_here(tmp_path)
    (home.parent / ".DS_Store").write_text("")
    shutil.copytree(home, home.parent / "south\ntouch stolen")
    homes = running.prepare_trial(network(), tmp_path)
    assert [each.name for each in homes] == ["north", "observer"]


@pytest.mark.parametrize("name", ["'; touch stolen; '", "$(touch stolen)", "0x12", "key"])
def test_keystore_that_is_not_named_after_its_account_is_refused(tmp_path: Path, name: str) -> None:
    home = made_here(tmp_path)
    (home / "keystore" / f"{ACCOUNTS[0]}.json").rename(home / "keystore" / f"{name}.json")
    with pytest.raises(InvalidFile, match="named after its account"):
        running.prepare_trial(network(), tmp_path)
