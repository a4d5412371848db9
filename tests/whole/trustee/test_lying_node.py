"""A trustee whose node lies about the deals: it opens, confirms and blames nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from eth_abi.abi import encode

from support.elections import Town, trustee
from support.lying_nodes import Lie, LyingNode, lying_node
from veche import Board
from veche.chain.board import BoardPhase
from veche.chain.board_contract import INTERFACE
from veche.chain.node import Node
from veche.crypto.deal_proof import Deal
from veche.crypto.group import G, Scalar
from veche.errors import AlreadyAnswered, ChecksFailed, VecheError, WrongBoardPhase
from veche.protocol.board import deal
from veche.trustee.trustee import Confirmation, Trustee

VICTIM = 1
OTHER = b"\7" * 32


def selector(method: str, *args: Any) -> str:
    """The first four bytes of a call's data."""
    return INTERFACE.data(method, *args)[:4].hex()


CONFIRM = selector("confirm", bytes(32))
BLAME = selector("blame", 1, (1, 1), (1, 1), [])


@dataclass
class Wire:
    """The victim's node, which tells lies and notes what it is given of the victim's acts.

    Attributes:
        node: the node.
        acts: what it was asked to do or to try: the calls of `confirm` and `blame`.
    """

    node: LyingNode
    acts: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.node.twist = self._note

    def _note(self, asked: Any, answer: Any) -> Any:
        text = str(asked)
        self.acts += [act for act in (CONFIRM, BLAME) if f"0x{act}" in text]
        return answer


@pytest.fixture
def wire(town: Town) -> Iterator[Wire]:
    with lying_node(town.url) as node:
        yield Wire(node)


@pytest.fixture
def victim(town: Town, wire: Wire, tmp_path: Path) -> Trustee:
    return trustee(town, VICTIM, tmp_path, url=wire.node.url)


def showing(board: Board, told: dict[tuple[str, int], bytes]) -> Lie:
    """Shows something else for methods of a board, by method and argument."""
    bent = {"0x" + INTERFACE.data(name, *args(n)).hex(): told[name, n] for name, n in told}

    def lie(method: str, parameters: list[Any], result: Any) -> Any:
        if method != "eth_call" or parameters[0]["to"].lower() != board.address.lower():
            return result
        data = parameters[0]["data"]
        return "0x" + bent[data].hex() if data in bent else result

    return lie


def args(number: int) -> tuple[int, ...]:
    """The arguments of a method of a board: an index, or none."""
    return (number,) if number else ()


def words_of(made: Deal, dealer: int) -> dict[tuple[str, int], bytes]:
    """What the methods of a board return for a deal."""
    commitments = [(each.x, each.y) for each in made.commitments]
    ephemeral = (made.ephemeral.x, made.ephemeral.y)
    return {
        ("commitments", dealer): encode(["(uint256,uint256)[]"], [commitments]),
        ("ephemeralKey", dealer): encode(["(uint256,uint256)"], [ephemeral]),
        ("sealedShares", dealer): encode(["bytes32[]"], [list(made.sealed)]),
    }


def bad_seal(board: Board, dealer: int) -> dict[tuple[str, int], bytes]:
    """The sealed shares of a dealer, but rubbish for the victim."""
    sealed = list(board.deals()[dealer].sealed)
    sealed[VICTIM - 1] = OTHER
    return {("sealedShares", dealer): encode(["bytes32[]"], [sealed])}


def test_node_that_shows_bad_shares_learns_nothing(town: Town, wire: Wire, victim: Trustee) -> None:
    """The share in a seal is open to whoever learns e·R: a blame would have told it."""
    board = town.dealt_board()
    wire.node.lie = showing(board, bad_seal(board, 2))
    with pytest.raises(ChecksFailed, match="deal of trustee 2"):
        victim.confirm(board_seen_by(victim, board))
    assert wire.acts == []


def test_node_that_shows_a_ready_board_as_confirming_learns_nothing(
    town: Town, wire: Wire, victim: Trustee
) -> None:
    board = town.ready_board()
    confirming = {("phase", 0): encode(["uint8"], [BoardPhase.CONFIRMING])}
    unconfirmed = {("hasConfirmed", VICTIM): encode(["bool"], [False])}
    wire.node.lie = showing(board, bad_seal(board, 2) | confirming | unconfirmed)
    with pytest.raises(ChecksFailed, match="deal of trustee 2"):
        victim.confirm(board_seen_by(victim, board))
    assert wire.acts == []


def test_trustee_confirms_no_deals_that_it_has_not_seen(
    town: Town, wire: Wire, victim: Trustee
) -> None:
    """A dealer seals a bad share, and the node shows a good deal: confirmed, it is lost for good."""
    board = town.dealt_board(bad_dealer=2)
    wire.node.lie = showing(board, words_of(deal(board.definition, 2), 2))
    with pytest.raises(ChecksFailed, match="deal of trustee 2"):
        victim.confirm(board_seen_by(victim, board))
    assert wire.acts == []


def board_seen_by(own: Trustee, board: Board) -> Board:
    """A board as the trustee's node shows it."""
    return own.chain.board(board.address)
