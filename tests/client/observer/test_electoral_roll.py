"""Electoral rolls that are wrong, missing, or still to come."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

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
from support.paper_polls import CLOSES, OPENS, PaperEvidence, PaperPoll, voter
from veche.errors import WrongRoll
from veche.observer import electoral_roll, result, verification
from veche.observer.record_evidence import RecordEvidence
from veche.observer.record_writer import save_record
from veche.observer.verification import verify
from veche.protocol.published_roll import Part
from veche.protocol.roll import Roll
from veche.trust import foundation
from veche.trust.report import Verdict


@pytest.mark.parametrize(
    ("make", "caught"),
    [
        (bend("roll_parts", lambda p: (Part(0, p[0].entries[:2]),)), electoral_roll.ROLL),
        (bend("roll_parts", lambda p: (Part(1, p[0].entries),)), electoral_roll.ROLL),
        (unrolled(UNDECRYPTED, TWICE), electoral_roll.ROLL),
        (unrolled(UNDECRYPTED, []), electoral_roll.ROLL),
        (unrolled(UNDECRYPTED), electoral_roll.ROLL),
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
    (part,) = PaperPoll().facts.roll_parts
    right = part.entries
    for parts in ([right], [right, TWICE], [TWICE, right], [WRONG, right], [WRONG, right, WRONG]):
        assert report_of(unrolled(NO_VOTERS, *parts)()).verdict == Verdict.PASS


# -- A roll that was given --


def test_roll_that_was_given_takes_the_place_of_the_published_one() -> None:
    paper = PaperPoll()
    for parts in ([], [WRONG], [TWICE]):
        evidence = PaperEvidence(unrolled(lambda: paper.facts, *parts)())
        report = verify(evidence, roll=paper.roll).report
        assert report.verdict == Verdict.PASS
        (detail,) = [each.detail for each in report if each.name == electoral_roll.ROLL]
        assert detail.endswith("weight 4, as you gave it; the published one was not read")


def test_verifying_fails_if_another_roll_was_given() -> None:
    """Not the poll is wrong, but what was given."""
    evidence, other = PaperEvidence(PaperPoll().facts), Roll(WRONG)
    for expect in (None, PaperPoll().facts.definition.hash):
        with pytest.raises(WrongRoll, match="this roll has the root 0x") as wrong:
            verify(evidence, expect=expect, roll=other)
        assert other.root.hex() in str(wrong.value)
        assert PaperPoll().roll.root.hex() in str(wrong.value)


def test_poll_that_is_another_one_fails_whatever_roll_was_given() -> None:
    report = verify(PaperEvidence(PaperPoll().facts), expect=bytes(32), roll=Roll(WRONG)).report
    assert failed(report) == [foundation.POLL_HASH]


def test_roll_fails_if_the_poll_says_another_total_weight(tmp_path: Path) -> None:
    paper = PaperPoll(total_weight=5)
    with pytest.raises(WrongRoll, match=r"the weight 4, but .* the weight 5"):
        verify(PaperEvidence(paper.facts), roll=paper.roll)
    with pytest.raises(WrongRoll):
        save_record(PaperEvidence(paper.facts), tmp_path / "none.record", roll=paper.roll)
    assert not list(tmp_path.iterdir())


def test_record_holds_the_roll_that_was_given(tmp_path: Path) -> None:
    paper, path = PaperPoll(), tmp_path / "given.record"
    save_record(PaperEvidence(unrolled(lambda: paper.facts, WRONG)()), path, roll=paper.roll)
    assert verify(RecordEvidence(path)).report.verdict == Verdict.PASS
