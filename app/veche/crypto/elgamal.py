"""Exponential ElGamal: a score m is encrypted as (A, B) = (r·G, r·Y + m·G) (PROTOCOL §3).

The sum of ciphertexts under one key encrypts the sum of their scores.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

from veche.crypto.group import INFINITY, G, N, Point, Scalar, Secret
from veche.crypto.questions import MAX_VALUES


@dataclass(frozen=True, slots=True)
class Ciphertext:
    """An encrypted score, or a sum of them.

    Attributes:
        a: r·G.
        b: r·Y + m·G.
    """

    a: Point
    b: Point

    @classmethod
    def from_outside(cls, words: Sequence[int], *, field: str = "ciphertext") -> Ciphertext:
        """The ciphertext of a ballot, from the words x and y of A and of B.

        Raises:
            InvalidPoint: A or B is not a point that may come from outside.
        """
        ax, ay, bx, by = words
        return cls(
            Point.from_outside(ax, ay, field=f"{field}, A"),
            Point.from_outside(bx, by, field=f"{field}, B"),
        )

    @property
    def pair(self) -> tuple[Point, Point]:
        """The points A and B of the ciphertext."""
        return self.a, self.b

    def check(self, *, field: str) -> Ciphertext:
        """This ciphertext, if both its points may come from outside.

        Args:
            field: its name in messages.

        Raises:
            InvalidPoint: A or B is not a point that may come from outside.
        """
        return Ciphertext(self.a.check(field=f"{field}, A"), self.b.check(field=f"{field}, B"))

    def __add__(self, other: Ciphertext) -> Ciphertext:
        return Ciphertext(self.a + other.a, self.b + other.b)

    def __neg__(self) -> Ciphertext:
        return Ciphertext(-self.a, -self.b)

    def __mul__(self, weight: int) -> Ciphertext:
        """A ciphertext of the score times the weight."""
        return Ciphertext(self.a * Scalar(weight % N), self.b * Scalar(weight % N))


ZERO = Ciphertext(INFINITY, INFINITY)
"""The sum of no ciphertexts."""


_MINUS_G: Final = -G


@cache
def _score_points() -> list[Point]:
    """The points (m + 1)·G of every score m of a ballot."""
    return [G * Scalar(score + 1) for score in range(MAX_VALUES)]


def encrypt(key: Point, score: int, randomness: Secret) -> Ciphertext:
    """The ciphertext of a score.

    Args:
        key: the encryption key Y.
        score: the score m, in 0..100.
        randomness: r, which is used for this ciphertext only.
    """
    # (m + 1)·G − G: a score of 0 must take as long as any other
    shared, point = key * randomness, _score_points()[score]
    return Ciphertext(G * randomness, Point.sum((shared, point, _MINUS_G)))


def total(ciphertexts: Sequence[Ciphertext]) -> Ciphertext:
    """The sum of ciphertexts, whose points may be infinity."""
    return Ciphertext(
        Point.sum([each.a for each in ciphertexts]), Point.sum([each.b for each in ciphertexts])
    )
