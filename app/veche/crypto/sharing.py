"""One key that nobody holds: polynomials, their commitments, sealed shares, combination.

Every trustee deals shares f(1) … f(T) of a polynomial of degree t-1 under commitments to its
coefficients; any t trustees combine what they computed with their shares, fewer learn nothing
(PROTOCOL §2, §4).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from veche.crypto import transcript
from veche.crypto.group import INFINITY, G, N, Point, Scalar, Secret
from veche.crypto.sigma import SYSTEM, Entropy, random_secret
from veche.errors import InvalidQuorum, InvalidScalar, InvalidShare, InvalidThreshold

MIN_THRESHOLD: Final = 2
"""The fewest trustees that decrypt: one alone never does."""
MAX_TRUSTEES: Final = 16
"""The most trustees of a board."""


def require_threshold(threshold: int, trustees: int) -> None:
    """Refuses a board on which two disjoint quorums could exist, or one trustee decrypt alone.

    Raises:
        InvalidThreshold: not 2 <= t <= T <= 16 and 2t > T.
    """
    possible = MIN_THRESHOLD <= threshold <= trustees <= MAX_TRUSTEES
    if not possible or 2 * threshold <= trustees:
        raise InvalidThreshold(threshold, trustees)


class Polynomial:
    """A dealer's polynomial f of degree t-1, from its coefficients a_0 … a_{t-1}. All of it is
    secret.
    """

    __slots__ = ("_coefficients",)

    def __init__(self, coefficients: Sequence[Secret]) -> None:
        self._coefficients = tuple(coefficients)

    @classmethod
    def random(cls, *, threshold: int, trustees: int, entropy: Entropy = SYSTEM) -> Polynomial:
        """A fresh polynomial that gives no trustee a share of 0.

        Raises:
            InvalidThreshold: no board has such a threshold.
        """
        require_threshold(threshold, trustees)
        while True:
            drawn = cls([random_secret(entropy) for _ in range(threshold)])
            if all(drawn.evaluate(index) for index in range(1, trustees + 1)):
                return drawn

    def __repr__(self) -> str:
        return f"Polynomial({len(self._coefficients)} coefficients, hidden)"

    @property
    def secret(self) -> Secret:
        """a_0, the dealer's part of the key that nobody holds."""
        return self._coefficients[0]

    def evaluate(self, index: int) -> Scalar:
        """f(index), which is 0 only by chance."""
        result, x = Scalar(0), Scalar(index)
        for coefficient in reversed(self._coefficients):
            result = result * x + coefficient.reveal()
        return result

    def share(self, index: int) -> Secret:
        """The share of the trustee with this index, from 1.

        Raises:
            InvalidScalar: it is 0: another polynomial must be drawn.
        """
        return Secret(self.evaluate(index).value, field=f"share {index}")

    def commitments(self) -> tuple[Point, ...]:
        """C_0 … C_{t-1}."""
        return tuple(G * coefficient for coefficient in self._coefficients)


def committed(commitments: Sequence[Point], index: int) -> Point:
    """Σ_k index^k·C_k: what the share of this trustee, times G, must be."""
    result, x = INFINITY, Scalar(index)
    for commitment in reversed(commitments):
        result = result * x + commitment
    return result


def encryption_key(deals: Iterable[Sequence[Point]]) -> Point:
    """Y of a board, from the commitments of all deals."""
    return sum((commitments[0] for commitments in deals), start=INFINITY)


def verification_key(deals: Iterable[Sequence[Point]], index: int) -> Point:
    """V of a trustee, from the commitments of all deals."""
    return sum((committed(commitments, index) for commitments in deals), start=INFINITY)


# -- Sealing --


def seal(share: Secret, *, board_hash: bytes, dealer: int, recipient: int, shared: Point) -> bytes:
    """A share under its pad: 32 bytes that only dealer and recipient can open.

    Args:
        share: f(recipient).
        board_hash: the context.
        dealer: the dealer's index, from 1.
        recipient: the recipient's index, from 1.
        shared: k·E of the recipient, which is e·R.
    """
    pad = transcript.seal_pad(board_hash, dealer, recipient, shared)
    return _xor(share.to_bytes(), pad)


def unseal(
    sealed: bytes,
    *,
    board_hash: bytes,
    dealer: int,
    recipient: int,
    shared: Point,
    commitments: Sequence[Point],
) -> Secret:
    """The share in a seal, if it is what the dealer committed to.

    Args:
        sealed: 32 bytes.
        board_hash: the context.
        dealer: the dealer's index, from 1.
        recipient: the recipient's index, from 1.
        shared: e·R, which is k·E.
        commitments: the dealer's, C_0 … C_{t-1}.

    Raises:
        InvalidShare: it is not in 1..n-1, or not what the dealer committed to. The dealer can
            be blamed for it.
    """
    pad = transcript.seal_pad(board_hash, dealer, recipient, shared)
    try:
        share = Secret(int.from_bytes(_xor(sealed, pad), "big"))
    except InvalidScalar:
        raise InvalidShare(dealer, recipient) from None
    if G * share != committed(commitments, recipient):
        raise InvalidShare(dealer, recipient)
    return share


def secret_share(shares: Iterable[Secret]) -> Secret:
    """X of a trustee: the sum of the shares that all dealers gave it.

    Raises:
        InvalidScalar: it is 0: no board gets ready with such a trustee.
    """
    return Secret(sum(share.reveal().value for share in shares) % N, field="secret share")


def _xor(left: bytes, right: bytes) -> bytes:
    return bytes(a ^ b for a, b in zip(left, right, strict=True))


# -- Combination --


def lagrange(indices: Sequence[int]) -> dict[int, Scalar]:
    """λ_i at 0 for every trustee i of a quorum.

    Raises:
        InvalidQuorum: an index is out of 1..16 or repeats.
    """
    for position, index in enumerate(indices):
        if not 1 <= index <= MAX_TRUSTEES or index in indices[:position]:
            raise InvalidQuorum(index)
    return {index: _coefficient(index, indices) for index in indices}


def _coefficient(index: int, indices: Sequence[int]) -> Scalar:
    """Π j / (j - i) over all j other than i."""
    numerator = denominator = 1
    for other in indices:
        if other != index:
            numerator = numerator * other
            denominator = denominator * (other - index)
    return Scalar(numerator % N) * Scalar(denominator % N).inverse()


def weighted(points: Mapping[int, Sequence[Point]]) -> dict[int, tuple[Point, ...]]:
    """λ_i·D_i of every trustee of a quorum, for every choice.

    Args:
        points: D of every choice, for every trustee of the quorum, by index.

    Raises:
        InvalidQuorum: an index is out of 1..16.
    """
    weights = lagrange(list(points))
    return {i: tuple(point * weights[i] for point in own) for i, own in points.items()}


def combine(points: Mapping[int, Sequence[Point]]) -> tuple[Point, ...]:
    """Σ λ_i·D_i of every choice: what the whole key would have given.

    Args:
        points: D of every choice, for every trustee of the quorum, by index.

    Raises:
        InvalidQuorum: an index is out of 1..16.
    """
    columns = zip(*weighted(points).values(), strict=True)
    return tuple(sum(column, start=INFINITY) for column in columns)
