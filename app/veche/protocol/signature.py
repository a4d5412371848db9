"""What voters and trustees sign, and who has signed it (PROTOCOL §2, §3)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from eth_account.messages import SignableMessage, encode_typed_data
from eth_account.signers.local import LocalAccount
from eth_utils.address import to_checksum_address

from veche.crypto import secp256k1, transcript
from veche.crypto.group import N
from veche.crypto.keccak import keccak
from veche.errors import InvalidDocument, InvalidSignature
from veche.protocol import trackers

TYPES: Final = {
    "Ballot": [
        {"name": "voter", "type": "address"},
        {"name": "tracker", "type": "bytes32"},
        {"name": "replaces", "type": "bytes32"},
        {"name": "deadline", "type": "uint64"},
    ],
    "Deal": [
        {"name": "boardHash", "type": "bytes32"},
        {"name": "dealer", "type": "uint256"},
        {"name": "challenge", "type": "uint256"},
    ],
    "Confirmation": [
        {"name": "boardHash", "type": "bytes32"},
        {"name": "trustee", "type": "uint256"},
        {"name": "dealsHash", "type": "bytes32"},
    ],
}
"""What wallets show when a ballot, a deal or a confirmation is signed, by EIP-712."""
NOBODY: Final = bytes(20)
"""The signer reported when a signature is invalid: the address zero."""

_HIGHEST_BIT = 1 << 255
_PARITIES: Final = {27: 0, 28: 1, 0: 0, 1: 1}
"""The parity that each v stands for."""
_ENCODED: Final = 64
_WITH_V: Final = 65


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
        """From v (27 or 28; wallets also write 0 or 1), r and s.

        Raises:
            InvalidDocument: v is another number.
        """
        if v not in _PARITIES:
            raise InvalidDocument(f"a signature's v is 27, 28, 0 or 1, not {v}")
        packed = s | (_HIGHEST_BIT if _PARITIES[v] else 0)
        return cls(r.to_bytes(32, "big"), packed.to_bytes(32, "big"))

    @classmethod
    def from_encoded(cls, data: bytes) -> Signature:
        """From r and vs, 64 bytes; or from r, s and v, 65 bytes, as most wallets write it.

        Raises:
            InvalidDocument: there are more or fewer bytes, or v is not 27, 28, 0 or 1.
        """
        if len(data) == _WITH_V:
            return cls.of(
                data[64], int.from_bytes(data[:32], "big"), int.from_bytes(data[32:64], "big")
            )
        if len(data) != _ENCODED:
            raise InvalidDocument(f"a signature has 64 or 65 bytes, not {len(data)}")
        return cls(data[:32], data[32:])

    @property
    def encoded(self) -> bytes:
        """R and vs: 64 bytes."""
        return self.r + self.vs

    @property
    def vrs(self) -> tuple[int, int, int]:
        """V (27 or 28), r and s."""
        packed = int.from_bytes(self.vs, "big")
        return 27 + packed // _HIGHEST_BIT, int.from_bytes(self.r, "big"), packed % _HIGHEST_BIT


def message(
    *, chain_id: int, poll: str, voter: str, tracker: bytes, replaces: bytes | None, deadline: int
) -> SignableMessage:
    """What a voter signs, by EIP-712: it holds for this poll on this chain alone.

    Args:
        chain_id: the id of the poll's chain.
        poll: the poll's address.
        voter: the voter's address.
        tracker: the ballot's name, 32 bytes.
        replaces: the tracker of the ballot that it replaces, 32 bytes; None for a first
            ballot.
        deadline: seconds since 1970.
    """
    values: dict[str, Any] = {
        "voter": voter,
        "tracker": tracker,
        "replaces": trackers.word(replaces),
        "deadline": deadline,
    }
    return _message(chain_id, poll, "Ballot", values)


def deal_message(
    *, chain_id: int, board: str, board_hash: bytes, dealer: int, challenge: int
) -> SignableMessage:
    """What a trustee signs to deal, by EIP-712: it holds for this board on this chain alone.

    Args:
        chain_id: the id of the board's chain.
        board: the board's address.
        board_hash: the hash of the board's definition, 32 bytes.
        dealer: the trustee's index, from 1.
        challenge: c of the deal's proof, which covers all of the deal.
    """
    values = {"boardHash": board_hash, "dealer": dealer, "challenge": challenge}
    return _message(chain_id, board, "Deal", values)


def confirmation_message(
    *, chain_id: int, board: str, board_hash: bytes, trustee: int, deals_hash: bytes
) -> SignableMessage:
    """What a trustee signs to confirm all deals of a board, by EIP-712.

    Args:
        chain_id: the id of the board's chain.
        board: the board's address.
        board_hash: the hash of the board's definition, 32 bytes.
        trustee: the trustee's index, from 1.
        deals_hash: the hash of the deals that the trustee has checked, 32 bytes.
    """
    values = {"boardHash": board_hash, "trustee": trustee, "dealsHash": deals_hash}
    return _message(chain_id, board, "Confirmation", values)


def _message(chain_id: int, contract: str, type_: str, values: dict[str, Any]) -> SignableMessage:
    """Values of a type that hold for one contract on one chain."""
    domain: dict[str, Any] = {
        "name": "Veche",
        "version": "2",
        "chainId": chain_id,
        "verifyingContract": contract,
    }
    return encode_typed_data(domain, {type_: TYPES[type_]}, values)


def sign(account: LocalAccount, signable: SignableMessage) -> Signature:
    """The signature of an account under a message."""
    signed = account.sign_message(signable)
    return Signature.of(signed.v, signed.r, signed.s)


# -- Verify --


def digest(
    *, chain_id: int, poll: str, voter: str, tracker: bytes, replaces: bytes | None, deadline: int
) -> bytes:
    """The hash of what a voter signs, 32 bytes. It takes the arguments of `message` and is much
    faster: verifiers compute it for every ballot.
    """
    values = transcript.words([int(voter, 16), tracker, trackers.word(replaces), deadline])
    return keccak(b"\x19\x01" + _separator(chain_id, poll) + keccak(_type_hash() + values))


def digest_of(signable: SignableMessage) -> bytes:
    """The hash of a message that is signed, 32 bytes."""
    return keccak(b"\x19" + signable.version + signable.header + signable.body)


def require_signer(voter: str, digest: bytes, signature: Signature) -> None:
    """Refuses a signature that is not the voter's.

    Args:
        voter: the voter's address.
        digest: the hash of what was signed, 32 bytes.
        signature: the signature.

    Raises:
        InvalidSignature: another account has signed the message, or the contract would not accept
            the signature.
    """
    found = _signer(digest, signature)
    if found != bytes.fromhex(voter[2:]) or found == NOBODY:
        raise InvalidSignature(voter, to_checksum_address(found))


def signer(digest: bytes, signature: Signature) -> str:
    """The address of the account that has signed a message; the address zero if the contracts would
    not accept the signature.
    """
    return str(to_checksum_address(_signer(digest, signature)))


def _signer(digest: bytes, signature: Signature) -> bytes:
    """The address of the account that has signed a message, 20 bytes."""
    v, _, s = signature.vrs
    if s > N // 2:
        return NOBODY
    key = secp256k1.recovered(signature.r + s.to_bytes(32, "big"), v - 27, digest)
    return keccak(secp256k1.words(key))[-20:] if key else NOBODY


@cache
def _type_hash() -> bytes:
    fields = ",".join(f"{each['type']} {each['name']}" for each in TYPES["Ballot"])
    return keccak(f"Ballot({fields})".encode())


@cache
def _separator(chain_id: int, poll: str) -> bytes:
    """The hash of the domain, as the library of wallets computes it."""
    empty = bytes(32)
    signable = message(
        chain_id=chain_id, poll=poll, voter=poll, tracker=empty, replaces=empty, deadline=0
    )
    return bytes(signable.header)
