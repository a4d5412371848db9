"""Checks the electoral roll: published in full, and covered by the poll hash (PROTOCOL §3)."""

from __future__ import annotations

from typing import Final

from veche.errors import IncompleteRoll
from veche.observer.evidence import Evidence, PollState
from veche.protocol.definition import PollDefinition
from veche.protocol.phase import Phase
from veche.protocol.roll import Roll, published
from veche.trust.report import Report

ROLL: Final = "electoral roll"


def read_roll(evidence: Evidence, definition: PollDefinition) -> Roll | IncompleteRoll:
    """The published roll; or why what is published is not the roll of the poll hash."""
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
    """Adds to a report whether the roll is published and right. A missing roll is pending while the
    poll has not closed and nobody has voted. A cancelled poll needs no roll.
    """
    if isinstance(roll, Roll):
        _check_weight(roll, definition, report)
    elif phase == Phase.CANCELLED:
        report.passed(ROLL, f"{roll}; a cancelled poll needs none")
    elif phase in (Phase.SCHEDULED, Phase.OPEN) and not state.voters:
        report.pending(ROLL, f"{roll}; officials can publish it while nobody has voted")
    else:
        report.failed(ROLL, str(roll))


def _check_weight(roll: Roll, definition: PollDefinition, report: Report) -> None:
    found = f"{len(roll)} voters with weight {roll.total_weight}"
    if roll.total_weight == definition.total_weight:
        report.passed(ROLL, found)
    else:
        report.failed(ROLL, f"{found}, but the poll hash says {definition.total_weight}")
