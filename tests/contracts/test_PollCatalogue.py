"""Boards and polls as officials make them: terms, phases, versions, ownership."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pytest
from brownie import Poll, Tally, TrusteeBoard, accounts, chain
from eth_hash.auto import keccak

from attacks.init_code import Forgery, clone, impostor
from support.boards import Board, now, point
from support.ceremonies import Ceremony
from support.handmade import copy_of, deploy
from support.harnesses import Call
from support.polls import CANCELLED, CONTENT, ID, OPEN, SCHEDULED, VOID, ready_board
from veche.chain import arguments
from veche.crypto import transcript

DEALING, CONFIRMING, READY, FAILED = range(4)

ROOT = "0x" + "cd" * 32
QUESTIONS = [[3, 1, 1, 1], [2, 5, 0, 10]]


@dataclass
class Office:
    """A board whose key can be used, with its catalogue and the catalogue's owner."""

    board: Board

    @property
    def catalogue(self) -> Any:
        return self.board.catalogue

    @property
    def owner(self) -> Any:
        return self.board.official

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


@pytest.fixture
def office() -> Office:
    return Office(ready_board())


# -- Publishing --


def test_poll_is_what_it_was_published_as(office: Office, call: Call) -> None:
    terms = office.terms()
    receipt = office.catalogue.publish(ID, terms, CONTENT, {"from": office.owner})
    poll = Poll.at(office.catalogue.latest(ID))
    board = office.board.contract
    assert poll.catalogue() == office.catalogue.address
    assert poll.bornAt() == receipt.block_number
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
        (
            {"total_weight": 2**40 // 5 + 1, "questions": QUESTIONS[::-1]},
            "InvalidTotalWeight",
            (2**40 // 5 + 1, 5),
        ),
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


# -- Boards that no poll can have --


@pytest.fixture
def refuse_board(office: Office, fails_with: Any) -> Any:
    """Asserts that no poll is published with a board, by this name and with these values."""

    def check(board: Any, name: str, values: tuple[Any, ...]) -> None:
        terms = office.terms(board=str(board))
        publish = office.catalogue.publish
        fails_with(name, values, publish, ID, terms, CONTENT, sender=office.owner)

    return check


def test_publish_fails_if_the_board_has_no_key(office: Office, refuse_board: Any) -> None:
    board = Board(Ceremony(seed="unfinished"), catalogue=office.catalogue)
    refuse_board(board.contract, "BoardNotReady", (DEALING,))
    board.deal_all()
    refuse_board(board.contract, "BoardNotReady", (CONFIRMING,))


def test_publish_fails_if_the_board_has_failed(office: Office, refuse_board: Any) -> None:
    ceremony = Ceremony(seed="failed")
    ceremony.collude(0)
    board = Board(ceremony, catalogue=office.catalogue).deal_all().confirm_all()
    refuse_board(board.contract, "BoardNotReady", (FAILED,))


def refuse_unknown(refuse_board: Any, board: Any) -> None:
    refuse_board(board, "UnknownBoard", (str(board).lower(),))


def test_publish_fails_with_a_board_of_another_catalogue(refuse_board: Any) -> None:
    """Its key is good. But who trusts this catalogue knows nothing of the other."""
    other = ready_board()
    assert other.contract.phase() == READY
    refuse_unknown(refuse_board, other.contract)


def test_publish_fails_with_a_board_that_somebody_made(office: Office, refuse_board: Any) -> None:
    """A clone of the same code, with the catalogue's address in its arguments, trustees of its
    maker's choice, and a ceremony that is in order.
    """
    board = Board(Ceremony(seed="stranger"), catalogue=office.catalogue)
    copied = board.moved_to(copy_of(board.contract))
    refuse_unknown(refuse_board, copied.contract)
    copied.contract.initialise({"from": accounts[5]})
    copied.deal_all().confirm_all()
    assert copied.contract.phase() == READY
    assert copied.contract.catalogue() == office.catalogue.address
    refuse_unknown(refuse_board, copied.contract)


def test_publish_fails_with_an_impostor_of_a_board(office: Office, refuse_board: Any) -> None:
    """A contract that gives the answers of a board that is Ready, with a key that somebody has."""
    key = office.board.contract.key()
    answers = {"phase()": [READY], "minVoters()": [2], "boardHash()": [7], "key()": list(key)}
    address = deploy(Forgery(impostor(answers)))
    found = TrusteeBoard.at(address)
    assert (found.phase(), found.minVoters(), found.key()) == (READY, 2, key)
    refuse_unknown(refuse_board, address)


def test_publish_fails_with_what_is_no_board(office: Office, refuse_board: Any) -> None:
    catalogue = office.catalogue
    others = (catalogue.boardCode(), catalogue.pollCode(), office.publish(), catalogue)
    for each in (*others, accounts[5], "0x" + 40 * "0"):
        refuse_unknown(refuse_board, each)


def test_board_is_official_in_its_own_catalogue_only(office: Office) -> None:
    other = ready_board()
    for catalogue, own, foreign in (
        (office.catalogue, office.board, other),
        (other.catalogue, other, office.board),
    ):
        assert catalogue.isOfficialBoard(own.contract)
        assert not catalogue.isOfficialBoard(foreign.contract)
        assert not catalogue.isOfficial(own.contract)
    poll = office.publish()
    assert office.catalogue.isOfficial(poll)
    assert not office.catalogue.isOfficialBoard(poll)
    assert not other.catalogue.isOfficial(poll)


# -- Only through the catalogue, only by its owner --


def test_nobody_else_gives_a_poll_its_terms(office: Office, fails_with: Any) -> None:
    """Nor to a copy of it that somebody made: that names the catalogue, which never calls it."""
    published = office.publish()
    for poll in (published, Poll.at(copy_of(published))):
        assert poll.catalogue() == office.catalogue.address
        for sender in (office.owner, accounts[5], poll.address):
            values = (str(sender).lower(),)
            for method, given in (
                (poll.initialise, [bytes(32), CONTENT]),
                (poll.publishRoll, [0, []]),
                (poll.cancel, []),
            ):
                fails_with("NotCatalogue", values, method, *given, sender=sender)


def test_terms_are_given_once(office: Office, fails_with: Any) -> None:
    poll = office.publish()
    sender = office.catalogue.address
    arguments = (bytes(31) + b"1", CONTENT)
    fails_with("AlreadyInitialised", (), poll.initialise, *arguments, sender=sender)


READS = ("phase", "questions", "key", "sums", "sumsHash", "board", "opens", "rollRoot")


def test_code_of_polls_is_no_poll(office: Office, fails_with: Any) -> None:
    """Not even the catalogue could make it one."""
    code = Poll.at(office.catalogue.pollCode())
    sender = office.catalogue.address
    for read in (*READS, "catalogue", "bornAt"):
        fails_with("NotInitialised", (), getattr(code, read), sender=sender)
    for method, given in (
        (code.initialise, [bytes(32), CONTENT]),
        (code.publishRoll, [0, []]),
        (code.cancel, []),
        (code.castBatch, [[], []]),
    ):
        fails_with("NotInitialised", (), method, *given, sender=sender)
    assert code.result() == ()


def test_poll_that_somebody_made_accepts_nothing(office: Office, fails_with: Any) -> None:
    """A copy of a poll, to the byte, that nobody can initialise; and a clone without terms."""
    poll = office.publish()
    bare = Poll.at(deploy(Forgery(clone(office.catalogue.pollCode()))))
    for target in (Poll.at(copy_of(poll)), bare):
        for read in READS:
            fails_with("NotInitialised", (), getattr(target, read), sender=office.owner)
        fails_with("NotInitialised", (), target.castBatch, [], [], sender=office.owner)
        for method, given in _counting(target):
            fails_with("NotInitialised", (), method, *given, sender=office.owner)
        assert target.result() == ()
        assert not office.catalogue.isOfficial(target)


def test_code_that_counts_polls_is_no_poll(office: Office, fails_with: Any) -> None:
    tally = Tally.at(Poll.at(office.catalogue.pollCode()).tally())
    for method, given in _counting(tally):
        fails_with("NotInitialised", (), method, *given, sender=office.owner)


def _counting(target: Any) -> list[tuple[Any, list[Any]]]:
    """The calls that count a poll."""
    share = [1, bytes(32), [], (1, 1), []]
    return [(target.postShare, share), (target.publishResult, [[], [], []])]


def test_official_calls_fail_if_sender_is_not_the_owner(office: Office, fails_with: Any) -> None:
    office.publish()
    stranger, catalogue = accounts[5], office.catalogue
    for method, given in (
        (catalogue.convene, [arguments.board_terms(office.board.terms)]),
        (catalogue.publish, [ID, office.terms(), CONTENT]),
        (catalogue.publishRoll, [ID, 0, 0, []]),
        (catalogue.cancel, [ID, 0]),
        (catalogue.transferOwnership, [str(stranger)]),
    ):
        values = (str(stranger).lower(),)
        fails_with("OwnableUnauthorizedAccount", values, method, *given, sender=stranger)


def test_ownership_is_handed_over_in_two_steps(office: Office, fails_with: Any) -> None:
    catalogue, old, new = office.catalogue, office.owner, accounts[5]
    catalogue.transferOwnership(new, {"from": old})
    assert catalogue.owner() == old
    values = (str(accounts[6]).lower(),)
    fails_with("OwnableUnauthorizedAccount", values, catalogue.acceptOwnership, sender=accounts[6])
    catalogue.acceptOwnership({"from": new})
    assert catalogue.owner() == new
    assert catalogue.firstOwner() == old
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


def test_roll_is_published_until_the_close(office: Office, fails_with: Any, at_time: Any) -> None:
    """As often as officials like, also while the poll is open: nobody has voted."""
    poll = office.publish()
    publish = office.catalogue.publishRoll
    entries = [[str(accounts[1]), 1]]
    for time in (now(), poll.opens(), poll.closes() - 1):
        if time > now():
            at_time(time)
        for _ in range(2):
            receipt = publish(ID, 0, 7, entries, {"from": office.owner})
            assert receipt.events["RollPublished"]["first"] == 7
    at_time(poll.closes())
    values = (SCHEDULED, VOID)
    fails_with("WrongPhase", values, publish, ID, 0, 7, entries, sender=office.owner)


def test_roll_of_a_cancelled_poll_is_not_published(office: Office, fails_with: Any) -> None:
    office.publish()
    office.catalogue.cancel(ID, 0, {"from": office.owner})
    values = (SCHEDULED, CANCELLED)
    publish = office.catalogue.publishRoll
    fails_with("WrongPhase", values, publish, ID, 0, 0, [], sender=office.owner)


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
    for method, given in ((catalogue.cancel, []), (catalogue.publishRoll, [0, []])):
        fails_with("UnknownVersion", values, method, ID, 1, *given, sender=office.owner)
    assert catalogue.versionCount(unknown) == 0
