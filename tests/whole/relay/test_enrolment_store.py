"""Enrolments on disk: the same on SQLite and PostgreSQL, also after a kill."""

from __future__ import annotations

import signal
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import requests
from eth_account.signers.local import LocalAccount

from attacks.enrolments import OFFICIAL, key
from support.elections import Town
from support.relays import RunningRelay, relay_office, store_url
from veche.enrolment.binding import Binding
from veche.enrolment.code_list import CodeList
from veche.errors import (
    AddressTaken,
    EnrolmentClosed,
    OldEdition,
    StaleBinding,
    UnknownCode,
    UnknownEnrolment,
)
from veche.relay.enrolment_store import EnrolmentStore
from veche.relay.store import Store

NOW = 1_803_000_000
CODES = [key(f"store code {number}") for number in range(3)]
VOTERS = [key(f"store voter {number}") for number in range(3)]


@pytest.fixture
def own(store: str) -> EnrolmentStore:
    return EnrolmentStore(Store(store_url(store), relay="0xA"))


def listed(*codes: LocalAccount, edition: int = 1, until: int = NOW) -> CodeList:
    addresses = [each.address for each in codes]
    return CodeList.make(
        "oak", title="Oak", edition=edition, until=until, codes=addresses, official=OFFICIAL
    )


def bound(code: int, voter: int, sequence: int = 1, enrolment: str = "oak") -> Binding:
    return Binding.make(enrolment, code=CODES[code], voter=VOTERS[voter], sequence=sequence)


def take(own: EnrolmentStore, codes: CodeList) -> None:
    own.replace_list(codes, OFFICIAL.address)


def kinds(own: EnrolmentStore, *given: Binding, now: int = NOW) -> list[object]:
    """A number for each binding that is taken, and the kind of refusal of the others."""
    return [each if isinstance(each, int) else type(each) for each in own.bind(given, now=now)]


def test_what_is_bound_is_there_for_the_next_process(own: EnrolmentStore, store: str) -> None:
    take(own, listed(*CODES))
    assert kinds(own, bound(0, 0), bound(1, 1), bound(0, 2, 2)) == [1, 2, 3]
    again = EnrolmentStore(Store(store_url(store), relay="0xB"))
    head = again.head("oak")
    assert (head.codes, head.enrolled, head.bindings, head.official) == (3, 2, 3, OFFICIAL.address)
    numbers = [number for number, _ in again.bindings("oak", after=1, most=1)]
    assert numbers == [2]
    assert again.newest("oak", CODES[0].address) == bound(0, 2, 2).to_json()
    assert again.newest("oak", CODES[2].address) is None


def test_every_refusal_has_its_name(own: EnrolmentStore) -> None:
    assert kinds(own, bound(0, 0)) == [UnknownEnrolment]
    take(own, listed(*CODES[:2]))
    assert kinds(own, bound(0, 0), now=NOW + 1) == [EnrolmentClosed]
    assert kinds(own, bound(2, 0)) == [UnknownCode]
    assert kinds(own, bound(0, 0, 2), bound(0, 0, 2), bound(0, 1, 2), bound(0, 0, 1)) == [
        1,
        1,
        StaleBinding,
        StaleBinding,
    ]
    assert kinds(own, bound(1, 0), bound(1, 1)) == [AddressTaken, 2]
    assert own.head("oak").enrolled == 2


def test_address_of_a_code_that_is_not_valid_any_more_is_free(own: EnrolmentStore) -> None:
    take(own, listed(*CODES[:2]))
    assert kinds(own, bound(0, 0)) == [1]
    take(own, listed(CODES[1], edition=2))
    assert own.head("oak").enrolled == 0
    assert kinds(own, bound(0, 1, 2), bound(1, 0)) == [UnknownCode, 2]


@pytest.mark.parametrize("edition", [1, 2])
def test_older_list_changes_nothing(edition: int, own: EnrolmentStore) -> None:
    take(own, listed(*CODES, edition=2))
    take(own, listed(*CODES, edition=2))  # the same again
    with pytest.raises(OldEdition):
        take(own, listed(edition=edition))
    assert own.head("oak").codes == 3


def test_enrolment_that_is_not_there_is_unknown(own: EnrolmentStore) -> None:
    with pytest.raises(UnknownEnrolment):
        own.head("oak")
    assert own.bindings("oak", after=0, most=9) == []


def test_relays_that_share_a_store_give_no_number_twice(own: EnrolmentStore, store: str) -> None:
    codes = [key(f"many {number}") for number in range(24)]
    take(own, listed(*codes))
    others = [EnrolmentStore(Store(store_url(store), relay=name)) for name in "ABC"]

    def work(number: int) -> list[object]:
        voter = key(f"many voters {number}")
        return kinds(others[number % 3], Binding.make("oak", code=codes[number], voter=voter))

    with ThreadPoolExecutor(6) as pool:
        found = sorted(int(str(each)) for (each,) in pool.map(work, range(24)))
    assert found == [*range(1, 25)]


def test_what_was_acknowledged_survives_a_kill(town: Town, store: str, tmp_path: Path) -> None:
    office = relay_office(
        town,
        tmp_path / "office",
        [],
        name="killed",
        officials=[OFFICIAL.address],
        store=store,
        limits={"requests_per_minute": 100_000},
    )
    codes = [key(f"kill {number}") for number in range(200)]
    with office.running() as relay:
        listing = listed(*codes, until=2**40).to_json()
        url = f"{relay.url}/v1/enrolments/oak"
        requests.put(url, listing, timeout=300).raise_for_status()
        taken: list[str] = []
        with ThreadPoolExecutor(4) as pool:
            for code in codes:
                pool.submit(_bind, relay, code, taken)
            while len(taken) < 20:
                assert relay.process.process.is_alive()
            relay.process.signal(signal.SIGKILL)
    with office.running() as relay:
        told = relay.get("/v1/enrolments/oak/bindings").json()["bindings"]
    assert [each["number"] for each in told] == [*range(1, len(told) + 1)]
    assert set(taken) <= {each["code"] for each in told}


def _bind(relay: RunningRelay, code: LocalAccount, taken: list[str]) -> None:
    """Binds a code to a key of its own, and notes that it was acknowledged."""
    binding = Binding.make("oak", code=code, voter=key(f"voter of {code.address}"))
    try:
        answer = relay.post(binding.to_json(), "/v1/enrolments/oak/bindings")
    except requests.RequestException:
        return
    if answer.status_code == 201:  # otherwise it is gone
        taken.append(code.address)
