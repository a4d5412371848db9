"""Ballots: prepared, then signed or audited (PROTOCOL §3, Casting)."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from eth_account.signers.local import LocalAccount

from veche.crypto import ballot_proof
from veche.crypto.ballot_proof import Ballot, Opening
from veche.crypto.elgamal import Ciphertext
from veche.crypto.sigma import SYSTEM, Entropy
from veche.errors import BallotSpent, InvalidSignature
from veche.protocol import deadline as deadlines
from veche.protocol import plain, trackers
from veche.protocol.audit import Audit
from veche.protocol.definition import PollDefinition
from veche.protocol.plain import Form
from veche.protocol.signature import Signature, digest, message, require_signer, sign

MAX_DEADLINE: Final = 2**64 - 1
"""Maximum deadline that the contract can read."""


@dataclass(frozen=True, slots=True)
class SignedBallot:
    """An encrypted ballot with its voter's signature. It holds no secret: anyone may carry it.

    Attributes:
        chain_id: the id of the poll's chain.
        poll: the poll's address.
        voter: the voter's address, with its checksum.
        weight: the voter's weight on the roll.
        replaces: the tracker of the ballot that this one replaces, 32 bytes; None for a voter's
            first.
        deadline: the last moment at which the voter wants it cast, in seconds since 1970.
        signature: the voter's signature.
        ballot: the ciphertexts and their proof.
    """

    chain_id: int
    poll: str
    voter: str
    weight: int
    replaces: bytes | None
    deadline: int
    signature: Signature
    ballot: Ballot

    def tracker(self, poll_hash: bytes) -> bytes:
        """The ballot's name, 32 bytes.

        Args:
            poll_hash: the hash of the poll's definition, 32 bytes.
        """
        return trackers.of(
            poll_hash,
            voter=self.voter,
            weight=self.weight,
            replaces=self.replaces,
            ciphertexts=self.ballot.ciphertexts,
        )

    def require_signed(self, poll_hash: bytes) -> None:
        """Refuses a ballot that its voter did not sign, or that was changed since.

        Args:
            poll_hash: the hash of the poll's definition, 32 bytes.

        Raises:
            InvalidSignature: the signature is not the voter's, or not for this ballot.
        """
        self.require_signature(self.tracker(poll_hash))

    def require_signature(self, tracker: bytes) -> None:
        """Refuses a ballot that its voter has not signed as the one with this tracker.

        Raises:
            InvalidSignature: another account has signed it, or nobody has.
        """
        signed = digest(
            chain_id=self.chain_id,
            poll=self.poll,
            voter=self.voter,
            tracker=tracker,
            replaces=self.replaces,
            deadline=self.deadline,
        )
        require_signer(self.voter, signed, self.signature)

    def to_json(self) -> str:
        """The ballot as a JSON document, to be carried by others."""
        fields = {
            "chainId": self.chain_id,
            "poll": self.poll,
            "voter": self.voter,
            "weight": self.weight,
            "replaces": plain.data(trackers.word(self.replaces)),
            "deadline": self.deadline,
            "signature": plain.data(self.signature.encoded),
            "ciphertexts": [
                [plain.point(point) for point in each.pair] for each in self.ballot.ciphertexts
            ],
            "challenge": plain.word(self.ballot.challenge),
            "responses": [plain.word(each) for each in self.ballot.responses],
            "blinding": plain.word(self.ballot.blinding),
            "coefficients": [plain.point(each) for each in self.ballot.coefficients],
        }
        return json.dumps(fields)

    @classmethod
    def from_json(cls, text: str) -> SignedBallot:
        """The ballot in a JSON document.

        Raises:
            InvalidDocument: the document is not that of a signed ballot.
            InvalidPoint: a point of a ciphertext is not one that ballots can have.
            InvalidScalar: a challenge or response is not one that ballots can have.
        """
        form = Form.parse(text, what="signed ballot")
        return cls(
            form.number("chainId"),
            form.address("poll"),
            form.address("voter"),
            form.number("weight"),
            trackers.from_word(form.data("replaces", 32)),
            form.number("deadline", most=MAX_DEADLINE),
            Signature.from_encoded(form.blob("signature")),
            Ballot(
                tuple(Ciphertext(a, b) for a, b in form.point_pairs("ciphertexts")),
                form.scalar("challenge"),
                form.scalars("responses"),
                form.scalar("blinding"),
                form.points("coefficients"),
            ),
        )


@dataclass
class PreparedBallot:
    """An encrypted ballot before its voter has decided: cast or audit, never both (PROTOCOL §3).

    Attributes:
        definition: the definition of the poll.
        voter: the voter's address, with its checksum.
        weight: the voter's weight on the roll.
        replaces: the tracker of the ballot that counts so far, 32 bytes; None if none does.
        ciphertexts: one for every choice.
        opening: what the ciphertexts hold; it is secret.
        deadline: the last moment to cast it, in seconds since 1970, unless `sign` is given another.
        tracker: the ballot's name, 32 bytes. The voter notes it, and looks for it afterwards.
    """

    definition: PollDefinition
    voter: str
    weight: int
    replaces: bytes | None
    ciphertexts: tuple[Ciphertext, ...]
    opening: Opening = field(repr=False)
    deadline: int
    tracker: bytes = field(init=False)
    _audited: bool = field(init=False, default=False, repr=False)

    @classmethod
    def encrypt(
        cls,
        scores: Sequence[int],
        definition: PollDefinition,
        *,
        voter: str,
        weight: int,
        replaces: bytes | None = None,
        deadline: int | None = None,
        entropy: Entropy = SYSTEM,
    ) -> PreparedBallot:
        """Encrypts a ballot.

        Args:
            scores: the score of every choice.
            definition: the definition of the poll.
            voter: the voter's address, with its checksum.
            weight: the voter's weight on the roll.
            replaces: the tracker of the ballot that counts so far, 32 bytes; None if none does.
            deadline: the last moment to cast it, in seconds since 1970; by default the poll's
                close.
            entropy: the source of all randomness.

        Raises:
            InvalidScores: the questions do not allow these scores.
        """
        ciphertexts, opening = ballot_proof.encrypt(
            scores,
            questions=definition.questions,
            key=definition.key,
            place=trackers.place(definition.hash, voter=voter, replaces=replaces),
            entropy=entropy,
        )
        until = definition.closes if deadline is None else deadline
        return cls(definition, voter, weight, replaces, ciphertexts, opening, until)

    def __post_init__(self) -> None:
        self.tracker = trackers.of(
            self.definition.hash,
            voter=self.voter,
            weight=self.weight,
            replaces=self.replaces,
            ciphertexts=self.ciphertexts,
        )

    def sign(
        self, account: LocalAccount, *, deadline: int | None = None, entropy: Entropy = SYSTEM
    ) -> SignedBallot:
        """Proves and signs the ballot, so that anyone can cast it.

        Args:
            account: the voter's account.
            deadline: the last moment to cast it, in seconds since 1970; by default the ballot's.
                If the poll closes before that, its close is signed.
            entropy: the source of the proof's nonces.

        Raises:
            BallotSpent: the ballot was audited.
            InvalidSignature: the account is not the voter's.
            BallotExpired: the deadline is before the poll opens.
        """
        if self._audited:
            raise BallotSpent
        if account.address != self.voter:
            raise InvalidSignature(self.voter, account.address)
        wanted = self.deadline if deadline is None else deadline
        opens, closes = self.definition.opens, self.definition.closes
        until = deadlines.limited(wanted, now=opens, closes=closes)
        ballot = ballot_proof.prove(
            self.ciphertexts,
            self.opening,
            questions=self.definition.questions,
            key=self.definition.key,
            tracker=self.tracker,
            entropy=entropy,
        )
        chain_id, poll = self.definition.chain_id, self.definition.address
        signable = message(
            chain_id=chain_id,
            poll=poll,
            voter=self.voter,
            tracker=self.tracker,
            replaces=self.replaces,
            deadline=until,
        )
        signature = sign(account, signable)
        return SignedBallot(
            chain_id, poll, self.voter, self.weight, self.replaces, until, signature, ballot
        )

    def audit(self) -> Audit:
        """Opens the ballot, to show that it holds what the voter chose. After that it cannot be
        signed.
        """
        self._audited = True
        return Audit(
            self.definition,
            self.voter,
            self.weight,
            self.replaces,
            self.opening.scores,
            tuple(each.reveal().value for each in self.opening.randomness),
            self.tracker,
        )
