"""Ballots as their voters sign them (PROTOCOL §3, Casting)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from eth_account.messages import SignableMessage, encode_typed_data
from eth_account.signers.local import LocalAccount

from veche.crypto.ballot_proof import Ballot

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


@dataclass(frozen=True, slots=True)
class SignedBallot:
    """An encrypted ballot, as its voter signed it. It holds no secret: anyone may carry it.

    Attributes:
        voter: address, with its checksum.
        weight: the voter's on the roll.
        replaces: the tracker of the ballot that this one replaces, 32 bytes, or zeros.
        deadline: the last moment at which the voter wants it cast, in seconds since 1970.
        signature: the voter's.
        ballot: the ciphertexts and their proof.
    """

    voter: str
    weight: int
    replaces: bytes
    deadline: int
    signature: Signature
    ballot: Ballot


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
    domain = {"name": "Veche", "version": "1", "chainId": chain_id, "verifyingContract": poll}
    values: dict[str, Any] = {
        "voter": voter,
        "tracker": tracker,
        "replaces": replaces,
        "deadline": deadline,
    }
    return encode_typed_data(domain, TYPES, values)


def sign(account: LocalAccount, signable: SignableMessage) -> Signature:
    """The signature of an account under a message."""
    signed = account.sign_message(signable)
    return Signature.of(signed.v, signed.r, signed.s)
