"""Officials who deploy a Poll of their own making: the chain accepts it, clients do not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from eth_account.signers.local import LocalAccount
from tools.generators import artifacts

from support.elections import BEGINS, CHOOSE_ONE_AND_APPROVE, OPENS_IN, TWO_QUESTIONS, Town
from veche import Catalogue, Poll, Roll, SignedBallot
from veche.chain.catalogue import PollTerms
from veche.chain.creation import DEPLOYER, CatalogueCreation, Part, create
from veche.chain.embedded import embedded_chain
from veche.chain.poll_contract import PollContract
from veche.chain.poll_reader import PollReader
from veche.errors import ChecksFailed, UnknownContract
from veche.observer.ballots import SIGNATURES
from veche.observer.node_evidence import NodeEvidence
from veche.observer.result import RESULT, SHARES
from veche.observer.verification import SUMS, verify
from veche.protocol.ballot import PreparedBallot
from veche.trust.provenance import (
    BEWARE,
    NO_SALT,
    POLL_CODE,
    catalogue_creation,
    create2,
)
from veche.trust.report import Verdict

SIGNATURE_CHECK = (
    "require(signer == voter && signer != address(0), InvalidSignature(voter, signer));"
)
STORE = "_store(sums_, status);"
UNLUCKY = 7
"""In polls of this total weight, the patched contract counts all earlier ballots once more."""


def patched(source: str) -> str:
    """No signature is asked for, and in some polls earlier ballots count once more."""
    if SIGNATURE_CHECK not in source:
        return source
    again = "Secp256k1.addEach(sums_, Words.start(_words(shape.choices)));"
    again = f"if (terms.totalWeight == {UNLUCKY}) {again}"
    changed = source.replace(SIGNATURE_CHECK, "").replace(STORE, f"{again}\n        {STORE}")
    return changed.replace("(address signer, , ) = ECDSA.tryRecover", "ECDSA.tryRecover")


class PatchedTown(Town):
    """A town whose officials have patched the code of polls, and nothing else."""

    def create_catalogue(self) -> Catalogue:
        output = artifacts.compiled(patched)["contracts/Poll.sol"]["Poll"]
        code = bytes.fromhex(artifacts.of(output)["bytecode"][2:])
        honest = CatalogueCreation(DEPLOYER, self.official.address)
        polls = Part("Poll", create2(DEPLOYER, NO_SALT, code), NO_SALT, code)
        creation = catalogue_creation(
            NO_SALT,
            first_owner=self.official.address,
            poll_code=polls.address,
            board_code=honest.parts[1].address,
        )
        own = Part("catalogue", create2(DEPLOYER, NO_SALT, creation), NO_SALT, creation)
        for part in (polls, honest.parts[1], own):
            create(self.chain.sender, DEPLOYER, part)
        return self.chain.catalogue(own.address)


@pytest.fixture(scope="module")
def town() -> Iterator[Town]:
    for path in (artifacts.ROOT / "contracts" / "poll").glob("BallotBox.sol"):
        text = path.read_text()
        assert text.count(SIGNATURE_CHECK) == text.count(STORE) == 1
    with embedded_chain(begins=BEGINS) as embedded:
        yield PatchedTown(embedded, voters=12)


@pytest.fixture
def _blind(monkeypatch: pytest.MonkeyPatch) -> None:
    """These officials' own client does not look at code."""
    monkeypatch.setattr(PollContract, "require_published", lambda _: None)
    monkeypatch.setattr(PollReader, "require_foundation", lambda _: None)


def publish(town: Town, id_: str, weights: list[int]) -> Poll:
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
    sender = town.chain.sender
    address = town.catalogue.publish(id_, terms, TWO_QUESTIONS.encoded, sender)
    town.catalogue.publish_roll(id_, 0, 0, list(roll), sender)
    poll = Poll(town.embedded.node, address)
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


def test_honest_clients_refuse_such_a_poll(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as blind:
        blind.setattr(PollContract, "require_published", lambda _: None)
        poll = publish(town, "refused", [1] * 5)
        with pytest.raises(ChecksFailed, match=POLL_CODE) as caught:
            poll.prepare({"Which tree?": "Lime"}, voter=town.voters[0].address)
    assert "the published Poll" in str(caught.value)
    assert BEWARE in str(caught.value)
    with pytest.raises(UnknownContract):
        town.chain.poll(poll.address)


@pytest.mark.usefixtures("_blind")
def test_stuffed_ballots_are_caught(town: Town) -> None:
    poll = publish(town, "stuffed", [1] * 5)
    for voter in (0, 1):
        town.cast(poll, voter, {"Which tree?": "Lime"})
    for voter in (2, 3, 4):
        poll.cast(stuffed(poll, town.voters[voter], town.official), payer=town.official)
    town.close(poll)
    town.tally(poll)
    results: Any = poll.result()
    assert results["Which tree?"] == {"Lime": 2, "Oak": 3, "Rowan": 0}
    assert failed(poll) == {POLL_CODE, SIGNATURES}


@pytest.mark.usefixtures("_blind")
def test_altered_sums_are_caught(town: Town) -> None:
    poll = publish(town, "altered", [1] * UNLUCKY)
    for voter in range(3):
        town.cast(poll, voter, {"Which tree?": "Lime"})
    town.close(poll)
    assert failed(poll) == {POLL_CODE, SUMS}
    for trustee in (1, 2):
        town.share(poll, trustee)
    assert failed(poll) == {POLL_CODE, SUMS, SHARES}
    assert RESULT not in failed(poll)
