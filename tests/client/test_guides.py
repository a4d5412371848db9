"""The commands that pages print are commands, and can be given as they are printed; messages,
remedies and help name none but commands with their options.
"""

from __future__ import annotations

import ast
import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer.main

from veche.cli.commands import app

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
COMMAND: Any = typer.main.get_command(app)

ADDRESS, HASH = "0x" + "11" * 20, "0x" + "22" * 32
FILLED_IN = {"@1#0x…": f"@1#{HASH}", "--expect 0x…": f"--expect {HASH}", "0x…": ADDRESS}
"""What stands for a place that a page leaves open, in this order."""


def printed(page: Path) -> list[str]:
    """The lines of a page's shell blocks that call the command, up to the next pipe."""
    blocks = re.findall(r"```sh\n(.*?)```", page.read_text(), re.DOTALL)
    lines = [line.strip() for block in blocks for line in block.splitlines()]
    called = [line[line.find("veche ") :] for line in lines if re.search(r"(^|\| )veche ", line)]
    return [line.partition(" | ")[0] for line in called]


def mentioned(page: Path) -> list[str]:
    """What a page's text has of commands, which may be parts of them."""
    text = re.sub(r"```.*?```", "", page.read_text(), flags=re.DOTALL)
    return re.findall(r"`(veche [^`]+)`", text)


def texts_of(path: Path) -> Iterator[str]:
    """The texts in a Python file, each with … for what is filled in."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.JoinedStr):
            yield "".join(
                str(each.value) if isinstance(each, ast.Constant) else "…" for each in node.values
            )
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


def told(path: Path) -> set[str]:
    """What messages, remedies and help in a Python file have of commands."""
    texts = [*texts_of(path)]
    quoted = [each for text in texts for each in re.findall(r"`(veche\s[^`]+)`", text)]
    shown = [each for text in texts for each in re.findall(r"\b(?:Example|run): +(veche .*)", text)]
    return {" ".join(each.split()) for each in quoted + shown}


def words_of(line: str) -> list[str]:
    for place, filled in FILLED_IN.items():
        line = line.replace(place, filled)
    return shlex.split(line)[1:]


def command_of(words: list[str]) -> tuple[Any, list[str]]:
    """The command that words call, and what they give it."""
    command, rest = COMMAND, list(words)
    while hasattr(command, "commands") and rest and not rest[0].startswith("-"):
        if hasattr(command, "otherwise") and rest[0] not in command.commands:
            break
        assert rest[0] in command.commands, words
        command = command.commands[rest.pop(0)]
    if rest and hasattr(command, "otherwise"):
        command = command.commands[command.otherwise]
    return command, rest


LINES = [(page.name, line) for page in PAGES for line in printed(page)]
PARTS = sorted({(page.name, part) for page in PAGES for part in mentioned(page)})
SOURCES = [*(ROOT / "app" / "veche").rglob("*.py"), *(ROOT / "scripts").glob("*.py")]
TOLD = sorted({(path.name, each) for path in SOURCES for each in told(path)})
SPELLED = re.compile(r"office\.command\(\s*['\"](\w+)")
VERBS = sorted({each for path in SOURCES for each in SPELLED.findall(path.read_text())})


@pytest.mark.parametrize(("page", "line"), LINES)
def test_printed_command_can_be_given(page: str, line: str) -> None:
    command, rest = command_of(words_of(line))
    assert not hasattr(command, "commands"), f"{page}: {line}"
    command.make_context(command.name, rest)  # refuses what is missing, unknown or no value


@pytest.mark.parametrize(("page", "part"), PARTS)
def test_mentioned_command_is_one(page: str, part: str) -> None:
    command, rest = command_of(words_of(part))
    known = {name for parameter in command.params for name in parameter.opts} | {"--help"}
    assert {each for each in rest if each.startswith("--")} <= known, f"{page}: {part}"


@pytest.mark.parametrize(("file", "part"), TOLD)
def test_command_in_a_message_is_one(file: str, part: str) -> None:
    test_mentioned_command_is_one(file, part)


@pytest.mark.parametrize("verb", VERBS)
def test_verb_that_officials_are_told_is_a_command(verb: str) -> None:
    command, _ = command_of(["official", verb.replace("_", "-")])
    assert not hasattr(command, "commands")


def test_messages_name_commands() -> None:
    remedies = {part for file, part in TOLD if file == "nodes.py"}
    assert {"veche vote --out FILE", "veche network join FILE"} <= remedies
    assert "publish_poll" in VERBS


def test_guides_print_commands_for_everybody() -> None:
    pages = {page for page, _ in LINES}
    assert {"trustee.md", "voter.md", "carrier.md", "observer.md"} <= pages
