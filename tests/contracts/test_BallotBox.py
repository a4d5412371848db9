"""How ballots get into a poll, and how they do not."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import pytest
from brownie import accounts, chain

from support.boards import Board
from support.harnesses import Call, Reverted
from support.polls import (
    CHOOSE_ONE,
    CLOSED,
    ID,
    OPEN,
    SCHEDULED,
    TALLIED,
    VOID,
    Polling,
    Vote,
    ready_board,
    voter,
    weighted,
)
from veche.chain import arguments
from veche.chain.arguments import ballot_hints
from veche.crypto import ballot_proof, elgamal
from veche.crypto.elgamal import Ciphertext
from veche.crypto.group import G, N, Scalar
from veche.crypto.questions import Questions
from veche.protocol.entries import Entry, leaf
from veche.protocol.merkle_tree import MerkleTree
from veche.protocol.signature import Signature
from veche.protocol.trackers import NO_BALLOT

PINE, LIME, OAK = (1, 0, 0), (0, 1, 0), (0, 0, 1)

Opened = Callable[..., Polling]


@pytest.fixture(scope="module")
def board() -> Board:
    return ready_board()


@pytest.fixture
def opened(board: Board, at_time: Any) -> Opened:
    """A poll that has just opened."""

    def make(questions: Questions = CHOOSE_ONE, weights: Sequence[int] = (1, 1, 1)) -> Polling:
        poll = Polling(board, questions=questions, weights=weights)
        at_time(poll.opens)
        return poll

    return make


@pytest.fixture
def poll(opened: Opened) -> Polling:
    return opened()


def refuse(fails_with: Any, poll: Polling, vote: Vote, name: str, values: Sequence[Any]) -> None:
    """Asserts that the ballot is refused, carried by somebody."""
    arguments = vote.arguments()
    fails_with(name, tuple(values), poll.contract.cast, *arguments, sender=accounts[9])


def total(votes: Sequence[Vote]) -> list[Ciphertext]:
    return [elgamal.total(column) for column in zip(*(v.growth for v in votes), strict=True)]


# -- Casting --


def test_cast_counts_a_ballot(poll: Polling, call: Call) -> None:
    vote = poll.vote(0, PINE)
    receipt = poll.cast(vote, sender=accounts[7])
    assert call(poll.contract.tracker, voter(0).address) == vote.tracker
    assert (poll.contract.voterCount(), poll.contract.castWeight()) == (1, 1)
    assert poll.sums() == list(vote.ciphertexts)
    event = receipt.events["BallotCast"]
    assert (event["voter"], bytes(event["tracker"])) == (voter(0).address, vote.tracker)
    assert (event["weight"], bytes(event["replaces"])) == (1, NO_BALLOT)
    assert event["deadline"] == vote.signed.deadline
    assert bytes(event["r"]) + bytes(event["vs"]) == vote.signed.signature.encoded
    assert list(event["ballot"]) == vote.signed.ballot.words


def test_sums_are_those_of_all_ballots(opened: Opened) -> None:
    poll = opened(weights=(1, 5, 2**30), questions=Questions.of((2, 1, 0, 2), (1, 3, 1, 3)))
    votes = [poll.vote(i, scores) for i, scores in enumerate(((1, 0, 3), (1, 1, 1), (0, 0, 2)))]
    for vote in votes:
        poll.cast(vote)
    assert poll.sums() == total(votes)
    assert (poll.contract.voterCount(), poll.contract.castWeight()) == (3, 2**30 + 6)


@pytest.mark.parametrize("weights", [(1, 1, 1), (4, 1, 1)])
def test_last_ballot_counts(opened: Opened, call: Call, weights: tuple[int, ...]) -> None:
    poll = opened(weights=weights)
    first, other = poll.vote(0, PINE), poll.vote(1, OAK)
    second = poll.vote(0, LIME, replaces=first)
    third = poll.vote(0, PINE, replaces=second)
    for vote, expected in (
        (first, [first]),
        (other, [first, other]),
        (second, [second, other]),
        (third, [third, other]),
    ):
        poll.cast(vote)
        assert poll.sums() == total(expected)
    assert call(poll.contract.tracker, voter(0).address) == third.tracker
    assert (poll.contract.voterCount(), poll.contract.castWeight()) == (2, weights[0] + 1)


def test_cast_fails_outside_the_open_phase(
    board: Board, fails_with: Any, at_time: Any, poll: Polling
) -> None:
    early, sender = Polling(board), accounts[1]
    refuse(fails_with, early, early.vote(0, PINE), "WrongPhase", (OPEN, SCHEDULED))
    fails_with("WrongPhase", (OPEN, SCHEDULED), early.contract.castBatch, [], [], sender=sender)
    late = poll.vote(0, PINE)
    at_time(poll.closes)
    refuse(fails_with, poll, late, "WrongPhase", (OPEN, VOID))
    fails_with("WrongPhase", (OPEN, VOID), poll.contract.castBatch, [], [], sender=sender)


def test_cast_fails_once_enough_have_voted_and_the_poll_is_closed(
    poll: Polling, fails_with: Any, at_time: Any
) -> None:
    late = poll.vote(2, PINE)
    poll.cast_batch([poll.vote(0, PINE), poll.vote(1, OAK)])
    at_time(poll.closes)
    refuse(fails_with, poll, late, "WrongPhase", (OPEN, CLOSED))


def test_roll_is_not_published_once_there_is_a_ballot(poll: Polling, fails_with: Any) -> None:
    """Entries behind the roll's end would make it another for whoever reads it all."""
    publish, entries = poll.catalogue.publishRoll, [[voter(9).address, 1]]
    roll = ID, poll.version, len(poll.weights), entries
    publish(*roll, {"from": poll.official})
    poll.cast(poll.vote(0, PINE))
    fails_with("HasBallots", (1,), publish, *roll, sender=poll.official)
    poll.cast_batch([poll.vote(1, OAK)])
    fails_with("HasBallots", (2,), publish, *roll, sender=poll.official)


