"""What a relay keeps on disk: the same on SQLite and PostgreSQL."""

from __future__ import annotations

from pathlib import Path

import pytest

from support.relays import store_url
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
