"""Transactions of an account that no block holds yet, as far as a node shows them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final

from eth_utils.address import to_checksum_address

from veche.chain.node import Node
from veche.errors import NodeRefused

MOST: Final = 64
"""Maximum waiting transactions that are looked at; nodes keep about as many of an account."""
PRICES: Final = ("maxFeePerGas", "maxPriorityFeePerGas")


@dataclass(frozen=True, slots=True)
class Waiting:
    """A transaction that waits for a block. A node shows it, so nothing in it is sure.

    Attributes:
        transaction: its hash, 32 bytes.
        nonce: its number among the account's transactions.
        to: the address that it is sent to; empty if it creates a contract.
        data: its data.
        fields: what was signed, but for the chain's id.
    """

    transaction: bytes
    nonce: int
    to: str
    data: bytes
    fields: dict[str, Any]


def waiting(node: Node, account: str) -> Iterator[Waiting]:
    """The transactions of an account that wait for a block, in their order. Not every node shows
    them, and none shows all.
    """
    first, end = node.next_nonce(account, block="latest"), node.next_nonce(account)
    for nonce in range(first, min(end, first + MOST)):
        for ask in (_by_nonce, _in_pool, _in_next_block):
            found = _asked(ask, node, account, nonce)
            if found:
                yield found
                break


def _asked(
    ask: Callable[[Node, str, int], Any], node: Node, account: str, nonce: int
) -> Waiting | None:
    """What a node shows if it is asked in one way; None if it shows nothing that fits."""
    with suppress(NodeRefused, AttributeError, KeyError, TypeError, ValueError):
        shown = ask(node, account, nonce)
        is_own = shown["from"].lower() == account.lower() and int(shown["nonce"], 16) == nonce
        return _read(shown) if is_own and shown.get("blockHash") is None else None
    return None


def _by_nonce(node: Node, account: str, nonce: int) -> Any:  # noqa: ANN401  # plain JSON
    return node.request("eth_getTransactionBySenderAndNonce", account, hex(nonce))


def _in_pool(node: Node, account: str, nonce: int) -> Any:  # noqa: ANN401  # plain JSON
    pool = node.request("txpool_contentFrom", account)
    return (pool["pending"] | pool["queued"])[str(nonce)]


def _in_next_block(node: Node, account: str, nonce: int) -> Any:  # noqa: ANN401  # plain JSON
    whole = True
    shown = node.request("eth_getBlockByNumber", "pending", whole)["transactions"]
    own = (each for each in shown if each["from"].lower() == account.lower())
    found: dict[str, Any] = next((each for each in own if int(each["nonce"], 16) == nonce), {})
    return found | {"blockHash": None}


def _read(shown: dict[str, Any]) -> Waiting:
    nonce, data = int(shown["nonce"], 16), bytes.fromhex(shown["input"].removeprefix("0x"))
    names = PRICES if PRICES[0] in shown else ("gasPrice",)
    fields: dict[str, Any] = {name: int(shown[name], 16) for name in ("gas", "value", *names)}
    fields |= {"nonce": nonce, "data": "0x" + data.hex()}
    to = str(to_checksum_address(shown["to"])) if shown["to"] else ""
    fields |= {"to": to} if to else {}
    hash_ = bytes.fromhex(shown["hash"].removeprefix("0x"))
    return Waiting(hash_, nonce, to, data, fields)
