"""Whatever is changed in a proof, by whatever, it fails."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from attacks.mounting import get, leaves, put
from support import samples
from support.forms import word
from support.samples import MIXED, Voting
from support.strategies import nonzero
from support.verdicts import ACCEPTED, python_verdict
from veche.crypto.group import G, Scalar

HONEST = {
    "ballot": (Voting(MIXED).cast((1, 0, 2, 0, 2)), [("ballot",)]),
    "deal": (samples.deal(), [("deal",)]),
    "blame": (samples.blame(), [("proof",), ("shared",)]),
    "share": (samples.share(), [("proof",), ("points",)]),
}


def put_point(form: Any, path: tuple[Any, ...], scalar: int) -> Any:
    """The form with another valid point where the word at `path` belongs to one."""
    *above, at = path
    point = G * Scalar(scalar)
    first = at - at % 2
    form = put(form, (*above, first), word(point.x))
    return put(form, (*above, first + 1), word(point.y))


@pytest.mark.parametrize("kind", HONEST)
@given(data=st.data())
@settings(max_examples=60)
def test_any_tampered_proof_fails(kind: str, data: st.DataObject) -> None:
    honest, parts = HONEST[kind]
    paths = [path for part in parts for path in leaves(get(honest, part), part)]
    path = data.draw(st.sampled_from(paths))
    value = data.draw(nonzero)
    is_coordinate = isinstance(path[-1], int) and any(
        name in path
        for name in ("ciphertexts", "coefficients", "commitments", "ephemeral", "shared", "points")
    )
    changed = put_point(honest, path, value) if is_coordinate else put(honest, path, word(value))
    if changed != honest:
        assert python_verdict(kind, changed) != ACCEPTED


@pytest.mark.parametrize("kind", HONEST)
def test_untampered_proof_passes(kind: str) -> None:
    assert python_verdict(kind, HONEST[kind][0]) == ACCEPTED
