"""docs/errors.md lists every exception, with a remedy that names commands that exist."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from support.exceptions import CLASSES, drawn
from veche.cli.commands import app
from veche.errors import Refused, VecheError, WrongBoardPhase, WrongPhase

ROOT = Path(__file__).parents[3]
PAGE = (ROOT / "docs" / "errors.md").read_text()
TREE, OF_A_BROWSER = PAGE.split("## Errors of a browser, or of a wallet in it")

COMMANDS = {
    *(f"veche {each.callback.__name__}" for each in app.registered_commands if each.callback),
    *(
        f"veche {group.name} {each.name or each.callback.__name__.replace('_', '-')}"
        for group in app.registered_groups
        for each in (group.typer_instance or app).registered_commands
        if each.callback
    ),
}


def test_page_has_a_section_for_every_exception_in_the_order_of_the_tree() -> None:
    assert named(TREE) == ["VecheError", *drawn()]


def test_every_error_of_the_page_is_in_the_tree_or_in_the_section_of_browsers() -> None:
    sources = (ROOT / "web" / "src" / "errors").glob("*.ts")
    text = "\n".join(each.read_text() for each in sources)
    names = set(re.findall(r'override readonly name(?:: string)? = "(\w+)"', text))
    assert len(names) > 50
    assert names - {each.__name__ for each in CLASSES} == set(named(OF_A_BROWSER))


def named(text: str) -> list[str]:
    """The errors that have a section in a part of the page."""
    return re.findall(r"^### (\w+)$", text, re.MULTILINE)


@pytest.mark.parametrize("error", CLASSES, ids=lambda each: each.__name__)
def test_remedy_is_a_sentence(error: type[VecheError]) -> None:
    assert re.fullmatch(r"[A-Z].+\.", error.remedy)
    assert "  " not in error.remedy


@pytest.mark.parametrize("error", CLASSES, ids=lambda each: each.__name__)
def test_remedy_names_only_commands_that_exist(error: type[VecheError]) -> None:
    targets = re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE)
    for command in re.findall(r"`((?:veche|brownie|make)\b[^`]*)`", error.remedy):
        match command.split():
            case ["make", target]:
                assert target in targets
            case words:
                assert COMMANDS & {" ".join(words[:2]), " ".join(words[:3])}, command


@pytest.mark.parametrize("error", CLASSES, ids=lambda each: each.__name__)
def test_exit_code_is_in_the_table(error: type[VecheError]) -> None:
    codes = re.findall(r"^\| (\d+) \| ", PAGE, re.MULTILINE)
    assert str(error.exit_code) in codes
    assert error.exit_code != 0


@pytest.mark.parametrize("error", [WrongPhase, WrongBoardPhase])
def test_phase_that_is_over_has_another_exit_code(error: type[Refused]) -> None:
    assert (error(1, 0).exit_code, error(1, 2).exit_code) == (8, 4)
    section = PAGE.partition(f"### {error.__name__}\n")[2].partition("###")[0]
    assert "Exit code 8, or 4 if it is too late." in section
