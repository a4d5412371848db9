"""Hypothesis strategies for domain values."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from hypothesis import strategies as st

from veche.crypto.group import N, Scalar, Secret
from veche.crypto.questions import Question, Questions

T = TypeVar("T")
Draw = Callable[[st.SearchStrategy[T]], T]

edges = st.sampled_from([1, 2, 3, N // 2, N - 2, N - 1])
nonzero = st.one_of(edges, st.integers(min_value=1, max_value=N - 1))
scalars = st.builds(Scalar, st.one_of(st.just(0), nonzero))
secrets = st.builds(Secret, nonzero)
seeds = st.binary(min_size=4, max_size=4).map(bytes.hex)


@st.composite
def question(draw: Draw[int]) -> Question:
    options = draw(st.integers(1, 3))
    max_score = draw(st.integers(1, 3))
    most = options * max_score
    min_total = draw(st.integers(0, most))
    return Question(options, max_score, min_total, draw(st.integers(min_total, most)))


questions = st.lists(question(), min_size=1, max_size=2).map(lambda each: Questions(tuple(each)))


@st.composite
def scores(draw: Draw[int], of: Questions) -> tuple[int, ...]:
    """Scores that the questions allow."""
    given: list[int] = []
    for each in of:
        left = draw(st.integers(each.min_total, each.max_total))
        for options_after in reversed(range(each.options)):
            least = max(0, left - options_after * each.max_score)
            score = draw(st.integers(least, min(left, each.max_score)))
            given.append(score)
            left -= score
    return tuple(given)


@st.composite
def quorum_sizes(draw: Draw[int]) -> tuple[int, int]:
    """Threshold and trustees of a board."""
    trustees = draw(st.integers(2, 7))
    return draw(st.integers(max(2, trustees // 2 + 1), trustees)), trustees
