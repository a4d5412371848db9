"""A voter's scores, by the texts of the poll: from `--choose`, or typed question by question."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from veche.cli import asking
from veche.cli.output import Output, bold
from veche.errors import InvalidChoices
from veche.protocol.characters import quoted
from veche.protocol.texts import look

if TYPE_CHECKING:
    from veche.chain.poll import Poll
    from veche.crypto.questions import Question
    from veche.protocol.content import QuestionTexts, Scores


def questions(poll: Poll) -> Iterator[tuple[QuestionTexts, Question]]:
    """The texts of every question, with its limits."""
    return zip(poll.texts, poll.definition.questions, strict=True)


def require_allowed(texts: QuestionTexts, question: Question, scores: dict[str, int]) -> None:
    """Requires scores that a question allows.

    Raises:
        InvalidChoices: the scores break a limit of the question, which Question.fault names.
    """
    from veche.protocol.content import kind

    fault = question.fault(list(scores.values()))
    if fault:
        raise InvalidChoices(f"{quoted(texts.text)} ({kind(question)}): {fault}")


# -- From the command line --


def from_options(poll: Poll, choose: Sequence[str]) -> Scores:
    """The scores in `QUESTION=OPTION` and `QUESTION=OPTION=SCORE`. If the poll has one question,
    its text may be left out.

    Raises:
        InvalidChoices: a question or option is not in the poll, an option is named twice, or the
            scores break a limit of their question.
    """
    given: Scores = {texts.text: {} for texts, _ in questions(poll)}
    for each in choose:
        texts, question, rest = _question(poll, each)
        option, score = _option(texts, question, rest)
        if option in given[texts.text]:
            raise InvalidChoices(f"an option of {quoted(texts.text)} is named twice")
        given[texts.text][option] = score
    for texts, question in questions(poll):
        require_allowed(texts, question, given[texts.text])
    return given


def left_out(scores: Scores) -> list[str]:
    """The questions that get no score."""
    return [question for question, given in scores.items() if not given]


def _question(poll: Poll, text: str) -> tuple[QuestionTexts, Question, str]:
    """The question that a text begins with, and the rest of the text. Questions may contain `=`:
    of several that fit, the longest is meant.
    """
    known = list(questions(poll))
    rests = [_after(f"{texts.text}=", text) for texts, _ in known]
    named = [(*each, rest) for each, rest in zip(known, rests, strict=True) if rest is not None]
    if named:
        return max(named, key=lambda each: len(each[0].text))
    if len(known) > 1:
        names = ", ".join(quoted(texts.text) for texts, _ in known)
        raise InvalidChoices(
            f"--choose must begin with a question and =; the questions are {names}"
        )
    return *known[0], text


def _after(beginning: str, text: str) -> str | None:
    """The rest of a text that begins like this, on whatever keyboard it was typed; None if it does
    not.
    """
    for begins, whole in ((beginning, text), (look(beginning), look(text))):
        if whole.startswith(begins):
            return whole.removeprefix(begins)
    return None


def _option(texts: QuestionTexts, question: Question, text: str) -> tuple[str, int]:
    """The option that a text names, and its score."""
    name, score = text, "1"
    if question.max_score > 1:
        name, _, score = text.rpartition("=")
    option = texts.named(name)
    if option is None:
        known = ", ".join(map(quoted, texts.options))
        form = "OPTION=SCORE, with " if question.max_score > 1 else ""
        raise InvalidChoices(f"{quoted(texts.text)} is answered with {form}one of {known}")
    if not _is_number(score):
        raise InvalidChoices(f"a score of {quoted(texts.text)} must be a whole number, 0 or more")
    return option, int(score)


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 10  # noqa: PLR2004  # far above 100


# -- In a terminal --


def asked(poll: Poll, output: Output) -> Scores:
    """The scores that a voter types, question by question. Each question is asked until its answer
    is allowed.

    Raises:
        typer.BadParameter: there is no terminal to ask in.
    """
    asking.require_terminal('give --choose "QUESTION=OPTION"')
    return {texts.text: _ask(texts, question, output) for texts, question in questions(poll)}


def _ask(texts: QuestionTexts, question: Question, output: Output) -> dict[str, int]:
    from veche.protocol.content import kind

    output.say("", bold(texts.text), f"({kind(question)})")
    while True:
        try:
            found = _scores(texts, question, output)
            require_allowed(texts, question, found)
        except InvalidChoices as error:
            output.say(str(error))
        else:
            return found


def _scores(texts: QuestionTexts, question: Question, output: Output) -> dict[str, int]:
    """One answer to a question: a score for each option, or the options that get 1."""
    if question.max_score > 1:
        return {option: _score(option, question) for option in texts.options}
    for number, option in enumerate(texts.options, start=1):
        output.say(f"{number:>3}  {option}")
    hint = "number" if question.max_total == 1 else "numbers, with blanks between"
    answer = asking.line(f"Your choice ({hint}{'' if question.min_total else ', or nothing'}):")
    return {texts.options[place]: 1 for place in _places(answer, len(texts.options))}


def _places(answer: str, count: int) -> list[int]:
    """The places of options, from 0, in an answer that counts them from 1."""
    named = answer.replace(",", " ").split()
    if not all(_is_number(each) and 1 <= int(each) <= count for each in named):
        raise InvalidChoices(f"type numbers from 1 to {count}")
    return sorted({int(each) - 1 for each in named})


def _score(option: str, question: Question) -> int:
    """A score that the question allows for one option. Asks until it is given."""
    while True:
        answer = asking.line(f"  {option} (0 to {question.max_score}):") or "0"
        if _is_number(answer) and int(answer) <= question.max_score:
            return int(answer)
