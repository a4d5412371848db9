"""Transactions on their way into blocks: waited for, sent again, not taken for failed too early."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from time import monotonic, sleep
from typing import Any

import pytest

from support.dialects import SHOWN
from support.elections import Town
from support.lying_nodes import Lie, LyingNode, too_busy
from veche import Carrier, Poll, connect
from veche.chain import casting, node
from veche.chain.block_watch import PATIENCE
from veche.chain.fees import FeeCap
from veche.chain.node import Node
from veche.chain.pending import PASSED_OVER
from veche.chain.transactions import Sender
from veche.errors import (
    TooExpensive,
    TransactionFailed,
    TransactionPending,
)
from veche.errors.amounts import GWEI

TREES = {"Which tree?": "Lime", "Which benches?": ["Wood"]}


def test_several_transactions_are_under_way_at_once(
    town: Town, poll: Poll, monkeypatch: pytest.MonkeyPatch
) -> None:
    node, sender = town.embedded.node, Sender(town.embedded.node, town.official)
    accounts = town.voters[:3]
    signed = [poll.prepare(TREES, voter=each.address).sign(each) for each in accounts]
    nonce = node.next_nonce(sender.address)
    with town.no_blocks():
        pending = []
        for number, each in enumerate(signed, start=nonce):
            data = casting.batch(poll, [(each.voter, casting.Carriage.of(poll, each).row)])
            gas = casting.gas(poll.definition, [each])
            pending.append(sender.start(poll.address, data, gas=gas, nonce=number))
        assert [each.look() for each in pending] == [None] * 3
        monkeypatch.setattr("veche.chain.pending.sleep", lambda _: node.request("evm_mine"))
        sender.wait_for_earlier()
        assert {each.wait().block for each in pending} == {int(node.block()["number"])}
    assert poll.voter_count == 3


def test_account_that_is_put_in_place_of_another_pays(town: Town) -> None:
    chain = connect(town.url, account=town.official)
    assert chain.sender.address == town.official.address
    chain.account = town.voters[0]
    assert chain.sender.address == chain.pinned().sender.address == town.voters[0].address


def test_transaction_counts_once_it_has_enough_confirmations(town: Town, poll: Poll) -> None:
    sender = Sender(town.embedded.node, town.official, confirmations=3)
    account = town.voters[0]
    signed = poll.prepare(TREES, voter=account.address).sign(account)
    data = casting.batch(poll, [(signed.voter, casting.Carriage.of(poll, signed).row)])
    pending = sender.start(poll.address, data, gas=casting.MAX_GAS)
    seen = []
    for _ in range(3):
        seen.append(pending.look())
        town.embedded.node.request("evm_mine")
    assert seen[:2] == [None, None]
    assert seen[2]
    assert pending.block == seen[2].block


def test_waiting_fails_if_no_block_holds_the_transaction(
    town: Town, poll: Poll, liar: LyingNode, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("veche.chain.block_watch.PATIENCE", 0.1)
    sender = Sender(town.embedded.node, town.official)
    with town.no_blocks():
        pending = sender.start(poll.address, b"", gas=100_000)
        with pytest.raises(TransactionPending, match=pending.transaction.hex()):
            pending.wait()
        with pytest.raises(TransactionPending, match=pending.transaction.hex()):
            sender.wait_for_earlier()
        liar.twist = SHOWN["not at all"](town.embedded.node)
        hidden = Sender(Node(liar.url), town.official)
        with pytest.raises(TransactionPending, match="no block holds the last 1 transactions"):
            hidden.wait_for_earlier()


def test_transaction_in_a_block_is_waited_for_as_long_as_blocks_come(
    town: Town, poll: Poll, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A block comes whenever there is hardly any patience left."""
    sender = Sender(town.embedded.node, town.official, confirmations=6)
    begun = time = monotonic()

    def wait(_: float) -> None:
        nonlocal time
        time += 0.9 * PATIENCE
        town.embedded.node.request("evm_mine")

    pending = sender.start(poll.address, b"", gas=100_000)
    while not pending.block:
        assert pending.look() is None
    monkeypatch.setattr("veche.chain.pending.monotonic", lambda: time)
    monkeypatch.setattr("veche.chain.pending.sleep", wait)
    with pytest.raises(TransactionFailed, match="a block holds it"):
        pending.wait()
    assert time > begun + 4 * PATIENCE


