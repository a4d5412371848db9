"""The terms that boards and polls carry behind their code, as their catalogue has made them
(PROTOCOL §2).
"""

from __future__ import annotations

from typing import Final

from eth_abi.abi import encode

from veche.crypto.group import Point
from veche.protocol.board import BoardDefinition
from veche.protocol.definition import PollDefinition

WORD: Final = 32
POLL: Final = (
    "(address,bytes32,uint256,uint256,uint256,uint256,(uint256,uint256,uint256,uint256)[])",
    "(uint256,uint256)",
    "address",
    "uint256",
)
"""Terms, key, catalogue, and the number of the block in which the poll was made."""
BOARD: Final = (
    "(uint256,uint256,uint256,uint256,(address,(uint256,uint256))[],string)",
    "address",
    "uint256",
)
"""Terms, catalogue, and the number of the block in which the board was made."""


def of_poll(poll: PollDefinition, *, catalogue: str, block: int) -> bytes:
    """The terms of a poll that a catalogue made in a block."""
    terms = [
        poll.board,
        poll.roll_root,
        poll.total_weight,
        poll.opens,
        poll.closes,
        poll.min_voters,
        poll.questions.limits,
    ]
    return encode(POLL, [terms, _words(poll.key), catalogue, block])


def of_board(board: BoardDefinition, *, catalogue: str, block: int) -> bytes:
    """The terms of a board that a catalogue made in a block."""
    own = board.terms
    trustees = [(each.account, _words(each.sealing_key)) for each in own.trustees]
    rules = [own.threshold, own.min_voters, own.deal_by, own.confirm_by]
    return encode(BOARD, [[*rules, trustees, own.content], catalogue, block])


def are_of_poll(terms: bytes, poll: PollDefinition, *, catalogue: str) -> bool:
    """Whether terms are those of a poll that a catalogue made in any block."""
    return terms == of_poll(poll, catalogue=catalogue, block=_word(terms, 4))


def are_of_board(terms: bytes, board: BoardDefinition, *, catalogue: str) -> bool:
    """Whether terms are those of a board that a catalogue made in any block."""
    return terms == of_board(board, catalogue=catalogue, block=_word(terms, 2))


def _words(point: Point) -> tuple[int, int]:
    return point.x, point.y


def _word(data: bytes, index: int) -> int:
    return int.from_bytes(data[WORD * index : WORD * (index + 1)], "big")
