"""Nodes that run on this machine: one that has joined a network, or a whole network for a trial."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, replace
from fcntl import LOCK_NB, LOCK_SH, flock
from functools import partial
from pathlib import Path
from time import sleep
from typing import Final

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
from veche.network.node_folder import START, NodePlan, Peers, write_node
from veche.network.programs import Programs
from veche.processes import end_with_parent, free_ports

LOG: Final = "log"
GETH_LOCK: Final = Path("data") / "geth" / "LOCK"
"""What geth locks in a node's folder while it runs."""
STOPS_WITHIN: Final = 60
"""Maximum seconds that a node may take to end before it is killed."""
_TELLS: Final = " validator: "
"""What a line of a log has behind the time if veche-validator tells it, rather than geth."""
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
        earlier: the number of bytes in the log that are from before it was started.
    """

    name: str
    home: Path
    process: subprocess.Popen[bytes]
    earlier: int

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

    def last_words(self) -> str:
        """What veche-validator has told last, without the time."""
        text = (self.home / LOG).read_bytes()[self.earlier :].decode(errors="replace")
        told = (line.partition(_TELLS)[2] for line in reversed(text.splitlines()))
        return next(filter(None, told), "geth is starting")

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
        earlier = log.tell()
        process = subprocess.Popen(  # noqa: S603  # a script of our own
            [*before, str((home / START).absolute()), "--", *options],
            env=os.environ | programs.environment,
            stdin=subprocess.DEVNULL, stdout=log, stderr=log,
            start_new_session=True,
            preexec_fn=partial(end_with_parent, os.getpid()),  # noqa: PLW1509  # no thread yet
        )  # fmt: skip
    return RunningNode(home.name, home, process, earlier)


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
    waiting: Callable[[], None] = lambda: None,
) -> Node:
    """Waits until a network's node on this machine answers, and returns the connection to it. A
    node answers when it has caught up, which takes as long as it takes.

    Args:
        network: the network.
        nodes: the nodes that run.
        waiting: called again and again while it waits.

    Raises:
        NodeStopped: one of the running nodes has ended.
        WrongNetwork: the node that answers is on another chain.
    """
    while True:
        for each in nodes:
            each.require_running()
        try:
            found = Node(network.rpc, retries=1)
        except NodeUnreachable:
            waiting()
            sleep(0.1)
        else:
            found.require_chain(network.chain_id, genesis=network.genesis_hash)
            return found


# -- An observer's node --


def join(
    published: Network,
    programs: Programs,
    *,
    rpc_port: int | None = None,
    origin: str = "",
    folder: Path | None = None,
) -> tuple[Network, Path]:
    """Saves a network here, with the folder of an observer's node. An existing chain is kept.

    Args:
        published: the network as its officials publish it.
        programs: the programs of a node; geth finds the hash of the first block.
        rpc_port: the port at which the node is to answer on this machine; by default the one that
            is published.
        origin: the origin of web pages that may ask the node; empty if none may.
        folder: the folder of all networks; by default `networks` in the current folder.

    Returns:
        The network as it is saved, and the folder of the node.

    Raises:
        InvalidFile: another network has its name here, which its own trial is too; or a file cannot
            be written.
        InvalidDocument: the first block does not have the hash that is published with it; or the
            file of the network with its name here is not as Veche wrote it.
        NodeStopped: the node runs already, whose files would change under it.
    """
    found = programs.genesis_hash(published.genesis)
    if found != published.genesis_hash:
        said = f"0x{published.genesis_hash.hex()} is published, but it has 0x{found.hex()}"
        raise InvalidDocument(f"the first block of {published.name} has another hash: {said}")
    home = (folder or FOLDER) / published.name
    network = published.at(local_url(rpc_port)) if rpc_port else published
    if (home / networks.FILE).exists():
        known = networks.read(home / networks.FILE)
        if not known.is_same_chain(network):
            remedy = "move its folder away, or join in another folder"
            raise InvalidFile(str(home), [Mistake(0, "another network has this name", remedy)])
    _require_stopped(home / OBSERVER)
    network.save(folder)
    peers = Peers(network.bootnodes, network.consensus.peers)
    plan = replace(_observer(network, peers, free_ports(2)), address=None, origin=origin)
    make_identity(home / OBSERVER)
    write_node(home / OBSERVER, network, plan)
    return network, home / OBSERVER


def _require_stopped(home: Path) -> None:
    """Refuses the folder of a node that runs."""
    with suppress(FileNotFoundError), (home / GETH_LOCK).open() as lock:
        try:
            flock(lock, LOCK_SH | LOCK_NB)
        except BlockingIOError as error:
            said = f"the node in {home} runs already: end it first, or use it as it is"
            raise NodeStopped(said) from error


def _observer(network: Network, peers: Peers, ports: Sequence[int]) -> NodePlan:
    """An observer's node, on this machine alone, with its ports for geth and for CometBFT."""
    port, consensus_port = ports
    return NodePlan(
        name=OBSERVER,
        peers=peers,
        listen="127.0.0.1",
        port=port,
        consensus_port=consensus_port,
        address="127.0.0.1",
        rpc_port=network.rpc_port,
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
    # one more than it takes, as the observer's own port may be among them
    free = (each for each in free_ports(2 * len(homes) + 3) if each != network.rpc_port)
    ends = [("127.0.0.1", next(free), next(free)) for _ in homes]
    peers = peers_at(homes, ends, programs)
    trial = replace(
        network, bootnodes=peers.enodes, consensus=network.consensus.on_trial(peers.consensus)
    )
    for home, (host, port, consensus_port) in zip(homes, ends, strict=True):
        plan = NodePlan(home.name, peers, host, port, consensus_port, host)
        write_node(home, trial, plan)
    observer = own / TRIAL / OBSERVER
    make_identity(observer)
    write_node(observer, trial, _observer(trial, peers, (next(free), next(free))))
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


def require_free(port: int) -> None:
    """Refuses a port of this machine that is taken.

    Raises:
        NodeStopped: another program listens at the port.
    """
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
