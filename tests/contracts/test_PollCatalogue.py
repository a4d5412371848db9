"""Polls as officials publish them: terms, phases, versions, ownership."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pytest
from brownie import Poll, PollCatalogue, accounts, chain
from eth_hash.auto import keccak

from support.boards import Board, now, point
from support.ceremonies import Ceremony
from support.harnesses import Call
from support.polls import CANCELLED, CONTENT, ID, OPEN, SCHEDULED, VOID
from veche.crypto import transcript

DEALING = 0

ROOT = "0x" + "cd" * 32
QUESTIONS = [[3, 1, 1, 1], [2, 5, 0, 10]]


@dataclass
class Office:
    """A catalogue, its owner, and a board whose key can be used."""

    catalogue: Any
    owner: Any
    board: Board

    def terms(
        self,
        *,
        board: str | None = None,
        total_weight: int = 1_000,
        opens: int | None = None,
        closes: int | None = None,
        min_voters: int = 2,
        questions: Sequence[Sequence[int]] = QUESTIONS,
    ) -> list[Any]:
        return [
            board or self.board.contract.address,
            ROOT,
            total_weight,
            now() + 1_000 if opens is None else opens,
            now() + 2_000 if closes is None else closes,
            min_voters,
            questions,
        ]

    def publish(
        self, poll_id: str = ID, content: str = CONTENT, *, total_weight: int = 1_000
    ) -> Any:
        terms = self.terms(total_weight=total_weight)
        self.catalogue.publish(poll_id, terms, content, {"from": self.owner})
        return Poll.at(self.catalogue.latest(poll_id))


@pytest.fixture(scope="module")
def board() -> Board:
    return Board(Ceremony(seed="office")).deal_all().confirm_all()


@pytest.fixture
def office(board: Board) -> Office:
    owner = accounts[0]
    return Office(PollCatalogue.deploy({"from": owner}), owner, board)


# -- Publishing --


def test_poll_is_what_it_was_published_as(office: Office, call: Call) -> None:
    terms = office.terms()
    receipt = office.catalogue.publish(ID, terms, CONTENT, {"from": office.owner})
    poll = Poll.at(office.catalogue.latest(ID))
    board = office.board.contract
    assert poll.catalogue() == office.catalogue.address
    assert poll.board() == board.address
    assert poll.content() == CONTENT
    assert [list(each) for each in call(poll.questions)] == QUESTIONS
    found = (poll.totalWeight(), poll.opens(), poll.closes(), poll.minVoters())
    assert found == tuple(terms[2:6])
    assert call(poll.rollRoot).hex() == ROOT[2:]
    assert point(poll.key()) == point(board.key())
    assert (poll.voterCount(), poll.castWeight()) == (0, 0)
    expected = transcript.poll_hash(
        chain_id=chain.id,
        poll=int(poll.address, 16),
        board=int(board.address, 16),
        board_hash=office.board.hash,
        key=point(board.key()),
        roll_root=bytes.fromhex(ROOT[2:]),
        total_weight=terms[2],
        opens=terms[3],
        closes=terms[4],
        min_voters=terms[5],
        content_hash=keccak(CONTENT.encode()),
        questions=[tuple(each) for each in QUESTIONS],  # type: ignore[misc]
    )
    assert call(poll.pollHash) == expected
    event = receipt.events["PollPublished"]
    assert (event["poll"], event["version"]) == (poll.address, 0)
    assert bytes(event["pollHash"]) == expected


def test_phase_goes_by_the_clock(office: Office, at_time: Any) -> None:
    poll = office.publish()
    opens, closes = poll.opens(), poll.closes()
    for time, phase in (
        (opens - 1, SCHEDULED),
        (opens, OPEN),
        (closes - 1, OPEN),
        (closes, VOID),
    ):
        at_time(time)
        assert poll.phase() == phase


@pytest.mark.parametrize(
    ("change", "refusal", "values"),
    [
        ({"min_voters": 1}, "TooFewVoters", (2, 1)),
        ({"min_voters": 2**40}, "TooFewVoters", (2, 2**40)),
        ({"total_weight": 0}, "InvalidTotalWeight", (0, 5)),
        ({"total_weight": 2**40 // 5 + 1}, "InvalidTotalWeight", (2**40 // 5 + 1, 5)),
        ({"total_weight": 2**256 - 1}, "InvalidTotalWeight", (2**256 - 1, 5)),
        ({"questions": []}, "InvalidQuestions", (0,)),
        ({"questions": [[3, 1, 1, 1], [1, 101, 0, 101]]}, "InvalidQuestions", (1,)),
    ],
)
def test_publish_fails_if_terms_are_impossible(
    office: Office, fails_with: Any, change: Any, refusal: str, values: tuple[int, ...]
) -> None:
    terms = office.terms(**change)
    fails_with(refusal, values, office.catalogue.publish, ID, terms, CONTENT, sender=office.owner)


def test_publish_fails_if_there_are_no_words(office: Office, fails_with: Any) -> None:
    publish = office.catalogue.publish
    fails_with("EmptyContent", (), publish, ID, office.terms(), "", sender=office.owner)


def test_publish_accepts_the_largest_total_weight(office: Office) -> None:
    assert office.publish(total_weight=(2**40 - 1) // 5).totalWeight() == (2**40 - 1) // 5


@pytest.mark.parametrize("times", [(-1, 100), (100, 100), (200, 100), (100, 2**41)])
def test_publish_fails_if_times_are_impossible(
    office: Office, fails_with: Any, times: tuple[int, int]
) -> None:
    time = now()
    opens, closes = (time + each for each in times)
    terms = office.terms(opens=opens, closes=closes)
    values = (time, opens, closes)
    fails_with(
        "InvalidTimes", values, office.catalogue.publish, ID, terms, CONTENT, sender=office.owner
    )


def test_publish_fails_if_the_board_has_no_key(office: Office, fails_with: Any) -> None:
    unfinished = Board(Ceremony(seed="unfinished"))
    terms = office.terms(board=unfinished.contract.address)
    values = (DEALING,)
    fails_with(
        "BoardNotReady", values, office.catalogue.publish, ID, terms, CONTENT, sender=office.owner
    )


# -- Only through the catalogue, only by its owner --


def test_nobody_else_gives_a_poll_its_terms(office: Office, fails_with: Any) -> None:
    poll = office.publish()
    implementation = Poll.at(office.catalogue.implementation())
    assert implementation.catalogue() == office.catalogue.address
    for target in (poll, implementation):
        for sender in (office.owner, accounts[5]):
            values = (str(sender).lower(),)
            for method, arguments in (
                (target.initialise, [bytes(32), CONTENT]),
                (target.publishRoll, [0, []]),
                (target.cancel, []),
            ):
                fails_with("NotCatalogue", values, method, *arguments, sender=sender)


def test_terms_are_given_once(office: Office, fails_with: Any) -> None:
    poll = office.publish()
    sender = office.catalogue.address
    arguments = (bytes(31) + b"1", CONTENT)
    fails_with("AlreadyInitialised", (), poll.initialise, *arguments, sender=sender)


def test_code_of_polls_is_no_poll(office: Office, fails_with: Any) -> None:
    office.publish()
    code = office.catalogue.implementation()
    clone = _deploy(bytes.fromhex(f"363d3d373d3d3d363d73{code[2:]}5af43d82803e903d91602b57fd5bf3"))
    for target in (Poll.at(code), Poll.at(clone)):
        for read in (target.phase, target.questions, target.key, target.sums, target.sumsHash):
            fails_with("NotInitialised", (), read, sender=office.owner)
        fails_with("NotInitialised", (), target.castBatch, [], [], sender=office.owner)
        assert target.result() == ()


def _deploy(code: bytes) -> str:
    """A contract with this code, made by somebody."""
    size = len(code).to_bytes(2, "big")
    receipt = accounts[5].transfer(
        data="0x" + (b"\x61" + size + b"\x80\x60\x0a\x3d\x39\x3d\xf3" + code).hex()
    )
    return str(receipt.contract_address)


def test_official_calls_fail_if_sender_is_not_the_owner(office: Office, fails_with: Any) -> None:
    office.publish()
    stranger, catalogue = accounts[5], office.catalogue
    for method, arguments in (
        (catalogue.publish, [ID, office.terms(), CONTENT]),
        (catalogue.publishRoll, [ID, 0, 0, []]),
        (catalogue.cancel, [ID, 0]),
        (catalogue.transferOwnership, [str(stranger)]),
    ):
        values = (str(stranger).lower(),)
        fails_with("OwnableUnauthorizedAccount", values, method, *arguments, sender=stranger)


def test_ownership_is_handed_over_in_two_steps(office: Office, fails_with: Any) -> None:
    catalogue, old, new = office.catalogue, office.owner, accounts[5]
    catalogue.transferOwnership(new, {"from": old})
    assert catalogue.owner() == old
    values = (str(accounts[6]).lower(),)
    fails_with("OwnableUnauthorizedAccount", values, catalogue.acceptOwnership, sender=accounts[6])
    catalogue.acceptOwnership({"from": new})
    assert catalogue.owner() == new
    values = (str(old).lower(),)
    fails_with(
        "OwnableUnauthorizedAccount",
        values,
        catalogue.publish,
        ID,
        office.terms(),
        CONTENT,
        sender=old,
    )


# -- Roll and cancellation --


def test_roll_is_published_in_chunks(office: Office) -> None:
    poll = office.publish()
    entries = [[str(account), weight] for weight, account in enumerate(accounts[1:5], start=1)]
    for first in (0, 2):
        receipt = office.catalogue.publishRoll(
            ID, 0, first, entries[first : first + 2], {"from": office.owner}
        )
        event = receipt.events["RollPublished"]
        assert receipt.logs[0].address == poll.address
        assert event["first"] == first
        assert [list(each) for each in event["entries"]] == entries[first : first + 2]


@pytest.mark.parametrize("wait", [0, 1_000])
def test_poll_without_ballots_can_be_cancelled(office: Office, at_time: Any, wait: int) -> None:
    poll = office.publish()
    at_time(poll.opens() - 1_000 + wait + 10)
    receipt = office.catalogue.cancel(ID, 0, {"from": office.owner})
    assert "PollCancelled" in receipt.events
    assert poll.phase() == CANCELLED
    at_time(poll.closes() + 1)
    assert poll.phase() == CANCELLED


def test_cancel_fails_once_the_poll_is_over(office: Office, fails_with: Any, at_time: Any) -> None:
    poll = office.publish()
    office.publish("0x" + "01" * 32)
    office.catalogue.cancel("0x" + "01" * 32, 0, {"from": office.owner})
    values = (SCHEDULED, CANCELLED)
    arguments = ("0x" + "01" * 32, 0)
    fails_with("WrongPhase", values, office.catalogue.cancel, *arguments, sender=office.owner)
    at_time(poll.closes())
    values = (SCHEDULED, VOID)
    fails_with("WrongPhase", values, office.catalogue.cancel, ID, 0, sender=office.owner)


# -- Register --


def test_versions_are_listed_the_newest_last(office: Office, call: Call) -> None:
    catalogue = office.catalogue
    polls = [office.publish(content=f"version {index}") for index in range(3)]
    addresses = [poll.address.lower() for poll in polls]
    assert catalogue.versionCount(ID) == 3
    assert list(call(catalogue.versions, ID, 0, 99)) == addresses
    assert list(call(catalogue.versions, ID, 1, 1)) == addresses[1:2]
    assert list(call(catalogue.versions, ID, 3, 1)) == []
    assert catalogue.latest(ID) == polls[2].address
    assert polls[0].content() == "version 0"
    assert len({bytes(poll.pollHash()) for poll in polls}) == 3
    assert all(catalogue.isOfficial(poll) for poll in polls)
    assert not catalogue.isOfficial(accounts[1])


def test_ids_are_listed_in_pages(office: Office, call: Call) -> None:
    wanted = [f"0x{index:064x}" for index in range(1, 4)]
    for poll_id in (*wanted, wanted[0]):
        office.publish(poll_id)
    catalogue = office.catalogue
    assert catalogue.pollCount() == 3
    assert [f"0x{each.hex()}" for each in call(catalogue.ids, 0, 2)] == wanted[:2]
    assert [f"0x{each.hex()}" for each in call(catalogue.ids, 2, 2)] == wanted[2:]
    assert list(call(catalogue.ids, 2**255, 2**255)) == []


def test_reads_fail_if_there_is_no_such_poll(office: Office, fails_with: Any) -> None:
    office.publish()
    catalogue, unknown = office.catalogue, bytes(32)
    fails_with("UnknownPollId", (unknown,), catalogue.latest, unknown, sender=office.owner)
    values = (bytes.fromhex(ID[2:]), 1)
    for method, arguments in ((catalogue.cancel, []), (catalogue.publishRoll, [0, []])):
        fails_with("UnknownVersion", values, method, ID, 1, *arguments, sender=office.owner)
    assert catalogue.versionCount(unknown) == 0
