"""A network made by `veche network`, with a machine for each validator and for an observer."""

from __future__ import annotations

import json
import shutil
import signal
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic, sleep
from typing import Final

import psutil

from tools.faults.hosts import Host, hosts
from veche.chain.node import Node
from veche.errors import NodeError
from veche.files.consensus import Validator
from veche.files.network import Network
from veche.network import layout, programs, running
from veche.network.network_file import read_network
from veche.network.node_folder import DESCRIPTION, rpc_at
from veche.network.programs import Programs
from veche.network.running import RunningNode

NAMES: Final = ("north", "east", "south", "west")
BLOCK_TIME: Final = 1
GAS_LIMIT: Final = 150_000_000
"""The gas limit of a block; carriers fill half of it."""
BEGINS: Final = "2026-01-01T00:00:00Z"
"""When the network began. CometBFT waits for that time, so a clock that is behind is past it."""
RPC: Final = 8545
LOGS: Final = Path(__file__).parents[2] / "build" / "network-logs"
"""The folder for the nodes' logs of a run that failed."""


@dataclass
class Cluster:
    """A network and its machines.

    Attributes:
        network: the network as its officials publish it.
        hosts: the machines of the validators in order; the observer's is the last.
        homes: the folders of their nodes, in the same order.
        nodes: the nodes that run, by the index of their machine from 0.
        programs: the programs of the nodes.
        figures: what was measured on the way, by its key.
    """

    network: Network
    hosts: list[Host]
    homes: list[Path]
    nodes: dict[int, RunningNode] = field(default_factory=dict)
    programs: Programs = field(default_factory=programs.find)
    figures: dict[str, float] = field(default_factory=dict)

    @property
    def observer(self) -> int:
        """The index of the observer's machine."""
        return len(self.hosts) - 1

    def url(self, index: int) -> str:
        """The URL of a node for this machine."""
        return f"http://{self.hosts[index].control}:{RPC}"

    @property
    def urls(self) -> list[str]:
        """The URLs of the nodes that run."""
        return [self.url(index) for index in sorted(self.nodes)]

    def start(self, index: int, build: Programs | None = None, **environment: str) -> None:
        """Starts a node by its own script. The node answers to this machine.

        Args:
            index: the index of its machine.
            build: other programs than those of all nodes.
            environment: the variables that it gets.
        """
        path = self.homes[index] / DESCRIPTION
        described = json.loads(path.read_text())
        described["rpc"] = rpc_at(self.hosts[index].control, RPC)
        described["genesisTime"] = BEGINS
        path.write_text(json.dumps(described))
        variables = [f"{name}={value}" for name, value in environment.items()]
        before = [*self.hosts[index].before, "env", *variables]
        self.nodes[index] = running.start(self.homes[index], build or self.programs, before=before)

    def replace(self, index: int, build: Programs | None = None, **environment: str) -> None:
        """Stops a node as a service manager does, and starts it with another build."""
        self.nodes.pop(index).stop()
        self.start(index, build, **environment)

    def kill(self, index: int) -> None:
        """Ends a node with SIGKILL; the kernel kills its geth."""
        node = self.nodes.pop(index)
        node.process.kill()
        node.process.wait()

    def kill_geth(self, index: int) -> None:
        """Ends the geth of a node with SIGKILL; the node itself goes on."""
        [geth] = psutil.Process(self.nodes[index].process.pid).children()
        geth.kill()

    def silence(self, index: int) -> None:
        """Stops a node in the middle of what it does; its connections stay."""
        self.nodes[index].process.send_signal(signal.SIGSTOP)

    def wake(self, index: int) -> None:
        """Lets a node that was silent go on."""
        self.nodes[index].process.send_signal(signal.SIGCONT)

    def agree(self, index: int, *words: str) -> None:
        """Has the operator of a node agree to a change of validators."""
        command = [str(self.programs.validator), "agree", "-home", str(self.homes[index]), *words]
        subprocess.run(command, check=True)  # our own

    def key(self, index: int) -> Validator:
        """The key that signs a node's blocks."""
        return Validator(self.homes[index].name, self.programs.make_key(self.homes[index]))

    def forget(self, index: int) -> None:
        """Deletes the chain of a node that does not run."""
        shutil.rmtree(self.homes[index] / "data")

    def megabytes(self, index: int) -> float:
        """The memory of a node, with its geth."""
        process = psutil.Process(self.nodes[index].process.pid)
        both = [process, *process.children()]
        return float(round(sum(each.memory_info().rss for each in both) / 2**20))

    def stop_all(self) -> None:
        """Ends all nodes that run."""
        for each in self.nodes.values():
            each.stop()
        self.nodes.clear()

    # -- Waiting --

    def node(self, index: int, *, within: float = 300) -> Node:
        """Waits until a node answers, and returns the connection to it."""
        begun = monotonic()
        while True:
            try:
                return Node(self.url(index), retries=1)
            except NodeError:
                if monotonic() > begun + within:
                    raise
                sleep(0.1)

    def height(self, index: int) -> int:
        """The number of a node's newest block."""
        return int(self.node(index).block()["number"])

    def answers_again(self, index: int) -> bool:
        """Whether a node answers now. If it has ended by itself, it is started again, as a service
        manager does.
        """
        if self.nodes[index].process.poll() is not None:
            self.start(index)
        try:
            Node(self.url(index), retries=0)
        except NodeError:
            return False
        return True

    def wait_for_blocks(self, count: int, *, at: int | None = None, within: float = 300) -> None:
        """Waits for `count` more blocks at a node, by default the observer's."""
        index = self.observer if at is None else at
        goal, begun = self.height(index) + count, monotonic()
        while self.height(index) < goal:
            if monotonic() > begun + within:
                state = "\n".join(self.state())
                raise TimeoutError(f"no {count} blocks within {within} seconds:\n{state}")
            sleep(0.2)

    def state(self) -> Iterator[str]:
        """A line for each node that runs: its newest blocks with their proposers, and its peers."""
        for index in sorted(self.nodes):
            try:
                node = Node(self.url(index), retries=0)
            except NodeError as error:
                yield f"{self.homes[index].name}: {error}"
                continue
            newest = int(node.block()["number"])
            blocks = [node.block(number) for number in range(max(1, newest - 3), newest + 1)]
            chain = " ".join(
                f"{each['number']}:{each['hash'].hex()[:6]}/{node.proposer(each['number'])[2:8]}"
                for each in blocks
            )
            peers = int(node.request("net_peerCount"), 16)
            yield f"{self.homes[index].name}: {chain}, {peers} peers"


