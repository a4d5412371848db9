"""The key ceremony on chain."""

from __future__ import annotations

from typing import Any

import pytest
from brownie import TrusteeBoard, accounts, chain

from support.boards import Board, now, point, words
from support.ceremonies import Ceremony
from support.harnesses import Call, Reverted
from veche.chain import arguments
from veche.crypto import sharing, transcript
from veche.crypto.group import INFINITY, G, N, Scalar, Secret

DEALING, CONFIRMING, READY, FAILED = range(4)
NO_FAILURE, BAD_SHARE, UNUSABLE_KEY, DEADLINE = range(4)


@pytest.fixture
def board() -> Board:
    return Board(Ceremony())


@pytest.fixture
def dealt(board: Board) -> Board:
    return board.deal_all()


# -- Convening --


def test_board_is_what_it_was_convened_as(board: Board, call: Call) -> None:
    contract, ceremony = board.contract, board.ceremony
    trustees, threshold, min_voters, deal_by, confirm_by = board.terms
    assert contract.phase() == DEALING
    assert contract.failure() == NO_FAILURE
    found = (contract.threshold(), contract.minVoters(), contract.dealBy(), contract.confirmBy())
    assert found == (threshold, min_voters, deal_by, confirm_by)
    assert contract.trusteeCount() == len(trustees)
    for index in ceremony.indices:
        account, sealing_key = call(contract.trustee, index)
        assert account == str(board.account(index)).lower()
        assert list(sealing_key) == trustees[index - 1][1]
        assert contract.trusteeIndex(board.account(index)) == index
    assert contract.trusteeIndex(accounts[0]) == 0
    assert board.hash == transcript.board_hash(
        chain_id=chain.id,
        board=int(contract.address, 16),
        threshold=threshold,
        min_voters=min_voters,
        deal_by=deal_by,
        confirm_by=confirm_by,
        trustees=[
            (int(str(account), 16), e)
            for account, e in zip(board.people, ceremony.sealing_keys, strict=True)
        ],
    )
    assert bytes(contract.dealsHash()) == board.hash
    assert point(contract.key()) == INFINITY
    assert point(contract.verificationKey(1)) == INFINITY


@pytest.mark.parametrize("size", [(1, 1), (1, 2), (2, 4), (3, 2), (9, 17), (8, 16)])
def test_convene_fails_if_threshold_is_impossible(fails_with: Any, size: tuple[int, int]) -> None:
    threshold, trustees = size
    ceremony = Ceremony(2, 3)
    ceremony.trustees = trustees
    people = [f"0x{index:040x}" for index in range(1, trustees + 1)]
    keys = [[str(person), words(G * Scalar(at))] for at, person in enumerate(people, 1)]
    terms = [keys, threshold, *ceremony.terms([], now())[2:]]
    fails_with("InvalidThreshold", size, TrusteeBoard.deploy, *terms, sender=accounts[0])


@pytest.mark.parametrize("fewest", [0, 1])
def test_convene_fails_if_one_ballot_would_do(fails_with: Any, fewest: int) -> None:
    terms = Ceremony().terms(accounts[1:4], now(), min_voters=fewest)
    fails_with("InvalidMinVoters", (fewest,), TrusteeBoard.deploy, *terms, sender=accounts[0])


@pytest.mark.parametrize("deadlines", [(0, 1000), (-1, 1000), (1000, 1000), (2000, 1000)])
def test_convene_fails_if_deadlines_are_impossible(
    fails_with: Any, deadlines: tuple[int, int]
) -> None:
    time = now()
    deal_by, confirm_by = (time + each for each in deadlines)
    terms = Ceremony().terms(accounts[1:4], time, deal_by=deal_by, confirm_by=confirm_by)
    values = (time, deal_by, confirm_by)
    fails_with("InvalidDeadlines", values, TrusteeBoard.deploy, *terms, sender=accounts[0])


def test_convene_fails_if_an_account_repeats_or_is_zero(fails_with: Any) -> None:
    for people in ([accounts[1], accounts[2], accounts[1]], ["0x" + "0" * 40, *accounts[2:4]]):
        terms = Ceremony().terms(people, now())
        wrong = str(people[2] if people[2] == people[0] else people[0]).lower()
        fails_with("InvalidAccount", (wrong,), TrusteeBoard.deploy, *terms, sender=accounts[0])


