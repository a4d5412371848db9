"""Which limit of a question scores break, told without the scores."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from veche.crypto.questions import Question, Questions
from veche.errors import InvalidScores


@pytest.mark.parametrize(
    ("limits", "scores", "fault"),
    [
        ((3, 1, 1, 1), (1, 1, 0), "2 options are chosen, not 1"),
        ((3, 1, 1, 1), (0, 0, 0), "0 options are chosen, not 1"),
        ((3, 1, 1, 1), (2, 0, 0), "a score is not in 0 to 1"),
        ((3, 1, 2, 3), (0, 1, 0), "1 option is chosen, not 2 to 3"),
        ((3, 1, 0, 2), (1, 1, 1), "3 options are chosen, not 0 to 2"),
        ((3, 10, 10, 10), (10, 2, 0), "12 points are given, not 10"),
        ((3, 10, 10, 10), (11, 0, -1), "a score is not in 0 to 10"),
        ((3, 1, 1, 1), (0, 1, 0), ""),
        ((3, 1, 0, 3), (0, 0, 0), ""),
        ((3, 1, 0, 3), (1, 1, 1), ""),
    ],
)
def test_limit_is_told_with_how_many_are_given(
    limits: tuple[int, int, int, int], scores: Sequence[int], fault: str
) -> None:
    assert Question(*limits).fault(scores) == fault


def test_question_is_named_or_counted_from_1() -> None:
    questions = Questions.of((2, 1, 0, 2), (2, 1, 1, 1))
    with pytest.raises(InvalidScores, match=r"^question 2: 2 options"):
        questions.require_scores((0, 0, 1, 1))
    with pytest.raises(InvalidScores, match=r"^'Which tree\?': 2 options"):
        questions.require_scores((0, 0, 1, 1), names=["'Benches?'", "'Which tree?'"])