def test_roll_is_not_published_once_the_poll_is_over(
    poll: Polling, fails_with: Any, at_time: Any
) -> None:
    publish, entries = poll.catalogue.publishRoll, [[voter(9).address, 1]]
    roll = ID, poll.version, 0, entries
    poll.cast_batch([poll.vote(0, PINE), poll.vote(1, OAK)])
    at_time(poll.closes)
    fails_with("WrongPhase", (SCHEDULED, CLOSED), publish, *roll, sender=poll.official)
    for index in (1, 2):
        poll.share(index)
    poll.publish_result()
    fails_with("WrongPhase", (SCHEDULED, TALLIED), publish, *roll, sender=poll.official)


def test_cancel_fails_once_there_is_a_ballot(poll: Polling, fails_with: Any) -> None:
    poll.cast(poll.vote(0, PINE))
    cancel = poll.catalogue.cancel
    fails_with("HasBallots", (1,), cancel, ID, poll.version, sender=poll.official)


# -- Signature and deadline --


def test_cast_fails_if_somebody_else_signed(poll: Polling, call: Call, fails_with: Any) -> None:
    """A stuffed ballot of an absent voter."""
    vote = poll.vote(0, PINE, signer=voter(1))
    values = tuple(each.address.lower() for each in (voter(0), voter(1)))
    refuse(fails_with, poll, vote, "InvalidSignature", values)
    call(poll.contract.cast, *poll.vote(0, PINE).arguments(), sender=accounts[9])


def signer_of(call: Call, poll: Polling, vote: Vote) -> str:
    """Who the contract thinks has signed a ballot that it refuses for that."""
    with pytest.raises(Reverted) as caught:
        call(poll.contract.cast, *vote.arguments(), sender=accounts[1])
    name, (claimed, signer) = caught.value.verdict
    assert name == "InvalidSignature"
    assert claimed == voter(0).address.lower()
    return str(signer)


def test_cast_fails_if_anything_signed_is_changed(poll: Polling, call: Call) -> None:
    honest, other = poll.vote(0, PINE), poll.vote(0, OAK)
    signed = honest.signed
    others_ciphertexts = replace(signed.ballot, ciphertexts=other.ciphertexts)
    changed = {
        "deadline": replace(signed, deadline=signed.deadline + 1),
        "replaced tracker": replace(signed, replaces=b"\1" * 32),
        "weight": replace(signed, weight=2),
        "ciphertexts": replace(signed, ballot=others_ciphertexts),
        "signature": replace(signed, signature=other.signed.signature),
        "poll": poll.vote(0, PINE, poll=accounts[3].address).signed,
    }
    for name, each in changed.items():
        signer = signer_of(call, poll, replace(honest, signed=each))
        assert signer != voter(0).address.lower(), name


