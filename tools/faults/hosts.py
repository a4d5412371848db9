"""Machines for nodes: network namespaces, each with a link to the others and a link to this one."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

BRIDGES: Final = (f"ve{os.getpid() % 10_000}a", f"ve{os.getpid() % 10_000}b")
"""The switch that connects all nodes, and the switch that a cut moves some of them to."""

_CONTROL: Final = f"10.{78 + os.getpid() % 100}"
"""How the addresses begin at which this machine reaches the others: no two runs have the same."""


@dataclass(frozen=True)
class Host:
    """A machine.

    Attributes:
        index: its index, from 1.
    """

    index: int

    @property
    def name(self) -> str:
        """The name of its namespace."""
        return f"veche{os.getpid()}-{self.index}"

    @property
    def address(self) -> str:
        """The address at which other nodes reach it."""
        return f"10.77.0.{self.index}"

    @property
    def control(self) -> str:
        """The address at which this machine reaches it, even if its link is cut."""
        return f"{_CONTROL}.{self.index}.2"

    @property
    def link(self) -> str:
        """The switch's end of its link."""
        return f"{BRIDGES[0]}{self.index}"

    @property
    def before(self) -> list[str]:
        """The words that make a command run there, in front of it."""
        return ["ip", "netns", "exec", self.name]


@contextmanager
def hosts(count: int) -> Iterator[list[Host]]:
    """Makes `count` machines that are all connected. Afterwards they are removed."""
    made = [Host(index) for index in range(1, count + 1)]
    try:
        for bridge in BRIDGES:
            _ip("link", "add", bridge, "type", "bridge")
            _ip("link", "set", bridge, "up")
        for each in made:
            _make(each)
        yield made
    finally:
        for each in made:
            _ip("netns", "del", each.name, check=False)
        for bridge in BRIDGES:
            _ip("link", "del", bridge, check=False)


def cut(apart: Sequence[Host]) -> None:
    """Cuts some machines off from the others; they stay connected with each other."""
    for each in apart:
        _ip("link", "set", each.link, "master", BRIDGES[1])


def heal(apart: Sequence[Host]) -> None:
    """Connects machines again that were cut off."""
    for each in apart:
        _ip("link", "set", each.link, "master", BRIDGES[0])


def _make(host: Host) -> None:
    inner, outer = f"{BRIDGES[1]}{host.index}", f"{BRIDGES[1]}c{host.index}"
    _ip("netns", "add", host.name)
    _ip("link", "add", host.link, "type", "veth", "peer", "name", "nodes", "netns", host.name)
    _ip("link", "set", host.link, "master", BRIDGES[0], "up")
    _ip("link", "add", outer, "type", "veth", "peer", "name", inner, "netns", host.name)
    _ip("addr", "add", f"{_CONTROL}.{host.index}.1/30", "dev", outer)
    _ip("link", "set", outer, "up")
    within = ["-n", host.name]
    _ip(*within, "link", "set", "lo", "up")
    _ip(*within, "addr", "add", f"{host.address}/24", "dev", "nodes")
    _ip(*within, "link", "set", "nodes", "up")
    _ip(*within, "addr", "add", f"{host.control}/30", "dev", inner)
    _ip(*within, "link", "set", inner, "up")


def _ip(*words: str, check: bool = True) -> None:
    subprocess.run(["ip", *words], check=check, capture_output=not check)  # noqa: S607  # numbers and names of our own
