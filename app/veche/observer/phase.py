"""Where a poll stands, by what defines it, its state and the time: no contract is asked."""

from __future__ import annotations

from veche.observer.evidence import PollState
from veche.protocol.definition import PollDefinition
from veche.protocol.phase import Phase


def phase_of(definition: PollDefinition, state: PollState, time: int) -> Phase:
    """The phase of a poll (PROTOCOL §3, §4).

    Args:
        definition: of the poll.
        state: where it stands.
        time: of the block that the state is of, seconds since 1970.
    """
    if state.cancelled:
        return Phase.CANCELLED
    if time < definition.opens:
        return Phase.SCHEDULED
    if time < definition.closes:
        return Phase.OPEN
    if state.voters < definition.min_ballots:
        return Phase.VOID
    return Phase.TALLIED if state.result else Phase.CLOSED
