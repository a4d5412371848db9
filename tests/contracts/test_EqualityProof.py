"""What only the contracts know of trustees' proofs: hints. All else is in the vectors."""

from __future__ import annotations

from typing import Any

import pytest

from support import samples
from support.harnesses import Call, Reverted, blame_arguments, share_arguments
from support.verdicts import Verdict


@pytest.fixture(params=["blame", "share"])
def proof(request: pytest.FixtureRequest, trustees: Any) -> tuple[Any, list[Any]]:
    """A method and honest arguments, the hints last."""
    if request.param == "blame":
        return trustees.verifyBlame, blame_arguments(samples.blame())
    return trustees.verifyShare, share_arguments(samples.share())


def refusal(call: Call, method: Any, arguments: list[Any]) -> Verdict:
    with pytest.raises(Reverted) as caught:
        call(method, *arguments)
    return caught.value.verdict


def test_verify_accepts_honest_hints(call: Call, proof: tuple[Any, list[Any]]) -> None:
    call(proof[0], *proof[1])


def test_verify_fails_if_hint_is_wrong(call: Call, proof: tuple[Any, list[Any]]) -> None:
    method, (*arguments, hints) = proof
    index = len(hints) - 1
    u, vx, slope = hints[index]
    for hint in (
        [[u[0] ^ 1, u[1]], vx, slope],
        [u, vx, slope ^ 1],
        [u, vx ^ 1, slope],
        [u, u[0], slope],
        [u, u[0], u[1]],
        [[0, 0], 0, 0],
    ):
        found = refusal(call, method, [*arguments, [*hints[:-1], hint]])
        assert found == ("InvalidHint", (index,))


def test_verify_fails_if_hints_are_missing(call: Call, proof: tuple[Any, list[Any]]) -> None:
    method, (*arguments, hints) = proof
    for given in (hints[:-1], [*hints, hints[0]]):
        found = refusal(call, method, [*arguments, given])
        assert found == ("InvalidHintCount", (len(hints), len(given)))


def test_hint_is_not_looked_at_where_the_sum_is_infinity(call: Call, trustees: Any) -> None:
    *arguments, hints = share_arguments(samples.share(infinity_at=1))
    for hint in ([[0, 0], 0, 0], [[5, 5], 5, 5], [[1, 2], 3, 4]):
        call(trustees.verifyShare, *arguments, [hints[0], hint, hints[2]])


def test_wrong_hint_after_a_sum_at_infinity_is_named_by_its_choice(
    call: Call, trustees: Any
) -> None:
    *arguments, hints = share_arguments(samples.share(infinity_at=0))
    found = refusal(call, trustees.verifyShare, [*arguments, [*hints[:2], hints[1]]])
    assert found == ("InvalidHint", (2,))
