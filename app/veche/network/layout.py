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
├── trial/town-hall/         the same validator for a trial, on this machine alone
├── trial/network.json       the network as it is on trial
└── observer/                a node that has joined the network
"""

from __future__ import annotations

import json
import secrets
import shutil
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
from veche.network.network_file import NetworkFile, Validator
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
    homes = [folder / VALIDATORS / each.name for each in file.validators]
    keys = [
        _make_keys(home, each, program) for home, each in zip(homes, file.validators, strict=True)
    ]
    peers = peers_at(
        homes, [(each.host, each.port, each.consensus_port) for each in file.validators], program
    )
    agreed = Consensus(
        chain=f"{file.name}-{file.chain_id}",
        begins=datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        block_time=file.block_time,
        validators=tuple(
            consensus.Validator(each.name, key)
            for each, key in zip(file.validators, keys, strict=True)
        ),
        peers=peers.consensus,
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
        bootnodes=peers.enodes,
        rpc=local_url(file.rpc_port),
        catalogue=None,
        codes=own_codes(),
    )
    for home, each, key in zip(homes, file.validators, keys, strict=True):
        write_node(home, network, _plan(each, peers, key))
    write_atomically(folder / FILE, network.to_json())
    write_atomically(folder / "brownie.yaml", _for_brownie(network))
    return network


def _plan(validator: Validator, peers: Peers, key: bytes) -> NodePlan:
    return NodePlan(
        name=validator.name,
        peers=peers,
        listen="::" if ":" in validator.host else "0.0.0.0",  # noqa: S104  # it is a server
        port=validator.port,
        consensus_port=validator.consensus_port,
        address=validator.host if is_address(validator.host) else None,
        key=key,
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
    home.mkdir(parents=True, mode=0o700)
    make_node_key(home)
    if validator.key is not None:
        return validator.key
    return program.make_key(home)


def make_node_key(home: Path) -> None:
    """Makes the identity of a node for geth, unless it is there."""
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
