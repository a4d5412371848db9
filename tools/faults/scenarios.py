"""The faults: each makes something fail in a network that is in use, and then repairs it."""

from __future__ import annotations

import json
import os
import socket
from collections.abc import Callable
from dataclasses import dataclass
from time import monotonic, sleep, time
from typing import Final

from tools.faults import builds
from tools.faults.cluster import Cluster
from tools.faults.disks import fill, free, small_disk
from tools.faults.flood import flood
from tools.faults.hosts import cut, heal
from veche.network.node_folder import DESCRIPTION
from veche.network.running import LOG

Scenario = Callable[[Cluster], None]

CLOCK_TOLD: Final = "clock is more than a minute behind"
"""What a node says in its log before it ends."""
CLOCK_WITHIN: Final = 60
"""Maximum seconds between the time of a block and this machine's."""
LEAST_LIES: Final = 4
"""Minimum number of proposals that another validator refuses for what is in them."""
FLOOD_SECONDS: Final = 600


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


def clock_ahead(cluster: Cluster) -> None:
    """The clock of a validator is an hour ahead, then right again."""
    cluster.replace(0, builds.shifted(), **{builds.CLOCK: "1h"})
    cluster.wait_for_blocks(12, at=0)
    _with_right_clock(cluster)


def clock_behind(cluster: Cluster) -> None:
    """The clock of a validator is an hour behind, then right again. It can take no block of the
    others, which go on; it ends, and says why.
    """
    cluster.replace(0, builds.shifted(), **{builds.CLOCK: "-1h"})
    _wait_until(lambda: CLOCK_TOLD in (cluster.homes[0] / LOG).read_text())
    cluster.wait_for_blocks(12)
    _with_right_clock(cluster)


def _with_right_clock(cluster: Cluster) -> None:
    """Checks that a wrong clock of a validator has not moved the time of blocks, and rights it."""
    off = cluster.node(cluster.observer).block()["timestamp"] - time()
    if abs(off) > CLOCK_WITHIN:
        raise AssertionError(f"one wrong clock has moved the blocks' time by {off:.0f} seconds")
    cluster.replace(0)
    cluster.wait_for_blocks(4, at=0)
    _wait_for_proposer(cluster, 0, present=True)


def payload_invalid(cluster: Cluster) -> None:
    """A validator with a patched program proposes blocks with a false state root, parent, time, gas
    or receipts, or with transactions that are none, and accepts them itself.
    """
    cluster.replace(3, builds.lying())
    first = cluster.height(cluster.observer)
    refused = f"of {cluster.key(3).address[2:].upper()} is refused"
    _wait_until(lambda: (cluster.homes[0] / LOG).read_text().count(refused) >= LEAST_LIES)
    proposers = _proposers(cluster, first + 4, cluster.height(cluster.observer))
    cluster.replace(3)
    cluster.wait_for_blocks(4, at=3)
    if cluster.key(3).address in proposers:
        raise AssertionError("a block that is not valid is in the chain")
    _wait_for_proposer(cluster, 3, present=True)


def disk_full(cluster: Cluster) -> None:
    """The disk of a validator is full for a while; the others go on without it."""
    home = cluster.homes[1]
    cluster.nodes.pop(1).stop()
    with small_disk(home):
        cluster.start(1)
        cluster.wait_for_blocks(2, at=1)
        fill(home)
        cluster.wait_for_blocks(20)
        free(home)
        _wait_until(lambda: cluster.answers_again(1))
        cluster.wait_for_blocks(4, at=1)
        cluster.nodes.pop(1).stop()
    cluster.start(1)
    cluster.wait_for_blocks(4, at=1)
    _wait_until_level(cluster)


def two_builds(cluster: Cluster) -> None:
    """One node after another gets an older geth and an older CometBFT, and then the newer ones
    again, as in an upgrade.
    """
    for build in (builds.older(), None):
        for index in sorted(cluster.nodes):
            cluster.replace(index, build)
            cluster.wait_for_blocks(4, at=index)
    _wait_until_level(cluster)


def flooded(cluster: Cluster) -> None:
    """For ten minutes, others send twice as many transactions as blocks have room for."""
    cluster.figures["flood_taken"] = flood(cluster, FLOOD_SECONDS)


@dataclass(frozen=True)
class Fault:
    """A fault, and the poll that is held meanwhile.

    Attributes:
        scenario: what fails.
        lasts: the seconds that the poll is open.
        pause: the seconds that a client waits after each transaction.
        build: makes the programs that it needs, before the poll opens.
    """

    scenario: Scenario
    lasts: int
    pause: float = 1.0
    build: Callable[[], object] = lambda: None

    @property
    def name(self) -> str:
        """Its name on the command line."""
        return self.scenario.__name__.replace("_", "-")


FAULTS: Final[dict[str, Fault]] = {
    "a validator of four is killed and comes back": Fault(validator_killed, 140),
    "two validators are killed, blocks stop, both come back": Fault(two_validators_killed, 260),
    "the observer is killed and gets the chain again": Fault(observer_resynced, 140),
    "the network is cut in two and heals": Fault(network_cut, 180),
    "the network is cut into halves and heals": Fault(network_halved, 180),
    "every node is killed and started at once": Fault(all_restarted, 140),
    "the geth of two validators is killed": Fault(geth_killed, 100),
    "a validator is silent": Fault(validator_silent, 120),
    "a validator proposes what is not valid": Fault(validator_lies, 160),
    "a validator with a patched program proposes what is not valid": Fault(
        payload_invalid, 240, build=builds.lying
    ),
    "a validator's clock is an hour ahead": Fault(clock_ahead, 240, build=builds.shifted),
    "a validator's clock is an hour behind": Fault(clock_behind, 240, build=builds.shifted),
    "a validator's disk is full": Fault(disk_full, 300),
    "a stranger sends garbage to every port": Fault(garbage_sent, 80),
    "a validator is replaced": Fault(validator_replaced, 240),
    "a network of two builds is upgraded node by node, and back": Fault(
        two_builds, 420, build=builds.older
    ),
    "blocks are flooded with others' transactions": Fault(
        flooded, FLOOD_SECONDS + 300, pause=FLOOD_SECONDS / 5
    ),
}
"""Every fault by what it is."""


# -- Waiting --


def _wait_until(holds: Callable[[], bool], *, within: float = 300) -> None:
    begun = monotonic()
    while not holds():
        if monotonic() > begun + within:
            raise TimeoutError(f"what is waited for does not come within {within} seconds")
        sleep(1)


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
