"""The phase of a poll, computed from its definition, its state and the time."""

from __future__ import annotations

from veche.observer.evidence import PollState
from veche.protocol.definition import PollDefinition
from veche.protocol.phase import Phase


def phase_of(definition: PollDefinition, state: PollState, time: int) -> Phase:
    """The phase of a poll (PROTOCOL §3, §4), whatever its contract says.

    Args:
        definition: the poll's definition.
        state: the poll's state at a block.
        time: the time of that block, in seconds since 1970.
    """
    if state.cancelled:
        return Phase.CANCELLED
    if time < definition.opens:
        return Phase.SCHEDULED
    if time < definition.closes:
        return Phase.OPEN
    if state.voters < definition.min_voters:
        return Phase.VOID
    return Phase.TALLIED if state.result else Phase.CLOSED
