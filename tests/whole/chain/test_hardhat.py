"""A whole poll on Hardhat's own node, which differs from anvil in many answers."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from support.commands import Shell
from support.elections import Town, trustee
from support.hardhat import hardhat_chain
from veche.chain.node import Node
from veche.chain.transactions import Sender
from veche.errors import InsufficientFunds, OwnableUnauthorizedAccount, WrongPhase
from veche.observer.node_evidence import NodeEvidence
from veche.observer.verification import verify
from veche.trust.report import Verdict

LIME = {"Which tree?": "Lime", "Which benches?": ["Wood"]}
OAK = {"Which tree?": "Oak"}


@pytest.fixture(scope="module")
def town() -> Iterator[Town]:
    with hardhat_chain() as chain:
        yield Town(chain, voters=4)


def test_whole_poll_is_held_on_hardhats_node(town: Town, tmp_path: Path) -> None:
    poll = town.open_poll("whole")
    for voter in range(3):
        town.cast(poll, voter, LIME)
    town.cast(poll, 1, OAK)
    batch = [poll.prepare(OAK, voter=town.voters[3].address).sign(town.voters[3])]
    poll.cast_batch(batch, payer=town.official)
    assert poll.trackers([each.address for each in town.voters])[3]
    with pytest.raises(WrongPhase):
        poll.publish_result(payer=town.official)
    town.close(poll)
    for index in (1, 3):
        trustee(town, index, tmp_path).decrypt(poll, town.catalogue)
    poll.publish_result(payer=town.official)
    result = poll.result()
    assert result
    assert result["Which tree?"] == {"Lime": 2, "Oak": 2, "Rowan": 0}
    found = verify(NodeEvidence(Node(town.url), poll.address), expect=poll.hash)
    assert found.report.verdict == Verdict.PASS, found.report.to_plain()
    shell = Shell(tmp_path, {"VECHE_RPC": town.url})
    assert shell.veche("verify", poll.address, "--json").json["verdict"] == "pass"


def test_revert_on_hardhats_node_is_understood(town: Town) -> None:
    poll = town.publish("cancelled")
    with pytest.raises(OwnableUnauthorizedAccount):
        town.catalogue.cancel("cancelled", 0, sender_of(town, "stranger"))
    town.catalogue.cancel("cancelled", 0, town.chain.sender)
    assert str(poll.phase) == "cancelled"


def test_account_that_cannot_pay_on_hardhats_node_is_told_so(town: Town) -> None:
    town.embedded.node.request("hardhat_setNextBlockBaseFeePerGas", hex(10**9))
    with pytest.raises(InsufficientFunds):
        sender_of(town, "poor").start(town.official.address, b"", gas=21_000)


def test_transaction_that_hardhats_node_has_already_is_under_way(town: Town) -> None:
    node, sender = town.embedded.node, town.chain.sender
    off, on = False, True
    node.request("evm_setAutomine", off)
    try:
        pending = sender.start(town.official.address, b"", gas=21_000)
        pending.hand_over()
        assert node.knows(pending.transaction)
    finally:
        node.request("evm_setAutomine", on)
        node.request("evm_mine")
    assert pending.wait().transaction == pending.transaction


def sender_of(town: Town, name: str) -> Sender:
    """Sends transactions of somebody in the town."""
    return Sender(town.embedded.node, getattr(town, name))
