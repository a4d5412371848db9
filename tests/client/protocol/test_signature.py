"""What is signed, by the shared vectors; and signatures that are not what they say."""

from __future__ import annotations

from typing import Any

import pytest
from eth_account import Account
from eth_account.messages import encode_typed_data

from support.vector_files import load
from veche.crypto.group import N
from veche.errors import InvalidDocument, InvalidSignature
from veche.protocol import signature as signatures
from veche.protocol.signature import Signature


def decoded(digits: str) -> bytes:
    """Bytes of any length."""
    return bytes.fromhex(digits.removeprefix("0x"))


@pytest.fixture(params=load("signatures"), ids=lambda each: each["type"])
def vector(request: pytest.FixtureRequest) -> Any:
    return request.param


def message(vector: Any) -> Any:
    """By the library of wallets, from the vector alone."""
    domain = {
        "name": "Veche",
        "version": "2",
        "chainId": vector["chainId"],
        "verifyingContract": vector["contract"],
    }
    types = {vector["type"]: signatures.TYPES[vector["type"]]}
    fields = {
        name: int(value, 16) if name == "challenge" else value
        for name, value in vector["message"].items()
    }
    return encode_typed_data(domain, types, fields)


def test_digest_is_that_of_a_wallet(vector: Any) -> None:
    assert signatures.digest_of(message(vector)) == decoded(vector["digest"])


def test_signer_is_found(vector: Any) -> None:
    signature = Signature.from_encoded(decoded(vector["signature"]))
    assert signatures.signer(decoded(vector["digest"]), signature) == vector["signer"]
    wallet = Account.recover_message(message(vector), vrs=signature.vrs)
    assert wallet == vector["signer"]


def test_bent_signature_is_of_somebody_else_or_nobody(vector: Any) -> None:
    for each in vector["bent"]:
        signature = Signature.from_encoded(decoded(each["signature"]))
        assert signatures.signer(decoded(vector["digest"]), signature) == each["signer"]
        assert each["signer"] != vector["signer"]


def test_signature_is_read_as_wallets_write_it(vector: Any) -> None:
    encoded = decoded(vector["signature"])
    v, r, s = Signature.from_encoded(encoded).vrs
    for said in (v, v - 27):
        assert Signature.of(said, r, s).encoded == encoded
        long = r.to_bytes(32, "big") + s.to_bytes(32, "big") + bytes([said])
        assert Signature.from_encoded(long).encoded == encoded


@pytest.mark.parametrize(
    "encoded", [b"", bytes(63), bytes(64) + b"\x02", bytes(64) + b"\x1d", bytes(66)]
)
def test_reading_fails_if_it_is_no_signature(encoded: bytes) -> None:
    with pytest.raises(InvalidDocument):
        Signature.from_encoded(encoded)


def test_twin_of_a_signature_is_not_its_signers(vector: Any) -> None:
    """With n − s and the other parity it would be valid too, if contracts did not refuse it."""
    v, r, s = Signature.from_encoded(decoded(vector["signature"])).vrs
    twin = Signature.of(55 - v, r, N - s)
    assert signatures.signer(decoded(vector["digest"]), twin) != vector["signer"]


def test_signature_whose_s_is_too_high_is_nobodys(vector: Any) -> None:
    high = Signature.of(27, 1, N // 2 + 1)
    assert signatures.signer(decoded(vector["digest"]), high) == "0x" + "00" * 20


def test_nobody_signs_for_the_address_zero(vector: Any) -> None:
    """As in the contracts: a signature that is none is nobody's, also that of a voter `0x0…0`."""
    high, nobody = Signature.of(27, 1, N // 2 + 1), "0x" + "00" * 20
    with pytest.raises(InvalidSignature):
        signatures.require_signer(nobody, decoded(vector["digest"]), high)


def test_signature_for_another_contract_or_chain_is_another_signers(vector: Any) -> None:
    signature = Signature.from_encoded(decoded(vector["signature"]))
    for change in ({"chainId": 1}, {"contract": "0x" + "11" * 20}):
        digest = signatures.digest_of(message(vector | change))
        assert signatures.signer(digest, signature) != vector["signer"]
