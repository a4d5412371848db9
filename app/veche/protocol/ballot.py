"""Ballots as their voters sign them (PROTOCOL §3, Casting)."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from eth_account import Account
from eth_account.messages import SignableMessage, encode_typed_data
from eth_account.signers.local import LocalAccount

from veche.crypto import ballot_proof, transcript
from veche.crypto.ballot_proof import Ballot, Opening
from veche.crypto.elgamal import Ciphertext
from veche.crypto.group import N
from veche.crypto.sigma import SYSTEM, Entropy
from veche.errors import BallotSpent, InvalidSignature
from veche.protocol import plain
from veche.protocol.audit import Audit
from veche.protocol.definition import PollDefinition
from veche.protocol.plain import Form

TYPES: Final = {
    "Ballot": [
        {"name": "voter", "type": "address"},
        {"name": "tracker", "type": "bytes32"},
        {"name": "replaces", "type": "bytes32"},
        {"name": "deadline", "type": "uint64"},
    ]
}
"""What wallets show when a ballot is signed, by EIP-712."""

NO_BALLOT: Final = bytes(32)
"""What a first ballot replaces."""

NOBODY: Final = "0x" + "00" * 20
"""Who has signed what nobody has."""
MAX_DEADLINE: Final = 2**64 - 1

_HIGHEST_BIT = 1 << 255


@dataclass(frozen=True, slots=True)
class Signature:
    """A signature as the contract takes it, by EIP-2098.

    Attributes:
        r: 32 bytes.
        vs: parity in the highest bit, and s: 32 bytes.
    """

    r: bytes
    vs: bytes

    @classmethod
    def of(cls, v: int, r: int, s: int) -> Signature:
        """From v (27 or 28), r and s."""
        packed = s | (_HIGHEST_BIT if v == 28 else 0)  # noqa: PLR2004  # by EIP-2098
        return cls(r.to_bytes(32, "big"), packed.to_bytes(32, "big"))

    @property
    def encoded(self) -> bytes:
        """R and vs: 64 bytes."""
        return self.r + self.vs

    @property
    def vrs(self) -> tuple[int, int, int]:
        """V (27 or 28), r and s."""
        packed = int.from_bytes(self.vs, "big")
        return 27 + packed // _HIGHEST_BIT, int.from_bytes(self.r, "big"), packed % _HIGHEST_BIT


@dataclass(frozen=True, slots=True)
class SignedBallot:
    """An encrypted ballot, as its voter signed it. It holds no secret: anyone may carry it.

    Attributes:
        chain_id: of the poll's chain.
        poll: address of the poll.
        voter: address, with its checksum.
        weight: the voter's on the roll.
        replaces: the tracker of the ballot that this one replaces, 32 bytes, or zeros.
        deadline: the last moment at which the voter wants it cast, in seconds since 1970.
        signature: the voter's.
        ballot: the ciphertexts and their proof.
        signer: the account that signed it here, which pays for it where nobody else is named;
            it is never written down.
    """

    chain_id: int
    poll: str
    voter: str
    weight: int
    replaces: bytes
    deadline: int
    signature: Signature
    ballot: Ballot
    signer: LocalAccount | None = field(default=None, repr=False, compare=False)

    def tracker(self, poll_hash: bytes) -> bytes:
        """The ballot's name: 32 bytes."""
        return transcript.tracker(
            poll_hash,
            voter=int(self.voter, 16),
            weight=self.weight,
            replaces=self.replaces,
            ciphertexts=[each.pair for each in self.ballot.ciphertexts],
        )

    def require_signed(self, poll_hash: bytes) -> None:
        """Refuses a ballot that its voter has not signed as it is.

        Raises:
            InvalidSignature: the voter has not.
        """
        signable = message(
            chain_id=self.chain_id,
            poll=self.poll,
            voter=self.voter,
            tracker=self.tracker(poll_hash),
            replaces=self.replaces,
            deadline=self.deadline,
        )
        signer = signer_of(signable, self.signature)
        if signer != self.voter:
            raise InvalidSignature(self.voter, signer)

    def to_json(self) -> str:
        """As a JSON document, for whoever carries it."""
        fields = {
            "chainId": self.chain_id,
            "poll": self.poll,
            "voter": self.voter,
            "weight": self.weight,
            "replaces": plain.data(self.replaces),
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
        """From a JSON document.

        Raises:
            InvalidDocument: it is not one of a signed ballot.
            InvalidPoint, InvalidScalar: no ballot can have such a point or scalar.
        """
        form = Form.parse(text, what="signed ballot")
        signature = form.data("signature", 64)
        return cls(
            form.number("chainId"),
            form.address("poll"),
            form.address("voter"),
            form.number("weight"),
            form.data("replaces", 32),
            form.number("deadline", most=MAX_DEADLINE),
            Signature(signature[:32], signature[32:]),
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
        definition: of the poll.
        voter: address, with its checksum.
        weight: the voter's on the roll.
        replaces: the tracker of the ballot that counts so far, 32 bytes, or zeros.
        ciphertexts: of every choice.
        tracker: the ballot's name, 32 bytes: what the voter notes and looks for afterwards.
    """

    definition: PollDefinition
    voter: str
    weight: int
    replaces: bytes
    ciphertexts: tuple[Ciphertext, ...]
    opening: Opening = field(repr=False)
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
        replaces: bytes = NO_BALLOT,
        entropy: Entropy = SYSTEM,
    ) -> PreparedBallot:
        """A ballot with these scores of every choice.

        Raises:
            InvalidScores: the questions do not allow them.
        """
        ciphertexts, opening = ballot_proof.encrypt(
            scores,
            questions=definition.questions,
            key=definition.key,
            place=transcript.statement_hash(definition.hash, int(voter, 16), replaces),
            entropy=entropy,
        )
        return cls(definition, voter, weight, replaces, ciphertexts, opening)

    def __post_init__(self) -> None:
        self.tracker = transcript.tracker(
            self.definition.hash,
            voter=int(self.voter, 16),
            weight=self.weight,
            replaces=self.replaces,
            ciphertexts=[each.pair for each in self.ciphertexts],
        )

    def sign(
        self, account: LocalAccount, *, deadline: int | None = None, entropy: Entropy = SYSTEM
    ) -> SignedBallot:
        """The ballot with its proof and the voter's signature, ready to be cast by anyone.

        Args:
            account: the voter's.
            deadline: seconds since 1970; the poll's close by default.
            entropy: where the nonces of the proof come from.

        Raises:
            BallotSpent: it was audited.
            InvalidSignature: the account is not the voter's.
        """
        if self._audited:
            raise BallotSpent
        if account.address != self.voter:
            raise InvalidSignature(self.voter, account.address)
        ballot = ballot_proof.prove(
            self.ciphertexts,
            self.opening,
            questions=self.definition.questions,
            key=self.definition.key,
            tracker=self.tracker,
            entropy=entropy,
        )
        until = self.definition.closes if deadline is None else deadline
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
            chain_id,
            poll,
            self.voter,
            self.weight,
            self.replaces,
            until,
            signature,
            ballot,
            signer=account,
        )

    def audit(self) -> Audit:
        """What shows that the ballot holds what the voter wanted. It is spent by that: it can no
        more be signed.
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


def domain(chain_id: int, poll: str) -> dict[str, Any]:
    """Where a signature holds, by EIP-712: this poll on this chain alone."""
    return {"name": "Veche", "version": "2", "chainId": chain_id, "verifyingContract": poll}


def message(
    *, chain_id: int, poll: str, voter: str, tracker: bytes, replaces: bytes, deadline: int
) -> SignableMessage:
    """What a voter signs.

    Args:
        chain_id: of the poll's chain.
        poll: address of the poll.
        voter: address of the voter.
        tracker: of the ballot, 32 bytes.
        replaces: the tracker of the ballot that it replaces, 32 bytes, or zeros.
        deadline: seconds since 1970.
    """
    values: dict[str, Any] = {
        "voter": voter,
        "tracker": tracker,
        "replaces": replaces,
        "deadline": deadline,
    }
    return encode_typed_data(domain(chain_id, poll), TYPES, values)


def sign(account: LocalAccount, signable: SignableMessage) -> Signature:
    """The signature of an account under a message."""
    signed = account.sign_message(signable)
    return Signature.of(signed.v, signed.r, signed.s)


def signer_of(signable: SignableMessage, signature: Signature) -> str:
    """The address of who has signed a message; NOBODY, where the signature is none that the
    contract takes.
    """
    v, r, s = signature.vrs
    if s > N // 2:
        return NOBODY
    try:
        return str(Account.recover_message(signable, vrs=(v, r, s)))
    except Exception:  # noqa: BLE001  # whatever the library says of nonsense
        return NOBODY
