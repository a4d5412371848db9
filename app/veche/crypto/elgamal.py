"""Exponential ElGamal: a score m is encrypted as (A, B) = (r·G, r·Y + m·G) (PROTOCOL §3).

The sum of ciphertexts under one key encrypts the sum of their scores.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from veche.crypto.group import INFINITY, G, N, Point, Scalar, Secret


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


_MINUS_G = -G


def encrypt(key: Point, score: int, randomness: Secret) -> Ciphertext:
    """The ciphertext of a score.

    Args:
        key: the encryption key Y.
        score: the score m, 0 or more.
        randomness: r, which is used for this ciphertext only.
    """
    # (m + 1)·G − G: a score of 0 must take as long as any other
    return Ciphertext(G * randomness, key * randomness + _MINUS_G + G * Scalar((score + 1) % N))


def total(ciphertexts: Sequence[Ciphertext]) -> Ciphertext:
    """The sum of ciphertexts, whose points may be infinity."""
    return Ciphertext(
        Point.sum([each.a for each in ciphertexts]), Point.sum([each.b for each in ciphertexts])
    )
