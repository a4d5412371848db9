"""The largest of everything fits into a transaction, on every fork that counts."""

from __future__ import annotations

from typing import Any

import pytest

from support.boards import Board, point
from support.ceremonies import Ceremony
from support.embedded_chain import MOST_GAS
from support.polls import Polling, Vote, ready_board
from veche.chain.transactions import SPARE
from veche.chain.trustee_call import CONFIRM_GAS
from veche.crypto.group import G
from veche.crypto.questions import MAX_CHOICES, MAX_VALUES, Questions
from veche.protocol.texts import MAX_BYTES

CALLDATA = 128 * 1024
ENVELOPE = 300
"""Bytes of a signed transaction around its data, at most."""
ESTIMATED = int(MOST_GAS / SPARE)
"""Gas that leaves room for what clients offer beside an estimate."""

READY, BAD_SHARE = 2, 1

LARGEST = {
    "60 choices": Questions.of((60, 100, 0, 6000)),
    "60 questions": Questions.of(*[(1, 100, 0, 99)] * 60),
    "the widest totals": Questions.of(*[(2, 100, 0, 100)] * 30),
}


def fits(receipt: Any, *, offered: int = ESTIMATED) -> None:
    """Asserts that a transaction succeeded within the limits, and with the gas that clients offer
    for it.
    """
    assert receipt.status == 1
    assert receipt.gas_used < offered
    assert len(receipt.input) // 2 - 1 + ENVELOPE < CALLDATA


def test_largest_questions_are_at_the_limits() -> None:
    for each in LARGEST.values():
        assert (each.choices, each.degree) == (MAX_CHOICES, MAX_VALUES)


# -- Boards --


@pytest.mark.parametrize("threshold", [9, 16])
def test_largest_board_fits(threshold: int) -> None:
    board = Board(Ceremony(threshold, 16, "largest"))
    receipts = [board.convening, *(board.deal(dealer) for dealer in board.ceremony.indices)]
    blame = board.blame(16, 15)
    receipts += [board.confirm(index) for index in board.ceremony.indices]
    assert board.contract.phase() == READY
    for receipt in receipts:
        fits(receipt)
    assert receipts[-1].gas_used < CONFIRM_GAS
    assert point(board.contract.verificationKey(16)) == G * board.ceremony.secret(16)
    assert len(board.contract.blame.encode_input(*blame)) // 2 < CALLDATA


def test_blame_on_the_largest_board_fits() -> None:
    board = Board(Ceremony(9, 16, "largest"))
    for dealer in board.ceremony.indices[:-1]:
        board.deal(dealer)
    board.deal_badly(16, 15, 5)
    fits(board.post_blame(16, 15))
    assert board.contract.failure() == BAD_SHARE


# -- Polls --


@pytest.fixture(scope="module")
def board() -> Board:
    return ready_board()


def scores(questions: Questions, by: int) -> tuple[int, ...]:
    """Scores that the questions allow, different for every voter."""
    given = [0] * questions.choices
    given[by % questions.choices] = 1
    return tuple(given)


@pytest.mark.parametrize("name", LARGEST)
def test_largest_ballots_fit(board: Board, at_time: Any, call: Any, name: str) -> None:
    """Weighted ones, on a roll of a million's depth, replaced once: the dearest of all."""
    questions = LARGEST[name]
    poll = Polling(board, questions, [1_000_000, 3], content="w" * MAX_BYTES)
    fits(poll.publishing)
    at_time(poll.opens)
    votes: list[Vote] = []
    for index, by in ((0, 0), (1, 1), (0, 2)):
        replaces = votes[0] if by == 2 else None
        vote = poll.vote(index, scores(questions, by), replaces=replaces)
        votes.append(vote)
        receipt = poll.cast(vote)
        fits(receipt, offered=poll.offered([vote]))
        assert len(receipt.input) // 2 + 20 * 32 + ENVELOPE < CALLDATA
    at_time(poll.closes)
    for index in (1, 2):
        fits(poll.share(index))
    fits(poll.publish_result())
    expected = [0] * questions.choices
    expected[1 % questions.choices] += 3
    expected[2 % questions.choices] += 1_000_000
    assert list(call(poll.contract.result)) == expected


@pytest.mark.parametrize("threshold", [9, 16])
def test_result_of_the_largest_board_fits(at_time: Any, call: Any, threshold: int) -> None:
    poll = Polling(
        ready_board(threshold, 16, "largest poll"), questions=Questions.of((60, 1, 0, 60))
    )
    at_time(poll.opens)
    poll.cast_batch([poll.vote(i, [i, *[1] * 59]) for i in range(2)])
    at_time(poll.closes)
    for index in range(17 - threshold, 17):
        fits(poll.share(index))
    fits(poll.publish_result())
    assert call(poll.contract.result) == (1, *[2] * 59)
