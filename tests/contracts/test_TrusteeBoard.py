"""The key ceremony on chain."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from brownie import TrusteeBoard, accounts, chain, web3

from attacks.init_code import Forgery, clone
from support.boards import Board, confirmation_arguments, deal_arguments, point, words
from support.ceremonies import Ceremony
from support.handmade import copy_of, deploy
from support.harnesses import Call, Reverted
from veche.crypto import sharing, transcript
from veche.crypto.group import INFINITY, G, N, Scalar, Secret
from veche.protocol.ceremony import SignedConfirmation

DEALING, CONFIRMING, READY, FAILED = range(4)
NO_FAILURE, BAD_SHARE, UNUSABLE_KEY, DEADLINE = range(4)


@pytest.fixture
def board() -> Board:
    return Board(Ceremony())


@pytest.fixture
def dealt(board: Board) -> Board:
    return board.deal_all()


# -- Reads --


def test_board_is_what_it_was_convened_as(board: Board, call: Call) -> None:
    contract, terms = board.contract, board.terms
    assert contract.phase() == DEALING
    assert contract.failure() == NO_FAILURE
    found = (contract.threshold(), contract.minVoters(), contract.dealBy(), contract.confirmBy())
    assert found == (terms.threshold, terms.min_voters, terms.deal_by, terms.confirm_by)
    assert contract.content() == terms.content
    assert contract.trusteeCount() == len(terms.trustees)
    for index, each in enumerate(terms.trustees, start=1):
        account, sealing_key = call(contract.trustee, index)
        assert account == each.account.lower()
        assert point(sealing_key) == each.sealing_key
    assert bytes(contract.boardHash()) == board.definition.hash
    assert bytes(contract.dealsHash()) == board.definition.hash
    assert point(contract.key()) == INFINITY
    assert point(contract.verificationKey(1)) == INFINITY


def test_board_knows_its_catalogue_and_its_block(board: Board) -> None:
    chain.mine(3)
    assert board.contract.catalogue() == board.catalogue.address
    assert board.contract.bornAt() == board.convening.block_number
    event = board.convening.events["BoardConvened"]
    assert (event["board"], bytes(event["boardHash"])) == (board.contract.address, board.hash)


@pytest.mark.parametrize("ready", [False, True])
def test_reads_fail_if_there_is_no_such_trustee(
    board: Board, fails_with: Any, *, ready: bool
) -> None:
    contract = board.contract
    if ready:
        board.deal_all().confirm_all()
    for read in (
        contract.trustee,
        contract.commitments,
        contract.ephemeralKey,
        contract.sealedShares,
        contract.hasConfirmed,
        contract.verificationKey,
    ):
        for index in (0, 4, 17, 2**256 - 1):
            fails_with("UnknownTrustee", (index,), read, index, sender=accounts[0])


# -- Boards that no catalogue made --


@pytest.fixture
def orphan(board: Board) -> Board:
    """The same trustees at a copy of the board, which somebody made."""
    return board.moved_to(copy_of(board.contract))


def default(parameter: Any) -> Any:
    """Something of a parameter's type."""
    if parameter["type"].endswith("[]"):
        return []
    if parameter["type"] == "tuple":
        return [default(each) for each in parameter["components"]]
    return 1 if parameter["type"].startswith("uint") else bytes(32)


def test_code_of_boards_is_no_board(board: Board, call: Call, fails_with: Any) -> None:
    """Whatever could be done or read there is refused, but for state, which is empty."""
    code = TrusteeBoard.at(board.catalogue.boardCode())
    state = ["boardHash", "dealsHash", "phase", "failure", "faultyTrustee", "key"]
    functions = {each["name"]: each["inputs"] for each in code.abi if each["type"] == "function"}
    for name, inputs in functions.items():
        given = [default(each) for each in inputs]
        if name not in [*state, "eip712Domain"]:
            fails_with("NotInitialised", (), getattr(code, name), *given, sender=accounts[0])
    assert {*state, "initialise", "deal", "confirm", "blame", "expire"} < functions.keys()
    found = [call(getattr(code, name)) for name in state]
    assert found == [bytes(32), bytes(32), 0, 0, 0, (0, 0)]


