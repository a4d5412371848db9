"""What trustees sign: anyone carries it, and nobody can bend it or use it for something else."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any, TypeAlias

import pytest
from brownie import accounts, chain, web3
from eth_account.messages import SignableMessage

from attacks import signatures as attacks
from support.boards import Board, confirmation_arguments, deal_arguments, point
from support.ceremonies import Ceremony
from support.harnesses import Call, Reverted
from support.polls import voter
from veche.crypto.deal_proof import Deal
from veche.crypto.group import G, Scalar
from veche.errors import NotSignedByTrustee
from veche.protocol import signature as signatures
from veche.protocol.ceremony import SignedConfirmation, SignedDeal, require_signed
from veche.protocol.signature import Signature

Signed: TypeAlias = SignedDeal | SignedConfirmation

DEALING, CONFIRMING, READY, FAILED = range(4)

NOBODY = Signature(bytes(32), bytes(32))


@pytest.fixture(scope="module")
def board() -> Board:
    """A board to which nobody has dealt."""
    return Board(Ceremony(seed="signed"))


@pytest.fixture(scope="module")
def dealt() -> Board:
    """A board to which everybody has dealt, and which nobody has confirmed."""
    return Board(Ceremony(seed="signed")).deal_all()


@pytest.fixture(params=["deal", "confirmation"])
def honest(request: pytest.FixtureRequest, board: Board, dealt: Board) -> tuple[Board, Signed]:
    """A deal or a confirmation of the first trustee, and the board that waits for it."""
    if request.param == "deal":
        return board, board.signed_deal(1)
    return dealt, dealt.confirmation(1)


def posting(board: Board, signed: Signed) -> list[Any]:
    """The method that takes a deal or a confirmation, and its arguments."""
    if isinstance(signed, SignedDeal):
        return [board.contract.deal, *deal_arguments(signed)]
    return [board.contract.confirm, *confirmation_arguments(signed)]


@pytest.fixture
def refuse(fails_with: Any) -> Callable[[Board, Signed], None]:
    """Asserts that the contract refuses a signature, and names the signer that Python names."""

    def check(board: Board, signed: Signed) -> None:
        with pytest.raises(NotSignedByTrustee) as caught:
            require_signed(board.definition, signed)
        index, signer = caught.value.values
        values = (index, str(signer).lower())
        fails_with("NotSignedByTrustee", values, *posting(board, signed), sender=accounts[8])

    return check


# -- Messages --


def values_of(board: Board, signed: Signed) -> dict[str, Any]:
    """The values of the message that a trustee signs."""
    address, board_hash = board.contract.address, bytes(board.contract.boardHash())
    place = {"chain_id": chain.id, "board": address, "board_hash": board_hash}
    if isinstance(signed, SignedDeal):
        return {**place, "dealer": signed.dealer, "challenge": signed.deal.challenge.value}
    return {**place, "trustee": signed.trustee, "deals_hash": signed.deals_hash}


def message_of(signed: Signed) -> Callable[..., SignableMessage]:
    is_deal = isinstance(signed, SignedDeal)
    return signatures.deal_message if is_deal else signatures.confirmation_message


def other_messages(board: Board, signed: Signed) -> attacks.Messages:
    """What the trustee may have signed at another place, or about something else. A twin of the
    board has the same terms and the same trustees.
    """
    twin = Board(board.ceremony, catalogue=board.catalogue)
    others = {
        "chain_id": chain.id + 1,
        "board": twin.contract.address,
        "board_hash": twin.hash,
        "dealer": 2,
        "challenge": twin.ceremony.deal(1, twin.hash).challenge.value,
        "trustee": 2,
        "deals_hash": twin.deals_hash(),
    }
    message, values = message_of(signed), values_of(board, signed)
    yield from attacks.misdirected(message, values, others)
    at_home = {key: values[key] for key in ("chain_id", "board")}
    yield from attacks.in_other_domains(message(**values), **at_home)
    yield "the same words of the other type", of_the_other_type(values)


def of_the_other_type(values: dict[str, Any]) -> SignableMessage:
    """The words of a deal as a confirmation, or those of a confirmation as a deal."""
    place = {key: values[key] for key in ("chain_id", "board", "board_hash")}
    if "dealer" in values:
        word = values["challenge"].to_bytes(32, "big")
        return signatures.confirmation_message(**place, trustee=values["dealer"], deals_hash=word)
    number = int.from_bytes(values["deals_hash"], "big")
    return signatures.deal_message(**place, dealer=values["trustee"], challenge=number)


# -- Signatures --


def test_honest_signature_is_accepted(honest: tuple[Board, Signed], call: Call) -> None:
    board, signed = honest
    require_signed(board.definition, signed)
    call(*posting(board, signed), sender=accounts[8])


def test_signature_is_refused_if_it_is_bent(honest: tuple[Board, Signed], refuse: Any) -> None:
    board, signed = honest
    for _, bent in attacks.bent(signed.signature):
        refuse(board, replace(signed, signature=bent))


def test_signature_is_refused_if_it_is_of_something_else(
    honest: tuple[Board, Signed], refuse: Any
) -> None:
    """Of another board with the same terms, another chain, another index, other deals."""
    board, signed = honest
    account = board.ceremony.account(1)
    for _, message in other_messages(board, signed):
        refuse(board, replace(signed, signature=signatures.sign(account, message)))


def test_signature_is_refused_if_another_account_made_it(
    honest: tuple[Board, Signed], refuse: Any
) -> None:
    board, signed = honest
    message = message_of(signed)(**values_of(board, signed))
    for account in (board.ceremony.account(2), board.ceremony.account(3), voter(0)):
        refuse(board, replace(signed, signature=signatures.sign(account, message)))


def test_signature_is_refused_in_the_name_of_another(
    honest: tuple[Board, Signed], refuse: Any
) -> None:
    board, signed = honest
    for index in (2, 3):
        if isinstance(signed, SignedDeal):
            refuse(board, replace(signed, dealer=index))
        else:
            refuse(board, replace(signed, trustee=index))


def test_signature_holds_for_one_board_only(honest: tuple[Board, Signed], refuse: Any) -> None:
    """Replayed on a twin, a deal would be dealt by nobody. What its trustees sign is theirs."""
    board, signed = honest
    twin = Board(board.ceremony, catalogue=board.catalogue)
    if isinstance(signed, SignedConfirmation):
        twin.deal_all()
        signed = replace(signed, deals_hash=twin.deals_hash())
    refuse(twin, signed)


# -- What the signature covers --


def bent_deals(honest: Deal) -> Iterator[Deal]:
    """A deal with one part changed, but for the challenge."""
    first, second = honest.commitments
    for commitments in ((first + G, second), (first, second + G), (second, first)):
        yield replace(honest, commitments=commitments)
    yield replace(honest, ephemeral=honest.ephemeral + G)
    for at, sealed in enumerate(honest.sealed):
        flipped = bytes([sealed[0] ^ 1]) + sealed[1:]
        yield replace(honest, sealed=(*honest.sealed[:at], flipped, *honest.sealed[at + 1 :]))
    yield replace(honest, sealed=honest.sealed[::-1])
    yield replace(honest, secret_response=honest.secret_response + Scalar(1))
    yield replace(honest, ephemeral_response=honest.ephemeral_response + Scalar(1))


def test_carrier_cannot_bend_a_deal(board: Board, refuse: Any, call: Call) -> None:
    """The signature is about the challenge, and the challenge about all the rest."""
    signed = board.signed_deal(1)
    for bent in bent_deals(signed.deal):
        with pytest.raises(Reverted, match="InvalidProof"):
            call(*posting(board, replace(signed, deal=bent)), sender=accounts[8])
    other = replace(signed.deal, challenge=signed.deal.challenge + Scalar(1))
    refuse(board, replace(signed, deal=other))


def test_carrier_cannot_bend_a_confirmation(dealt: Board, fails_with: Any) -> None:
    signed = replace(dealt.confirmation(1), deals_hash=dealt.hash)
    values = (dealt.deals_hash(), dealt.hash)
    fails_with("WrongDealsHash", values, *posting(dealt, signed), sender=accounts[8])


def test_first_fault_is_named(board: Board, fails_with: Any) -> None:
    """Trustee, then what has been accepted already, then deals hash, signature and proof."""
    begun = Board(Ceremony(seed="signed"))
    begun.deal(1)
    bent = next(bent_deals(board.signed_deal(2).deal))
    forged = SignedDeal(2, bent, NOBODY)
    nobody = (2, "0x" + 40 * "0")
    fails_with("NotSignedByTrustee", nobody, *posting(begun, forged), sender=accounts[8])
    again = replace(forged, dealer=1)
    fails_with("AlreadyDealt", (1,), *posting(begun, again), sender=accounts[8])
    stranger = replace(forged, dealer=4)
    fails_with("UnknownTrustee", (4,), *posting(begun, stranger), sender=accounts[8])

    begun = Board(Ceremony(seed="signed")).deal_all()
    begun.confirm(1)
    confirmed = SignedConfirmation(1, bytes(32), NOBODY)
    fails_with("AlreadyConfirmed", (1,), *posting(begun, confirmed), sender=accounts[8])
    other_deals = replace(confirmed, trustee=2)
    values = (begun.deals_hash(), bytes(32))
    fails_with("WrongDealsHash", values, *posting(begun, other_deals), sender=accounts[8])
    unsigned = replace(other_deals, deals_hash=begun.deals_hash())
    fails_with("NotSignedByTrustee", nobody, *posting(begun, unsigned), sender=accounts[8])


# -- Carriers --


@pytest.fixture
def poor() -> Board:
    """A board whose trustees have never had any ether, nor sent anything."""
    board = Board(Ceremony(seed="poor"))
    for index in board.ceremony.indices:
        account = board.ceremony.account(index).address
        assert (web3.eth.get_balance(account), web3.eth.get_transaction_count(account)) == (0, 0)
    return board


def test_strangers_carry_a_whole_ceremony(poor: Board) -> None:
    for index, carrier in zip((2, 3, 1), accounts[5:8], strict=True):
        poor.post_deal(poor.signed_deal(index), carrier=carrier)
    for index, carrier in zip((3, 1, 2), accounts[5:8], strict=True):
        poor.post_confirmation(poor.confirmation(index), carrier=carrier)
    assert poor.contract.phase() == READY
    for index in poor.ceremony.indices:
        assert point(poor.contract.verificationKey(index)) == G * poor.ceremony.secret(index)


def test_stranger_carries_a_blame(poor: Board) -> None:
    poor.deal(1)
    poor.deal(3)
    poor.deal_badly(2, 3, 5)
    poor.post_blame(2, 3, carrier=accounts[6])
    assert poor.contract.phase() == FAILED
    assert poor.contract.faultyTrustee() == 2


def test_log_shows_who_dealt_and_confirmed(poor: Board) -> None:
    """A reader of the log alone has each trustee's signature, whoever carried it."""
    for index in poor.ceremony.indices:
        made = poor.ceremony.deal(index, poor.hash)
        receipt = poor.post_deal(poor.signed_deal(index, made), carrier=accounts[6])
        event = receipt.events["Dealt"]
        assert event["challenge"] == made.challenge.value
        signature = Signature(bytes(event["r"]), bytes(event["vs"]))
        require_signed(poor.definition, SignedDeal(event["dealer"], made, signature))
    for index in poor.ceremony.indices:
        receipt = poor.post_confirmation(poor.confirmation(index), carrier=accounts[6])
        event = receipt.events["Confirmed"]
        signature = Signature(bytes(event["r"]), bytes(event["vs"]))
        confirmed = SignedConfirmation(event["trustee"], bytes(event["dealsHash"]), signature)
        require_signed(poor.definition, confirmed)
        assert confirmed.deals_hash == poor.deals_hash()


def test_replayed_deals_and_confirmations_change_nothing(poor: Board, fails_with: Any) -> None:
    def refuse_all(all_of_them: Sequence[Signed], name: str, *values: int) -> None:
        for each in all_of_them:
            index = each.dealer if isinstance(each, SignedDeal) else each.trustee
            fails_with(name, values or (index,), *posting(poor, each), sender=accounts[8])

    deals = [poor.signed_deal(index) for index in poor.ceremony.indices]
    for at, signed in enumerate(deals[:2], start=1):
        poor.post_deal(signed)
        refuse_all(deals[:at], "AlreadyDealt")
    poor.post_deal(deals[2])
    refuse_all(deals, "WrongBoardPhase", DEALING, CONFIRMING)
    confirmations = [poor.confirmation(index) for index in poor.ceremony.indices]
    for at, confirmed in enumerate(confirmations[:2], start=1):
        poor.post_confirmation(confirmed)
        refuse_all(confirmations[:at], "AlreadyConfirmed")
    poor.post_confirmation(confirmations[2])
    refuse_all(confirmations, "WrongBoardPhase", CONFIRMING, READY)
    refuse_all(deals, "WrongBoardPhase", DEALING, READY)
