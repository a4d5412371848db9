"""The polynomial of a ballot: its highest coefficient is 0 exactly if all statements hold."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from attacks.forger import evaluate
from support.samples import MIXED
from support.strategies import questions, scalars, scores
from veche.crypto.group import N, Scalar
from veche.crypto.questions import Questions
from veche.crypto.statements import polynomial, statements, value


@given(st.data(), questions, scalars, scalars)
def test_value_is_that_of_the_polynomial(
    data: st.DataObject, asked: Questions, x: Scalar, tau: Scalar
) -> None:
    alpha = data.draw(st.lists(scalars, min_size=asked.choices, max_size=asked.choices))
    given_scores = data.draw(
        st.lists(st.integers(-9, 9), min_size=asked.choices, max_size=asked.choices)
    )
    answers = [a + x * Scalar(m % N) for a, m in zip(alpha, given_scores, strict=True)]
    whole = polynomial(alpha, given_scores, tau, asked)
    assert len(whole) == asked.degree + 1
    assert value(answers, x, tau, asked) == evaluate(whole, x)


@given(st.data(), questions, scalars)
def test_highest_coefficient_is_zero_if_all_statements_hold(
    data: st.DataObject, asked: Questions, tau: Scalar
) -> None:
    alpha = data.draw(st.lists(scalars, min_size=asked.choices, max_size=asked.choices))
    assert not polynomial(alpha, data.draw(scores(asked)), tau, asked)[-1]


@pytest.mark.parametrize(
    "lie", [(2, 0, 2, 0, 2), (1, 0, -1, 0, 2), (0, 0, 2, 0, 2), (1, 0, 2, 0, 0), (1, 0, 2, 2, 2)]
)
def test_highest_coefficient_is_not_zero_if_a_statement_is_false(lie: tuple[int, ...]) -> None:
    assert polynomial([Scalar(7)] * 5, lie, Scalar(11), MIXED)[-1]


def test_statements_are_the_choices_and_then_the_totals_that_are_proven() -> None:
    assert [(where.start, where.stop, values) for where, values in statements(MIXED)] == [
        (0, 1, range(2)),
        (1, 2, range(2)),
        (2, 3, range(4)),
        (3, 4, range(3)),
        (4, 5, range(3)),
        (0, 2, range(1, 2)),
        (3, 5, range(1, 4)),
    ]
