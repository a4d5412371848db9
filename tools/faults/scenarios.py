"""What goes wrong. Each does it to a network that is in use, and mends it again."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from time import monotonic, sleep
from typing import Final

from tools.faults.cluster import Cluster
from tools.faults.hosts import cut, heal
from veche.network.running import sealer

Scenario = Callable[[Cluster], None]

FORK_TRIES: Final = 20


def validator_killed(cluster: Cluster) -> None:
    """One validator of four is killed (-9), misses some blocks, and comes back."""
    cluster.kill(0)
    cluster.wait_for_blocks(4)
    cluster.start(0)
    cluster.wait_for_blocks(4, at=0)


def two_validators_killed(cluster: Cluster) -> None:
    """Two of four are killed, so that blocks stop; they come back."""
    cluster.kill(1)
    cluster.kill(2)
    _wait_for_standstill(cluster, seconds=60)  # so long that the others look for what is wrong
    cluster.start(1)
    cluster.start(2)
    cluster.wait_for_blocks(4)


def observer_resynced(cluster: Cluster) -> None:
    """The observer is killed, loses its chain, and gets it again from the others."""
    cluster.kill(cluster.observer)
    cluster.forget(cluster.observer)
    cluster.wait_for_blocks(2, at=0)
    cluster.start(cluster.observer)
    _wait_until_level(cluster)


def network_cut(cluster: Cluster) -> None:
    """One validator and the observer are cut off from the other three, with a block of their own
    that the others do not have; then all are connected again, and that block is given up.
    """
    for _ in range(FORK_TRIES):
        lonely = _who_may_seal_next(cluster)
        apart = [cluster.hosts[lonely], cluster.hosts[cluster.observer]]
        first = cluster.height(cluster.observer)
        cut(apart)
        main = next(index for index in range(cluster.observer) if index != lonely)
        cluster.wait_for_blocks(5, at=main)
        forked = _differ(cluster, cluster.observer, main, after=first)
        heal(apart)
        _wait_until_level(cluster)
        if forked:
            return
    raise TimeoutError("no validator that was cut off had a turn")


def network_halved(cluster: Cluster) -> None:
    """The network is cut into two halves with two validators each, so that neither goes on for
    long; then all are connected again. The halves may weigh the same.
    """
    apart = [cluster.hosts[0], cluster.hosts[1], cluster.hosts[cluster.observer]]
    cut(apart)
    _wait_for_standstill(cluster)
    heal(apart)
    cluster.wait_for_blocks(4, within=300)
    _wait_until_level(cluster)


def all_restarted(cluster: Cluster) -> None:
    """Every node at once is killed (-9) and started."""
    indices = sorted(cluster.nodes)
    for index in indices:
        cluster.kill(index)
    for index in indices:
        cluster.start(index)
    cluster.wait_for_blocks(4)


SCENARIOS: Final[dict[str, tuple[Scenario, int]]] = {
    "a validator of four is killed and comes back": (validator_killed, 140),
    "two validators are killed, blocks stop, both come back": (two_validators_killed, 260),
    "the observer is killed and gets the chain anew": (observer_resynced, 140),
    "the network is cut in two and heals": (network_cut, 180),
    "the network is cut into halves and heals": (network_halved, 180),
    "every node is killed and started at once": (all_restarted, 200),
}
"""What is done, and how many seconds the poll is open during which it is."""


# -- Waiting --


def _wait_for_standstill(cluster: Cluster, *, seconds: float = 20) -> None:
    """Until no block has come for so long, at either end of what may be cut."""
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
    """Until the observer has the same chain as the validators."""
    begun = monotonic()
    while monotonic() < begun + within:
        heights = [cluster.height(index) for index in sorted(cluster.nodes)]
        if max(heights) - min(heights) <= 1 and not _differ_at(
            cluster, cluster.observer, 0, min(heights) - 1
        ):
            return
        sleep(0.5)
    raise TimeoutError(f"the nodes do not agree within {within} seconds")


def _differ(cluster: Cluster, one: int, other: int, *, after: int) -> bool:
    """Whether a node has a block of its own after a height that both had."""
    last = min(cluster.height(one), cluster.height(other))
    return any(_differ_at(cluster, one, other, number) for number in range(after, last + 1))


def _differ_at(cluster: Cluster, one: int, other: int, number: int) -> bool:
    hashes = {bytes(cluster.node(index).block(number)["hash"]) for index in (one, other)}
    return len(hashes) > 1


def _who_may_seal_next(cluster: Cluster) -> int:
    """A validator that has not sealed the newest two blocks, so that Clique gives it a turn."""
    node = cluster.node(cluster.observer)
    newest = int(node.block()["number"])
    sealed = {cluster.sealer(cluster.observer, newest - back) for back in (0, 1)}
    own = _accounts(cluster)
    return next(index for index, account in enumerate(own) if account not in sealed)


def _accounts(cluster: Cluster) -> Sequence[str]:
    return [sealer(home).lower() for home in cluster.homes[: cluster.observer]]
