"""Opens the chain that the command line names, by URL or network; warns if its node is behind."""

from __future__ import annotations

import time
from contextlib import suppress
from typing import TYPE_CHECKING, Final

from veche.cli.output import warn
from veche.errors import NodeBehind, NodeRefused

if TYPE_CHECKING:
    from veche.chain.connection import Chain

EMBEDDED: Final = 31337
"""The id of chains on one machine, which make no blocks between transactions."""
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
    age = behind(chain.id, newest=int(newest["timestamp"]), now=time.time())
    if age is None:
        return
    name, is_first = chain.node.name, int(newest["number"]) == 0
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
