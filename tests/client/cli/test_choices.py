"""What `--choose` gives to the questions of a poll."""

from __future__ import annotations

from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any

import pytest

from veche.cli.choices import from_options
from veche.crypto.questions import Questions
from veche.errors import InvalidChoices
from veche.protocol.content import Content, QuestionTexts

TREE = QuestionTexts("Which tree?", ("Lime", "Oak", "a=b"))
SCORES = QuestionTexts("Which tree?=really", ("Lime", "Stone = granite"))


def a_poll(*questions: tuple[QuestionTexts, tuple[int, int, int, int]]) -> Any:
    limits = Questions.of(*(each for _, each in questions))
    texts = Content("", "", tuple(each for each, _ in questions))
    return SimpleNamespace(texts=texts, definition=SimpleNamespace(questions=limits))


ONE = a_poll((TREE, (3, 1, 1, 1)))
NUMBERS = a_poll((QuestionTexts("How many?", ("2", "3", "1")), (3, 1, 1, 1)))
CASES = a_poll((QuestionTexts("Who?", ("IT", "it")), (2, 1, 1, 1)))
SCORE = a_poll((SCORES, (2, 5, 0, 10)))
BOTH = a_poll((TREE, (3, 1, 0, 2)), (SCORES, (2, 5, 0, 10)))


@pytest.mark.parametrize(
    ("poll", "choose", "given"),
    [
        (ONE, ["Lime"], {"Which tree?": {"Lime": 1}}),
        (ONE, ["lime"], {"Which tree?": {"Lime": 1}}),
        (ONE, ["which tree?=OAK"], {"Which tree?": {"Oak": 1}}),
        (CASES, ["it"], {"Who?": {"it": 1}}),
        (ONE, ["Which tree?=Lime"], {"Which tree?": {"Lime": 1}}),
        (ONE, ["a=b"], {"Which tree?": {"a=b": 1}}),
        (ONE, ["2"], {"Which tree?": {"Oak": 1}}),
        (ONE, ["Which tree?=3"], {"Which tree?": {"a=b": 1}}),
        (SCORE, ["2=5"], {SCORES.text: {"Stone = granite": 5}}),
        (NUMBERS, ["2"], {"How many?": {"2": 1}}),
        (SCORE, ["Stone = granite=3"], {SCORES.text: {"Stone = granite": 3}}),
        (SCORE, [], {SCORES.text: {}}),
        (
            BOTH,
            ["Which tree?=a=b", "Which tree?=Oak", "Which tree?=really=Lime=5"],
            {"Which tree?": {"a=b": 1, "Oak": 1}, SCORES.text: {"Lime": 5}},
        ),
    ],
)
def test_options_name_choices(poll: Any, choose: Sequence[str], given: Any) -> None:
    assert from_options(poll, choose) == given


COFFEE = QuestionTexts("Quel café\u202f?", ("Le grand café", "Th\u0065\u0301"))
DRINK = a_poll((COFFEE, (2, 1, 1, 1)))
TWINS = a_poll((QuestionTexts("Which?", ("Caf\u00e9", "Cafe\u0301")), (2, 1, 1, 1)))


@pytest.mark.parametrize(
    ("typed", "option"),
    [
        ("Le grand cafe\u0301", COFFEE.options[0]),
        ("Le\u00a0grand caf\u00e9", COFFEE.options[0]),
        ("Th\u00e9", COFFEE.options[1]),
        ("Quel cafe\u0301 ?=Th\u00e9", COFFEE.options[1]),
        (f"{COFFEE.text}=Th\u00e9", COFFEE.options[1]),
    ],
)
def test_option_is_meant_on_whatever_keyboard_it_is_typed(typed: str, option: str) -> None:
    assert from_options(DRINK, [typed]) == {COFFEE.text: {option: 1}}


@pytest.mark.parametrize("option", ["Caf\u00e9", "Cafe\u0301"])
def test_option_is_meant_exactly_if_two_look_the_same(option: str) -> None:
    assert from_options(TWINS, [option]) == {"Which?": {option: 1}}
    with pytest.raises(InvalidChoices):
        from_options(TWINS, ["Caf\u00e9 "])


@pytest.mark.parametrize(
    ("poll", "choose"),
    [
        (ONE, []),
        (ONE, ["limes"]),
        (CASES, ["It"]),
        (ONE, ["0"]),
        (ONE, ["4"]),
        (ONE, ["²"]),
        (ONE, ["Which bush?=Lime"]),
        (ONE, ["Lime", "Oak"]),
        (ONE, ["Lime", "Lime"]),
        (ONE, ["Lime=1"]),
        (SCORE, ["Lime"]),
        (SCORE, ["Lime=6"]),
        (SCORE, ["Lime=-1"]),
        (SCORE, ["Lime=²"]),
        (SCORE, ["Lime=99999999999999999999"]),
        (BOTH, ["Lime"]),
        (BOTH, ["Which tree?=Lime", "Which tree?=Oak", "Which tree?=a=b"]),
    ],
)
def test_options_are_refused_if_the_question_is_another(poll: Any, choose: Sequence[str]) -> None:
    with pytest.raises(InvalidChoices):
        from_options(poll, choose)
