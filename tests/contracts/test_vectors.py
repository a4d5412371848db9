"""The shared vectors, through the contracts."""

from __future__ import annotations

from typing import Any

from support.forms import Form
from support.vector_files import KINDS, each_case, expected


@each_case(*KINDS)
def test_verdict(contract_verdict: Any, kind: str, case: Form) -> None:
    assert contract_verdict(kind, case["input"]) == expected(case)