def test_convene_fails_if_a_sealing_key_repeats(fails_with: Any) -> None:
    ceremony = Ceremony()
    first = ceremony.sealing_keys[0]
    for twin in (words(first), words(-first)):
        terms = ceremony.terms(accounts[1:4], now())
        terms[0][2][1] = list(twin)
        fails_with("DuplicateSealingKey", twin, TrusteeBoard.deploy, *terms, sender=accounts[0])


def test_convene_fails_if_a_sealing_key_is_no_point(fails_with: Any) -> None:
    for wrong in ((0, 0), (G.x, G.y ^ 1)):
        terms = Ceremony().terms(accounts[1:4], now())
        terms[0][1][1] = list(wrong)
        fails_with("InvalidPoint", wrong, TrusteeBoard.deploy, *terms, sender=accounts[0])


def test_reads_fail_if_there_is_no_such_trustee(board: Board, fails_with: Any) -> None:
    contract = board.contract
    for read in (
        contract.trustee,
        contract.commitments,
        contract.ephemeralKey,
        contract.sealedShares,
        contract.hasConfirmed,
        contract.verificationKey,
    ):
        for index in (0, 4):
            fails_with("UnknownTrustee", (index,), read, index, sender=accounts[0])


# -- Deals --


def test_deal_is_kept_in_state(board: Board) -> None:
    made = board.ceremony.deal(2, board.hash)
    receipt = board.deal(2)
    contract = board.contract
    assert [point(each) for each in contract.commitments(2)] == list(made.commitments)
    assert point(contract.ephemeralKey(2)) == made.ephemeral
    assert [bytes(each) for each in contract.sealedShares(2)] == list(made.sealed)
    expected = transcript.deals_hash(board.hash, 2, made.challenge)
    assert bytes(contract.dealsHash()) == expected
    event = receipt.events["Dealt"]
    assert event["dealer"] == 2
    assert bytes(event["dealsHash"]) == expected
    logged = (event["challenge"], event["secretResponse"], event["ephemeralResponse"])
    answers = (made.challenge, made.secret_response, made.ephemeral_response)
    assert logged == tuple(each.value for each in answers)
    assert contract.phase() == DEALING


def test_last_deal_begins_confirmation(board: Board) -> None:
    board.deal(3)
    board.deal(1)
    assert board.contract.phase() == DEALING
    board.deal(2)
    assert board.contract.phase() == CONFIRMING


def test_deal_fails_if_sender_is_no_trustee(board: Board, fails_with: Any) -> None:
    made = arguments.deal(board.ceremony.deal(1, board.hash))
    stranger = accounts[0]
    values = (str(stranger).lower(),)
    fails_with("NotTrustee", values, board.contract.deal, made, sender=stranger)


def test_deal_fails_if_posted_twice(board: Board, fails_with: Any) -> None:
    board.deal(1)
    made = arguments.deal(board.ceremony.deal(1, board.hash))
    fails_with("AlreadyDealt", (1,), board.contract.deal, made, sender=board.account(1))


def test_deal_fails_after_its_deadline(board: Board, fails_with: Any, at_time: Any) -> None:
    made, deadline = arguments.deal(board.ceremony.deal(1, board.hash)), board.terms[3]
    at_time(deadline)
    values = (deadline, deadline)
    fails_with("DeadlinePassed", values, board.contract.deal, made, sender=board.account(1))


def test_deal_fails_if_all_have_dealt(dealt: Board, fails_with: Any) -> None:
    made = arguments.deal(dealt.ceremony.deal(1, dealt.hash))
    values = (DEALING, CONFIRMING)
    fails_with("WrongBoardPhase", values, dealt.contract.deal, made, sender=dealt.account(1))


@pytest.mark.parametrize("degree", [1, 3])
def test_deal_fails_if_the_degree_is_wrong(board: Board, fails_with: Any, degree: int) -> None:
    other = Ceremony(seed="wrong degree")
    other.polynomials[0] = sharing.Polynomial([Secret(5 + k) for k in range(degree)])
    made = arguments.deal(other.deal(1, board.hash))
    values = (degree, 3)
    fails_with("InvalidDealShape", values, board.contract.deal, made, sender=board.account(1))


