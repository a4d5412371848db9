"""Checks the electoral roll: published in full, and the one of the poll hash (PROTOCOL §3)."""

from __future__ import annotations

from typing import Final

from veche.errors import IncompleteRoll
from veche.observer.evidence import Evidence, PollState
from veche.observer.report import Report
from veche.protocol.definition import PollDefinition
from veche.protocol.phase import Phase
from veche.protocol.roll import Roll, published

ROLL: Final = "electoral roll"


def read_roll(evidence: Evidence, definition: PollDefinition) -> Roll | IncompleteRoll:
    """The published roll, or what is wrong with it where it is not that of the poll hash."""
    try:
        return published(evidence.rolls(), definition.roll_root)
    except IncompleteRoll as error:
        return error


def check_roll(
    roll: Roll | IncompleteRoll,
    definition: PollDefinition,
    state: PollState,
    phase: Phase,
    report: Report,
) -> None:
    """Adds to a report whether the roll is there and right. Before the close, while nobody has
    voted, one that is not there is to come; a cancelled poll needs none.
    """
    if isinstance(roll, Roll):
        held = roll.total_weight == definition.total_weight
        said = f"{len(roll)} voters with weight {roll.total_weight}"
        other = "" if held else f", but the poll hash says {definition.total_weight}"
        report.note(ROLL, held, said + other)
    elif phase == Phase.CANCELLED:
        report.note(ROLL, True, f"{roll}; a cancelled poll needs none")  # noqa: FBT003
    elif phase in (Phase.SCHEDULED, Phase.OPEN) and not state.voters:
        report.await_(ROLL, f"{roll}; officials can publish it while nobody has voted")
    else:
        report.note(ROLL, False, str(roll))  # noqa: FBT003
