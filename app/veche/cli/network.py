"""Commands for those who run the chain: make a private network, try it, join it, publish it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from time import sleep, time
from typing import TYPE_CHECKING, Annotated, Final, NoReturn

import typer

from veche.cli import connection, lookup, options
from veche.cli.notices import Notices
from veche.cli.output import Output, digits, facts, warn
from veche.cli.stopping import until_stopped
from veche.errors import NodeError
from veche.errors.times import time_text

if TYPE_CHECKING:
    from veche.chain.node import Node
    from veche.files.network import Network
    from veche.network.running import Pulse, RunningNode

LOOK_EVERY: Final = 0.5
"""Seconds from one look for a new block to the next."""
LATE: Final = 4
"""Block times without a new block before a warning."""
SILENT: Final = 5
"""Seconds of waiting after which it is told what a node waits for."""

app: Final = typer.Typer(help="Private networks: make, try, join and publish them.")

Name = Annotated[str, typer.Argument(metavar="NETWORK", help="The network's name.")]


# -- Make --


@app.command()
def make(
    file: Annotated[
        Path, typer.Argument(metavar="network.toml", help="The file that describes the network.")
    ],
    *,
    as_json: options.Json = False,
) -> None:
    """Makes a network: its first block, the validators' keys, and a folder for every node.

    Everything goes into networks/NAME. Each folder in networks/NAME/validators holds secrets and a
    script that starts the node. Hand it to the organisation that runs that node, then delete it
    here.

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
    output.tell(
        {
            "network": network.name,
            "folder": str(folder),
            "file": str(folder / FILE),
            "chainId": network.chain_id,
            "genesisHash": digits(network.genesis_hash),
            "validators": [
                {"name": each.name, "publicKey": digits(each.key)}
                for each in network.consensus.validators
            ],
            "bootnodes": list(network.bootnodes),
        },
        *_made(network, folder),
    )


def _made(network: Network, folder: Path) -> Iterator[str]:
    """What was made, and what to do next."""
    yield f"The network {network.name}, chain {network.chain_id}, is in {folder}."
    working = f"blocks continue without {network.tolerance} of them"
    yield facts(
        {
            "first block": digits(network.genesis_hash),
            "validators": f"{len(network.consensus.validators)}; {working}",
        }
    )
    yield "\nNext, with the keystore of an account that has ether there:"
    yield f"  veche network run {network.name}        all of it on this machine, for a trial"
    yield "  export VECHE_KEYSTORE=official.key"
    yield f"  veche official deploy-catalogue --rpc {network.name}"
    yield f"  veche network publish {network.name}    the file that observers join with"


# -- Run --


@app.command()
def run(
    name: Name,
    *,
    as_json: options.Json = False,
) -> None:
    """Runs a whole network on this machine, for a trial: all validators and an observer's node.

    The nodes have their real keys and the real first block, and talk on this machine alone. The
    chain of the trial is kept in networks/NAME/trial, and the next trial continues it. A line is
    shown for every block, or an object with --json. Ctrl-C ends all nodes.

    Example:  veche network run city
    """
    from veche.files import network as networks
    from veche.network import programs, running

    output = Output(as_json)
    network = networks.find(name)
    found = programs.find()
    running.require_free(network.rpc_port)
    trial, homes = running.prepare_trial(network, found)
    with until_stopped(output), running.running(homes, found) as nodes:
        output.say(f"Starting {len(homes) - 1} validators and an observer; Ctrl-C ends them.")
        node = running.reach(network, nodes, waiting=_Waiting(nodes[-1], output).show)
        output.say(f"The observer answers at {network.rpc}: --rpc {network.name}")
        _follow(trial, node, nodes, output)


# -- Join --


