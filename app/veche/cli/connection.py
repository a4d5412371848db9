"""From what the command line names to chains, catalogues and polls."""

from __future__ import annotations

import re
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Final

from veche.cli import options, output
from veche.errors import (
    NodeBehind,
    NodeRefused,
    NotDeployed,
    UnknownPollId,
    UnknownVersion,
    WrongPoll,
)

if TYPE_CHECKING:
    from veche.chain.board import Board
    from veche.chain.catalogue import Catalogue
    from veche.chain.connection import Chain
    from veche.chain.poll import Poll
    from veche.files.deployments import Deployments

EMBEDDED: Final = 31337
"""The id of chains on one machine, which stand still between transactions."""
STALE: Final = 600
"""Seconds since the newest block, after which a node is taken to be behind."""


def open_chain(rpc: str, *, confirmations: int | None = None) -> Chain:
    """The chain of a node, or of a private network; if the node is behind, a warning tells.

    Raises:
        NodeUnreachable: nothing answers there.
        UnknownNetwork: it is neither a URL nor a network that is known here.
    """
    from veche.chain.connection import connect

    chain = connect(rpc, confirmations=confirmations)
    _warn_if_behind(chain)
    return chain


def catalogue_of(chain: Chain, address: str | None) -> Catalogue:
    """The officials' catalogue: the one that is named, that of the network, or the one in
    deployments/.

    Raises:
        NotDeployed: nobody tells.
        UnknownContract: there is none at the address.
    """
    published = chain.network.catalogue if chain.network else None
    return chain.catalogue(address or published or _deployments(chain).require_catalogue())


def served_catalogue(chain: Chain, address: str | None) -> Catalogue:
    """The catalogue that a trustee serves.

    Raises:
        NotDeployed: nobody tells, and without it nothing is decrypted.
        UnknownContract: there is none at the address.
    """
    try:
        return catalogue_of(chain, address)
    except NotDeployed as error:
        raise NotDeployed(
            "a trustee decrypts only what the catalogue lists that it was told to serve, as anybody"
            " can make a poll with its board's key: name that catalogue with --catalogue or"
            f" VECHE_CATALOGUE ({error})"
        ) from error


def _deployments(chain: Chain) -> Deployments:
    from veche.files import deployments

    return deployments.of_chain(chain_id=chain.id, genesis="0x" + chain.node.genesis.hex())


def find_board(chain: Chain, board: str) -> Board:
    """The board at an address, or the one noted under a name in deployments/.

    Raises:
        NotDeployed: none is noted.
        UnknownContract: there is none at the address.
    """
    if re.fullmatch("0x.{40}", board):
        return chain.board(str(options.address(board)))
    return chain.board(_deployments(chain).board(board))


def boards_of(chain: Chain) -> list[str]:
    """The addresses of all boards noted in deployments/.

    Raises:
        NotDeployed: no file is of this chain.
    """
    return list(_deployments(chain).boards.values())


def find_poll(chain: Chain, poll: str, *, catalogue: str | None, expect: str | None) -> Poll:
    """The poll at an address, with an official id, or behind a link.

    Raises:
        WrongPoll: it is not the one with the expected hash.
        UnknownPollId, UnknownVersion: the catalogue has none.
    """
    told = expected(poll, expect)
    return chain.poll(find_address(chain, poll, catalogue=catalogue), expect=told)


def expected(poll: str, expect: str | None) -> str | None:
    """The poll hash that somebody was told of: by a link, or beside the poll's name.

    Raises:
        WrongPoll: by both, and they differ.
        InvalidDocument: the link is none.
    """
    if not poll.startswith("veche:"):
        return expect
    from veche.protocol import link

    told = "0x" + link.parse(poll).poll_hash.hex()
    if expect is not None and expect.removeprefix("0x").lower() != told[2:]:
        raise WrongPoll(f"the link is to poll {told}, you were told of {expect}")
    return told


def find_address(chain: Chain, poll: str, *, catalogue: str | None) -> str:
    """The address of a poll that is named by it, or by an official id.

    Raises:
        UnknownPollId, UnknownVersion: the catalogue has none.
    """
    if poll.startswith("veche:"):
        from veche.protocol import link

        found = link.parse(poll)
        chain.node.require_chain(found.chain_id)
        return found.address
    if re.fullmatch("0x.{40}", poll):
        return str(options.address(poll))
    return _newest(catalogue_of(chain, catalogue), poll)


def _newest(catalogue: Catalogue, poll: str) -> str:
    """The address of `id`'s newest version, or of version N for `id@N`."""
    id_, version = split(poll)
    versions = catalogue.versions(id_)
    if not versions:
        raise UnknownPollId(id_)
    if version is None:
        return versions[-1]
    if version >= len(versions):
        raise UnknownVersion(id_, version)
    return versions[version]


def split(poll: str) -> tuple[str, int | None]:
    """Id and version of `id@N`; `id` alone has no version."""
    id_, at, version = poll.rpartition("@")
    if at and re.fullmatch("[0-9]{1,9}", version):
        return id_, int(version)
    return poll, None


# -- Nodes that are behind --


def require_not_syncing(chain: Chain) -> None:
    """Refuses a node that says itself that it has not got the newest blocks yet.

    Raises:
        NodeBehind: it does.
    """
    target = None
    with suppress(NodeRefused):  # some nodes for the public do not tell
        target = chain.node.target()
    if target is not None:
        raise NodeBehind(f"{chain.node.name} is on the way to block {target} and not there yet")


def _warn_if_behind(chain: Chain) -> None:
    """Warns of a node whose newest block is old by this machine's clock."""
    newest = chain.node.block()
    age = behind(chain.id, newest=int(newest["timestamp"]), now=time.time())
    if age is None:
        return
    name, is_empty = chain.node.name, int(newest["number"]) == 0
    old = f"the newest block of {name} is {_described(age)} old"
    output.warn(
        f"{f'{name} has no block yet but the first' if is_empty else old}: the node is behind, its "
        "network stands still, or a clock is wrong. What it shows may be out of date. Wait until "
        "it has caught up, or give another node with --rpc."
    )


def _described(seconds: int) -> str:
    for name, length in (("days", 86_400), ("hours", 3_600)):
        if seconds >= 2 * length:
            return f"{seconds // length} {name}"
    return f"{seconds // 60} minutes"


def behind(chain_id: int, *, newest: int, now: float) -> int | None:
    """How many seconds ago the newest block was, where that is too long; None where it is not."""
    age = int(now) - newest
    return age if age > STALE and chain_id != EMBEDDED else None
