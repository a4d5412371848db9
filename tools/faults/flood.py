"""A flood of transactions: more than blocks can hold, from accounts that pay for it."""

from __future__ import annotations

from time import monotonic, sleep
from typing import Any, Final

from eth_account.signers.local import LocalAccount

from tools.faults.cluster import BLOCK_TIME, GAS_LIMIT, Cluster
from tools.faults.people import person
from veche.chain.node import Node
from veche.errors import NodeError

TIMES: Final = 2
"""How many times as much gas is asked for as blocks have."""
GAS: Final = 5_000_000
"""The gas that each transaction uses up."""
LOOP: Final = "0x5b600056"
"""A program that jumps to its own beginning until its gas is used up."""
PRICES: Final = {"maxFeePerGas": 10**10, "maxPriorityFeePerGas": 10**9}
"""The wei that are offered for a unit of gas."""
ACCOUNTS: Final = tuple(f"flooder {index}" for index in range(20))


def flood(cluster: Cluster, seconds: float) -> int:
    """Floods the validators, and returns the number of transactions that they took."""
    each = TIMES * GAS_LIMIT * BLOCK_TIME // GAS // len(ACCOUNTS)
    begun, taken, second = monotonic(), 0, 0
    while monotonic() < begun + seconds:
        second += 1
        for index, name in enumerate(ACCOUNTS):
            url = cluster.url(index % cluster.observer)
            taken += _send(url, person(name), cluster.network.chain_id, each)
        sleep(max(0, begun + second * BLOCK_TIME - monotonic()))
    return taken


def _send(url: str, account: LocalAccount, chain_id: int, count: int) -> int:
    """Sends transactions until the node takes no more of them."""
    taken = 0
    fields: dict[str, Any] = {"data": LOOP, "gas": GAS, "value": 0, "chainId": chain_id, **PRICES}
    try:
        node = Node(url, retries=0)
        first = node.next_nonce(account.address)
        for nonce in range(first, first + count):
            signed = account.sign_transaction(fields | {"nonce": nonce})
            node.send_raw(bytes(signed.raw_transaction))
            taken += 1
    except NodeError:
        return taken  # its pool is full, or it is busy
    return taken
