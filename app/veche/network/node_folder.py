"""The folder of a node: the script that runs it, and the files that the script reads."""

from __future__ import annotations

import json
import shlex
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from veche.files.network import Network
from veche.files.writing import write_atomically

START: Final = "start"
NODE_KEY: Final = "nodekey"
KEYSTORE: Final = "keystore"
PASSWORD: Final = "password"  # noqa: S105  # a file's name
IPC: Final = "data/geth.ipc"
"""The socket at which a node takes orders from its own machine, as a short path in its folder."""

SEALING: Final = "sealing.js"
"""The script that controls a running validator: in the node's folder, and beside this module."""
SETTINGS: Final = "settings.js"
"""What that script has to know about its node: one JSON object, given a name."""
PATIENCE: Final = 45
"""Minimum seconds without a block after which a validator gives up its newest blocks."""

_SEALING: Final = """
rm -f data/geth.ipc data/console
told=
while kill -0 $$; do
  # a console that starts before its node is of no use
  if [ ! -S data/geth.ipc ]; then sleep 1; continue; fi
  # a console that fails is started again every second: the log gets each of its messages once
  said=$(head -c 1000 data/console || true)
  case $told in *"$said"*) ;; *)
    if [ ${#told} -lt 5000 ]; then echo "the console ended: $said" >&3; told=$told$said; fi ;;
  esac
  : > data/console
  highest=$(grep -x '[0-9][0-9]*' data/highest || echo 0)
  "$geth" attach --datadir data --exec "
    var highest = $highest
    loadScript('settings.js')
    loadScript('sealing.js')" data/geth.ipc &
  # a console may wait for ever for a node that has ended
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
        peers: the enode URLs of the nodes that it stays connected to.
        port: the port at which other nodes reach it.
        address: the IP address at which other nodes reach it; None if the node finds it out.
        sealer: the account that seals its blocks; None for an observer.
        rpc_port: the port at which it answers on its own machine; None if it does not answer.
    """

    peers: tuple[str, ...]
    port: int
    address: str | None
    sealer: str | None
    rpc_port: int | None


def write_node(home: Path, network: Network, plan: NodePlan) -> None:
    """Writes the files of a node. Its keys and its chain stay as they are."""
    home.mkdir(parents=True, exist_ok=True)
    write_atomically(home / "genesis.json", json.dumps(network.genesis, indent=1) + "\n")
    write_atomically(home / "config.toml", _config(plan.peers))
    if plan.sealer is not None:
        write_atomically(home / SEALING, Path(__file__).with_name(SEALING).read_text())
        settings = json.dumps(_settings(network, plan.sealer, plan.peers), indent=1)
        write_atomically(home / SETTINGS, f"var settings = {settings}\n")
    write_atomically(home / START, _start_script(network, plan))
    (home / START).chmod(0o755)


def _config(peers: Sequence[str]) -> str:
    """The configuration of geth: the price of gas in wei, and the nodes to connect to."""
    listed = json.dumps(list(peers))
    return f"""[Eth.GPO]
Default = 1
[Node.P2P]
StaticNodes = {listed}
BootstrapNodes = {listed}
"""


def _start_script(network: Network, plan: NodePlan) -> str:
    words = " \\\n  ".join(_groups(network, plan))
    sealing = _SEALING if plan.sealer is not None else ""
    return f"""#!/bin/sh
# Runs a node of a private network, until Ctrl-C or SIGTERM.
# Set VECHE_GETH to geth 1.13.15 if it is not in the PATH. More options go to geth.
set -eu
cd "$(dirname "$0")"
geth=${{VECHE_GETH:-geth}}
# this changes nothing if the first block exists, and completes an `init` that was interrupted
"$geth" --datadir data --state.scheme hash init genesis.json
{sealing}exec "$geth" \\
  {words} \\
  "$@"
"""


def _settings(network: Network, sealer: str, validators: Sequence[str]) -> dict[str, Any]:
    """What `sealing.js` has to know; it says what each of them is."""
    period = _period(network)
    return {
        "me": sealer.lower(),
        "peers": min(1, len(network.validators) - 1),
        "period": period,
        "depth": len(network.validators) // 2,
        "patience": max(PATIENCE, 10 * period),
        "validators": list(validators),
    }


def _period(network: Network) -> int:
    """The seconds from block to block."""
    return int(network.genesis["config"]["clique"]["period"])


def _groups(network: Network, plan: NodePlan) -> list[str]:
    """The options of geth, a group for each line of the script."""
    groups = [
        ["--config", "config.toml", "--datadir", "data", "--networkid", str(network.chain_id)],
        ["--port", str(plan.port), *(["--nat", f"extip:{plan.address}"] if plan.address else [])],
        # with every block its state is written to the disk: a node that is killed loses no block
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
            # a block is built once, from the transactions that have come by then
            ["--miner.gasprice", "1", "--miner.recommit", f"{10 * _period(network)}s"],
        ]
    else:
        # the node need not execute the transactions that wait: nobody asks for a pending block
        groups.append(["--miner.gasprice", str(10**18), "--txpool.nolocals"])
    if plan.rpc_port is not None:
        # the node answers to its own machine alone
        groups.append(["--http", "--http.addr", "127.0.0.1", "--http.port", str(plan.rpc_port)])
        groups.append(["--http.api", "eth,net,web3,clique"])
    return [shlex.join(each) for each in groups]
