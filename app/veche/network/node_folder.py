"""The folder of a node: the script that runs it, and what the script reads."""

from __future__ import annotations

import json
import shlex
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from veche.files.network import Network
from veche.files.writing import write_atomically

START: Final = "start"
NODE_KEY: Final = "nodekey"
KEYSTORE: Final = "keystore"
PASSWORD: Final = "password"  # noqa: S105  # a file's name
IPC: Final = "data/geth.ipc"
"""Where a node takes orders from its own machine; in its folder, as such names must be short."""

SEALING: Final = "sealing.js"
"""What a validator's node is told while it runs; in its folder, and beside this module."""
PATIENCE: Final = 45
"""Seconds without a block after which a validator gives up its newest ones, at the least."""

_SEALING: Final = """
rm -f data/geth.ipc data/console
told=
while kill -0 $$; do
  # a console that begins before its node has nothing to say
  if [ ! -S data/geth.ipc ]; then sleep 1; continue; fi
  # one that fails is started again every second: what it says is told once, and not for ever
  said=$(head -c 1000 data/console || true)
  case $told in *"$said"*) ;; *)
    if [ ${{#told}} -lt 5000 ]; then echo "the console ended: $said" >&3; told=$told$said; fi ;;
  esac
  : > data/console
  highest=$(grep -x '[0-9][0-9]*' data/highest || echo 0)
  validators=$(sed -n 's/^StaticNodes = //p' config.toml | tr '"' "'")
  "$geth" attach --datadir data --exec "
    var me = '{me}', peers = {peers}, period = {period}, depth = {depth}, patience = {patience}
    var highest = $highest, validators = $validators
    loadScript('{script}')" data/geth.ipc &
  # a console may wait for ever for the answer of a node that has ended
  while sleep 1 && kill -0 $$ && kill -0 $!; do :; done
  kill -9 $! || true
done 3>&2 2> /dev/null | while read -r line; do
  case $line in
    *[!0-9]* | '') echo "$line" >> data/console || true ;;
    *) echo "$line" > data/highest || true ;;
  esac
done &
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
    if plan.sealer is not None:
        write_atomically(home / SEALING, Path(__file__).with_name(SEALING).read_text())
    write_atomically(home / START, _start_script(network, plan))
    (home / START).chmod(0o755)


def _config(peers: Sequence[str]) -> str:
    """Nodes to keep connected to, and to ask for others; and the price of gas, in wei."""
    listed = json.dumps(list(peers))
    return f"""[Eth.GPO]
Default = 1
[Node.P2P]
StaticNodes = {listed}
BootstrapNodes = {listed}
"""


def _start_script(network: Network, plan: NodePlan) -> str:
    words = " \\\n  ".join(_groups(network, plan))
    sealing = _sealing(network, plan.sealer) if plan.sealer is not None else ""
    return f"""#!/bin/sh
# Runs the node {plan.name} of the network {network.name}, until Ctrl-C or SIGTERM.
# VECHE_GETH names geth 1.13.15, where it is not in the PATH; what is given goes to geth.
set -eu
cd "$(dirname "$0")"
geth=${{VECHE_GETH:-geth}}
# where the first block is there already this changes nothing; where it was interrupted, it mends
"$geth" --datadir data --state.scheme hash init genesis.json
{sealing}exec "$geth" \\
  {words} \\
  "$@"
"""


def _sealing(network: Network, sealer: str) -> str:
    period = _period(network)
    return _SEALING.format(
        me=sealer.lower(),
        peers=min(1, len(network.validators) - 1),
        period=period,
        depth=len(network.validators) // 2,
        patience=max(PATIENCE, 10 * period),
        script=SEALING,
    )


def _period(network: Network) -> int:
    """Seconds from block to block."""
    return int(network.genesis["config"]["clique"]["period"])


def _groups(network: Network, plan: NodePlan) -> list[str]:
    """Options of geth, a line of the script for each group."""
    groups = [
        ["--config", "config.toml", "--datadir", "data", "--networkid", str(network.chain_id)],
        ["--port", str(plan.port), *(["--nat", f"extip:{plan.address}"] if plan.address else [])],
        # every state is on the disk when its block is: a node that is killed loses no block
        ["--syncmode", "full", "--gcmode", "archive", "--state.scheme", "hash"],
        ["--snapshot=false", "--cache.noprefetch", "--cache", "128", "--authrpc.port", "0"],
        ["--ipcpath", IPC],
        ["--gpo.ignoreprice", "1"],
    ]
    if plan.sealer is not None:
        limit = int(network.genesis["gasLimit"], 16)
        groups += [
            ["--nodekey", NODE_KEY, "--keystore", KEYSTORE],
            ["--miner.etherbase", plan.sealer, "--unlock", plan.sealer],
            ["--password", PASSWORD, "--miner.gaslimit", str(limit)],
            # a block is built once, of what has come by then
            ["--miner.gasprice", "1", "--miner.recommit", f"{10 * _period(network)}s"],
        ]
    else:
        # none executes what waits for a block but for its own sake: nobody asks for that
        groups.append(["--miner.gasprice", str(10**18), "--txpool.nolocals"])
    if plan.rpc_port is not None:
        # to its own machine alone
        groups.append(["--http", "--http.addr", "127.0.0.1", "--http.port", str(plan.rpc_port)])
        groups.append(["--http.api", "eth,net,web3,clique"])
    return [shlex.join(each) for each in groups]
