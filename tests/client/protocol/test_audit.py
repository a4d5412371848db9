"""Ballots that are opened to see whether the device is honest, and are never cast."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from support.one_poll import POLL, VOTER, prepared
from veche.crypto.group import G, N
from veche.errors import AuditFailed, BallotSpent, InvalidDocument, InvalidScores, VecheError
from veche.protocol.audit import Audit


def test_audit_shows_the_vote() -> None:
    audit = prepared().audit()
    assert audit.check() == {"Which tree?": {"Lime": 0, "Oak": 1, "Maple": 0}}
    assert Audit.from_json(audit.to_json()) == audit


def test_vote_is_not_shown_by_accident() -> None:
    audit = prepared().audit()
    assert "scores" not in repr(audit)
    assert str(audit.randomness[0]) not in repr(audit)


def test_audit_file_fails_if_its_poll_has_another_hash_than_it_says() -> None:
    text = prepared().audit().to_json()
    other = text.replace(POLL.hash.hex(), "11" * 32)
    assert other != text
    with pytest.raises(InvalidDocument, match="pollHash"):
        Audit.from_json(other)


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
        {"definition": replace(POLL, closes=2_001)},
        {"definition": replace(POLL, key=G)},
    ],
)
def test_audit_fails_if_the_device_lied(change: dict[str, Any]) -> None:
    audit = replace(prepared().audit(), **change)
    with pytest.raises(AuditFailed):
        audit.check()


@pytest.mark.parametrize("scores", [(0, -1, 0), (0, 2, 0), (0, 101, 0), (0, 2**256, 0)])
def test_audit_refuses_scores_that_no_ballot_may_have(scores: tuple[int, ...]) -> None:
    audit = replace(prepared().audit(), scores=scores)
    with pytest.raises(InvalidScores):
        audit.check()


@pytest.mark.parametrize("randomness", [0, N])
def test_audit_fails_if_randomness_is_no_secret(randomness: int) -> None:
    audit = replace(prepared().audit(), randomness=(randomness, 1, 1))
    with pytest.raises(VecheError):
        audit.check()
