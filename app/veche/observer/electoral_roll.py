"""Checks the electoral roll: published in full, and covered by the poll hash (PROTOCOL §3)."""

from __future__ import annotations

from typing import Final

from veche.errors import IncompleteRoll
from veche.errors.amounts import counted
from veche.observer.evidence import Evidence, PollState
from veche.protocol import published_roll
from veche.protocol.definition import PollDefinition
from veche.protocol.phase import Phase
from veche.protocol.roll import Roll
from veche.trust.report import Report

ROLL: Final = "electoral roll"


def read_roll(
    evidence: Evidence, definition: PollDefinition, given: Roll | None = None
) -> Roll | IncompleteRoll:
    """The roll that was given, or else the published one; or why what is published is not the roll
    of the poll hash.

    Raises:
        WrongRoll: the roll that was given is not the poll's.
    """
    if given is not None:
        given.require_of(definition)
        return given
    root, total = definition.roll_root, definition.total_weight
    try:
        return published_roll.read(evidence.roll_parts(), root=root, total_weight=total)
    except IncompleteRoll as error:
        return error


def check_roll(
    roll: Roll | IncompleteRoll,
    definition: PollDefinition,
    state: PollState,
    phase: Phase,
    report: Report,
    *,
    is_given: bool = False,
    is_last_word: bool = True,
) -> None:
    """Adds to a report whether the roll is published and right. A missing roll is pending while the
    poll has not closed and nobody has voted. A cancelled poll needs no roll, if it is known to be
    cancelled. A roll that was given takes the place of the published one.
    """
    if isinstance(roll, Roll):
        _check_weight(roll, definition, report, is_given=is_given)
    elif phase == Phase.CANCELLED and not is_last_word:
        report.pending(ROLL, f"{roll}; that the poll is cancelled is the writer's word")
    elif phase == Phase.CANCELLED:
        report.passed(ROLL, f"{roll}; a cancelled poll needs none")
    elif phase in (Phase.SCHEDULED, Phase.OPEN) and not state.voters:
        report.pending(ROLL, f"{roll}; officials can publish it while nobody has voted")
    else:
        report.failed(ROLL, str(roll))


def _check_weight(
    roll: Roll, definition: PollDefinition, report: Report, *, is_given: bool
) -> None:
    source = ", as you gave it; the published one was not read" if is_given else ""
    found = f"{counted(len(roll), 'voter')} with weight {roll.total_weight:,}{source}"
    if roll.total_weight == definition.total_weight:
        report.passed(ROLL, found)
    else:
        report.failed(ROLL, f"{found}, but the poll hash says {definition.total_weight}")
