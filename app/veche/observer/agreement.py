"""Checks whether nodes show the same poll: as each other, or as an election record."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from itertools import zip_longest
from typing import Final

from veche.chain.evidence import block_mark
from veche.chain.node import Node
from veche.errors import (
    InvalidDocument,
    NodeBehind,
    NodeError,
    UnknownContract,
    VecheError,
    WrongNetwork,
)
from veche.errors.times import time_text
from veche.observer.evidence import Evidence
from veche.observer.node_evidence import NodeEvidence
from veche.observer.verification import verify
from veche.protocol.block_mark import BlockMark
from veche.protocol.logged_ballot import LoggedBallot
from veche.trust.provenance import Provenance
from veche.trust.report import Report

NODES: Final = "nodes agree"

LATE: Final = 600
"""Maximum seconds between the times of the newest blocks of two nodes, neither of which is behind.
"""
ITSELF: Final = "this is one node, which agrees with itself: name another"


def common_block(nodes: Sequence[Node]) -> BlockMark:
    """The newest block that all nodes have.

    Raises:
        WrongNetwork: two nodes are on different chains.
        NodeBehind: a node does not have the newest blocks, or nodes are on different branches.
        NodeError: a node does not answer.
    """
    first, *others = nodes
    for each in others:
        if (each.chain_id, each.genesis) != (first.chain_id, first.genesis):
            reason = f"{first.name} and {each.name} are on different chains"
            raise WrongNetwork(first.chain_id, each.chain_id, reason=reason)
    newest = [block_mark(node.block()) for node in nodes]
    _require_in_step(nodes, newest)
    mark = min(newest, key=lambda each: each.number)
    for each in nodes:
        if block_mark(each.block(mark.number)) != mark:
            shown = nodes[newest.index(mark)].name
            said = f"{shown} and {each.name} show different blocks {mark.number}"
            raise NodeBehind(f"{said}: one is behind, or on a branch of its own")
    return mark


def _require_in_step(nodes: Sequence[Node], newest: Sequence[BlockMark]) -> None:
    """Refuses nodes one of which is behind, by the times of their newest blocks."""
    ahead = max(newest, key=lambda each: each.time)
    for node, mark in zip(nodes, newest, strict=True):
        if ahead.time - mark.time > LATE:
            has = f"{node.name} has no newer block than {mark.number}, of {time_text(mark.time)}"
            named = nodes[newest.index(ahead)].name
            raise NodeBehind(f"{has}, and {named} has block {ahead.number}")


def check_agreement(evidence: NodeEvidence, others: Sequence[Node], report: Report) -> None:
    """Adds to a report whether other nodes show the same chain, poll and state at one block.

    Raises:
        NodeError: one of the nodes does not answer, or does not have the block.
    """
    number = evidence.mark().number
    for node in others:
        difference = ITSELF if node.is_same(evidence.node) else _difference(evidence, node)
        if difference:
            both = f"{evidence.node.name} and {node.name}"
            report.failed(NODES, f"{both} at block {number}: {difference}")
            return
    names = ", ".join(node.name for node in (evidence.node, *others))
    report.passed(NODES, f"{names} at block {number}")


def check_record(record: Evidence, report: Report, *, nodes: Sequence[Node]) -> bool:
    """Adds to a report whether nodes show all that a record says: the same block, and at this block
    the same poll and board, state, shares and ballots. Returns whether they do.

    Raises:
        NodeError: one of the nodes does not answer, or does not have the block.
        LogsMissing: one of the nodes lacks logs that its own state proves to exist.
        WrongNetwork: one of the nodes is on another chain.
        InvalidDocument: the record is malformed.
    """
    number = record.mark().number
    for node in nodes:
        node.require_chain(record.definition().chain_id)
        difference = _difference(record, node, in_full=True)
        if difference:
            _require_all_logs(node, record.definition().address, number)
            report.failed(NODES, f"the record and {node.name} at block {number}: {difference}")
            return False
    names = ", ".join(node.name for node in nodes)
    report.passed(NODES, f"the record has all that {names} shows at block {number}")
    return True


def _difference(one: Evidence, node: Node, *, in_full: bool = False) -> str:
    """What a node shows otherwise; empty if nothing.

    Args:
        one: what the node is compared with.
        node: the node.
        in_full: whether to compare everything. Otherwise it is chain, poll and state.
    """
    mark, definition = one.mark(), one.definition()
    try:
        other = NodeEvidence(node, definition.address, block=mark.number)
        if (definition.chain_id, mark) != (node.chain_id, other.mark()):
            return "they show different chains"
        if definition != other.definition():
            return "they show different polls"
        if one.state() != other.state():
            return "they show different states"
        return _difference_in_rest(one, other) if in_full else ""
    except (NodeError, InvalidDocument):
        raise
    except VecheError as error:
        return str(error)


def _difference_in_rest(one: Evidence, other: Evidence) -> str:
    if one.poll_hash() != other.poll_hash():
        return "they show different polls"
    if _on_chain(one.provenance()) != _on_chain(other.provenance()):
        return "they show different contracts"
    if one.ceremony() != other.ceremony():
        return "they show different key ceremonies"
    if one.shares() != other.shares():
        return "they show different decryption shares"
    same = all(mine == others for mine, others in zip_longest(_ballots(one), _ballots(other)))
    return "" if same else "they show different ballots"


def _require_all_logs(node: Node, address: str, block: int) -> None:
    """Refuses a node that lacks logs: then the difference is its fault, and not the record's."""
    with suppress(UnknownContract):  # the node has no such poll: that is a difference
        verify(NodeEvidence(node, address, block=block))


def _on_chain(found: Provenance) -> Provenance:
    """Provenance without the first block of the chain, which not every reader knows."""
    return replace(found, root=replace(found.root, first_accounts=None))


def _ballots(evidence: Evidence) -> Iterator[tuple[LoggedBallot, BlockMark]]:
    """The ballots with their blocks, all compressed that can be."""
    questions = evidence.definition().questions
    for logged, block in evidence.ballots():
        parts = logged.compressed(questions)
        words = logged.words if parts is None else b"".join(parts)
        yield replace(logged, words=words, is_compressed=parts is not None), block
