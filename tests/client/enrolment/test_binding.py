"""Bindings and code lists: honest ones, and every forged one."""

from __future__ import annotations

import json
from typing import Any

import pytest
from eth_account.messages import encode_typed_data

from attacks import enrolments
from attacks.enrolments import CODE, ENROLMENT, OFFICIAL, OTHER, OTHER_CODE, UNTIL, VOTER
from support.vector_files import each
from veche.enrolment import binding as bindings
from veche.enrolment import code_list
from veche.enrolment.binding import MOST, Binding
from veche.enrolment.code_list import CodeList
from veche.enrolment.typed_data import DOMAIN, TYPES
from veche.errors import (
    EnrolmentClosed,
    InvalidDocument,
    NotSignedBy,
    OldEdition,
    StaleBinding,
    VecheError,
)
from veche.protocol.signature import digest_of

FORGED = dict(enrolments.forged())
FORGED_LISTS = dict(enrolments.forged_lists())


def test_binding_is_signed_by_both_keys() -> None:
    binding = Binding.make(ENROLMENT, code=CODE, voter=VOTER)
    binding.require_signed()
    assert (binding.code, binding.voter, binding.sequence) == (CODE.address, VOTER.address, 1)


@pytest.mark.parametrize("name", FORGED)
def test_forged_binding_is_refused(name: str) -> None:
    with pytest.raises(NotSignedBy):
        FORGED[name].require_signed()


@pytest.mark.parametrize("name", FORGED)
def test_forged_binding_is_refused_as_a_document(name: str) -> None:
    read = Binding.from_json(FORGED[name].to_json())
    with pytest.raises(NotSignedBy):
        read.require_signed()


def test_binding_is_read_as_it_was_written() -> None:
    binding = enrolments.good()
    assert Binding.from_json(binding.to_json()) == binding


def test_signature_is_read_as_wallets_write_it() -> None:
    binding = enrolments.good()
    v, r, s = binding.voter_signature.vrs
    for said in (v, v - 27):
        fields = json.loads(binding.to_json())
        both = r.to_bytes(32, "big") + s.to_bytes(32, "big")
        fields["voterSignature"] = f"0x{both.hex()}{said:02x}"
        assert Binding.from_json(json.dumps(fields)) == binding


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("enrolment", ""),
        ("enrolment", "Oak"),
        ("enrolment", "oak street"),
        ("enrolment", "../oak"),
        ("enrolment", "-oak"),
        ("enrolment", "oak\n"),
        ("enrolment", "a" * 32),
        ("enrolment", 1),
        ("code", VOTER.address[:-1]),
        ("code", VOTER.address.swapcase()),
        ("voter", None),
        ("voter", "0x" + "g" * 40),
        ("sequence", 0),
        ("sequence", -1),
        ("sequence", MOST + 1),
        ("sequence", 1.0),
        ("sequence", True),
        ("sequence", "1"),
        ("sequence", 2**256),
        ("codeSignature", "0x"),
        ("codeSignature", "0x" + "00" * 63),
        ("codeSignature", "0x" + "00" * 66),
        ("codeSignature", "0x" + "00" * 64 + "1d"),
        ("voterSignature", []),
        ("voterSignature", "zz"),
    ],
)
def test_binding_with_a_wrong_field_is_refused(name: str, value: Any) -> None:
    fields = json.loads(enrolments.good().to_json()) | {name: value}
    with pytest.raises(InvalidDocument):
        Binding.from_json(json.dumps(fields))


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", "null", '{"a":1,"a":2}', " " * 5000, "[" * 100, '{"enrolment":NaN}']
)
def test_other_document_is_no_binding(text: str) -> None:
    with pytest.raises(InvalidDocument):
        Binding.from_json(text)


def test_older_binding_changes_nothing() -> None:
    binding = enrolments.good()
    binding.require_newer(0)
    binding.require_newer(1)
    for newest in (2, 3, MOST):
        with pytest.raises(StaleBinding):
            binding.require_newer(newest)


