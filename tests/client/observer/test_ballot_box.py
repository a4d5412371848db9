"""Ballots counted in their order: replacements, and many at once."""

from __future__ import annotations

from dataclasses import replace

import pytest

from support.bent_polls import (
    CHALLENGE,
    FIRST,
    SECOND,
    Make,
    bend,
    failed,
    flipped,
    poll,
    report_of,
)
from support.paper_polls import PaperBallot, PaperEvidence, PaperPoll, changed
from veche.observer import ballot_box, ballots
from veche.observer.verification import verify
from veche.trust.report import Verdict


@pytest.mark.parametrize(
    ("make", "caught"),
    [
        (bend("ballots", lambda b: (*b, b[1])), ballot_box.REPLACEMENTS),
        (bend("ballots", lambda b: (b[3], *b[1:3], b[0])), ballot_box.REPLACEMENTS),
    ],
)
def test_fault_is_caught_by_the_check_that_should(make: Make, caught: str) -> None:
    assert caught in failed(report_of(make()))


def ballots_of_one(count: int) -> list[PaperBallot]:
    """So many ballots of the first voter, each of which replaces the one before."""
    return [replace(FIRST, scores=[int(i == k % 5) for i in range(5)]) for k in range(count)]


def test_many_replaced_ballots_are_taken_out_a_few_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ballot_box, "ASIDE", 0)
    monkeypatch.setattr(ballot_box, "FEW", 2)
    monkeypatch.setattr(ballot_box, "CHUNK", 1)
    report = report_of(poll(ballots=[*ballots_of_one(6), SECOND])())
    assert report.verdict == Verdict.PASS


def test_ballot_may_be_replaced_often() -> None:
    assert failed(report_of(poll(ballots=[*ballots_of_one(40), SECOND])())) == []


def test_many_faults_are_counted_and_a_few_described() -> None:
    bent = bend(
        "ballots", lambda all_: tuple((logged, replace(block, time=0)) for logged, block in all_)
    )
    (check,) = [each for each in report_of(bent()) if each.name == ballot_box.TIMES]
    assert check.detail.count("when the poll was not open") == ballot_box.SHOWN
    assert check.detail.endswith("; and 1 more")


def test_many_ballots_are_counted_on_all_cores() -> None:
    ones = [PaperBallot(i, (0, 0, 0, 0, 1)) for i in range(300)]
    facts = PaperPoll(weights=[1] * 300, ballots=ones).facts
    seen: list[int] = []
    found = verify(PaperEvidence(facts), progress=seen.append)
    assert found.report.verdict == Verdict.PASS
    assert seen == sorted(seen)
    assert seen[-1] == 300
    logged, block = facts.ballots[-1]
    other = replace(logged, words=flipped(logged.words, CHALLENGE))
    bent = changed(facts, "ballots", lambda all_: (*all_[:-1], (other, block)))
    assert failed(report_of(bent)) == [ballots.PROOFS]
