"""Polls verified at nodes that lie: nothing false passes."""

from __future__ import annotations

from typing import Any

import pytest

from support.bent_polls import failed
from support.elections import Town
from support.lies import LIES, POLL
from support.lying_nodes import LyingNode
from veche import Poll
from veche.chain import node
from veche.chain.node import Node
from veche.observer import verification
from veche.observer.node_evidence import NodeEvidence
from veche.observer.verification import verify
from veche.trust.report import Verdict


@pytest.mark.parametrize("name", LIES)
def test_lie_is_caught_by_the_check_that_should(liar: LyingNode, tallied: Poll, name: str) -> None:
    liar.lie, caught = LIES[name]
    report = verify(NodeEvidence(Node(liar.url), tallied.address), expect=tallied.hash).report
    assert caught in failed(report), failed(report)


def test_older_state_is_caught(town: Town, liar: LyingNode, tallied: Poll) -> None:
    """All logs, but state from before the last ballot: everything that calls read is older."""
    older = hex([*tallied.ballots()][-1].block - 1)

    def lie(method: str, parameters: list[Any], told: Any) -> Any:
        if method == "eth_call" and parameters[0]["to"].lower() == tallied.address.lower():
            return town.embedded.node.request("eth_call", parameters[0], older)
        return told

    liar.lie = lie
    report = verify(NodeEvidence(Node(liar.url), tallied.address)).report
    assert verification.SUMS in failed(report)


def test_ballots_are_asked_for_a_few_at_once(
    liar: LyingNode, tallied: Poll, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each of them is in a block of its own; what is asked for grows only where there are none."""
    monkeypatch.setattr(node, "DENSE_PAGE", 4)
    monkeypatch.setattr(node, "MANY_LOGS", 1)
    answers: list[int] = []

    def count(method: str, parameters: list[Any], told: Any) -> Any:
        if method == "eth_getLogs":
            event, *indexed = parameters[0]["topics"]
            if event == POLL.topic("BallotCast") and not any(indexed):
                answers.append(len(told))
        return told

    liar.lie = count
    assert verify(NodeEvidence(Node(liar.url), tallied.address)).report.verdict == Verdict.PASS
    assert sum(answers) == 5
    assert max(answers) <= 4
