"""`poll.toml`: a poll as officials write it, with the roll that it names."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import tzinfo
from difflib import get_close_matches
from itertools import accumulate
from pathlib import Path
from typing import Final

from pydantic import AwareDatetime, Field

from veche.crypto.questions import MAX_CHOICES, Question, Questions
from veche.errors import InvalidFile, Mistake
from veche.errors.amounts import counted
from veche.files.csv_rows import MAX_TOTAL
from veche.files.mistakes import quoted
from veche.files.question_kinds import KINDS, PARAMETERS, Kind
from veche.files.roll import read_roll_file
from veche.files.rules import (
    check_address,
    check_distinct,
    check_min_voters,
    check_name,
    check_rule,
    check_size,
    check_text,
    check_times,
    seconds,
    zone,
)
from veche.files.toml_document import Table, TomlDocument
from veche.files.toml_lines import Place
from veche.protocol import addresses
from veche.protocol.content import Content, QuestionTexts
from veche.protocol.roll import Roll
from veche.protocol.rules import PASS_OF, QUORUM_OF

_TYPED_WRONG: Final = 0.8
"""How close a word must be to a kind to be one that was typed wrong, from 0 to 1."""


@dataclass(frozen=True, slots=True)
class PollFile:
    """A poll, read from its file and from its roll's file.

    Attributes:
        path: the path of the poll's file.
        id: the official id, 1..31 bytes in UTF-8.
        content: the texts, without spaces and line breaks at their ends.
        questions: the limits of every question.
        opens: the opening, in seconds since 1970, UTC.
        closes: the close, later, in seconds since 1970, UTC.
        min_voters: the minimum of voters for a result, 2 or more.
        board: the name that the board is noted under, or its address with its checksum.
        roll: the electoral roll.
        zones: the zones in which the opening and the close are written.
        cautions: what is allowed in both files, but perhaps not meant.
    """

    path: Path
    id: str
    content: Content
    questions: Questions
    opens: int
    closes: int
    min_voters: int
    board: str
    roll: Roll
    zones: tuple[tzinfo, tzinfo]
    cautions: tuple[Mistake, ...] = ()

    @property
    def board_address(self) -> str | None:
        """The board's address; None if the file names the board."""
        return self.board if addresses.is_meant(self.board) else None


class QuestionTable(Table):
    """`[[questions]]`."""

    text: str = Field(examples=['text = "Which tree?"'])
    kind: str = Field(examples=['kind = "choose one"'])
    options: list[str] = Field(examples=['options = ["Lime", "Oak"]'])
    limit: int | None = Field(default=None, examples=["limit = 2"])
    max_score: int | None = Field(default=None, examples=["max_score = 5"])
    points: int | None = Field(default=None, examples=["points = 10"])
    passes: str | None = Field(default=None, examples=['passes = "more than 50% of votes"'])
    blank: str | None = Field(default=None, examples=['blank = "Abstain"'])

    @property
    def parameters(self) -> dict[str, int]:
        """The values of the keys that only some kinds take, if they are given."""
        given = {key: getattr(self, key) for key in PARAMETERS}
        return {key: value for key, value in given.items() if value is not None}

    @property
    def limits(self) -> Question:
        """The limits of the question, for a question without mistakes."""
        kind = KINDS[self.kind]
        return kind.limits(len(self.options), self.parameters.get(kind.parameter, 0))


_QUESTION: Final = """[[questions]]
text = "Which tree?"
kind = "choose one"
options = ["Lime", "Oak"]"""


class PollTable(Table):
    """`poll.toml`."""

    id: str = Field(examples=['id = "oak-street-trees"'])
    title: str = Field(examples=['title = "Trees for Oak Street"'])
    description: str = Field(default="", examples=['description = "Planted in spring."'])
    opens: AwareDatetime = Field(examples=["opens = 2027-12-01T09:00:00+03:00"])
    closes: AwareDatetime = Field(examples=["closes = 2027-12-08T21:00:00+03:00"])
    min_voters: int = Field(default=2, examples=["min_voters = 10"])
    board: str = Field(examples=['board = "city-2027"'])
    roll: str = Field(examples=['roll = "roll.csv"'])
    quorum: str | None = Field(default=None, examples=['quorum = "at least 25% of voters"'])
    questions: list[QuestionTable] = Field(examples=[_QUESTION])


