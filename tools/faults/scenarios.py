"""The faults: each makes something fail in a network that is in use, and then repairs it."""

from __future__ import annotations

import json
import os
import socket
from collections.abc import Callable
from time import monotonic, sleep
from typing import Final

from tools.faults.cluster import Cluster
from tools.faults.hosts import cut, heal
from veche.network.node_folder import DESCRIPTION

Scenario = Callable[[Cluster], None]


def validator_killed(cluster: Cluster) -> None:
    """One validator of four is killed (-9), misses some blocks, and comes back."""
    cluster.kill(0)
    cluster.wait_for_blocks(4)
    begun = monotonic()
    cluster.start(0)
    cluster.wait_for_blocks(4, at=0)
    cluster.figures["back_one_s"] = round(monotonic() - begun, 1)


def two_validators_killed(cluster: Cluster) -> None:
    """Two validators of four are killed, so that blocks stop; then they come back."""
    cluster.kill(1)
    cluster.kill(2)
    _wait_for_standstill(cluster)
    cluster.start(1)
    cluster.start(2)
    cluster.wait_for_blocks(4)


def observer_resynced(cluster: Cluster) -> None:
    """The observer is killed and loses its chain; then it gets the chain again from the others."""
    cluster.kill(cluster.observer)
    cluster.forget(cluster.observer)
    cluster.wait_for_blocks(2, at=0)
    cluster.start(cluster.observer)
    _wait_until_level(cluster)


def network_cut(cluster: Cluster) -> None:
    """One validator and the observer are cut off from the other three, and have no block of their
    own. Then all are connected again.
    """
    apart = [cluster.hosts[0], cluster.hosts[cluster.observer]]
    cut(apart)
    cluster.wait_for_blocks(2, at=1)  # what was under way when the links were cut has come
    alone = cluster.height(cluster.observer)
    cluster.wait_for_blocks(8, at=1)
    if cluster.height(cluster.observer) > alone or cluster.height(0) > alone:
        raise AssertionError("one validator of four has made a block")
    heal(apart)
    _wait_until_level(cluster)


def network_halved(cluster: Cluster) -> None:
    """The network is cut into halves with two validators each, so that blocks stop in both. Then
    all are connected again.
    """
    apart = [cluster.hosts[0], cluster.hosts[1], cluster.hosts[cluster.observer]]
    cut(apart)
    _wait_for_standstill(cluster)
    heal(apart)
    cluster.wait_for_blocks(4, within=300)
    _wait_until_level(cluster)


def all_restarted(cluster: Cluster) -> None:
    """All nodes are killed (-9) at once, and started again."""
    indices = sorted(cluster.nodes)
    for index in indices:
        cluster.kill(index)
    begun = monotonic()
    for index in indices:
        cluster.start(index)
    cluster.wait_for_blocks(1)
    cluster.figures["back_all_s"] = round(monotonic() - begun, 1)
    cluster.wait_for_blocks(4)


def geth_killed(cluster: Cluster) -> None:
    """The geth of two validators is killed (-9) beneath them, and started again by them."""
    cluster.kill_geth(0)
    cluster.kill_geth(1)
    cluster.wait_for_blocks(6)
    _wait_until_level(cluster)


def validator_silent(cluster: Cluster) -> None:
    """A validator says nothing for a while, and keeps its connections."""
    cluster.silence(2)
    cluster.wait_for_blocks(8)
    cluster.wake(2)
    cluster.wait_for_blocks(4, at=2)


def validator_lies(cluster: Cluster) -> None:
    """A validator proposes blocks with another gas limit, which the others refuse."""
    path = cluster.homes[3] / DESCRIPTION
    honest = path.read_text()
    lie = json.loads(honest)
    lie["gasLimit"] -= 1
    lie["geth"][lie["geth"].index("--miner.gaslimit") + 1] = str(lie["gasLimit"])
    cluster.kill(3)
    path.write_text(json.dumps(lie))
    cluster.start(3)
    last = cluster.height(cluster.observer)
    cluster.wait_for_blocks(10)
    cluster.kill(3)
    path.write_text(honest)
    cluster.start(3)
    cluster.wait_for_blocks(4, at=3)
    if cluster.key(3).address in _proposers(cluster, last + 4, last + 10):
        raise AssertionError("a block with another gas limit is in the chain")