def test_state_is_read_in_blocks_whose_state_every_node_keeps(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("veche.chain.block_watch.KEPT", 4)
    sender = Sender(town.embedded.node, town.official, confirmations=3)
    newest = int(town.embedded.node.block()["number"])
    assert sender.confirmed_block() == newest - 2
    assert replace(sender, confirmations=9).confirmed_block() == newest - 3
    assert replace(sender, confirmations=1).confirmed_block() == "latest"
    assert sender.is_confirmed(newest - 2)
    assert not sender.is_confirmed(newest - 1)


def test_waiting_fails_if_no_more_blocks_come(
    town: Town, poll: Poll, monkeypatch: pytest.MonkeyPatch
) -> None:
    sender = Sender(town.embedded.node, town.official, confirmations=3)
    pending = sender.start(poll.address, b"", gas=100_000)
    while not pending.block:
        assert pending.look() is None
    monkeypatch.setattr("veche.chain.block_watch.PATIENCE", 0.5)
    with pytest.raises(TransactionPending, match="a block holds it, but no other came"):
        pending.wait()
    with pytest.raises(TransactionPending, match="no new block"):
        sender.wait_for_earlier()
    for _ in range(2):
        town.embedded.node.request("evm_mine")
    sender.wait_for_earlier()


@pytest.mark.parametrize("fault", ["nothing", "no receipt", "an error"])
def test_transaction_is_found_later_if_its_receipt_is_not_shown_at_once(
    town: Town, poll: Poll, liar: LyingNode, monkeypatch: pytest.MonkeyPatch, fault: str
) -> None:
    monkeypatch.setattr("veche.chain.pending.RESEND_EVERY", 0)
    sender = Sender(node.Node(liar.url, retries=1), town.official)
    account = town.voters[0]
    signed = poll.prepare(TREES, voter=account.address).sign(account)
    data = casting.batch(poll, [(signed.voter, casting.Carriage.of(poll, signed).row)])
    pending = sender.start(poll.address, data, gas=casting.gas(poll.definition, [signed]))
    while not town.embedded.node.receipt(pending.transaction):
        sleep(0.01)
    is_hidden = True

    def hide(asked: Any, told: Any) -> Any:
        if not is_hidden or asked["method"] != "eth_getTransactionReceipt":
            return told
        if fault == "nothing":
            raise ConnectionError
        return told | {"result": None} if fault == "no receipt" else too_busy(asked)

    liar.twist = hide
    for _ in range(1 if fault == "no receipt" else 3):
        assert pending.look() is None
    is_hidden = False
    receipt = pending.look()
    assert receipt
    assert receipt.transaction == pending.transaction


def test_transaction_is_pending_while_the_node_refuses_to_look(
    town: Town, poll: Poll, liar: LyingNode, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("veche.chain.block_watch.PATIENCE", 0.5)
    sender = Sender(node.Node(liar.url, retries=1), town.official)
    pending = sender.start(poll.address, b"", gas=100_000)
    liar.twist = lambda asked, _: too_busy(asked)
    with pytest.raises(TransactionPending, match="not confirmed within"):
        pending.wait()


def test_transaction_that_blocks_pass_over_is_sent_again_at_a_higher_price(
    town: Town, poll: Poll, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("veche.chain.pending.RESEND_EVERY", 0.1)
    node, account = town.embedded.node, town.voters[0]
    sender = Sender(node, town.official)
    signed = poll.prepare(TREES, voter=account.address).sign(account)
    data = casting.batch(poll, [(signed.voter, casting.Carriage.of(poll, signed).row)])
    with town.no_blocks():
        pending = sender.start(poll.address, data, gas=casting.gas(poll.definition, [signed]))
        first = pending.transaction
        while pending.transaction == first:
            node.request("anvil_setNextBlockBaseFeePerGas", hex(10**11))
            node.request("evm_mine")
            sleep(0.1)
            assert pending.look() is None
        node.request("evm_mine")
    receipt = pending.wait()
    assert receipt.transaction == pending.transaction
    assert node.receipt(first) is None
    assert poll.voter_count == 1


def test_price_is_not_raised_above_what_is_allowed(
    town: Town, poll: Poll, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("veche.chain.pending.RESEND_EVERY", 0)
    node, gas = town.embedded.node, 100_000
    fee_cap = FeeCap(cost=gas * node.fees()["maxFeePerGas"])
    sender = Sender(node, town.official, fee_cap=fee_cap)
    with town.no_blocks():
        pending = sender.start(poll.address, b"", gas=gas)
        first = pending.transaction
        for _ in range(2 * PASSED_OVER):
            node.request("anvil_setNextBlockBaseFeePerGas", hex(10**12))
            node.request("evm_mine")
            assert pending.look() is None
        assert pending.transaction == first
        monkeypatch.setattr("veche.chain.block_watch.PATIENCE", 0)
        with pytest.raises(TransactionPending, match="its price was not raised: the transaction"):
            pending.look()
        node.request("anvil_setNextBlockBaseFeePerGas", hex(1))
        node.request("evm_mine")


# -- A node that asks for too much --


def greedy(method: str, _: list[Any], told: Any) -> Any:
    """Asks for a tip of 300,000 gwei."""
    return hex(300_000 * GWEI) if method == "eth_maxPriorityFeePerGas" else told


def legacy(method: str, _: list[Any], told: Any) -> Any:
    """Shows blocks without a base fee, and asks for 300,000 gwei."""
    if method == "eth_getBlockByNumber":
        return {name: value for name, value in told.items() if name != "baseFeePerGas"}
    return hex(300_000 * GWEI) if method == "eth_gasPrice" else told


@pytest.mark.parametrize("lie", [greedy, legacy])
def test_node_that_asks_for_too_much_is_paid_nothing(
    town: Town, poll: Poll, liar: LyingNode, lie: Lie
) -> None:
    """By a voter, a trustee, a carrier, officials, and where the node signs itself."""
    liar.lie = lie
    voter, cast = town.voters[0], poll.prepare(TREES, voter=town.voters[0].address)
    own = connect(liar.url, account=voter)
    seen = own.poll(poll.address)
    signed = cast.sign(voter)
    work: list[Callable[[], object]] = [
        lambda: seen.cast(signed),
        lambda: seen.cast_batch([signed]),
        lambda: list(Carrier(own).carry([("a", signed.to_json())])),
        lambda: connect(liar.url, account=town.official).convene(town.catalogue, terms),
        lambda: Sender(node.Node(liar.url), voter.address).start(poll.address, b"", gas=10**6),
    ]
    terms = town.board.definition.terms
    now = town.chain.time
    terms = replace(terms, deal_by=now + 1_000, confirm_by=now + 2_000)
    balances = [town.embedded.node.balance(each.address) for each in (voter, town.official)]
    for each in work:
        with pytest.raises(TooExpensive, match="300,0"):
            each()
    assert poll.tracker(voter.address) is None
    assert balances == [town.embedded.node.balance(each.address) for each in (voter, town.official)]


def test_as_much_is_paid_as_is_allowed(town: Town, poll: Poll, liar: LyingNode) -> None:
    asked, voter = 5 * GWEI, town.voters[0]
    liar.lie = lambda method, _, told: hex(asked) if "PriorityFee" in method else told
    signed = poll.prepare(TREES, voter=voter.address).sign(voter)
    for tip in (asked - 1, asked):
        seen = connect(liar.url, account=voter, fee_cap=FeeCap(tip=tip)).poll(poll.address)
        if tip < asked:
            with pytest.raises(TooExpensive, match=r"at most 4\.999999 gwei is allowed"):
                seen.cast(signed)
        else:
            assert seen.cast(signed).tracker == poll.tracker(voter.address)


def test_transaction_is_noted_at_each_price(
    town: Town, poll: Poll, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("veche.chain.pending.RESEND_EVERY", 0)
    node, sender = town.embedded.node, Sender(town.embedded.node, town.official)
    noted: list[bytes] = []
    with town.no_blocks():
        pending = sender.start(poll.address, b"", gas=100_000, on_sent=noted.append)
        first = pending.transaction
        while pending.transaction == first:
            node.request("anvil_setNextBlockBaseFeePerGas", hex(10**11))
            node.request("evm_mine")
            assert pending.look() is None
        assert noted == [first, pending.transaction]
        node.request("anvil_setNextBlockBaseFeePerGas", hex(1))
        node.request("evm_mine")


def test_waiting_fails_if_another_transaction_took_the_number(
    town: Town, poll: Poll, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A node that has just come back may give a number that was used already."""
    monkeypatch.setattr("veche.chain.pending.RESEND_EVERY", 0)
    node, sender = town.embedded.node, Sender(town.embedded.node, town.official, confirmations=3)
    with town.no_blocks():
        pending = sender.start(poll.address, b"", gas=100_000)
        prices = {name: 2 * price for name, price in (pending.fields or {}).items() if "ee" in name}
        transaction, raw = sender.signed((pending.fields or {}) | prices)
        node.send_raw(raw)
        for _ in range(2):
            node.request("evm_mine")
            assert pending.look() is None
        node.request("evm_mine")
        with pytest.raises(TransactionFailed, match="is another one: send it again") as raised:
            pending.wait()
    assert raised.value.transaction == pending.transaction
    assert node.receipt(transaction)
    assert node.receipt(pending.transaction) is None
