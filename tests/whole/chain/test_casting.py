"""Ballots on their way to a poll: paid for, carried, never cast twice."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from threading import Timer
from time import sleep
from typing import Any

import pytest

from support.elections import Town
from support.lying_nodes import LyingNode, Twist, lying_node
from veche import Poll, connect
from veche.chain import casting, node, transactions
from veche.chain.transactions import Sender
from veche.crypto.questions import Questions
from veche.errors import (
    InsufficientFunds,
    InvalidScores,
    NoAccount,
    NodeRefused,
    NodeUnreachable,
    NotOnRoll,
    TransactionFailed,
    TransactionPending,
    WrongPoll,
    WrongTracker,
)
from veche.protocol.content import Content, QuestionTexts
from veche.rehearsal import random_votes

TREES = {"Which tree?": "Lime", "Which benches?": ["Wood"]}

SHAPES = {
    "choose 1 of 5": (5, 1, 1, 1),
    "approve of 60": (60, 1, 0, 60),
    "score 16 from 0 to 100": (16, 100, 0, 1600),
    "approve of one": (1, 1, 0, 1),
    "give 8 of 7 points": (8, 7, 7, 7),
}


def words(questions: Questions) -> Content:
    """Some words for one question."""
    options = tuple(f"option {i}" for i in range(questions.choices))
    return Content("Any poll", "", (QuestionTexts("Which?", options),))


@pytest.mark.parametrize("shape", SHAPES)
def test_gas_that_is_offered_is_enough(town: Town, shape: str) -> None:
    """For the largest and the smallest ballots: first, weighted, replacing, in batches."""
    questions = Questions.of(SHAPES[shape])
    content = words(questions)
    poll = town.open_poll(shape[:31], content, questions, weights={1: 7, 2: 7})
    node = town.embedded.node
    for voter in (0, 1, 1, 0, 2):
        account = town.voters[voter]
        scores = content.by_text(random_votes(questions, 1)[0])
        signed = poll.prepare(scores, voter=account.address).sign(account)
        receipt = node.receipt(poll.cast(signed).transaction)
        assert receipt is not None
        assert receipt["gasUsed"] <= casting.gas(poll.definition, [signed])


def test_batch_that_fits_is_paid_for(town: Town) -> None:
    poll = town.open_poll("batch that fits")
    signed = [
        poll.prepare(TREES, voter=each.address).sign(each) for each in [*town.voters, town.poor]
    ]
    assert casting.fits(poll.definition, signed)
    outcomes = poll.cast_batch(signed, payer=town.official)
    assert not [each for each in outcomes if isinstance(each, Exception)]
    assert poll.voter_count == len(signed)


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("weight", [1, 7])
def test_batch_that_fits_is_small_enough_to_be_passed_on(
    town: Town, shape: str, weight: int
) -> None:
    """Nodes take no transaction of more than 128 KiB from each other."""
    questions = Questions.of(SHAPES[shape])
    content = words(questions)
    poll = town.open_poll(f"{shape[:28]}-{weight}", content, questions, weights={0: weight})
    account = town.voters[0]
    scores = content.by_text(random_votes(questions, 1)[0])
    first = poll.prepare(scores, voter=account.address).sign(account)
    poll.cast(first)
    second = poll.prepare(scores, voter=account.address).sign(account)
    row = casting.Carriage.of(poll, second).row
    most = next(
        count for count in range(1, 1000) if not casting.fits(poll.definition, [second] * count)
    )
    for count in range(1, most):
        data = casting.batch(poll, [(account.address, row)] * count)
        assert len(data) <= casting._size(poll.definition, [second] * count)
    assert len(data) < 128 * 1024 - 512


# -- Never twice --


@pytest.fixture
def poll(town: Town) -> Poll:
    return town.open_poll("once")


@pytest.fixture
def flaky(town: Town) -> Iterator[LyingNode]:
    with lying_node(town.url) as node:
        yield node


def test_ballot_is_found_rather_than_cast_again(town: Town, poll: Poll) -> None:
    account = town.voters[0]
    signed = poll.prepare(TREES, voter=account.address).sign(account)
    first = poll.cast(signed)
    before = town.embedded.node.next_nonce(account.address)
    assert poll.cast(signed) == first
    assert town.embedded.node.next_nonce(account.address) == before


def test_batch_leaves_out_what_is_on_chain(town: Town, poll: Poll) -> None:
    accounts = town.voters[:3]
    signed = [poll.prepare(TREES, voter=each.address).sign(each) for each in accounts]
    first = poll.cast(signed[1])
    outcomes = poll.cast_batch(signed, payer=town.official)
    assert outcomes[1] == first
    assert poll.voter_count == 3
    sent = town.embedded.node.next_nonce(town.official.address)
    assert poll.cast_batch(signed, payer=town.official) == outcomes
    assert town.embedded.node.next_nonce(town.official.address) == sent


def test_trackers_of_many_voters_are_read_together(
    town: Town, poll: Poll, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(node, "CALL_PAGE", 5)
    cast = {3: town.cast(poll, 3, {"Which tree?": "Oak"})}
    voters = [each.address for each in town.voters]
    assert poll.trackers(voters) == [cast.get(i, bytes(32)) for i in range(len(voters))]
    assert poll.trackers([]) == []


def test_ballot_that_gets_in_by_somebody_else_meanwhile_is_found(
    town: Town, poll: Poll, flaky: LyingNode
) -> None:
    account, node = town.voters[0], town.embedded.node
    signed = poll.prepare(TREES, voter=account.address).sign(account)
    data = casting.batch(poll, [(signed.voter, casting.Carriage.of(poll, signed).row)])

    def mine(method: str, _: list[object], told: object) -> object:
        if method == "eth_sendRawTransaction":
            node.request("evm_mine")
        return told

    flaky.lie = mine
    before = node.next_nonce(town.official.address)
    with town.no_blocks():
        other = Sender(node, town.stranger).start(poll.address, data, gas=casting.MAX_GAS // 2)
        receipt = connect(flaky.url, account=town.official).poll(poll.address).cast(signed)
    assert receipt.transaction == other.transaction
    assert node.next_nonce(town.official.address) == before + 1
    assert len([*poll.ballots()]) == 1


def test_ballot_is_found_once_enough_blocks_are_on_top(
    town: Town, poll: Poll, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transactions, "PATIENCE", 0.5)
    account = town.voters[0]
    signed = poll.prepare(TREES, voter=account.address).sign(account)
    first = poll.cast(signed)
    patient = connect(town.url, confirmations=3).poll(poll.address)
    for _ in range(2):
        with pytest.raises(TransactionPending, match="no new block"):
            patient.cast(signed)
        with pytest.raises(TransactionPending, match="no new block"):
            patient.cast_batch([signed], payer=town.official)
        town.embedded.node.request("evm_mine")
    assert patient.cast(signed) == first
    assert patient.cast_batch([signed], payer=town.official) == [first]


def test_ballot_that_the_log_lacks_is_told_of(town: Town, poll: Poll, flaky: LyingNode) -> None:
    account = town.voters[0]
    signed = poll.prepare(TREES, voter=account.address).sign(account)
    poll.cast(signed)
    flaky.lie = lambda method, _, told: [] if method == "eth_getLogs" else told
    pruned = connect(flaky.url).poll(poll.address)
    pruned.use_roll(poll.roll)
    with pytest.raises(NodeRefused, match="lacks the ballot"):
        pruned.cast(signed)


def refused(request: Any) -> dict[str, Any]:
    """What a node answers that has too much to do."""
    error = {"code": -32005, "message": "too many requests"}
    return {"jsonrpc": "2.0", "id": request.get("id"), "error": error}


PARTIAL = "does not answer all"
NO_ANSWER = "nothing that was asked for"

HALF_ANSWERS: dict[str, tuple[Twist, str]] = {
    "one error": (lambda asked, _: refused(asked[0]), "too many requests"),
    "an error among results": (lambda asked, told: [refused(asked[0]), *told[1:]], "too many"),
    "one too few": (lambda _, told: told[1:], PARTIAL),
    "one too many": (lambda _, told: [*told, told[0]], PARTIAL),
    "one twice": (lambda _, told: [told[0], *told[:-1]], PARTIAL),
    "one that is nothing": (lambda _, told: [None, *told[1:]], PARTIAL),
    "without numbers": (lambda _, told: [each | {"id": None} for each in told], PARTIAL),
    "with numbers that are none": (
        lambda _, told: [each | {"id": [each["id"]]} for each in told],
        PARTIAL,
    ),
    "without results": (lambda _, told: [{"id": each["id"]} for each in told], NO_ANSWER),
    "nothing": (lambda *_: None, NO_ANSWER),
    "a word": (lambda *_: "busy", NO_ANSWER),
}


@pytest.mark.parametrize("half", HALF_ANSWERS)
def test_node_that_does_not_answer_all_that_is_asked_together_is_told(
    town: Town, poll: Poll, flaky: LyingNode, half: str
) -> None:
    twist, said = HALF_ANSWERS[half]
    seen = connect(flaky.url).poll(poll.address)
    flaky.twist = lambda asked, told: twist(asked, told) if isinstance(asked, list) else told
    with pytest.raises(NodeRefused, match=said):
        seen.trackers([each.address for each in town.voters])


def test_answers_are_matched_to_what_was_asked_together(
    town: Town, poll: Poll, flaky: LyingNode
) -> None:
    own = town.cast(poll, 3, {"Which tree?": "Oak"})
    seen = connect(flaky.url).poll(poll.address)
    flaky.twist = lambda asked, told: told[::-1] if isinstance(asked, list) else told
    voters = [each.address for each in town.voters]
    assert seen.trackers(voters) == [own if i == 3 else bytes(32) for i in range(len(voters))]


def test_trackers_before_there_was_the_poll_are_zeros(town: Town, poll: Poll) -> None:
    town.cast(poll, 3, {"Which tree?": "Oak"})
    before = poll.contract.published_in - 1
    assert poll.trackers([town.voters[3].address], block=before) == [bytes(32)]


def test_ballot_that_somebody_else_was_faster_with_is_found(
    town: Town, poll: Poll, monkeypatch: pytest.MonkeyPatch
) -> None:
    account = town.voters[0]
    signed = poll.prepare(TREES, voter=account.address).sign(account)
    first = poll.cast(signed)
    monkeypatch.setattr(Poll, "trackers", lambda *_: [bytes(32)])
    assert poll.cast_batch([signed], payer=town.official) == [first]


def test_several_transactions_are_under_way_at_once(town: Town, poll: Poll) -> None:
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
        miner = Timer(1, node.request, ["evm_mine"])
        miner.start()
        sender.wait_for_earlier()
        miner.join()
        assert {each.wait().block for each in pending} == {int(node.block()["number"])}
    assert poll.voter_count == 3


def test_transaction_counts_once_enough_blocks_are_on_top(town: Town, poll: Poll) -> None:
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


def test_transaction_that_gets_into_no_block_is_told(
    town: Town, poll: Poll, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transactions, "PATIENCE", 0.1)
    sender = Sender(town.embedded.node, town.official)
    with town.no_blocks():
        pending = sender.start(poll.address, b"", gas=100_000)
        with pytest.raises(TransactionPending, match=pending.transaction.hex()):
            pending.wait()
        with pytest.raises(TransactionPending, match="no block holds the last 1 transactions"):
            sender.wait_for_earlier()


def test_transaction_that_a_block_holds_is_waited_for_as_long_as_blocks_come(
    town: Town, poll: Poll, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transactions, "PATIENCE", 3)
    sender = Sender(town.embedded.node, town.official, confirmations=6)
    pending = sender.start(poll.address, b"", gas=100_000)
    while not pending.block:
        assert pending.look() is None
    with town.a_block_every_second(), pytest.raises(TransactionFailed, match="a block holds it"):
        pending.wait()


def test_state_is_looked_at_no_deeper_than_any_node_has_it(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transactions, "KEPT", 4)
    sender = Sender(town.embedded.node, town.official, confirmations=3)
    newest = int(town.embedded.node.block()["number"])
    assert sender.deepest() == newest - 2
    assert replace(sender, confirmations=9).deepest() == newest - 3
    assert replace(sender, confirmations=1).deepest() == "latest"
    assert sender.is_deep(newest - 2)
    assert not sender.is_deep(newest - 1)


def test_transaction_that_a_block_holds_is_not_waited_for_if_no_more_come(
    town: Town, poll: Poll, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transactions, "PATIENCE", 0.5)
    sender = Sender(town.embedded.node, town.official, confirmations=3)
    pending = sender.start(poll.address, b"", gas=100_000)
    with pytest.raises(TransactionPending, match="a block holds it, but no other came"):
        pending.wait()
    with pytest.raises(TransactionPending, match="no new block"):
        sender.wait_for_earlier()
    for _ in range(2):
        town.embedded.node.request("evm_mine")
    sender.wait_for_earlier()


@pytest.mark.parametrize("fault", ["nothing", "no receipt", "an error"])
def test_transaction_whose_receipt_is_not_shown_at_once_has_not_failed(
    town: Town, poll: Poll, flaky: LyingNode, monkeypatch: pytest.MonkeyPatch, fault: str
) -> None:
    monkeypatch.setattr(transactions, "RESEND_EVERY", 0)
    sender = Sender(node.Node(flaky.url, retries=1), town.official)
    account = town.voters[0]
    signed = poll.prepare(TREES, voter=account.address).sign(account)
    data = casting.batch(poll, [(signed.voter, casting.Carriage.of(poll, signed).row)])
    pending = sender.start(poll.address, data, gas=casting.gas(poll.definition, [signed]))
    is_hidden = True

    def hide(asked: Any, told: Any) -> Any:
        if not is_hidden or asked["method"] != "eth_getTransactionReceipt":
            return told
        if fault == "nothing":
            raise ConnectionError
        return told | {"result": None} if fault == "no receipt" else refused(asked)

    flaky.twist = hide
    for _ in range(1 if fault == "no receipt" else 3):
        assert pending.look() is None
    is_hidden = False
    receipt = pending.look()
    assert receipt
    assert receipt.transaction == pending.transaction


def test_transaction_is_pending_while_the_node_refuses_to_look(
    town: Town, poll: Poll, flaky: LyingNode, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transactions, "PATIENCE", 0.5)
    sender = Sender(node.Node(flaky.url, retries=1), town.official)
    pending = sender.start(poll.address, b"", gas=100_000)
    flaky.twist = lambda asked, _: refused(asked)
    with pytest.raises(TransactionPending, match="not confirmed within"):
        pending.wait()


def test_transaction_that_blocks_pass_over_is_offered_anew(
    town: Town, poll: Poll, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transactions, "RESEND_EVERY", 0.1)
    node, account = town.embedded.node, town.voters[0]
    sender = Sender(node, town.official)
    signed = poll.prepare(TREES, voter=account.address).sign(account)
    data = casting.batch(poll, [(signed.voter, casting.Carriage.of(poll, signed).row)])
    with town.no_blocks():
        pending = sender.start(poll.address, data, gas=casting.gas(poll.definition, [signed]))
        first = pending.transaction
        while pending.transaction == first:
            node.request("anvil_setNextBlockBaseFeePerGas", hex(10**12))
            node.request("evm_mine")
            sleep(0.1)
            assert pending.look() is None
        node.request("evm_mine")
    receipt = pending.wait()
    assert receipt.transaction == pending.transaction
    assert node.receipt(first) is None
    assert poll.voter_count == 1


def test_transaction_that_was_noted_keeps_its_hash(
    town: Town, poll: Poll, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transactions, "RESEND_EVERY", 0)
    node, sender = town.embedded.node, Sender(town.embedded.node, town.official)
    noted: list[bytes] = []
    with town.no_blocks():
        pending = sender.start(poll.address, b"", gas=100_000, on_sent=noted.append)
        for _ in range(2 * transactions.PASSED_OVER):
            node.request("anvil_setNextBlockBaseFeePerGas", hex(10**15))
            node.request("evm_mine")
            assert pending.look() is None
        assert noted == [pending.transaction]
        node.request("anvil_setNextBlockBaseFeePerGas", hex(1))
        node.request("evm_mine")


def test_transaction_whose_number_another_took_is_told_of(
    town: Town, poll: Poll, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As where a node that had only just come back has given a number that was used already."""
    monkeypatch.setattr(transactions, "RESEND_EVERY", 0)
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


