"""What only the contracts know of ballots: hints. All else is in the vectors."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from attacks.votes import ONE_OPTION, weak_forgery
from harnesses import Call, Reverted, ballot_arguments
from samples import APPROVE, MIXED, Voting
from veche.crypto.group import G, P, Scalar
from verdicts import Verdict, python_verdict

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
        (ux, uy), (vx, vy) = hints[branch]
        wrong = {
            "U.x flipped": [[ux ^ 1, uy], [vx, vy]],
            "U.y flipped": [[ux, uy ^ 1], [vx, vy]],
            "V.x flipped": [[ux, uy], [vx ^ 1, vy]],
            "V.y flipped": [[ux, uy], [vx, vy ^ 1]],
            "U opposite": [[ux, P - uy], [vx, vy]],
            "V opposite": [[ux, uy], [vx, P - vy]],
            "U and V exchanged": [[vx, vy], [ux, uy]],
            "the same sum": [_shifted([ux, uy], 1), _shifted([vx, vy], -1)],
            "nothing": [[0, 0], [0, 0]],
            "U twice": [[ux, uy], [ux, uy]],
            "huge words": [[2**256 - 1] * 2, [2**256 - 1] * 2],
        }
        for name, hint in wrong.items():
            yield name, branch, [*hints[:branch], hint, *hints[branch + 1 :]]
    yield "of the next branch", 0, [*hints[1:], hints[0]]


def _shifted(point: list[int], by: int) -> list[int]:
    shift = G * Scalar(1)
    moved = type(G).from_outside(*point) + (shift if by > 0 else -shift)
    return [moved.x, moved.y]


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


def test_zero_denominators_do_not_stop_the_inversion(call: Call, ballots: Any) -> None:
    """Hints with U.x = V.x are left out of the product, and their first branch is named."""
    honest = ballot_arguments(Voting(APPROVE).cast((1, 0)))
    for broken in ([3], [1, 3], [0, 1, 2, 3]):
        hints = [
            [hint[0], hint[0]] if i in broken else hint for i, hint in enumerate(honest[HINTS])
        ]
        found = verdict(call, ballots, honest, hints)
        assert found == ("InvalidHint", (broken[0],))


def test_weak_forgery_fails(contract_verdict: Any) -> None:
    form = Voting(ONE_OPTION).form(weak_forgery()[0])
    found = contract_verdict("ballot", form)
    assert found[0] == "InvalidProof"
    assert found == python_verdict("ballot", form)
