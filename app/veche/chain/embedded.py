"""A chain on this machine, for rehearsals and tests. It runs anvil, and ends with its user."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from time import monotonic, sleep

from eth_account.signers.local import LocalAccount

from veche.chain.node import Node
from veche.errors import NodeUnreachable, NoEmbeddedChain
from veche.processes import end_with_parent, find_program, free_port

START_WITHIN = 20
"""Maximum seconds until anvil answers."""
GAS_LIMIT = 30_000_000
"""Gas of a block, as on most networks."""


class EmbeddedChain:
    """A running anvil whose clock stands still: a block has the time of the one before, however
    long that was ago on this machine. Only `at_time` moves the clock, until `run` lets it go.

    Attributes:
        url: its URL, which only this machine can reach.
        node: the connection to it.
    """

    def __init__(self, url: str, node: Node) -> None:
        self.url = url
        self.node = node
        node.request("anvil_setBlockTimestampInterval", 0)

    def fund(self, account: LocalAccount | str, *, ether: int = 1_000) -> None:
        """Adds ether to an account, out of nothing."""
        address = account if isinstance(account, str) else account.address
        self.node.request("anvil_setBalance", address, hex(ether * 10**18))

    def at_time(self, time: int) -> None:
        """Sets the clock to a later time, in seconds since 1970, and mines a block then."""
        self.node.request("evm_setNextBlockTimestamp", hex(time))
        self.node.request("evm_mine")

    def run(self, *, block_time: int) -> None:
        """Lets the clock go with that of this machine from now on, and makes a block every
        `block_time` seconds, as a live chain does.
        """
        self.node.request("anvil_removeBlockTimestampInterval")
        self.node.request("evm_setIntervalMining", block_time)


@contextmanager
def embedded_chain(*, begins: int | None = None) -> Iterator[EmbeddedChain]:
    """Runs anvil on a free port of this machine and stops it afterwards.

    Args:
        begins: the time of the first block, in seconds since 1970; by default now.

    Raises:
        NoEmbeddedChain: anvil is not installed, or does not start.
    """
    port = free_port()
    command = [
        _anvil(),
        "--port", str(port),
        "--hardfork", "london",
        "--base-fee", "0",
        "--gas-limit", str(GAS_LIMIT),
        "--prune-history", "16",
        "--accounts", "1",
        "--silent",
        *(["--timestamp", str(begins)] if begins is not None else []),
    ]  # fmt: skip
    process = subprocess.Popen(  # noqa: S603  # a path of our own and numbers
        command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        start_new_session=True,
        preexec_fn=partial(end_with_parent, os.getpid()),  # noqa: PLW1509  # it starts no thread
    )  # fmt: skip
    try:
        url = f"http://127.0.0.1:{port}"
        yield EmbeddedChain(url, _reach(url, process))
    finally:
        process.terminate()
        process.wait()


def _anvil() -> str:
    """The path of anvil.

    Raises:
        NoEmbeddedChain: anvil is not installed.
    """
    found = find_program("anvil", within=Path("node_modules") / ".bin")
    if found is None:
        raise NoEmbeddedChain("anvil, which runs the chain, is not installed here")
    return str(found)


def _reach(url: str, process: subprocess.Popen[bytes]) -> Node:
    begun = monotonic()
    while monotonic() < begun + START_WITHIN and process.poll() is None:
        try:
            return Node(url, retries=1)
        except NodeUnreachable:
            sleep(0.02)
    raise NoEmbeddedChain(f"anvil did not start (exit code {process.poll()})")
