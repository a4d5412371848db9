"""Every guarantee in the sources is listed with a test that exists."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
LIST = (ROOT / "docs" / "invariants.md").read_text()


def test_every_invariant_is_listed() -> None:
    found = 0
    for source in sorted((ROOT / "contracts").rglob("*.sol")):
        for guarantee in re.findall(r"@custom:invariant (.*)", source.read_text()):
            assert guarantee in LIST, f"{source.name}: {guarantee}"
            found += 1
    assert found


def test_every_test_that_is_named_exists() -> None:
    tests = "\n".join(path.read_text() for path in (ROOT / "tests").rglob("test_*.py"))
    named = re.findall(r"`(test_\w+)`", LIST)
    assert named
    for name in named:
        assert f"def {name}(" in tests, name
