"""Reports of checks."""

from __future__ import annotations

import pytest

from veche.errors import ChecksFailed, InvalidProof, NodeUnreachable
from veche.trust.report import Report, Verdict


def test_worst_check_decides() -> None:
    report = Report()
    found = [report.verdict]
    report.passed("sums", "of the ballots")
    found.append(report.verdict)
    report.pending("result", "not proven yet")
    report.add("counts", holds=True, detail="2 voters")
    found.append(report.verdict)
    report.add("keys", holds=False, detail="one is missing")
    found.append(report.verdict)
    assert found == [Verdict.PASS, Verdict.PASS, Verdict.PENDING, Verdict.FAIL]


def test_report_refuses_to_go_on_if_a_check_failed() -> None:
    report = Report()
    report.pending("result", "not proven yet")
    report.require()
    report.failed("keys", "one is missing")
    with pytest.raises(ChecksFailed, match="keys: one is missing"):
        report.require()


def test_report_is_plain_data() -> None:
    report = Report()
    report.failed("keys", "one is missing")
    assert report.to_plain() == {
        "verdict": "fail",
        "checks": [{"name": "keys", "verdict": "fail", "detail": "one is missing"}],
    }


def test_reading_fails_the_check_if_the_data_are_malformed() -> None:
    report = Report()
    with report.reading("keys"):
        report.passed("deals", "read before")
        raise InvalidProof(1, 2)
    assert [(each.name, each.verdict) for each in report] == [
        ("deals", Verdict.PASS),
        ("keys", Verdict.FAIL),
    ]


def test_reading_adds_no_check_if_the_data_are_right_or_the_node_is_lost() -> None:
    report = Report()
    with report.reading("keys"):
        pass
    with pytest.raises(NodeUnreachable), report.reading("keys"):
        raise NodeUnreachable("gone")
    assert not [*report]
