"""What a ballot shows of its scores, as one polynomial (PROTOCOL §3).

A statement says of a choice, or of the sum of a question's choices, that it is one of the values
lo..hi. Its line is α + m·X, with a score m that is fixed and an α that hides it. The polynomial

    P(X) = Σ_i τ^i · X^(D − d_i) · Π_{v = lo_i..hi_i} (line_i(X) − v·X)

has degree D only if a statement is false, where d_i is the number of values of statement i, D the
largest of all d_i, and τ the factor that is drawn once all scores are fixed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from veche.crypto.group import N, Scalar
from veche.crypto.questions import Questions


def statements(questions: Questions) -> Iterator[tuple[slice, range]]:
    """The choices that every statement is about, and the values that their sum may have: each
    choice, then each total that is proven.
    """
    for question, where in questions.slices():
        for choice in range(where.start, where.stop):
            yield slice(choice, choice + 1), range(question.max_score + 1)
    for question, where in questions.slices():
        if question.proves_total:
            yield where, range(question.min_total, question.max_total + 1)


def value(answers: Sequence[Scalar], x: Scalar, tau: Scalar, questions: Questions) -> Scalar:
    """P(x).

    Args:
        answers: the line of every choice at x: f.
        x: where P is evaluated.
        tau: τ.
        questions: the poll's.
    """
    total, power, degree = 0, 1, questions.degree
    for where, values in statements(questions):
        line = sum(answer.value for answer in answers[where])
        term = power * pow(x.value, degree - len(values), N)
        for each in values:
            term = term * (line - each * x.value) % N
        total += term
        power = power * tau.value % N
    return Scalar(total % N)


def polynomial(
    blinding: Sequence[Scalar], scores: Sequence[int], tau: Scalar, questions: Questions
) -> list[Scalar]:
    """The coefficients of P from the lowest, D + 1 of them: the last is 0 if all statements hold.

    Args:
        blinding: α of every choice.
        scores: m of every choice.
        tau: τ.
        questions: the poll's.
    """
    degree = questions.degree
    total, power = [0] * (degree + 1), 1
    for where, values in statements(questions):
        alpha = sum(each.value for each in blinding[where])
        term = _product(alpha, [sum(scores[where]) - each for each in values], power)
        for at, coefficient in enumerate(term, start=degree - len(values)):
            total[at] += coefficient
        power = power * tau.value % N
    return [Scalar(each % N) for each in total]


def _product(alpha: int, slopes: Sequence[int], factor: int) -> list[int]:
    """The coefficients of factor · Π (α + slope·X), from the lowest."""
    found = [factor]
    for slope in slopes:
        shifted = zip([*found, 0], [0, *found], strict=True)
        found = [(alpha * own + slope * below) % N for own, below in shifted]
    return found
