"""The group: secp256k1 with generator G and prime order n, by libsecp256k1 (PROTOCOL §1).

Scalars, secrets and points have types of their own, so that none passes for another. Values from
outside come through `from_outside`, which refuses the same values as every implementation.
"""

from __future__ import annotations

import hmac
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final, NoReturn

from veche.crypto import secp256k1
from veche.crypto.keccak import keccak
from veche.errors import InvalidPoint, InvalidScalar

N: Final = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141
"""The order of the group."""
P: Final = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEFFFFFC2F
"""The prime of the field."""


@dataclass(frozen=True, slots=True)
class Scalar:
    """An integer mod n; it may be 0.

    Raises:
        InvalidScalar: the value is not in 0..n-1.
    """

    value: int

    def __post_init__(self) -> None:
        if not 0 <= self.value < N:
            raise InvalidScalar(self.value, reason=f"{self.value:#x} is not in 0..n-1")

    @classmethod
    def from_outside(cls, value: int, *, field: str = "") -> Scalar:
        """A challenge or response of a proof, in 1..n-1.

        Args:
            value: the value.
            field: its name in messages.

        Raises:
            InvalidScalar: the value is not in 1..n-1.
        """
        if not 0 < value < N:
            raise InvalidScalar(value, field=field)
        return cls(value)

    def __add__(self, other: Scalar) -> Scalar:
        return Scalar((self.value + other.value) % N)

    def __sub__(self, other: Scalar) -> Scalar:
        return Scalar((self.value - other.value) % N)

    def __mul__(self, other: Scalar) -> Scalar:
        return Scalar(self.value * other.value % N)

    def __neg__(self) -> Scalar:
        return Scalar(-self.value % N)

    def __bool__(self) -> bool:
        return self.value != 0

    def inverse(self) -> Scalar:
        """The scalar whose product with this one is 1. This one must not be 0."""
        return Scalar(pow(self.value, -1, N))


class Secret:
    """A scalar in 1..n-1 that must stay hidden.

    Its repr hides it, it is compared in constant time, and it cannot be pickled. Multiples of G by
    it are computed in constant time; multiples of other points are not.

    Raises:
        InvalidScalar: the value is not in 1..n-1; the message does not show it.
    """

    __slots__ = ("_scalar",)

    def __init__(self, value: int, *, field: str = "secret") -> None:
        if not 0 < value < N:
            raise InvalidScalar(field=field, reason="not in 1..n-1 (its value is not shown)")
        self._scalar = Scalar(value)

    def reveal(self) -> Scalar:
        """The scalar itself, for nothing but the arithmetic that needs it."""
        return self._scalar

    def to_bytes(self) -> bytes:
        """The secret as 32 big-endian bytes."""
        return self._scalar.value.to_bytes(32, "big")

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Secret):
            return NotImplemented
        return hmac.compare_digest(self.to_bytes(), other.to_bytes())

    __hash__ = None  # type: ignore[assignment]  # a secret is not a key of a dict

    def __repr__(self) -> str:
        return "Secret(hidden)"

    def __reduce__(self) -> NoReturn:
        raise TypeError("a Secret cannot be pickled: keep it in a keystore")


