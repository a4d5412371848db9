"""One ballot of every voter at a time."""

from __future__ import annotations

import pytest

from support.paper_carriage import Wicket
from veche.carrier.turns import Turns


@pytest.fixture(scope="module")
def wicket() -> Wicket:
    return Wicket()


def test_first_ballot_of_every_voter_begins(wicket: Wicket) -> None:
    first, second = wicket.entitled(0), wicket.entitled(1)
    turns = Turns()
    turns.wait([first, second])
    assert len(turns) == 2
    assert turns.begin() == [first, second]
    assert len(turns) == 0
    assert turns.begin() == []


def test_second_ballot_of_a_voter_waits_until_the_first_ends(wicket: Wicket) -> None:
    first, second, third, other = [wicket.entitled(each) for each in (0, 0, 0, 1)]
    turns = Turns()
    turns.wait([first, second])
    turns.wait([third, other])
    assert turns.begin() == [first, other]
    assert turns.begin() == []
    turns.end(other)
    assert turns.begin() == []
    turns.end(first)
    assert turns.begin() == [second]
    assert len(turns) == 1


def test_end_of_a_ballot_that_waits_ends_no_turn(wicket: Wicket) -> None:
    first, second, third = [wicket.entitled(0) for _ in range(3)]
    turns = Turns()
    turns.wait([first, second, third])
    assert turns.begin() == [first]
    turns.end(second)
    assert turns.begin() == []


def test_ballots_of_a_voter_in_two_polls_wait_for_no_other(wicket: Wicket) -> None:
    both = [wicket.entitled(0), wicket.elsewhere().entitled(0)]
    turns = Turns()
    turns.wait(both)
    assert turns.begin() == both


def test_ballot_that_is_looked_up_again_keeps_its_turn(wicket: Wicket) -> None:
    first, second, other = [wicket.entitled(each) for each in (0, 0, 1)]
    turns = Turns()
    turns.wait([first, second])
    assert turns.begin() == [first]
    turns.wait([other, first])  # behind the one that waits for it
    assert turns.begin() == [other, first]
    assert len(turns) == 1


def test_ballots_of_a_batch_that_failed_are_before_all_others(wicket: Wicket) -> None:
    first, second, other, last = [wicket.entitled(each) for each in (0, 1, 2, 0)]
    turns = Turns()
    turns.wait([first, second, last])
    assert turns.begin() == [first, second]
    turns.wait([other])
    turns.wait_first([first, second])
    assert turns.begin() == [first, second, other]
