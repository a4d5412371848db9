"""What commitments say of shares, for one trustee and for all of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from support.harnesses import Call
from support.reference_group import G, N, ReferencePoint


def value(coefficients: Sequence[int], at: int) -> int:
    """A polynomial's value, mod n."""
    return sum(each * int(at**k) for k, each in enumerate(coefficients)) % N


def commitments(coefficients: Sequence[int]) -> list[ReferencePoint]:
    return [G * (each % N) for each in coefficients]


def words(points: Sequence[ReferencePoint]) -> list[tuple[int, int]]:
    return [point.words for point in points]


POLYNOMIALS: dict[str, list[int]] = {
    "a line": [11, 5],
    "of degree 15": [3**k * 7919 % N for k in range(1, 17)],
    "a constant": [42],
    "large coefficients": [N - 1, N - 2, N - 3],
    "0 at 0": [0, 8, 9],
    "0 at 1": [-6, 1, 2, 3],
    "0 at 16": [-16, 1],
    "0 at 3 and 5": [15, -8, 1],
    "0 everywhere": [0, 0, 0],
    "0 in the middle": [9, 0, 0, 4],
    "0 at the top": [9, 4, 0, 0],
    "equal to its constant at 2": [7, -2, 1],
    "Horner's step doubles": [1, 1],
    "Horner's step doubles at 4": [4, 1],
    "Horner's step cancels out at 7": [5, -7, 1],
}
"""Coefficients, from the constant on."""


@pytest.mark.parametrize("name", POLYNOMIALS)
def test_committed_is_complete(call: Call, trustees: Any, name: str) -> None:
    """For all trustees at once, and for each alone: infinity, doubling and opposite points."""
    coefficients = POLYNOMIALS[name]
    given = words(commitments(coefficients))
    expected = [G * value(coefficients, index) for index in range(1, 17)]
    result = call(trustees.committed, given, 1, 16)
    assert list(result) == [word for each in expected for word in each.words]
    for index, each in enumerate(expected, start=1):
        assert tuple(call(trustees.committed, given, index, 1)) == each.words


@pytest.mark.parametrize(("first", "count"), [(1, 0), (1, 1), (3, 5), (16, 1), (1, 3)])
def test_committed_begins_and_ends_anywhere(
    call: Call, trustees: Any, first: int, count: int
) -> None:
    coefficients = POLYNOMIALS["of degree 15"]
    result = call(trustees.committed, words(commitments(coefficients)), first, count)
    expected = [G * value(coefficients, index) for index in range(first, first + count)]
    assert list(result) == [word for each in expected for word in each.words]


PAD = 0x5EA1 << 200


@pytest.mark.parametrize("name", [name for name in POLYNOMIALS if name != "0 everywhere"])
def test_share_is_good_if_it_is_the_polynomials_value(call: Call, trustees: Any, name: str) -> None:
    coefficients = POLYNOMIALS[name]
    given = words(commitments(coefficients))
    for recipient in (1, 2, 16):
        good = value(coefficients, recipient)
        for share, expected in {
            good: good != 0,
            good ^ 1: False,
            (good + 1) % N: False,
            N - good: False,
            0: False,
            N: False,
            2**256 - 1: False,
            value(coefficients, recipient + 1): coefficients[1:] == [],
        }.items():
            sealed, pad = ((share ^ PAD).to_bytes(32, "big"), PAD.to_bytes(32, "big"))
            assert call(trustees.isGood, sealed, pad, given, recipient) == expected, share


@pytest.mark.parametrize("good", [1, 2, N - 2, N - 1, 2**256 - N])
def test_share_beyond_n_is_bad(call: Call, trustees: Any, good: int) -> None:
    """f + n gives the same point as f, and is no share."""
    given, pad = words(commitments([good])), bytes(32)
    assert call(trustees.isGood, good.to_bytes(32, "big"), pad, given, 1)
    if good + N < 2**256:
        assert not call(trustees.isGood, (good + N).to_bytes(32, "big"), pad, given, 1)
