"""Hardhat's own node: another dialect than anvil's, spoken by a real node."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from time import monotonic, sleep

from eth_account.signers.local import LocalAccount

from veche.chain.embedded import EmbeddedChain
from veche.chain.node import Node
from veche.errors import NodeUnreachable
from veche.processes import end_with_parent, find_program, free_port

CONFIG = Path(__file__).with_name("hardhat.config.js")
PATIENCE = 300
"""Seconds that the node gets until a test gives up on it."""


class HardhatChain(EmbeddedChain):
    """A running Hardhat node."""

    def __init__(self, url: str, node: Node) -> None:
        self.url = url
        self.node = node

    def fund(self, account: LocalAccount | str, *, ether: int = 1_000) -> None:
        address = account if isinstance(account, str) else account.address
        self.node.request("hardhat_setBalance", address, hex(ether * 10**18))


@contextmanager
def hardhat_chain() -> Iterator[HardhatChain]:
    """Runs Hardhat's node on a free port of this machine and stops it afterwards."""
    program = find_program("hardhat", within=Path("node_modules") / ".bin")
    assert program, "`make setup` installs Hardhat"
    port = free_port()
    listens = ("--hostname", "127.0.0.1", "--port", str(port))
    process = subprocess.Popen(  # noqa: S603  # our own
        [str(program), "--config", str(CONFIG), "node", *listens],
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        env=os.environ | {"HARDHAT_DISABLE_TELEMETRY_PROMPT": "true"},
        preexec_fn=partial(end_with_parent, os.getpid()),  # noqa: PLW1509  # it starts no thread
    )  # fmt: skip
    try:
        url = f"http://127.0.0.1:{port}"
        yield HardhatChain(url, _reached(url, process))
    finally:
        process.terminate()
        process.wait()


def _reached(url: str, process: subprocess.Popen[bytes]) -> Node:
    end = monotonic() + PATIENCE
    while True:
        try:
            return Node(url, retries=1)
        except NodeUnreachable:
            assert process.poll() is None, "Hardhat's node has ended"
            assert monotonic() < end, "Hardhat's node does not answer"
            sleep(0.1)
