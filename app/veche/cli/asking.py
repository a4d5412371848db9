"""Questions to people in a terminal. They go to stderr: stdout is for what a command finds."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from getpass import GetPassWarning, getpass
from pathlib import Path
from select import select
from warnings import catch_warnings

import typer

from veche.cli import new_files
from veche.cli.output import broken, plain, show, stderr
from veche.errors import InvalidFile, NoPassword


def has_terminal() -> bool:
    """Whether there is a terminal to ask in."""
    return sys.stdin is not None and sys.stdin.isatty()


def require_terminal(instead: str) -> None:
    """Requires a terminal to ask in.

    Args:
        instead: what to give on the command line without one.

    Raises:
        typer.BadParameter: there is no terminal.
    """
    if not has_terminal():
        raise typer.BadParameter(f"there is no terminal to ask in: {instead}")


def line(question: str) -> str:
    """An answer of one line, without blanks at either end."""
    *above, last = broken(question, stderr.width - 1)
    show(stderr, *above)
    stderr.print(plain(f"{last} "), end="", soft_wrap=True)
    return input().strip()


def is_enter_pressed(*, within: float) -> bool:
    """Whether somebody presses Enter in a terminal within so many seconds."""
    awaited = [sys.stdin] if has_terminal() else []
    is_pressed = bool(select(awaited, [], [], within)[0])
    if is_pressed:
        sys.stdin.readline()
    return is_pressed


def agrees(question: str) -> bool:
    """Whether the answer is yes. Where nobody answers, it is no."""
    try:
        return line(f"{question} [y/N]").lower() in ("y", "yes")
    except EOFError:
        return False


def one_of(question: str, answers: Sequence[str]) -> str:
    """The answer, which is one of `answers`. Asks until one of them is given."""
    while True:
        answer = line(f"{question} ({', '.join(answers)})").lower()
        if answer in answers:
            return answer
        show(stderr, f"Type one of: {', '.join(answers)}")


def new_file() -> Path:
    """The path of a file that does not exist yet. Asks until one is given."""
    while True:
        path = Path(line("Into which file? It must be new:"))
        try:
            new_files.require_new(path)
        except InvalidFile as error:
            show(stderr, f"{error}. {error.remedy}")
        else:
            return path


def password(question: str) -> str:
    """A password, not shown while it is typed. Asks until it is not empty.

    Raises:
        NoPassword: the terminal cannot hide what is typed.
    """
    while True:
        answer = _hidden(f"{question}: ")
        if answer:
            return answer
        show(stderr, "A password cannot be empty.")


def _hidden(prompt: str) -> str:
    try:
        with catch_warnings(action="error", category=GetPassWarning):
            return getpass(prompt)
    except GetPassWarning as error:
        raise NoPassword("this terminal would show the password while it is typed") from error


def new_password(question: str) -> str:
    """A password that was typed twice. Asks until both agree."""
    while True:
        answer = password(question)
        if password("The same again") == answer:
            return answer
        show(stderr, "These two differ.")
