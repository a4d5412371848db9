"""The kinds of questions that officials can write, as the protocol's limits (PROTOCOL §3)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, NamedTuple

from veche.crypto.questions import MAX_VALUES, Question


class Kind(NamedTuple):
    """A kind of question.

    Attributes:
        parameter: the key that it takes besides text, kind and options; empty where it takes none.
        fewest_options: with fewer there is nothing to say.
        limits: from the number of options and the parameter (0 where there is none).
        largest: the largest parameter; None where that is the number of options.
    """

    parameter: str
    fewest_options: int
    limits: Callable[[int, int], Question]
    largest: int | None


_MAX_SCORE: Final = MAX_VALUES - 1

KINDS: Final = {
    "choose one": Kind("", 2, lambda n, _: Question(n, 1, 1, 1), 0),
    "choose up to": Kind("limit", 1, lambda n, k: Question(n, 1, 0, k), None),
    "approval": Kind("", 1, lambda n, _: Question(n, 1, 0, n), 0),
    "score": Kind("max_score", 1, lambda n, s: Question(n, s, 0, n * s), _MAX_SCORE),
    "cumulative": Kind("points", 2, lambda n, s: Question(n, s, s, s), _MAX_SCORE),
}
"""Every kind, by the name that stands in a poll's file."""
PARAMETERS: Final = tuple(kind.parameter for kind in KINDS.values() if kind.parameter)
"""The keys that only one kind takes."""
