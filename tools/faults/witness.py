"""A witness who looks at the newest blocks of all nodes, all the time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Event, Thread

from tools.faults.cluster import Cluster
from veche.chain.node import Node
from veche.errors import VecheError


@dataclass
class Witness:
    """What has been seen.

    Attributes:
        seen: the hashes that a node showed for a block, by the block's number.
    """

    seen: dict[int, set[bytes]] = field(default_factory=lambda: defaultdict(set))

    @property
    def replaced(self) -> int:
        """The number of heights at which more than one block was shown."""
        return sum(len(hashes) > 1 for hashes in self.seen.values())

    def look(self, cluster: Cluster) -> None:
        """Looks at the newest block of every node that answers."""
        for url in cluster.urls:
            try:
                newest = Node(url, retries=0).block()
            except VecheError:
                continue  # it is killed, or cut off
            self.seen[int(newest["number"])].add(bytes(newest["hash"]))


@contextmanager
def watching(cluster: Cluster) -> Iterator[Witness]:
    """Looks every second until the block ends."""
    witness, ended = Witness(), Event()

    def watch() -> None:
        while not ended.wait(1):
            witness.look(cluster)

    thread = Thread(target=watch, daemon=True)
    thread.start()
    try:
        yield witness
    finally:
        ended.set()
        thread.join()
