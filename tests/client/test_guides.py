"""The commands that README and guides print are commands, with options that they have."""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from typing import Any

import pytest
import typer.main

from veche.cli.commands import app

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
COMMAND: Any = typer.main.get_command(app)


def printed(page: Path) -> list[str]:
    """The lines of a page's shell blocks that call the command."""
    blocks = re.findall(r"```sh\n(.*?)```", page.read_text(), re.DOTALL)
    lines = [line.strip() for block in blocks for line in block.splitlines()]
    return [line for line in lines if line.startswith("veche ")]


LINES = [(page.name, line) for page in PAGES for line in printed(page)]


@pytest.mark.parametrize(("page", "line"), LINES)
def test_printed_command_is_one(page: str, line: str) -> None:
    words = shlex.split(line, comments=True)[1:]
    command = COMMAND
    while hasattr(command, "commands"):
        word = words.pop(0)
        assert word in command.commands, f"{page}: {line}"
        command = command.commands[word]
    known = {name for parameter in command.params for name in parameter.opts}
    used = {word for word in words if word.startswith("--")}
    assert used <= known, f"{page}: {line}"


def test_guides_print_commands_for_everybody() -> None:
    pages = {page for page, _ in LINES}
    assert {"trustee.md", "voter.md", "observer.md"} <= pages
