"""The faults: each makes something fail in a network that is in use, and then repairs it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from time import monotonic, sleep
from typing import Final

from tools.faults.cluster import Cluster
from tools.faults.hosts import cut, heal
from veche.network.running import sealer

Scenario = Callable[[Cluster], None]

FORK_TRIES: Final = 20
"""Maximum cuts until a validator that is cut off has sealed a block."""


def validator_killed(cluster: Cluster) -> None:
    """One validator of four is killed (-9), misses some blocks, and comes back."""
    cluster.kill(0)
    cluster.wait_for_blocks(4)
    cluster.start(0)
    cluster.wait_for_blocks(4, at=0)


def two_validators_killed(cluster: Cluster) -> None:
    """Two validators of four are killed, so that blocks stop; then they come back."""
    cluster.kill(1)
    cluster.kill(2)
    _wait_for_standstill(cluster, seconds=60)  # long enough for the others to try a repair
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
    """One validator and the observer are cut off from the other three, and have a block that the
    others do not have. Then all are connected again, and that block is given up.
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
    raise TimeoutError("no validator that was cut off has sealed a block")


def network_halved(cluster: Cluster) -> None:
    """The network is cut into halves with two validators each, so that blocks stop in both soon.
    Then all are connected again. The two branches may weigh the same.
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


def _differ(cluster: Cluster, one: int, other: int, *, after: int) -> bool:
    """Whether two nodes have different blocks after a height at which they agreed."""
    last = min(cluster.height(one), cluster.height(other))
    return any(_differ_at(cluster, one, other, number) for number in range(after, last + 1))


def _differ_at(cluster: Cluster, one: int, other: int, number: int) -> bool:
    hashes = {bytes(cluster.node(index).block(number)["hash"]) for index in (one, other)}
    return len(hashes) > 1


def _who_may_seal_next(cluster: Cluster) -> int:
    """The index of a validator that may seal next: it has not sealed the two newest blocks."""
    node = cluster.node(cluster.observer)
    newest = int(node.block()["number"])
    sealed = {cluster.sealer(cluster.observer, newest - back) for back in (0, 1)}
    own = _accounts(cluster)
    return next(index for index, account in enumerate(own) if account not in sealed)


def _accounts(cluster: Cluster) -> Sequence[str]:
    return [sealer(home).lower() for home in cluster.homes[: cluster.observer]]