def test_deal_fails_if_posted_by_another(board: Board, call: Call) -> None:
    made = arguments.deal(board.ceremony.deal(1, board.hash))
    with pytest.raises(Reverted, match="InvalidProof"):
        call(board.contract.deal, made, sender=board.account(2))


def test_deal_fails_if_lifted_from_another_board(board: Board, call: Call) -> None:
    """A decoy board cannot repeat a deal to have its shares opened by a blame there."""
    decoy = Board(board.ceremony)
    assert decoy.hash != board.hash
    made = arguments.deal(board.ceremony.deal(1, board.hash))
    with pytest.raises(Reverted, match="InvalidProof"):
        call(decoy.contract.deal, made, sender=decoy.account(1))


# -- Confirmation --


def test_board_gets_ready_when_all_have_confirmed(dealt: Board) -> None:
    contract, ceremony = dealt.contract, dealt.ceremony
    for index in (2, 3):
        receipt = dealt.confirm(index)
        assert receipt.events["Confirmed"]["trustee"] == index
        assert contract.hasConfirmed(index)
        assert contract.phase() == CONFIRMING
    assert not contract.hasConfirmed(1)
    assert point(contract.key()) == INFINITY
    receipt = dealt.confirm(1)
    assert contract.phase() == READY
    deals = [each.commitments() for each in ceremony.polynomials]
    key = sharing.encryption_key(deals)
    assert point(contract.key()) == key
    assert point(receipt.events["BoardReady"]["key"]) == key
    for index in ceremony.indices:
        assert point(contract.verificationKey(index)) == sharing.verification_key(deals, index)
        assert point(contract.verificationKey(index)) == G * ceremony.secret(index)


def test_trustee_recovers_its_share_from_state(dealt: Board) -> None:
    """With the sealing secret and a node, and with no logs."""
    dealt.confirm_all()
    contract = dealt.contract
    for index in dealt.ceremony.indices:
        shares = [
            sharing.unseal(
                bytes(contract.sealedShares(dealer)[index - 1]),
                board_hash=bytes(contract.boardHash()),
                dealer=dealer,
                recipient=index,
                shared=point(contract.ephemeralKey(dealer)) * dealt.ceremony.sealing[index - 1],
                commitments=[point(each) for each in contract.commitments(dealer)],
            )
            for dealer in dealt.ceremony.indices
        ]
        assert G * sharing.secret_share(shares) == point(contract.verificationKey(index))


def test_confirm_fails_if_the_deals_are_others(dealt: Board, fails_with: Any) -> None:
    actual = bytes(dealt.contract.dealsHash())
    for wrong in (bytes(32), dealt.hash):
        fails_with(
            "WrongDealsHash",
            (actual, wrong),
            dealt.contract.confirm,
            wrong,
            sender=dealt.account(1),
        )


def test_confirm_fails_if_carried_over_a_reorganisation(board: Board, fails_with: Any) -> None:
    """The same trustees deal in another order on the other fork: another hash."""
    chain.snapshot()
    board.deal_all()
    seen = bytes(board.contract.dealsHash())
    chain.revert()
    for dealer in (3, 2, 1):
        board.deal(dealer)
    actual = bytes(board.contract.dealsHash())
    assert actual != seen
    values = (actual, seen)
    fails_with("WrongDealsHash", values, board.contract.confirm, seen, sender=board.account(1))


def test_confirm_fails_if_sent_twice(dealt: Board, fails_with: Any) -> None:
    dealt.confirm(1)
    hash_ = dealt.contract.dealsHash()
    fails_with("AlreadyConfirmed", (1,), dealt.contract.confirm, hash_, sender=dealt.account(1))


def test_confirm_fails_if_sender_is_no_trustee(dealt: Board, fails_with: Any) -> None:
    stranger, hash_ = accounts[0], dealt.contract.dealsHash()
    values = (str(stranger).lower(),)
    fails_with("NotTrustee", values, dealt.contract.confirm, hash_, sender=stranger)


