"""What a relay keeps on disk: the same on SQLite and PostgreSQL."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from support.relays import store_url
from veche.crypto.keccak import keccak
from veche.errors import StoreFailed, WrongNetwork
from veche.relay.store import Accepted, Ended, Kind, State, Store

FIRST, SECOND = bytes(31) + b"\1", bytes(31) + b"\2"


def ballot(name: bytes, text: str = "{}") -> Accepted:
    return Accepted(Kind.BALLOT, name, text)


@pytest.fixture
def own(store: str) -> Store:
    return Store(store_url(store), relay="0xA")


def test_what_is_accepted_is_there_for_the_next_process(own: Store, store: str) -> None:
    kept = own.accept([ballot(FIRST, "one"), ballot(SECOND, "two")])
    assert [each.state for each in kept] == [State.QUEUED] * 2
    own.close()
    again = Store(store_url(store), relay="0xA")
    assert [text for _, text in again.unfinished(Kind.BALLOT, after=0, most=9)] == ["one", "two"]
    assert again.find(Kind.BALLOT, [FIRST])[FIRST] == kept[0]


def test_same_ballot_again_stays_as_it_is(own: Store) -> None:
    own.accept([ballot(FIRST)])
    ((number, _),) = own.unfinished(Kind.BALLOT, after=0, most=9)
    own.note_sent([number], SECOND)
    assert own.accept([ballot(FIRST, "other")])[0].state == State.SENT
    assert (own.counts()[State.SENT], own.waiting()) == (1, 1)
    own.note_ended([Ended(number, State.CONFIRMED, block=7)])
    (kept,) = own.accept([ballot(FIRST)])
    assert (kept.state, kept.transaction, kept.block) == (State.CONFIRMED, SECOND, 7)
    assert (own.unfinished(Kind.BALLOT, after=0, most=9), own.waiting()) == ([], 0)


def test_ballot_that_was_refused_gets_a_new_number(own: Store) -> None:
    own.accept([ballot(FIRST)])
    ((number, _),) = own.unfinished(Kind.BALLOT, after=0, most=9)
    own.note_ended([Ended(number, State.REFUSED, problem='{"name": "BallotExpired"}')])
    assert own.find(Kind.BALLOT, [FIRST])[FIRST].problem == '{"name": "BallotExpired"}'
    assert own.accept([ballot(FIRST, "new")])[0].state == State.QUEUED
    ((again, text),) = own.unfinished(Kind.BALLOT, after=number, most=9)
    assert (again > number, text) == (True, "new")


def test_relays_that_share_a_store_carry_their_own(own: Store, store: str) -> None:
    other = Store(store_url(store), relay="0xB")
    own.accept([ballot(FIRST)])
    other.accept([ballot(SECOND)])
    assert len(own.unfinished(Kind.BALLOT, after=0, most=9)) == 1
    assert other.counts()[State.QUEUED] == 1
    assert set(own.find(Kind.BALLOT, [FIRST, SECOND])) == {FIRST, SECOND}
    assert own.accept([ballot(SECOND)])[0].state == State.QUEUED
    assert len(own.unfinished(Kind.BALLOT, after=0, most=9)) == 1


def test_what_another_relay_has_left_is_taken_over_once(own: Store, store: str) -> None:
    heir, late = (Store(store_url(store), relay=each) for each in ("0xB", "0xC"))
    names = [bytes([each]) * 32 for each in range(1, 6)]
    own.accept([ballot(each, each.hex()) for each in names])
    numbers = [number for number, _ in own.unfinished(Kind.BALLOT, after=0, most=9)]
    own.note_sent(numbers[:2], FIRST)
    own.note_ended([Ended(numbers[0], State.CONFIRMED, block=7)])
    left = heir.left("0xA", after=0, most=9)
    assert [each.number for each in left] == numbers[1:]
    assert (heir.take_over(numbers), late.take_over(numbers)) == (4, 0)
    taken = heir.unfinished(Kind.BALLOT, after=numbers[-1], most=9)
    assert [text for _, text in taken] == [each.hex() for each in names[1:]]
    assert heir.find(Kind.BALLOT, names[1:2])[names[1]].state == State.QUEUED
    assert (own.waiting(), heir.waiting(), late.waiting()) == (0, 4, 0)
    # what the other one still notes is of a number that stands for nothing any more
    own.note_sent(numbers[2:3], SECOND)
    own.note_ended([Ended(numbers[3], State.REFUSED, problem="{}")])
    assert heir.counts()[State.QUEUED] == 4
    assert own.find(Kind.BALLOT, names[:1])[names[0]].state == State.CONFIRMED


def test_relays_that_share_a_store_hear_of_each_other(own: Store, store: str) -> None:
    other = Store(store_url(store), relay="0xB")
    assert own.beat() == {"0xA": 1}
    assert other.beat() == {"0xA": 1, "0xB": 1}
    assert own.beat() == {"0xA": 2, "0xB": 1}


def test_same_ballots_that_relays_accept_at_once_are_kept_once(own: Store, store: str) -> None:
    relays = [own, *(Store(store_url(store), relay=each) for each in ("0xB", "0xC", "0xD"))]
    names = [bytes([each]) * 32 for each in range(1, 33)]
    for _ in range(20):
        names = [keccak(each) for each in names]
        orders = [names, names[::-1]] * 2
        with ThreadPoolExecutor(len(relays)) as threads:
            kept = threads.map(
                lambda relay, order: relay.accept([ballot(each) for each in order]), relays, orders
            )
            assert {each.state for own in kept for each in own} == {State.QUEUED}
    assert sum(each.waiting() for each in relays) == 20 * len(names)


def test_ballots_and_calls_do_not_mix(own: Store) -> None:
    own.accept([ballot(FIRST), Accepted(Kind.CALL, SECOND, "call")])
    assert [text for _, text in own.unfinished(Kind.CALL, after=0, most=9)] == ["call"]
    assert own.find(Kind.CALL, [FIRST]) == {}


def test_store_of_another_chain_is_refused(own: Store) -> None:
    own.require_chain(1, FIRST)
    own.require_chain(1, FIRST)
    for chain_id, genesis in ((1, SECOND), (2, FIRST)):
        with pytest.raises(WrongNetwork):
            own.require_chain(chain_id, genesis)


def test_store_that_cannot_be_opened_is_told(tmp_path: Path) -> None:
    for url in (f"sqlite:///{tmp_path}/none/store", "postgresql+psycopg://127.0.0.1:1/none"):
        with pytest.raises(StoreFailed):
            Store(url, relay="0xA")
