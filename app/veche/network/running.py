"""Nodes that run on this machine: one that joined a network, or a whole network for a trial."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from time import monotonic, sleep
from typing import Final
from urllib.parse import urlsplit

from veche.chain.node import Node
from veche.errors import InvalidFile, Mistake, NodeStopped, NodeUnreachable
from veche.files import network as networks
from veche.files.network import FOLDER, Network
from veche.network.layout import OBSERVER, SECRETS, TRIAL, VALIDATORS, enode, local_url
from veche.network.node_folder import KEYSTORE, START, NodePlan, write_node
from veche.processes import end_with_parent, free_port

LOG: Final = "log"
ANSWERS_WITHIN: Final = 60
"""Seconds that a node has to answer after its start."""
STOPS_WITHIN: Final = 60
"""Seconds that it has to end, before it is killed."""
_SHOWN: Final = 3
"""Lines of a log that a message repeats."""


# -- One node --


@dataclass(frozen=True)
class RunningNode:
    """A node of a private network, as this program runs it.

    Attributes:
        name: of the node.
        home: its folder; what it says is in the file `log` there.
        process: geth.
    """

    name: str
    home: Path
    process: subprocess.Popen[bytes]

    def require_running(self) -> None:
        """Refuses a node that has ended by itself.

        Raises:
            NodeStopped: it has.
        """
        code = self.process.poll()
        if code is not None:
            log = self.home / LOG
            last = log.read_text(errors="replace").expandtabs(2).strip().splitlines()[-_SHOWN:]
            said = "\n".join([f"the node {self.name} ended (exit code {code}); {log} ends:", *last])
            raise NodeStopped(said)

    def stop(self) -> None:
        """Ends it, and waits for that."""
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(STOPS_WITHIN)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def start(home: Path, program: Path, *options: str, before: Sequence[str] = ()) -> RunningNode:
    """Starts the node in a folder.

    Args:
        home: the folder.
        program: geth.
        options: more of geth's.
        before: a command to run it in.
    """
    with (home / LOG).open("ab") as log:
        process = subprocess.Popen(  # noqa: S603  # a script of our own
            [*before, str((home / START).absolute()), *options],
            env=os.environ | {"VECHE_GETH": str(program.absolute())},
            stdin=subprocess.DEVNULL, stdout=log, stderr=log,
            start_new_session=True,
            preexec_fn=partial(end_with_parent, os.getpid()),  # noqa: PLW1509  # no thread yet
        )  # fmt: skip
    return RunningNode(home.name, home, process)


@contextmanager
def running(homes: Sequence[Path], program: Path) -> Iterator[list[RunningNode]]:
    """Runs the nodes in these folders, side by side, and ends them all afterwards."""
    with ExitStack() as stack:
        nodes = [start(home, program) for home in homes]
        for each in nodes:
            stack.callback(each.stop)
        try:
            yield nodes
        finally:
            for each in nodes:  # all at once, then each is waited for
                each.process.send_signal(signal.SIGTERM)


def reach(network: Network, nodes: Sequence[RunningNode], *, url: str | None = None) -> Node:
    """The connection to a network's node on this machine, once it answers.

    Raises:
        NodeStopped: one of the nodes that run has ended.
        NodeUnreachable: it does not answer.
        WrongNetwork: something else answers there.
    """
    begun = monotonic()
    while True:
        for each in nodes:
            each.require_running()
        try:
            found = Node(url or network.rpc, retries=1)
        except NodeUnreachable:
            if monotonic() > begun + ANSWERS_WITHIN:
                raise
            sleep(0.1)
        else:
            found.require_chain(network.chain_id, genesis=network.genesis_hash)
            return found


# -- An observer's node --


def join(published: Network, *, rpc_port: int, folder: Path | None = None) -> tuple[Network, Path]:
    """Notes a network here and makes a node of it, or finds the one that is there.

    Args:
        published: the network.
        rpc_port: where the node is to answer on this machine.
        folder: where the networks are; `networks` here by default.

    Returns:
        The network as it is noted, and the folder of the node.

    Raises:
        InvalidFile: another network has its name here.
    """
    home = (folder or FOLDER) / published.name
    network = published.at(local_url(rpc_port))
    if (home / networks.FILE).exists():
        known = networks.read(home / networks.FILE)
        if known.genesis_hash != network.genesis_hash:
            mistake = Mistake(0, "another network has this name", "move its folder away")
            raise InvalidFile(str(home), [mistake])
    network.save(folder)
    plan = NodePlan(OBSERVER, network.bootnodes, free_port(), None, None, rpc_port)
    write_node(home / OBSERVER, network, plan)
    return network, home / OBSERVER


# -- A trial --


def prepare_trial(network: Network, folder: Path | None = None) -> list[Path]:
    """Makes a network's nodes ready to run on this machine alone: its validators, with the keys
    and the first block that they really have, and an observer. What an earlier trial did is kept.

    Returns:
        The folders of the nodes, the observer's last.

    Raises:
        InvalidFile: a validator's keys are not here.
    """
    own = (folder or FOLDER) / network.name
    sources = sorted((own / VALIDATORS).iterdir()) if (own / VALIDATORS).is_dir() else []
    if not sources:
        mistake = Mistake(0, "no validators are here", "run it where the network was made")
        raise InvalidFile(str(own), [mistake])
    homes = [_with_keys(source, own / TRIAL / source.name) for source in sources]
    ports = [free_port() for _ in homes]
    ends = zip(homes, ports, strict=True)
    peers = tuple(enode(home, "127.0.0.1", port) for home, port in ends)
    for home, port in zip(homes, ports, strict=True):
        plan = NodePlan(home.name, peers, port, "127.0.0.1", sealer(home), None)
        write_node(home, network, plan)
    observer = own / TRIAL / OBSERVER
    rpc_port = urlsplit(network.rpc).port
    write_node(
        observer, network, NodePlan(OBSERVER, peers, free_port(), "127.0.0.1", None, rpc_port)
    )
    return [*homes, observer]


def _with_keys(source: Path, home: Path) -> Path:
    """A folder for a trial, with the keys of a validator."""
    for name in SECRETS:
        if not (source / name).exists():
            mistake = Mistake(0, "a key of this validator is not here", "put it there for a trial")
            raise InvalidFile(str(source / name), [mistake])
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    for name in SECRETS:
        copy = shutil.copytree if (source / name).is_dir() else shutil.copy2
        if not (home / name).exists():
            copy(source / name, home / name)
    return home


def sealer(home: Path) -> str:
    """The account whose keystore is in a validator's folder.

    Raises:
        InvalidFile: there is not one.
    """
    found = [path.stem for path in sorted((home / KEYSTORE).glob("*.json"))]
    if len(found) != 1:
        remedy = "put the one keystore there that seals, named ADDRESS.json"
        raise InvalidFile(str(home / KEYSTORE), [Mistake(0, f"{len(found)} keys are here", remedy)])
    return found[0]


def require_free(url: str) -> None:
    """Refuses an address of this machine that another program listens at.

    Raises:
        NodeStopped: one does.
    """
    port = urlsplit(url).port or 0
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            reason = f"port {port} of this machine is taken: another node may run there"
            raise NodeStopped(reason) from error


# -- What is seen --


@dataclass(frozen=True, slots=True)
class Pulse:
    """How a network is, as a node sees it.

    Attributes:
        block: number of the newest block.
        time: of that block, in seconds since 1970.
        hash: of that block, 32 bytes.
        peers: how many nodes it is connected to.
        target: the number of the block that it is on the way to; None where it is not behind.
        sealer: who has sealed that block, an address in lower case; empty for the first block.
    """

    block: int
    time: int
    hash: bytes
    peers: int
    target: int | None
    sealer: str


def pulse(node: Node) -> Pulse:
    """How a network is now.

    Raises:
        NodeError: the node does not answer.
    """
    newest = node.block()
    number = int(newest["number"])
    sealer = node.request("clique_getSigner", hex(number)) if number else ""
    return Pulse(
        number,
        int(newest["timestamp"]),
        bytes(newest["hash"]),
        int(node.request("net_peerCount"), 16),
        node.target(),
        str(sealer).lower(),
    )
