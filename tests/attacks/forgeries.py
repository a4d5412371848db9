"""Forged ballots, each of which is accepted where one safeguard of the proof is missing.

A forgery is made and accepted in a `world` where the safeguard is taken away, and hides a score
that the questions do not allow. Everywhere else it must be refused.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from itertools import count
from typing import Any
from unittest import mock

from attacks.forger import Forger, evaluate, scalars, square_root
from attacks.mounting import Attack
from support.samples import APPROVE, KEY, SCORE, Voting
from veche.crypto import second_generator, statements, transcript
from veche.crypto.ballot_proof import Ballot
from veche.crypto.elgamal import Ciphertext
from veche.crypto.group import INFINITY, G, N, Point, Scalar
from veche.crypto.questions import Questions

World = Callable[[], AbstractContextManager[Any]]

ONE_OPTION = Questions.of((1, 1, 0, 1))
TWO_KINDS = Questions.of((1, 1, 0, 1), (1, 3, 0, 3))


@dataclass(frozen=True)
class Forgery:
    """A forged ballot, and the world in which it works.

    Attributes:
        name: the safeguard that is missing there.
        world: patches it away.
        make: makes voting and ballot, in that world.
        refusal: what the ballot is refused with in the real one.
    """

    name: str
    world: World
    make: Callable[[], tuple[Voting, Ballot]]
    refusal: str = "InvalidProof"

    def mounted(self) -> tuple[Voting, Ballot]:
        with self.world():
            return self.make()


# -- The factor τ --


def _with_tau(tau: Callable[[bytes], Scalar]) -> World:
    return lambda: mock.patch.object(transcript, "statement_factor", tau)


TAU = transcript.scalar(transcript.digest("weights", bytes(32)))


def _cancelling(tau: Scalar) -> tuple[Voting, Ballot]:
    """Two lies whose terms cancel out, m·(m − 1) + τ·m'·(m' − 1) = 0, as τ is known before."""
    for m in count(2):
        ratio = Scalar(m * (m - 1)) * tau.inverse()
        root = square_root(Scalar(1) - Scalar(4) * ratio)
        if root is not None:
            other = (Scalar(1) + root) * Scalar(2).inverse()
            voting = Voting(APPROVE)
            return voting, Forger(voting, (m, other.value)).prove()
    raise AssertionError


# -- The challenge x --


def _with_challenge(change: Callable[..., tuple[Any, Any, Any]]) -> World:
    """A world whose challenge covers what `change` makes of its words."""
    original = transcript.ballot_challenge

    def challenge(*words: Any) -> Scalar:
        return original(*change(*words))

    return lambda: mock.patch.object(transcript, "ballot_challenge", challenge)


def _score_after_the_challenge() -> tuple[Voting, Ballot]:
    """Commit first, to anything. Whatever x comes out, the f with f·(f − x) = e_0 + e_1·x answers
    for the score m = (f − α)/x, which is encrypted only now (Bernhard, Pereira, Warinschi 2012).
    """
    for attempt in count():
        forger = Forger(Voting(ONE_OPTION), (0,), f"weak {attempt}")
        hidden = scalars(f"e {attempt}", 2)
        coefficients = forger.coefficients(hidden)
        x = forger.challenge(coefficients)
        root = square_root(x * x + Scalar(4) * evaluate(hidden, x))
        if root is not None:
            f = (x + root) * Scalar(2).inverse()
            forger.scores = (((f - forger.alpha[0]) * x.inverse()).value,)
            forger.ciphertexts = forger.encrypted(forger.scores)
            return forger.voting, forger.ballot(x, coefficients, forger.blinding(x, 2))
    raise AssertionError


def _another_a() -> tuple[Voting, Ballot]:
    """A is another point than r·G: the ciphertext hides no score at all."""
    voting = Voting(APPROVE)
    honest = Forger(voting, (1, 0)).ciphertexts
    bent = (Ciphertext(honest[0].a + G, honest[0].b), honest[1])
    return voting, Forger(voting, (1, 0), ciphertexts=bent).prove()


def _another_b() -> tuple[Voting, Ballot]:
    """B encrypts five, the proof says one."""
    voting = Voting(APPROVE)
    bent = Forger(voting, (1, 0)).encrypted((5, 0))
    return voting, Forger(voting, (1, 0), ciphertexts=bent).prove()


def _free_coefficient(free: int) -> tuple[Voting, Ballot]:
    """A lie whose E_j is chosen last, so that E_0 + … = P(x)·G + w·H."""
    forger = Forger(Voting(SCORE), (9,))
    degree = SCORE.degree
    coefficients = forger.coefficients(forger.polynomial()[:degree])
    x = forger.challenge(coefficients)
    blinding = forger.blinding(x, degree)
    power, rest = Scalar(1), G * forger.value(x) + second_generator.H * blinding
    for j, each in enumerate(coefficients):
        if j == free:
            divisor = power
        else:
            rest -= each * power
        power *= x
    coefficients[free] = rest * divisor.inverse()
    return forger.voting, forger.ballot(x, coefficients, blinding)


# -- The polynomial --


def _one_more_coefficient() -> tuple[Voting, Ballot]:
    """A lie whose highest coefficient is committed to like all others."""
    voting = Voting(SCORE)
    return voting, Forger(voting, (9,)).prove(count=SCORE.degree + 1)


def _unshifted(scale: Callable[..., Any]) -> Callable[..., Any]:
    """`statements.value` or `statements.polynomial`, without X^(D − d_i)."""

    def changed(*words: Any) -> Any:
        *rest, questions = words
        parts = []
        for where, values in statements.statements(questions):
            alone = Questions.of((1, len(values) - 1, 0, len(values) - 1))
            parts.append(scale(*(_part(each, where) for each in rest), alone))
        return _added(parts, rest[-1])

    return changed


def _part(word: Any, where: slice) -> Any:
    return word[where] if isinstance(word, Sequence) else word


def _added(parts: Sequence[Any], tau: Scalar) -> Any:
    """The parts of P, times the powers of τ: values, or lists of coefficients."""
    if isinstance(parts[0], Scalar):
        return evaluate(parts, tau)
    longest = max(map(len, parts))
    rows = [[*part, *[Scalar(0)] * (longest - len(part))] for part in parts]
    return [evaluate(column, tau) for column in zip(*rows, strict=True)]


def _without_shift() -> AbstractContextManager[Any]:
    value, polynomial = statements.value, statements.polynomial
    return mock.patch.multiple(
        statements, value=_unshifted(value), polynomial=_unshifted(polynomial)
    )


def _hidden_below() -> tuple[Voting, Ballot]:
    """A lie about a statement of two values, in a poll with one of four: it shows in X², where a
    coefficient is allowed.
    """
    voting = Voting(TWO_KINDS)
    return voting, Forger(voting, (5, 2)).prove()


LOGARITHM = Scalar(0xC0FFEE)


def _with_known_logarithm() -> tuple[Voting, Ballot]:
    """Every commitment opens to anything: w makes up for the coefficient that is missing."""
    forger = Forger(Voting(SCORE), (9,))
    hidden = forger.polynomial()
    coefficients = forger.coefficients(hidden[:-1])
    x = forger.challenge(coefficients)
    missing = forger.value(x) - evaluate(hidden[:-1], x)
    blinding = forger.blinding(x, SCORE.degree) - missing * LOGARITHM.inverse()
    return forger.voting, forger.ballot(x, coefficients, blinding)


# -- All of them --


def _blank(coefficients: Sequence[Point], j: int) -> list[Point]:
    return [INFINITY if index == j else each for index, each in enumerate(coefficients)]


def _e_not_hashed(j: int) -> Forgery:
    return Forgery(
        f"E_{j} in the challenge",
        _with_challenge(lambda tracker, opened, e: (tracker, opened, _blank(e, j))),
        lambda: _free_coefficient(j),
    )


FORGERIES = (
    Forgery(
        "a factor for each statement",
        _with_tau(lambda _: Scalar(1)),
        lambda: _cancelling(Scalar(1)),
    ),
    Forgery("the tracker in the factor", _with_tau(lambda _: TAU), lambda: _cancelling(TAU)),
    Forgery(
        "the tracker in the challenge",
        _with_challenge(lambda _, opened, e: (bytes(32), opened, e)),
        _score_after_the_challenge,
    ),
    Forgery(
        "a in the challenge",
        _with_challenge(lambda tracker, opened, e: (tracker, [(0, b) for _, b in opened], e)),
        _another_a,
    ),
    Forgery(
        "b in the challenge",
        _with_challenge(lambda tracker, opened, e: (tracker, [(a, G) for a, _ in opened], e)),
        _another_b,
    ),
    *map(_e_not_hashed, range(SCORE.degree)),
    Forgery(
        "the number of coefficients",
        lambda: mock.patch.object(Ballot, "require_shape"),
        _one_more_coefficient,
        "InvalidBallotShape",
    ),
    Forgery("one degree for all statements", _without_shift, _hidden_below),
    Forgery(
        "an unknown logarithm of H",
        lambda: mock.patch.object(second_generator, "H", G * LOGARITHM),
        _with_known_logarithm,
    ),
)
"""The forgeries, each named after the safeguard that it needs to be missing."""


def hidden_score(ciphertext: Ciphertext, most: int) -> int | None:
    """The score that a ciphertext hides, if it is in 0..most."""
    point = ciphertext.b - ciphertext.a * KEY.secret
    return next((m for m in range(most + 1) if point == G * Scalar(m % N)), None)


def forged() -> Iterator[Attack]:
    """The forgeries, in the real world."""
    for each in FORGERIES:
        voting, ballot = each.mounted()
        yield Attack(f"forged without {each.name}", "ballot", voting.form(ballot), each.refusal)