def test_confirm_fails_before_all_have_dealt(board: Board, fails_with: Any) -> None:
    board.deal(1)
    hash_, values = board.contract.dealsHash(), (CONFIRMING, DEALING)
    fails_with("WrongBoardPhase", values, board.contract.confirm, hash_, sender=board.account(1))


def test_confirm_fails_after_its_deadline(dealt: Board, fails_with: Any, at_time: Any) -> None:
    deadline, hash_ = dealt.terms[4], dealt.contract.dealsHash()
    at_time(deadline)
    values = (deadline, deadline)
    fails_with("DeadlinePassed", values, dealt.contract.confirm, hash_, sender=dealt.account(1))


@pytest.mark.parametrize("at", [0, 1, 3])
def test_board_fails_if_a_key_is_unusable(at: int) -> None:
    """Polynomials that add up to 0 at 0 leave no key: all must pool their secrets for it. At a
    trustee's place they leave no share for it: it can do so alone, and is named."""
    ceremony = Ceremony(seed=f"collusion {at}")
    ceremony.collude(at)
    board = Board(ceremony).deal_all()
    board.confirm(1)
    board.confirm(2)
    receipt = board.confirm(3)
    assert board.contract.phase() == FAILED
    assert board.contract.failure() == UNUSABLE_KEY
    assert receipt.events["BoardFailed"] == {"reason": UNUSABLE_KEY, "trustee": at}
    assert board.contract.faultyTrustee() == at
    assert point(board.contract.key()) == INFINITY
    assert point(board.contract.verificationKey(2)) == INFINITY


# -- Blame --


def bad_share(kind: str, good: int) -> int:
    return {"flipped": good ^ 1, "0": 0, "n": N, "largest": 2**256 - 1, "another's": good + 1}[kind]


@pytest.mark.parametrize("kind", ["flipped", "0", "n", "largest", "another's"])
def test_blame_for_a_bad_share_fails_the_board(board: Board, kind: str) -> None:
    good = board.ceremony.polynomials[1].evaluate(3).value
    board.deal(1)
    board.deal_badly(2, 3, bad_share(kind, good))
    board.deal(3)
    board.confirm(1)
    receipt = board.contract.blame(*board.blame(2, 3), {"from": board.account(3)})
    assert board.contract.phase() == FAILED
    assert board.contract.failure() == BAD_SHARE
    assert receipt.events["BoardFailed"] == {"reason": BAD_SHARE, "trustee": 2}
    assert board.contract.faultyTrustee() == 2


def test_blame_for_a_share_beyond_n_fails_the_board(board: Board) -> None:
    """f + n gives the same point as f, and yet it is no share: no two integers open alike."""
    ceremony = board.ceremony
    small = Secret(5)
    ceremony.polynomials[0] = sharing.Polynomial([Secret(2), Secret(3)])  # f(1) = 5
    assert ceremony.polynomials[0].evaluate(1) == small.reveal()
    board.deal_badly(1, 1, N + 5)
    board.deal(2)
    board.deal(3)
    board.contract.blame(*board.blame(1, 1), {"from": board.account(1)})
    assert board.contract.failure() == BAD_SHARE


def test_blame_fails_if_the_share_is_good(dealt: Board, fails_with: Any) -> None:
    for dealer, recipient in ((1, 2), (3, 1), (2, 2)):
        fails_with(
            "UnfoundedBlame",
            (dealer, recipient),
            dealt.contract.blame,
            *dealt.blame(dealer, recipient),
            sender=dealt.account(recipient),
        )
    assert dealt.contract.phase() == CONFIRMING


@pytest.mark.parametrize("share", [1, 2, N - 1])
def test_blame_fails_if_a_good_share_is_at_the_edge(
    board: Board, fails_with: Any, share: int
) -> None:
    board.ceremony.polynomials[0] = sharing.Polynomial([Secret((share - 5) % N), Secret(5)])
    board.deal_all()
    assert board.ceremony.polynomials[0].evaluate(1).value == share
    arguments = board.blame(1, 1)
    values = (1, 1)
    fails_with("UnfoundedBlame", values, board.contract.blame, *arguments, sender=board.account(1))


