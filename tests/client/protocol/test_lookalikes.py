"""Texts that look alike, and texts that only have something in common."""

from __future__ import annotations

import pytest

from veche.protocol.content import Content, QuestionTexts
from veche.protocol.lookalikes import doubts, in_content, skeleton


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Oak", "Оak"),  # Cyrillic О
        ("Oak", "Οak"),  # Greek Ο
        ("cope", "соре"),  # all of it Cyrillic
        ("Oak", "Ｏａｋ"),  # full width
        ("Oak", "Oak\ufe0f"),
        ("Oak", "Oak\u3164"),
        ("Plan I", "Plan l"),
        ("Plan 1", "Plan |"),
        ("NO", "N0"),
        ("barn", "bam"),
        ("a-b", "a–b"),
        ("Café", "Cafe\u0301"),
        ("Oui ?", "Oui\u202f?"),
        ("میخواهم", "می\u200cخواهم"),
    ],
)
def test_texts_that_look_alike_are_doubted(one: str, other: str) -> None:
    assert skeleton(one) == skeleton(other)
    ((index, doubt),) = doubts(["Lime", one, other])
    assert index == 2
    assert f"looks like number 2, '{one}'" in doubt


@pytest.mark.parametrize(
    "texts",
    [
        ["Lime", "Oak", "Maple"],
        ["Да", "Нет", "ДА"],
        ["К", "к"],
        ["Oak", "oak", "Oaks"],
        ["10 trees", "100 trees"],
        ["C", "C++"],
        ["T-рубашка", "5 μm, 3 kΩ", "IT-отдел"],
        ["日本", "日木"],
    ],
)
def test_texts_that_differ_are_not_doubted(texts: list[str]) -> None:
    assert not list(doubts(texts))


def test_word_of_two_alphabets_is_doubted() -> None:
    ((index, doubt),) = doubts(["Lime", "Оak tree"])
    assert index == 1
    assert doubt == "has Latin and Cyrillic letters in one word: 'Оak tree'"


def test_voters_are_told_which_question_and_option_is_meant() -> None:
    tree = QuestionTexts("Which tree?", ("Oak", "Оak"))
    assert list(in_content(Content("", "", (tree, QuestionTexts("Whiсh tree?", ("A", "B")))))) == [
        "question 2 looks like number 1, 'Which tree?'",
        "option 2 of 'Which tree?' looks like number 1, 'Oak'",
    ]