@contextmanager
def cluster(folder: Path, accounts: Sequence[str]) -> Iterator[Cluster]:
    """Makes a network that can be started. Afterwards its machines are removed.

    Args:
        folder: the folder for its files.
        accounts: the addresses of the accounts with ether.
    """
    with hosts(len(NAMES) + 1) as machines:
        network = layout.make(read_network(_write_file(folder, machines, accounts)), folder)
        own = folder / network.name
        homes = [own / layout.VALIDATORS / name for name in NAMES]
        _, observer = running.join(network, programs.find(), rpc_port=RPC, folder=folder)
        made = Cluster(network, machines, [*homes, observer])
        try:
            yield made
        except BaseException:
            _keep_logs(made)
            raise
        finally:
            made.stop_all()


def _keep_logs(made: Cluster) -> None:
    """Copies the logs of the nodes to a folder that outlives the run."""
    for home in made.homes:
        if (home / running.LOG).exists():
            LOGS.mkdir(parents=True, exist_ok=True)
            shutil.copy(home / running.LOG, LOGS / home.name)


def _write_file(folder: Path, machines: Sequence[Host], accounts: Sequence[str]) -> Path:
    path = folder / "network.toml"
    lines = ['name = "faults"', "chain_id = 770077", f"block_time = {BLOCK_TIME}"]
    lines += [f"gas_limit = {GAS_LIMIT}"]
    for name, host in zip(NAMES, machines, strict=False):
        lines += ["[[validators]]", f'name = "{name}"', f'host = "{host.address}"']
    for each in accounts:
        lines += ["[[accounts]]", f'address = "{each}"', "ether = 1000"]
    path.write_text("\n".join(lines) + "\n")
    return path