def test_answer_that_is_lost_casts_nothing_twice(town: Town, poll: Poll, flaky: LyingNode) -> None:
    """The node executes the transaction, and its answer does not come through."""
    lost = 0

    def lose(method: str, _: list[object], told: object) -> object:
        nonlocal lost
        if method == "eth_sendRawTransaction" and not lost:
            lost += 1
            raise ConnectionError
        return told

    flaky.lie = lose
    account = town.voters[0]
    seen = connect(flaky.url).poll(poll.address)
    receipt = seen.cast(seen.prepare(TREES, voter=account.address).sign(account))
    assert lost
    assert poll.tracker(account.address) == receipt.tracker
    assert poll.voter_count == 1
    assert len([*poll.ballots()]) == 1


def test_reads_that_are_asked_together_are_asked_again(
    town: Town, poll: Poll, flaky: LyingNode
) -> None:
    seen, failures = connect(flaky.url).poll(poll.address), 0

    def fail(asked: Any, told: Any) -> Any:
        nonlocal failures
        if isinstance(asked, list) and failures < 3:
            failures += 1
            raise ConnectionError
        return told

    flaky.twist = fail
    assert seen.trackers([each.address for each in town.voters[:2]]) == [bytes(32)] * 2
    assert failures == 3


def test_reads_are_asked_again(poll: Poll, flaky: LyingNode) -> None:
    failures = 0

    def fail(method: str, _: list[object], told: object) -> object:
        nonlocal failures
        if method == "eth_call" and failures < 3:
            failures += 1
            raise ConnectionError
        return told

    flaky.lie = fail
    assert connect(flaky.url).poll(poll.address).title == poll.title
    assert failures == 3


