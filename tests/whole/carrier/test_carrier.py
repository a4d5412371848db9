"""Ballots that somebody else carries: paid for once, and only if the poll will take them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from itertools import count
from time import sleep

import pytest
from eth_account.signers.local import LocalAccount
from eth_hash.auto import keccak

from support.elections import Town, person
from support.forged_polls import forged_poll, reverting
from support.lying_nodes import lying_node
from veche import Poll, SignedBallot, connect
from veche.carrier import batches as batching
from veche.carrier import carrier as carriers
from veche.carrier.carrier import Carrier, Document
from veche.carrier.intake import LONGEST
from veche.carrier.outcomes import Carried, Outcome
from veche.chain import block_watch, pending, transactions
from veche.chain.transactions import Sender
from veche.crypto.questions import Questions
from veche.errors import (
    InsufficientFunds,
    NoAccount,
    NodeUnreachable,
    TransactionFailed,
    TransactionPending,
    VecheError,
    WrongPoll,
)
from veche.protocol.ballot import PreparedBallot
from veche.protocol.content import Choice, Content, QuestionTexts
from veche.protocol.signature import message, sign

TREES: dict[str, Choice] = {"Which tree?": "Lime", "Which benches?": ["Wood"]}
names = count()

LARGE = Questions.of((60, 100, 0, 6000))
LARGE_WORDS = Content(
    "Points for many", "", (QuestionTexts("Which?", tuple(f"option {i}" for i in range(60))),)
)
"""Four ballots of these fill a batch."""
ONE_POINT: dict[str, Choice] = {"Which?": {"option 7": 1}}


@pytest.fixture
def poll(town: Town) -> Poll:
    return town.open_poll(f"carried {next(names)}", weights={1: 7})


def ballot(poll: Poll, voter: LocalAccount, choices: dict[str, Choice] = TREES) -> SignedBallot:
    return poll.prepare(choices, voter=voter.address).sign(voter)


def documents(ballots: Iterable[SignedBallot]) -> list[Document]:
    return [(f"{number}.json", each.to_json()) for number, each in enumerate(ballots)]


def carry(
    town: Town,
    ballots: Sequence[SignedBallot],
    *,
    poll: Poll | None = None,
    confirmations: int = 1,
) -> list[Carried]:
    """What becomes of ballots, in their order; the official pays."""
    chain = connect(town.url, account=town.official, confirmations=confirmations)
    found = {each.name: each for each in Carrier(chain, poll=poll).carry(documents(ballots))}
    assert len(found) == len(ballots)
    return [found[name] for name, _ in documents(ballots)]


def outcomes(found: Iterable[Carried]) -> list[str]:
    """The outcome of each, or what it was refused with."""
    return [type(each.error).__name__ if each.error else str(each.outcome) for each in found]


@contextmanager
def a_block_whenever_it_waits(town: Town, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Blocks come while a carrier has nothing to do but wait, and hold all that has been sent."""

    def mine(_: float) -> None:
        town.embedded.node.request("evm_mine")

    with town.no_blocks(), monkeypatch.context() as patched:
        for waiting in (carriers, block_watch, pending, transactions):
            patched.setattr(waiting, "sleep", mine)
        yield


def sent(town: Town) -> int:
    return town.embedded.node.next_nonce(town.official.address)


# -- Carried --


def test_ballots_of_voters_without_ether_are_cast(town: Town, poll: Poll) -> None:
    ballots = [ballot(poll, each) for each in [*town.voters, town.poor]]
    before = sent(town)
    found = carry(town, ballots)
    assert outcomes(found) == ["cast"] * 13
    assert sent(town) == before + 1
    for signed, each in zip(ballots, found, strict=True):
        assert each.ballot == signed
        assert each.tracker == poll.tracker(signed.voter)
        assert each.receipt
        assert each.receipt.tracker == each.tracker
        assert town.embedded.node.receipt(each.receipt.transaction)
    assert poll.voter_count == 13


