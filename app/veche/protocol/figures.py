"""What a result says to people: votes and percent, means, turnout, who has most, what passed.

All of it follows from the scores that the contract has proven, the poll's texts and the roll.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final, Protocol

from veche.crypto.questions import Question
from veche.errors import IncompleteRoll
from veche.protocol.content import Content, QuestionTexts, Scores
from veche.protocol.rules import Rule

if TYPE_CHECKING:
    from veche.protocol.definition import PollDefinition
    from veche.protocol.roll import Roll

DECIMALS: Final = 4
"""Digits behind the point of percentages and means, for machines."""


class ShownPoll(Protocol):
    """A poll as a contract or a record shows it."""

    @property
    def definition(self) -> PollDefinition:
        """What defines it."""

    @property
    def texts(self) -> Content:
        """What voters read."""

    @property
    def roll(self) -> Roll:
        """The electoral roll."""

    @property
    def voter_count(self) -> int:
        """How many voters have cast a ballot."""

    @property
    def cast_weight(self) -> int:
        """Their weight."""


@dataclass(frozen=True, slots=True)
class Turnout:
    """How many took part.

    Attributes:
        voters: voters with a ballot that counts.
        on_roll: voters on the roll; None if it is not known.
        weight: the weight of those who took part.
        total_weight: the weight of the roll.
    """

    voters: int
    on_roll: int | None
    weight: int
    total_weight: int

    @classmethod
    def of(cls, poll: ShownPoll) -> Turnout:
        """The turnout of a poll as somebody shows it."""
        on_roll = None
        with suppress(IncompleteRoll):
            on_roll = len(poll.roll)
        return cls(poll.voter_count, on_roll, poll.cast_weight, poll.definition.total_weight)

    @property
    def part_of_voters(self) -> Fraction | None:
        """The part of the voters on the roll; None if their number is not known."""
        return Fraction(self.voters, self.on_roll) if self.on_roll else None

    @property
    def part_of_weight(self) -> Fraction | None:
        """The part of the roll's weight; None if a stranger says that the roll has none."""
        return Fraction(self.weight, self.total_weight) if self.total_weight else None

    def meets(self, quorum: Rule) -> bool | None:
        """Whether enough took part; None if it needs a number that is not known."""
        count, whole = self.counted(quorum)
        return None if whole is None else quorum.is_met(count, whole)

    def counted(self, quorum: Rule) -> tuple[int, int | None]:
        """What a quorum counts, and what it is a part of; None if that is not known."""
        if quorum.whole == "weight":
            return self.weight, self.total_weight
        return self.voters, self.on_roll

    @property
    def fields(self) -> dict[str, Any]:
        """The turnout as an object for machines."""
        return {
            "voters": self.voters,
            "votersOnRoll": self.on_roll,
            "percentOfVoters": _percent(self.part_of_voters),
            "weight": self.weight,
            "totalWeight": self.total_weight,
            "percentOfWeight": _percent(self.part_of_weight),
        }