def garbage_sent(cluster: Cluster) -> None:
    """A stranger sends garbage to every port of every validator."""
    for host in cluster.hosts[: cluster.observer]:
        for port in (30303, 26656):
            for size in (1, 100, 70_000):
                _send(host.control, port, os.urandom(size))
    cluster.wait_for_blocks(4)
    for index in range(cluster.observer):
        cluster.nodes[index].require_running()


def validator_replaced(cluster: Cluster) -> None:
    """The observer's node becomes a validator in place of another; then all is as before."""
    old, new = 0, cluster.observer
    _agreed(cluster, "-add", new)
    _wait_for_proposer(cluster, new, present=True)
    _agreed(cluster, "-remove", old)
    _wait_for_proposer(cluster, old, present=False)
    _agreed(cluster, "-add", old)
    _wait_for_proposer(cluster, old, present=True)
    _agreed(cluster, "-remove", new)
    _wait_for_proposer(cluster, new, present=False)


SCENARIOS: Final[dict[str, tuple[Scenario, int]]] = {
    "a validator of four is killed and comes back": (validator_killed, 140),
    "two validators are killed, blocks stop, both come back": (two_validators_killed, 260),
    "the observer is killed and gets the chain again": (observer_resynced, 140),
    "the network is cut in two and heals": (network_cut, 180),
    "the network is cut into halves and heals": (network_halved, 180),
    "every node is killed and started at once": (all_restarted, 140),
    "the geth of two validators is killed": (geth_killed, 100),
    "a validator is silent": (validator_silent, 120),
    "a validator proposes what is not valid": (validator_lies, 160),
    "a stranger sends garbage to every port": (garbage_sent, 80),
    "a validator is replaced": (validator_replaced, 240),
}
"""Every fault by its name, with the seconds that its poll is open."""


# -- Waiting --


def _wait_for_standstill(cluster: Cluster, *, seconds: float = 20) -> None:
    """Waits until no block has come for some seconds, on both sides of a cut."""
    seen, since = [-1], monotonic()
    while monotonic() < since + seconds:
        height = [
            cluster.height(index)
            for index in (0, cluster.observer - 1, cluster.observer)
            if index in cluster.nodes
        ]
        if height != seen:
            seen, since = height, monotonic()
        sleep(0.5)


def _wait_until_level(cluster: Cluster, *, within: float = 180) -> None:
    """Waits until the observer and the validators have the same chain."""
    begun = monotonic()
    while monotonic() < begun + within:
        heights = [cluster.height(index) for index in sorted(cluster.nodes)]
        if max(heights) - min(heights) <= 1 and not _differ_at(
            cluster, cluster.observer, 0, min(heights) - 1
        ):
            return
        sleep(0.5)
    raise TimeoutError(f"the nodes do not agree within {within} seconds")


def _differ_at(cluster: Cluster, one: int, other: int, number: int) -> bool:
    hashes = {bytes(cluster.node(index).block(number)["hash"]) for index in (one, other)}
    return len(hashes) > 1


# -- Validators --


def _proposers(cluster: Cluster, first: int, last: int) -> set[str]:
    """The addresses of who proposed the blocks from a height to another."""
    node = cluster.node(cluster.observer)
    return {node.proposer(number).lower() for number in range(first, last + 1)}


def _agreed(cluster: Cluster, verb: str, index: int) -> None:
    """Has everybody agree that a validator is added or removed in a few blocks."""
    height = str(cluster.height(cluster.observer) + 5)
    for each in sorted(cluster.nodes):
        cluster.agree(each, "-height", height, verb, f"0x{cluster.key(index).key.hex()}")


def _wait_for_proposer(cluster: Cluster, index: int, *, present: bool, within: float = 120) -> None:
    """Waits until a node is among the proposers of the newest blocks, or is not."""
    begun = monotonic()
    while True:
        newest = cluster.height(cluster.observer)
        found = cluster.key(index).address in _proposers(cluster, max(1, newest - 9), newest)
        if found == present:
            return
        if monotonic() > begun + within:
            raise TimeoutError(f"{cluster.homes[index].name} is a proposer: {found}")
        sleep(1)


def _send(host: str, port: int, data: bytes) -> None:
    """Sends bytes to a port, and waits a moment for what comes back."""
    try:
        with socket.create_connection((host, port), timeout=5) as stranger:
            stranger.sendall(data)
            stranger.recv(1000)
    except OSError:
        return  # it hangs up, as it should