@pytest.mark.parametrize("wait", [False, True])
def test_board_without_its_hash_accepts_nothing(
    orphan: Board, fails_with: Any, at_time: Any, *, wait: bool
) -> None:
    """Signatures for it do not help, nor does waiting."""
    contract = orphan.contract
    deal, confirmation = orphan.signed_deal(1), orphan.confirmation(1)
    if wait:
        at_time(orphan.terms.confirm_by)
    for method, arguments in (
        (contract.deal, deal_arguments(deal)),
        (contract.confirm, confirmation_arguments(confirmation)),
        (contract.blame, [1, 2, [0, 0], [1, 1], []]),
        (contract.expire, []),
    ):
        fails_with("NotInitialised", (), method, *arguments, sender=accounts[0])


def test_clone_without_terms_accepts_nothing(board: Board) -> None:
    address = deploy(Forgery(clone(board.catalogue.boardCode())))
    contract = TrusteeBoard.at(address)
    for method in (contract.initialise, contract.trusteeCount, contract.catalogue, contract.bornAt):
        with pytest.raises(ValueError, match="execution reverted"):
            web3.eth.call({"to": address, "data": method.encode_input()})
    assert contract.phase() == DEALING
    assert point(contract.key()) == INFINITY


def test_hash_is_given_once(board: Board, orphan: Board, fails_with: Any) -> None:
    """By anyone, as it follows from the terms. Of its own boards, the catalogue gives it."""
    contract = board.contract
    for sender in (board.official, board.catalogue.address, accounts[5]):
        fails_with("AlreadyInitialised", (), contract.initialise, sender=sender)
    contract = orphan.contract
    contract.initialise({"from": accounts[6]})
    assert bytes(contract.boardHash()) == bytes(contract.dealsHash()) == orphan.hash != board.hash
    fails_with("AlreadyInitialised", (), contract.initialise, sender=accounts[6])


def test_orphan_says_what_its_maker_wrote(board: Board, orphan: Board) -> None:
    """It may even be Ready, with trustees of its maker's choice. The catalogue knows better."""
    orphan.contract.initialise({"from": accounts[6]})
    orphan.deal_all().confirm_all()
    assert orphan.contract.phase() == READY
    assert orphan.contract.catalogue() == board.catalogue.address
    assert orphan.contract.bornAt() == board.contract.bornAt()
    assert not board.catalogue.isOfficialBoard(orphan.contract)
    assert board.catalogue.isOfficialBoard(board.contract)


# -- Deals --


def test_deal_is_kept_in_state(board: Board) -> None:
    signed = board.signed_deal(2)
    made, receipt = signed.deal, board.post_deal(signed)
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
    assert bytes(event["r"]) + bytes(event["vs"]) == signed.signature.encoded
    assert contract.phase() == DEALING


def test_last_deal_begins_confirmation(board: Board) -> None:
    board.deal(3)
    board.deal(1)
    assert board.contract.phase() == DEALING
    board.deal(2)
    assert board.contract.phase() == CONFIRMING


@pytest.mark.parametrize("index", [0, 4, 17, 2**256 - 1])
def test_deal_fails_if_there_is_no_such_trustee(board: Board, fails_with: Any, index: int) -> None:
    _, *rest = deal_arguments(board.signed_deal(1))
    fails_with("UnknownTrustee", (index,), board.contract.deal, index, *rest, sender=accounts[1])


def test_deal_fails_if_posted_twice(board: Board, fails_with: Any) -> None:
    signed = deal_arguments(board.signed_deal(1))
    board.deal(1)
    fails_with("AlreadyDealt", (1,), board.contract.deal, *signed, sender=accounts[1])
    again = sharing.Polynomial([Secret(5), Secret(6)])
    board.ceremony.polynomials[0] = again
    other = deal_arguments(board.signed_deal(1))
    fails_with("AlreadyDealt", (1,), board.contract.deal, *other, sender=accounts[1])


def test_deal_fails_after_its_deadline(board: Board, fails_with: Any, at_time: Any) -> None:
    signed, deadline = deal_arguments(board.signed_deal(1)), board.terms.deal_by
    at_time(deadline)
    values = (deadline, deadline)
    fails_with("DeadlinePassed", values, board.contract.deal, *signed, sender=accounts[1])


def test_deal_fails_if_all_have_dealt(dealt: Board, fails_with: Any) -> None:
    signed = deal_arguments(dealt.signed_deal(1))
    values = (DEALING, CONFIRMING)
    fails_with("WrongBoardPhase", values, dealt.contract.deal, *signed, sender=accounts[1])


@pytest.mark.parametrize("degree", [1, 3])
def test_deal_fails_if_the_degree_is_wrong(board: Board, fails_with: Any, degree: int) -> None:
    board.ceremony.polynomials[0] = sharing.Polynomial([Secret(5 + k) for k in range(degree)])
    signed = deal_arguments(board.signed_deal(1))
    values = (degree, 3)
    fails_with("InvalidDealShape", values, board.contract.deal, *signed, sender=accounts[1])


