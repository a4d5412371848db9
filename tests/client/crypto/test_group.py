"""The group: two implementations through the same tests, and the types that guard it."""

from __future__ import annotations

import pickle
from typing import Any, Protocol

import pytest
from hypothesis import given, settings

from attacks.words import bad_points, bad_scalars, high_point
from support import reference_group
from support.forms import Form, number, pair
from support.reference_group import ReferencePoint
from support.strategies import nonzero, scalars, secrets
from support.vector_files import each, load
from veche.crypto import secp256k1, transcript
from veche.crypto.group import INFINITY, FixedBase, G, N, P, Point, Scalar, Secret, combine
from veche.errors import InvalidPoint, InvalidScalar, InvalidWord, VecheError

Words = tuple[int, int]


class Group(Protocol):
    """What a group must do, on words."""

    def add(self, left: Words, right: Words) -> Words: ...
    def multiply(self, point: Words, scalar: int) -> Words: ...


class Fast:
    """The group that the library uses."""

    def add(self, left: Words, right: Words) -> Words:
        return self._words(self._point(left) + self._point(right))

    def multiply(self, point: Words, scalar: int) -> Words:
        return self._words(self._point(point) * Scalar(scalar))

    def _point(self, words: Words) -> Point:
        return INFINITY if words == (0, 0) else Point.from_outside(*words)

    def _words(self, point: Point) -> Words:
        return point.x, point.y


class Plain:
    """The reference in plain integers."""

    def add(self, left: Words, right: Words) -> Words:
        return (ReferencePoint(*left) + ReferencePoint(*right)).words

    def multiply(self, point: Words, scalar: int) -> Words:
        return (ReferencePoint(*point) * scalar).words


@pytest.fixture(params=[Fast, Plain])
def group(request: pytest.FixtureRequest) -> Any:
    return request.param()


GENERATOR = reference_group.G.words


@each("points", "multiples")
def test_multiples_of_the_generator(group: Group, entry: Form) -> None:
    assert group.multiply(GENERATOR, number(entry["scalar"])) == pair(entry["point"])


@each("points", "sums")
def test_addition_is_complete(group: Group, entry: Form) -> None:
    assert group.add(pair(entry["left"]), pair(entry["right"])) == pair(entry["sum"])


@each("points", "addresses of u·G + w·P")
def test_combinations(group: Group, entry: Form) -> None:
    first = group.multiply(GENERATOR, number(entry["u"]))
    second = group.multiply(pair(entry["point"]), number(entry["w"]))
    assert group.add(first, second) == pair(entry["product"])


def test_multiple_by_zero_is_infinity(group: Group) -> None:
    assert group.multiply(GENERATOR, 0) == (0, 0)
    assert group.multiply((0, 0), 5) == (0, 0)


def test_orders_are_those_of_the_vectors() -> None:
    assert (number(load("points")["n"]), number(load("points")["p"])) == (N, P)
    assert (reference_group.N, reference_group.P) == (N, P)


@given(nonzero, nonzero)
@settings(max_examples=20)
def test_implementations_agree(a: int, b: int) -> None:
    fast, plain = Fast(), Plain()
    left, right = plain.multiply(GENERATOR, a), plain.multiply(GENERATOR, b)
    assert fast.multiply(GENERATOR, a) == left
    assert fast.add(left, right) == plain.add(left, right)
    assert fast.multiply(left, b) == plain.multiply(left, b)


@given(scalars, scalars, secrets)
@settings(max_examples=50)
def test_combination_is_what_it_says(u: Scalar, w: Scalar, secret: Secret) -> None:
    point = G * secret
    assert combine(u, w, point) == G * u + point * w
    assert combine(u, w, INFINITY) == G * u
    opposite = -(u * secret.reveal())
    assert combine(opposite, u, point) == INFINITY


@given(scalars, scalars)
@settings(max_examples=50)
def test_combination_with_multiples_that_are_kept(u: Scalar, w: Scalar) -> None:
    point = FixedBase.of(G * Scalar(3))
    assert combine(u, w, point) == G * (u + w * Scalar(3))
    assert combine(-(w * Scalar(3)), w, point) == INFINITY


