"""The folder of a node: the script that runs it, and what the script reads."""

from __future__ import annotations

import json
import shlex
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from veche.files.writing import write_atomically
from veche.network import Network

START: Final = "start"
NODE_KEY: Final = "nodekey"
KEYSTORE: Final = "keystore"
PASSWORD: Final = "password"  # noqa: S105  # a file's name
IPC: Final = "data/geth.ipc"
"""Where a node takes orders from its own machine; in its folder, as such names must be short."""

LATE: Final = 30
"""Seconds without a block after which a validator looks for what holds it up, at the least."""

_SEALING: Final = """
# Seals blocks once it has seen what the others have: a validator that comes back and seals on an
# old chain can part the network into halves that wait for each other.
ask() {{ "$geth" attach --exec "$1" data/geth.ipc 2> /dev/null || true; }}
wait_for() {{ until [ "$(ask "$1")" = true ]; do kill -0 $$ 2> /dev/null || exit; sleep 1; done; }}
seal() {{
  wait_for 'net.peerCount >= {peers}'
  [ "$(ask eth.blockNumber)" = 0 ] || sleep 12 # geth looks for a longer chain within ten seconds
  wait_for '!(eth.syncing.currentBlock < eth.syncing.highestBlock)'
  ask 'miner.start()'
}}
seal > /dev/null &

# Gives up its newest blocks where nobody has sealed one for long: where two branches weigh the same
# and each has half of the validators, both wait for ever. No block goes that has {depth} on top.
highest=$(cat data/highest 2> /dev/null || echo 0)
guard() {{
  while sleep 30; do
    kill -0 $$ 2> /dev/null || exit
    now=$(ask "
      var now = eth.blockNumber, last = Math.max(now, $highest) - {depth}
      var late = Date.now() / 1000 - eth.getBlock(now).timestamp > {late}
      if (late && now > last && last > 0 && net.peerCount > 0 && Math.random() < 0.5)
        debug.setHead('0x' + last.toString(16))
      now")
    if [ "${{now:-0}}" -gt "$highest" ]; then highest=$now && echo "$now" > data/highest; fi
  done
}}
guard > /dev/null 2>&1 &
"""


@dataclass(frozen=True, slots=True)
class NodePlan:
    """A node as it is started.

    Attributes:
        name: of the node.
        peers: enode URLs of the nodes that it keeps connected to.
        port: where other nodes reach it.
        address: the IP address at which they do; None where it finds out itself.
        sealer: the account whose key seals its blocks; None for an observer.
        rpc_port: where it answers on its own machine; None for not at all.
    """

    name: str
    peers: tuple[str, ...]
    port: int
    address: str | None
    sealer: str | None
    rpc_port: int | None


def write_node(home: Path, network: Network, plan: NodePlan) -> None:
    """Writes what a node is started with; its keys and its chain, where they are there, stay."""
    home.mkdir(parents=True, exist_ok=True)
    write_atomically(home / "genesis.json", json.dumps(network.genesis, indent=1) + "\n")
    write_atomically(home / "config.toml", _config(plan.peers))
    write_atomically(home / START, _start_script(network, plan))
    (home / START).chmod(0o755)


def _config(peers: Sequence[str]) -> str:
    """Nodes to keep connected to, and to ask for others."""
    listed = json.dumps(list(peers))
    return f"[Node.P2P]\nStaticNodes = {listed}\nBootstrapNodes = {listed}\n"


def _start_script(network: Network, plan: NodePlan) -> str:
    words = " \\\n  ".join(_groups(network, plan))
    sealing = _sealing(network) if plan.sealer is not None else ""
    return f"""#!/bin/sh
# Runs the node {plan.name} of the network {network.name}, until Ctrl-C or SIGTERM.
# VECHE_GETH names geth 1.13.15, where it is not in the PATH; what is given goes to geth.
set -eu
cd "$(dirname "$0")"
geth=${{VECHE_GETH:-geth}}
[ -d data/geth/chaindata ] || "$geth" --datadir data --state.scheme hash init genesis.json
{sealing}exec "$geth" \\
  {words} \\
  "$@"
"""


def _sealing(network: Network) -> str:
    period = int(network.genesis["config"]["clique"]["period"])
    return _SEALING.format(
        peers=min(1, len(network.validators) - 1),
        depth=network.confirmations - 1,
        late=max(LATE, 10 * period),
    )


def _groups(network: Network, plan: NodePlan) -> list[str]:
    """Options of geth, a line of the script for each group."""
    groups = [
        ["--config", "config.toml", "--datadir", "data", "--networkid", str(network.chain_id)],
        ["--port", str(plan.port), *(["--nat", f"extip:{plan.address}"] if plan.address else [])],
        # every state is on the disk when its block is: a node that is killed loses no block
        ["--syncmode", "full", "--gcmode", "archive", "--state.scheme", "hash"],
        ["--snapshot=false", "--cache.noprefetch", "--cache", "128", "--authrpc.port", "0"],
        ["--ipcpath", IPC],
        ["--miner.gasprice", "1", "--gpo.ignoreprice", "1"],
    ]
    if plan.sealer is not None:
        period = network.genesis["config"]["clique"]["period"]
        limit = int(network.genesis["gasLimit"], 16)
        groups += [
            ["--nodekey", NODE_KEY, "--keystore", KEYSTORE],
            ["--miner.etherbase", plan.sealer, "--unlock", plan.sealer],
            ["--password", PASSWORD, "--miner.gaslimit", str(limit)],
            # what comes in before the middle of the time is in the next block
            ["--miner.recommit", f"{max(1, period // 2)}s"],
        ]
    if plan.rpc_port is not None:
        # to its own machine alone
        groups.append(["--http", "--http.addr", "127.0.0.1", "--http.port", str(plan.rpc_port)])
        groups.append(["--http.api", "eth,net,web3,clique"])
    return [shlex.join(each) for each in groups]