def test_deal_fails_if_lifted_by_another_trustee(board: Board, call: Call) -> None:
    """Who signs another's deal as its own does not know what is in it."""
    lifted = board.signed_deal(2, board.ceremony.deal(1, board.hash))
    with pytest.raises(Reverted, match="InvalidProof"):
        call(board.contract.deal, *deal_arguments(lifted), sender=accounts[1])


def test_deal_fails_if_lifted_from_another_board(board: Board, call: Call) -> None:
    """A decoy board cannot repeat a deal to have its shares opened by a blame there."""
    decoy = Board(board.ceremony, catalogue=board.catalogue)
    assert decoy.hash != board.hash
    lifted = decoy.signed_deal(1, board.ceremony.deal(1, board.hash))
    with pytest.raises(Reverted, match="InvalidProof"):
        call(decoy.contract.deal, *deal_arguments(lifted), sender=accounts[1])


# -- Confirmation --


def test_board_gets_ready_when_all_have_confirmed(dealt: Board) -> None:
    contract, ceremony = dealt.contract, dealt.ceremony
    for index in (2, 3):
        signed = dealt.confirmation(index)
        event = dealt.post_confirmation(signed).events["Confirmed"]
        assert (event["trustee"], bytes(event["dealsHash"])) == (index, dealt.deals_hash())
        assert bytes(event["r"]) + bytes(event["vs"]) == signed.signature.encoded
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


def refuse_confirmation(
    fails_with: Any, board: Board, signed: SignedConfirmation, name: str, values: tuple[Any, ...]
) -> None:
    arguments = confirmation_arguments(signed)
    fails_with(name, values, board.contract.confirm, *arguments, sender=accounts[1])


def test_confirm_fails_if_the_deals_are_others(dealt: Board, fails_with: Any) -> None:
    for wrong in (bytes(32), dealt.hash):
        signed = dealt.confirmation(1, wrong)
        values = (dealt.deals_hash(), wrong)
        refuse_confirmation(fails_with, dealt, signed, "WrongDealsHash", values)


def test_confirm_fails_if_carried_over_a_reorganisation(board: Board, fails_with: Any) -> None:
    """The same trustees deal in another order on the other fork: another hash."""
    chain.snapshot()
    board.deal_all()
    signed, seen = board.confirmation(1), board.deals_hash()
    chain.revert()
    for dealer in (3, 2, 1):
        board.deal(dealer)
    assert board.deals_hash() != seen
    values = (board.deals_hash(), seen)
    refuse_confirmation(fails_with, board, signed, "WrongDealsHash", values)


def test_confirm_fails_if_sent_twice(dealt: Board, fails_with: Any) -> None:
    signed = dealt.confirmation(1)
    dealt.confirm(1)
    refuse_confirmation(fails_with, dealt, signed, "AlreadyConfirmed", (1,))


@pytest.mark.parametrize("index", [0, 4, 17, 2**256 - 1])
def test_confirm_fails_if_there_is_no_such_trustee(
    dealt: Board, fails_with: Any, index: int
) -> None:
    signed = replace(dealt.confirmation(1), trustee=index)
    refuse_confirmation(fails_with, dealt, signed, "UnknownTrustee", (index,))


def test_confirm_fails_before_all_have_dealt(board: Board, fails_with: Any) -> None:
    board.deal(1)
    signed, values = board.confirmation(1), (CONFIRMING, DEALING)
    refuse_confirmation(fails_with, board, signed, "WrongBoardPhase", values)


def test_confirm_fails_after_its_deadline(dealt: Board, fails_with: Any, at_time: Any) -> None:
    signed, deadline = dealt.confirmation(1), dealt.terms.confirm_by
    at_time(deadline)
    refuse_confirmation(fails_with, dealt, signed, "DeadlinePassed", (deadline, deadline))


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
    receipt = board.post_blame(2, 3, carrier=accounts[8])
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
    board.post_blame(1, 1)
    assert board.contract.failure() == BAD_SHARE


