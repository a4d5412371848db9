"""The folder of a network: its published file, and a folder for every node.

networks/city/
├── network.json             published: all that an observer needs
├── brownie.yaml             for `brownie networks import`
├── validators/town-hall/    one validator, to be handed to whoever runs it
│   ├── start                the script that runs the node
│   ├── genesis.json  config.toml
│   ├── nodekey  keystore/  password        secret
│   └── data/                the chain, made by the node
├── trial/town-hall/         the same validator for a trial, on this machine alone
└── observer/                a node that has joined the network
"""

from __future__ import annotations

import json
import secrets
import shutil
from pathlib import Path
from typing import Final

from eth_account import Account

from veche.crypto.group import G, Secret
from veche.crypto.keccak import keccak
from veche.errors import InvalidFile, Mistake
from veche.files import keystore as keystores
from veche.files.hosts import end, is_address
from veche.files.network import FILE, FOLDER, Network, local_url
from veche.files.writing import write_atomically
from veche.network import genesis as first_block
from veche.network import geth
from veche.network.network_file import NetworkFile, Validator
from veche.network.node_folder import KEYSTORE, NODE_KEY, PASSWORD, NodePlan, write_node
from veche.trust import artifact

VALIDATORS: Final = "validators"
TRIAL: Final = "trial"
OBSERVER: Final = "observer"

SECRETS: Final = (NODE_KEY, KEYSTORE, PASSWORD)
SCRYPT_WORK: Final = 4096
"""The parameter n of scrypt in geth's light keystores: nobody can guess a random password."""


# -- A network --


def make(file: NetworkFile, folder: Path | None = None) -> Network:
    """Makes a network: its first block, the keys of its validators, and a folder for each of them.

    Args:
        file: the network as its officials wrote it.
        folder: the folder of all networks; by default `networks` in the current folder.

    Raises:
        InvalidFile: a network with this name exists already, or a file cannot be written.
        NoGeth: geth is not installed, fails, or cannot seal blocks of Clique.
    """
    program = geth.find()
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


def _make(file: NetworkFile, folder: Path, program: Path) -> Network:
    homes = [folder / VALIDATORS / each.name for each in file.validators]
    sealers = [_make_keys(home, each) for home, each in zip(homes, file.validators, strict=True)]
    genesis = first_block.make(
        chain_id=file.chain_id,
        block_time=file.block_time,
        gas_limit=file.gas_limit,
        validators=sealers,
        accounts=file.accounts,
    )
    enodes = tuple(
        enode(home, each.host, each.port) for home, each in zip(homes, file.validators, strict=True)
    )
    network = Network(
        name=file.name,
        chain_id=file.chain_id,
        genesis=genesis,
        genesis_hash=geth.genesis_hash(program, genesis),
        bootnodes=enodes,
        rpc=local_url(file.rpc_port),
        catalogue=None,
        codes=own_codes(),
    )
    for home, each, sealer in zip(homes, file.validators, sealers, strict=True):
        address = each.host if is_address(each.host) else None
        plan = NodePlan(enodes, each.port, address, sealer, None)
        write_node(home, network, plan)
    write_atomically(folder / FILE, network.to_json())
    write_atomically(folder / "brownie.yaml", _for_brownie(network))
    return network


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


def _make_keys(home: Path, validator: Validator) -> str:
    """Makes the keys of a validator, except those that its organisation makes itself.

    Returns:
        The account that seals its blocks.
    """
    home.mkdir(parents=True, mode=0o700)
    write_atomically(home / NODE_KEY, secrets.token_bytes(32).hex(), private=True)
    keystore = home / KEYSTORE
    keystore.mkdir(mode=0o700)
    if validator.account is not None:
        return validator.account
    account = Account.create()
    password = secrets.token_hex(32)
    encrypted = keystores.encrypted(account, password, scrypt_work=SCRYPT_WORK)
    write_atomically(keystore / f"{account.address}.json", encrypted, private=True)
    write_atomically(home / PASSWORD, password + "\n", private=True)
    return str(account.address)


def enode(home: Path, host: str, port: int) -> str:
    """The enode URL of the node whose key is in a folder: its public key and its address."""
    secret = Secret(int((home / NODE_KEY).read_text(), 16), field="node key")
    point = G * secret
    return f"enode://{point.x:064x}{point.y:064x}@{end(host, port)}"