def test_blame_fails_if_the_shared_point_is_wrong(board: Board, call: Call) -> None:
    board.deal(1)
    board.deal_badly(2, 3, 5)
    board.deal(3)
    arguments = board.blame(2, 3)
    arguments[1] = list(words(G * Scalar(5)))
    with pytest.raises(Reverted, match=r"InvalidHint|InvalidProof"):
        call(board.contract.blame, *arguments, sender=board.account(3))


def test_blame_fails_if_carried_over_from_a_decoy_board(board: Board, call: Call) -> None:
    decoy = Board(board.ceremony)
    for each in (board, decoy):
        each.deal_all()
    ephemeral = point(board.contract.ephemeralKey(1))
    arguments = board.ceremony.blame(1, 2, decoy.hash, ephemeral)
    with pytest.raises(Reverted, match="InvalidProof"):
        call(board.contract.blame, *arguments, sender=board.account(2))


def test_blame_fails_if_sent_by_another(board: Board, call: Call) -> None:
    board.deal(1)
    board.deal_badly(2, 3, 5)
    board.deal(3)
    with pytest.raises(Reverted, match=r"InvalidHint|InvalidProof"):
        call(board.contract.blame, *board.blame(2, 3), sender=board.account(1))
    with pytest.raises(Reverted, match="NotTrustee"):
        call(board.contract.blame, *board.blame(2, 3), sender=accounts[0])


@pytest.mark.parametrize("dealer", [0, 4])
def test_blame_fails_if_there_is_no_such_dealer(dealt: Board, fails_with: Any, dealer: int) -> None:
    arguments = [dealer, *dealt.blame(1, 2)[1:]]
    fails_with(
        "UnknownTrustee", (dealer,), dealt.contract.blame, *arguments, sender=dealt.account(2)
    )


def test_blame_fails_outside_confirmation(dealt: Board, fails_with: Any) -> None:
    arguments = dealt.blame(1, 2)
    dealt.confirm_all()
    values = (CONFIRMING, READY)
    fails_with("WrongBoardPhase", values, dealt.contract.blame, *arguments, sender=dealt.account(2))


def test_blame_fails_after_its_deadline(dealt: Board, fails_with: Any, at_time: Any) -> None:
    arguments, deadline = dealt.blame(1, 2), dealt.terms[4]
    at_time(deadline)
    values = (deadline, deadline)
    fails_with("DeadlinePassed", values, dealt.contract.blame, *arguments, sender=dealt.account(2))


# -- Deadlines --


@pytest.mark.parametrize("phase", [DEALING, CONFIRMING])
def test_anyone_marks_the_board_as_failed_after_a_deadline(
    board: Board, phase: int, fails_with: Any, at_time: Any
) -> None:
    if phase == CONFIRMING:
        board.deal_all()
    deadline = board.terms[3 if phase == DEALING else 4]
    at_time(deadline - 1)
    values = (deadline, deadline - 1)
    fails_with("DeadlineNotPassed", values, board.contract.expire, sender=accounts[9])
    at_time(deadline)
    receipt = board.contract.expire({"from": accounts[9]})
    assert board.contract.phase() == FAILED
    assert board.contract.failure() == DEADLINE
    assert receipt.events["BoardFailed"] == {"reason": DEADLINE, "trustee": 0}


def test_expire_fails_once_the_board_is_settled(
    dealt: Board, fails_with: Any, at_time: Any
) -> None:
    dealt.confirm_all()
    at_time(dealt.terms[4] + 1)
    values = (CONFIRMING, READY)
    fails_with("WrongBoardPhase", values, dealt.contract.expire, sender=accounts[0])


def test_failed_board_stays_failed(board: Board, fails_with: Any, at_time: Any) -> None:
    made = arguments.deal(board.ceremony.deal(1, board.hash))
    at_time(board.terms[3])
    board.contract.expire({"from": accounts[9]})
    values = (DEALING, FAILED)
    fails_with("WrongBoardPhase", values, board.contract.deal, made, sender=board.account(1))
    values = (CONFIRMING, FAILED)
    fails_with("WrongBoardPhase", values, board.contract.expire, sender=accounts[9])
