"""Nodes that differ, each spoken by a proxy in front of a real one: it is understood."""

from __future__ import annotations

import time
from email.utils import formatdate
from typing import Any

import pytest

from support import dialects
from support.elections import Town
from support.lying_nodes import LyingNode, refusing, with_error
from veche import Poll, connect
from veche.chain.catalogue import id_bytes
from veche.chain.catalogue_contract import INTERFACE
from veche.chain.node import Node
from veche.errors import (
    HistoryPruned,
    InsufficientFunds,
    NodeBusy,
    NodeForbids,
    NodeRefused,
    NodeUnreachable,
    OwnableUnauthorizedAccount,
    UnknownContract,
)
from veche.observer.node_evidence import NodeEvidence
from veche.observer.verification import verify
from veche.trust.report import Verdict

TREES = {"Which tree?": "Lime", "Which benches?": ["Wood"]}


@pytest.fixture
def pauses(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The pauses between requests, which are skipped."""
    found: list[float] = []
    monkeypatch.setattr("veche.chain.transport.sleep", found.append)
    return found


# -- How much at once --


@pytest.mark.parametrize("dialect", dialects.RANGES)
@pytest.mark.parametrize(("most", "blocks"), [(10, 60), (500, 1_200), (10_000, 11_000)])
def test_logs_are_read_in_ranges_as_large_as_the_node_allows(
    town: Town, poll: Poll, liar: LyingNode, most: int, blocks: int, dialect: str
) -> None:
    town.cast(poll, 2, TREES)
    refused: list[int] = []
    liar.twist = dialects.ranges_of(most, dialects.RANGES[dialect], refused=refused)
    seen = connect(liar.url).poll(poll.address)
    last = seen.contract.first_block + blocks
    found = [each.values["voter"] for each in seen.ballots(last=last)]
    assert found == [town.voters[2].address]
    assert len(refused) == len(set(refused)) <= 4
    learned = len(refused)
    assert len(list(seen.ballots(last=last))) == 1
    assert len(refused) == learned


def test_limit_of_logs_is_not_taken_for_one_of_blocks(
    town: Town, poll: Poll, liar: LyingNode
) -> None:
    for voter in range(3):
        town.cast(poll, voter, TREES)

    def few(asked: Any, told: Any) -> Any:
        if asked["method"] == "eth_getLogs" and len(told["result"]) > 1:
            return with_error(asked, "query returned more than 1 results", code=-32005)
        return told

    liar.twist = few
    seen = connect(liar.url).poll(poll.address)
    before = seen.node.habits.most_blocks
    assert len(list(seen.ballots())) == 3
    assert seen.node.habits.most_blocks == before


def test_reading_fails_if_the_node_refuses_the_logs_of_a_single_block(
    town: Town, poll: Poll, liar: LyingNode
) -> None:
    town.cast(poll, 2, TREES)
    seen = connect(liar.url).poll(poll.address)
    liar.twist = refusing("eth_getLogs", "internal error")
    before = seen.node.habits.most_blocks
    with pytest.raises(NodeRefused, match="internal error"):
        list(seen.ballots())
    assert seen.node.habits.most_blocks == before


@pytest.mark.parametrize("dialect", dialects.BATCHES)
@pytest.mark.parametrize("most", [0, 2])
def test_calls_are_made_together_as_many_as_the_node_allows(
    town: Town, poll: Poll, liar: LyingNode, most: int, dialect: str
) -> None:
    own = town.cast(poll, 3, {"Which tree?": "Oak"})
    seen = connect(liar.url).poll(poll.address)
    refused: list[int] = []
    liar.twist = dialects.batches_of(most, dialects.BATCHES[dialect], refused=refused)
    voters = [each.address for each in town.voters]
    wanted = [own if i == 3 else None for i in range(len(voters))]
    assert seen.trackers(voters) == wanted
    learned = len(refused)
    assert learned <= 3
    assert seen.trackers(voters) == wanted
    assert len(refused) == learned


# -- History --


@pytest.mark.parametrize("dialect", dialects.PRUNED)
def test_history_that_was_pruned_before_the_poll_is_not_missed(
    town: Town, poll: Poll, liar: LyingNode, dialect: str
) -> None:
    town.cast(poll, 2, TREES)
    liar.twist = dialects.pruned_before(poll.contract.first_block, dialect, asked_for=[])
    chain = connect(liar.url)
    chain.node.require_same()
    assert len(list(chain.poll(poll.address).ballots())) == 1


@pytest.mark.parametrize("dialect", dialects.PRUNED)
def test_reading_fails_at_once_if_history_was_pruned_that_is_needed(
    town: Town, poll: Poll, liar: LyingNode, dialect: str
) -> None:
    town.cast(poll, 2, TREES)
    asked: list[int] = []
    first = poll.contract.first_block + 1
    liar.twist = dialects.pruned_before(first, dialect, asked_for=asked)
    with pytest.raises(HistoryPruned):
        list(connect(liar.url).poll(poll.address).ballots())
    assert len(asked) == 1


# -- Blocks by their hashes --


@pytest.mark.parametrize("twist", [dialects.hashes_in_objects, dialects.hashes_alone])
def test_poll_is_verified_however_the_node_takes_hashes(
    tallied: Poll, liar: LyingNode, twist: Any
) -> None:
    refused = 0

    def counted(asked: Any, told: Any) -> Any:
        nonlocal refused
        found = twist(asked, told)
        refused += found is not told
        return found

    liar.twist = counted
    found = verify(NodeEvidence(Node(liar.url), tallied.address))
    assert found.report.verdict == Verdict.PASS
    assert refused <= 1


# -- Transactions --


def losing_the_first(words: str) -> Any:
    """Loses the answer to the first transaction, and refuses it the second time with words."""
    sent = 0

    def twist(asked: Any, told: Any) -> Any:
        nonlocal sent
        if asked["method"] != "eth_sendRawTransaction":
            return told
        sent += 1
        if sent == 1:
            raise ConnectionError
        return with_error(asked, words)

    return twist


@pytest.mark.parametrize("dialect", [*dialects.KNOWN, "words that nobody knows"])
def test_transaction_counts_whose_first_answer_was_lost(
    town: Town, poll: Poll, liar: LyingNode, pauses: list[float], dialect: str
) -> None:
    account = town.voters[1]
    signed = poll.prepare(TREES, voter=account.address).sign(account)
    seen = connect(liar.url, account=town.official).poll(poll.address)
    liar.twist = losing_the_first(dialects.KNOWN.get(dialect, dialect))
    receipt = seen.cast(signed)
    assert poll.tracker(account.address) == receipt.tracker
    assert len(pauses) == 1


def hidden(method: str, _: list[Any], told: Any) -> Any:
    """Shows no transaction."""
    return None if method == "eth_getTransactionByHash" else told


def test_sending_fails_if_the_node_refuses_a_transaction_that_it_does_not_have(
    town: Town, poll: Poll, liar: LyingNode
) -> None:
    sender = connect(liar.url, account=town.official).sender
    wanted = "words that nobody knows"

    liar.lie, liar.twist = hidden, refusing("eth_sendRawTransaction", wanted)
    with town.no_blocks(), pytest.raises(NodeRefused, match=wanted):
        sender.start(poll.address, b"", gas=100_000)
    town.embedded.node.request("evm_mine")


@pytest.mark.parametrize("dialect", dialects.POOR)
def test_account_that_cannot_pay_is_told_so(
    town: Town, poll: Poll, liar: LyingNode, dialect: str
) -> None:
    liar.twist = refusing("eth_sendRawTransaction", dialects.POOR[dialect])
    liar.lie = hidden
    sender = connect(liar.url, account=town.official).sender
    with town.no_blocks(), pytest.raises(InsufficientFunds, match=town.official.address):
        sender.start(poll.address, b"", gas=100_000)
    town.embedded.node.request("evm_mine")


def test_tip_follows_from_the_gas_price_if_the_node_names_none(liar: LyingNode) -> None:
    node = Node(liar.url)
    base = node.block()["baseFeePerGas"] or 0
    liar.twist = refusing("eth_maxPriorityFeePerGas", "the method does not exist")
    liar.lie = lambda method, _, told: hex(base + 7) if method == "eth_gasPrice" else told
    assert node.fees()["maxPriorityFeePerGas"] == 7


# -- Reverts --


@pytest.mark.parametrize("dialect", dialects.REVERTS)
@pytest.mark.usefixtures("poll")
def test_revert_is_understood(town: Town, liar: LyingNode, dialect: str) -> None:
    node, stranger = Node(liar.url), town.stranger.address
    liar.twist = dialects.reverts(dialect)
    data = INTERFACE.data("cancel", id_bytes("once"), 0)
    with pytest.raises(OwnableUnauthorizedAccount, match=stranger):
        node.call(town.catalogue.address, data, sender=stranger)
    with pytest.raises(OwnableUnauthorizedAccount, match=stranger):
        node.estimate_gas(town.catalogue.address, data, sender=stranger)


@pytest.mark.parametrize(
    "data",
    ["Reverted 0x", "Reverted 0xrubbish", {}, {"data": {}}, {"result": None}, [], 7, None],
)
def test_revert_without_data_is_no_fault_of_the_node(
    town: Town, liar: LyingNode, data: Any
) -> None:
    node = Node(liar.url)
    liar.twist = lambda asked, _: with_error(asked, "execution reverted", code=3, data=data)
    with pytest.raises(UnknownContract):
        node.call(town.catalogue.address, b"1234")


# -- Statuses --


@pytest.mark.parametrize("status", [401, 403])
def test_status_of_a_node_that_forbids_is_told(
    liar: LyingNode, pauses: list[float], status: int
) -> None:
    node = Node(liar.url)
    liar.head = lambda _: (status, {})
    with pytest.raises(NodeForbids, match=f"HTTP status {status}"):
        node.newest()
    assert not pauses


@pytest.mark.parametrize(("status", "pause"), [(429, "2"), (503, "2"), (429, "date")])
def test_busy_node_is_asked_again_when_it_says(
    liar: LyingNode, pauses: list[float], status: int, pause: str
) -> None:
    node, asked = Node(liar.url), 0

    def head(_: Any) -> tuple[int, dict[str, str]]:
        nonlocal asked
        asked += 1
        if asked > 2:
            return 200, {}
        after = formatdate(time.time() + 10, usegmt=True) if pause == "date" else pause
        return status, {"Retry-After": after}

    liar.head = head
    assert node.newest()
    assert len(pauses) == 2
    assert all(1 < each <= 10 for each in pauses)


@pytest.mark.parametrize("after", ["3600", "Fri, 31 Dec 9999 23:59:59 GMT"])
def test_busy_node_is_not_waited_for_longer_than_is_reasonable(
    liar: LyingNode, pauses: list[float], after: str
) -> None:
    node = Node(liar.url)
    liar.head = lambda _: (429, {"Retry-After": after})
    with pytest.raises(NodeBusy, match=r"HTTP status 429.*asks to wait [0-9]+ seconds"):
        node.newest()
    assert not pauses


@pytest.mark.parametrize("after", ["", "soon", "-7", "9" * 99, "Fri, 99 Foo"])
def test_pause_that_is_none_is_ignored(liar: LyingNode, pauses: list[float], after: str) -> None:
    node = Node(liar.url)
    liar.head = lambda _: (429, {"Retry-After": after})
    with pytest.raises(NodeBusy, match="429"):
        node.newest()
    assert len(pauses) == 4


@pytest.mark.parametrize("status", [404, 500, 502])
def test_any_other_status_is_told(liar: LyingNode, pauses: list[float], status: int) -> None:
    node = Node(liar.url)
    liar.head = lambda _: (status, {})
    with pytest.raises(NodeUnreachable, match=f"HTTP status {status}"):
        node.newest()
    assert len(pauses) == 4


@pytest.mark.parametrize("status", [400, 413, 500])
def test_refusal_is_understood_whatever_its_status(
    town: Town, poll: Poll, liar: LyingNode, status: int
) -> None:
    town.cast(poll, 2, TREES)
    refused: list[int] = []
    said = dialects.RANGES["QuickNode"]
    liar.twist = dialects.ranges_of(10, said, refused=refused)
    seen = connect(liar.url).poll(poll.address)

    def head(asked: Any) -> tuple[int, dict[str, str]]:
        is_refused = asked["method"] == "eth_getLogs" and len(refused) > known[0]
        known[0] = len(refused)
        return (status if is_refused else 200), {}

    known = [0]
    liar.head = head
    assert len(list(seen.ballots(last=seen.contract.first_block + 60))) == 1
    assert len(refused) == 1
