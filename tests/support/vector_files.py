"""The vectors, as both languages' tests read them."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

import pytest

from support.forms import Form, number
from support.verdicts import ACCEPTED, Verdict

VECTORS = Path(__file__).parents[1] / "vectors"

KINDS = ("point", "scalar", "questions", "ballot", "deal", "blame", "share")

Test = TypeVar("Test", bound=Callable[..., object])


@cache
def load(name: str) -> Any:
    """The content of a vector file."""
    return json.loads((VECTORS / f"{name}.json").read_text())


def cases(kind: str) -> list[Form]:
    """The inputs of a kind, to accept and to refuse."""
    if kind == "point":
        return load("points")["cases"]  # type: ignore[no-any-return]
    return load(kind if kind == "questions" else f"{kind}s")  # type: ignore[no-any-return]


def expected(case: Form) -> Verdict:
    """What every implementation must say of it."""
    if case["refusal"] is None:
        return ACCEPTED
    return case["refusal"], tuple(number(value) for value in case["values"])


def each_case(*kinds: str) -> Callable[[Test], Test]:
    """Runs a test with `kind` and `case` for all inputs of these kinds."""
    parameters = [
        pytest.param(kind, case, id=f"{kind}: {case['name']}")
        for kind in kinds
        for case in cases(kind)
    ]
    return pytest.mark.parametrize(("kind", "case"), parameters)


def each(name: str, key: str) -> Callable[[Test], Test]:
    """Runs a test with `entry` for every entry of a list in a file."""
    return pytest.mark.parametrize("entry", load(name)[key])
