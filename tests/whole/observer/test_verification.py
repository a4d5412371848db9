"""Polls verified at nodes that lie: nothing false passes."""

from __future__ import annotations

import re
from typing import Any

import pytest

from support.bent_polls import failed
from support.elections import Town
from support.lies import LIES, LOGS_LACKING, POLL, logs_of
from support.lying_nodes import LyingNode
from veche import Poll, connect
from veche.chain import node
from veche.chain.node import Node
from veche.errors import LogsMissing
from veche.observer import verification
from veche.observer.node_evidence import NodeEvidence
from veche.observer.verification import verify
from veche.trust.report import Verdict


@pytest.mark.parametrize("name", LIES)
def test_lie_is_caught_by_the_check_that_should(liar: LyingNode, tallied: Poll, name: str) -> None:
    liar.lie, caught = LIES[name]
    report = verify(NodeEvidence(Node(liar.url), tallied.address), expect=tallied.hash).report
    assert caught in failed(report), failed(report)


@pytest.mark.parametrize("name", LOGS_LACKING)
def test_node_that_lacks_logs_gives_no_verdict(liar: LyingNode, tallied: Poll, name: str) -> None:
    liar.lie, says = LOGS_LACKING[name]
    with pytest.raises(LogsMissing, match=re.escape(says)) as raised:
        verify(NodeEvidence(Node(liar.url), tallied.address), expect=tallied.hash)
    assert raised.value.exit_code == 5


def test_missing_logs_excuse_no_wrong_poll(liar: LyingNode, tallied: Poll) -> None:
    """State proves nothing if other code than the published one may have written it."""
    for lie in (LIES["other code"][0], LIES["another content"][0]):
        no_logs = LOGS_LACKING["all ballots"][0]
        liar.lie = lambda *asked, lie=lie, no_logs=no_logs: no_logs(*asked[:2], lie(*asked))
        report = verify(NodeEvidence(Node(liar.url), tallied.address)).report
        assert report.verdict == Verdict.FAIL


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


def test_missing_replaced_ballot_gives_no_verdict(town: Town, liar: LyingNode) -> None:
    """State does not know it any more. The ballot that replaced it does."""
    poll = town.open_poll("replaced twice")
    for _ in range(3):
        town.cast(poll, 0, {"Which tree?": "Lime"})
    liar.lie = logs_of("BallotCast", lambda logs: [logs[0], *logs[2:]])
    with pytest.raises(LogsMissing, match="lack the ballot 0x"):
        verify(NodeEvidence(Node(liar.url), poll.address))


def test_shares_that_state_knows_are_not_to_come(town: Town, liar: LyingNode) -> None:
    poll = town.open_poll("shared", closes_in=500)
    for voter in range(2):
        town.cast(poll, voter, {"Which tree?": "Lime"})
    town.close(poll)
    town.share(poll, 1)
    evidence = NodeEvidence(Node(liar.url), poll.address)
    assert verify(evidence).report.verdict == Verdict.PENDING
    liar.lie, _ = LOGS_LACKING["all shares"]
    with pytest.raises(LogsMissing, match=r"decryption shares of trustee 1"):
        verify(evidence)
    with pytest.raises(LogsMissing, match=r"lack shares of trustee 1$"):
        connect(liar.url, account=town.official).poll(poll.address).publish_result()
