"""Ballots bent so that a point of their proof is infinity, or two points fall together.

Challenge and responses are free to whoever does not care for the hash: all of this is refused
before that is compared. Each function bends a ballot in plain form and returns it changed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TypeAlias

from attacks.forger import Forger
from attacks.mounting import Attack, put
from attacks.words import high_point
from support import forms
from support.forms import Form, number, word
from support.samples import KEY, Voting
from support.verdicts import ballot_of, ballot_tracker, questions_of
from veche.crypto import statements, transcript
from veche.crypto.elgamal import Ciphertext
from veche.crypto.group import G, Point, Scalar, combine
from veche.crypto.questions import Questions
from veche.crypto.second_generator import H

Bend: TypeAlias = Callable[[Form], Form]

ASKED = Questions.of((2, 1, 1, 1), (1, 3, 0, 3))
"""Three choices, and a polynomial of degree four: E_1 to E_3."""
FORGER = Forger(Voting(ASKED), (1, 0, 2), "bent")
Y = KEY.secret.reveal()
LAST = ASKED.choices + ASKED.degree - 2
"""The index of the last sum, that which gives E_0."""


def honest() -> Form:
    return FORGER.voting.form(FORGER.prove())


def _x(form: Form) -> Scalar:
    return Scalar(number(form["ballot"]["challenge"]))


def _z(form: Form, k: int) -> Scalar:
    return Scalar(number(form["ballot"]["responses"][2 * k + 1]))


def _with_f(form: Form, k: int, f: Scalar) -> Form:
    return put(form, ("ballot", "responses", 2 * k), word(f))


def _offset(form: Form, k: int) -> Scalar:
    return Scalar(k) * _x(form) * _x(form)


def _b(k: int) -> Scalar:
    """The logarithm of B."""
    return FORGER.r[k] * Y + Scalar(FORGER.scores[k])


def a_at_infinity(k: int) -> Bend:
    return lambda form: put(form, ("ballot", "responses", 2 * k + 1), word(_x(form) * FORGER.r[k]))


def u_at_infinity(k: int) -> Bend:
    return lambda form: _with_f(form, k, _offset(form, k) - _z(form, k) * Y)


def u_is_v(k: int) -> Bend:
    return lambda form: _with_f(
        form, k, _offset(form, k) + _offset(form, k) - _x(form) * _b(k) - _z(form, k) * Y
    )


def u_is_minus_v(k: int) -> Bend:
    return lambda form: _with_f(form, k, _x(form) * _b(k) - _z(form, k) * Y)


def v_at_infinity(k: int) -> Bend:
    """B = k·x·G, as only somebody can choose it who does not care for the hash."""

    def bend(form: Form) -> Form:
        a = forms.trusted_point(form["ballot"]["ciphertexts"][k][:2])
        bent = Ciphertext(a, G * (Scalar(k) * _x(form)))
        return put(form, ("ballot", "ciphertexts", k), forms.ciphertext(bent))

    return bend


# -- Horner's rule --


def _e(form: Form, j: int) -> Point:
    return forms.trusted_point(form["ballot"]["coefficients"][j - 1])


def with_e(form: Form, j: int, point: Point) -> Form:
    return put(form, ("ballot", "coefficients", j - 1), forms.point(point))


def product(form: Form, j: int) -> Point:
    """The x·S to which E_j is added."""
    total = _e(form, ASKED.degree - 1)
    for below in range(ASKED.degree - 2, j, -1):
        total = _e(form, below) + total * _x(form)
    return total * _x(form)


def w(form: Form) -> Point:
    """The point P(x)·G + w·H."""
    ballot, questions = ballot_of(form), questions_of(form)
    tau = transcript.statement_factor(ballot_tracker(form, ballot))
    value = statements.value(ballot.responses[::2], _x(form), tau, questions)
    return combine(value, ballot.blinding, H)


def e_is_product(j: int) -> Bend:
    return lambda form: with_e(form, j, product(form, j))


def e_is_minus_product(j: int) -> Bend:
    return lambda form: with_e(form, j, -product(form, j))


def sum_out_of_reach(j: int) -> Bend:
    """E_j + x·S has n <= x < p: ecrecover cannot multiply it."""
    return lambda form: with_e(form, j, high_point() - product(form, j))


def last_parts_fall_together(sign: int) -> Bend:
    """The S that is multiplied last is ±W/x."""

    def bend(form: Form) -> Form:
        wanted = w(form) * _x(form).inverse()
        return with_e(form, 1, (wanted if sign == 1 else -wanted) - product(form, 1))

    return bend


def degenerate() -> Iterator[Attack]:
    form = honest()
    for k in range(ASKED.choices):
        bent = a_at_infinity(k)(form)
        yield Attack(f"a of choice {k} is infinity", "ballot", bent, "CommitmentAtInfinity")
    sums: dict[str, Bend] = {
        **{f"U of choice {k} is infinity": u_at_infinity(k) for k in range(3)},
        **{f"V of choice {k} is infinity": v_at_infinity(k) for k in (1, 2)},
        **{f"U = V in choice {k}": u_is_v(k) for k in range(3)},
        **{f"U = -V in choice {k}": u_is_minus_v(k) for k in range(3)},
        **{f"E_{j} = x·S": e_is_product(j) for j in (2, 1)},
        **{f"E_{j} = -x·S": e_is_minus_product(j) for j in (2, 1)},
        **{f"E_{j} + x·S has n <= x < p": sum_out_of_reach(j) for j in (2, 1)},
        "P(x)·G + w·H = x·S": last_parts_fall_together(1),
        "P(x)·G + w·H = -x·S": last_parts_fall_together(-1),
    }
    for name, bend in sums.items():
        yield Attack(name, "ballot", bend(form), "DegenerateSum")
