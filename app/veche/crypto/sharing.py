"""Secret sharing: polynomials, their commitments, sealed shares, combination (PROTOCOL §2, §4).

Every trustee deals the shares f(1) … f(T) of a polynomial of degree t-1, with commitments to its
coefficients. Any t trustees can combine what they compute with their shares; fewer learn nothing.
So nobody holds the key.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from veche.crypto import transcript
from veche.crypto.group import INFINITY, G, N, Point, Scalar, Secret
from veche.crypto.sigma import SYSTEM, Entropy, random_secret
from veche.errors import InvalidQuorum, InvalidScalar, InvalidShare, InvalidThreshold

MIN_THRESHOLD: Final = 2
"""Minimum threshold: no trustee decrypts alone."""
MAX_TRUSTEES: Final = 16
"""Maximum trustees of a board."""


def require_threshold(threshold: int, trustees: int) -> None:
    """Refuses thresholds with which one trustee, or either of two disjoint quorums, could decrypt.

    Raises:
        InvalidThreshold: 2 <= t <= T <= 16 and 2t > T do not both hold.
    """
    if trustees > MAX_TRUSTEES or threshold not in thresholds(trustees):
        raise InvalidThreshold(threshold, trustees)


def thresholds(trustees: int) -> range:
    """The thresholds that so many trustees can have: more than half of them, so that no two quorums
    are disjoint.
    """
    return range(max(MIN_THRESHOLD, trustees // 2 + 1), trustees + 1)


class Polynomial:
    """A dealer's secret polynomial f of degree t-1, with coefficients a_0 … a_{t-1}."""

    __slots__ = ("_coefficients",)

    def __init__(self, coefficients: Sequence[Secret]) -> None:
        self._coefficients = tuple(coefficients)

    @classmethod
    def random(cls, *, threshold: int, trustees: int, entropy: Entropy = SYSTEM) -> Polynomial:
        """A fresh polynomial, none of whose shares is 0.

        Raises:
            InvalidThreshold: no board can have this threshold and this many trustees.
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
        """a_0, the dealer's part of the key."""
        return self._coefficients[0]

    def evaluate(self, index: int) -> Scalar:
        """f(index); it can be 0, but only by chance."""
        result, x = Scalar(0), Scalar(index)
        for coefficient in reversed(self._coefficients):
            result = result * x + coefficient.reveal()
        return result

    def share(self, index: int) -> Secret:
        """The share of the trustee with this index, from 1.

        Raises:
            InvalidScalar: the share is 0; draw another polynomial.
        """
        return Secret(self.evaluate(index).value, field=f"share {index}")

    def commitments(self) -> tuple[Point, ...]:
        """The commitments C_0 … C_{t-1}."""
        return tuple(G * coefficient for coefficient in self._coefficients)


def committed(commitments: Sequence[Point], index: int) -> Point:
    """Σ_k index^k·C_k, which must equal G times the share of the trustee with this index."""
    result, x = INFINITY, Scalar(index)
    for commitment in reversed(commitments):
        result = result * x + commitment
    return result


def encryption_key(deals: Iterable[Sequence[Point]]) -> Point:
    """The encryption key Y of a board, from the commitments of all deals."""
    return sum((commitments[0] for commitments in deals), start=INFINITY)


def verification_key(deals: Iterable[Sequence[Point]], index: int) -> Point:
    """The verification key V of a trustee, from the commitments of all deals."""
    return sum((committed(commitments, index) for commitments in deals), start=INFINITY)


# -- Sealing --


def seal(share: Secret, *, board_hash: bytes, dealer: int, recipient: int, shared: Point) -> bytes:
    """Seals a share: 32 bytes that only dealer and recipient can open.

    Args:
        share: f(recipient).
        board_hash: the hash of the board's definition, 32 bytes.
        dealer: the dealer's index, from 1.
        recipient: the recipient's index, from 1.
        shared: k·E of the recipient, which equals e·R.
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
    """Opens a sealed share.

    Args:
        sealed: the sealed share, 32 bytes.
        board_hash: the hash of the board's definition, 32 bytes.
        dealer: the dealer's index, from 1.
        recipient: the recipient's index, from 1.
        shared: e·R, which equals k·E.
        commitments: the dealer's commitments C_0 … C_{t-1}.

    Raises:
        InvalidShare: the share is not in 1..n-1, or not what the dealer committed to. The dealer
            can be blamed for it.
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
    """The secret share x of a trustee: the sum of the shares that all dealers gave it.

    Raises:
        InvalidScalar: the sum is 0; with such a trustee no board becomes READY.
    """
    return Secret(sum(share.reveal().value for share in shares) % N, field="secret share")


def _xor(left: bytes, right: bytes) -> bytes:
    return bytes(a ^ b for a, b in zip(left, right, strict=True))


# -- Combination --


def lagrange(indices: Sequence[int]) -> dict[int, Scalar]:
    """The Lagrange coefficient λ_i at 0 for every trustee i of a quorum.

    Raises:
        InvalidQuorum: an index is not in 1..16, or stands there twice.
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
    """λ_i·D_i of every choice, for every trustee i of a quorum.

    Args:
        points: D of every choice, for every trustee of the quorum, by index.

    Raises:
        InvalidQuorum: an index is not in 1..16.
    """
    weights = lagrange(list(points))
    return {i: tuple(point * weights[i] for point in own) for i, own in points.items()}


def combine(points: Mapping[int, Sequence[Point]]) -> tuple[Point, ...]:
    """Σ λ_i·D_i of every choice: what the whole secret key would give.

    Args:
        points: D of every choice, for every trustee of the quorum, by index.

    Raises:
        InvalidQuorum: an index is not in 1..16.
    """
    columns = zip(*weighted(points).values(), strict=True)
    return tuple(sum(column, start=INFINITY) for column in columns)