@dataclass(frozen=True, slots=True)
class QuestionFigures:
    """What a result says about a question.

    Attributes:
        texts: the question and its options.
        limits: what voters could give.
        scores: the score of every option.
        turnout: how many took part in the poll.
    """

    texts: QuestionTexts
    limits: Question
    scores: Mapping[str, int]
    turnout: Turnout

    @property
    def unit(self) -> str:
        """What an option gets: votes, points (of a number that all ballots give), or a score."""
        if self.limits.max_score == 1:
            return "votes"
        return "points" if self.limits.min_total == self.limits.max_total else "score"

    @property
    def percent_of(self) -> str | None:
        """What the percentages are parts of; None if there are none, but means.

        It is all votes or points where their number is the same for every ballot, or at most one.
        If a voter may give several votes, it is the ballots, by weight.
        """
        if self.unit == "score":
            return None
        given = self.unit == "points" or self.limits.max_total == 1
        return self.unit if given else "ballots"

    @property
    def whole(self) -> int | None:
        """The number that the percentages are parts of; None if there are none, but means."""
        if self.percent_of is None:
            return None
        return self.turnout.weight if self.percent_of == "ballots" else sum(self.scores.values())

    def part(self, option: str) -> Fraction | None:
        """The part of the whole that an option got; None if there is no whole, or it is 0."""
        return Fraction(self.scores[option], self.whole) if self.whole else None

    def mean(self, option: str) -> Fraction | None:
        """The mean that ballots gave to an option, by weight; None unless ballots give scores."""
        if self.unit != "score" or not self.turnout.weight:
            return None
        return Fraction(self.scores[option], self.turnout.weight)

    @property
    def leaders(self) -> tuple[str, ...]:
        """The options but blank that got most, in order; none if no option got anything."""
        counted = {name: each for name, each in self.scores.items() if name != self.texts.blank}
        most = max(counted.values(), default=0)
        return tuple(name for name, each in counted.items() if each == most > 0)

    @property
    def passed(self) -> tuple[str, ...] | None:
        """The options that reach what officials asked for; None if they asked for nothing. Whether
        the quorum is met is another question.
        """
        rule = self.texts.passes
        if rule is None:
            return None
        whole = self.whole_of(rule)
        options = (option for option in self.scores if option != self.texts.blank)
        return tuple(option for option in options if rule.is_met(self.scores[option], whole))

    def whole_of(self, rule: Rule) -> int:
        """The number that a rule asks for a part of."""
        if rule.whole == "roll":
            return self.turnout.total_weight
        if rule.whole == "ballots":
            return self.turnout.weight
        return sum(self.scores.values()) - self.scores.get(self.texts.blank or "", 0)

    @property
    def fields(self) -> dict[str, Any]:
        """The figures as an object for machines."""
        rule = self.texts.passes
        return {
            "question": self.texts.text,
            "scores": dict(self.scores),
            "unit": self.unit,
            "percentOf": self.percent_of,
            "options": [
                {
                    "option": option,
                    "score": score,
                    "percent": _percent(self.part(option)),
                    "mean": _rounded(self.mean(option)),
                }
                for option, score in self.scores.items()
            ],
            "most": list(self.leaders),
            "blank": self.texts.blank,
            "passes": rule.text if rule else None,
            "needed": rule.needed(self.whole_of(rule)) if rule else None,
            "passed": None if self.passed is None else list(self.passed),
        }


@dataclass(frozen=True, slots=True)
class Figures:
    """What a result says to people.

    Attributes:
        texts: the poll's.
        turnout: how many took part.
        questions: of every question, in order.
    """

    texts: Content
    turnout: Turnout
    questions: tuple[QuestionFigures, ...]

    @classmethod
    def of(
        cls, texts: Content, limits: tuple[Question, ...], scores: Scores, turnout: Turnout
    ) -> Figures:
        """The figures of a result.

        Args:
            texts: the poll's.
            limits: of every question.
            scores: the score of every option, by question.
            turnout: how many took part.
        """
        questions = (
            QuestionFigures(each, limit, scores[each.text], turnout)
            for each, limit in zip(texts, limits, strict=True)
        )
        return cls(texts, turnout, tuple(questions))

    @classmethod
    def shown(cls, poll: ShownPoll, scores: Scores) -> Figures:
        """The figures of a result as somebody shows it; nothing of it is checked."""
        return cls.of(poll.texts, (*poll.definition.questions,), scores, Turnout.of(poll))

    @property
    def is_quorate(self) -> bool | None:
        """Whether enough took part; None if no quorum was asked for, or it cannot be told."""
        return self.turnout.meets(self.texts.quorum) if self.texts.quorum else None

    @property
    def fields(self) -> dict[str, Any]:
        """The figures as an object for machines."""
        quorum = self.texts.quorum
        return {
            "turnout": self.turnout.fields,
            "quorum": quorum.text if quorum else None,
            "quorumMet": self.is_quorate,
            "results": [each.fields for each in self.questions],
        }

    @property
    def rows(self) -> Iterator[tuple[str | int | float | None, ...]]:
        """The figures as the rows of a table: a heading, then a row for each option."""
        parts = "unit", "score", "percent", "mean"
        yield "question", "option", *parts, "most", "passed", "quorumMet"
        quorate = _word(self.is_quorate)
        for each in self.questions:
            for found in each.fields["options"]:
                option = found["option"]
                passed = None if each.passed is None else _word(option in each.passed)
                got = each.unit, found["score"], found["percent"], found["mean"]
                most = _word(option in each.leaders)
                yield each.texts.text, option, *got, most, passed, quorate


def _word(found: bool | None) -> str | None:  # noqa: FBT001  # the value of a column
    return None if found is None else str(found).lower()


def _percent(part: Fraction | None) -> float | None:
    return None if part is None else _rounded(100 * part)


def _rounded(value: Fraction | None) -> float | None:
    return None if value is None else round(float(value), DECIMALS)
