"""Decryption shares and results: wrong, still to come, or none for good."""

from __future__ import annotations

from dataclasses import replace

import pytest

from support.bent_polls import (
    FIRST,
    NO_VOTERS,
    UNDECRYPTED,
    WRONG,
    Make,
    at,
    bend,
    cancelled,
    failed,
    pending,
    poll,
    report_of,
    shares_bent,
    unrolled,
)
from support.paper_polls import CLOSES, OPENS, PaperEvidence
from veche.crypto.group import N
from veche.observer.result import RESULT, SHARES
from veche.observer.verification import verify
from veche.protocol.phase import Phase
from veche.trust.report import Verdict

LATER = [SHARES, RESULT]


@pytest.mark.parametrize(
    ("make", "caught"),
    [
        (shares_bent(lambda s: replace(s, trustee=17)), SHARES),
        (shares_bent(lambda s: replace(s, trustee=0)), RESULT),
        (shares_bent(lambda s: replace(s, points=())), SHARES),
        (shares_bent(lambda s: replace(s, points=s.points[1:])), RESULT),
        (shares_bent(lambda s: replace(s, points=s.points * 2)), RESULT),
        (bend("shares", lambda s: s[:1]), RESULT),
        (bend("state", lambda s: replace(s, result=(N, *s.result[1:]))), RESULT),
        (bend("state", lambda s: replace(s, result=(2**256 - 1, *s.result[1:]))), RESULT),
        (bend("state", lambda s: replace(s, result=s.result * 2)), RESULT),
    ],
)
def test_fault_is_caught_by_the_check_that_should(make: Make, caught: str) -> None:
    assert caught in failed(report_of(make()))


@pytest.mark.parametrize(
    "make", [at(CLOSES - 1, UNDECRYPTED), at(OPENS - 1, NO_VOTERS), at(CLOSES, UNDECRYPTED)]
)
def test_shares_and_result_are_pending_until_they_are_posted(make: Make) -> None:
    report = report_of(make())
    assert report.verdict == Verdict.PENDING
    assert (failed(report), pending(report)) == ([], LATER)


@pytest.mark.parametrize("make", [NO_VOTERS, poll(ballots=[FIRST], decrypted=False)])
def test_void_poll_has_a_verdict(make: Make) -> None:
    found = verify(PaperEvidence(make()))
    assert (found.report.verdict, found.phase) == (Verdict.PASS, Phase.VOID)
    details = [each.detail for each in found.report if each.name in LATER]
    assert all("fewer than 2 voters took part" in each for each in details)


@pytest.mark.parametrize("time", [OPENS - 1, OPENS, CLOSES])
@pytest.mark.parametrize("make", [NO_VOTERS, unrolled(NO_VOTERS), unrolled(NO_VOTERS, WRONG)])
def test_cancelled_poll_has_a_verdict(make: Make, time: int) -> None:
    found = verify(PaperEvidence(cancelled(at(time, make))()))
    assert (found.report.verdict, found.phase) == (Verdict.PASS, Phase.CANCELLED)
    details = [each.detail for each in found.report if each.name in LATER]
    assert all("cancelled" in each for each in details)
