"""A poll as a record shows it, unverified: honest, and as a stranger may write it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from support.bent_polls import NO_VOTERS, UNDECRYPTED
from support.paper_polls import Facts, PaperEvidence, PaperPoll
from veche.errors import IncompleteRoll, InvalidDocument, WrongPoll
from veche.observer.record_writer import save_record
from veche.observer.recorded_poll import RecordedPoll
from veche.protocol.figures import Turnout
from veche.protocol.phase import Phase


def recorded(facts: Facts, folder: Path) -> RecordedPoll:
    save_record(PaperEvidence(facts), folder / "poll.record")
    return RecordedPoll(folder / "poll.record", expect=facts.definition.hash)


def test_poll_in_a_record_is_read_like_one_on_chain(tmp_path: Path) -> None:
    poll = PaperPoll()
    found = recorded(poll.facts, tmp_path)
    assert (found.title, found.address) == ("Trees", poll.definition.address)
    assert found.phase == Phase.TALLIED
    assert (found.voter_count, found.cast_weight, found.threshold) == (3, 4, 2)
    assert (len(found.roll), found.shares_posted()) == (3, [3, 1])
    scores = {"Lime": 0, "Oak": 3, "Rowan": 1, "Maple": 0, "Birch": 0}
    assert found.result() == {"Which tree?": scores}


def test_record_before_the_end_has_no_result(tmp_path: Path) -> None:
    assert recorded(UNDECRYPTED(), tmp_path).result() is None
    assert recorded(UNDECRYPTED(), tmp_path).phase == Phase.CLOSED
    assert recorded(NO_VOTERS(), tmp_path).phase == Phase.VOID


def test_record_of_another_poll_is_refused(tmp_path: Path) -> None:
    path = recorded(PaperPoll().facts, tmp_path).evidence.path
    with pytest.raises(WrongPoll, match="but you were told of 0x1111"):
        RecordedPoll(path, expect=b"\x11" * 32)


def test_record_with_too_few_scores_is_malformed(tmp_path: Path) -> None:
    facts = PaperPoll().facts
    found = recorded(replace(facts, state=replace(facts.state, result=(1, 2))), tmp_path)
    with pytest.raises(InvalidDocument, match="2 scores for 5 choices"):
        found.result()


def test_record_without_the_whole_roll_is_told_as_such(tmp_path: Path) -> None:
    found = recorded(replace(PaperPoll().facts, roll_parts=()), tmp_path)
    with pytest.raises(IncompleteRoll):
        _ = found.roll


def test_roll_without_weight_has_no_percentage() -> None:
    assert Turnout(0, None, 0, 0).fields["percentOfWeight"] is None
