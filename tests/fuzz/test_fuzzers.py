"""A bounded number of cases of every fuzzer. `make fuzz` runs very many more."""

from __future__ import annotations

from random import Random

import pytest

from fuzz.fuzzers import FUZZERS

CASES = 150


@pytest.mark.parametrize("name", FUZZERS)
def test_fuzzer_finds_nothing(name: str) -> None:
    with FUZZERS[name]() as case:
        for seed in range(CASES):
            case(Random(seed))  # noqa: S311  # a case is no secret
