"""Boards: what defines one, and a trustee's part in the key ceremony (PROTOCOL §2)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from veche.crypto import deal_proof, equality_proof, sharing, transcript
from veche.crypto.deal_proof import Deal
from veche.crypto.equality_proof import BlameStatement, EqualityProof
from veche.crypto.group import G, Point, Secret
from veche.crypto.sharing import Polynomial
from veche.crypto.sigma import SYSTEM, Entropy, Hint
from veche.errors import InvalidShare, UnknownTrustee


@dataclass(frozen=True, slots=True)
class TrusteeTerms:
    """A trustee of a board.

    Attributes:
        account: the address of the account that signs the trustee's transactions.
        sealing_key: E, the key under which shares are sealed for the trustee.
    """

    account: str
    sealing_key: Point


@dataclass(frozen=True, slots=True)
class BoardTerms:
    """What officials convene a board with.

    Attributes:
        threshold: how many trustees decrypt, t.
        min_voters: the fewest voters that the board will ever decrypt for.
        deal_by: the deadline for deals, in seconds since 1970.
        confirm_by: the deadline for confirmations, in seconds since 1970.
        trustees: in order; their indices count from 1.
    """

    threshold: int
    min_voters: int
    deal_by: int
    confirm_by: int
    trustees: tuple[TrusteeTerms, ...]


@dataclass(frozen=True, slots=True)
class BoardDefinition:
    """Everything that defines a board on chain.

    Attributes:
        chain_id: the chain's EIP-155 id.
        address: the board's address.
        terms: what it was convened with.
        hash: the hash of all of this, 32 bytes.
    """

    chain_id: int
    address: str
    terms: BoardTerms
    hash: bytes = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "hash", self._hash())

    def _hash(self) -> bytes:
        terms = self.terms
        return transcript.board_hash(
            chain_id=self.chain_id,
            board=int(self.address, 16),
            threshold=terms.threshold,
            min_voters=terms.min_voters,
            deal_by=terms.deal_by,
            confirm_by=terms.confirm_by,
            trustees=[(int(each.account, 16), each.sealing_key) for each in terms.trustees],
        )

    def index_of(self, sealing_key: Point) -> int:
        """The index of the trustee with this sealing key, from 1.

        Raises:
            UnknownTrustee: no trustee of the board has this sealing key.
        """
        for index, each in enumerate(self.terms.trustees, start=1):
            if each.sealing_key == sealing_key:
                return index
        raise UnknownTrustee(0, reason=f"no trustee of the board {self.address} has this key")


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
class Blame:
    """What proves that a dealer sealed another share than it had committed to.

    Attributes:
        dealer: the dealer's index, from 1.
        shared: S = e·R, which opens the share.
        proof: the proof that S is e·R.
        hint: the two parts of the proof's second commitment (PROTOCOL §1).
    """

    dealer: int
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
    return Blame(dealer, shared, proof, equality_proof.parts(proof, ephemeral, shared))
