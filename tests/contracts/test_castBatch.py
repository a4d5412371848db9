"""Ballots in batches: each stands for itself, and no carrier can make a good one fail."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from brownie import accounts, chain, web3
from eth_hash.auto import keccak
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from support.boards import Board
from support.polls import Polling, Vote, events, ready_board, voter
from veche.crypto import elgamal
from veche.crypto.questions import Questions
from veche.protocol.entries import Entry, leaf

PINE, LIME, OAK = (1, 0, 0), (0, 1, 0), (0, 0, 1)

NOBODY = "0x" + "00" * 20
CAST = keccak(b"BallotCast(address,bytes32,uint256,bytes32,uint64,bytes32,bytes32,uint256[])").hex()


@pytest.fixture(scope="module")
def board() -> Board:
    return ready_board()


@pytest.fixture
def poll(board: Board, at_time: Any) -> Polling:
    poll = Polling(board, weights=[1] * 8)
    at_time(poll.opens)
    return poll


def skipped(receipt: Any) -> list[tuple[int, str, bytes]]:
    """Index, voter and reason of every ballot that was skipped."""
    return [
        (each["index"], each["voter"], bytes(each["reason"]))
        for each in events(receipt, "BallotSkipped")
    ]


def counted(poll: Polling, *votes: Vote) -> None:
    """Asserts that these ballots count, and no other."""
    columns = zip(*(vote.growth for vote in votes), strict=True)
    expected = [elgamal.total(column) for column in columns]
    assert poll.sums() == (expected or [elgamal.ZERO] * poll.questions.choices)
    assert poll.contract.voterCount() == len(votes)


def selector(error: str) -> bytes:
    return keccak(error.encode())[:4]


def test_batch_counts_all_ballots(poll: Polling) -> None:
    votes = [poll.vote(i, scores) for i, scores in enumerate((PINE, LIME, OAK, PINE))]
    receipt = poll.cast_batch(votes)
    assert [each["voter"] for each in receipt.events["BallotCast"]] == [
        voter(i).address for i in range(4)
    ]
    counted(poll, *votes)
    more = poll.vote(4, LIME)
    poll.cast_batch([more])
    counted(poll, *votes, more)


def test_batch_of_nothing_changes_nothing(poll: Polling) -> None:
    vote = poll.vote(0, PINE)
    poll.cast_batch([])
    assert poll.contract.voterCount() == 0
    poll.cast(vote)
    poll.cast_batch([])
    counted(poll, vote)


def test_ballots_of_a_batch_replace_each_other(poll: Polling) -> None:
    first = poll.vote(0, PINE)
    second = poll.vote(0, OAK, replaces=first)
    third = poll.vote(0, LIME, replaces=second)
    other = poll.vote(1, PINE)
    receipt = poll.cast_batch([first, second, other, third])
    assert not skipped(receipt)
    counted(poll, third, other)


def test_out_of_order_replacement_is_skipped(poll: Polling) -> None:
    first = poll.vote(0, PINE)
    second = poll.vote(0, OAK, replaces=first)
    receipt = poll.cast_batch([second, first])
    assert [each[:2] for each in skipped(receipt)] == [(0, voter(0).address)]
    counted(poll, first)


def poisoned(poll: Polling) -> Iterator[tuple[str, Vote, str]]:
    """Ballots that are refused, with the name of their voter if that voter signed them."""
    honest, owner = poll.vote(5, PINE), voter(5).address
    yield "not signed by its voter", poll.vote(5, PINE, signer=voter(6)), NOBODY
    changed = replace(honest.signed, deadline=honest.signed.deadline - 1)
    yield "another deadline than signed", replace(honest, signed=changed), NOBODY
    yield "another poll's", poll.vote(5, PINE, poll=accounts[3].address), NOBODY
    yield "past its deadline", poll.vote(5, PINE, deadline=1), owner
    yield "not on the roll", replace(honest, roll_proof=[]), owner
    proof = honest.signed.ballot.responses
    bent = replace(honest.signed.ballot, responses=proof[1:] + proof[:1])
    bent_vote = replace(honest, signed=replace(honest.signed, ballot=bent))
    yield "with a bad proof", bent_vote, owner
    yield "with bad hints", replace(honest, sums=honest.sums[::-1]), owner
    earlier = poll.vote(5, LIME)
    yield "replacing nothing", poll.vote(5, OAK, replaces=earlier), owner


def test_poisoned_ballots_are_skipped(poll: Polling) -> None:
    good = [poll.vote(i, OAK) for i in range(3)]
    cases = list(poisoned(poll))
    bad = [vote for _, vote, _ in cases]
    receipt = poll.cast_batch([good[0], *bad[:3], good[1], *bad[3:], good[2]], 0)
    found = [(index, signer) for index, signer, _ in skipped(receipt)]
    places = [1, 2, 3, *range(5, 5 + len(bad) - 3)]
    assert found == [(at, case[2]) for at, case in zip(places, cases, strict=True)]
    counted(poll, *good)


def test_reason_of_a_skipped_ballot_is_its_refusal(poll: Polling) -> None:
    late = poll.vote(5, PINE, deadline=1)
    ((_, _, reason),) = skipped(poll.cast_batch([late]))
    assert reason[:4] == selector("BallotExpired(uint256,uint256)")
    assert int.from_bytes(reason[4:36], "big") == 1


# -- Malformed --


DEPTH = 1
"""Of the nodes, where ballots are packed by hand: every voter then has a roll proof."""


def mangled(packed: list[int]) -> Iterator[list[int]]:
    """What a carrier might send in the place of a ballot."""
    yield []
    yield [0]
    yield [0] * 6
    yield [0] * 500
    yield [2**256 - 1] * 500
    yield packed[:-1]
    yield [*packed, 0]
    yield packed[:7]
    yield packed[: len(packed) // 2]
    for at in (*range(30), *range(len(packed) - 8, len(packed))):
        for word in (2**256 - 1, 2**255, 2**160, 2**64, 2**64 - 1, len(packed), 2**32, 1, 0):
            yield [*packed[:at], word, *packed[at + 1 :]]


def logged(receipt: Any) -> tuple[dict[str, list[int]], set[int]]:
    """Words of the accepted ballots by voter, and the places of those that were skipped."""
    cast = events(receipt, "BallotCast")
    return {each["voter"]: list(each["ballot"]) for each in cast}, {
        each[0] for each in skipped(receipt)
    }


def test_malformed_ballots_are_skipped(poll: Polling) -> None:
    """Good ballots around them count, and what is bent counts as its voter signed it or not at
    all.
    """
    first, last, victim = poll.vote(0, PINE), poll.vote(1, OAK), poll.vote(5, LIME)
    bent = list(mangled(poll.packed(victim, DEPTH)))
    votes: list[Vote] = [first, last]
    poll.cast_batch([first, *bent[:9], last], DEPTH)
    for start in range(9, len(bent), 80):
        receipt = poll.cast_batch(bent[start : start + 80], DEPTH)
        accepted, places = logged(receipt)
        assert len(accepted) + len(places) == len(bent[start : start + 80])
        assert list(accepted.values()) in ([], [victim.signed.ballot.words])
        votes += [victim] * len(accepted)
        for _, signer, reason in skipped(receipt):
            # Brownie shows no bytes as one
            unsigned = (b"\0", selector("InvalidSignature(address,address)"))
            assert signer == (NOBODY if reason[:4] in unsigned else voter(5).address)
    counted(poll, *votes)


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_whatever_is_carried_the_sums_are_those_of_the_logged_ballots(
    board: Board, at_time: Any, data: st.DataObject
) -> None:
    poll = Polling(board, weights=[1] * 4)
    at_time(poll.opens)
    votes = [poll.vote(i, PINE) for i in range(4)]
    packed = [poll.packed(vote, DEPTH) for vote in votes]
    for each in packed:
        for at, word in data.draw(st.lists(_changes(len(each)), max_size=2)):
            each[at] = word
    accepted, places = logged(poll.cast_batch(packed, DEPTH))
    assert len(accepted) + len(places) == len(packed)
    counted(poll, *(vote for vote in votes if vote.signed.voter in accepted))
    for vote in votes:
        words = accepted.get(vote.signed.voter)
        assert words in (None, vote.signed.ballot.words)


def _changes(count: int) -> st.SearchStrategy[tuple[int, int]]:
    """Where a word is put, and which."""
    words = st.one_of(
        st.sampled_from([0, 1, 31, 32, 64, 2**32, 2**64 - 1, 2**64, 2**255, 2**256 - 1]),
        st.integers(0, 2**256 - 1),
    )
    return st.tuples(st.integers(0, count - 1), words)


# -- Gas --


def send(poll: Polling, votes: list[Vote], gas: int) -> Any:
    """A batch sent with this much gas, whatever becomes of it."""
    data = poll.contract.castBatch.encode_input(*poll.batch(votes))
    request = {"from": str(accounts[0]), "to": poll.contract.address, "data": data, "gas": gas}
    return web3.eth.wait_for_transaction_receipt(web3.eth.send_transaction(request))


def intrinsic(poll: Polling, votes: list[Vote]) -> int:
    """Enough gas for the transaction to be mined, and for nothing else."""
    data = poll.contract.castBatch.encode_input(*poll.batch(votes))
    return 21_000 + 8 * len(data)


def outcome(poll: Polling, votes: list[Vote], gas: int) -> str:
    """How each ballot fared, as letters: counted, skipped; or that all of it reverted."""
    receipt = send(poll, votes, gas)
    if not receipt.status:
        return "reverted"
    return "".join("c" if log.topics[0].hex() == CAST else "s" for log in receipt.logs)


@pytest.mark.parametrize("bad", [None, 0, 1, 2])
def test_no_gas_limit_makes_a_good_ballot_fail(board: Board, at_time: Any, bad: int | None) -> None:
    """A starved batch reverts whole; from some limit on, every good ballot counts."""
    poll = Polling(board, weights=[1] * 3)
    at_time(poll.opens)
    votes = [poll.vote(i, PINE) for i in range(3)]
    if bad is not None:
        votes[bad] = poll.vote(bad, PINE, deadline=1)
    expected = "".join("s" if i == bad else "c" for i in range(3))
    for gas in _limits(intrinsic(poll, votes), 1_600_000):
        found = outcome(poll, votes, gas)
        assert found in ("reverted", expected), gas
        if found == expected:
            break
    else:
        pytest.fail("never enough")
    assert poll.contract.voterCount() == expected.count("c")


def _limits(least: int, most: int) -> Iterator[int]:
    """Every per cent more, and around the places where one ballot's share ends."""
    gas = least
    while gas <= most:
        yield gas
        gas += max(gas // 80, 1_500)


def test_starved_batch_says_which_ballot_wants_gas(board: Board, at_time: Any) -> None:
    """Some limit between the first ballot's share and enough stops at every ballot. Their ballots
    are large: of a small one, too little gas is left to say so.
    """
    poll = Polling(board, questions=Questions.of((48, 1, 0, 48)), weights=[1] * 3)
    at_time(poll.opens)
    votes = [poll.vote(i, [1] * 48) for i in range(3)]
    found = set()
    for gas in _limits(intrinsic(poll, votes), 20_000_000):
        error = answer(poll, votes, gas)
        if error is None:
            break
        if error[:4] == selector("TooLittleGas(uint256)"):
            found.add(int.from_bytes(error[4:], "big"))
    else:
        pytest.fail("never enough")
    assert found == {0, 1, 2}


def answer(poll: Polling, votes: list[Vote], gas: int) -> bytes | None:
    """What a call with this much gas reverts with: nothing where it runs out. None where it does
    not revert.
    """
    data = poll.contract.castBatch.encode_input(*poll.batch(votes))
    request = {"from": str(accounts[0]), "to": poll.contract.address, "data": data}
    reply = web3.provider.make_request("eth_call", [request | {"gas": hex(gas)}, "latest"])
    if "error" not in reply:
        return None
    return bytes.fromhex((reply["error"].get("data") or "0x")[2:])


# -- The inner call --


def test_check_changes_nothing(poll: Polling) -> None:
    """Anyone may call it, of a poll or of the code that all polls share."""
    vote = poll.vote(0, PINE)
    calls = web3.eth.contract(abi=poll.contract.abi)
    key, shape = poll.key, poll.questions
    domain = keccak(
        keccak(
            b"EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"
        )
        + keccak(b"Veche")
        + keccak(b"2")
        + chain.id.to_bytes(32, "big")
        + int(poll.contract.address, 16).to_bytes(32, "big")
    )
    context = (
        poll.hash,
        domain,
        (key.x, key.y),
        (shape.choices, shape.degree),
    )
    data = calls.encode_abi(
        "check",
        [
            context,
            [tuple(each) for each in shape.limits],
            (bytes(32), 1),
            poll.roll.root,
            poll.packed(vote, 0),
        ],
    )
    for target in (poll.contract.address, poll.catalogue.pollCode()):
        request = {"from": str(accounts[0]), "to": target, "data": data, "gas": 10**6}
        assert web3.eth.call(request) == vote.tracker
        receipt = web3.eth.wait_for_transaction_receipt(web3.eth.send_transaction(request))
        assert (receipt.status, receipt.logs) == (1, [])
    assert not int(str(poll.contract.tracker(voter(0).address)), 16)
    counted(poll)


# -- The roll --


@pytest.mark.parametrize("size", [1, 2, 5, 8])
def test_nodes_of_every_depth_prove_the_roll(board: Board, at_time: Any, size: int) -> None:
    poll = Polling(board, weights=[1] * size)
    at_time(poll.opens)
    votes = [poll.vote(i, OAK) for i in range(size)]
    for depth, vote in zip(range(size.bit_length()), votes, strict=False):
        assert not skipped(poll.cast_batch([vote], depth))
    counted(poll, *votes[: size.bit_length()])


def test_batch_fails_with_other_nodes_than_all_of_one_depth(poll: Polling, fails_with: Any) -> None:
    """Above all with one too many, under which anybody could stand."""
    stranger = leaf(Entry(voter(100).address, 1))
    root, pair, four = (poll.roll.nodes(depth) for depth in range(3))
    cases = {
        "none": ([], root[0]),
        "another root": ([stranger], stranger),
        "one too many": ([*root, stranger], climb(root[0], stranger)),
        "one too many of two": ([*pair, stranger], root[0]),
        "one too few": (four[:3], root[0]),
        "two too many": ([*four, stranger, stranger], root[0]),
        "another one": ([pair[0], stranger], climb(pair[0], stranger)),
        "out of order": (
            [four[0], four[2], four[1], four[3]],
            climb(climb(four[0], four[2]), climb(four[1], four[3])),
        ),
        "twice as many": ([*four, *four], climb(root[0], root[0])),
    }
    vote = poll.vote(100, PINE, roll_proof=[])
    for nodes, computed in cases.values():
        ballots = [[max(len(nodes), 1) - 1, *vote.words]]
        for carried in (ballots, []):
            arguments = (poll.contract.castBatch, nodes, carried)
            fails_with("InvalidRollNodes", (len(nodes), computed), *arguments, sender=accounts[3])


def climb(left: bytes, right: bytes) -> bytes:
    """The node above these two, as OpenZeppelin's trees have it."""
    return keccak(b"".join(sorted((left, right))))


def test_siblings_may_change_places(poll: Polling) -> None:
    """Pairs are hashed in the order of their values: both orders are the same nodes."""
    left, right = poll.roll.nodes(1)
    vote = poll.vote(0, PINE)
    place, *words = poll.packed(vote, 1)
    swapped = [[right, left], [[1 - place, *words]]]
    assert not skipped(poll.contract.castBatch(*swapped, {"from": accounts[0]}))
    counted(poll, vote)


def test_ballot_outside_its_place_on_the_roll_is_skipped(poll: Polling) -> None:
    """Each wrong in another way; the voter's ballot itself stays good."""
    honest, other = poll.vote(0, PINE), poll.vote(1, PINE)
    depth = 2
    good, theirs = poll.packed(honest, depth), poll.packed(other, depth)
    heavier = poll.vote(0, PINE, weight=2)
    path = good[-1:]
    bent = {
        "another's node": [(good[0] + 1) % 4, *good[1:]],
        "a node beyond the last": [4, *good[1:]],
        "a node far beyond": [2**256 - 1, *good[1:]],
        "no proof": good[:-1],
        "a longer proof": [*good, 0],
        "another's proof": [theirs[0], *good[1:-1], theirs[-1]],
        "a weight that the roll does not give": [good[0], *heavier.words, *path],
        "a node as a leaf": [good[0], *good[1:-1], good[0]],
    }
    for name, words in bent.items():
        ((index, signer, reason),) = skipped(poll.cast_batch([words], depth))
        assert (index, signer) == (0, voter(0).address), name
        assert reason[:4] == selector("NotOnRoll(address,uint256)"), name
    counted(poll)
    assert not skipped(poll.cast_batch([good], depth))
    counted(poll, honest)


def test_ballot_of_somebody_beside_the_roll_is_skipped(poll: Polling) -> None:
    known = poll.packed(poll.vote(0, PINE), 0)
    stranger = poll.vote(100, PINE, roll_proof=[])
    for words in ([0, *stranger.words], [0, *stranger.words, *known[-3:]]):
        ((_, signer, reason),) = skipped(poll.cast_batch([words], 0))
        assert signer == voter(100).address
        assert reason[:4] == selector("NotOnRoll(address,uint256)")
    counted(poll)


def test_ballot_twice_in_a_batch_counts_once(poll: Polling) -> None:
    vote, other = poll.vote(0, PINE), poll.vote(0, OAK)
    found = skipped(poll.cast_batch([vote, vote, other]))
    assert [each[:2] for each in found] == [(i, voter(0).address) for i in (1, 2)]
    assert all(each[2][:4] == selector("WrongTracker(bytes32,bytes32)") for each in found)
    counted(poll, vote)


def test_batch_takes_weighted_ballots_and_replacements(board: Board, at_time: Any) -> None:
    poll = Polling(board, weights=[3, 1, 2**20])
    at_time(poll.opens)
    heavy, light, heaviest = (poll.vote(i, PINE) for i in range(3))
    again, lighter = poll.vote(0, OAK, replaces=heavy), poll.vote(1, LIME, replaces=light)
    receipt = poll.cast_batch([heavy, light, heaviest, again, lighter])
    assert not skipped(receipt)
    counted(poll, again, lighter, heaviest)
    third = poll.vote(0, LIME, replaces=again)
    wrong = replace(third, weighted=[*third.weighted[:-1], third.weighted[0]])
    other = replace(third, replaced=heavy)
    reasons = [each[2][:4] for each in skipped(poll.cast_batch([wrong, other]))]
    assert reasons == [
        selector("InvalidWeightedPoint(uint256)"),
        selector("WrongReplacedBallot(bytes32,bytes32)"),
    ]
    poll.cast_batch([third])
    counted(poll, third, lighter, heaviest)
    assert poll.contract.castWeight() == 2**20 + 4


def test_cast_weight_of_a_batch_never_exceeds_the_total(board: Board, at_time: Any) -> None:
    poll = Polling(board, weights=[2, 2, 1], total_weight=3)
    at_time(poll.opens)
    votes = [poll.vote(i, PINE) for i in range(3)]
    ((index, _, reason),) = skipped(poll.cast_batch(votes))
    assert index == 1
    assert reason == selector("InvalidWeight(uint256,uint256)") + b"".join(
        each.to_bytes(32, "big") for each in (2, 1)
    )
    counted(poll, votes[0], votes[2])