@pytest.mark.parametrize("value", [0, 1, 255, 256, N // 2, N - 1])
def test_multiples_that_are_kept_add_up_to_every_scalar(value: int) -> None:
    for point in (G, high_point()):
        wanted = point * Scalar(value)
        assert combine(Scalar(0), Scalar(value), FixedBase.of(point)) == wanted
        assert combine(Scalar(value), Scalar(0), FixedBase.of(point)) == G * Scalar(value)
    assert FixedBase.of(INFINITY) is INFINITY


def test_combination_out_of_reach_of_recovery() -> None:
    high = next(p for x in range(N, N + 99) if (p := reference_group.lift(x)) is not None)
    factor, wanted = 5, high * 5 + reference_group.G * 7
    point = Point.from_encoded(transcript.words(high.words))
    result = combine(Scalar(7), Scalar(factor), point)
    assert (result.x, result.y) == wanted.words
    with pytest.raises(InvalidPoint, match="total"):
        point.check(field="total")


@given(secrets, secrets)
@settings(max_examples=20)
def test_subtraction_undoes_addition(a: Secret, b: Secret) -> None:
    left, right = G * a, G * b
    assert left + right - right == left
    assert left - left == INFINITY
    assert -INFINITY == INFINITY


# -- Types --


@pytest.mark.parametrize(("name", "words"), bad_points().items())
def test_point_from_outside_fails_with_field_and_values(name: str, words: Words) -> None:
    with pytest.raises(InvalidPoint, match="ciphertext 3, B: ") as caught:
        Point.from_outside(*words, field="ciphertext 3, B")
    assert caught.value.values == words, name
    assert caught.value.field == "ciphertext 3, B"


@pytest.mark.parametrize(("name", "value"), bad_scalars().items())
def test_scalar_from_outside_fails_with_field_and_value(name: str, value: int) -> None:
    with pytest.raises(InvalidScalar, match="response 7: ") as caught:
        Scalar.from_outside(value, field="response 7")
    assert caught.value.values == (value,), name


@pytest.mark.parametrize("value", [-1, N, N + 1])
def test_scalar_is_checked_wherever_it_is_made(value: int) -> None:
    with pytest.raises(InvalidScalar):
        Scalar(value)


def test_scalar_is_frozen() -> None:
    with pytest.raises(AttributeError):
        Scalar(1).value = 2  # type: ignore[misc]


def test_point_is_frozen() -> None:
    for name in ("_key", "_encoded", "x", "new"):
        with pytest.raises(AttributeError):
            setattr(G, name, None)
        with pytest.raises(AttributeError):
            delattr(G, name)
    assert G * Scalar(1) == G


def test_points_are_values() -> None:
    assert G * Scalar(2) == G + G
    assert hash(G * Scalar(2)) == hash(G + G)
    assert object() != G
    assert repr(INFINITY) == "INFINITY"
    assert f"{G.x:#x}" in repr(G)


def test_every_point_comes_back_from_what_it_was_encoded_to() -> None:
    for point in (INFINITY, G, FixedBase.of(G), high_point()):
        assert Point.from_encoded(point.encoded) == point
        assert pickle.loads(pickle.dumps(point)) == point  # noqa: S301  # our own


def test_what_encodes_no_point_is_refused() -> None:
    with pytest.raises(InvalidPoint):
        Point.from_encoded(transcript.words((G.x, G.y ^ 1)))


@pytest.mark.parametrize(("signature", "parity", "digest"), [(63, 0, 32), (64, 2, 32), (64, 0, 31)])
def test_recovery_takes_nothing_that_c_would_read_past(
    signature: int, parity: int, digest: int
) -> None:
    with pytest.raises(InvalidWord, match="64 bytes"):
        secp256k1.recovered(bytes(signature), parity, bytes(digest))


def test_sum_of_no_points_is_infinity() -> None:
    assert secp256k1.total([]) is None
    assert Point.sum([]) == INFINITY


def test_multiples_by_no_scalar_are_refused() -> None:
    for scalar in (0, N):
        with pytest.raises(InvalidScalar, match="not shown"):
            secp256k1.multiple_of_generator(scalar)
        with pytest.raises(InvalidScalar, match="not shown"):
            secp256k1.multiple(secp256k1.multiple_of_generator(1), scalar)


def test_secret_shows_nothing() -> None:
    secret = Secret(0xC0FFEE)
    for text in (repr(secret), str(secret), f"{secret}", repr([secret])):
        assert "c0ffee" not in text.lower()
        assert str(0xC0FFEE) not in text
    with pytest.raises(TypeError, match="keystore"):
        pickle.dumps(secret)
    with pytest.raises(TypeError):
        hash(secret)


def test_secrets_compare() -> None:
    assert Secret(5) == Secret(5)
    assert Secret(5) != Secret(6)
    assert Secret(5) != 5


@pytest.mark.parametrize("value", [0, N, N + 0xC0FFEE, -0xC0FFEE])
def test_refused_secret_is_not_shown(value: int) -> None:
    with pytest.raises(InvalidScalar, match="sealing key: ") as caught:
        Secret(value, field="sealing key")
    for text in (str(caught.value), repr(caught.value), repr(vars(caught.value))):
        assert f"{value:x}" not in text or value == 0
        assert str(value) not in text or value == 0
    assert caught.value.values == ()
    assert isinstance(caught.value, VecheError)
