"""Ballots before they are cast: prepared, signed, carried."""

from __future__ import annotations

import dataclasses
import json
import pickle
from typing import Any

import pytest
from eth_account import Account

from support.one_poll import POLL, VOTER, prepared
from veche.crypto import ballot_proof
from veche.crypto.group import N
from veche.errors import (
    InvalidDocument,
    InvalidScores,
    InvalidSignature,
    VecheError,
)
from veche.protocol.ballot import PreparedBallot, SignedBallot
from veche.protocol.signature import Signature, message


def test_signed_ballot_is_proven_and_signed_for_its_poll() -> None:
    ballot = prepared()
    signed = ballot.sign(VOTER)
    assert signed.tracker(POLL.hash) == ballot.tracker
    ballot_proof.verify(
        signed.ballot, questions=POLL.questions, key=POLL.key, tracker=ballot.tracker
    )
    signed.require_signed(POLL.hash)
    signable = message(
        chain_id=POLL.chain_id,
        poll=POLL.address,
        voter=VOTER.address,
        tracker=ballot.tracker,
        replaces=None,
        deadline=POLL.closes,
    )
    r, vs = signed.signature.r, int.from_bytes(signed.signature.vs, "big")
    vrs = (27 + (vs >> 255), int.from_bytes(r, "big"), vs & ((1 << 255) - 1))
    assert Account.recover_message(signable, vrs=vrs) == VOTER.address


def _malleable(signature: Signature) -> Signature:
    """The other signature of the same message, which the contract does not take."""
    v, r, s = signature.vrs
    return Signature.of(55 - v, r, N - s)


@pytest.mark.parametrize(
    "bent",
    [
        {"deadline": 1_999},
        {"replaces": b"\1" * 32},
        {"weight": 4},
        {"poll": "0x" + "12" * 20},
        {"chain_id": 1},
        {"voter": Account.from_key(b"\x08" * 32).address},
        {"signature": Signature(bytes(32), bytes(32))},
        {"signature": Signature(b"\xff" * 32, b"\x01" * 32)},
        {"signature": Signature(b"\x01" * 32, b"\x01" * 32)},
        {"signature": "the other one"},
    ],
    ids=str,
)
def test_ballot_is_refused_if_it_was_changed_after_its_voter_signed_it(
    bent: dict[str, Any],
) -> None:
    signed = prepared().sign(VOTER)
    if bent == {"signature": "the other one"}:
        bent = {"signature": _malleable(signed.signature)}
    with pytest.raises(InvalidSignature):
        dataclasses.replace(signed, **bent).require_signed(POLL.hash)


def test_preparing_fails_if_the_questions_do_not_allow_it() -> None:
    with pytest.raises(InvalidScores):
        prepared((1, 1, 0))


def test_signing_fails_if_it_is_not_the_voter() -> None:
    with pytest.raises(InvalidSignature):
        prepared().sign(Account.from_key(b"\x08" * 32))


def test_same_vote_never_gives_the_same_ballot() -> None:
    assert prepared().tracker != prepared().tracker


def test_nothing_that_a_ballot_shows_tells_the_vote() -> None:
    shown = {repr(prepared(vote)).count("1") for vote in ((1, 0, 0), (0, 0, 1))}
    ballot = prepared()
    assert "opening" not in repr(ballot)
    assert shown
    signed = ballot.sign(VOTER)
    assert VOTER.key.hex() not in repr(signed) + signed.to_json()


def test_signed_ballot_does_not_hold_the_key_that_signed_it() -> None:
    assert bytes(VOTER.key) not in pickle.dumps(prepared().sign(VOTER))


# -- Carried --


def test_signed_ballot_comes_back_as_it_was() -> None:
    signed = prepared().sign(VOTER)
    assert SignedBallot.from_json(signed.to_json()) == signed


@pytest.mark.parametrize("replaces", [None, b"\1" * 32])
def test_documents_have_zeros_if_a_ballot_replaces_none(replaces: bytes | None) -> None:
    ballot = PreparedBallot.encrypt(
        (0, 1, 0), POLL, voter=VOTER.address, weight=3, replaces=replaces
    )
    for each in (ballot.sign(VOTER), ballot.audit()):
        written = json.loads(each.to_json())["replaces"]
        assert written == "0x" + (replaces or bytes(32)).hex()
        assert type(each).from_json(each.to_json()) == each
        assert each.replaces == replaces


FIELDS = list(json.loads(prepared().sign(VOTER).to_json()))


@pytest.mark.parametrize("name", FIELDS)
@pytest.mark.parametrize("value", [None, -1, "", "0x", [], {}, True, 2**300, ["0x00"], [[1, 2]]])
def test_reading_a_carried_ballot_fails_if_a_field_is_bent(name: str, value: Any) -> None:
    fields = json.loads(prepared().sign(VOTER).to_json())
    if value == [] and name in ("ciphertexts", "responses", "coefficients"):
        return  # an empty list is read, and refused as a ballot
    with pytest.raises(VecheError):
        SignedBallot.from_json(json.dumps(fields | {name: value}))


def test_reading_a_carried_ballot_fails_if_no_contract_can_read_its_deadline() -> None:
    fields = json.loads(prepared().sign(VOTER).to_json())
    with pytest.raises(InvalidDocument, match="deadline"):
        SignedBallot.from_json(json.dumps(fields | {"deadline": 2**64}))


@pytest.mark.parametrize("name", FIELDS)
def test_reading_a_carried_ballot_fails_if_a_field_is_missing(name: str) -> None:
    fields = json.loads(prepared().sign(VOTER).to_json())
    del fields[name]
    with pytest.raises(InvalidDocument, match=name):
        SignedBallot.from_json(json.dumps(fields))


@pytest.mark.parametrize("text", ["", "[]", "1", "{", "[" * 100_000])
def test_reading_a_carried_ballot_fails_if_it_is_no_object(text: str) -> None:
    with pytest.raises(InvalidDocument):
        SignedBallot.from_json(text)
