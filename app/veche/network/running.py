"""Nodes that run on this machine: one that has joined a network, or a whole network for a trial."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from time import monotonic, sleep
from typing import Final
from urllib.parse import urlsplit

from veche.chain.node import Node
from veche.errors import InvalidDocument, InvalidFile, Mistake, NodeStopped, NodeUnreachable
from veche.files import network as networks
from veche.files.network import FOLDER, NAME, Network, local_url
from veche.files.writing import write_atomically
from veche.network.layout import (
    OBSERVER,
    SECRETS,
    TRIAL,
    VALIDATORS,
    make_identity,
    peers_at,
)
from veche.network.node_folder import IPC, START, NodePlan, Peers, write_node
from veche.network.programs import Programs
from veche.processes import end_with_parent, free_port

LOG: Final = "log"
ANSWERS_WITHIN: Final = 60
"""Maximum seconds from a node's start to its first answer."""
STOPS_WITHIN: Final = 60
"""Maximum seconds that a node may take to end before it is killed."""
_SHOWN: Final = 3
"""Number of lines of a log that a message repeats."""


# -- One node --


@dataclass(frozen=True)
class RunningNode:
    """A node of a private network that this program runs.

    Attributes:
        name: the name of the node.
        home: its folder, which has its log too.
        process: the process of veche-validator, which runs geth.
    """

    name: str
    home: Path
    process: subprocess.Popen[bytes]

    def require_running(self) -> None:
        """Refuses a node that has ended by itself.

        Raises:
            NodeStopped: the node has ended.
        """
        code = self.process.poll()
        if code is not None:
            log = self.home / LOG
            last = log.read_text(errors="replace").expandtabs(2).strip().splitlines()[-_SHOWN:]
            said = "\n".join([f"the node {self.name} ended (exit code {code}); {log} ends:", *last])
            raise NodeStopped(said)

    def stop(self) -> None:
        """Ends the node and waits until it has ended."""
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(STOPS_WITHIN)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def start(home: Path, programs: Programs, *options: str, before: Sequence[str] = ()) -> RunningNode:
    """Starts the node in a folder.

    Args:
        home: the folder.
        programs: the programs of a node.
        options: more options of geth.
        before: the words of a command that runs the node, in front of it.
    """
    with (home / LOG).open("ab") as log:
        process = subprocess.Popen(  # noqa: S603  # a script of our own
            [*before, str((home / START).absolute()), "--", *options],
            env=os.environ | programs.environment,
            stdin=subprocess.DEVNULL, stdout=log, stderr=log,
            start_new_session=True,
            preexec_fn=partial(end_with_parent, os.getpid()),  # noqa: PLW1509  # no thread yet
        )  # fmt: skip
    return RunningNode(home.name, home, process)


@contextmanager
def running(homes: Sequence[Path], programs: Programs) -> Iterator[list[RunningNode]]:
    """Runs the nodes in these folders side by side, and ends all of them afterwards."""
    with ExitStack() as stack:
        nodes = [start(home, programs) for home in homes]
        for each in nodes:
            stack.callback(each.stop)
        try:
            yield nodes
        finally:
            for each in nodes:  # all end at once, before each is waited for
                each.process.send_signal(signal.SIGTERM)


def reach(
    network: Network,
    nodes: Sequence[RunningNode],
    *,
    url: str | None = None,
    within: float = ANSWERS_WITHIN,
    waiting: Callable[[], None] = lambda: None,
) -> Node:
    """Waits until a network's node on this machine answers, and returns the connection to it. A
    node answers when it has caught up.

    Args:
        network: the network.
        nodes: the nodes that run.
        url: the URL of the node; by default the one of the network.
        within: the seconds to wait at most.
        waiting: called again and again while it waits.

    Raises:
        NodeStopped: one of the running nodes has ended.
        NodeUnreachable: the node does not answer in time.
        WrongNetwork: the node that answers is on another chain.
    """
    begun = monotonic()
    while True:
        for each in nodes:
            each.require_running()
        try:
            found = Node(url or network.rpc, retries=1)
        except NodeUnreachable:
            if monotonic() > begun + within:
                raise
            waiting()
            sleep(0.1)
        else:
            found.require_chain(network.chain_id, genesis=network.genesis_hash)
            return found


def fetched(home: Path) -> int | None:
    """The number of blocks that the node in a folder has so far; None if it does not tell."""
    request = {"jsonrpc": "2.0", "id": 1, "method": "eth_blockNumber", "params": []}
    try:
        with socket.socket(socket.AF_UNIX) as line, line.makefile("r") as answers:
            line.settimeout(1)
            line.connect(str(home / IPC))
            line.sendall(json.dumps(request).encode())
            return int(json.loads(answers.readline())["result"], 16)
    except (OSError, ValueError, KeyError):  # its geth is not there yet
        return None


# -- An observer's node --


