"""Ballots on their way to a poll: paid for, carried, never cast twice."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from support.dialects import SHOWN
from support.elections import Town
from support.lying_nodes import LyingNode, Twist, refusing
from veche import Poll, SignedBallot, connect
from veche.chain import casting, poll_contract
from veche.chain.node import Node
from veche.chain.pending import PASSED_OVER, Pending
from veche.chain.transactions import Sender
from veche.chain.waiting import waiting
from veche.crypto.questions import Questions
from veche.errors import (
    BallotExpired,
    InsufficientFunds,
    InvalidScores,
    LogsMissing,
    NoAccount,
    NotOnRoll,
    TransactionPending,
    WrongPoll,
    WrongTracker,
)
from veche.protocol.content import Content, QuestionTexts
from veche.rehearsal.play import random_votes

TREES = {"Which tree?": "Lime", "Which benches?": ["Wood"]}

SHAPES = {
    "choose 1 of 5": (5, 1, 1, 1),
    "approve of 60": (60, 1, 0, 60),
    "score 16 from 0 to 100": (16, 100, 0, 1600),
    "approve of one": (1, 1, 0, 1),
    "give 8 of 7 points": (8, 7, 7, 7),
}


def texts(questions: Questions) -> Content:
    """The texts of one question."""
    options = tuple(f"option {i}" for i in range(questions.choices))
    return Content("Any poll", "", (QuestionTexts("Which?", options),))


@pytest.mark.parametrize("shape", SHAPES)
def test_gas_that_is_offered_is_enough(town: Town, shape: str) -> None:
    """For the largest and the smallest ballots: first, weighted, replacing, in batches."""
    questions = Questions.of(SHAPES[shape])
    content = texts(questions)
    poll = town.open_poll(shape[:31], content, questions, weights={1: 7, 2: 7})
    node = town.embedded.node
    for voter in (0, 1, 1, 0, 2):
        account = town.voters[voter]
        scores = content.by_text(random_votes(questions, 1)[0])
        signed = poll.prepare(scores, voter=account.address).sign(account)
        receipt = node.receipt(poll.cast(signed).transaction)
        assert receipt is not None
        assert receipt["gasUsed"] <= casting.gas(poll.definition, [signed])


def test_one_payer_casts_from_many_threads_at_once(town: Town) -> None:
    poll = town.open_poll("many threads")
    signed = [poll.prepare(TREES, voter=each.address).sign(each) for each in town.voters]
    with ThreadPoolExecutor(len(signed)) as threads:
        receipts = list(threads.map(lambda each: poll.cast(each, payer=town.official), signed))
    assert len({each.transaction for each in receipts}) == len(signed)
    assert poll.voter_count == len(signed)


def test_one_payer_casts_from_many_coroutines_at_once(town: Town) -> None:
    poll = town.open_poll("coroutines")
    signed = [poll.prepare(TREES, voter=each.address).sign(each) for each in town.voters]

    async def all_of_them() -> None:
        casts = (asyncio.to_thread(poll.cast, each, payer=town.official) for each in signed)
        await asyncio.gather(*casts)

    asyncio.run(all_of_them())
    assert poll.voter_count == len(signed)


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
    content = texts(questions)
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
    monkeypatch.setattr(poll.node.habits, "most_calls", 5)
    cast = {3: town.cast(poll, 3, {"Which tree?": "Oak"})}
    voters = [each.address for each in town.voters]
    assert poll.trackers(voters) == [cast.get(i) for i in range(len(voters))]
    assert poll.trackers([]) == []


def test_ballot_that_somebody_else_casts_meanwhile_is_found(
    town: Town, poll: Poll, liar: LyingNode
) -> None:
    account, node = town.voters[0], town.embedded.node
    signed = poll.prepare(TREES, voter=account.address).sign(account)
    data = casting.batch(poll, [(signed.voter, casting.Carriage.of(poll, signed).row)])

    def mine(method: str, _: list[object], told: object) -> object:
        if method == "eth_sendRawTransaction":
            node.request("evm_mine")
        return told

    liar.lie = mine
    before = node.next_nonce(town.official.address)
    with town.no_blocks():
        other = Sender(node, town.stranger).start(poll.address, data, gas=casting.MAX_GAS // 2)
        receipt = connect(liar.url, account=town.official).poll(poll.address).cast(signed)
    assert receipt.transaction == other.transaction
    assert node.next_nonce(town.official.address) == before + 1
    assert len([*poll.ballots()]) == 1


def test_ballot_is_found_once_it_has_enough_confirmations(
    town: Town, poll: Poll, monkeypatch: pytest.MonkeyPatch
) -> None:
    account = town.voters[0]
    signed = poll.prepare(TREES, voter=account.address).sign(account)
    first = poll.cast(signed)
    monkeypatch.setattr("veche.chain.block_watch.PATIENCE", 0.5)
    patient = connect(town.url, account=town.official, confirmations=3).poll(poll.address)
    for _ in range(2):
        with pytest.raises(TransactionPending, match="no new block"):
            patient.cast(signed)
        with pytest.raises(TransactionPending, match="no new block"):
            patient.cast_batch([signed])
        town.embedded.node.request("evm_mine")
    assert patient.cast(signed) == first
    assert patient.cast_batch([signed]) == [first]


def test_casting_fails_if_the_log_lacks_a_ballot_that_counts(
    town: Town, poll: Poll, liar: LyingNode
) -> None:
    account = town.voters[0]
    signed = poll.prepare(TREES, voter=account.address).sign(account)
    poll.cast(signed)
    liar.lie = lambda method, _, told: [] if method == "eth_getLogs" else told
    pruned = connect(liar.url, account=town.official).poll(poll.address)
    pruned.use_roll(poll.roll)
    with pytest.raises(LogsMissing, match="lack the ballot"):
        pruned.cast(signed)
    again = poll.prepare(TREES, voter=account.address).sign(account)
    with pytest.raises(LogsMissing, match="lack the ballot"):
        pruned.cast(again)


def test_nobody_has_a_tracker_before_there_was_the_poll(town: Town, poll: Poll) -> None:
    town.cast(poll, 3, {"Which tree?": "Oak"})
    before = poll.contract.first_block - 1
    assert poll.trackers([town.voters[3].address], block=before) == [None]


def test_ballot_that_somebody_else_cast_before_is_found(
    town: Town, poll: Poll, monkeypatch: pytest.MonkeyPatch
) -> None:
    account = town.voters[0]
    signed = poll.prepare(TREES, voter=account.address).sign(account)
    first = poll.cast(signed)
    monkeypatch.setattr(Poll, "trackers", lambda *_: [None])
    assert poll.cast_batch([signed], payer=town.official) == [first]


def test_nothing_is_cast_twice_if_an_answer_is_lost(
    town: Town, poll: Poll, liar: LyingNode
) -> None:
    """The node executes the transaction, but its answer is lost."""
    lost = 0

    def lose(method: str, _: list[object], told: object) -> object:
        nonlocal lost
        if method == "eth_sendRawTransaction" and not lost:
            lost += 1
            raise ConnectionError
        return told

    liar.lie = lose
    account = town.voters[0]
    seen = connect(liar.url).poll(poll.address)
    signed = seen.prepare(TREES, voter=account.address).sign(account)
    receipt = seen.cast(signed, payer=account)
    assert lost
    assert poll.tracker(account.address) == receipt.tracker
    assert poll.voter_count == 1
    assert len([*poll.ballots()]) == 1


# -- Sent before, and in no block yet --


def sent(town: Town, poll: Poll, signed: SignedBallot) -> Pending:
    """A ballot that its voter has cast in an earlier run, which has ended."""
    data = poll_contract.INTERFACE.data(
        "cast", *casting.Carriage.of(poll, signed).arguments(poll.roll_path(signed.voter))
    )
    account = next(each for each in town.voters if each.address == signed.voter)
    gas = casting.gas(poll.definition, [signed])
    return Sender(town.embedded.node, account).start(poll.address, data, gas=gas)


@pytest.mark.parametrize("way", SHOWN)
def test_ballot_that_is_under_way_is_followed_and_not_paid_for_twice(
    town: Town, poll: Poll, liar: LyingNode, monkeypatch: pytest.MonkeyPatch, way: str
) -> None:
    node, account = town.embedded.node, town.voters[0]
    signed = poll.prepare(TREES, voter=account.address).sign(account)
    seen = connect(liar.url, account=account).poll(poll.address)
    liar.twist = SHOWN[way](node)
    for module in ("pending", "transactions"):
        monkeypatch.setattr(f"veche.chain.{module}.sleep", lambda _: node.request("evm_mine"))
    with town.no_blocks():
        first = sent(town, poll, signed)
        receipt = seen.follow()
    assert receipt
    assert (receipt.tracker, receipt.transaction) == (signed.tracker(poll.hash), first.transaction)
    assert node.next_nonce(account.address) == (first.nonce or 0) + 1
    assert seen.follow() is None
    assert len([*poll.ballots()]) == 1


def test_ballot_that_is_cast_again_while_it_is_under_way_is_found(
    town: Town, poll: Poll, monkeypatch: pytest.MonkeyPatch
) -> None:
    node, account = town.embedded.node, town.voters[0]
    signed = poll.prepare(TREES, voter=account.address).sign(account)
    monkeypatch.setattr("veche.chain.pending.sleep", lambda _: node.request("evm_mine"))
    with town.no_blocks():
        first = sent(town, poll, signed)
        receipt = poll.cast(signed, payer=account)
    assert receipt.transaction == first.transaction
    assert node.next_nonce(account.address) == (first.nonce or 0) + 1


def test_ballot_that_is_followed_is_priced_again_if_blocks_pass_it_over(
    town: Town, poll: Poll, monkeypatch: pytest.MonkeyPatch
) -> None:
    node, account = town.embedded.node, town.voters[0]
    signed = poll.prepare(TREES, voter=account.address).sign(account)
    blocks = 0

    def mine(_: float) -> None:
        """Blocks in which gas costs more than was offered, and then less."""
        nonlocal blocks
        blocks += 1
        dear = blocks <= 2 * PASSED_OVER
        node.request("anvil_setNextBlockBaseFeePerGas", hex(10**11 if dear else 1))
        node.request("evm_mine")

    monkeypatch.setattr("veche.chain.pending.RESEND_EVERY", 0)
    monkeypatch.setattr("veche.chain.pending.sleep", mine)
    with town.no_blocks():
        first = sent(town, poll, signed)
        receipt = connect(town.url, account=account).poll(poll.address).follow()
    assert receipt
    assert receipt.transaction != first.transaction
    assert node.receipt(first.transaction) is None
    assert node.next_nonce(account.address) == (first.nonce or 0) + 1


def test_transaction_that_was_never_signed_is_not_signed_now(
    town: Town, poll: Poll, liar: LyingNode
) -> None:
    """The node shows a waiting transaction with other fields than the account signed."""
    account = town.voters[0]
    signed = poll.prepare(TREES, voter=account.address).sign(account)
    sender = Sender(Node(liar.url), account)
    with town.no_blocks():
        first = sent(town, poll, signed)
        numbers = range(first.nonce or 0, (first.nonce or 0) + 1)
        (honest,) = waiting(sender.node, account.address, numbers)
        assert sender.resumed(honest).raw == first.raw
        more = {"gas": hex(10**7), "value": hex(10**18), "to": town.stranger.address}
        for name, value in more.items():
            liar.twist = showing({name: value})
            (lied,) = waiting(sender.node, account.address, numbers)
            assert sender.resumed(lied).raw is None


def showing(fields: dict[str, str]) -> Twist:
    """Shows a waiting transaction with other fields."""

    def twist(asked: Any, answer: Any) -> Any:
        is_asked = isinstance(asked, dict) and "SenderAndNonce" in asked["method"]
        return answer | {"result": answer["result"] | fields} if is_asked else answer

    return twist


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


def test_casting_fails_if_no_payer_is_named(town: Town, poll: Poll) -> None:
    account = town.voters[0]
    signed = poll.prepare(TREES, voter=account.address).sign(account)
    reader = connect(town.url).poll(poll.address)
    with pytest.raises(NoAccount, match="name a payer"):
        reader.cast(signed)
    with pytest.raises(NoAccount, match="name a payer"):
        reader.cast_batch([signed])


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


# -- Until when --


def test_ballot_is_prepared_for_a_day_or_as_long_as_its_voter_wants(town: Town, poll: Poll) -> None:
    account, now = town.voters[0], town.chain.time
    prepared = poll.prepare(TREES, voter=account.address)
    assert prepared.deadline == now + 24 * 60 * 60
    assert prepared.sign(account).deadline == prepared.deadline
    hasty = poll.prepare(TREES, voter=account.address, within=60)
    assert hasty.deadline == now + 60
    assert poll.prepare(TREES, voter=account.address, within=2**64).deadline == (
        poll.definition.closes
    )
    with pytest.raises(BallotExpired):
        poll.prepare(TREES, voter=account.address, within=-1)
    signed = hasty.sign(account)
    town.embedded.at_time(now + 61)
    with pytest.raises(BallotExpired):
        poll.cast(signed, payer=town.official)


def test_deadline_is_from_the_time_of_the_next_block(
    town: Town, poll: Poll, liar: LyingNode
) -> None:
    """The newest block may be old, on a chain that makes blocks only for transactions."""
    seen, newest = connect(liar.url).poll(poll.address), town.chain.time

    def next_block(told: object) -> int:
        liar.lie = lambda method, asked, result: (
            told if method == "eth_getBlockByNumber" and asked[0] == "pending" else result
        )
        return seen.deadline(60)

    whole = False
    block = dict(town.embedded.node.request("eth_getBlockByNumber", "latest", whole))
    assert next_block(block | {"timestamp": hex(newest + 500)}) == newest + 560
    assert next_block(block | {"timestamp": hex(newest - 500)}) == newest + 60
    assert next_block(None) == newest + 60
    liar.twist = refusing("eth_getBlockByNumber", "no pending block", of="pending")
    assert seen.deadline(60) == newest + 60
