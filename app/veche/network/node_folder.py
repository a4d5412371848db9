"""The folder of a node: the script that runs it, and the files that it reads."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import ip_network
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from veche.files.hosts import end, is_address
from veche.files.network import Network
from veche.files.writing import EVERYTHING, GITIGNORE, write_atomically
from veche.protocol import plain

START: Final = "start"
DESCRIPTION: Final = "node.json"
NODE_KEY: Final = "nodekey"
"""The node's identity for geth, as hexadecimal digits."""
IDENTITY: Final = "consensus-nodekey.json"
"""The node's identity for CometBFT."""
KEY: Final = "validator-key.json"
"""The key that signs blocks."""
SIGNED: Final = "signed.json"
"""What that key has signed last, so that it never signs two blocks of one height."""
IPC: Final = "data/geth.ipc"
"""The socket at which geth takes orders from its own machine, as a short path in its folder."""

_START: Final = """#!/bin/sh
# Runs a node of a private network, until Ctrl-C or SIGTERM: CometBFT, and geth beneath it.
# Set VECHE_VALIDATOR and VECHE_GETH to the programs if they are not on PATH. `veche-validator`
# tells the options; those for geth come behind --.
set -eu
cd "$(dirname "$0")"
exec "${VECHE_VALIDATOR:-veche-validator}" run "$@"
"""


@dataclass(frozen=True, slots=True)
class Peers:
    """The nodes that a node stays connected to.

    Attributes:
        enodes: their enode URLs, for geth.
        consensus: their ends for CometBFT, as ID@HOST:PORT.
    """

    enodes: tuple[str, ...]
    consensus: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NodePlan:
    """A node as it is started.

    Attributes:
        name: the name of the node.
        peers: the nodes that it stays connected to.
        listen: the IP address at which it listens for CometBFT.
        port: the port at which other nodes reach geth.
        consensus_port: the port at which other nodes reach CometBFT.
        address: the IP address at which other nodes reach it; None if geth finds it out.
        key: the public key of the validator, 32 bytes; None for an observer.
        is_private: whether it refuses everybody but its peers.
        rpc_port: the port at which it answers on its own machine; None if it does not answer.
        origin: the origin of web pages that may ask it; empty if none may.
    """

    name: str
    peers: Peers
    listen: str
    port: int
    consensus_port: int
    address: str | None = None
    key: bytes | None = None
    is_private: bool = False
    rpc_port: int | None = None
    origin: str = ""


def write_node(home: Path, network: Network, plan: NodePlan) -> None:
    """Writes the files of a node, which git ignores, as its keys are among them. Its keys and its
    chain stay as they are.
    """
    home.mkdir(parents=True, exist_ok=True)
    write_atomically(home / "genesis.json", json.dumps(network.genesis, indent=1) + "\n")
    write_atomically(home / "config.toml", _config(plan.peers.enodes))
    write_atomically(home / DESCRIPTION, json.dumps(_description(network, plan), indent=1) + "\n")
    write_atomically(home / START, _START)
    write_atomically(home / GITIGNORE, EVERYTHING)
    (home / START).chmod(0o755)


def _config(peers: Sequence[str]) -> str:
    """The configuration of geth: the nodes to connect to."""
    listed = json.dumps(list(peers))
    return f"""[Node.P2P]
StaticNodes = {listed}
BootstrapNodes = {listed}
TrustedNodes = {listed}
"""


def _description(network: Network, plan: NodePlan) -> dict[str, Any]:
    """What veche-validator reads."""
    consensus = network.consensus.to_plain()
    return {
        "name": plan.name,
        "chain": consensus["chain"],
        "genesisTime": consensus["begins"],
        "genesisHash": plain.data(network.genesis_hash),
        "blockTime": consensus["blockTime"],
        "gasLimit": _gas_limit(network),
        "validators": consensus["validators"],
        "address": end(plan.listen, plan.consensus_port),
        "peers": list(plan.peers.consensus),
        "private": plan.is_private,
        "publicKey": plain.data(plan.key or b""),
        "rpc": rpc_at("127.0.0.1", plan.rpc_port, plan.origin) if plan.rpc_port else None,
        "geth": _options(network, plan),
    }


def rpc_at(host: str, port: int, origin: str = "") -> dict[str, Any]:
    """Where a node answers as soon as it has caught up, in its description."""
    return {"host": host, "port": port, "origin": origin}


def _gas_limit(network: Network) -> int:
    return int(network.genesis["gasLimit"], 16)


def _options(network: Network, plan: NodePlan) -> list[str]:
    """The options of geth."""
    words = ["--config", "config.toml", "--datadir", "data", "--networkid", str(network.chain_id)]
    words += ["--port", str(plan.port), "--nodekey", NODE_KEY]
    if plan.address:
        words += ["--nat", f"extip:{plan.address}"]
    if plan.is_private:
        words += _seclusion(plan.peers.enodes)
    # with every block its state is written to the disk: a node that is killed loses no block
    words += ["--syncmode", "full", "--gcmode", "archive", "--state.scheme", "hash"]
    words += ["--snapshot=false", "--cache.noprefetch", "--cache", "128", "--authrpc.port", "0"]
    words += ["--ipcpath", IPC, "--gpo.ignoreprice", "1"]
    words += ["--miner.gasprice", "1", "--miner.gaslimit", str(_gas_limit(network))]
    if plan.rpc_port is None:  # the index serves who asks for logs, and is read whole at each start
        words += ["--history.logs.disable"]
    return words


def _seclusion(peers: Sequence[str]) -> list[str]:
    """The options of a geth that talks to its peers alone. It knows strangers by their addresses;
    where peers have names instead, a firewall must.
    """
    hosts = [urlsplit(each).hostname or "" for each in peers]
    if not all(is_address(each) for each in hosts):
        return ["--nodiscover"]
    nets = [str(ip_network(each)) for each in hosts]
    return ["--nodiscover", "--netrestrict", ",".join(nets)]
