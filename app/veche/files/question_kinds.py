"""The kinds of questions that officials can write, each with its limits (PROTOCOL §3)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, NamedTuple

from veche.crypto.questions import MAX_VALUES, Question


class Kind(NamedTuple):
    """A kind of question.

    Attributes:
        parameter: the key that it takes besides text, kind and options; empty if it takes no other.
        fewest_options: the minimum of options.
        limits: the limits, given the number of options and the parameter (0 if it takes no other).
        largest: the largest value of the parameter; None for the number of options.
    """

    parameter: str
    fewest_options: int
    limits: Callable[[int, int], Question]
    largest: int | None

    @property
    def has_votes(self) -> bool:
        """Whether an option gets a vote or none from each ballot, rather than a score."""
        return self.limits(2, 2).max_score == 1


_MAX_SCORE: Final = MAX_VALUES - 1

KINDS: Final = {
    "choose one": Kind("", 2, lambda n, _: Question(n, 1, 1, 1), 0),
    "choose up to": Kind("limit", 1, lambda n, k: Question(n, 1, 0, k), None),
    "approval": Kind("", 1, lambda n, _: Question(n, 1, 0, n), 0),
    "score": Kind("max_score", 1, lambda n, s: Question(n, s, 0, n * s), _MAX_SCORE),
    "cumulative": Kind("points", 2, lambda n, s: Question(n, s, s, s), _MAX_SCORE),
}
"""All kinds, by their names in a poll's file."""
PARAMETERS: Final = tuple(kind.parameter for kind in KINDS.values() if kind.parameter)
"""The keys that only some kinds take."""