@app.command()
def join(
    file: Annotated[
        Path,
        typer.Argument(metavar="FILE", help="The network.json that officials published."),
    ],
    *,
    rpc_port: Annotated[
        int | None,
        typer.Option(
            "--rpc-port",
            metavar="PORT",
            min=1,
            max=65_535,
            help="The port of this machine where the node answers. By default the one in FILE.",
        ),
    ] = None,
    cors: Annotated[
        str,
        typer.Option(
            "--cors",
            metavar="ORIGIN",
            help="The origin of web pages that may ask the node, like https://polls.example.org.",
        ),
    ] = "",
    as_json: options.Json = False,
) -> None:
    """Joins a network as an observer: runs a node of your own until Ctrl-C.

    The node copies and checks the whole chain. While it runs, all commands know the network by its
    name. Run it again at any time: it continues where it stopped. networks/NAME/observer/start runs
    the same node as a service.

    Example:  veche network join network.json

    Then:  veche verify trees --rpc city
    """
    from veche.files import network as networks
    from veche.network import programs, running

    output = Output(as_json)
    published = networks.read(file)
    _warn_of_other_code(published)
    found = programs.find()
    running.require_free(rpc_port or published.rpc_port)
    network, home = running.join(published, found, rpc_port=rpc_port, origin=cors)
    with until_stopped(output), running.running([home], found) as nodes:
        output.say(f"Joining {network.name}, chain {network.chain_id}; Ctrl-C ends the node.")
        output.say("The node answers when it has fetched and checked all blocks.")
        node = running.reach(network, nodes, waiting=_Waiting(nodes[0], output).show)
        output.say(f"The node answers at {network.rpc}: --rpc {network.name}")
        _follow(network, node, nodes, output)


class _Waiting:
    """Shows what a node that does not answer yet waits for, whenever it tells something new."""

    def __init__(self, node: RunningNode, output: Output) -> None:
        self._node, self._output = node, output
        self._looked, self._shown = time(), ""

    def show(self) -> None:
        if time() < self._looked + SILENT:
            return
        words, self._looked = self._node.last_words(), time()
        if words != self._shown:
            self._output.say(f"{self._node.name}: {words}")
            self._shown = words


def _warn_of_other_code(network: Network) -> None:
    from veche.network.layout import own_codes

    if network.codes != own_codes():
        warn(
            "this network is made for the contracts of another version of Veche. Install the one "
            "that its officials name, or every check of code will fail."
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
            "--rpc",
            metavar="URL",
            rich_help_panel=options.NODE,
            help="The URL of a node of the network. By default the one on this machine.",
        ),
    ] = None,
    as_json: options.Json = False,
) -> None:
    """Completes the file that observers join a network with: adds the catalogue, and what its
    address is the hash of.

    It is checked first where the catalogue comes from.

    Example:  veche network publish city
    """
    from veche.chain.evidence import read_root
    from veche.files import network as networks
    from veche.files.network import NetworkCatalogue
    from veche.trust.foundation import check_root
    from veche.trust.report import Report

    output = Output(as_json)
    network = networks.find(name)
    chain = connection.open_chain(rpc or network.rpc)
    chain.node.require_chain(network.chain_id, genesis=network.genesis_hash)
    register = lookup.find_catalogue(chain, catalogue)
    root = read_root(register.contract)
    check_root(root, report := Report())
    report.require()
    named = NetworkCatalogue(root.address, root.deployer, root.salt, root.first_owner)
    path = network.with_catalogue(named).save()
    output.tell(
        {"network": name, "file": str(path), "catalogue": register.address},
        f"{path} is complete; the catalogue is at {register.address}.",
        "The file holds no secret. Publish it: whoever has it runs `veche network join FILE`.",
    )


# -- Following --


def _follow(
    network: Network,
    node: Node,
    nodes: Sequence[RunningNode],
    output: Output,
) -> NoReturn:
    """Shows every new block until it is interrupted.

    Raises:
        NodeStopped: a node has ended by itself.
    """
    from veche.network.running import pulse

    period = network.consensus.block_time
    names = {each.address: each.name for each in network.consensus.validators}
    begun, seen, missed, notices = time(), b"", 0, Notices()
    while True:
        for each in nodes:
            each.require_running()
        notices.begin()
        try:
            found = pulse(node)
        except NodeError as error:  # a busy machine
            if notices.is_news("node", str(error)):
                warn(str(error))
            sleep(LOOK_EVERY)
            continue
        notices.forget_others()
        late = int(time() - max(begun, found.time)) // (LATE * period)
        if found.block and found.hash != seen:
            seen, missed = found.hash, 0
            _tell_block(found, names, output)
        elif found.target is None and late > missed:
            missed = late
            warn(f"no block for {late * LATE * period} seconds; {found.peers} peers")
        sleep(LOOK_EVERY)


def _tell_block(found: Pulse, names: dict[str, str], output: Output) -> None:
    proposer = names.get(found.proposer, found.proposer)
    of = f" of {found.target}" if found.target else ""
    output.tell(
        {
            "block": found.block,
            "hash": digits(found.hash),
            "time": found.time,
            "proposer": proposer,
            "peers": found.peers,
            "target": found.target,
        },
        f"{time_text(found.time)}  block {found.block}{of}, proposed by {proposer}  "
        f"{found.peers} peers",
    )
