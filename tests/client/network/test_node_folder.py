"""The folder of a node: its script runs with data beside it, and has none of it inside."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from functools import partial
from pathlib import Path
from subprocess import run
from typing import Any

import pytest

from support.networks import ENODE, PEER, network
from veche.errors import InvalidFile
from veche.network import running
from veche.network.layout import SECRETS, VALIDATORS
from veche.network.node_folder import DESCRIPTION, KEY, START, NodePlan, Peers, write_node
from veche.network.programs import Programs

HOSTILE = "enode://ab@[::1%'];admin.exportChain('x');['$(touch stolen)`touch stolen`]:1"
"""No reader lets it in; here it is in a network all the same."""
PLAN = NodePlan("north", Peers((ENODE,), (PEER,)), "0.0.0.0", 30303, 26656)  # noqa: S104


def written(home: Path, plan: NodePlan) -> dict[str, Any]:
    write_node(home, network(), plan)
    found: dict[str, Any] = json.loads((home / DESCRIPTION).read_text())
    return found


def test_no_peer_is_in_a_script(tmp_path: Path) -> None:
    written(tmp_path / "good", PLAN)
    found = written(tmp_path / "hostile", replace(PLAN, peers=Peers((HOSTILE,), (HOSTILE,))))
    assert found["peers"] == [HOSTILE]
    good, hostile = (tmp_path / each / START for each in ("good", "hostile"))
    assert hostile.read_text() == good.read_text()


def test_description_says_what_the_network_is(tmp_path: Path) -> None:
    found = written(tmp_path, replace(PLAN, key=b"\x01" * 32))
    assert found["chain"] == "city-202712"
    assert (found["gasLimit"], found["blockTime"]) == (150_000_000, 5)
    assert found["publicKey"] == "0x" + "01" * 32
    assert [each["name"] for each in found["validators"]] == [
        f"validator-{i}" for i in (1, 2, 3, 4)
    ]


def test_nobody_is_answered_unless_it_is_asked_for(tmp_path: Path) -> None:
    assert written(tmp_path, PLAN)["rpc"] is None
    found = written(tmp_path, replace(PLAN, rpc_port=8545))
    assert found["rpc"] == {"host": "127.0.0.1", "port": 8545, "origin": ""}
    assert "--http" not in found["geth"]  # it would answer before it has caught up
    plan = replace(PLAN, rpc_port=8545, origin="https://polls.example.org")
    assert written(tmp_path, plan)["rpc"]["origin"] == "https://polls.example.org"


def test_node_that_answers_nobody_has_no_index_of_logs(tmp_path: Path) -> None:
    assert "--history.logs.disable" in written(tmp_path, PLAN)["geth"]
    assert "--history.logs.disable" not in written(tmp_path, replace(PLAN, rpc_port=8545))["geth"]


def test_private_node_takes_no_strangers(tmp_path: Path) -> None:
    found = written(tmp_path, replace(PLAN, is_private=True))
    assert found["private"]
    assert found["geth"][found["geth"].index("--netrestrict") + 1] == "192.0.2.1/32"
    named = Peers((ENODE.replace("192.0.2.1", "nodes.example.org"),), (PEER,))
    found = written(tmp_path, replace(PLAN, peers=named, is_private=True))
    assert "--netrestrict" not in found["geth"]  # geth would take the name for nobody
    assert "--nodiscover" in found["geth"]


class Named(Programs):
    """Programs that make no keys: every node has the same identity."""

    def make_identity(self, home: Path) -> str:
        assert home
        return "cd" * 20


PROGRAMS = Named(Path("geth"), Path("veche-validator"))


def made_here(folder: Path) -> Path:
    """A validator's folder with its keys, where networks are made."""
    home = folder / "city" / VALIDATORS / "north"
    home.mkdir(parents=True)
    for name in SECRETS:
        (home / name).write_text("11" * 32)
    return home


def test_trial_runs_the_validators_that_were_made_here(tmp_path: Path) -> None:
    home = made_here(tmp_path)
    (home.parent / ".DS_Store").write_text("")
    shutil.copytree(home, home.parent / "south\ntouch stolen")
    trial, homes = running.prepare_trial(network(), PROGRAMS, tmp_path)
    assert [each.name for each in homes] == ["north", "observer"]
    assert trial.consensus.chain == "city-202712-trial"


@pytest.mark.parametrize("secret", SECRETS)
def test_trial_without_a_key_is_refused(tmp_path: Path, secret: str) -> None:
    (made_here(tmp_path) / secret).unlink()
    with pytest.raises(InvalidFile, match="a key of this validator is missing"):
        running.prepare_trial(network(), PROGRAMS, tmp_path)


def test_git_takes_nothing_of_the_folder(tmp_path: Path) -> None:
    """The keys of the validator are in it."""
    git = partial(run, cwd=tmp_path, check=True, capture_output=True, text=True)
    git(["git", "init", "-q"])  # the git of whoever tests
    write_node(tmp_path / "town-hall", network(), PLAN)
    (tmp_path / "town-hall" / KEY).write_text("secret")
    assert git(["git", "status", "--porcelain", "-uall"]).stdout == ""  # likewise
