"""A result as people read it: what every option got, who has most, what passes, the turnout."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from math import floor
from typing import Final

from veche.errors.amounts import counted
from veche.errors.phrases import joined
from veche.protocol.characters import quoted
from veche.protocol.figures import Figures, QuestionFigures, Turnout

MOST: Final = {"votes": "Most votes", "points": "Most points", "score": "Highest score"}


def columns(found: QuestionFigures) -> dict[str, list[str]]:
    """The columns of a question's table, by their names, with a text for every option."""
    shown = {found.unit: [f"{score:,}" for score in found.scores.values()]}
    if found.percent_of is None:
        return shown | {"mean": [_mean(found.mean(option)) for option in found.scores]}
    return shown | {f"of {found.percent_of}": [_percent(found.part(each)) for each in found.scores]}


def sentences(found: QuestionFigures, *, is_quorate: bool | None) -> Iterator[str]:
    """What follows from the scores of a question.

    Args:
        found: the figures of the question.
        is_quorate: whether the quorum is met; None if there is none, or it cannot be told.
    """
    yield _most(found)
    rule = found.texts.passes
    if rule is not None:
        whole = found.whole_of(rule)
        needs = f"{found.texts.passing}: {rule.needed(whole):,} of {whole:,}."
        yield f"{needs} {_passed(found.passed or (), is_missed=is_quorate is False)}"
    if found.texts.blank is not None:
        yield found.texts.blank_vote


def _most(found: QuestionFigures) -> str:
    names = list(map(quoted, found.leaders))
    if not names:
        return "No option got anything."
    got = f"{found.scores[found.leaders[0]]:,}"
    if len(names) == 1:
        return f"{MOST[found.unit]}: {names[0]}, {got}."
    return f"{MOST[found.unit]}, a tie: {joined(names)}, {got} each."


def _passed(options: tuple[str, ...], *, is_missed: bool) -> str:
    if not options:
        return "No option passes."
    names, one = joined(list(map(quoted, options))), len(options) == 1
    if is_missed:
        return f"{names} would pass, but the quorum is missed."
    return f"{names} {'passes' if one else 'pass'}."


# -- Turnout --


def taking_part(found: Figures) -> Iterator[str]:
    """How many took part, and whether that is enough."""
    yield f"Turnout: {turnout(found.turnout)}."
    quorum = found.texts.quorum
    if quorum is None:
        return
    _, whole = found.turnout.counted(quorum)
    if whole is None:
        yield f"Quorum: {quorum.text}. Whether it is met cannot be told."
        return
    met = "met" if found.is_quorate else "MISSED"
    yield f"Quorum: {quorum.text}, {quorum.needed(whole):,} of {whole:,}. It is {met}."


def turnout(found: Turnout) -> str:
    """How many have voted: voters and weight, of those on the roll."""
    voters = f"{counted(found.voters, 'voter')} of a roll that is not published in full"
    if found.on_roll is not None:
        part = _percent(found.part_of_voters)
        voters = f"{found.voters:,} of {counted(found.on_roll, 'voter')} ({part})"
    weight = f"weight {found.weight:,} of {found.total_weight:,} ({_percent(found.part_of_weight)})"
    return f"{voters}, {weight}"


def _percent(part: Fraction | None) -> str:
    if part is None:
        return "-"
    return f"{floor(1000 * part + Fraction(1, 2)) / 10:.1f}%"  # half is rounded up, as people do


def _mean(value: Fraction | None) -> str:
    return "-" if value is None else f"{float(value):.2f}"
