"""The officials' guide names what is there."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[3]
GUIDE = ROOT / "docs" / "guides" / "official.md"
TEXT = GUIDE.read_text()
SCRIPTS = {path.stem for path in (ROOT / "scripts").glob("*.py")} - {"__init__", "session"}


def test_guide_names_every_script_and_no_other() -> None:
    run = set(re.findall(r"brownie run (\w+) main", TEXT))
    assert run == SCRIPTS


def test_guide_names_every_variable_and_no_other() -> None:
    session = (ROOT / "scripts" / "session.py").read_text()
    assert set(re.findall(r'"(VECHE_\w+)"', session)) == set(re.findall(r"VECHE_[A-Z_]+", TEXT))


def test_links_lead_somewhere() -> None:
    for link in re.findall(r"\]\(([^)#]+)[^)]*\)", TEXT):
        assert (GUIDE.parent / link).exists(), link


def test_every_script_tells_how_it_is_run() -> None:
    for name in SCRIPTS:
        assert f"brownie run {name} main" in (ROOT / "scripts" / f"{name}.py").read_text()
