"""What is asked in a terminal. Questions go to stderr, so that stdout has results alone."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from getpass import getpass
from pathlib import Path

import typer

from veche.cli import files
from veche.cli.output import plain, stderr
from veche.errors import InvalidFile


def somebody() -> bool:
    """Whether there is a terminal with somebody who can answer."""
    return sys.stdin is not None and sys.stdin.isatty()


def require_somebody(instead: str) -> None:
    """Refuses to ask where nobody answers.

    Args:
        instead: what to give on the command line, in words.
    """
    if not somebody():
        raise typer.BadParameter(f"there is no terminal to ask in: {instead}")


def line(question: str) -> str:
    """An answer of one line, without the blanks around it."""
    stderr.print(plain(f"{question} "), end="", soft_wrap=True)
    return input().strip()


def one_of(question: str, answers: Sequence[str]) -> str:
    """One of these answers, asked again until it is."""
    while True:
        answer = line(f"{question} ({', '.join(answers)})").lower()
        if answer in answers:
            return answer
        stderr.print(plain(f"Type one of: {', '.join(answers)}"))


def new_file() -> Path:
    """A file that is not there yet; asked again until it is one."""
    while True:
        path = Path(line("Into which file? It must be new:"))
        try:
            files.require_new(path)
        except InvalidFile as error:
            stderr.print(plain(str(error)), soft_wrap=True)
        else:
            return path


def password(question: str) -> str:
    """A password, which is not shown; asked again while it is empty."""
    while True:
        answer = getpass(f"{question}: ")
        if answer:
            return answer
        stderr.print(plain("A password cannot be empty."))


def new_password(question: str) -> str:
    """A password typed twice; both are asked again until they agree."""
    while True:
        answer = password(question)
        if password("The same again") == answer:
            return answer
        stderr.print(plain("These two differ."))
