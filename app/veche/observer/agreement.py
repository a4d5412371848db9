"""Checks whether several nodes show the same poll."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from veche.chain.node import Node
from veche.errors import NodeError, VecheError
from veche.observer.node_evidence import NodeEvidence
from veche.trust.report import Report

NODES: Final = "nodes agree"


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