def read_poll(path: Path) -> PollFile:
    """Reads a `poll.toml` and the roll that it names.

    Raises:
        InvalidFile: one of the two files has mistakes, or cannot be read. If only the roll's file
            has mistakes, the path is that of the roll.
    """
    document = TomlDocument(path, PollTable)
    poll = document.model
    _check_definition(document)
    content = _content(document)
    check_size(document, content.encoded)
    roll, cautions = _read_roll(document)
    return PollFile(
        path=path,
        id=poll.id,
        content=content,
        questions=Questions(tuple(each.limits for each in poll.questions)),
        opens=seconds(poll.opens),
        closes=seconds(poll.closes),
        min_voters=poll.min_voters,
        board=poll.board,
        roll=roll,
        zones=(zone(poll.opens), zone(poll.closes)),
        cautions=(*document.cautions, *cautions),
    )


def _content(document: TomlDocument[PollTable]) -> Content:
    """The texts; notes mistakes in the rules that they have."""
    poll = document.model
    questions = tuple(_texts(document, index) for index in range(len(poll.questions)))
    quorum = check_rule(document, ("quorum",), poll.quorum, QUORUM_OF)
    return Content(poll.title.strip(), poll.description.strip(), questions, quorum)


def _texts(document: TomlDocument[PollTable], index: int) -> QuestionTexts:
    question = document.model.questions[index]
    options = tuple(option.strip() for option in question.options)
    passes = check_rule(document, (*_at(index), "passes"), question.passes, PASS_OF)
    blank = None if question.blank is None else question.blank.strip()
    if blank is not None and blank not in options:
        what = f"`blank` is {quoted(blank)}, which is not an option"
        place, because_of = (*_at(index), "blank"), ((*_at(index), "options"),)
        document.add(place, what, "copy the option that is a blank vote", because_of=because_of)
    return QuestionTexts(question.text.strip(), options, passes, blank)


# -- Rules --


def _check_definition(document: TomlDocument[PollTable]) -> None:
    poll = document.model
    _check_id(document)
    check_text(document, ("title",), poll.title.strip())
    if poll.description.strip():
        check_text(document, ("description",), poll.description.strip(), one_line=False)
    check_times(document, "opens", "closes")
    check_min_voters(document, poll.min_voters)
    if addresses.is_meant(poll.board):
        check_address(document, ("board",), poll.board)
    else:
        check_name(document, ("board",), poll.board)
    for index, question in enumerate(poll.questions):
        _check_question(document, index, question)
    texts = (((*_at(index), "text"), each.text) for index, each in enumerate(poll.questions))
    check_distinct(document, texts)
    _check_choices(document)


def _check_id(document: TomlDocument[PollTable]) -> None:
    place, id_ = ("id",), document.model.id
    check_name(document, place, id_)
    if "@" in id_:
        what = "`id` has an @, which stands before the number of a version: trees@1"
        document.add(place, what, "remove it")


def _at(index: int) -> Place:
    return ("questions", index)


def _check_question(document: TomlDocument[PollTable], index: int, question: QuestionTable) -> None:
    check_text(document, (*_at(index), "text"), question.text.strip())
    options = [
        ((*_at(index), "options", number), option.strip())
        for number, option in enumerate(question.options)
    ]
    for place, option in options:
        check_text(document, place, option)
    check_distinct(document, options)
    kind = KINDS.get(question.kind)
    if kind is None:
        _add_unknown_kind(document, index, question.kind)
    else:
        _check_parameter(document, index, question, kind)
        _check_options(document, index, question, kind)
        _check_passes(document, index, question, kind)


def _check_passes(
    document: TomlDocument[PollTable], index: int, question: QuestionTable, kind: Kind
) -> None:
    if question.passes is not None and not kind.has_votes:
        what = f'an option of "{question.kind}" has no votes, so none can pass'
        because_of = ((*_at(index), "kind"),)
        document.add((*_at(index), "passes"), what, "remove it", because_of=because_of)


def _add_unknown_kind(document: TomlDocument[PollTable], index: int, kind: str) -> None:
    close = get_close_matches(kind[:20].lower(), KINDS, n=1, cutoff=_TYPED_WRONG)
    known = "; ".join(f'"{name}": {each.meaning}' for name, each in KINDS.items())
    remedy = f'did you mean "{close[0]}"?' if close else f"write one of: {known}"
    document.add((*_at(index), "kind"), f"no kind is called {quoted(kind)}", remedy)


