"""secp256k1 in plain integers, from its textbook definition: what the fast group must agree with.

Slow on purpose: affine coordinates, one inversion an addition, nothing shared with `veche`.
"""

from __future__ import annotations

from dataclasses import dataclass

P = 2**256 - 2**32 - 977
N = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141


@dataclass(frozen=True)
class ReferencePoint:
    """An affine point; (0, 0) is infinity."""

    x: int
    y: int

    @property
    def words(self) -> tuple[int, int]:
        return self.x, self.y

    def __neg__(self) -> ReferencePoint:
        return ReferencePoint(self.x, -self.y % P)

    def __add__(self, other: ReferencePoint) -> ReferencePoint:
        if self == INFINITY:
            return other
        if other in (INFINITY, -self):
            return self if other == INFINITY else INFINITY
        if self == other:
            slope = 3 * self.x * self.x * pow(2 * self.y, -1, P)
        else:
            slope = (other.y - self.y) * pow(other.x - self.x, -1, P)
        x = (slope * slope - self.x - other.x) % P
        return ReferencePoint(x, (slope * (self.x - x) - self.y) % P)

    def __mul__(self, scalar: int) -> ReferencePoint:
        result, power = INFINITY, self
        while scalar:
            if scalar & 1:
                result += power
            power, scalar = power + power, scalar >> 1
        return result


def square_root(value: int) -> int | None:
    """A root of `value` mod P, if it has one; P is 3 mod 4."""
    root = pow(value, (P + 1) // 4, P)
    return root if root * root % P == value % P else None


def lift(x: int) -> ReferencePoint | None:
    """The point with this x and an even y, if there is one."""
    root = square_root(x**3 + 7)
    return None if root is None else ReferencePoint(x % P, root if root % 2 == 0 else P - root)


INFINITY = ReferencePoint(0, 0)
G = ReferencePoint(
    0x79BE667EF9DCBBAC55A06295CE870B07029BFCDB2DCE28D959F2815B16F81798,
    0x483ADA7726A3C4655DA4FBFC0E1108A8FD17B448A68554199C47D08FFB10D4B8,
)
