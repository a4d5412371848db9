"""Checks whether several nodes show the same poll."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from veche.chain.evidence import block_mark
from veche.chain.node import Node
from veche.errors import NodeBehind, NodeError, VecheError, WrongNetwork
from veche.errors.times import time_text
from veche.observer.node_evidence import NodeEvidence
from veche.protocol.block_mark import BlockMark
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
        difference = _difference(evidence, node)
        if difference:
            both = f"{evidence.node.name} and {node.name}"
            report.failed(NODES, f"{both} at block {number}: {difference}")
            return
    names = ", ".join(node.name for node in (evidence.node, *others))
    report.passed(NODES, f"{names} at block {number}")


def _difference(one: NodeEvidence, node: Node) -> str:
    """What another node shows otherwise; empty if nothing."""
    if node.is_same(one.node):
        return ITSELF
    try:
        other = NodeEvidence(node, one.address, block=one.mark().number)
        if (one.node.chain_id, one.mark()) != (node.chain_id, other.mark()):
            return "they show different chains"
        if one.definition() != other.definition():
            return "they show different polls"
        return "" if one.state() == other.state() else "they show different states"
    except NodeError:
        raise
    except VecheError as error:
        return str(error)
