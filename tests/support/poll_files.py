"""Polls as officials write them, to be changed into hostile ones."""

from __future__ import annotations

from pathlib import Path

HEAD = """id = "oak-street-trees"
title = "Trees for Oak Street"
opens = 2026-12-01T09:00:00+03:00
closes = 2026-12-08T21:00:00+03:00
board = "city-2026"
roll = "roll.csv"
"""
TREE = """[[questions]]
text = "Which tree?"
kind = "choose one"
options = ["Lime", "Oak", "Maple"]
"""
FIRST = HEAD.count("\n") + 1
"""The line of the first question; its text, kind and options stand in the next three."""
VOTERS = 5


def write(folder: Path, text: str) -> Path:
    path = folder / "poll.toml"
    path.write_text(text)
    return path


def question(kind: str, options: int = 3, more: str = "", text: str = "Which?") -> str:
    names = ", ".join(f'"{number}"' for number in range(options))
    return f'[[questions]]\ntext = "{text}"\nkind = "{kind}"\noptions = [{names}]\n{more}\n'


def changed(old: str, new: str) -> str:
    text = HEAD + TREE
    assert old in text
    return text.replace(old, new)
