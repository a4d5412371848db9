"""What those do who run the chain: make a private network, try it, publish it, join it."""

from __future__ import annotations

import signal
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from time import sleep, time
from typing import TYPE_CHECKING, Annotated, Final, NoReturn

import typer

from veche.cli import connection, options
from veche.cli.output import Output, digits
from veche.errors import NodeUnreachable
from veche.errors.times import time_text

if TYPE_CHECKING:
    from veche.chain.node import Node
    from veche.files.network import Network
    from veche.network.running import Pulse, RunningNode

LOOK_EVERY: Final = 0.5
"""Seconds between two looks for a new block."""
LATE: Final = 4
"""After how many times the block time a new block is missed."""

app: Final = typer.Typer(help="Private networks: made, tried, published, joined.")

Name = Annotated[str, typer.Argument(metavar="NETWORK", help="The network's name.")]


# -- Make --


@app.command()
def make(
    file: Annotated[Path, typer.Argument(metavar="network.toml", help="As officials write it.")],
    *,
    as_json: options.Json = False,
) -> None:
    """Makes a network: its first block, the validators' keys, a folder with a start script for
    every node.

    Everything goes into networks/NAME. The folders in networks/NAME/validators hold secrets: hand
    each to the organisation that runs that node, then delete it here.

    Example:  veche network make examples/network.toml
    """
    from veche.files.network import FILE, FOLDER
    from veche.network import layout
    from veche.network.network_file import read_network

    output = Output(as_json)
    wanted = read_network(file)
    with output.progress("Making keys and the first block"):
        network = layout.make(wanted)
    folder = FOLDER / network.name
    output.finish(
        {
            "network": network.name,
            "folder": str(folder),
            "file": str(folder / FILE),
            "chainId": network.chain_id,
            "genesisHash": digits(network.genesis_hash),
            "validators": list(network.validators),
            "bootnodes": list(network.bootnodes),
        }
    )
    if not as_json:
        _tell_made(network, folder, output)


def _tell_made(network: Network, folder: Path, output: Output) -> None:
    count = len(network.validators)
    output.say(f"The network {network.name}, chain {network.chain_id}, is in {folder}.")
    output.facts(
        {
            "first block": digits(network.genesis_hash),
            "validators": f"{count}; blocks go on while {network.tolerance} of them fail",
            "confirmations": f"{network.confirmations} make a transaction safe",
        }
    )
    output.say("\nNext, with the keystore of an account that has ether there:")
    output.say(f"  veche network run {network.name}        all of it on this machine, for a trial")
    output.say(f"  brownie networks import {folder / 'brownie.yaml'}")
    output.say("  export VECHE_KEYSTORE=official.key")
    output.say(f"  brownie run deploy_catalogue main --network {network.name}")
    output.say(f"  veche network publish {network.name}    the file that observers join with")


# -- Run --


@app.command()
def run(
    name: Name,
    *,
    as_json: options.Json = False,
) -> None:
    """Runs a whole network on this machine, for a trial, until Ctrl-C: all its validators and an
    observer.

    They have the keys and the first block that they really have, and talk on this machine alone;
    the chain of the trial is kept for the next one, in networks/NAME/trial. A line is shown for
    every block; with --json it is an object.

    Example:  veche network run city
    """
    from veche.files import network as networks
    from veche.network import geth, running

    output = Output(as_json)
    network = networks.find(name)
    program = geth.find()
    running.require_free(network.rpc)
    homes = running.prepare_trial(network)
    names = {running.sealer(home).lower(): home.name for home in homes[:-1]}
    with _until_stopped(output), running.running(homes, program) as nodes:
        output.say(f"Starting {len(homes) - 1} validators and an observer; Ctrl-C ends them.")
        node = running.reach(network, nodes)
        output.say(f"The observer answers at {network.rpc}: --rpc {network.name}")
        _follow(network, node, nodes, names, output)


# -- Join --


