"""Ballots that are logged otherwise than they were cast."""

from __future__ import annotations

from dataclasses import replace

import pytest

from support.bent_polls import Make, ballot_bent, failed, flipped, report_of
from support.paper_polls import voter
from veche.observer import ballot_box, ballots


@pytest.mark.parametrize(
    ("make", "caught"),
    [
        (ballot_bent(lambda b: replace(b, words=b.words[:-32])), ballots.PROOFS),
        (ballot_bent(lambda b: replace(b, words=flipped(b.words, 0))), ballots.PROOFS),
        (ballot_bent(lambda b: replace(b, words=b"")), ballots.PROOFS),
        (ballot_bent(lambda b: replace(b, voter=voter(8).address)), ballot_box.MEMBERSHIP),
        (ballot_bent(lambda b: replace(b, weight=2**255)), ballot_box.MEMBERSHIP),
    ],
)
def test_fault_is_caught_by_the_check_that_should(make: Make, caught: str) -> None:
    assert caught in failed(report_of(make()))
