"""Bindings and code lists that are forged, bent, or made for something else."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from eth_account import Account
from eth_account.messages import SignableMessage, encode_typed_data
from eth_account.signers.local import LocalAccount
from eth_hash.auto import keccak

from attacks import signatures
from veche.enrolment import binding as bindings
from veche.enrolment.binding import Binding
from veche.enrolment.code_list import CodeList
from veche.enrolment.typed_data import DOMAIN, TYPES
from veche.protocol.addresses import ZERO
from veche.protocol.signature import Signature, sign

ENROLMENT = "oak-street-2027"
TITLE = "Oak Street 2027"
UNTIL = 1_803_880_800


def key(name: str) -> LocalAccount:
    """A key that everybody can make again."""
    account: LocalAccount = Account.from_key(keccak(f"veche enrolment {name}".encode()))
    return account


CODE, VOTER, OTHER_CODE, OTHER, OFFICIAL = map(
    key, ("code", "voter", "other code", "other", "official")
)


def good() -> Binding:
    """The binding that all others here are made of."""
    return Binding.make(ENROLMENT, code=CODE, voter=VOTER, sequence=2)


def forged() -> Iterator[tuple[str, Binding]]:
    """Bindings that one of the two keys has not signed as they stand."""
    honest = good()
    swapped = honest.voter_signature, honest.code_signature
    yield "signatures swapped", _signed(honest, *swapped)
    yield "the code's signature twice", _signed(honest, *[honest.code_signature] * 2)
    yield "the voter's signature twice", _signed(honest, *[honest.voter_signature] * 2)
    yield "another enrolment", replace(honest, enrolment="oak-street-2028")
    yield "another voter", replace(honest, voter=OTHER.address)
    yield "another code", replace(honest, code=OTHER_CODE.address)
    yield "an earlier number", replace(honest, sequence=1)
    yield "a later number", replace(honest, sequence=3)
    yield "code and voter swapped", replace(honest, code=honest.voter, voter=honest.code)
    yield "the address zero as voter", replace(honest, voter=ZERO)
    yield "the address zero as code", replace(honest, code=ZERO)
    yield from _of_nobody(honest)
    stolen = replace(Binding.make(ENROLMENT, code=CODE, voter=OTHER), voter=VOTER.address)
    yield "a voter who did not agree", stolen
    yield "a voter who agreed to another code", _with_code(honest, OTHER_CODE)
    for name, message in _otherwise(honest):
        yield f"signed by the code in {name}", replace(honest, code_signature=sign(CODE, message))
        yield (
            f"signed by the voter in {name}",
            replace(honest, voter_signature=sign(VOTER, message)),
        )
    for name, signature in signatures.bent(honest.code_signature):
        yield f"the code's signature: {name}", replace(honest, code_signature=signature)
    for name, signature in signatures.bent(honest.voter_signature):
        yield f"the voter's signature: {name}", replace(honest, voter_signature=signature)


def _signed(honest: Binding, *both: Signature) -> Binding:
    return replace(honest, code_signature=both[0], voter_signature=both[1])


def _of_nobody(honest: Binding) -> Iterator[tuple[str, Binding]]:
    """Bindings of the address zero that the other key has signed, with zeros beside that."""
    nothing = Signature(bytes(32), bytes(32))
    voter, code = replace(honest, voter=ZERO), replace(honest, code=ZERO)
    yield "the address zero as voter, unsigned", _signed(voter, sign(CODE, _said(voter)), nothing)
    yield "the address zero as code, unsigned", _signed(code, nothing, sign(VOTER, _said(code)))


def _said(of: Binding) -> SignableMessage:
    return bindings.signed_message(of.enrolment, of.code, of.voter, of.sequence)


def _with_code(honest: Binding, code: LocalAccount) -> Binding:
    """Takes a voter's signature, which everybody can read, to a code of the thief's own."""
    own = replace(honest, code=code.address)
    return replace(own, code_signature=sign(code, _said(own)))


def _otherwise(honest: Binding) -> signatures.Messages:
    """The values of a binding as they are signed elsewhere."""
    values = {
        "enrolment": honest.enrolment,
        "code": honest.code,
        "voter": honest.voter,
        "sequence": honest.sequence,
    }
    types = {"Binding": TYPES["Binding"]}
    changes: dict[str, dict[str, Any]] = {
        "version 1": {"version": "1"},
        "another name": {"name": "veche"},
        "a chain": {"chainId": 1},
        "a contract": {"verifyingContract": OTHER.address},
    }
    for name, change in changes.items():
        yield f"a domain with {name}", encode_typed_data({**DOMAIN, **change}, types, values)
    renamed = {"Ballot": TYPES["Binding"]}
    yield "a type with another name", encode_typed_data(dict(DOMAIN), renamed, values)


# -- Code lists --


def good_list() -> CodeList:
    """The list that all others here are made of."""
    return CodeList.make(
        ENROLMENT,
        title=TITLE,
        edition=2,
        until=UNTIL,
        codes=[CODE.address, OTHER_CODE.address],
        official=OFFICIAL,
    )


def forged_lists() -> Iterator[tuple[str, CodeList]]:
    """Lists that the official has not signed as they stand."""
    honest = good_list()
    yield "another enrolment", replace(honest, enrolment="oak-street-2028")
    yield "another title", replace(honest, title="Oak Street 2028")
    yield "a later edition", replace(honest, edition=3)
    yield "a later end", replace(honest, until=UNTIL + 1)
    yield "one code less", replace(honest, codes=honest.codes[1:])
    yield "no codes", replace(honest, codes=())
    one_more = tuple(sorted((*honest.codes, bytes.fromhex(OTHER.address[2:]))))
    yield "one code more", replace(honest, codes=one_more)
    for name, signature in signatures.bent(honest.signature):
        yield f"the signature: {name}", replace(honest, signature=signature)
