"""The phase of a poll, computed."""

from __future__ import annotations

import pytest

from support.bent_polls import NO_VOTERS, UNDECRYPTED, Make, at, cancelled, poll
from support.paper_polls import CLOSES, OPENS
from veche.observer.phase import phase_of
from veche.protocol.phase import Phase


@pytest.mark.parametrize(
    ("make", "phase"),
    [
        (at(OPENS - 1, NO_VOTERS), Phase.SCHEDULED),
        (at(OPENS, NO_VOTERS), Phase.OPEN),
        (at(CLOSES - 1, UNDECRYPTED), Phase.OPEN),
        (at(CLOSES, UNDECRYPTED), Phase.CLOSED),
        (at(CLOSES, NO_VOTERS), Phase.VOID),
        (at(CLOSES, poll()), Phase.TALLIED),
        (cancelled(at(CLOSES, NO_VOTERS)), Phase.CANCELLED),
    ],
)
def test_phase_follows_from_definition_state_and_time(make: Make, phase: Phase) -> None:
    facts = make()
    assert phase_of(facts.definition, facts.state, facts.mark.time) == phase
