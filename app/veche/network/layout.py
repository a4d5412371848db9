"""The folder of a network: its published file, and a folder for every node.

networks/city/
├── network.json             published: all that an observer needs
├── brownie.yaml             for `brownie networks import`
├── validators/town-hall/    one validator, to be handed to whoever runs it
│   ├── start                the script that runs the node
│   ├── node.json  genesis.json  config.toml
│   ├── nodekey  consensus-nodekey.json  validator-key.json     secret
│   ├── signed.json          what the key has signed last
│   └── data/                the chain, made by the node
├── sentries/gate/           a sentry, likewise
├── trial/town-hall/         the same validator for a trial, on this machine alone
├── trial/network.json       the network as it is on trial
└── observer/                a node that has joined the network
"""

from __future__ import annotations

import json
import secrets
import shutil
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from veche.crypto.group import G, Secret
from veche.crypto.keccak import keccak
from veche.errors import InvalidFile, Mistake
from veche.files import consensus
from veche.files.consensus import Consensus
from veche.files.hosts import end, is_address
from veche.files.network import FILE, FOLDER, Network, local_url
from veche.files.writing import write_atomically
from veche.network import genesis as first_block
from veche.network import programs
from veche.network.network_file import NetworkFile, Site, Validator
from veche.network.node_folder import (
    IDENTITY,
    KEY,
    NODE_KEY,
    SIGNED,
    NodePlan,
    Peers,
    write_node,
)
from veche.network.programs import Programs
from veche.trust import artifact

VALIDATORS: Final = "validators"
SENTRIES: Final = "sentries"
TRIAL: Final = "trial"
OBSERVER: Final = "observer"

SECRETS: Final = (NODE_KEY, IDENTITY, KEY, SIGNED)
FINAL: Final = 1
"""Number of confirmations that make a block final: more than two thirds have signed for it."""


# -- A network --


def make(file: NetworkFile, folder: Path | None = None) -> Network:
    """Makes a network: its first block, the keys of its validators, and a folder for each of them.

    Args:
        file: the network as its officials wrote it.
        folder: the folder of all networks; by default `networks` in the current folder.

    Raises:
        InvalidFile: a network with this name exists already, or a file cannot be written.
        NoNodeProgram: geth or veche-validator is not installed, or fails.
    """
    program = programs.find()
    target = (folder or FOLDER) / file.name
    if target.exists():
        what = "a network with this name exists already"
        mistake = Mistake(0, what, "choose another name, or move the folder away")
        raise InvalidFile(str(target), [mistake])
    target.parent.mkdir(parents=True, exist_ok=True)
    building = target.parent / f".veche-{secrets.token_hex(8)}"
    try:
        network = _make(file, building, program)
        building.rename(target)
    finally:  # also after Ctrl-C
        shutil.rmtree(building, ignore_errors=True)
    return network


def _make(file: NetworkFile, folder: Path, program: Programs) -> Network:
    keys = [_make_keys(folder / VALIDATORS / each.name, each, program) for each in file.validators]
    for each in file.sentries:
        make_identity(folder / SENTRIES / each.name)
    sites = _Sites(file, folder, program)
    agreed = Consensus(
        chain=f"{file.name}-{file.chain_id}",
        begins=datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        block_time=file.block_time,
        validators=tuple(
            consensus.Validator(each.name, key)
            for each, key in zip(file.validators, keys, strict=True)
        ),
        peers=sites.published.consensus,
    )
    genesis = first_block.make(
        chain_id=file.chain_id,
        gas_limit=file.gas_limit,
        digest=agreed.digest,
        accounts=file.accounts,
    )
    network = Network(
        name=file.name,
        chain_id=file.chain_id,
        genesis=genesis,
        genesis_hash=program.genesis_hash(genesis),
        consensus=agreed,
        confirmations=FINAL,
        bootnodes=sites.published.enodes,
        rpc=local_url(file.rpc_port),
        catalogue=None,
        codes=own_codes(),
    )
    sites.write(network, keys)
    write_atomically(folder / FILE, network.to_json())
    write_atomically(folder / "brownie.yaml", _for_brownie(network))
    return network


