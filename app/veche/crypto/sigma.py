"""The steps that all proofs share: nonces, commitments, the comparison of challenges.

A response s to a challenge c turns a statement "x·G = X" back into its commitment, s·G − c·X. A
commitment that is only hashed enters as its address; one to another base is the sum of two parts,
which the contracts are given as hints (PROTOCOL §1).
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from typing import TypeAlias

from veche.crypto import transcript
from veche.crypto.group import N, Point, Scalar, Secret, combine
from veche.errors import CommitmentAtInfinity, DegenerateSum, InvalidProof

Entropy: TypeAlias = Callable[[int], bytes]
"""Gives that many random bytes."""

SYSTEM: Entropy = secrets.token_bytes
"""The operating system's generator."""

Hint: TypeAlias = tuple[Point, Point]
"""The two parts, U and V, of a sum."""


def random_secret(entropy: Entropy = SYSTEM) -> Secret:
    """A uniform secret."""
    while True:
        value = int.from_bytes(entropy(32), "big")
        if 0 < value < N:
            return Secret(value)


def nonce(secret: Secret, statement: bytes, entropy: Entropy) -> Scalar:
    """A fresh proof nonce in 1..n-1, bound to secret and statement (PROTOCOL §1).

    Args:
        secret: what the proof is about.
        statement: the hash of what it shows, 32 bytes.
        entropy: where the 32 random bytes come from.
    """
    while not (scalar := transcript.nonce_hash(entropy(32), secret, statement)):
        pass
    return scalar


def randomness(
    place: bytes, scores: Sequence[int], choice: int, entropy: Entropy = SYSTEM
) -> Secret:
    """The randomness of a choice's ciphertext, bound to its place and the whole vote (PROTOCOL §1).

    Args:
        place: the hash of poll, voter and replaced ballot, 32 bytes.
        scores: of every choice.
        choice: the index of the choice.
        entropy: where the 32 random bytes come from.
    """
    while not (scalar := transcript.randomness_hash(entropy(32), place, scores, choice)):
        pass
    return Secret(scalar.value)


def first_commitment(point: Point, challenge: Scalar, response: Scalar, *, index: int = 0) -> int:
    """The address of s·G − c·X.

    Raises:
        CommitmentAtInfinity: with this index, where it has none.
    """
    commitment = combine(response, -challenge, point)
    if not commitment:
        raise CommitmentAtInfinity(index)
    return commitment.address


def joined(parts: Hint, *, index: int) -> Point:
    """The sum U + V.

    Raises:
        DegenerateSum: U or V is infinity, or U = ±V; the index is told.
    """
    u, v = parts
    if not u or not v or u == v or not (total := u + v):
        raise DegenerateSum(index)
    return total


def require_challenge(claimed: Scalar, computed: Scalar) -> None:
    """Refuses a proof whose challenge is not the one computed.

    Raises:
        InvalidProof: it is not.
    """
    if claimed != computed:
        raise InvalidProof(claimed.value, computed.value)
