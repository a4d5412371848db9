"""What a verdict rests on, in words: poll hash, catalogue, nodes, block."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from veche.cli.output import digits
from veche.errors.times import time_text

if TYPE_CHECKING:
    from veche.chain.connection import Chain
    from veche.observer.basis import Basis
    from veche.observer.verification import Verification
    from veche.protocol.block_mark import BlockMark


def block_fields(mark: BlockMark) -> dict[str, Any]:
    """A block, for machines."""
    return {"number": mark.number, "hash": digits(mark.hash), "time": mark.time}


def block_text(mark: BlockMark) -> str:
    """A block, for people."""
    return f"{mark.number}, {time_text(mark.time)}, {digits(mark.hash)}"


def chain_fields(chain: Chain) -> dict[str, Any] | None:
    """The block that all is read at, for machines."""
    return block_fields(chain.mark) if chain.mark else None


def as_of(chain: Chain) -> str:
    """The block that all is read at, and the node that has shown it; empty if there is no such
    block.
    """
    return f"block {block_text(chain.mark)}, at {chain.node.name}" if chain.mark else ""


def fields(basis: Basis, found: Verification) -> dict[str, Any]:
    """What a verdict rests on, for machines."""
    return {
        "toldHash": digits(basis.told) if basis.told else None,
        "catalogue": found.foundation.catalogue,
        "isExpectedCatalogue": basis.is_expected(found),
        "nodes": list(basis.nodes),
    }


def facts(basis: Basis, found: Verification, mark: BlockMark) -> dict[str, str]:
    """What a verdict rests on, for people."""
    own = found.definition.hash if found.definition else None
    return {
        "poll hash": hash_text(own, told=basis.told) if own else "cannot be read",
        "catalogue": _catalogue(basis, found),
        "nodes": _nodes(basis.nodes),
        "block": block_text(mark),
    }


def hash_text(own: bytes, *, told: bytes | None) -> str:
    """A poll hash, and whether it is the one that an observer was told."""
    if told is None:
        return (
            f"{digits(own)}, which NOBODY TOLD YOU: compare it with the one that officials "
            "published"
        )
    return f"{digits(own)}, {'as you were told' if own == told else 'NOT as you were told'}"


def _catalogue(basis: Basis, found: Verification) -> str:
    own = found.foundation.catalogue or "cannot be read"
    if basis.is_expected(found):
        return f"{own}, {basis.source}"
    if basis.told is not None:
        return f"{own}, the one that the poll of this hash is of"
    if basis.expected is not None:
        return f"{own}, NOT {basis.source}"
    return f"{own}, which NOBODY TOLD YOU: anybody can make a catalogue and copy a poll into it"


def _nodes(names: tuple[str, ...]) -> str:
    if not names:
        return "none: all is from a file"
    if len(names) == 1:
        return f"{names[0]} alone: it can hide newer blocks from you"
    return f"{len(names)} that agree: {', '.join(names)}"


def caution(basis: Basis, found: Verification) -> str:
    """What the outcome of all checks does not show; empty if it shows whose poll it is."""
    if basis.told is not None:
        return ""
    if basis.is_expected(found):
        return (
            " You were told no poll hash: that this is the poll you mean rests on the officials' "
            "catalogue."
        )
    return (
        " But NOTHING SHOWS WHOSE POLL THIS IS: you gave neither the poll hash nor the officials' "
        "catalogue. Give the link that officials published, or --expect with the poll hash."
    )
