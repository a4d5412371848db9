"""What the questions of a poll let a voter give (PROTOCOL §3).

All options of all questions, in order, are the poll's choices.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from veche.errors import InvalidQuestions, InvalidScores

MAX_CHOICES: Final = 60
"""Maximum choices of a poll (PROOF, addresses in place of points)."""
MAX_VALUES: Final = 101
"""Maximum values of a score, or of a total that is proven (PROTOCOL §3)."""


@dataclass(frozen=True, slots=True)
class Question:
    """A question's limits: 0..max_score for each option, min_total..max_total for all together."""

    options: int
    max_score: int
    min_total: int
    max_total: int

    @property
    def limits(self) -> tuple[int, int, int, int]:
        """The four numbers, as they are hashed."""
        return self.options, self.max_score, self.min_total, self.max_total

    @property
    def proves_total(self) -> bool:
        """Whether a ballot proves the total: it does not where it can be nothing else."""
        return self.min_total != 0 or self.max_total != self.options * self.max_score

    @property
    def degree(self) -> int:
        """The most values that a statement about this question allows: d."""
        totals = self.max_total - self.min_total + 1 if self.proves_total else 0
        return max(self.max_score + 1, totals)

    @property
    def is_possible(self) -> bool:
        """Whether a poll can ask it."""
        sizes = 1 <= self.options <= MAX_CHOICES and 1 <= self.max_score < MAX_VALUES
        totals = 0 <= self.min_total <= self.max_total <= self.options * self.max_score
        narrow = not self.proves_total or self.max_total - self.min_total < MAX_VALUES
        return sizes and totals and narrow

    def fault(self, scores: Sequence[int]) -> str:
        """The limit that the scores of the options break, in words, with how many are given and
        never which; nothing where they are allowed.
        """
        if not all(0 <= score <= self.max_score for score in scores):
            return f"a score is not in 0 to {self.max_score}"
        total = sum(scores)
        if self.min_total <= total <= self.max_total:
            return ""
        what, given = ("option", "chosen") if self.max_score == 1 else ("point", "given")
        counted = f"1 {what} is" if total == 1 else f"{total} {what}s are"
        least = "" if self.min_total == self.max_total else f"{self.min_total} to "
        return f"{counted} {given}, not {least}{self.max_total}"


@dataclass(frozen=True, slots=True)
class Questions:
    """The questions of a poll, in order.

    Raises:
        InvalidQuestions: one is impossible (its index is told), or together they have no choice
            or more than 60 (their count is told).
    """

    items: tuple[Question, ...]

    def __post_init__(self) -> None:
        for index, question in enumerate(self.items):
            if not question.is_possible:
                raise InvalidQuestions(index)
        if not 1 <= self.choices <= MAX_CHOICES:
            reason = f"{self.choices} choices, where a poll has 1..{MAX_CHOICES}"
            raise InvalidQuestions(len(self.items), reason=reason)

    @classmethod
    def of(cls, *questions: tuple[int, int, int, int]) -> Questions:
        """Questions from their limits: options, maxScore, minTotal, maxTotal."""
        return cls(tuple(Question(*limits) for limits in questions))

    def __iter__(self) -> Iterator[Question]:
        return iter(self.items)

    @property
    def limits(self) -> list[tuple[int, int, int, int]]:
        """The limits of every question, as they are hashed."""
        return [question.limits for question in self.items]

    @property
    def choices(self) -> int:
        """The number of choices: the options of all questions. A ballot has a ciphertext for each
        choice.
        """
        return sum(question.options for question in self.items)

    @property
    def degree(self) -> int:
        """The maximum number of values that a statement of a ballot allows: D (PROTOCOL §3)."""
        return max(question.degree for question in self.items)

    @property
    def words(self) -> int:
        """How many words a ballot has: two for a point, one for a scalar."""
        return 2 * self.points + self.scalars

    @property
    def points(self) -> int:
        """How many points a ballot has: A and B of every choice, E_1 … E_{D−1}."""
        return 2 * self.choices + self.degree - 1

    @property
    def scalars(self) -> int:
        """How many scalars a ballot has: x, f and z of every choice, w."""
        return 2 * self.choices + 2

    def slices(self) -> Iterator[tuple[Question, slice]]:
        """Every question, with where its options stand among the choices."""
        start = 0
        for question in self.items:
            yield question, slice(start, start + question.options)
            start += question.options

    def require_scores(self, scores: Sequence[int], *, names: Sequence[str] = ()) -> None:
        """Refuses scores that no ballot of this poll can have.

        Args:
            scores: of every choice.
            names: what the questions are called in a message; by default they are counted from 1.

        Raises:
            InvalidScores: too many or too few, or out of a question's limits; see Question.fault.
        """
        if len(scores) != self.choices:
            raise InvalidScores(reason=f"a ballot gives a score to each of {self.choices} choices")
        for index, (question, where) in enumerate(self.slices()):
            fault = question.fault(scores[where])
            if fault:
                name = names[index] if names else f"question {index + 1}"
                raise InvalidScores(field=name, reason=fault)
