"""Opens the chain that the command line names, by URL or network; warns if its node is behind."""

from __future__ import annotations

import time
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Final

import typer

from veche.cli.output import warn
from veche.errors import (
    NodeBehind,
    NodeRefused,
    UnknownContract,
    UnknownPollId,
    UnknownVersion,
)
from veche.files.local import EMBEDDED

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from veche.chain.connection import Chain
    from veche.chain.node import Node
    from veche.protocol.block_mark import BlockMark

STALE: Final = 600
"""The largest age of the newest block, in seconds, before a node counts as behind."""


def open_chain(
    rpc: str,
    *,
    confirmations: int | None = None,
    max_tip: int | None = None,
    max_cost: int | None = None,
) -> Chain:
    """The chain of a node or of a private network. Warns if the node is behind.

    Args:
        rpc: the URL or the network's name.
        confirmations: how many blocks must hold a transaction; None for as many as usual.
        max_tip: the most wei that a unit of gas may cost on top of the base fee; None for as much
            as usual.
        max_cost: the most wei that a transaction may cost; None for as much as usual.

    Raises:
        NodeUnreachable: nothing answers at the URL.
        UnknownNetwork: the name is neither a URL nor a network that is known here.
    """
    from veche.chain.connection import connect
    from veche.chain.fees import FeeCap

    chain = connect(rpc, confirmations=confirmations, fee_cap=FeeCap.of(max_tip, max_cost))
    _warn_if_behind(chain)
    return chain


def read_chain(rpc: str) -> Chain:
    """The chain of a node or of a private network as it is at its newest block, for commands that
    only read. Warns if the node is behind. Raises as `open_chain` does.
    """
    return open_chain(rpc).pinned()


def open_nodes(urls: Sequence[str]) -> tuple[Chain, list[Node]]:
    """The chain of the first node, and all nodes. Warns if one is behind. Raises as `open_chain`
    does.

    Args:
        urls: URLs or private networks, one or more.

    Raises:
        typer.BadParameter: two of them are the same node.
    """
    first, *others = [open_chain(each) for each in urls]
    nodes = [first.node]
    for each in others:
        require_another(each.node, *nodes, option="--rpc")
        nodes.append(each.node)
    return first, nodes


@contextmanager
def reached_by_all(mark: BlockMark, nodes: Sequence[Node]) -> Iterator[None]:
    """Looks for a poll at the newest block that all nodes have.

    Raises:
        NodeBehind: it is not there, and a node has newer blocks.
    """
    try:
        yield
    except (UnknownContract, UnknownPollId, UnknownVersion) as error:
        ahead = [each.name for each in nodes if int(each.block()["number"]) > mark.number]
        if len(nodes) == 1 or not ahead:
            raise
        where = f"at block {mark.number}, the newest that all nodes have"
        raise NodeBehind(f"{where}, {error}; {ahead[0]} has newer blocks") from error


def require_another(node: Node, *others: Node, option: str) -> None:
    """Requires a node that is none of the others.

    Raises:
        typer.BadParameter: it is one of them, by its URL.
    """
    if any(node.is_same(each) for each in others):
        said = f"{node.name} is named twice, and agrees with itself: name another node"
        raise typer.BadParameter(said, param_hint=option)


def require_not_syncing(chain: Chain) -> None:
    """Requires a node that does not report that it is still fetching blocks.

    Raises:
        NodeBehind: the node reports that it is.
    """
    target = None
    with suppress(NodeRefused):  # some public nodes do not answer this
        target = chain.node.target()
    if target is not None:
        raise NodeBehind(f"{chain.node.name} is still on the way to block {target}")


def _warn_if_behind(chain: Chain) -> None:
    """Warns if the newest block is old by this machine's clock."""
    newest = chain.node.block()
    age = behind(chain.id, newest=newest["timestamp"], now=time.time())
    if age is None:
        return
    name, is_first = chain.node.name, newest["number"] == 0
    old = f"the newest block of {name} is {_described(age)} old"
    warn(
        f"{f'{name} has no block but the first' if is_first else old}. The node is behind, its "
        "network has stopped, or a clock is wrong. What it shows may be out of date. Wait until "
        "it has caught up, or give another node with --rpc."
    )


def _described(seconds: int) -> str:
    for name, length in (("days", 86_400), ("hours", 3_600)):
        if seconds >= 2 * length:
            return f"{seconds // length} {name}"
    return f"{seconds // 60} minutes"


def behind(chain_id: int, *, newest: int, now: float) -> int | None:
    """The age of the newest block in seconds, if it is more than STALE; otherwise None.

    None also for the embedded chain, which makes no blocks between transactions.
    """
    age = int(now) - newest
    return age if age > STALE and chain_id != EMBEDDED else None
