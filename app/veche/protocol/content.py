"""The texts of a poll: title, description, questions and their options (PROTOCOL §3).

They stand on chain as one JSON document, next to the numbers that say what voters may give.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from veche.crypto.questions import Question, Questions
from veche.errors import InvalidChoices, InvalidContent

Choice: TypeAlias = str | Sequence[str] | Mapping[str, int]
"""What a voter gives to a question: an option, several, or a score for each."""

Scores: TypeAlias = dict[str, dict[str, int]]
"""The score of every option, by question."""


@dataclass(frozen=True, slots=True)
class QuestionTexts:
    """A question and its options, as voters read them."""

    text: str
    options: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Content:
    """The texts of a poll.

    Attributes:
        title: of the poll.
        description: anything more that voters should know; may be empty.
        questions: in order; no two have the same text, no two options of one the same name.
    """

    title: str
    description: str
    questions: tuple[QuestionTexts, ...]

    @property
    def encoded(self) -> str:
        """The JSON document, as it stands on chain."""
        document = {
            "title": self.title,
            "description": self.description,
            "questions": [
                {"text": each.text, "options": list(each.options)} for each in self.questions
            ],
        }
        return json.dumps(document, ensure_ascii=False, separators=(",", ":"))

    @classmethod
    def decode(cls, document: str, questions: Questions) -> Content:
        """The texts in a JSON document, for questions with these limits.

        Raises:
            InvalidContent: it is no such document, or the texts do not fit the limits.
        """
        try:
            raw = json.loads(document)
            content = cls(
                _text(raw["title"]),
                _text(raw["description"]),
                tuple(
                    QuestionTexts(_text(each["text"]), tuple(map(_text, each["options"])))
                    for each in raw["questions"]
                ),
            )
        except (ValueError, KeyError, TypeError, RecursionError) as error:
            raise InvalidContent(
                "the texts of this poll are no JSON document with title, description and questions"
            ) from error
        content.require_fit(questions)
        return content

    def require_fit(self, questions: Questions) -> None:
        """Refuses texts that do not belong to these limits.

        Raises:
            InvalidContent: they do not.
        """
        expected = [each.options for each in questions]
        if [len(each.options) for each in self.questions] != expected:
            raise InvalidContent(f"the texts are not those of questions with {expected} options")
        _require_distinct([each.text for each in self.questions], "questions")
        for question in self.questions:
            _require_distinct(question.options, f"options of {question.text!r}")

    def __iter__(self) -> Iterator[QuestionTexts]:
        return iter(self.questions)

    # -- Votes and results --

    def scores(self, choices: Mapping[str, Choice]) -> list[int]:
        """The score of every choice of the poll, from what a voter gives by the texts.

        A question that is left out gets nothing. Whether the questions allow the scores is for
        them to say.

        Raises:
            InvalidChoices: a question or option is not in the poll, or is named twice.
        """
        _require_known(choices, [each.text for each in self.questions], "question")
        return [
            score
            for question in self.questions
            for score in _given(choices.get(question.text, ()), question)
        ]

    def by_text(self, scores: Sequence[int]) -> Scores:
        """The score of every option, by question, from those of every choice in order."""
        left = iter(scores)
        return {
            question.text: {option: next(left) for option in question.options}
            for question in self.questions
        }


def kind(question: Question) -> str:
    """What voters may give to a question, in texts."""
    n, limit, low, high = question.limits
    if limit == 1 and low == high == 1:
        return "choose one"
    if limit == 1 and low == 0 and high == n:
        return "approve of any number"
    if limit == 1:
        return f"choose {low} to {high}" if low not in (0, high) else f"choose {_up_to(low, high)}"
    if low == high == limit:
        return f"give {limit} points in all"
    if not question.proves_total:
        return f"score each 0 to {limit}"
    return f"score each 0 to {limit}, {low} to {high} in all"


def _up_to(low: int, high: int) -> str:
    return str(high) if low == high else f"up to {high}"


def _text(value: Any) -> str:  # noqa: ANN401  # anything may stand in a document from outside
    if not isinstance(value, str) or not is_readable(value):
        raise InvalidContent(f"the texts of this poll have {value!r} where a text must be")
    return value


def is_readable(text: str) -> bool:
    """Whether a text can be shown as it is: nothing in it steers a terminal or hides."""
    return all(each.isprintable() or each == "\n" for each in text)


def _require_distinct(names: Sequence[str], what: str) -> None:
    if len(set(names)) != len(names):
        raise InvalidContent(f"two {what} have the same text")


def _given(choice: Choice, question: QuestionTexts) -> list[int]:
    """The score of every option of a question."""
    if isinstance(choice, str):
        choice = [choice]
    _require_known(choice, question.options, f"option of {question.text!r}")
    if isinstance(choice, Mapping):
        return [choice.get(option, 0) for option in question.options]
    if len(set(choice)) != len(choice):
        raise InvalidChoices(f"an option of {question.text!r} is named twice")
    return [int(option in choice) for option in question.options]


def _require_known(
    named: Sequence[str] | Mapping[str, Any], known: Sequence[str], what: str
) -> None:
    for name in named:
        if name not in known:
            raise InvalidChoices(
                f"there is no {what} called {name!r}: there are {', '.join(known)}"
            )
