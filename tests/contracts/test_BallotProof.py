"""What only the contracts know of ballots: hints. All else is in the vectors."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from attacks.votes import ONE_OPTION, weak_forgery
from support.harnesses import Call, Reverted, ballot_arguments
from support.samples import MIXED, Voting
from support.verdicts import Verdict, python_verdict
from veche.crypto.group import G, P, Scalar

HINTS = 7
"""Where the hints stand among the arguments."""


@pytest.fixture(scope="module")
def arguments() -> list[Any]:
    return ballot_arguments(Voting(MIXED).cast((1, 0, 2, 0, 2)))


def verdict(call: Call, ballots: Any, arguments: list[Any], hints: list[Any]) -> Verdict:
    try:
        call(ballots.verify, *arguments[:HINTS], hints)
    except Reverted as reverted:
        return reverted.verdict
    return "", ()


def changed_hints(hints: list[Any]) -> Iterator[tuple[str, int, list[Any]]]:
    """Hints with one thing wrong, and the branch that must be refused for it."""
    last = len(hints) - 1
    for branch in (0, 1, 7, last):
        (ux, uy), vx, slope = hints[branch]
        vy = (uy - slope * (ux - vx)) % P
        wrong = {
            "U.x flipped": [[ux ^ 1, uy], vx, slope],
            "U.y flipped": [[ux, uy ^ 1], vx, slope],
            "V.x flipped": [[ux, uy], vx ^ 1, slope],
            "slope flipped": [[ux, uy], vx, slope ^ 1],
            "slope of the opposite line": [[ux, uy], vx, P - slope],
            "U opposite": joined((ux, P - uy), (vx, vy)),
            "V opposite": joined((ux, uy), (vx, P - vy)),
            "U and V exchanged": joined((vx, vy), (ux, uy)),
            "the same sum": joined(_shifted((ux, uy), 1), _shifted((vx, vy), -1)),
            "y of V in the slope's place": [[ux, uy], vx, vy],
            "nothing": [[0, 0], 0, 0],
            "U twice": [[ux, uy], ux, uy],
            "huge words": [[2**256 - 1] * 2, 2**256 - 1, 2**256 - 1],
            "words from P": [[ux, uy], vx + P if vx + P < 2**256 else vx ^ 1, slope],
        }
        for name, hint in wrong.items():
            yield name, branch, [*hints[:branch], hint, *hints[branch + 1 :]]
    yield "of the next branch", 0, [*hints[1:], hints[0]]


def joined(u: tuple[int, int], v: tuple[int, int]) -> list[Any]:
    """A hint whose V is this one."""
    return [list(u), v[0], (u[1] - v[1]) * pow(u[0] - v[0], -1, P) % P]


def _shifted(point: tuple[int, int], by: int) -> tuple[int, int]:
    shift = G * Scalar(1)
    moved = type(G).from_outside(*point) + (shift if by > 0 else -shift)
    return moved.x, moved.y


def test_verify_accepts_honest_hints(call: Call, ballots: Any, arguments: list[Any]) -> None:
    assert verdict(call, ballots, arguments, arguments[HINTS]) == ("", ())


def test_verify_fails_if_hint_is_wrong(call: Call, ballots: Any, arguments: list[Any]) -> None:
    for name, branch, hints in changed_hints(arguments[HINTS]):
        found = verdict(call, ballots, arguments, hints)
        assert found == ("InvalidHint", (branch,)), name


def test_verify_fails_if_hints_are_missing(call: Call, ballots: Any, arguments: list[Any]) -> None:
    hints = arguments[HINTS]
    expected = len(hints)
    for given in ([], hints[:-1], [*hints, hints[0]]):
        found = verdict(call, ballots, arguments, given)
        assert found == ("InvalidHintCount", (expected, len(given)))


def test_weak_forgery_fails(contract_verdict: Any) -> None:
    form = Voting(ONE_OPTION).form(weak_forgery()[0])
    found = contract_verdict("ballot", form)
    assert found[0] == "InvalidProof"
    assert found == python_verdict("ballot", form)