def test_several_batches_are_under_way_at_once(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    large = town.open_poll("large", LARGE_WORDS, LARGE)
    ballots = [ballot(large, each, ONE_POINT) for each in town.voters]
    batches: list[int] = []
    chain = connect(town.url, account=town.official)
    carrier = Carrier(chain, on_batch=lambda _, ballots: batches.append(len(ballots)))
    with a_block_whenever_it_waits(town, monkeypatch):
        carried = carrier.carry(documents(ballots))
        first = next(carried)
        assert first.outcome == Outcome.CAST
        assert len(batches) > 1
        assert outcomes(carried) == ["cast"] * 11
    assert sum(batches) == len(ballots)
    assert large.voter_count == 12


def test_batches_are_waited_for_until_blocks_are_on_top(town: Town) -> None:
    large = town.open_poll("deep", LARGE_WORDS, LARGE)
    ballots = [ballot(large, each, ONE_POINT) for each in town.voters]
    with town.a_block_every_second():
        found = carry(town, ballots, confirmations=3)
        newest = int(town.embedded.node.block()["number"])
    assert outcomes(found) == ["cast"] * 12
    assert all(each.receipt and each.receipt.block + 2 <= newest for each in found)


@pytest.mark.parametrize("ahead", [0, 8])
@pytest.mark.parametrize(("share", "most"), [(0.5, 1), (0.75, 2)])
def test_with_every_block_no_more_is_sent_than_gets_into_one(
    town: Town, monkeypatch: pytest.MonkeyPatch, ahead: int, share: float, most: int
) -> None:
    """At most half of a block's gas is asked for by a batch."""
    monkeypatch.setattr(batching, "SHARE", share)
    monkeypatch.setattr(carriers, "AHEAD", ahead)
    large = town.open_poll(f"patient {next(names)}", LARGE_WORDS, LARGE)
    ballots = [ballot(large, each, ONE_POINT) for each in town.voters]
    waiting = []

    def note(_: bytes, __: object) -> None:
        node = town.embedded.node
        mined = node.next_nonce(town.official.address, block="latest")
        waiting.append(node.next_nonce(town.official.address) - mined)

    carrier = Carrier(connect(town.url, account=town.official), on_batch=note)
    with a_block_whenever_it_waits(town, monkeypatch):
        assert outcomes(carrier.carry(documents(ballots))) == ["cast"] * 12
    assert max(waiting) == most


def test_more_ballots_than_are_looked_at_together_are_all_cast(
    town: Town, poll: Poll, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(carriers, "CHUNK", 5)
    ballots = [ballot(poll, each) for each in town.voters]
    assert outcomes(carry(town, ballots)) == ["cast"] * 12


def test_ballots_of_several_polls_are_carried_together(town: Town, poll: Poll) -> None:
    other = town.open_poll("the other")
    ballots = [ballot(each, voter) for each in (poll, other) for voter in town.voters[:3]]
    assert outcomes(carry(town, ballots)) == ["cast"] * 6
    assert (poll.voter_count, other.voter_count) == (3, 3)


def test_replacements_and_weights_are_carried(town: Town, poll: Poll) -> None:
    voters = town.voters[:3]
    assert outcomes(carry(town, [ballot(poll, each) for each in voters])) == ["cast"] * 3
    again = [ballot(poll, each, {"Which tree?": "Oak"}) for each in voters]
    assert outcomes(carry(town, again)) == ["cast"] * 3
    assert [poll.tracker(each.voter) for each in again] == [
        each.tracker(poll.hash) for each in again
    ]


def test_what_has_come_is_cast_when_nothing_more_comes(town: Town, poll: Poll) -> None:
    def trickle() -> Iterator[Document | None]:
        for number, voter in enumerate(town.voters[:3]):
            yield f"{number}", ballot(poll, voter).to_json()
            yield None
            while poll.voter_count <= number:  # it is sent, and gets into a block in a moment
                sleep(0.01)

    chain = connect(town.url, account=town.official)
    assert outcomes(Carrier(chain).carry(trickle())) == ["cast"] * 3


# -- Never twice --


def test_nothing_is_cast_when_it_is_run_again(town: Town, poll: Poll) -> None:
    ballots = [ballot(poll, each) for each in town.voters[:5]]
    carry(town, ballots)
    before = sent(town)
    assert outcomes(carry(town, ballots)) == ["found"] * 5
    later = ballot(poll, town.voters[0])
    carry(town, [later])
    again = carry(town, [*ballots, later])
    assert outcomes(again) == ["replaced", *["found"] * 5]
    assert again[0].is_on_chain
    assert again[0].replaced_by == later.tracker(poll.hash)
    town.close(poll)
    assert outcomes(carry(town, [*ballots, later])) == ["replaced", *["found"] * 5]
    assert sent(town) == before + 1


def test_copies_and_replacements_wait_for_the_first(town: Town, poll: Poll) -> None:
    voter = town.voters[1]
    first = ballot(poll, voter)
    second = PreparedBallot.encrypt(
        (1, 0, 0, 0, 0, 0),
        poll.definition,
        voter=voter.address,
        weight=7,
        replaces=first.tracker(poll.hash),
    ).sign(voter)
    rival = ballot(poll, voter)
    found = carry(town, [first, second, first, rival, second])
    assert outcomes(found) == ["cast", "cast", "replaced", "WrongTracker", "found"]
    assert "signed as a first ballot, but 0x" in str(found[3].error)
    assert poll.tracker(voter.address) == second.tracker(poll.hash)


def test_hostile_copies_do_not_fill_the_memory(
    town: Town, poll: Poll, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(carriers, "MOST_WAITING", 3)
    monkeypatch.setattr(carriers, "CHUNK", 4)
    found = carry(town, [ballot(poll, town.voters[0])] * 30)
    assert outcomes(found) == ["cast", *["found"] * 29]


def test_ballot_that_another_carrier_was_faster_with_is_found(
    town: Town, poll: Poll, monkeypatch: pytest.MonkeyPatch
) -> None:
    ballots = [ballot(poll, each) for each in town.voters[:2]]
    poll.cast(ballots[0])
    monkeypatch.setattr(Poll, "trackers", lambda _, voters: [None] * len(voters))
    assert outcomes(carry(town, ballots)) == ["found", "cast"]


def test_batch_of_an_earlier_run_is_waited_for(
    town: Town, poll: Poll, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("veche.chain.block_watch.PATIENCE", 0.5)
    ballots = [ballot(poll, each) for each in town.voters[:2]]
    before = sent(town)
    with town.no_blocks():
        carrier = Carrier(connect(town.url, account=town.official))
        found, fault = stopped(carrier, ballots)
        assert isinstance(fault, TransactionPending)
        assert outcomes(found) == ["TransactionPending"] * 2
        with pytest.raises(TransactionPending, match="not confirmed within"):
            carry(town, ballots)
    assert outcomes(carry(town, ballots)) == ["found"] * 2
    assert sent(town) == before + 1


def test_ballot_that_is_found_is_told_once_enough_blocks_are_on_top(
    town: Town, poll: Poll, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("veche.chain.block_watch.PATIENCE", 0.5)
    signed = [ballot(poll, each) for each in town.voters[:2]]
    again = ballot(poll, town.voters[0])
    poll.cast(signed[0])
    replacing = ballot(poll, town.voters[0])
    poll.cast(replacing)
    poll.cast(signed[1])
    chain = connect(town.url, account=person("payer of nothing"), confirmations=3)
    for _ in range(2):
        found, fault = stopped(Carrier(chain), [signed[1]])
        assert isinstance(fault, TransactionPending)
        assert [each.outcome for each in found] == [Outcome.LEFT]
        town.embedded.node.request("evm_mine")
    handed = documents([*signed, replacing, again])
    found = [*Carrier(chain).carry(handed)]
    assert sorted(outcomes(found)) == ["WrongTracker", "found", "found", "replaced"]


def test_ballot_that_is_found_and_taken_away_is_cast_again(town: Town, poll: Poll) -> None:
    node, signed = town.embedded.node, ballot(poll, town.voters[0])
    for _ in range(2):
        node.request("evm_mine")  # on top of what the carrier's account has sent
    before = node.request("evm_snapshot")
    first = poll.cast(signed, payer=town.voters[0])

    def reorganising() -> Iterator[Document | None]:
        yield documents([signed])[0]
        yield None
        node.request("evm_revert", before)
        blocks.enter_context(town.a_block_every_second())
        yield None

    chain = connect(town.url, account=town.official, confirmations=3)
    with ExitStack() as blocks:
        found = list(Carrier(chain).carry(reorganising()))
    assert outcomes(found) == ["cast"]
    assert found[0].receipt
    assert found[0].receipt.transaction != first.transaction
    assert poll.voter_count == 1


# -- Refused, and not paid for --


def signed_anew(poll: Poll, signed: SignedBallot, voter: LocalAccount) -> SignedBallot:
    """A ballot with the signature of whoever names itself as its voter."""
    own = replace(signed, voter=voter.address)
    signable = message(
        chain_id=own.chain_id,
        poll=own.poll,
        voter=own.voter,
        tracker=own.tracker(poll.hash),
        replaces=own.replaces,
        deadline=own.deadline,
    )
    return replace(own, signature=sign(voter, signable))


def by_stranger(town: Town, poll: Poll) -> SignedBallot:
    return signed_anew(poll, ballot(poll, town.voters[0]), town.stranger)


def with_weight(town: Town, poll: Poll) -> SignedBallot:
    voter = town.voters[0]
    definition, scores = poll.definition, (1, 0, 0, 0, 0, 0)
    return PreparedBallot.encrypt(scores, definition, voter=voter.address, weight=2).sign(voter)


def for_another(town: Town, poll: Poll) -> SignedBallot:
    return replace(ballot(poll, town.voters[0]), voter=town.voters[2].address)


def copied(town: Town, poll: Poll) -> SignedBallot:
    return signed_anew(poll, ballot(poll, town.voters[0]), town.voters[2])


def expired(town: Town, poll: Poll) -> SignedBallot:
    voter = town.voters[0]
    prepared = poll.prepare(TREES, voter=voter.address)
    return prepared.sign(voter, deadline=town.chain.time)


def replacing_nothing(town: Town, poll: Poll) -> SignedBallot:
    voter = town.voters[0]
    return PreparedBallot.encrypt(
        (1, 0, 0, 0, 0, 0), poll.definition, voter=voter.address, weight=1, replaces=b"\7" * 32
    ).sign(voter)


def on_another_chain(town: Town, poll: Poll) -> SignedBallot:
    return replace(ballot(poll, town.voters[0]), chain_id=1)


def for_no_poll(town: Town, poll: Poll) -> SignedBallot:
    return replace(ballot(poll, town.voters[0]), poll=town.official.address)


def misshapen(town: Town, poll: Poll) -> SignedBallot:
    whole = ballot(poll, town.voters[0])
    fewer = replace(whole.ballot, ciphertexts=whole.ballot.ciphertexts[:-1])
    return signed_anew(poll, replace(whole, ballot=fewer), town.voters[0])


@pytest.mark.parametrize(
    ("make", "refusal"),
    [
        (by_stranger, "NotOnRoll"),
        (with_weight, "NotOnRoll"),
        (for_another, "InvalidSignature"),
        (copied, "InvalidProof"),
        (expired, "BallotExpired"),
        (replacing_nothing, "WrongTracker"),
        (on_another_chain, "WrongPoll"),
        (for_no_poll, "UnknownContract"),
        (misshapen, "InvalidBallotShape"),
    ],
)
def test_bad_ballot_is_refused_unpaid_and_keeps_no_other_from_being_cast(
    town: Town, poll: Poll, make: Callable[[Town, Poll], SignedBallot], refusal: str
) -> None:
    bad, before = make(town, poll), sent(town)
    assert outcomes(carry(town, [bad])) == [refusal]
    assert sent(town) == before
    found = carry(town, [bad, ballot(poll, town.voters[3])])
    assert outcomes(found) == [refusal, "cast"]
    assert poll.voter_count == 1


WRONG_PHASE = keccak(b"WrongPhase(uint8,uint8)")[:4].hex()

BOARDS = {
    "reverts without a reason": reverting(""),
    "reverts with an error of its own": reverting("deadbeef"),
    "reverts with half of an error": reverting(WRONG_PHASE + "00"),
    "reverts with an unknown panic": reverting("4e487b71" + 32 * "ff"),
    "asks to look elsewhere": reverting("556f1830"),
    "has no such code": "fe",
    "never ends": "5b600056",
    "answers half a word": "60016000f3",
}


@pytest.mark.parametrize("board", BOARDS)
def test_poll_whose_board_answers_nonsense_keeps_no_other_from_being_carried_for(
    town: Town, poll: Poll, board: str
) -> None:
    forged = forged_poll(town, poll, board=BOARDS[board])
    good = ballot(poll, town.voters[0])
    found = carry(town, [replace(good, poll=forged), good])
    assert outcomes(found) == ["UnknownContract", "cast"]


@pytest.mark.parametrize("text", ["", "{}", "[" * 100_000, '{"chainId": 1}', "x" * (LONGEST + 1)])
def test_document_that_is_no_ballot_is_refused(town: Town, poll: Poll, text: str) -> None:
    good = ballot(poll, town.voters[0])
    carrier = Carrier(connect(town.url, account=town.official))
    found = list(carrier.carry([("bad", text), ("good", good.to_json())]))
    assert [(each.name, *outcomes([each])) for each in found] == [
        ("bad", "InvalidDocument"),
        ("good", "cast"),
    ]
    assert found[0].ballot is None


def test_ballots_are_refused_while_the_poll_is_not_open(town: Town) -> None:
    soon = town.publish("not open yet")
    prepared = PreparedBallot.encrypt(
        (1, 0, 0, 0, 0, 0), soon.definition, voter=town.voters[0].address, weight=1
    )
    early = prepared.sign(town.voters[0])
    (found,) = carry(town, [early])
    assert outcomes([found]) == ["WrongPhase"]
    assert found.error
    assert found.error.exit_code == 8
    town.embedded.at_time(soon.definition.opens)
    assert outcomes(carry(town, [early])) == ["cast"]
    late = ballot(soon, town.voters[1])
    town.close(soon)
    (found,) = carry(town, [late])
    assert outcomes([found]) == ["WrongPhase"]
    assert found.error
    assert found.error.exit_code == 4


def test_ballots_are_refused_that_the_next_block_is_too_late_for(town: Town) -> None:
    last = town.open_poll("last minute", closes_in=1_000)
    late = ballot(last, town.voters[0])
    town.embedded.at_time(last.definition.closes - 1)
    assert outcomes(carry(town, [late])) == ["WrongPhase"]


def test_ballots_are_refused_whose_poll_has_no_roll(town: Town, poll: Poll) -> None:
    bare = town.open_poll("no roll", with_roll=False)
    prepared = PreparedBallot.encrypt(
        (1, 0, 0, 0, 0, 0), bare.definition, voter=town.voters[0].address, weight=1
    )
    found = carry(town, [prepared.sign(town.voters[0]), ballot(poll, town.voters[0])])
    assert outcomes(found) == ["IncompleteRoll", "cast"]


def test_ballots_of_other_polls_are_refused_where_one_is_carried_for(
    town: Town, poll: Poll
) -> None:
    other = town.open_poll("not served")
    ballots = [ballot(poll, town.voters[0]), ballot(other, town.voters[0])]
    own = connect(town.url).poll(poll.address)
    assert outcomes(carry(town, ballots, poll=own)) == ["cast", "WrongPoll"]
    chain = connect(town.url, account=town.official)
    (refused, _) = Carrier(chain, expect=poll.hash).carry(documents([ballots[1], ballots[0]]))
    assert isinstance(refused.error, WrongPoll)


# -- Stopped --


def stopped(carrier: Carrier, ballots: Sequence[SignedBallot]) -> tuple[list[Carried], VecheError]:
    """What is told before a carrier has to stop, and why it has to."""
    return until_stopped(carrier.carry(documents(ballots)))


def until_stopped(carried: Iterator[Carried]) -> tuple[list[Carried], VecheError]:
    found: list[Carried] = []
    with pytest.raises(VecheError) as caught:
        found.extend(carried)
    return found, caught.value


def test_carrier_stops_if_it_cannot_pay(town: Town, poll: Poll) -> None:
    ballots = [ballot(poll, each) for each in town.voters[:2]]
    with pytest.raises(NoAccount):
        Carrier(connect(town.url))
    node = town.embedded.node
    node.request("anvil_setNextBlockBaseFeePerGas", hex(10**9))
    try:
        found, fault = stopped(Carrier(connect(town.url, account=person("penniless"))), ballots)
    finally:
        node.request("anvil_setNextBlockBaseFeePerGas", "0x0")
    assert isinstance(fault, InsufficientFunds)
    assert [each.outcome for each in found] == [Outcome.LEFT] * 2
    assert outcomes(found) == ["InsufficientFunds"] * 2


def test_batch_that_comes_after_the_close_stops_no_other_poll(town: Town, poll: Poll) -> None:
    short = town.open_poll("closes meanwhile", closes_in=1_000)
    ballots = [ballot(of, each) for of in (short, poll) for each in town.voters[:2]]
    late, good = documents(ballots)[:2], documents(ballots)[2:]
    times = iter((short.definition.closes, short.definition.closes + 1))
    with town.no_blocks():
        carrier = Carrier(
            connect(town.url, account=town.official),
            on_batch=lambda *_: town.embedded.at_time(next(times)),
        )
        carried = {each.name: each for each in carrier.carry([*late, None, *good])}
    assert outcomes(carried[name] for name, _ in late) == ["WrongPhase"] * 2
    assert outcomes(carried[name] for name, _ in good) == ["cast"] * 2


def test_batch_whose_number_another_took_is_looked_at_again(
    town: Town, poll: Poll, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As where its owner's wallet has sent the first of two batches anew, at a higher price."""
    monkeypatch.setattr("veche.chain.pending.RESEND_EVERY", 0)
    node, sender = town.embedded.node, Sender(town.embedded.node, town.official)
    ballots = [ballot(poll, each) for each in town.voters[:4]]
    batches: list[bytes] = []

    def overtake(transaction: bytes, _: object) -> None:
        batches.append(transaction)
        if len(batches) == 1:
            sent = node.request("eth_getTransactionByHash", "0x" + transaction.hex())
            numbers = {name: int(sent[name], 16) for name in ("nonce", "gas", "value")}
            prices = {name: 2 * int(sent[name], 16) for name in sent if name.startswith("maxFee")}
            tip = {"maxPriorityFeePerGas": 2 * int(sent["maxPriorityFeePerGas"], 16)}
            fields = {"to": poll.address, "data": sent["input"], **numbers, **prices, **tip}
            node.send_raw(sender.signed(fields)[1])
        node.request("evm_mine")

    with town.no_blocks():
        carrier = Carrier(connect(town.url, account=town.official), on_batch=overtake)
        first, second = documents(ballots)[:2], documents(ballots)[2:]
        carried = list(carrier.carry([*first, None, *second]))
    became = {each.name: each.outcome for each in carried}
    assert [became[name] for name, _ in first] == [Outcome.FOUND] * 2
    assert [became[name] for name, _ in second] == [Outcome.CAST] * 2
    assert len(batches) == 2


def test_carrier_stops_if_ballots_fail_twice_and_tells_which(town: Town, poll: Poll) -> None:
    ballots = [ballot(poll, each) for each in town.voters[:2]]
    node = town.embedded.node
    batches: list[bytes] = []

    def fail(transaction: bytes, _: object) -> None:
        batches.append(transaction)
        code = node.request("eth_getCode", poll.address, "latest")
        node.request("anvil_setCode", poll.address, "0xfe")
        node.request("evm_mine")
        node.request("anvil_setCode", poll.address, code)

    with town.no_blocks():
        found, fault = stopped(
            Carrier(connect(town.url, account=town.official), on_batch=fail), ballots
        )
    assert isinstance(fault, TransactionFailed)
    assert fault.transaction == batches[1]
    assert [each.outcome for each in found] == [Outcome.LEFT] * 2
    assert outcomes(carry(town, ballots)) == ["cast"] * 2


def test_ballots_of_a_batch_that_failed_once_are_sent_again(town: Town, poll: Poll) -> None:
    ballots = [ballot(poll, each) for each in town.voters[:2]]
    node = town.embedded.node
    code = node.request("eth_getCode", poll.address, "latest")
    codes = iter(["0xfe", code])

    def fail_once(*_: object) -> None:
        node.request("anvil_setCode", poll.address, next(codes))
        node.request("evm_mine")
        node.request("anvil_setCode", poll.address, code)

    with town.no_blocks():
        carrier = Carrier(connect(town.url, account=town.official), on_batch=fail_once)
        assert outcomes(carrier.carry(documents(ballots))) == ["cast"] * 2


def test_carrier_stops_if_the_node_is_lost_and_goes_on_when_it_is_back(
    town: Town, poll: Poll
) -> None:
    ballots = [ballot(poll, each) for each in town.voters[:3]]
    paused = [each for document in documents(ballots) for each in (document, None)]

    def lose(*_: object) -> object:
        raise ConnectionError

    with lying_node(town.url) as flaky:
        carried = Carrier(connect(flaky.url, account=town.official)).carry(paused)
        assert outcomes([next(carried)]) == ["cast"]
        flaky.lie = lose
        found, fault = until_stopped(carried)
    assert isinstance(fault, NodeUnreachable)
    assert outcomes(found) == ["NodeUnreachable"]
    assert outcomes(carry(town, ballots)) == ["found", "cast", "cast"]


def test_carrier_that_had_to_stop_can_carry_again(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It has nothing in its hands any more of what it had to leave, full batches included."""
    large = town.open_poll("left and carried", LARGE_WORDS, LARGE)
    ballots = [ballot(large, each, ONE_POINT) for each in town.voters]
    batches: list[int] = []
    chain = connect(town.url, account=town.official)
    carrier = Carrier(chain, on_batch=lambda _, ballots: batches.append(len(ballots)))
    with town.no_blocks(), monkeypatch.context() as hasty:
        hasty.setattr(block_watch, "PATIENCE", 0.5)
        left, fault = stopped(carrier, ballots)
    assert isinstance(fault, TransactionPending)
    assert [each.outcome for each in left] == [Outcome.LEFT] * 12
    under_way = sum(batches)
    assert 0 < under_way < 12
    found = outcomes(carrier.carry(documents(ballots)))
    assert sorted(found) == ["cast"] * (12 - under_way) + ["found"] * under_way
    assert sum(batches) == large.voter_count == 12
