"""Words that are no points and no scalars, and questions that nobody can ask."""

from __future__ import annotations

from collections.abc import Iterator

from attacks.mounting import Attack
from support import forms, reference_group
from support.forms import word
from veche.crypto import transcript
from veche.crypto.group import N, P, Point


def bad_points() -> dict[str, tuple[int, int]]:
    """Pairs of words that must not pass for a point, by what is wrong with them."""
    g = reference_group.G
    high = high_point()
    low = next(p for x in range(1, 99) if (p := reference_group.lift(x)) is not None)
    flat = _point_with_small_y()
    return {
        "infinity": (0, 0),
        "x = 0": (0, g.y),
        "y = 0": (g.x, 0),
        "off the curve": (g.x, g.y ^ 1),
        "coordinates exchanged": (g.y, g.x),
        "on the curve, but n <= x < p": (high.x, high.y),
        "x + p for a small x": (low.x + P, low.y),
        "y + p for a small y": (flat.x, flat.y + P),
        "x = p": (P, g.y),
        "y = p": (g.x, P),
        "largest words": (2**256 - 1, 2**256 - 1),
    }


def bad_scalars() -> dict[str, int]:
    """Words that must not pass for a challenge or response."""
    return {"0": 0, "n": N, "n + 1": N + 1, "largest word": 2**256 - 1}


def _point_with_small_y() -> reference_group.ReferencePoint:
    for y in range(1, 99):
        cube = (y * y - 7) % P
        x = pow(cube, (P + 2) // 9, P)  # a cube root where there is one: P is 7 mod 9
        if pow(x, 3, P) == cube:
            return reference_group.ReferencePoint(x, y)
    raise AssertionError


def high_point() -> Point:
    """A point of the curve with n <= x < p, which nobody can send, but which sums can be."""
    high = next(p for x in range(N, N + 99) if (p := reference_group.lift(x)) is not None)
    return Point.from_encoded(transcript.words(high.words))


def points() -> Iterator[Attack]:
    for name, pair in bad_points().items():
        yield Attack(name, "point", {"point": forms.words(pair)}, "InvalidPoint")


def scalars() -> Iterator[Attack]:
    for name, value in bad_scalars().items():
        yield Attack(name, "scalar", {"scalar": word(value)}, "InvalidScalar")


def questions() -> Iterator[Attack]:
    impossible: dict[str, list[list[int]]] = {
        "none": [],
        "no options": [[0, 1, 0, 0]],
        "no score": [[3, 0, 0, 0]],
        "total less than nothing": [[3, 1, 2, 1]],
        "total more than everything": [[3, 1, 0, 4]],
        "the second impossible": [[3, 1, 1, 1], [3, 1, 0, 4]],
        "61 choices in one": [[61, 1, 1, 1]],
        "61 choices in two": [[31, 1, 1, 1], [30, 1, 1, 1]],
        "a score of 101": [[1, 101, 0, 101]],
        "102 values for a total": [[2, 100, 49, 150]],
        "102 values from 0 for a total": [[3, 100, 0, 101]],
        "a score of 101, in the second": [[3, 1, 1, 1], [2, 101, 1, 1]],
        "too many choices and the second impossible": [[60, 1, 1, 1], [3, 0, 0, 0]],
        "the first and the second impossible": [[3, 1, 0, 4], [0, 1, 0, 0]],
        "a product that wraps": [[2, 2**255, 0, 0]],
        "options that wrap": [[2**256 - 1, 1, 0, 1]],
    }
    for name, asked in impossible.items():
        yield Attack(name, "questions", {"questions": asked}, "InvalidQuestions")
