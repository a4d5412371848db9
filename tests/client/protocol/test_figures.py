"""What a result says to people: votes, percentages, means, turnout, ties and what passed."""

from __future__ import annotations

import pytest

from veche.crypto.questions import Question
from veche.protocol.content import Content, QuestionTexts
from veche.protocol.figures import Figures, QuestionFigures, Turnout
from veche.protocol.rules import PASS_OF, QUORUM_OF, Rule
from veche.protocol.shown_figures import columns

TURNOUT = Turnout(voters=6, on_roll=10, weight=10, total_weight=16)
LIMITS = {
    "choose one": (1, 1, 1),
    "choose up to one": (1, 0, 1),
    "approve": (1, 0, 3),
    "score": (5, 0, 15),
    "give points": (10, 10, 10),
}


def figures(kind: str, *scores: int, passes: str = "", blank: str | None = None) -> QuestionFigures:
    names = ("Lime", "Oak", "None of them")
    rule = Rule.parse(passes, PASS_OF) if passes else None
    texts = QuestionTexts("Which?", names, rule, blank)
    limits = Question(3, *LIMITS[kind])
    return QuestionFigures(texts, limits, dict(zip(names, scores, strict=True)), TURNOUT)


@pytest.mark.parametrize(
    ("kind", "scores", "unit", "percent", "means"),
    [
        ("choose one", (5, 3, 2), "votes", (50, 30, 20), None),
        ("choose up to one", (3, 1, 0), "votes", (75, 25, 0), None),
        ("choose up to one", (0, 0, 0), "votes", (None, None, None), None),
        ("approve", (10, 9, 0), "votes", (100, 90, 0), None),
        ("give points", (50, 25, 25), "points", (50, 25, 25), None),
        ("score", (50, 25, 0), "score", None, (5, 2.5, 0)),
    ],
)
def test_options_have_what_their_kind_of_question_gives_them(
    kind: str,
    scores: tuple[int, ...],
    unit: str,
    percent: tuple[float | None, ...] | None,
    means: tuple[float, ...] | None,
) -> None:
    found = figures(kind, *scores).fields
    assert found["unit"] == unit
    assert found["scores"] == dict(zip(("Lime", "Oak", "None of them"), scores, strict=True))
    options = found["options"]
    assert [each["score"] for each in options] == list(scores)
    assert [each["percent"] for each in options] == list(percent or [None] * 3)
    assert [each["mean"] for each in options] == list(means or [None] * 3)


def test_percent_have_one_decimal_and_half_is_rounded_up() -> None:
    found = columns(figures("choose one", 1, 15, 0))
    assert list(found.values()) == [["1", "15", "0"], ["6.3%", "93.8%", "0.0%"]]


@pytest.mark.parametrize(
    ("scores", "blank", "leaders"),
    [
        ((5, 3, 2), None, ("Lime",)),
        ((4, 4, 2), None, ("Lime", "Oak")),
        ((2, 3, 5), "None of them", ("Oak",)),
        ((0, 0, 10), "None of them", ()),
        ((0, 0, 0), None, ()),
    ],
)
def test_options_with_most_are_named_and_so_are_ties(
    scores: tuple[int, ...], blank: str | None, leaders: tuple[str, ...]
) -> None:
    assert figures("choose one", *scores, blank=blank).leaders == leaders


@pytest.mark.parametrize(
    ("passes", "blank", "passed"),
    [
        ("more than 50% of ballots", None, ()),
        ("at least 50% of ballots", None, ("Lime",)),
        ("more than 50% of votes", None, ()),
        ("more than 50% of votes", "None of them", ("Lime",)),
        ("more than 50% of ballots", "None of them", ()),
        ("more than 30% of roll", None, ("Lime",)),
        ("at least 20% of votes", None, ("Lime", "Oak", "None of them")),
        ("at least 20% of votes", "None of them", ("Lime", "Oak")),
    ],
)
def test_options_pass_by_the_rule_and_blank_never_does(
    passes: str, blank: str | None, passed: tuple[str, ...]
) -> None:
    assert figures("choose one", 5, 3, 2, passes=passes, blank=blank).passed == passed


def test_nothing_passes_or_fails_without_a_rule() -> None:
    assert figures("choose one", 5, 3, 2).passed is None


@pytest.mark.parametrize(
    ("quorum", "on_roll", "met"),
    [
        ("at least 60% of voters", 10, True),
        ("more than 60% of voters", 10, False),
        ("at least 60% of voters", None, None),
        ("at least 62.5% of weight", None, True),
        ("at least 62.6% of weight", None, False),
    ],
)
def test_quorum_is_told(quorum: str, on_roll: int | None, met: bool | None) -> None:  # noqa: FBT001
    turnout = Turnout(6, on_roll, 10, 16)
    texts = Content("Trees", "", (), Rule.parse(quorum, QUORUM_OF))
    found = Figures.of(texts, (), {}, turnout)
    assert found.is_quorate is met
    assert found.fields["quorum"] == quorum


def test_turnout_is_told_in_voters_and_weight() -> None:
    assert TURNOUT.fields == {
        "voters": 6,
        "votersOnRoll": 10,
        "percentOfVoters": 60,
        "weight": 10,
        "totalWeight": 16,
        "percentOfWeight": 62.5,
    }


def test_rows_have_a_line_for_every_option() -> None:
    found = figures("choose one", 5, 3, 2, passes="at least 50% of ballots")
    texts = Content("Trees", "", (found.texts,), Rule.parse("more than 60% of voters", QUORUM_OF))
    rows = list(Figures(texts, TURNOUT, (found,)).rows)
    assert rows[0][:6] == ("question", "option", "unit", "score", "percent", "mean")
    assert rows[0][6:] == ("most", "passed", "quorumMet")
    assert rows[1] == ("Which?", "Lime", "votes", 5, 50, None, "true", "true", "false")
    assert rows[3] == ("Which?", "None of them", "votes", 2, 20, None, "false", "false", "false")


@pytest.mark.parametrize(
    ("rule", "needed"),
    [
        ("more than 50% of votes", 6),
        ("at least 50% of votes", 5),
        ("at least 2/3 of votes", 7),
        ("more than 2/3 of votes", 7),
        ("more than 0% of votes", 1),
        ("at least 100% of votes", 10),
    ],
)
def test_rule_tells_how_many_are_needed(rule: str, needed: int) -> None:
    found = Rule.parse(rule, PASS_OF)
    assert found.needed(10) == needed
    assert [found.is_met(each, 10) for each in (needed - 1, needed)] == [False, True]
    assert figures("choose one", 5, 3, 2, passes=rule).fields["needed"] == needed
