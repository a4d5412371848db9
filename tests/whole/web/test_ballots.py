"""Ballots of the page are accepted by Python and by the contracts, and those of Python by it."""

from __future__ import annotations

from typing import Any

import pytest
from eth_account.signers.local import LocalAccount

from support.elections import Town
from support.third_implementation import tell, told
from veche import Poll
from veche.crypto import ballot_proof
from veche.protocol import plain, trackers
from veche.protocol.audit import Audit
from veche.protocol.ballot import PreparedBallot, SignedBallot

SCORES = [0, 1, 0, 1, 1, 0]
"""Oak; wood and granite."""


@pytest.fixture(scope="module")
def poll(town: Town) -> Poll:
    return town.open_poll("by the page", weights={2: 3}, closes_in=500)


def of(poll: Poll, account: LocalAccount, weight: int = 1, replaces: bytes | None = None) -> Any:
    """The fields of a task to prepare a ballot."""
    return {
        "poll": poll.definition.to_plain(),
        "key": hex(int.from_bytes(account.key, "big")),
        "voter": account.address,
        "weight": weight,
        "replaces": plain.data(trackers.word(replaces)),
        "deadline": poll.definition.closes,
        "scores": SCORES,
    }


def test_contracts_count_its_ballots_and_observers_agree(town: Town, poll: Poll) -> None:
    """One of them weighs three, another replaces a ballot that Python has made."""
    first = town.cast(poll, 1, {"Which tree?": "Lime"})
    tasks = [
        of(poll, town.voters[0]),
        of(poll, town.voters[1], replaces=first),
        of(poll, town.voters[2], weight=3),
    ]
    for each in told(*({"task": "cast", **task} for task in tasks)):
        signed = SignedBallot.from_json(each["done"])
        tracker = signed.tracker(poll.hash)
        signed.require_signed(poll.hash)
        definition = poll.definition
        ballot_proof.verify(
            signed.ballot, questions=definition.questions, key=definition.key, tracker=tracker
        )
        poll.cast(signed)
        assert poll.tracker(signed.voter) == tracker
    town.close(poll)
    town.tally(poll)
    result = poll.result()
    assert result is not None
    assert [score for each in result.values() for score in each.values()] == [0, 5, 0, 5, 5, 0]
    found = tell("verifyNodes", urls=[town.url], poll=poll.address, expect=plain.data(poll.hash))
    assert found["verdict"] == "pass", found["checks"]
    assert found["result"] == [[0, 5, 0], [5, 5, 0]]


def test_it_accepts_a_ballot_of_python_and_refuses_it_once_bent(town: Town, poll: Poll) -> None:
    account = town.voters[3]
    prepared = PreparedBallot.encrypt(SCORES, poll.definition, voter=account.address, weight=1)
    text = prepared.sign(account).to_json()
    definition = poll.definition.to_plain()
    later = text.replace(f'"deadline": {poll.definition.closes}', '"deadline": 1')
    assert later != text
    good, bent = told(
        {"task": "checkBallot", "poll": definition, "ballot": text},
        {"task": "checkBallot", "poll": definition, "ballot": later},
    )
    assert good == {"done": "accepted"}
    assert bent["error"] == "InvalidSignature"


def test_audits_are_checked_by_each_other(town: Town, poll: Poll) -> None:
    account = town.voters[4]
    expected = {
        "Which tree?": {"Lime": 0, "Oak": 1, "Rowan": 0},
        "Which benches?": dict(zip(poll.texts.questions[1].options, (1, 1, 0), strict=True)),
    }
    task = of(poll, account)
    assert Audit.from_json(tell("audit", **task)).check() == expected
    own = PreparedBallot.encrypt(SCORES, poll.definition, voter=account.address, weight=1).audit()
    found = tell("checkAudit", audit=own.to_json())
    assert {question: dict(options) for question, options in found} == expected
    lied = own.to_json().replace('"scores": [\n  0', '"scores": [\n  1', 1)
    (refused,) = told({"task": "checkAudit", "audit": lied})
    assert refused["error"] in {"AuditFailed", "InvalidScores"}