def test_cast_fails_if_nobody_signed(poll: Polling, call: Call) -> None:
    vote = poll.vote(0, PINE)
    r, vs = vote.signed.signature.r, vote.signed.signature.vs
    just_too_high = (N // 2 + 1).to_bytes(32, "big")
    for signature in (
        Signature(bytes(32), bytes(32)),
        Signature(r, bytes(32)),
        Signature(r, just_too_high),
        Signature((N + 1).to_bytes(32, "big"), vs),
    ):
        unsigned = replace(vote, signed=replace(vote.signed, signature=signature))
        nobody = signer_of(call, poll, unsigned)
        assert int(nobody, 16) == 0


def test_nobody_votes_as_the_zero_address(board: Board, at_time: Any, call: Call) -> None:
    """What no signature gives is no voter, whatever the roll says."""
    nobody = Entry("0x" + "00" * 20, 1)
    poll = Polling(board, root=MerkleTree.of([leaf(nobody)]).root)
    at_time(poll.opens)
    vote = poll.vote(0, PINE, address=nobody.voter, roll_proof=[])
    unsigned = replace(vote.signed, signature=Signature(bytes(32), bytes(32)))
    vote = replace(vote, signed=unsigned)
    with pytest.raises(Reverted) as caught:
        call(poll.contract.cast, *vote.arguments(), sender=accounts[1])
    assert caught.value.verdict == ("InvalidSignature", (nobody.voter, nobody.voter))


def test_withheld_ballot_fails_past_its_deadline(
    poll: Polling, call: Call, fails_with: Any, at_time: Any
) -> None:
    deadline = poll.opens + 100
    vote = poll.vote(0, PINE, deadline=deadline)
    at_time(deadline)
    call(poll.contract.cast, *vote.arguments(), sender=accounts[1])
    at_time(deadline + 1)
    refuse(fails_with, poll, vote, "BallotExpired", (deadline, deadline + 1))


def test_swapped_poll_at_the_same_address_refuses_the_ballot(
    board: Board, at_time: Any, call: Call
) -> None:
    """After a reorganisation another poll may stand where the voter's stood."""
    chain.snapshot()
    poll = Polling(board, opens=chain[-1].timestamp + 5_000)
    vote, address = poll.vote(0, PINE), poll.contract.address
    chain.revert()
    swapped = Polling(board, opens=poll.opens, content='{"title": "another question"}')
    assert swapped.contract.address == address
    assert swapped.hash != poll.hash
    at_time(poll.opens)
    assert signer_of(call, swapped, vote) != voter(0).address.lower()


# -- Roll and weights --


def test_cast_fails_if_the_roll_says_otherwise(poll: Polling, fails_with: Any) -> None:
    stranger = poll.vote(7, PINE, roll_proof=poll.roll.path(voter(0).address, 0)[1])
    refuse(fails_with, poll, stranger, "NotOnRoll", (voter(7).address.lower(), 1))
    heavier = poll.vote(0, PINE, weight=2)
    refuse(fails_with, poll, heavier, "NotOnRoll", (voter(0).address.lower(), 2))
    honest = poll.vote(0, PINE)
    for proof in ([], honest.roll_proof[:-1], [*honest.roll_proof, bytes(32)]):
        vote = replace(honest, roll_proof=proof)
        refuse(fails_with, poll, vote, "NotOnRoll", (voter(0).address.lower(), 1))


def rolled(
    board: Board, entries: Sequence[Entry], *, total_weight: int
) -> tuple[Polling, MerkleTree]:
    """A poll whose roll no honest official would publish."""
    tree = MerkleTree.of(leaf(each) for each in entries)
    return Polling(board, root=tree.root, total_weight=total_weight), tree


def path(tree: MerkleTree, entry: Entry) -> list[bytes]:
    place = tree.place(leaf(entry))
    assert place is not None
    return tree.path(place)


@pytest.mark.parametrize("weight", [0, 4, 2**40, N - 1, N, N + 1, 2**256 - 1])
def test_cast_fails_if_the_weight_is_more_than_the_roll_has(
    board: Board, at_time: Any, fails_with: Any, weight: int
) -> None:
    """Zero, huge and, mod n, negative weights on a faulty roll."""
    entry = Entry(voter(0).address, weight)
    poll, tree = rolled(board, [entry, Entry(voter(1).address, 1)], total_weight=3)
    at_time(poll.opens)
    vote = poll.vote(0, PINE, weight=weight, roll_proof=path(tree, entry))
    refuse(fails_with, poll, vote, "InvalidWeight", (weight, 3))


def test_cast_weight_never_exceeds_the_total(board: Board, at_time: Any, fails_with: Any) -> None:
    entries = [Entry(voter(i).address, 2) for i in range(2)]
    poll, tree = rolled(board, entries, total_weight=3)
    at_time(poll.opens)
    first, second = (
        poll.vote(i, PINE, weight=2, roll_proof=path(tree, entries[i])) for i in range(2)
    )
    poll.cast(first)
    refuse(fails_with, poll, second, "InvalidWeight", (2, 1))


def test_second_leaf_of_a_voter_gives_no_second_weight(
    board: Board, at_time: Any, fails_with: Any
) -> None:
    """A roll with a voter twice: the other weight can neither be added nor replace the first."""
    entries = [Entry(voter(0).address, weight) for weight in (1, 5)]
    poll, tree = rolled(board, entries, total_weight=6)
    at_time(poll.opens)
    light, heavy = (
        poll.vote(0, PINE, weight=entry.weight, roll_proof=path(tree, entry)) for entry in entries
    )
    poll.cast(light)
    refuse(fails_with, poll, heavy, "WrongTracker", (light.tracker, NO_BALLOT))
    again = poll.vote(0, OAK, weight=5, roll_proof=path(tree, entries[1]), replaces=light)
    as_if = poll.vote(0, PINE, weight=5, roll_proof=[])
    refuse(fails_with, poll, again, "WrongReplacedBallot", (light.tracker, as_if.tracker))


def test_cast_fails_if_a_weighted_point_is_wrong(opened: Opened, fails_with: Any) -> None:
    poll = opened(weights=(3, 1))
    first = poll.vote(0, PINE)
    count = len(first.weighted)
    wrong = [-each for each in first.weighted], [each + each for each in first.weighted]
    for at in (0, 1, count - 1):
        for points in wrong:
            hints = [*first.weighted[:at], points[at], *first.weighted[at + 1 :]]
            vote = replace(first, weighted=hints)
            refuse(fails_with, poll, vote, "InvalidWeightedPoint", (at,))
    for hints in ([], first.weighted[:-1], [*first.weighted, first.weighted[0]]):
        vote = replace(first, weighted=hints)
        refuse(fails_with, poll, vote, "InvalidHintCount", (count, len(hints)))
    poll.cast(first)
    second = poll.vote(0, LIME, replaces=first)
    refuse(
        fails_with,
        poll,
        replace(second, weighted=second.weighted[:count]),
        "InvalidHintCount",
        (2 * count, count),
    )
    hints = [*second.weighted[:-1], second.weighted[0]]
    refuse(
        fails_with, poll, replace(second, weighted=hints), "InvalidWeightedPoint", (2 * count - 1,)
    )


def test_weighted_points_that_are_none_are_refused(opened: Opened, call: Call) -> None:
    poll = opened(weights=(3, 1))
    vote = poll.vote(0, PINE)
    arguments = vote.arguments()
    for point in ([0, 0], [1, 1], [2**256 - 1, 2**256 - 1]):
        arguments[3][1][2] = point
        with pytest.raises(Reverted) as caught:
            call(poll.contract.cast, *arguments, sender=accounts[1])
        assert caught.value.verdict == ("InvalidWeightedPoint", (2,))


def test_ballot_of_weight_one_needs_no_multiples(poll: Polling, fails_with: Any) -> None:
    vote = poll.vote(0, PINE)
    given = weighted(replace(vote.signed, weight=2), None)
    vote = replace(vote, weighted=given)
    refuse(fails_with, poll, vote, "InvalidHintCount", (0, len(given)))


# -- Replacement --


def test_old_ballot_cannot_be_brought_back(poll: Polling, fails_with: Any) -> None:
    """t1 → t2 → t1, by who kept the first."""
    first = poll.vote(0, PINE)
    second = poll.vote(0, LIME, replaces=first)
    poll.cast(first)
    refuse(fails_with, poll, first, "WrongTracker", (first.tracker, NO_BALLOT))
    poll.cast(second)
    for vote, names in ((first, NO_BALLOT), (second, first.tracker)):
        refuse(fails_with, poll, vote, "WrongTracker", (second.tracker, names))


def test_replacement_fails_if_there_is_nothing_to_replace(poll: Polling, fails_with: Any) -> None:
    first = poll.vote(0, PINE)
    vote = poll.vote(0, LIME, replaces=first)
    refuse(fails_with, poll, vote, "WrongTracker", (NO_BALLOT, first.tracker))


def test_replacement_fails_if_the_replaced_ballot_is_another(
    poll: Polling, call: Call, fails_with: Any
) -> None:
    first, other = poll.vote(0, PINE), poll.vote(1, PINE)
    second = poll.vote(0, LIME, replaces=first)
    poll.cast(first)
    poll.cast(other)
    honest = second.arguments()[2]
    for replaced in (
        [honest[0], arguments.ciphertexts(other.ciphertexts)],
        [honest[0], honest[1][:-1]],
        [honest[0], [*honest[1], honest[1][0]]],
        [honest[0], honest[1][::-1]],
        [honest[0], []],
        [second.tracker, honest[1]],
    ):
        bent = second.arguments()
        bent[2] = replaced
        with pytest.raises(Reverted) as caught:
            call(poll.contract.cast, *bent, sender=accounts[1])
        name, values = caught.value.verdict
        assert (name, values[0]) == ("WrongReplacedBallot", first.tracker)
    poll.cast(second)
    third = poll.vote(0, OAK, replaces=second)
    as_if_first = third.arguments()
    as_if_first[2][0] = NO_BALLOT
    with pytest.raises(Reverted) as caught:
        call(poll.contract.cast, *as_if_first, sender=accounts[1])
    assert caught.value.verdict[0] == "WrongReplacedBallot"
    refuse(fails_with, poll, first, "WrongTracker", (second.tracker, NO_BALLOT))


def test_what_a_first_ballot_replaces_is_not_looked_at(poll: Polling) -> None:
    first, other = poll.vote(0, PINE), poll.vote(1, OAK)
    poll.cast(replace(first, replaced=other))
    assert poll.sums() == list(first.ciphertexts)


def test_voter_may_replace_a_ballot_often(poll: Polling) -> None:
    last = poll.vote(0, PINE)
    poll.cast(last)
    for turn in range(40):
        last = poll.vote(0, (PINE, LIME, OAK)[turn % 3], replaces=last, seed=str(turn))
        poll.cast(last)
    assert poll.sums() == list(last.ciphertexts)


# -- Proof --


def test_copied_ballot_is_refused(poll: Polling, call: Call) -> None:
    """Another voter signs somebody's ciphertexts and proof (Cortier, Smyth 2011)."""
    original = poll.vote(0, PINE)
    copy = poll.vote(1, PINE, encrypted=_opened(poll, original))
    hints = ballot_proof.hints(
        original.signed.ballot, questions=poll.questions, key=poll.key, tracker=copy.tracker
    )
    sums = ballot_hints(hints, poll.questions.choices)
    copy = replace(copy, signed=replace(copy.signed, ballot=original.signed.ballot), sums=sums)
    with pytest.raises(Reverted) as caught:
        call(poll.contract.cast, *copy.arguments(), sender=accounts[1])
    assert caught.value.verdict[0] == "InvalidProof"


def _opened(poll: Polling, vote: Vote) -> tuple[Any, Any]:
    encrypted = poll.encrypt(PINE, f"0 {PINE} ")
    assert encrypted[0] == vote.ciphertexts
    return encrypted


def test_score_of_n_and_one_more_is_refused(poll: Polling, call: Call) -> None:
    """m + n is the same ciphertext as m, and the proof is about what is encrypted."""
    ciphertexts, opening = poll.encrypt(PINE, "wrapped")
    doubled = (elgamal.encrypt(poll.key, 2, opening.randomness[0]), *ciphertexts[1:])
    r = opening.randomness[0]
    wrapped = Ciphertext(G * r, poll.key * r + G * Scalar((N + 1) % N))
    assert wrapped == ciphertexts[0]
    vote = poll.vote(0, PINE, encrypted=(doubled, opening))
    with pytest.raises(Reverted) as caught:
        call(poll.contract.cast, *vote.arguments(), sender=accounts[1])
    assert caught.value.verdict[0] == "InvalidProof"


@pytest.mark.parametrize("change", [lambda words: words[:-2], lambda words: [*words, 1]])
def test_ballot_of_another_shape_is_refused(poll: Polling, call: Call, change: Any) -> None:
    """Before anything else of it is looked at: its ciphertexts cannot be told from the rest."""
    arguments = poll.vote(0, PINE).arguments()
    words = arguments[0][-1]
    arguments[0][-1] = change(words)
    with pytest.raises(Reverted) as caught:
        call(poll.contract.cast, *arguments, sender=accounts[1])
    assert caught.value.verdict == ("InvalidBallotShape", (len(words), len(change(words))))


def test_wrong_hints_refuse_a_good_ballot(poll: Polling, fails_with: Any) -> None:
    vote = poll.vote(0, PINE)
    count = len(vote.sums)
    refuse(fails_with, poll, replace(vote, sums=[]), "InvalidHintCount", (count, 0))
    swapped = [*vote.sums[4:8], *vote.sums[:4], *vote.sums[8:]]
    refuse(fails_with, poll, replace(vote, sums=swapped), "InvalidHint", (0,))
