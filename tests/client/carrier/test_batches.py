"""Which proven ballots go together, and how many batches go out with each block."""

from __future__ import annotations

import pytest

from support.paper_carriage import PaperNode, Wicket
from veche.carrier.ballots import ProvenBallot
from veche.carrier.batches import Batch, Batches, Room
from veche.chain import casting

FULL_BLOCK = 1 << 26


@pytest.fixture(scope="module")
def wicket() -> Wicket:
    return Wicket()


@pytest.fixture(scope="module")
def elsewhere(wicket: Wicket) -> Wicket:
    return wicket.elsewhere()


@pytest.fixture(scope="module")
def ballot(wicket: Wicket) -> ProvenBallot:
    return wicket.proven()


def fill(batches: Batches, ballot: ProvenBallot) -> Batch:
    """Adds a ballot again and again, until a batch is full."""
    while (full := batches.add(ballot)) is None:
        pass
    return full


# -- Together --


def test_transaction_of_a_batch_has_a_row_of_every_ballot(wicket: Wicket) -> None:
    ballots = [wicket.proven(each) for each in range(3)]
    batch = Batch(tuple(ballots))
    rows = [(each.signed.voter, each.row) for each in ballots]
    assert batch.data == casting.batch(batch.poll, rows)
    assert batch.gas == casting.gas(wicket.definition, [each.signed for each in ballots])
    assert batch.signed == [each.signed for each in ballots]
    assert batch.data != Batch(tuple(ballots[:2])).data


def test_batch_is_full_where_one_more_ballot_has_no_room(
    wicket: Wicket, ballot: ProvenBallot
) -> None:
    batches = Batches()
    full = fill(batches, ballot)
    most = wicket.admission.most_gas
    assert casting.fits(wicket.definition, full.signed, most=most)
    assert not casting.fits(wicket.definition, [*full.signed, ballot.signed], most=most)
    assert not full.has_room_for(ballot)
    assert [each.ballots for each in batches.take_all()] == [(ballot,)]


def test_every_ballot_is_in_one_batch_in_the_order_in_which_they_came(wicket: Wicket) -> None:
    small = Wicket(wicket.paper, PaperNode(gas_limit=3_000_000))
    ballots = [small.proven(each % 3) for each in range(7)]
    batches = Batches()
    full = [batches.add(each) for each in ballots]
    made = [*(each for each in full if each), *batches.take_all()]
    assert len(made) > 2
    assert [each for batch in made for each in batch.ballots] == ballots


def test_ballot_that_no_batch_has_room_for_is_alone(wicket: Wicket) -> None:
    tiny = Wicket(wicket.paper, PaperNode(gas_limit=100_000))
    first, second = tiny.proven(0), tiny.proven(1)
    batches = Batches()
    assert batches.add(first) is None
    assert batches.add(second) == Batch((first,))
    assert batches.take_all() == [Batch((second,))]


def test_polls_have_batches_of_their_own(wicket: Wicket, elsewhere: Wicket) -> None:
    here, there = [wicket.proven(0), wicket.proven(1)], [elsewhere.proven(0), elsewhere.proven(1)]
    batches = Batches()
    for each in (here[0], there[0], here[1], there[1]):
        assert batches.add(each) is None
    assert batches.take_all() == [Batch(tuple(here)), Batch(tuple(there))]


def test_batch_that_was_begun_last_is_taken_last(ballot: ProvenBallot, elsewhere: Wicket) -> None:
    batches, other = Batches(), elsewhere.proven()
    batches.add(ballot)
    batches.add(other)
    fill(batches, ballot)
    assert [each.ballots for each in batches.take_all()] == [(other,), (ballot,)]


def test_nothing_is_taken_twice(ballot: ProvenBallot) -> None:
    batches = Batches()
    assert batches.take_all() == []
    batches.add(ballot)
    assert len(batches.take_all()) == 1
    assert batches.take_all() == []


# -- Room --


def sent_at(room: Room, wicket: Wicket, height: int, *, unmined: int = 0) -> int:
    """How many batches are sent before the next block, if no more than that got into one."""
    sent = 0
    while room.is_left(wicket.admission, height=height, unmined=unmined + sent):
        room.take()
        sent += 1
    return sent


@pytest.mark.parametrize(
    ("gas_limit", "batches"), [(30_000_000, 2), (1 << 25, 2), (1 << 26, 3), (1 << 27, 6)]
)
def test_three_quarters_of_a_block_are_asked_for_with_every_block(
    wicket: Wicket, gas_limit: int, batches: int
) -> None:
    room, large = Room(), Wicket(wicket.paper, PaperNode(gas_limit=gas_limit))
    assert sent_at(room, large, 7) == batches
    assert sent_at(room, large, 7) == 0
    assert sent_at(room, large, 8) == batches


def test_room_is_left_while_few_batches_wait_for_a_block(wicket: Wicket) -> None:
    room, large = Room(), Wicket(wicket.paper, PaperNode(gas_limit=FULL_BLOCK))
    assert sent_at(room, large, 7, unmined=4) == 2
    assert sent_at(room, large, 8, unmined=6) == 0
    assert sent_at(room, large, 8, unmined=5) == 1


def test_block_that_replaces_another_makes_room(wicket: Wicket) -> None:
    """After a reorganisation the newest block may have a smaller number."""
    room, large = Room(), Wicket(wicket.paper, PaperNode(gas_limit=FULL_BLOCK))
    assert sent_at(room, large, 7) == 3
    assert sent_at(room, large, 6) == 3
