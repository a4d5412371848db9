"""What voters and officials sign in an enrolment, by EIP-712 (docs/enrolment.md §3)."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import Final

from eth_account.messages import SignableMessage

from veche.crypto.keccak import keccak
from veche.errors import NotSignedBy
from veche.protocol.signature import Signature, digest_of, signer

TYPES: Final = {
    "Binding": [
        {"name": "enrolment", "type": "string"},
        {"name": "code", "type": "address"},
        {"name": "voter", "type": "address"},
        {"name": "sequence", "type": "uint64"},
    ],
    "CodeList": [
        {"name": "enrolment", "type": "string"},
        {"name": "title", "type": "string"},
        {"name": "edition", "type": "uint64"},
        {"name": "until", "type": "uint64"},
        {"name": "codes", "type": "address[]"},
    ],
}
"""What wallets show."""
DOMAIN: Final = {"name": "Veche", "version": "2"}
"""Neither a chain nor a contract: people enrol before there is a poll."""

Part = str | int | bytes
"""A text; a number; or an address, 20 bytes."""


def message(type_: str, parts: Iterable[Part | list[bytes]]) -> SignableMessage:
    """Values of a type as they are signed.

    Args:
        type_: the name of the type.
        parts: its values, in order.
    """
    words = b"".join([_type_hash(type_), *map(_word, parts)])
    return SignableMessage(b"\x01", _separator(), keccak(words))


def require_signed(expected: str, message: SignableMessage, signature: Signature) -> None:
    """Refuses a signature that is not that of a key.

    Args:
        expected: the key's address.
        message: what it has to sign.
        signature: the signature.

    Raises:
        NotSignedBy: another key has signed the message, or none has.
    """
    found = signer(digest_of(message), signature)
    if found != expected or not int(found, 16):  # zero is what nobody's signature gives
        raise NotSignedBy(expected, found)


def _word(part: Part | list[bytes]) -> bytes:
    if isinstance(part, str):
        return keccak(part.encode())
    if isinstance(part, int):
        return part.to_bytes(32, "big")
    if isinstance(part, bytes):
        return part.rjust(32, b"\0")
    return keccak(b"".join(each.rjust(32, b"\0") for each in part))


@cache
def _type_hash(type_: str) -> bytes:
    fields = ",".join(f"{each['type']} {each['name']}" for each in TYPES[type_])
    return keccak(f"{type_}({fields})".encode())


@cache
def _separator() -> bytes:
    type_hash = keccak(b"EIP712Domain(string name,string version)")
    return keccak(type_hash + b"".join(keccak(each.encode()) for each in DOMAIN.values()))
