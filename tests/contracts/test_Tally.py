"""From the close to a result that cannot be wrong."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pytest
from brownie import accounts

from support.boards import Board, point
from support.harnesses import Call, Reverted
from support.polls import (
    CHOOSE_ONE,
    CLOSED,
    CONTENT,
    OPEN,
    TALLIED,
    VOID,
    Polling,
    Share,
    ready_board,
    voter,
)
from support.samples import seeded
from veche.chain import arguments
from veche.crypto import elgamal, transcript
from veche.crypto.ballot_proof import Opening
from veche.crypto.group import INFINITY, G, N, Point, Scalar, Secret
from veche.crypto.questions import Questions
from veche.crypto.sigma import random_secret

PINE, LIME, OAK = (1, 0, 0), (0, 1, 0), (0, 0, 1)

Closed = Callable[..., Polling]


@pytest.fixture(scope="module")
def board() -> Board:
    return ready_board()


@pytest.fixture
def closed(board: Board, at_time: Any) -> Closed:
    """A poll that is over, with these votes."""

    def make(
        votes: Sequence[Sequence[int]] = (PINE, LIME, LIME),
        *,
        of: Board = board,
        questions: Questions = CHOOSE_ONE,
        weights: Sequence[int] | None = None,
        content: str = CONTENT,
    ) -> Polling:
        weights = weights or [1] * len(votes)
        poll = Polling(of, questions=questions, weights=weights, content=content)
        at_time(poll.opens)
        poll.cast_batch([poll.vote(i, scores) for i, scores in enumerate(votes)])
        at_time(poll.closes)
        return poll

    return make


@pytest.fixture
def poll(closed: Closed) -> Polling:
    return closed()


def refuse_share(
    fails_with: Any, poll: Polling, share: Share, name: str, values: Sequence[Any]
) -> None:
    fails_with(name, tuple(values), poll.contract.postShare, *share.arguments(), sender=accounts[9])


def refuse_result(
    fails_with: Any, poll: Polling, arguments: Any, name: str, values: Sequence[Any]
) -> None:
    fails_with(name, tuple(values), poll.contract.publishResult, *arguments, sender=accounts[9])


# -- Result --


@pytest.mark.parametrize("quorum", [(1, 2), (2, 1), (3, 1), (2, 3)])
def test_quorum_gives_the_result(poll: Polling, call: Call, quorum: tuple[int, int]) -> None:
    assert call(poll.contract.result) == ()
    for index in quorum:
        receipt = poll.share(index)
        assert receipt.events["SharePosted"]["trustee"] == index
    assert call(poll.contract.sharesPosted) == quorum
    assert poll.scores() == [1, 2, 0]
    receipt = poll.publish_result()
    assert list(receipt.events["ResultPublished"]["scores"]) == [1, 2, 0]
    assert call(poll.contract.result) == (1, 2, 0)
    assert poll.contract.phase() == TALLIED


def test_shares_beyond_the_quorum_change_nothing(poll: Polling, call: Call) -> None:
    for index in (3, 1, 2):
        poll.share(index)
    poll.publish_result()
    assert call(poll.contract.result) == (1, 2, 0)
    assert call(poll.contract.sharesPosted) == (3, 1, 2)


def test_weights_and_scores_add_up(closed: Closed, call: Call) -> None:
    questions = Questions.of((2, 1, 1, 1), (2, 5, 0, 10))
    votes = [(1, 0, 5, 0), (0, 1, 3, 1), (1, 0, 0, 0)]
    poll = closed(votes, questions=questions, weights=[7, 1, 1_000_000])
    poll.share(1)
    poll.share(3)
    poll.publish_result()
    assert call(poll.contract.result) == (1_000_007, 1, 38, 1)


def test_every_trustee_may_be_needed(closed: Closed, call: Call) -> None:
    poll = closed(of=ready_board(3, 3, "all of them"))
    for index in (2, 3, 1):
        poll.share(index)
    poll.publish_result()
    assert call(poll.contract.result) == (1, 2, 0)


def test_sums_hash_is_the_protocols(poll: Polling, call: Call) -> None:
    pairs = [each.pair for each in poll.sums()]
    assert call(poll.contract.sumsHash) == transcript.sums_hash(poll.hash, sums=pairs)


# -- Sums at infinity --


def cancelled_out(poll: Polling, score: int) -> list[Any]:
    """Two ballots whose randomness cancels out, for the choices after the first."""
    entropy = seeded("cancel")
    secrets = [random_secret(entropy) for _ in range(poll.questions.choices)]
    votes = []
    for index, sign in enumerate((1, -1)):
        randomness = [Secret(sign * each.reveal().value % N) for each in secrets]
        randomness[0] = Secret(17 + index)
        scores = (score, *[0] * (poll.questions.choices - 1))
        ciphertexts = tuple(
            elgamal.encrypt(poll.key, m, r) for m, r in zip(scores, randomness, strict=True)
        )
        opening = Opening(scores, tuple(randomness))
        votes.append(poll.vote(index, scores, encrypted=(ciphertexts, opening)))
    return votes


@pytest.mark.parametrize("all_of_it", [False, True])
def test_sums_at_infinity_give_a_result(
    board: Board, at_time: Any, call: Call, fails_with: Any, *, all_of_it: bool
) -> None:
    """r and −r bring sums to infinity: shares and result must go on."""
    poll = Polling(board, questions=Questions.of((3, 2, 0, 6)))
    at_time(poll.opens)
    votes = cancelled_out(poll, 2)
    for vote in votes:
        poll.cast(vote)
    if all_of_it:
        opposite = Secret(-35 % N)
        entropy = seeded("rest")
        pads = [opposite, *(random_secret(entropy) for _ in range(2))]
        ciphertexts = tuple(elgamal.encrypt(poll.key, 0, r) for r in pads)
        poll.cast(poll.vote(2, (0, 0, 0), encrypted=(ciphertexts, Opening((0, 0, 0), tuple(pads)))))
    sums = poll.sums()
    assert [bool(each.a) for each in sums] == (
        [False, True, True] if all_of_it else [True, False, False]
    )
    at_time(poll.closes)
    hinted = poll.prepare_share(1)
    assert [bool(each) for each in hinted.statement.points] == [bool(each.a) for each in sums]
    poll.share(1)
    poll.share(2)
    for scores, choice in (((4, 1, 0), 1), ((3, 0, 0), 0), ((0, 0, 0), 0)):
        arguments = poll.result_arguments(scores)
        refuse_result(fails_with, poll, arguments, "WrongScore", (choice, scores[choice]))
    poll.publish_result()
    assert call(poll.contract.result) == (4, 0, 0)


def test_point_where_the_sum_is_infinity_is_refused(
    board: Board, at_time: Any, fails_with: Any
) -> None:
    poll = Polling(board, questions=Questions.of((2, 2, 0, 4)))
    at_time(poll.opens)
    poll.cast_batch(cancelled_out(poll, 1))
    at_time(poll.closes)
    honest = poll.prepare_share(1).statement.points
    extra = poll.prepare_share(1, points=(honest[0], G))
    refuse_share(fails_with, poll, extra, "InvalidPoint", (G.x, G.y))
    missing = poll.prepare_share(1, points=(INFINITY, honest[1]))
    refuse_share(fails_with, poll, missing, "InvalidPoint", (0, 0))


# -- Phases --


def test_early_share_is_refused(board: Board, at_time: Any, fails_with: Any) -> None:
    poll = Polling(board)
    at_time(poll.opens)
    poll.cast_batch([poll.vote(0, PINE), poll.vote(1, OAK)])
    share = poll.prepare_share(1)
    at_time(poll.closes - 1)
    refuse_share(fails_with, poll, share, "WrongPhase", (CLOSED, OPEN))
    nothing: list[Any] = [[], [], []]
    refuse_result(fails_with, poll, nothing, "WrongPhase", (CLOSED, OPEN))


def test_poll_too_small_to_hide_in_is_void(closed: Closed, fails_with: Any, call: Call) -> None:
    poll = closed([PINE], weights=[5, 1, 1])
    assert poll.contract.phase() == VOID
    share = poll.prepare_share(1)
    refuse_share(fails_with, poll, share, "WrongPhase", (CLOSED, VOID))
    refuse_result(fails_with, poll, [[], [], []], "WrongPhase", (CLOSED, VOID))
    assert call(poll.contract.result) == ()


def test_second_result_is_refused(poll: Polling, fails_with: Any) -> None:
    poll.share(1)
    poll.share(2)
    arguments = poll.result_arguments(poll.scores())
    late = poll.prepare_share(3)
    poll.publish_result()
    refuse_result(fails_with, poll, arguments, "WrongPhase", (CLOSED, TALLIED))
    refuse_share(fails_with, poll, late, "WrongPhase", (CLOSED, TALLIED))


# -- Shares --


def test_share_is_carried_by_anyone_and_accepted_once(poll: Polling, fails_with: Any) -> None:
    share = poll.prepare_share(2)
    poll.contract.postShare(*share.arguments(), {"from": accounts[8]})
    refuse_share(fails_with, poll, share, "AlreadyShared", (2,))
    poll.share(1)
    refuse_share(fails_with, poll, share, "AlreadyShared", (2,))


@pytest.mark.parametrize("index", [0, 4, 17, 257, 2**256 - 1])
def test_share_of_nobody_is_refused(poll: Polling, fails_with: Any, index: int) -> None:
    arguments = poll.prepare_share(1).arguments()
    arguments[0] = index
    fails_with("UnknownTrustee", (index,), poll.contract.postShare, *arguments, sender=accounts[1])


def test_share_of_nobody_is_refused_when_all_have_shared(closed: Closed, fails_with: Any) -> None:
    poll = closed(of=ready_board(9, 16, "the largest board"))
    for index in range(1, 17):
        poll.share(index)
    for index in (0, 17, 257):
        arguments = poll.prepare_share(1).arguments()
        arguments[0] = index
        fails_with(
            "UnknownTrustee", (index,), poll.contract.postShare, *arguments, sender=accounts[1]
        )


def test_share_of_another_trustee_is_refused(poll: Polling, call: Call) -> None:
    arguments = poll.prepare_share(1).arguments()
    arguments[0] = 2
    with pytest.raises(Reverted) as caught:
        call(poll.contract.postShare, *arguments, sender=accounts[1])
    assert caught.value.verdict[0] == "InvalidProof"


def test_share_for_other_sums_is_refused(poll: Polling, fails_with: Any) -> None:
    """A node that shows a trustee fewer ballots gets nothing for it."""
    fewer = list(poll.vote(0, PINE).growth)
    pairs = [each.pair for each in fewer]
    shown = transcript.sums_hash(poll.hash, sums=pairs)
    share = poll.prepare_share(1, sums=fewer, sums_hash=shown)
    values = (bytes(poll.contract.sumsHash()), shown)
    refuse_share(fails_with, poll, share, "WrongSumsHash", values)


def test_wrong_share_is_refused(poll: Polling, call: Call) -> None:
    honest = poll.prepare_share(1)
    points = honest.statement.points
    shifted = (points[0] + G, *points[1:])
    for share in (
        poll.prepare_share(1, points=shifted),
        poll.prepare_share(1, points=points[::-1]),
        poll.prepare_share(1, secret=Secret(5)),
    ):
        with pytest.raises(Reverted) as caught:
            call(poll.contract.postShare, *share.arguments(), sender=accounts[1])
        assert caught.value.verdict[0] == "InvalidProof"
    arguments = honest.arguments()
    arguments[2] = arguments[2][:-1]
    with pytest.raises(Reverted) as caught:
        call(poll.contract.postShare, *arguments, sender=accounts[1])
    assert caught.value.verdict == ("InvalidShareShape", (3, 2))


def test_share_of_another_poll_is_refused(closed: Closed, call: Call) -> None:
    """The same sums in two polls; a proof is about one of them."""
    poll = closed()
    other = closed(content='{"title": "another"}')
    share = poll.prepare_share(1)
    arguments = share.arguments()
    arguments[1] = bytes(other.contract.sumsHash())
    with pytest.raises(Reverted) as caught:
        call(other.contract.postShare, *arguments, sender=accounts[1])
    assert caught.value.verdict[0] in ("InvalidHint", "InvalidProof")


# -- Wrong results --


@pytest.fixture
def shared(poll: Polling) -> Polling:
    poll.share(3)
    poll.share(1)
    return poll


def test_wrong_scores_are_refused(shared: Polling, fails_with: Any) -> None:
    for scores, choice in (
        ((0, 2, 0), 0),
        ((2, 2, 0), 0),
        ((1, 1, 0), 1),
        ((1, 2, 1), 2),
        ((2, 1, 0), 0),
    ):
        arguments = shared.result_arguments(scores)
        refuse_result(fails_with, shared, arguments, "WrongScore", (choice, scores[choice]))


@pytest.mark.parametrize("score", [4, 1 + N, 2**40, 2**256 - 1])
def test_scores_beyond_all_votes_are_refused(shared: Polling, fails_with: Any, score: int) -> None:
    """1 + n is the same point as 1, and no score."""
    for choice in range(3):
        scores = [1, 2, 0]
        scores[choice] = score
        arguments = shared.result_arguments(scores)
        refuse_result(fails_with, shared, arguments, "ScoreTooLarge", (choice, score, 3))


def test_result_needs_a_quorum(poll: Polling, fails_with: Any) -> None:
    for count in range(2):
        refuse_result(fails_with, poll, [[1, 2, 0], [], []], "TooFewShares", (2, count))
        poll.share(count + 1)
    poll.publish_result()


def test_lists_of_another_length_are_refused(shared: Polling, fails_with: Any) -> None:
    honest = shared.result_arguments([1, 2, 0])
    lengths = [len(each) for each in honest]
    for at in range(3):
        for change in (honest[at][:-1], [*honest[at], honest[at][0]], []):
            arguments = [*honest[:at], change, *honest[at + 1 :]]
            given = [*lengths[:at], len(change), *lengths[at + 1 :]]
            refuse_result(fails_with, shared, arguments, "InvalidResultShape", given)


def test_points_of_other_shares_are_refused(shared: Polling, fails_with: Any) -> None:
    honest = shared.result_arguments([1, 2, 0])
    scores, points, hints = honest
    for position, changed in (
        (0, [*points[3:], *points[:3]]),
        (0, [points[1], points[0], *points[2:]]),
        (0, [[points[0][0], points[0][1] ^ 1], *points[1:]]),
        (1, [*points[:3], *points[:3]]),
        (1, [*points[:5], arguments.points([G])[0]]),
    ):
        values = (position, (3, 1)[position])
        refuse_result(fails_with, shared, [scores, changed, hints], "WrongShare", values)


def test_wrong_combination_hints_are_refused(shared: Polling, fails_with: Any) -> None:
    scores, points, hints = shared.result_arguments([1, 2, 0])
    for at in range(3):
        own = point(hints[at])
        for wrong in (own + G, -own, G):
            changed = [*hints[:at], arguments.points([wrong])[0], *hints[at + 1 :]]
            bent = [scores, points, changed]
            refuse_result(fails_with, shared, bent, "InvalidCombination", (at,))
    for words in ([0, 0], [2**256 - 1, 2**256 - 1]):
        changed = [words, *hints[1:]]
        refuse_result(fails_with, shared, [scores, points, changed], "InvalidCombination", (0,))


def test_trustees_together_cannot_record_another_result(shared: Polling, call: Call) -> None:
    """Hints that would make up for a wrong score are no multiples of the points."""
    scores, points, hints = shared.result_arguments([2, 2, 0])
    shift = G * Scalar(N - 1)
    bent = arguments.points([Point.from_outside(*hints[0]) + shift])
    with pytest.raises(Reverted) as caught:
        call(
            shared.contract.publishResult,
            scores,
            points,
            [bent[0], *hints[1:]],
            sender=accounts[1],
        )
    assert caught.value.verdict == ("InvalidCombination", (0,))


def test_replaced_ballots_are_not_in_the_result(board: Board, at_time: Any, call: Call) -> None:
    poll = Polling(board, weights=[2, 1, 1])
    at_time(poll.opens)
    first = poll.vote(0, PINE)
    poll.cast_batch([first, poll.vote(1, PINE), poll.vote(0, OAK, replaces=first)])
    at_time(poll.closes)
    poll.share(2)
    poll.share(3)
    poll.publish_result()
    assert call(poll.contract.result) == (1, 0, 2)
    assert call(poll.contract.tracker, voter(2).address) == bytes(32)
