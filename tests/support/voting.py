"""Votes by options of `veche vote`."""

from __future__ import annotations

from pathlib import Path

from support.commands import Ended, Shell
from veche.crypto.questions import Questions
from veche.protocol.content import Content, QuestionTexts

LIME_AND_WOOD = ("--choose", "Which tree?=Lime", "--choose", "Which benches?=Wood")

SCORES = Content("Benches", "", (QuestionTexts("Which benches?", ("Wood", "Stone")),))
UP_TO_FIVE = Questions.of((2, 5, 0, 10))


def vote(shell: Shell, key: Path, *more: object, poll: str = "trees") -> Ended:
    return shell.veche("vote", poll, "--keystore", key, *more)
