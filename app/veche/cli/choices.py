"""A voter's scores, by the texts of the poll: from `--choose`, or typed question by question."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final

from veche.cli import asking
from veche.cli.output import Output, bold, sentence
from veche.errors import InvalidChoices
from veche.protocol.characters import quoted
from veche.protocol.texts import look

BACK: Final = "back"
YES: Final = "yes"
NO: Final = "no"

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
    """The rest of a text that begins like this, on whatever keyboard it was typed, in capitals or
    not; None if it does not.
    """
    for form in (str, look, lambda each: look(each).casefold()):
        begins, whole = form(beginning), form(text)
        if whole.startswith(begins):
            return whole.removeprefix(begins)
    return None


def _option(texts: QuestionTexts, question: Question, text: str) -> tuple[str, int]:
    """The option that a text names, and its score."""
    name, score = text, "1"
    if question.max_score > 1:
        name, _, score = text.rpartition("=")
    option = texts.named(name)
    if option is None and _is_number(name) and 1 <= int(name) <= len(texts.options):
        option = texts.options[int(name) - 1]
    if option is None:
        known = ", ".join(map(quoted, texts.options))
        form = "OPTION=SCORE, with " if question.max_score > 1 else ""
        said = f"{quoted(texts.text)} is answered with {form}one of {known}, or its number"
        raise InvalidChoices(said)
    if not _is_number(score):
        raise InvalidChoices(f"a score of {quoted(texts.text)} must be a whole number, 0 or more")
    return option, int(score)


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 10  # noqa: PLR2004  # far above 100


# -- In a terminal --


def asked(poll: Poll, output: Output) -> Scores:
    """The scores that a voter types, question by question, and then reads again. Each question is
    asked until its answer is allowed; a voter can go back, and change any answer at the end.

    Raises:
        typer.BadParameter: there is no terminal to ask in.
    """
    asking.require_terminal('give --choose "QUESTION=OPTION"')
    pages = list(questions(poll))
    if len(pages) > 1:
        output.say(f"\nType {BACK} instead of an answer to return to the one before.")
    given: Scores = {}
    place = 0
    while place < len(pages):
        texts, question = pages[place]
        scores = _ask(texts, question, output)
        if scores is None:
            place = max(place - 1, 0)
            continue
        given[texts.text] = scores
        place = place + 1 if len(given) < len(pages) else _review(given, output)
    return given


def _review(given: Scores, output: Output) -> int:
    """Shows all answers, and returns the place of the question that the voter changes; the number
    of questions if no answer is to be changed.
    """
    output.say("", bold("Your answers"))
    for number, (question, scores) in enumerate(given.items(), start=1):
        output.say(f"{number:>3}  {question}", f"     {answer(scores)}")
    numbers = [str(number) for number in range(1, len(given) + 1)]
    said = asking.one_of("Is this your vote? If not, which answer do you change?", [YES, *numbers])
    return len(given) if said == YES else int(said) - 1


def answer(scores: dict[str, int]) -> str:
    """An answer in words: the options that get anything, with their scores unless all get 1."""
    given = {name: score for name, score in scores.items() if score}
    scored = any(score > 1 for score in given.values())
    names = [f"{name} ({score})" if scored else name for name, score in given.items()]
    return ", ".join(names) or "nothing"


def _ask(texts: QuestionTexts, question: Question, output: Output) -> dict[str, int] | None:
    """An answer that the question allows; None if the voter goes back."""
    from veche.protocol.content import kind

    output.say("", bold(texts.text), f"({kind(question)})")
    find = _scores if question.max_score > 1 else _chosen
    while True:
        found = find(texts, question, output)
        if found is None:
            return None
        if any(found.values()) or asking.one_of("Give nothing here?", [YES, NO]) == YES:
            return found


def _scores(texts: QuestionTexts, question: Question, output: Output) -> dict[str, int] | None:
    """A score for each option, so that the question allows all of them together; None if the voter
    goes back before the first.
    """
    given: list[int] = []
    while len(given) < len(texts.options):
        score = _score(texts.options[len(given)], question, given, output)
        if score is not None:
            given.append(score)
        elif not given:
            return None
        else:
            given.pop()
    return dict(zip(texts.options, given, strict=True))


def _score(option: str, question: Question, given: Sequence[int], output: Output) -> int | None:
    """A score for one option that leaves the question answerable; None if the voter goes back. Asks
    until one of both is typed.

    Args:
        option: the option.
        question: its question.
        given: the scores of the options before it.
        output: where the voter is told what is wrong.
    """
    total, after = sum(given), question.options - len(given) - 1
    least = max(0, question.min_total - total - after * question.max_score)
    most = min(question.max_score, question.max_total - total)
    allowed = f"{least} to {most}" if least < most else str(most)
    is_shared = question.max_total < question.options * question.max_score
    so_far = f"; {total} of {question.max_total} given" if is_shared else ""
    while True:
        typed = asking.line(f"  {option} ({allowed}{so_far}):")
        if typed.lower() == BACK:
            return None
        if _is_number(typed) and least <= int(typed) <= most:
            return int(typed)
        nothing = "; 0 gives nothing" if not least else ""
        output.say(f"  Type {'a number from ' if least < most else ''}{allowed}{nothing}.")


def _chosen(texts: QuestionTexts, question: Question, output: Output) -> dict[str, int] | None:
    """The options that get 1, as the question allows; None if the voter goes back."""
    for number, option in enumerate(texts.options, start=1):
        output.say(f"{number:>3}  {option}")
    hint = "number" if question.max_total == 1 else "numbers, with blanks between"
    while True:
        typed = asking.line(f"Your choice ({hint}{'' if question.min_total else ', or nothing'}):")
        if typed.lower() == BACK:
            return None
        try:
            found = _options(texts, question, typed)
        except InvalidChoices as error:
            output.say(sentence(str(error)))
        else:
            return {option: int(option in found) for option in texts.options}


def _options(texts: QuestionTexts, question: Question, typed: str) -> list[str]:
    """The options in an answer: their numbers, counted from 1, or the text of one of them.

    Raises:
        InvalidChoices: the answer names no option, or not as many as the question allows.
    """
    count = len(texts.options)
    numbers = typed.replace(",", " ").split()
    option = texts.named(typed)
    if all(_is_number(each) and 1 <= int(each) <= count for each in numbers):
        found = [texts.options[place] for place in sorted({int(each) - 1 for each in numbers})]
    else:
        found = [option] if option else []
    if not found and (typed or question.min_total):
        some = "a number" if question.max_total == 1 else "numbers"
        raise InvalidChoices(f"type {some} from 1 to {count}, or the text of one option")
    fault = question.fault([int(each in found) for each in texts.options])
    if fault:
        raise InvalidChoices(f"{fault}: answer again")
    return found
