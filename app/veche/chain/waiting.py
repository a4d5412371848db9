"""Transactions of an account that no block holds yet, as far as a node shows them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Final, TypeAlias

from veche.chain import answers
from veche.chain.answers import Waiting
from veche.chain.node import PENDING, Node
from veche.errors import EndlessAnswer, NodeBehind, NodeRefused, WrongAnswer

MOST: Final = 64
"""Maximum waiting transactions that are looked at; nodes keep about as many of an account."""
WHOLE: Final = True
"""Whether blocks come with whole transactions."""

Way: TypeAlias = Callable[[Node, str, int], Waiting | None]
"""Asks a node for the transaction of an account with a number."""


def waiting(node: Node, account: str, numbers: range) -> Iterator[Waiting]:
    """The transactions of an account that wait for a block, in their order. Not every node shows
    them, and none shows all. A node shows them, so nothing in them is sure.

    Args:
        node: the node.
        account: the account's address.
        numbers: the transactions' numbers among the account's; the first MOST are looked at.
    """
    for nonce in numbers[:MOST]:
        found = next(filter(None, (_asked(way, node, account, nonce) for way in WAYS)), None)
        if found:
            yield found


def _asked(way: Way, node: Node, account: str, nonce: int) -> Waiting | None:
    """What a node shows if it is asked in one way. Strange answers are none: there are other ways,
    and nobody depends on it.
    """
    with suppress(NodeRefused, NodeBehind, EndlessAnswer, WrongAnswer):
        return way(node, account, nonce)
    return None


def _by_nonce(node: Node, account: str, nonce: int) -> Waiting | None:
    found = node.request("eth_getTransactionBySenderAndNonce", account, hex(nonce))
    return answers.waiting(found, account, nonce)


def _in_pool(node: Node, account: str, nonce: int) -> Waiting | None:
    found = node.request("txpool_contentFrom", account)
    return answers.waiting_in_pool(found, account, nonce)


def _in_next_block(node: Node, account: str, nonce: int) -> Waiting | None:
    found = node.request("eth_getBlockByNumber", PENDING, WHOLE)
    return answers.waiting_in_block(found, account, nonce)


WAYS: Final[tuple[Way, ...]] = (_by_nonce, _in_pool, _in_next_block)
"""The ways in which nodes show what waits."""