class _Sites:
    """The nodes of a network that is made, and who stays connected to whom."""

    def __init__(self, file: NetworkFile, folder: Path, program: Programs) -> None:
        self._validators, self._sentries = file.validators, file.sentries
        self._homes = {each.name: folder / VALIDATORS / each.name for each in file.validators}
        self._homes |= {each.name: folder / SENTRIES / each.name for each in file.sentries}
        self._ends = {
            each.name: peers_at(
                [self._homes[each.name]], [(each.host, each.port, each.consensus_port)], program
            )
            for each in (*file.validators, *file.sentries)
        }

    @property
    def published(self) -> Peers:
        """The nodes that strangers connect to."""
        return self._peers(self._sentries or self._validators)

    def write(self, network: Network, keys: Sequence[bytes]) -> None:
        """Writes the files of all nodes, by the validators' public keys."""
        for each, key in zip(self._validators, keys, strict=True):
            own = [sentry for sentry in self._sentries if sentry.of == each.name]
            plan = _plan(each, self._peers([*self._validators, *own]))
            plan = replace(plan, key=key, is_private=bool(self._sentries))
            write_node(self._homes[each.name], network, plan)
        for sentry in self._sentries:
            before = [each for each in self._validators if each.name == sentry.of]
            plan = _plan(sentry, self._peers([*before, *self._sentries]))
            write_node(self._homes[sentry.name], network, plan)

    def _peers(self, sites: Sequence[Site]) -> Peers:
        found = [self._ends[each.name] for each in sites]
        return Peers(
            tuple(each for one in found for each in one.enodes),
            tuple(each for one in found for each in one.consensus),
        )


def _plan(site: Site, peers: Peers) -> NodePlan:
    return NodePlan(
        name=site.name,
        peers=peers,
        listen="::" if ":" in site.host else "0.0.0.0",  # noqa: S104  # it is a server
        port=site.port,
        consensus_port=site.consensus_port,
        address=site.host if is_address(site.host) else None,
    )


def own_codes() -> dict[str, bytes]:
    """The keccak256 of the contracts' code in this package, by name, with zeros for immutables."""
    return {name: keccak(artifact.load(name).runtime) for name in artifact.NAMES}


def _for_brownie(network: Network) -> str:
    """The file that `brownie networks import` reads: JSON, which is YAML too."""
    own = {
        "id": network.name,
        "name": network.name,
        "host": network.rpc,
        "chainid": network.chain_id,
    }
    return json.dumps({"live": [{"name": "Veche", "networks": [own]}]}, indent=1) + "\n"


# -- Keys --


def _make_keys(home: Path, validator: Validator, program: Programs) -> bytes:
    """Makes the keys of a validator, except the one that its organisation makes itself.

    Returns:
        The public key of the validator, 32 bytes.
    """
    make_identity(home)
    if validator.key is not None:
        return validator.key
    return program.make_key(home)


def make_identity(home: Path) -> None:
    """Makes the folder of a node with its identity for geth, unless they are there."""
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    if not (home / NODE_KEY).exists():
        write_atomically(home / NODE_KEY, secrets.token_bytes(32).hex(), private=True)


def peers_at(homes: list[Path], ends: list[tuple[str, int, int]], program: Programs) -> Peers:
    """The nodes in some folders as peers.

    Args:
        homes: their folders, with their identities.
        ends: their hosts, their ports for geth, and their ports for CometBFT.
        program: the programs, which make an identity that is missing.
    """
    both = list(zip(homes, ends, strict=True))
    return Peers(
        tuple(_enode(home, host, port) for home, (host, port, _) in both),
        tuple(f"{program.make_identity(home)}@{end(host, port)}" for home, (host, _, port) in both),
    )


def _enode(home: Path, host: str, port: int) -> str:
    """The enode URL of the node whose key is in a folder: its public key and its address."""
    secret = Secret(int((home / NODE_KEY).read_text(), 16), field="node key")
    point = G * secret
    return f"enode://{point.x:064x}{point.y:064x}@{end(host, port)}"
