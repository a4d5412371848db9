"""Points and scalars in Solidity, and the precompile that they stand on."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest
from eth_hash.auto import keccak

from attacks.words import bad_points, bad_scalars
from support import reference_group
from support.forms import Form, number, numbers, pair
from support.harnesses import Call, Reverted
from support.reference_group import G, N, P, ReferencePoint
from support.vector_files import each

INFINITY = reference_group.INFINITY


def address(point: ReferencePoint) -> int:
    encoded = b"".join(value.to_bytes(32, "big") for value in point.words)
    return int.from_bytes(keccak(encoded)[12:], "big")


# -- ecrecover, as the protocol relies on it --

R = G * 7
H, S = 12345, 67890


def recovered(h: int = H, s: int = S, base: ReferencePoint = R) -> ReferencePoint:
    """r⁻¹(s·R − h·G), which ecrecover is said to give."""
    inverse = pow(base.x, -1, N)
    return base * (s * inverse % N) + G * (-h * inverse % N)


def parity(base: ReferencePoint) -> int:
    return 27 + base.y % 2


PARITY = parity(R)


@pytest.fixture
def ecrecover(call: Call, group: Any) -> Any:
    return lambda h=H, v=PARITY, r=R.x, s=S: call(group.recover, h, v, r, s)


def test_ecrecover_gives_the_address_of_the_equation(ecrecover: Any) -> None:
    assert ecrecover() == (32, address(recovered()))


def test_ecrecover_takes_the_other_point_of_the_same_x(ecrecover: Any) -> None:
    assert ecrecover(v=55 - PARITY) == (32, address(recovered(base=-R)))


def test_ecrecover_takes_a_zero_hash(ecrecover: Any) -> None:
    assert ecrecover(h=0) == (32, address(recovered(h=0)))


@pytest.mark.parametrize("h", [N, N + 5, 2**256 - 1])
def test_ecrecover_reduces_the_hash(ecrecover: Any, h: int) -> None:
    assert ecrecover(h=h) == (32, address(recovered(h=h % N)))


@pytest.mark.parametrize("s", [1, N // 2, N // 2 + 1, N - 1])
def test_ecrecover_takes_low_and_high_s(ecrecover: Any, s: int) -> None:
    assert ecrecover(s=s) == (32, address(recovered(s=s)))


@pytest.mark.parametrize("s", [0, N, N + 1, 2**256 - 1])
def test_ecrecover_returns_nothing_for_s_out_of_range(ecrecover: Any, s: int) -> None:
    assert ecrecover(s=s) == (0, 0)


@pytest.mark.parametrize("r", [0, N, N + 1, P, 2**256 - 1])
def test_ecrecover_returns_nothing_for_r_out_of_range(ecrecover: Any, r: int) -> None:
    assert ecrecover(r=r) == (0, 0)


def test_ecrecover_returns_nothing_for_x_off_the_curve(ecrecover: Any) -> None:
    off = next(x for x in range(1, 99) if reference_group.lift(x) is None)
    assert ecrecover(r=off) == (0, 0)


def test_ecrecover_returns_nothing_for_a_point_with_x_from_n(ecrecover: Any) -> None:
    high = next(p for x in range(N, N + 99) if (p := reference_group.lift(x)) is not None)
    assert ecrecover(r=high.x, v=parity(high)) == (0, 0)


@pytest.mark.parametrize("v", [0, 1, 26, 29, 30, 27 + 256, 28 + 2**255])
def test_ecrecover_returns_nothing_for_another_v(ecrecover: Any, v: int) -> None:
    assert ecrecover(v=v) == (0, 0)


def test_ecrecover_returns_nothing_for_infinity(ecrecover: Any) -> None:
    base = G * 5  # s·R = h·G
    assert ecrecover(h=5 * S, v=parity(base), r=base.x) == (0, 0)


# -- Multiplication --


@each("points", "addresses of u·G + w·P")
def test_mulAddress(call: Call, group: Any, entry: Form) -> None:
    arguments = (number(entry["u"]), number(entry["w"]), *pair(entry["point"]))
    assert call(group.mulAddress, *arguments) == number(entry["address"])


@pytest.mark.parametrize("w", [0, N])
def test_mulAddress_is_zero_for_a_multiple_of_n(call: Call, group: Any, w: int) -> None:
    assert call(group.mulAddress, 5, w, *R.words) == 0


def test_mulAddress_is_zero_after_a_call_that_was_not(call: Call, group: Any) -> None:
    assert call(group.mulAddress, 5, 6, *R.words) != 0
    assert call(group.mulAddress, 0, 6, N, 5) == 0


def test_toAddress(call: Call, group: Any) -> None:
    for point in (G, R, INFINITY):
        assert call(group.toAddress, *point.words) == address(point)


# -- Addition --


@each("points", "sums")
def test_add_is_complete(call: Call, group: Any, entry: Form) -> None:
    result = call(group.add, numbers(entry["left"]), numbers(entry["right"]))
    assert list(result) == numbers(entry["sum"])


def total(points: Iterable[ReferencePoint]) -> ReferencePoint:
    result = INFINITY
    for point in points:
        result += point
    return result


@pytest.mark.parametrize(
    "multiples",
    [
        [],
        [1],
        [1, 2, 3, 4, 5, 6, 7],
        [5, 5],
        [2, 3, 5],
        [5, -5],
        [5, -5, 7],
        [1, 2, -3],
        [1, 2, -3, 4, 4],
        [5, 5, -10, 5, 5],
        [N - 1, 1, N - 1],
    ],
)
def test_sum_is_complete(call: Call, group: Any, multiples: list[int]) -> None:
    points = [G * (multiple % N) for multiple in multiples]
    result = call(group.addRows, [(0, 0)], [point.words for point in points])
    assert tuple(result[:2]) == total(points).words


PAIRS = [
    (0, 0),
    (0, 5),
    (5, 0),
    (5, 5),
    (5, -5),
    (5, 7),
    (-5, -5),
    (1, N - 2),
    (N // 2, N // 2 + 1),
    (N // 2, N // 2),
]
"""Multiples of G: infinity on either side, doubling, opposite points, and ordinary ones."""


@pytest.mark.parametrize("pairs", [PAIRS, PAIRS[::-1], [], PAIRS[:4], *([each] for each in PAIRS)])
def test_addEach_is_complete(call: Call, group: Any, pairs: list[tuple[int, int]]) -> None:
    left, right = ([G * (each[side] % N) for each in pairs] for side in (0, 1))
    result = call(group.addEach, *([point.words for point in side] for side in (left, right)))
    sums = [a + b for a, b in zip(left, right, strict=True)]
    assert list(result) == [word for each in sums for word in each.words]


@pytest.mark.parametrize("pairs", [PAIRS, PAIRS[::-1], [], *([each] for each in PAIRS)])
def test_addRows_is_complete(call: Call, group: Any, pairs: list[tuple[int, int]]) -> None:
    """Infinity may be a sum, but is none of the points that are added."""
    pairs = [each for each in pairs if each[1]]
    left, right = ([G * (each[side] % N) for each in pairs] for side in (0, 1))
    result = call(group.addRows, *([point.words for point in side] for side in (left, right)))
    sums = [a + b for a, b in zip(left, right, strict=True)]
    assert list(result) == [word for each in sums for word in each.words]


@pytest.mark.parametrize("factor", [*range(1, 18), 255, 256, 2**20 + 1])
def test_multiply_takes_small_factors(call: Call, group: Any, factor: int) -> None:
    multiples = [1, 0, 7, -1, 0, -5, N // 2, 0]
    points = [G * (each % N) for each in multiples]
    result = call(group.multiply, [point.words for point in points], factor)
    expected = [G * (factor * each % N) for each in multiples]
    assert list(result) == [word for each in expected for word in each.words]


def test_double_is_complete(call: Call, group: Any) -> None:
    multiples = [0, 1, -1, 7, 0, N // 2, N // 2 + 1, 0]
    result = call(group.double, [(G * (each % N)).words for each in multiples])
    expected = [G * (2 * each % N) for each in multiples]
    assert list(result) == [word for each in expected for word in each.words]


@pytest.mark.parametrize("step", [1, 2, 7])
def test_lift_finds_y_by_its_parity(call: Call, group: Any, step: int) -> None:
    points = [G, R, INFINITY, *(G * (-k % N) for k in range(1, 9)), INFINITY]
    parities = sum(point.y % 2 << step * index for index, point in enumerate(points))
    result = call(group.lift, [(point.x, 99) for point in points], parities, step)
    assert list(result) == [word for point in points for word in point.words]


@pytest.mark.parametrize("position", [0, 1, 2])
@pytest.mark.parametrize("odd", [0, 1])
def test_lift_fails_where_the_curve_has_no_point(
    call: Call, group: Any, position: int, odd: int
) -> None:
    halves = [(G.x, 0), (R.x, 0)]
    halves.insert(position, (5, 0))  # 5³ + 7 is no square
    with pytest.raises(Reverted) as caught:
        call(group.lift, halves, odd << position, 1)
    assert caught.value.verdict == ("InvalidPoint", (5, odd))


# -- Input --


def test_lists_are_accepted(call: Call, group: Any) -> None:
    points = [(G * k).words for k in range(1, 5)]
    for infinity in (False, True):
        call(group.requirePoints, [], infinity)
        call(group.requirePoints, points, infinity)
    call(group.requirePoints, [(0, 0), *points, (0, 0)], infinity)
    call(group.requireScalars, [])
    call(group.requireScalars, [1, 2, N - 1])


def test_lists_are_accepted_whatever_bits_their_words_have_together(call: Call, group: Any) -> None:
    """Two points whose words have every high bit of N among them, as few have."""
    first = second = G
    while first.x | first.y | second.x | second.y < N:
        first, second = second, second + G
    for infinity in (False, True):
        call(group.requirePoints, [first.words, second.words], infinity)
        call(group.requirePoints, [first.words, second.words, R.words], infinity)


@pytest.mark.parametrize(("name", "words"), bad_points().items())
@pytest.mark.parametrize("position", [0, 1, 2])
def test_lists_fail_with_the_first_bad_point(
    call: Call, group: Any, name: str, words: tuple[int, int], position: int
) -> None:
    points = [G.words, R.words]
    points.insert(position, words)
    for infinity in {False, words != (0, 0)}:
        with pytest.raises(Reverted) as caught:
            call(group.requirePoints, [*points, (0, 1)], infinity)
        assert caught.value.verdict == ("InvalidPoint", words), name


@pytest.mark.parametrize("value", bad_scalars().values())
@pytest.mark.parametrize("position", [0, 1, 2])
def test_lists_fail_with_the_first_bad_scalar(
    call: Call, group: Any, value: int, position: int
) -> None:
    values = [1, N - 1]
    values.insert(position, value)
    with pytest.raises(Reverted) as caught:
        call(group.requireScalars, [*values, N])
    assert caught.value.verdict == ("InvalidScalar", (value,))


# -- Inversion --


@pytest.mark.parametrize("value", [1, 2, P - 1, P + 1, N])
def test_invert(call: Call, group: Any, value: int) -> None:
    assert call(group.invert, value) == pow(value, -1, P)


@pytest.mark.parametrize("value", [0, P])
def test_invert_fails_for_a_multiple_of_p(call: Call, group: Any, value: int) -> None:
    with pytest.raises(Reverted) as caught:
        call(group.invert, value)
    assert caught.value.verdict == ("InversionFailed", (value,))


@pytest.mark.parametrize("value", [1, 2, N - 1, N + 1, P])
def test_invertScalar(call: Call, group: Any, value: int) -> None:
    assert call(group.invertScalar, value) == pow(value, -1, N)


@pytest.mark.parametrize("value", [0, N])
def test_invertScalar_fails_for_a_multiple_of_n(call: Call, group: Any, value: int) -> None:
    with pytest.raises(Reverted) as caught:
        call(group.invertScalar, value)
    assert caught.value.verdict == ("InversionFailed", (value,))
