"""The officials' guide names what is there."""

from __future__ import annotations

import re
from pathlib import Path

from veche.cli.official import app

ROOT = Path(__file__).parents[3]
GUIDE = ROOT / "docs" / "guides" / "official.md"
TEXT = GUIDE.read_text()
SCRIPTS = {path.stem for path in (ROOT / "scripts").glob("*.py")} - {"__init__", "session"}


def test_guide_names_every_script_and_no_other() -> None:
    run = set(re.findall(r"brownie run (\w+) main", TEXT))
    assert run == SCRIPTS


def test_guide_names_every_command_and_no_other() -> None:
    verbs = {each.callback.__name__.replace("_", "-") for each in app.registered_commands}  # type: ignore[union-attr]
    assert set(re.findall(r"veche official ([a-z-]+)", TEXT)) == verbs


def test_every_script_is_a_command_too() -> None:
    verbs = {each.callback.__name__ for each in app.registered_commands}  # type: ignore[union-attr]
    assert verbs >= SCRIPTS


def test_guide_names_every_variable_of_the_scripts_and_none_that_is_not_read() -> None:
    session = (ROOT / "scripts" / "session.py").read_text()
    commands = "".join(each.read_text() for each in (ROOT / "app" / "veche" / "cli").glob("*.py"))
    named = set(re.findall(r"VECHE_[A-Z_]+", TEXT))
    of_scripts = set(re.findall(r'"(VECHE_\w+)"', session))
    assert of_scripts <= named <= of_scripts | set(re.findall(r'"(VECHE_\w+)"', commands))


def test_links_lead_somewhere() -> None:
    for link in re.findall(r"\]\(([^)#]+)[^)]*\)", TEXT):
        assert (GUIDE.parent / link).exists(), link


def test_every_script_tells_how_it_is_run() -> None:
    for name in SCRIPTS:
        assert f"brownie run {name} main" in (ROOT / "scripts" / f"{name}.py").read_text()
