"""What only the contracts know of ballots: hints. All else is in the vectors."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from support.harnesses import Call, Reverted, ballot_arguments
from support.samples import MIXED, Voting
from support.verdicts import Verdict
from veche.crypto.group import G, P, Scalar

BALLOT, HINTS = 6, 7
"""Where the ballot and its hints stand among the arguments."""
SUMS = MIXED.choices + MIXED.degree - 1
"""How many sums there are: of the choices, of Horner's rule, and that which gives E_0."""
STEPS = range(MIXED.choices, SUMS - 1)
"""The sums of Horner's rule, whose U is a coefficient of the ballot."""


@pytest.fixture(scope="module")
def arguments() -> list[Any]:
    return ballot_arguments(Voting(MIXED).cast((1, 0, 2, 0, 2)))


def verdict(call: Call, ballots: Any, arguments: list[Any], hints: list[Any]) -> Verdict:
    try:
        call(ballots.verify, *arguments[:HINTS], hints)
    except Reverted as reverted:
        return reverted.verdict
    return "", ()


def place(index: int) -> slice:
    """Where the words of a sum's hint stand."""
    if index in STEPS:
        start = 4 * MIXED.choices + 2 * (index - MIXED.choices)
        return slice(start, start + 2)
    start = 4 * index if index < MIXED.choices else 4 * MIXED.choices + 2 * len(STEPS)
    return slice(start, start + 4)


def whole(arguments: list[Any], index: int) -> tuple[tuple[int, int], int, int]:
    """U, V.x and the slope of a sum, wherever U stands."""
    *u, vx, slope = arguments[HINTS][place(index)]
    if not u:
        words = arguments[BALLOT]
        start = len(words) - 4 - 2 * (index - MIXED.choices)
        u = words[start : start + 2]
    return (u[0], u[1]), vx, slope


def changed_hints(arguments: list[Any]) -> Iterator[tuple[str, int, list[Any]]]:
    """Hints with one thing wrong, and the sum that must be refused for it."""
    for index in range(SUMS):
        (ux, uy), vx, slope = whole(arguments, index)
        vy = (uy - slope * (ux - vx)) % P
        wrong = {
            "V.x flipped": [ux, uy, vx ^ 1, slope],
            "slope flipped": [ux, uy, vx, slope ^ 1],
            "slope of the opposite line": [ux, uy, vx, P - slope],
            "V opposite": joined((ux, uy), (vx, P - vy)),
            "y of V in the slope's place": [ux, uy, vx, vy],
            "U twice": [ux, uy, ux, uy],
            "words from P": [ux, uy, vx + P if vx + P < 2**256 else vx ^ 1, slope],
            "nothing": [0, 0, 0, 0],
            "huge words": [2**256 - 1] * 4,
        }
        if index not in STEPS:
            wrong |= {
                "U.x flipped": [ux ^ 1, uy, vx, slope],
                "U.y flipped": [ux, uy ^ 1, vx, slope],
                "U opposite": joined((ux, P - uy), (vx, vy)),
                "U and V exchanged": joined((vx, vy), (ux, uy)),
                "the same sum": joined(_shifted((ux, uy), 1), _shifted((vx, vy), -1)),
            }
        for name, hint in wrong.items():
            hints = list(arguments[HINTS])
            hints[place(index)] = hint[2:] if index in STEPS else hint
            yield name, index, hints
    yield "of the next choice", 0, arguments[HINTS][4:] + arguments[HINTS][:4]


def joined(u: tuple[int, int], v: tuple[int, int]) -> list[Any]:
    """A hint whose V is this one."""
    return [*u, v[0], (u[1] - v[1]) * pow(u[0] - v[0], -1, P) % P]


def _shifted(point: tuple[int, int], by: int) -> tuple[int, int]:
    shift = G * Scalar(1)
    moved = type(G).from_outside(*point) + (shift if by > 0 else -shift)
    return moved.x, moved.y


def test_verify_accepts_honest_hints(call: Call, ballots: Any, arguments: list[Any]) -> None:
    assert verdict(call, ballots, arguments, arguments[HINTS]) == ("", ())


def test_verify_fails_if_hint_is_wrong(call: Call, ballots: Any, arguments: list[Any]) -> None:
    for name, index, hints in changed_hints(arguments):
        found = verdict(call, ballots, arguments, hints)
        assert found == ("InvalidHint", (index,)), name


def test_verify_fails_if_hints_are_missing(call: Call, ballots: Any, arguments: list[Any]) -> None:
    hints = arguments[HINTS]
    expected = len(hints)
    for given in ([], hints[:-1], [*hints, hints[0]]):
        found = verdict(call, ballots, arguments, given)
        assert found == ("InvalidHintCount", (expected, len(given)))
