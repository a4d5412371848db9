"""Rules by which officials decide: read from a sentence, and met or not."""

from __future__ import annotations

from fractions import Fraction

import pytest

from veche.errors import InvalidContent
from veche.protocol.rules import PASS_OF, QUORUM_OF, Rule


@pytest.mark.parametrize(
    ("text", "part", "whole", "or_more"),
    [
        ("at least 25% of ballots", Fraction(1, 4), "ballots", True),
        ("at least 12.5% of roll", Fraction(1, 8), "roll", True),
        ("at least 100% of ballots", Fraction(1), "ballots", True),
        ("more than 50% of votes", Fraction(1, 2), "votes", False),
        ("more than 0% of votes", Fraction(0), "votes", False),
        ("more than 2/3 of roll", Fraction(2, 3), "roll", False),
    ],
)
def test_rule_is_read(text: str, part: Fraction, whole: str, or_more: bool) -> None:  # noqa: FBT001
    assert Rule.parse(text, PASS_OF) == Rule(text, part, whole, or_more)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "50%",
        "at least 50% of voters",
        "At least 50% of votes",
        "at least 50 % of votes",
        "at least 50% of votes ",
        "at least 50% of votes\n",
        "at least -1% of votes",
        "at least 1e1% of votes",
        "at least ٥٠% of votes",
        "at least 1/0 of votes",
        "at least 1/00 of votes",
        "at least 0% of votes",
        "at least 0/3 of votes",
        "at least 101% of votes",
        "more than 100% of votes",
        "more than 3/2 of votes",
    ],
)
def test_rule_is_refused_if_it_has_another_form_or_decides_nothing(text: str) -> None:
    with pytest.raises(InvalidContent):
        Rule.parse(text, PASS_OF)


@pytest.mark.parametrize(
    ("text", "count", "whole", "met"),
    [
        ("at least 1/3 of voters", 1, 3, True),
        ("at least 1/3 of voters", 333, 1_000, False),
        ("at least 33.3% of voters", 333, 1_000, True),
        ("more than 50% of voters", 5, 10, False),
        ("more than 50% of voters", 6, 10, True),
        ("more than 0% of voters", 0, 10, False),
        ("at least 100% of voters", 10, 10, True),
        ("at least 50% of voters", 0, 0, False),
    ],
)
def test_rule_is_met_exactly_from_its_part_on(text: str, count: int, whole: int, met: bool) -> None:  # noqa: FBT001
    assert Rule.parse(text, QUORUM_OF).is_met(count, whole) is met
