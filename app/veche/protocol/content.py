"""The texts of a poll: title, description, questions and options (PROTOCOL §3).

On chain they are one JSON document, beside the limits of the questions.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from veche.crypto.questions import Question, Questions
from veche.errors import InvalidChoices, InvalidContent, InvalidDocument
from veche.protocol import plain
from veche.protocol.characters import quoted
from veche.protocol.rules import PASS_OF, QUORUM_OF, Rule
from veche.protocol.texts import document, listed, look, readable, require_distinct

Choice: TypeAlias = str | Sequence[str] | Mapping[str, int]
"""A voter's answer to a question: an option, several options, or a score for each option."""

Scores: TypeAlias = dict[str, dict[str, int]]
"""The score of every option, by question."""


@dataclass(frozen=True, slots=True)
class QuestionTexts:
    """A question and its options, as voters read them.

    Attributes:
        text: the question.
        options: in order, all different.
        passes: what an option needs to pass; None if the result only tells the scores.
        blank: the option that means "none of them", if there is one: it never leads nor passes.
    """

    text: str
    options: tuple[str, ...]
    passes: Rule | None = None
    blank: str | None = None

    @classmethod
    def from_plain(cls, fields: dict[str, Any]) -> QuestionTexts:
        """The texts in a part of a JSON document; raises as `Content.decode` does, and the errors
        of Python where a field is missing.
        """
        return cls(
            readable(fields["text"]),
            tuple(map(readable, listed(fields["options"]))),
            _rule(fields, "passes", PASS_OF),
            readable(fields["blank"]) if "blank" in fields else None,
        )

    @property
    def plain(self) -> dict[str, Any]:
        """The texts as a part of a JSON document."""
        fields: dict[str, Any] = {"text": self.text, "options": list(self.options)}
        fields |= {"passes": self.passes.text} if self.passes else {}
        return fields | ({} if self.blank is None else {"blank": self.blank})

    @property
    def rules(self) -> list[str]:
        """How officials decide by the result, in English, as far as they have said it."""
        said = [f"{self.passing}."] if self.passing else []
        return [*said, *([self.blank_vote] if self.blank_vote else [])]

    @property
    def passing(self) -> str:
        """What an option needs to pass, without a full stop; empty if nothing is asked for."""
        return f"To pass, an option needs {self.passes.text}" if self.passes else ""

    @property
    def blank_vote(self) -> str:
        """Which option is a blank vote; empty if none is."""
        if self.blank is None:
            return ""
        return f"{quoted(self.blank)} is a blank vote: it neither leads nor passes."

    def require_fit(self, limits: Question) -> None:
        """Refuses rules that do not fit the question; see `Content.require_fit`."""
        require_distinct(self.options, f"options of {quoted(self.text)}")
        if self.passes and limits.max_score > 1:
            raise InvalidContent(f"{quoted(self.text)} has scores, so no option can pass by votes")
        if self.blank is not None and self.blank not in self.options:
            raise InvalidContent(
                f"{quoted(self.text)} has no option {quoted(self.blank)}, its blank vote"
            )

    def named(self, text: str) -> str | None:
        """The option that somebody has typed, on whatever keyboard, and in capitals or not; None if
        no option is meant, or several may be.
        """
        if text in self.options:
            return text
        for form in (look, lambda each: look(each).casefold()):
            found = [each for each in self.options if form(each) == form(text)]
            if found:
                return found[0] if len(found) == 1 else None
        return None


@dataclass(frozen=True, slots=True)
class Content:
    """The texts of a poll.

    Attributes:
        title: the poll's title.
        description: what else voters should know; may be empty.
        questions: in order. All have different texts; so have all options of a question.
        quorum: how many must take part; None if the result counts however few do.
    """

    title: str
    description: str
    questions: tuple[QuestionTexts, ...]
    quorum: Rule | None = None

    @property
    def encoded(self) -> str:
        """The JSON document that stands on chain."""
        questions = [each.plain for each in self.questions]
        fields = {"title": self.title, "description": self.description, "questions": questions}
        return document(fields | ({"quorum": self.quorum.text} if self.quorum else {}))

    @classmethod
    def decode(cls, content: str, questions: Questions) -> Content:
        """The texts in a JSON document.

        Args:
            content: the JSON document that stands on chain.
            questions: the questions' limits.

        Raises:
            InvalidContent: the document is not that of a poll's texts, or they do not fit the
                limits.
        """
        try:
            raw = plain.parse(content)
            texts = cls(
                readable(raw["title"]),
                readable(raw["description"], lines=True),
                tuple(map(QuestionTexts.from_plain, listed(raw["questions"]))),
                _rule(raw, "quorum", QUORUM_OF),
            )
        except (InvalidDocument, KeyError, TypeError) as error:
            raise InvalidContent(
                "this poll's texts are not a JSON document with title, description and questions"
            ) from error
        texts.require_fit(questions)
        return texts

    def require_fit(self, questions: Questions) -> None:
        """Refuses texts that do not fit the questions.

        Raises:
            InvalidContent: a question has more or fewer options than its limits say; or two
                questions, or two options of a question, have the same text; or what an option needs
                to pass cannot be told from scores; or the blank vote is no option.
        """
        expected = [each.options for each in questions]
        if [len(each.options) for each in self.questions] != expected:
            raise InvalidContent(f"the texts do not fit questions with {expected} options")
        require_distinct([each.text for each in self.questions], "questions")
        for question, limits in zip(self.questions, questions, strict=True):
            question.require_fit(limits)

    def __iter__(self) -> Iterator[QuestionTexts]:
        return iter(self.questions)

    # -- Votes and results --

    def scores(self, choices: Mapping[str, Choice]) -> list[int]:
        """The score of every choice of the poll, from a voter's answers.

        A question that is left out gets nothing. This does not check that the questions allow the
        scores.

        Args:
            choices: the voter's answers, by the texts of the questions.

        Raises:
            InvalidChoices: the poll has no such question or option, or an option is named twice.
        """
        _require_known(choices, [each.text for each in self.questions], "question")
        return [
            score
            for question in self.questions
            for score in _given(choices.get(question.text, ()), question)
        ]

    def by_text(self, scores: Sequence[int]) -> Scores:
        """The score of every option, by question.

        Args:
            scores: the score of every choice of the poll, in order.
        """
        left = iter(scores)
        return {
            question.text: {option: next(left) for option in question.options}
            for question in self.questions
        }


def _rule(fields: dict[str, Any], name: str, wholes: Sequence[str]) -> Rule | None:
    return Rule.parse(readable(fields[name]), wholes) if name in fields else None


def kind(question: Question) -> str:
    """What voters may give to a question, in English."""
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


def _given(choice: Choice, question: QuestionTexts) -> list[int]:
    """The score of every option of a question."""
    if isinstance(choice, str):
        choice = [choice]
    _require_known(choice, question.options, f"option of {quoted(question.text)}")
    if isinstance(choice, Mapping):
        return [choice.get(option, 0) for option in question.options]
    if len(set(choice)) != len(choice):
        raise InvalidChoices(f"an option of {quoted(question.text)} is named twice")
    return [int(option in choice) for option in question.options]


def _require_known(
    named: Sequence[str] | Mapping[str, Any], known: Sequence[str], what: str
) -> None:
    for name in named:
        if name not in known:
            raise InvalidChoices(
                f"there is no {what} called {name!r}; there are {', '.join(known)}"
            )