def test_binding_is_signed_as_a_wallet_signs_it() -> None:
    binding = enrolments.good()
    values = {
        "enrolment": ENROLMENT,
        "code": CODE.address,
        "voter": VOTER.address,
        "sequence": 2,
    }
    wallet = encode_typed_data(dict(DOMAIN), {"Binding": TYPES["Binding"]}, values)
    own = bindings.signed_message(ENROLMENT, CODE.address, VOTER.address, 2)
    assert digest_of(own) == digest_of(wallet)
    assert VOTER.sign_message(wallet).r == binding.voter_signature.vrs[1]


# -- Code lists --


def test_list_is_of_its_official() -> None:
    assert enrolments.good_list().official == OFFICIAL.address


@pytest.mark.parametrize("name", FORGED_LISTS)
def test_forged_list_is_not_the_officials(name: str) -> None:
    assert FORGED_LISTS[name].official != OFFICIAL.address


def test_list_is_read_as_it_was_written() -> None:
    listed = enrolments.good_list()
    assert CodeList.from_json(listed.to_json()) == listed
    assert sorted(listed.addresses) == sorted([CODE.address, OTHER_CODE.address])


def test_order_of_people_does_not_show() -> None:
    parts: dict[str, Any] = {"title": "x", "edition": 2, "until": UNTIL, "official": OFFICIAL}
    both = [CODE.address, OTHER_CODE.address]
    first, second = (CodeList.make(ENROLMENT, codes=each_, **parts) for each_ in (both, both[::-1]))
    assert first == second


def test_list_is_signed_as_a_wallet_signs_it() -> None:
    listed = enrolments.good_list()
    values = {
        "enrolment": ENROLMENT,
        "title": listed.title,
        "edition": 2,
        "until": UNTIL,
        "codes": listed.addresses,
    }
    wallet = encode_typed_data(dict(DOMAIN), {"CodeList": TYPES["CodeList"]}, values)
    parts = ENROLMENT, listed.title, 2, UNTIL, listed.codes
    assert digest_of(code_list.signed_message(*parts)) == digest_of(wallet)


@pytest.mark.parametrize("edition", [0, 1, 2])
def test_older_list_is_refused(edition: int) -> None:
    old = CodeList.make(
        ENROLMENT, title="x", edition=edition, until=UNTIL, codes=[], official=OFFICIAL
    )
    with pytest.raises(OldEdition):
        old.require_newer(2)
    enrolments.good_list().require_newer(1)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("title", ""),
        ("title", " "),
        ("title", "a\nb"),
        ("title", "a\u202eb"),
        ("title", "a" * 201),
        ("edition", 2**64),
        ("until", -1),
        ("codes", "0x" + "11" * 19),
        ("codes", "0x" + "11" * 40),
        ("codes", "0x" + "22" * 20 + "11" * 20),
        ("codes", ["0x" + "11" * 20]),
    ],
)
def test_list_with_a_wrong_field_is_refused(name: str, value: Any) -> None:
    fields = json.loads(enrolments.good_list().to_json()) | {name: value}
    with pytest.raises(InvalidDocument):
        CodeList.from_json(json.dumps(fields))


def test_enrolment_ends_after_its_last_second() -> None:
    code_list.require_open(UNTIL, now=UNTIL)
    with pytest.raises(EnrolmentClosed):
        code_list.require_open(UNTIL, now=UNTIL + 1)


# -- Vectors --


@each("enrolment", "bindings")
def test_bindings_have_the_verdicts_of_the_vectors(entry: Any) -> None:
    try:
        Binding.from_json(json.dumps(entry["binding"])).require_signed()
        found = None
    except VecheError as error:
        found = type(error).__name__
    assert found == entry["refusal"]


@each("enrolment", "lists")
def test_lists_are_signed_as_the_vectors_say(entry: Any) -> None:
    assert CodeList.from_json(json.dumps(entry["list"])).official == entry["official"]


def test_vectors_hold_a_voter_who_agreed_to_another_code() -> None:
    assert OTHER.address != VOTER.address
    assert "a voter who agreed to another code" in FORGED
