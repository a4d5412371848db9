"""Ballots before they are cast: prepared, signed, audited, carried."""

from __future__ import annotations

import dataclasses
import json
from typing import Any

import pytest
from eth_account import Account
from eth_account.signers.local import LocalAccount

from veche.crypto import ballot_proof
from veche.crypto.group import G, N, Scalar
from veche.crypto.questions import Questions
from veche.errors import (
    AuditFailed,
    BallotSpent,
    InvalidDocument,
    InvalidScores,
    InvalidSignature,
    VecheError,
)
from veche.protocol.audit import Audit
from veche.protocol.ballot import PreparedBallot, Signature, SignedBallot, message
from veche.protocol.content import Content, QuestionTexts
from veche.protocol.definition import PollDefinition

VOTER: LocalAccount = Account.from_key(b"\7" * 32)
WORDS = Content("Trees", "", (QuestionTexts("Which tree?", ("Lime", "Oak", "Maple")),))
POLL = PollDefinition(
    chain_id=31337,
    address="0x" + "11" * 20,
    board="0x" + "22" * 20,
    board_hash=b"\3" * 32,
    key=G * Scalar(1234),
    roll_root=b"\4" * 32,
    total_weight=10,
    opens=1_000,
    closes=2_000,
    min_ballots=2,
    content=WORDS.encoded,
    questions=Questions.of((3, 1, 1, 1)),
)


def prepared(scores: tuple[int, ...] = (0, 1, 0)) -> PreparedBallot:
    return PreparedBallot.encrypt(scores, POLL, voter=VOTER.address, weight=3)


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
        replaces=bytes(32),
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
def test_ballot_is_refused_if_its_voter_has_not_signed_it_as_it_is(bent: dict[str, Any]) -> None:
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


def test_nothing_shown_of_a_ballot_tells_the_vote() -> None:
    shown = {repr(prepared(vote)).count("1") for vote in ((1, 0, 0), (0, 0, 1))}
    ballot = prepared()
    assert "opening" not in repr(ballot)
    assert shown
    signed = ballot.sign(VOTER)
    assert VOTER.key.hex() not in repr(signed) + signed.to_json()


# -- Carried --


def test_signed_ballot_comes_back_as_it_was() -> None:
    signed = prepared().sign(VOTER)
    back = SignedBallot.from_json(signed.to_json())
    assert back == signed
    assert back.signer is None


FIELDS = list(json.loads(prepared().sign(VOTER).to_json()))


@pytest.mark.parametrize("name", FIELDS)
@pytest.mark.parametrize("value", [None, -1, "", "0x", [], {}, True, 2**300, ["0x00"], [[1, 2]]])
def test_reading_a_carried_ballot_fails_if_a_field_is_bent(name: str, value: Any) -> None:
    fields = json.loads(prepared().sign(VOTER).to_json())
    if value == [] and name in ("ciphertexts", "responses", "coefficients"):
        return  # an empty list is read, and refused as a ballot
    with pytest.raises(VecheError):
        SignedBallot.from_json(json.dumps(fields | {name: value}))


def test_reading_a_carried_ballot_fails_if_no_contract_knows_such_a_time() -> None:
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


# -- Audited --


def test_audit_shows_the_vote() -> None:
    audit = prepared().audit()
    assert audit.check() == {"Which tree?": {"Lime": 0, "Oak": 1, "Maple": 0}}
    assert Audit.from_json(audit.to_json()) == audit


def test_audited_ballot_is_never_signed() -> None:
    ballot = prepared()
    ballot.audit()
    with pytest.raises(BallotSpent):
        ballot.sign(VOTER)


@pytest.mark.parametrize(
    "change",
    [
        {"scores": (1, 0, 0)},
        {"scores": (0, 1)},
        {"randomness": (1, 2)},
        {"randomness": (1, 2, 3)},
        {"tracker": bytes(32)},
        {"weight": 1},
        {"replaces": b"\1" * 32},
        {"voter": "0x" + "33" * 20},
        {"definition": dataclasses.replace(POLL, closes=2_001)},
        {"definition": dataclasses.replace(POLL, key=G)},
    ],
)
def test_audit_fails_if_the_device_lied(change: dict[str, Any]) -> None:
    audit = dataclasses.replace(prepared().audit(), **change)
    with pytest.raises(AuditFailed):
        audit.check()


@pytest.mark.parametrize("randomness", [0, N])
def test_audit_fails_if_randomness_is_no_secret(randomness: int) -> None:
    audit = dataclasses.replace(prepared().audit(), randomness=(randomness, 1, 1))
    with pytest.raises(VecheError):
        audit.check()


def test_definition_comes_back_as_it_was() -> None:
    audit = Audit.from_json(prepared().audit().to_json())
    assert audit.definition == POLL
    assert audit.definition.hash == POLL.hash
    assert audit.definition.texts == WORDS
