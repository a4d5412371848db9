"""The texts of polls, honest and hostile; votes and results by text."""

from __future__ import annotations

import json
from typing import Any

import pytest

from support.vector_files import load
from veche.crypto.questions import Question, Questions
from veche.errors import InvalidChoices, InvalidContent
from veche.protocol.content import Content, QuestionTexts, kind
from veche.protocol.rules import PASS_OF, QUORUM_OF, Rule

TREES = QuestionTexts("Which tree?", ("Lime", "Oak"))
BENCHES = QuestionTexts("Which benches?", ("Wood", "Steel", "Stone"))
CONTENT = Content("Деревья", "For Oak Street\nin spring", (TREES, BENCHES))
QUESTIONS = Questions.of((2, 1, 1, 1), (3, 5, 0, 15))


def test_texts_come_back_as_they_were() -> None:
    assert Content.decode(CONTENT.encoded, QUESTIONS) == CONTENT
    assert "Деревья" in CONTENT.encoded


RULED = Content(
    "Trees",
    "",
    (QuestionTexts("Which?", ("Yes", "No"), Rule.parse("more than 1/2 of votes", PASS_OF), "No"),),
    Rule.parse("at least 25% of voters", QUORUM_OF),
)


def test_rules_come_back_as_they_were() -> None:
    assert Content.decode(RULED.encoded, Questions.of((2, 1, 1, 1))) == RULED


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("at least 25% of voters", "at least 25% of votes"),
        ("more than 1/2 of votes", "more than 1/2 of voters"),
        ('"more than 1/2 of votes"', "[]"),
        ('"more than 1/2 of votes"', "null"),
        ('"blank":"No"', '"blank":"Nobody"'),
        ('"blank":"No"', '"blank":1'),
    ],
)
def test_decoding_fails_if_a_rule_is_none(old: str, new: str) -> None:
    assert old in RULED.encoded
    with pytest.raises(InvalidContent):
        Content.decode(RULED.encoded.replace(old, new), Questions.of((2, 1, 1, 1)))


def test_decoding_fails_if_options_with_scores_could_pass() -> None:
    with pytest.raises(InvalidContent):
        Content.decode(RULED.encoded, Questions.of((2, 5, 0, 10)))


def changed(part: str, value: object) -> str:
    return json.dumps(json.loads(CONTENT.encoded) | {part: value})


@pytest.mark.parametrize(
    "document",
    [
        "",
        "{",
        "[]",
        "null",
        '"words"',
        "[" * 100_000,
        changed("title", 1),
        changed("title", "\x1b[2Jnothing"),
        changed("title", "\u202etrees"),
        changed("title", "\ud800"),
        changed("title", "Trees\nAll 22 checks hold"),
        changed("questions", [{"text": "Which\ntree?", "options": ["Lime", "Oak"]}]),
        changed("questions", [{"text": "Which tree?", "options": ["Lime", "Oak\nElm"]}]),
        changed("description", None),
        changed("questions", None),
        changed("questions", {}),
        changed("questions", ["Which tree?"]),
        changed("questions", [{"text": "Which tree?", "options": [1, 2]}]),
    ],
    ids=range(18),
)
def test_decoding_fails_if_the_document_is_malformed(document: str) -> None:
    with pytest.raises(InvalidContent):
        Content.decode(document, QUESTIONS)


@pytest.mark.parametrize("case", load("poll_texts")["cases"], ids=lambda each: each["name"])
def test_texts_of_the_vectors_are_shown_or_not(case: Any) -> None:
    questions = Questions.of(*map(tuple, load("poll_texts")["questions"]))
    if case["shown"]:
        assert Content.decode(case["content"], questions).questions
        return
    with pytest.raises(InvalidContent):
        Content.decode(case["content"], questions)


@pytest.mark.parametrize(
    "questions",
    [
        (TREES,),
        (BENCHES, TREES),
        (TREES, QuestionTexts("Which benches?", ("Wood", "Steel"))),
        (TREES, QuestionTexts("Which benches?", ("Wood", "Steel", "Wood"))),
    ],
)
def test_decoding_fails_if_texts_do_not_fit_the_limits(
    questions: tuple[QuestionTexts, ...],
) -> None:
    with pytest.raises(InvalidContent):
        Content.decode(Content("", "", questions).encoded, QUESTIONS)


def test_decoding_fails_if_two_questions_are_the_same() -> None:
    twice = Content("", "", (TREES, TREES)).encoded
    with pytest.raises(InvalidContent, match="same text"):
        Content.decode(twice, Questions.of((2, 1, 1, 1), (2, 1, 1, 1)))


# -- Votes --


@pytest.mark.parametrize(
    ("choices", "scores"),
    [
        ({}, [0, 0, 0, 0, 0]),
        ({"Which tree?": "Oak"}, [0, 1, 0, 0, 0]),
        ({"Which tree?": ["Lime"], "Which benches?": ["Stone", "Wood"]}, [1, 0, 1, 0, 1]),
        ({"Which benches?": {"Steel": 4}}, [0, 0, 0, 4, 0]),
    ],
)
def test_choices_become_scores(choices: dict[str, Any], scores: list[int]) -> None:
    assert CONTENT.scores(choices) == scores


@pytest.mark.parametrize(
    "choices",
    [
        {"Which bush?": "Oak"},
        {"Which tree?": "Elm"},
        {"Which tree?": ["Oak", "Elm"]},
        {"Which benches?": {"Elm": 1}},
        {"Which tree?": ["Oak", "Oak"]},
    ],
)
def test_choices_fail_if_the_poll_has_no_such_question_or_option(choices: dict[str, Any]) -> None:
    with pytest.raises(InvalidChoices):
        CONTENT.scores(choices)


def test_scores_are_given_by_text() -> None:
    assert CONTENT.by_text([1, 2, 3, 4, 5]) == {
        "Which tree?": {"Lime": 1, "Oak": 2},
        "Which benches?": {"Wood": 3, "Steel": 4, "Stone": 5},
    }


@pytest.mark.parametrize(
    ("limits", "said"),
    [
        ((3, 1, 1, 1), "choose one"),
        ((3, 1, 0, 2), "choose up to 2"),
        ((3, 1, 2, 2), "choose 2"),
        ((3, 1, 1, 2), "choose 1 to 2"),
        ((3, 1, 1, 3), "choose 1 to 3"),
        ((3, 1, 0, 3), "approve of any number"),
        ((3, 1, 0, 0), "choose 0"),
        ((3, 5, 0, 15), "score each 0 to 5"),
        ((3, 5, 5, 5), "give 5 points in all"),
        ((3, 5, 2, 9), "score each 0 to 5, 2 to 9 in all"),
    ],
)
def test_kind_says_what_voters_may_give(limits: tuple[int, int, int, int], said: str) -> None:
    assert kind(Question(*limits)) == said