def _check_options(
    document: TomlDocument[PollTable], index: int, question: QuestionTable, kind: Kind
) -> None:
    place, kind_place = (*_at(index), "options"), (*_at(index), "kind")
    count = len(question.options)
    if count < kind.fewest_options:
        what = f'"{question.kind}" with {count} {"option" if count == 1 else "options"}'
        remedy = f"write {kind.fewest_options} or more"
        document.add(place, what, remedy, because_of=(kind_place,))


def _check_parameter(
    document: TomlDocument[PollTable], index: int, question: QuestionTable, kind: Kind
) -> None:
    """Notes a parameter that the kind does not take, or that is missing or out of range."""
    kind_place = (*_at(index), "kind")
    for key in question.parameters:
        if key != kind.parameter:
            takes = f"it takes `{kind.parameter}`" if kind.parameter else "it takes none"
            what = f'"{question.kind}" takes no `{key}`'
            remedy = f"remove it ({takes}), or change the kind"
            document.add((*_at(index), key), what, remedy, because_of=(kind_place,))
    if kind.parameter and kind.parameter not in question.parameters:
        what = f'"{question.kind}" needs `{kind.parameter}`'
        remedy = f"add a line like {kind.parameter} = 2"
        place = (*_at(index), kind.parameter)
        document.add(place, what, remedy, because_of=(kind_place,))
    elif kind.parameter:
        _check_largest(document, index, question, kind)


def _check_largest(
    document: TomlDocument[PollTable], index: int, question: QuestionTable, kind: Kind
) -> None:
    value, because_of = question.parameters[kind.parameter], [(*_at(index), "kind")]
    largest = kind.largest
    if largest is None:
        largest = max(len(question.options), 1)
        because_of.append((*_at(index), "options"))
    if not 1 <= value <= largest:
        what = f"`{kind.parameter}` is {quoted(value)}"
        place = (*_at(index), kind.parameter)
        document.add(place, what, f"write 1 to {largest}", because_of=tuple(because_of))


def _check_choices(document: TomlDocument[PollTable]) -> None:
    """Notes the first question that makes too many choices."""
    questions = document.model.questions
    if not questions:
        document.add(
            ("questions",), "there are no questions", "begin a question with [[questions]]"
        )
    for index, size in enumerate(accumulate(len(each.options) for each in questions)):
        if size > MAX_CHOICES:
            text = f"with this question the poll has {size} options"
            document.add(_at(index), text, f"keep to {MAX_CHOICES} or fewer: remove options")
            return


def _is_possible(question: QuestionTable) -> bool:
    kind = KINDS.get(question.kind)
    if kind is None or (kind.parameter and kind.parameter not in question.parameters):
        return False
    return question.limits.is_possible


# -- The roll --


def _read_roll(document: TomlDocument[PollTable]) -> tuple[Roll, list[Mistake]]:
    """Reads the roll, and what is perhaps not meant in it."""
    named = document.model.roll
    if not named.strip():
        document.add(("roll",), "`roll` is empty", 'write roll = "roll.csv"')
    if not named.strip() or document.is_replaced(("roll",)):
        document.require_sound()
    path = document.path.parent / named
    try:
        found = read_roll_file(path)
    except InvalidFile as error:
        document.add_file(error)
        document.require_sound()
        raise
    _check_roll(document, found.roll)
    document.require_sound()
    return found.roll, [each._replace(path=str(path)) for each in found.cautions]


def _check_roll(document: TomlDocument[PollTable], roll: Roll) -> None:
    poll = document.model
    if len(roll) < poll.min_voters < MAX_TOTAL:
        voters = counted(len(roll), "voter")
        what = f"`min_voters` is {quoted(poll.min_voters)}, with {voters} on the roll"
        document.add(("min_voters",), what, "lower it", because_of=(("roll",),))
    if not all(_is_possible(each) for each in poll.questions):
        return
    largest = max((each.limits.max_score for each in poll.questions), default=1)
    if roll.total_weight * largest >= MAX_TOTAL:
        what = f"total weight {roll.total_weight} times the largest score {largest} is too large"
        remedy = "keep the product below 2^40: divide the weights, or lower the scores"
        document.add(("roll",), what, remedy, because_of=(("questions",),))