@app.command()
def join(
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="As officials publish it: network.json.")
    ],
    *,
    rpc_port: Annotated[
        int,
        typer.Option(
            "--rpc-port", metavar="PORT", min=1, max=65_535, help="Of this machine, for the node."
        ),
    ] = 8545,
    as_json: options.Json = False,
) -> None:
    """Joins a network as an observer: runs a node of your own, which copies and checks the whole
    chain, until Ctrl-C.

    Meanwhile all commands know the network by its name. Run it again whenever you like: it goes on
    where it stopped. networks/NAME/observer/start runs the same node as a service.

    Example:  veche network join network.json

    Then:  veche verify trees --rpc city
    """
    from veche.files import network as networks
    from veche.network import geth, running

    output = Output(as_json)
    published = networks.read(file)
    _warn_of_other_code(published, output)
    program = geth.find()
    running.require_free(f"http://127.0.0.1:{rpc_port}")
    network, home = running.join(published, rpc_port=rpc_port)
    with _until_stopped(output), running.running([home], program) as nodes:
        output.say(f"Joining {network.name}, chain {network.chain_id}; Ctrl-C ends the node.")
        node = running.reach(network, nodes)
        output.say(f"The node answers at {network.rpc}: --rpc {network.name}")
        _follow(network, node, nodes, {}, output)


def _warn_of_other_code(network: Network, output: Output) -> None:
    from veche.network.layout import own_codes

    if network.codes != own_codes():
        output.warn(
            "this network is made for contracts of another version of Veche: install the one that "
            "its officials name, or every check of code will fail."
        )


# -- Publish --


@app.command()
def publish(
    name: Name,
    *,
    catalogue: options.Catalogue = None,
    rpc: Annotated[
        str | None,
        typer.Option(
            "--rpc", metavar="URL", rich_help_panel=options.NODE, help="Of a node of the network."
        ),
    ] = None,
    as_json: options.Json = False,
) -> None:
    """Completes the file that observers join a network with: puts the catalogue's address into it,
    once its code is checked.

    Example:  veche network publish city
    """
    from veche.files import network as networks

    output = Output(as_json)
    network = networks.find(name)
    chain = connection.open_chain(rpc or network.rpc)
    chain.node.require_chain(network.chain_id, genesis=network.genesis_hash)
    register = connection.catalogue_of(chain, catalogue)
    path = network.with_catalogue(register.address).save()
    output.finish({"network": name, "file": str(path), "catalogue": register.address})
    if not as_json:
        output.say(f"{path} is complete; the catalogue is at {register.address}.")
        output.say("It holds no secret. Publish it: whoever has it runs `veche network join FILE`.")


# -- Following --


@contextmanager
def _until_stopped(output: Output) -> Iterator[None]:
    """Ends what runs at Ctrl-C or SIGTERM, which is how it is meant to end."""
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    except KeyboardInterrupt:
        output.say("Stopped.")
    finally:
        signal.signal(signal.SIGTERM, before)


def _follow(
    network: Network,
    node: Node,
    nodes: Sequence[RunningNode],
    names: dict[str, str],
    output: Output,
) -> NoReturn:
    """Shows every new block, until somebody ends it.

    Raises:
        NodeStopped: a node has ended by itself.
    """
    from veche.network.running import pulse

    period = int(network.genesis["config"]["clique"]["period"])
    seen, missed = b"", 0
    while True:
        for each in nodes:
            each.require_running()
        try:
            found = pulse(node)
        except NodeUnreachable as error:  # a busy machine
            output.warn(str(error))
            continue
        late = int(time() - found.time) // (LATE * period)
        if found.block and found.hash != seen:
            seen, missed = found.hash, 0
            _show(found, names, output)
        elif found.block and found.target is None and late > missed:
            missed = late
            output.warn(f"no block for {late * LATE * period} seconds; {found.peers} peers")
        sleep(LOOK_EVERY)


def _show(found: Pulse, names: dict[str, str], output: Output) -> None:
    sealer = names.get(found.sealer, found.sealer)
    output.finish(
        {
            "block": found.block,
            "hash": digits(found.hash),
            "time": found.time,
            "sealer": sealer,
            "peers": found.peers,
            "target": found.target,
        }
    )
    if not output.as_json:
        of = f" of {found.target}" if found.target else ""
        output.say(
            f"{time_text(found.time)}  block {found.block}{of}, sealed by {sealer}  "
            f"{found.peers} peers"
        )