def test_blame_fails_if_the_share_is_good(dealt: Board, fails_with: Any) -> None:
    for dealer, recipient in ((1, 2), (3, 1), (2, 2)):
        fails_with(
            "UnfoundedBlame",
            (dealer, recipient),
            dealt.contract.blame,
            *dealt.blame(dealer, recipient),
            sender=accounts[1],
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
    fails_with("UnfoundedBlame", values, board.contract.blame, *arguments, sender=accounts[1])


def test_blame_fails_if_the_shared_point_is_wrong(board: Board, call: Call) -> None:
    board.deal(1)
    board.deal_badly(2, 3, 5)
    board.deal(3)
    arguments = board.blame(2, 3)
    arguments[2] = list(words(G * Scalar(5)))
    with pytest.raises(Reverted, match=r"InvalidHint|InvalidProof"):
        call(board.contract.blame, *arguments, sender=accounts[1])


def test_blame_fails_if_carried_over_from_a_decoy_board(board: Board, call: Call) -> None:
    decoy = Board(board.ceremony, catalogue=board.catalogue)
    for each in (board, decoy):
        each.deal_all()
    ephemeral = point(board.contract.ephemeralKey(1))
    arguments = board.ceremony.blame(1, 2, decoy.hash, ephemeral)
    with pytest.raises(Reverted, match="InvalidProof"):
        call(board.contract.blame, *arguments, sender=accounts[1])


def test_blame_fails_in_the_name_of_another(board: Board, call: Call) -> None:
    """Only who was dealt a bad share can prove it: not its dealer, not another trustee."""
    board.deal(1)
    board.deal_badly(2, 3, 5)
    board.deal(3)
    honest = board.blame(2, 3)
    for recipient in (1, 2):
        for blame in (
            [2, recipient, *honest[2:]],
            [2, 3, *board.blame(2, recipient)[2:]],
        ):
            with pytest.raises(Reverted, match=r"InvalidHint|InvalidProof"):
                call(board.contract.blame, *blame, sender=accounts[1])
    call(board.contract.blame, *honest, sender=accounts[1])


def test_blame_fails_if_it_names_another_dealer(board: Board, call: Call) -> None:
    """A bad share convicts only who dealt it."""
    board.deal(1)
    board.deal_badly(2, 3, 5)
    board.deal(3)
    honest = board.blame(2, 3)
    for dealer in (1, 3):
        with pytest.raises(Reverted, match=r"InvalidHint|InvalidProof"):
            call(board.contract.blame, dealer, *honest[1:], sender=accounts[1])


@pytest.mark.parametrize("index", [0, 4, 17, 2**256 - 1])
def test_blame_fails_if_there_is_no_such_trustee(dealt: Board, fails_with: Any, index: int) -> None:
    dealer, recipient, *rest = dealt.blame(1, 2)
    blame = dealt.contract.blame
    fails_with("UnknownTrustee", (index,), blame, index, recipient, *rest, sender=accounts[1])
    fails_with("UnknownTrustee", (index,), blame, dealer, index, *rest, sender=accounts[1])


def test_blame_fails_outside_confirmation(dealt: Board, fails_with: Any) -> None:
    arguments = dealt.blame(1, 2)
    dealt.confirm_all()
    values = (CONFIRMING, READY)
    fails_with("WrongBoardPhase", values, dealt.contract.blame, *arguments, sender=accounts[1])


def test_blame_fails_after_its_deadline(dealt: Board, fails_with: Any, at_time: Any) -> None:
    arguments, deadline = dealt.blame(1, 2), dealt.terms.confirm_by
    at_time(deadline)
    values = (deadline, deadline)
    fails_with("DeadlinePassed", values, dealt.contract.blame, *arguments, sender=accounts[1])


# -- Deadlines --


@pytest.mark.parametrize("phase", [DEALING, CONFIRMING])
def test_anyone_marks_the_board_as_failed_after_a_deadline(
    board: Board, phase: int, fails_with: Any, at_time: Any
) -> None:
    if phase == CONFIRMING:
        board.deal_all()
    deadline = board.terms.deal_by if phase == DEALING else board.terms.confirm_by
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
    at_time(dealt.terms.confirm_by + 1)
    values = (CONFIRMING, READY)
    fails_with("WrongBoardPhase", values, dealt.contract.expire, sender=accounts[0])


def test_failed_board_stays_failed(board: Board, fails_with: Any, at_time: Any) -> None:
    signed = deal_arguments(board.signed_deal(1))
    at_time(board.terms.deal_by)
    board.contract.expire({"from": accounts[9]})
    values = (DEALING, FAILED)
    fails_with("WrongBoardPhase", values, board.contract.deal, *signed, sender=accounts[1])
    values = (CONFIRMING, FAILED)
    fails_with("WrongBoardPhase", values, board.contract.expire, sender=accounts[9])
