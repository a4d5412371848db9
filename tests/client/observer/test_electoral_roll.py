"""Electoral rolls that are wrong, missing, or still to come."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from support.bent_polls import (
    NO_VOTERS,
    TWICE,
    UNDECRYPTED,
    WRONG,
    Make,
    at,
    bend,
    failed,
    pending,
    report_of,
    uncounted,
    unrolled,
)
from support.paper_polls import CLOSES, OPENS, PaperPoll, voter
from veche.observer import electoral_roll, result, verification
from veche.trust.report import Verdict


@pytest.mark.parametrize(
    ("make", "caught"),
    [
        (bend("rolls", lambda r: (r[0][:2],)), electoral_roll.ROLL),
        (bend("rolls", lambda r: ([*r[0], r[0][0]],)), electoral_roll.ROLL),
        (bend("rolls", lambda _: ([],)), electoral_roll.ROLL),
        (bend("rolls", lambda _: ()), electoral_roll.ROLL),
        (at(OPENS, unrolled(UNDECRYPTED)), electoral_roll.ROLL),
        (at(OPENS, unrolled(uncounted(UNDECRYPTED))), verification.COUNTS),
    ],
)
def test_fault_is_caught_by_the_check_that_should(make: Make, caught: str) -> None:
    assert caught in failed(report_of(make()))


@pytest.mark.parametrize("time", [OPENS - 1, OPENS, CLOSES - 1])
@pytest.mark.parametrize("published", [[], [(voter(0).address, 1)], WRONG, TWICE], ids=len)
def test_missing_roll_is_pending_while_nobody_has_voted(
    time: int, published: Sequence[tuple[str, int]]
) -> None:
    report = report_of(at(time, unrolled(NO_VOTERS, published))())
    later = [electoral_roll.ROLL, result.SHARES, result.RESULT]
    assert (failed(report), pending(report)) == ([], later)


def test_roll_is_there_if_any_reading_of_it_is_right() -> None:
    (right,) = PaperPoll().facts.rolls
    for readings in ([right], [right, TWICE], [TWICE, right], [WRONG, right]):
        assert report_of(unrolled(NO_VOTERS, *readings)()).verdict == Verdict.PASS