def test_node_that_stays_silent_is_told(poll: Poll, flaky: LyingNode) -> None:
    def fail(_: str, __: list[object], ___: object) -> object:
        raise ConnectionError

    flaky.lie = lambda _, __, told: told
    seen = connect(flaky.url).poll(poll.address)
    flaky.lie = fail
    with pytest.raises(NodeUnreachable):
        _ = seen.phase


# -- Refused before anything is sent --


def test_casting_fails_if_nobody_pays(town: Town, poll: Poll) -> None:
    account = town.poor
    signed = poll.prepare(TREES, voter=account.address).sign(account)
    town.embedded.node.request("anvil_setNextBlockBaseFeePerGas", hex(10**9))
    try:
        with pytest.raises(InsufficientFunds):
            poll.cast(signed, payer=account)
    finally:
        town.embedded.node.request("anvil_setNextBlockBaseFeePerGas", "0x0")
    with pytest.raises(NoAccount):
        connect(town.url).poll(poll.address).cast_batch([signed])


def test_casting_fails_in_another_poll(town: Town, poll: Poll) -> None:
    account = town.voters[0]
    signed = poll.prepare(TREES, voter=account.address).sign(account)
    other = town.open_poll("another")
    with pytest.raises(WrongPoll):
        other.cast(signed)
    with pytest.raises(WrongPoll):
        other.cast_batch([signed], payer=account)


def test_casting_fails_if_the_ballot_was_overtaken(town: Town, poll: Poll) -> None:
    account = town.voters[0]
    late = poll.prepare(TREES, voter=account.address).sign(account)
    town.cast(poll, 0, {"Which tree?": "Oak"})
    with pytest.raises(WrongTracker):
        poll.cast(late)
    (outcome,) = poll.cast_batch([late], payer=town.official)
    assert isinstance(outcome, WrongTracker)


def test_preparing_fails_if_a_question_allows_less_and_names_it(town: Town, poll: Poll) -> None:
    too_many = {"Which tree?": ["Lime", "Oak"]}
    with pytest.raises(InvalidScores, match=r"'Which tree\?': 2 options are chosen") as caught:
        poll.prepare(too_many, voter=town.voters[0].address)
    assert "Lime" not in str(caught.value)


def test_preparing_fails_for_a_stranger(town: Town, poll: Poll) -> None:
    with pytest.raises(NotOnRoll):
        poll.prepare(TREES, voter=town.stranger.address)
