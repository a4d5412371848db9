"""The steps that all proofs share: nonces, commitments, the comparison of challenges.

For the statement x·G = X, the response s to a challenge c gives the commitment s·G − c·X. A
commitment to G is hashed as its address. A commitment to another base is the sum of two parts,
which the contracts get as hints (PROTOCOL §1).
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator, Sequence
from typing import TypeAlias

from veche.crypto import transcript
from veche.crypto.group import N, Point, Scalar, Secret, combine
from veche.errors import CommitmentAtInfinity, DegenerateSum, InvalidProof

Entropy: TypeAlias = Callable[[int], bytes]
"""Returns this many random bytes."""

SYSTEM: Entropy = secrets.token_bytes
"""The operating system's random generator."""

Hint: TypeAlias = tuple[Point, Point]
"""The two parts U and V of a commitment."""


def random_secret(entropy: Entropy = SYSTEM) -> Secret:
    """A random secret, uniform in 1..n-1."""
    while True:
        value = int.from_bytes(entropy(32), "big")
        if 0 < value < N:
            return Secret(value)


def nonce(secret: Secret, statement: bytes, entropy: Entropy) -> Scalar:
    """A fresh nonce in 1..n-1 for a proof. It depends on secret and statement too (PROTOCOL §1).

    Args:
        secret: the secret that the proof is about.
        statement: the hash of the statement that it proves, 32 bytes.
        entropy: the source of 32 random bytes.
    """
    while not (scalar := transcript.nonce_hash(entropy(32), secret, statement)):
        pass
    return scalar


def randomness(place: bytes, scores: Sequence[int], entropy: Entropy = SYSTEM) -> Iterator[Secret]:
    """The randomness of every choice's ciphertext, bound to its place and the whole vote
    (PROTOCOL §1).

    Args:
        place: the hash of poll, voter and replaced ballot, 32 bytes.
        scores: of every choice.
        entropy: where 32 random bytes for each choice come from.
    """
    vote = transcript.encoded(list(scores))
    for choice in range(len(scores)):
        while not (scalar := transcript.randomness_hash(entropy(32), place, vote, choice)):
            pass
        yield Secret(scalar.value)


def first_commitment(point: Point, challenge: Scalar, response: Scalar, *, index: int = 0) -> int:
    """The address of the commitment s·G − c·X.

    Args:
        point: X.
        challenge: c.
        response: s.
        index: the commitment's index in the proof.

    Raises:
        CommitmentAtInfinity: the commitment is infinity, which has no address.
    """
    commitment = combine(response, -challenge, point)
    if not commitment:
        raise CommitmentAtInfinity(index)
    return commitment.address


def joined(parts: Hint, *, index: int) -> Point:
    """The sum U + V.

    Args:
        parts: U and V.
        index: the commitment's index in the proof.

    Raises:
        DegenerateSum: U or V is infinity, or U = ±V.
    """
    u, v = parts
    if not u or not v or u == v or not (total := u + v):
        raise DegenerateSum(index)
    return total


def require_challenge(claimed: Scalar, computed: Scalar) -> None:
    """Refuses a proof whose challenge is wrong.

    Args:
        claimed: the proof's challenge.
        computed: the hash of the statement and the proof's commitments.

    Raises:
        InvalidProof: the two differ.
    """
    if claimed != computed:
        raise InvalidProof(claimed.value, computed.value)