def join(
    published: Network,
    programs: Programs,
    *,
    rpc_port: int,
    origin: str = "",
    folder: Path | None = None,
) -> tuple[Network, Path]:
    """Saves a network here, with the folder of an observer's node. An existing chain is kept.

    Args:
        published: the network as its officials publish it.
        programs: the programs of a node; geth finds the hash of the first block.
        rpc_port: the port at which the node is to answer on this machine.
        origin: the origin of web pages that may ask the node; empty if none may.
        folder: the folder of all networks; by default `networks` in the current folder.

    Returns:
        The network as it is saved, and the folder of the node.

    Raises:
        InvalidFile: another network has its name here, or a file cannot be written.
        InvalidDocument: the first block does not have the hash that is published with it; or the
            file of the network with its name here is not as Veche wrote it.
    """
    found = programs.genesis_hash(published.genesis)
    if found != published.genesis_hash:
        said = f"0x{published.genesis_hash.hex()} is published, but it has 0x{found.hex()}"
        raise InvalidDocument(f"the first block of {published.name} has another hash: {said}")
    home = (folder or FOLDER) / published.name
    network = published.at(local_url(rpc_port))
    if (home / networks.FILE).exists():
        known = networks.read(home / networks.FILE)
        if known.genesis_hash != network.genesis_hash:
            mistake = Mistake(0, "another network has this name", "move its folder away")
            raise InvalidFile(str(home), [mistake])
    network.save(folder)
    peers = Peers(network.bootnodes, network.consensus.peers)
    plan = replace(_observer(peers, rpc_port), address=None, origin=origin)
    make_identity(home / OBSERVER)
    write_node(home / OBSERVER, network, plan)
    return network, home / OBSERVER


def _observer(peers: Peers, rpc_port: int | None) -> NodePlan:
    """An observer's node, on this machine alone."""
    return NodePlan(
        name=OBSERVER,
        peers=peers,
        listen="127.0.0.1",
        port=free_port(),
        consensus_port=free_port(),
        address="127.0.0.1",
        rpc_port=rpc_port,
    )


# -- A trial --


def prepare_trial(
    network: Network, programs: Programs, folder: Path | None = None
) -> tuple[Network, list[Path]]:
    """Prepares all nodes of a network to run on this machine alone: its validators, with their real
    keys and the real first block, and an observer. The chain of an earlier trial is kept.

    Returns:
        The network as it is on trial, which is saved in the folder of the trial too, and the
        folders of the nodes; the observer's is the last.

    Raises:
        InvalidFile: the network was not made here, or the keys of a validator are missing.
    """
    own = (folder or FOLDER) / network.name
    sources = sorted(each for each in (own / VALIDATORS).glob("*/") if NAME.fullmatch(each.name))
    if not sources:
        remedy = "run the command in the folder where the network was made"
        mistake = Mistake(0, "there are no validators here", remedy)
        raise InvalidFile(str(own), [mistake])
    homes = [_with_keys(source, own / TRIAL / source.name) for source in sources]
    ends = [("127.0.0.1", free_port(), free_port()) for _ in homes]
    peers = peers_at(homes, ends, programs)
    trial = replace(
        network, bootnodes=peers.enodes, consensus=network.consensus.on_trial(peers.consensus)
    )
    for home, (host, port, consensus_port) in zip(homes, ends, strict=True):
        plan = NodePlan(home.name, peers, host, port, consensus_port, host)
        write_node(home, trial, plan)
    observer = own / TRIAL / OBSERVER
    make_identity(observer)
    write_node(observer, trial, _observer(peers, urlsplit(network.rpc).port))
    write_atomically(own / TRIAL / networks.FILE, trial.to_json())
    return trial, [*homes, observer]


def _with_keys(source: Path, home: Path) -> Path:
    """Copies the keys of a validator to its folder for a trial, and returns that folder."""
    for name in SECRETS:
        if not (source / name).exists():
            what = "a key of this validator is missing"
            mistake = Mistake(0, what, "put it into the folder for a trial")
            raise InvalidFile(str(source / name), [mistake])
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    for name in SECRETS:
        if not (home / name).exists():
            shutil.copy2(source / name, home / name)
    return home


def require_free(url: str) -> None:
    """Refuses the URL of a port of this machine that is taken.

    Raises:
        NodeStopped: another program listens at the port.
    """
    port = urlsplit(url).port or 0
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            reason = f"port {port} of this machine is taken: another node may run there"
            raise NodeStopped(reason) from error


# -- The pulse of a network --


@dataclass(frozen=True, slots=True)
class Pulse:
    """The newest block and the connections of a node.

    Attributes:
        block: the number of the newest block.
        time: the time of that block, in seconds since 1970.
        hash: the hash of that block, 32 bytes.
        peers: the number of nodes that the node is connected to.
        target: the number of the block that the node is catching up to; None if it is not behind.
        proposer: the address of the validator that proposed the block, in lower case.
    """

    block: int
    time: int
    hash: bytes
    peers: int
    target: int | None
    proposer: str


def pulse(node: Node) -> Pulse:
    """The pulse of a network now, as a node sees it.

    Raises:
        NodeError: the node cannot be reached, or refuses a request.
    """
    newest = node.block()
    return Pulse(
        newest["number"],
        newest["timestamp"],
        newest["hash"],
        node.peers(),
        node.target(),
        node.proposer(newest["number"]).lower(),
    )