class Point:
    """A point of the group, which may be infinity; immutable.

    Points from outside come through `from_outside`. Sums and multiples are not checked: they may be
    any point.
    """

    __slots__ = ("_encoded", "_key")

    _key: secp256k1.Key | None
    _encoded: bytes | None

    def __init__(self, key: secp256k1.Key | None) -> None:
        object.__setattr__(self, "_key", key)
        object.__setattr__(self, "_encoded", None)

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise AttributeError(f"a Point is immutable: {name} cannot be set")

    def __delattr__(self, name: str) -> NoReturn:
        raise AttributeError(f"a Point is immutable: {name} cannot be deleted")

    @classmethod
    def from_outside(cls, x: int, y: int, *, field: str = "") -> Point:
        """The point (x, y), on the curve, with 0 < x < n and 0 < y < p.

        Args:
            x: its x coordinate.
            y: its y coordinate.
            field: its name in messages.

        Raises:
            InvalidPoint: (x, y) is not on the curve or out of these bounds. Infinity is, too.
        """
        if not (0 < x < N and 0 < y < P):
            raise InvalidPoint(x, y, field=field)
        return Point.from_encoded(x.to_bytes(32, "big") + y.to_bytes(32, "big"), field=field)

    @classmethod
    def from_compressed(cls, data: bytes, *, field: str = "") -> Point:
        """The point in 33 bytes: 2 or 3, by the parity of y, then x.

        Args:
            data: the bytes.
            field: the point's name in messages.

        Raises:
            InvalidPoint: no point has these bytes, or it is not one that may come from outside. In
                the first case the values are x and the first byte, as there is no y.
        """
        key = secp256k1.parsed(data)
        if key is None:
            raise InvalidPoint(int.from_bytes(data[1:], "big"), data[0], field=field)
        return Point(key).check(field=field)

    @classmethod
    def from_encoded(cls, data: bytes, *, field: str = "") -> Point:
        """Any point of the group from its 64 bytes, as `encoded` gives them.

        Unlike `from_outside`, it takes infinity and points whose x is not below n.

        Raises:
            InvalidPoint: no point has these bytes.
        """
        if not any(data):
            return INFINITY
        key = secp256k1.parsed(b"\4" + data)
        if key is None:
            x, y = (int.from_bytes(word, "big") for word in (data[:32], data[32:]))
            raise InvalidPoint(x, y, field=field)
        return Point(key)

    def check(self, *, field: str = "") -> Point:
        """This point, if it may come from outside.

        Args:
            field: its name in messages.

        Raises:
            InvalidPoint: the point is infinity, or its x is not below n.
        """
        if self._key is None or self.x >= N:
            raise InvalidPoint(self.x, self.y, field=field)
        return self

    @classmethod
    def sum(cls, points: Iterable[Point]) -> Point:
        """The sum of points, much faster than by adding one after the other."""
        keys = [point._key for point in points if point._key is not None]  # noqa: SLF001  # its own
        return Point(secp256k1.total(keys))

    @property
    def x(self) -> int:
        """The x coordinate; 0 at infinity."""
        return int.from_bytes(self.encoded[:32], "big")

    @property
    def y(self) -> int:
        """The y coordinate; 0 at infinity."""
        return int.from_bytes(self.encoded[32:], "big")

    @property
    def encoded(self) -> bytes:
        """The point's two words x and y, 64 bytes; zeros at infinity."""
        if self._encoded is None:
            encoded = bytes(64) if self._key is None else secp256k1.words(self._key)
            object.__setattr__(self, "_encoded", encoded)
            return encoded
        return self._encoded

    @property
    def compressed(self) -> bytes:
        """The point in 33 bytes: 2 or 3, by the parity of y, then x."""
        return bytes([2 + (self.y & 1)]) + self.encoded[:32]

    @property
    def address(self) -> int:
        """The Ethereum address of the point, as a number: the last 20 bytes of its words' hash.

        It is 0 for infinity, for which ecrecover returns nothing.
        """
        return 0 if self._key is None else int.from_bytes(keccak(self.encoded)[12:], "big")

    def __bool__(self) -> bool:
        return self._key is not None

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Point):
            return NotImplemented
        if self._key is None or other._key is None:
            return self._key is other._key
        return secp256k1.equal(self._key, other._key)

    def __hash__(self) -> int:
        return hash(self.encoded)

    def __repr__(self) -> str:
        return f"Point({self.x:#x}, {self.y:#x})" if self else "INFINITY"

    def __reduce__(self) -> tuple[Any, ...]:
        return Point.from_encoded, (self.encoded,)

    def __add__(self, other: Point) -> Point:
        return Point.sum((self, other))

    def __neg__(self) -> Point:
        return INFINITY if self._key is None else Point(secp256k1.opposite(self._key))

    def __sub__(self, other: Point) -> Point:
        return self + -other

    def __mul__(self, factor: Scalar | Secret) -> Point:
        scalar = factor.reveal() if isinstance(factor, Secret) else factor
        if self._key is None or not scalar:
            return INFINITY
        if self is G:  # precomputed multiples make this the cheaper way
            return Point(secp256k1.multiple_of_generator(scalar.value))
        return Point(secp256k1.multiple(self._key, scalar.value))


INFINITY: Final = Point(None)
"""The neutral element; it is stored and hashed as (0, 0)."""
G: Final = Point(secp256k1.multiple_of_generator(1))
"""The generator."""


def combine(u: Scalar, w: Scalar, point: Point) -> Point:
    """The point u·G + w·P in one step, by the identity that the contracts use (PROTOCOL §1).

    ECDSA's key recovery gives r⁻¹(s·R - h·G). With R = P, r = x, s = w·x and h = -u·x, that is
    u·G + w·P.
    """
    if isinstance(point, FixedBase):
        return point.combined(u, w)
    if not u:
        return point * w
    encoded = point.encoded
    x = int.from_bytes(encoded[:32], "big")
    if not w or not 0 < x < N:  # key recovery needs both
        return G * u + point * w
    signature = encoded[:32] + (w.value * x % N).to_bytes(32, "big")
    digest = (-u.value * x % N).to_bytes(32, "big")
    return Point(secp256k1.recovered(signature, encoded[63] & 1, digest))


# -- Fixed bases --


class FixedBase(Point):
    """A point with thousands of its multiples, for points that are multiplied often.

    With them `combine` only adds, and takes half of the time. Do not use it with secrets.
    """

    __slots__ = ("_multiples",)

    _multiples: list[list[secp256k1.Key | None]]

    @classmethod
    def of(cls, point: Point) -> Point:
        """The point with its multiples, which are kept for the next call; infinity as it is."""
        return _with_multiples(point) if point else point

    def __init__(self, key: secp256k1.Key) -> None:
        super().__init__(key)
        object.__setattr__(self, "_multiples", _multiples(key))

    def combined(self, u: Scalar, w: Scalar) -> Point:
        """The point u·G + w·P."""
        keys = self.summands(w)
        if u:
            keys += _with_multiples(G).summands(u)
        return Point(secp256k1.total(keys))

    def summands(self, scalar: Scalar) -> list[secp256k1.Key]:
        """The multiples whose sum is s·P: one for every byte of s that is not 0."""
        places = zip(self._multiples, scalar.value.to_bytes(32, "little"), strict=True)
        return [multiples[byte] for multiples, byte in places if byte]


@lru_cache(maxsize=3)  # G, H, and the key of the poll that is verified
def _with_multiples(point: Point) -> FixedBase:
    return FixedBase(point._key)  # noqa: SLF001  # of a point, in its own module


def _multiples(key: secp256k1.Key) -> list[list[secp256k1.Key | None]]:
    """The multiples that each value of each byte of a scalar adds, from the lowest byte.

    Only those of the value 0 are infinity, as the group's order is prime.
    """
    found = []
    for _ in range(32):
        row = [None, key]
        for _ in range(255):  # the last is the next row's unit
            row.append(secp256k1.total([row[-1], key]))
        *row, key = row
        found.append(row)
    return found
