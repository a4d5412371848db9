"""A trustee's part in the key ceremony: to deal, to open shares, to confirm or blame (PROTOCOL §2).

Deals and confirmations are signed, and a blame proves who made it. So anyone may carry them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from eth_account.messages import SignableMessage
from eth_account.signers.local import LocalAccount

from veche.crypto import deal_proof, equality_proof, sharing
from veche.crypto.deal_proof import Deal
from veche.crypto.equality_proof import BlameStatement, EqualityProof
from veche.crypto.group import G, Point, Secret
from veche.crypto.sharing import Polynomial
from veche.crypto.sigma import SYSTEM, Entropy, Hint
from veche.errors import InvalidShare, NotSignedByTrustee
from veche.protocol import signature as signatures
from veche.protocol.board import BoardDefinition
from veche.protocol.signature import Signature


@dataclass(frozen=True, slots=True)
class PostedDeal:
    """The part of a deal that the contract keeps.

    Attributes:
        commitments: C_0 … C_{t-1}.
        ephemeral: R.
        sealed: the sealed share of every trustee, in order; 32 bytes each.
    """

    commitments: tuple[Point, ...]
    ephemeral: Point
    sealed: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class SignedDeal:
    """A deal with its dealer's signature. It holds no secret: anyone may carry it.

    Attributes:
        dealer: the dealer's index, from 1.
        deal: the deal.
        signature: the signature of the dealer's account.
    """

    dealer: int
    deal: Deal
    signature: Signature


@dataclass(frozen=True, slots=True)
class SignedConfirmation:
    """A trustee's word that all shares that it was dealt are good. Anyone may carry it.

    Attributes:
        trustee: the trustee's index, from 1.
        deals_hash: the hash of the deals that it has checked, 32 bytes.
        signature: the signature of the trustee's account.
    """

    trustee: int
    deals_hash: bytes
    signature: Signature


@dataclass(frozen=True, slots=True)
class Blame:
    """What proves that a dealer sealed another share than it had committed to. Its proof shows who
    made it, so anyone may carry it.

    Attributes:
        dealer: the dealer's index, from 1.
        recipient: the index of the trustee for whom the share was sealed.
        shared: S = e·R, which opens the share.
        proof: the proof that S is e·R.
        hint: the two parts of the proof's second commitment (PROTOCOL §1).
    """

    dealer: int
    recipient: int
    shared: Point
    proof: EqualityProof
    hint: Hint


def deal(definition: BoardDefinition, dealer: int, *, entropy: Entropy = SYSTEM) -> Deal:
    """A fresh deal.

    Its secrets are kept nowhere. The dealer later needs only its own share, which is sealed for it
    on chain like the others.

    Args:
        definition: the definition of the board.
        dealer: the dealer's index, from 1.
        entropy: the source of all randomness.
    """
    terms = definition.terms
    polynomial = Polynomial.random(
        threshold=terms.threshold, trustees=len(terms.trustees), entropy=entropy
    )
    return deal_proof.make(
        polynomial,
        board_hash=definition.hash,
        dealer=dealer,
        sealing_keys=[each.sealing_key for each in terms.trustees],
        entropy=entropy,
    )


def sign_deal(
    definition: BoardDefinition, dealer: int, made: Deal, account: LocalAccount
) -> SignedDeal:
    """A deal with its dealer's signature.

    Args:
        definition: the definition of the board.
        dealer: the dealer's index, from 1.
        made: the deal.
        account: the account that the board names for the dealer.
    """
    message = _deal_message(definition, dealer, made)
    return SignedDeal(dealer, made, signatures.sign(account, message))


def confirm(
    definition: BoardDefinition, trustee: int, deals_hash: bytes, account: LocalAccount
) -> SignedConfirmation:
    """A trustee's confirmation, with its signature.

    Args:
        definition: the definition of the board.
        trustee: the trustee's index, from 1.
        deals_hash: the hash of the deals that the trustee has checked, 32 bytes.
        account: the account that the board names for the trustee.
    """
    message = _confirmation_message(definition, trustee, deals_hash)
    return SignedConfirmation(trustee, deals_hash, signatures.sign(account, message))


def require_signed(definition: BoardDefinition, signed: SignedDeal | SignedConfirmation) -> None:
    """Refuses a deal or a confirmation that the board's trustee did not sign.

    Args:
        definition: the definition of the board.
        signed: the deal or confirmation; the board has a trustee of its index.

    Raises:
        NotSignedByTrustee: another account has signed it, or the signature is invalid.
    """
    if isinstance(signed, SignedDeal):
        index, message = signed.dealer, _deal_message(definition, signed.dealer, signed.deal)
    else:
        index = signed.trustee
        message = _confirmation_message(definition, index, signed.deals_hash)
    signer = signatures.signer(signatures.digest_of(message), signed.signature)
    if signer != definition.terms.trustees[index - 1].account:
        raise NotSignedByTrustee(index, signer)


def _deal_message(definition: BoardDefinition, dealer: int, made: Deal) -> SignableMessage:
    return signatures.deal_message(
        chain_id=definition.chain_id,
        board=definition.address,
        board_hash=definition.hash,
        dealer=dealer,
        challenge=made.challenge.value,
    )


def _confirmation_message(
    definition: BoardDefinition, trustee: int, deals_hash: bytes
) -> SignableMessage:
    return signatures.confirmation_message(
        chain_id=definition.chain_id,
        board=definition.address,
        board_hash=definition.hash,
        trustee=trustee,
        deals_hash=deals_hash,
    )


def open_shares(
    definition: BoardDefinition,
    deals: Mapping[int, PostedDeal | Deal],
    index: int,
    sealing: Secret,
) -> Secret:
    """The secret share x of a trustee: the sum of the shares that all dealers sealed for it.

    Args:
        definition: the definition of the board.
        deals: the deals that were posted, by the index of the dealer.
        index: the trustee's index, from 1.
        sealing: e, the secret of the trustee's sealing key.

    Raises:
        InvalidShare: a dealer sealed another share than it had committed to, and can be blamed.
    """
    shares = []
    for dealer, posted in deals.items():
        shares.append(
            sharing.unseal(
                posted.sealed[index - 1],
                board_hash=definition.hash,
                dealer=dealer,
                recipient=index,
                shared=posted.ephemeral * sealing,
                commitments=posted.commitments,
            )
        )
    return sharing.secret_share(shares)


def blame(
    definition: BoardDefinition,
    fault: InvalidShare,
    deals: Mapping[int, Deal],
    sealing: Secret,
) -> Blame:
    """What proves that a share is bad.

    A blame shows e·R. Never make one for a deal whose proof was not checked: whoever names R then
    learns what opens the share of another dealer.

    Args:
        definition: the definition of the board.
        fault: the exception that `open_shares` raised.
        deals: the deals, each with a proof that was checked, by the index of the dealer.
        sealing: e, the secret of the recipient's sealing key.
    """
    dealer, recipient = (int(each) for each in fault.values)
    ephemeral = deals[dealer].ephemeral
    shared = ephemeral * sealing
    statement = BlameStatement(definition.hash, dealer, recipient, G * sealing, ephemeral, shared)
    proof = equality_proof.prove_blame(statement, sealing)
    return Blame(dealer, recipient, shared, proof, equality_proof.parts(proof, ephemeral, shared))
