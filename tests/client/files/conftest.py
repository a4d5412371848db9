"""A folder with a roll, for the polls that tests write into it."""

from __future__ import annotations

from pathlib import Path

import pytest


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    roll = "\n".join(["address,weight", *(f"0x{each:040x},{each}" for each in range(1, 6))])
    (tmp_path / "roll.csv").write_text(roll)
    return tmp_path
