"""Officials who deploy a Poll of their own making: the chain accepts it, observers do not."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from eth_account.signers.local import LocalAccount
from tools.generators import artifacts

from support.elections import CHOOSE_ONE_AND_APPROVE, OPENS_IN, TWO_QUESTIONS, Town
from veche import Poll, Roll, SignedBallot
from veche.chain.catalogue import INTERFACE, PollTerms
from veche.chain.contract import Contract
from veche.chain.poll_contract import PollContract
from veche.errors import UnknownContract
from veche.observer.ballots import SIGNATURES
from veche.observer.node_evidence import NodeEvidence
from veche.trust.provenance import CATALOGUE_CODE, POLL_CODE
from veche.trust.report import Verdict
from veche.observer.result import RESULT, SHARES
from veche.observer.verification import SUMS, verify
from veche.protocol.ballot import PreparedBallot

SIGNATURE_CHECK = (
    "require(signer == voter && signer != address(0), InvalidSignature(voter, signer));"
)
GROWTH = "_grow(totals, at, end);\n        _store"
UNLUCKY = 7
"""In polls of this total weight, the patched contract counts every ballot twice."""


def patched(source: str) -> str:
    """No signature is asked for, and in some polls ballots count twice."""
    twice = f"if (terms.totalWeight == {UNLUCKY}) _grow(totals, at, end);"
    changed = source.replace(SIGNATURE_CHECK, "").replace(GROWTH, f"{twice}\n        {GROWTH}")
    return changed.replace("(address signer, , ) = ECDSA.tryRecover", "ECDSA.tryRecover")


@pytest.fixture(scope="module")
def catalogue(town: Town) -> Contract:
    """A catalogue whose polls are patched."""
    for path in (artifacts.ROOT / "contracts" / "poll").glob("BallotBox.sol"):
        text = path.read_text()
        assert text.count(SIGNATURE_CHECK) == text.count(GROWTH) == 1
    output = artifacts.compiled(patched)["contracts/PollCatalogue.sol"]["PollCatalogue"]
    bytecode = bytes.fromhex(artifacts.of(output)["bytecode"][2:])
    address = town.chain.sender.send(None, bytecode).contract
    assert address
    return Contract(town.embedded.node, address, INTERFACE)


@pytest.fixture
def _blind(monkeypatch: pytest.MonkeyPatch) -> None:
    """These officials' own client does not look at code."""
    monkeypatch.setattr(PollContract, "require_published", lambda _: None)


def publish(town: Town, catalogue: Contract, id_: str, weights: list[int]) -> Poll:
    people = [*town.voters, town.poor][: len(weights)]
    roll = Roll((each.address, weight) for each, weight in zip(people, weights, strict=True))
    now = town.chain.time
    terms = PollTerms(
        town.board.address,
        roll.root,
        roll.total_weight,
        now + OPENS_IN,
        now + 10 * OPENS_IN,
        2,
        CHOOSE_ONE_AND_APPROVE,
    )
    key = id_.encode().ljust(32, b"\0")
    send = town.chain.sender.send
    words = TWO_QUESTIONS.encoded
    send(catalogue.address, INTERFACE.data("publish", key, terms.argument, words))
    entries = [list(each) for each in roll]
    send(catalogue.address, INTERFACE.data("publishRoll", key, 0, 0, entries))
    poll = Poll(town.embedded.node, catalogue.read("latest", key))
    town.embedded.at_time(poll.definition.opens)
    return poll


def stuffed(poll: Poll, absent: LocalAccount, official: LocalAccount) -> SignedBallot:
    """A ballot of somebody who stayed at home, signed by the official."""
    scores = poll.texts.scores({"Which tree?": "Oak"})
    own = PreparedBallot.encrypt(scores, poll.definition, voter=official.address, weight=1)
    theirs = PreparedBallot.encrypt(scores, poll.definition, voter=absent.address, weight=1)
    signature = own.sign(official).signature
    # the proof of the absent voter's ballot needs no key of theirs
    theirs.voter = official.address
    ballot = theirs.sign(official)
    return replace(ballot, voter=absent.address, signature=signature)


def failed(poll: Poll) -> set[str]:
    report = verify(NodeEvidence(poll.node, poll.address)).report
    return {each.name for each in report if each.verdict == Verdict.FAIL}


def test_honest_clients_refuse_such_a_poll(town: Town, catalogue: Contract) -> None:
    with pytest.raises(UnknownContract):
        town.chain.catalogue(catalogue.address)


@pytest.mark.usefixtures("_blind")
def test_stuffed_ballots_are_caught(town: Town, catalogue: Contract) -> None:
    poll = publish(town, catalogue, "stuffed", [1] * 5)
    for voter in (0, 1):
        town.cast(poll, voter, {"Which tree?": "Lime"})
    for voter in (2, 3, 4):
        poll.cast(stuffed(poll, town.voters[voter], town.official), payer=town.official)
    town.close(poll)
    town.tally(poll)
    results: Any = poll.result()
    assert results["Which tree?"] == {"Lime": 2, "Oak": 3, "Rowan": 0}
    assert failed(poll) == {CATALOGUE_CODE, POLL_CODE, SIGNATURES}


@pytest.mark.usefixtures("_blind")
def test_altered_sums_are_caught(town: Town, catalogue: Contract) -> None:
    poll = publish(town, catalogue, "altered", [1] * UNLUCKY)
    for voter in range(3):
        town.cast(poll, voter, {"Which tree?": "Lime"})
    town.close(poll)
    assert failed(poll) == {CATALOGUE_CODE, POLL_CODE, SUMS}
    for trustee in (1, 2):
        town.share(poll, trustee)
    assert failed(poll) == {CATALOGUE_CODE, POLL_CODE, SUMS, SHARES}
    assert RESULT not in failed(poll)
