"""The duties of a trustee: to deal, to confirm, to decrypt; found on chain, and done one by one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from veche.chain.board import Board, BoardPhase
from veche.chain.catalogue import Catalogue
from veche.chain.node import Node
from veche.chain.poll import Poll
from veche.crypto.group import G
from veche.errors import WrongPhase
from veche.protocol.phase import Phase
from veche.trustee.ceremony import phase_at
from veche.trustee.trustee import Trustee


class Task(StrEnum):
    """The kinds of duties."""

    DEAL = "deal"
    CONFIRM = "confirm"
    DECRYPT = "decrypt"


@dataclass(frozen=True, slots=True)
class Duty:
    """A task that a trustee has to do.

    Attributes:
        task: the task.
        of: the board or the poll that the task is for.
        waits_for: the reason why the task cannot be done yet, in words; empty if it can be done.
    """

    task: Task
    of: Board | Poll
    waits_for: str = ""


def owed(trustee: Trustee, boards: Sequence[Board], polls: Sequence[Poll]) -> list[Duty]:
    """The duties of a trustee, the most urgent first.

    Args:
        trustee: the trustee.
        boards: the boards to serve; those without this trustee are passed over.
        polls: the polls to serve; those of other boards are passed over.
    """
    own = [board for board in boards if _is_on(trustee, board)]
    found = [duty for board in own for duty in _in_ceremony(trustee, board)]
    addresses = {board.address for board in own}
    served = [poll for poll in polls if poll.definition.board in addresses]
    return found + [duty for poll in served for duty in _after_close(trustee, poll)]


def do(duty: Duty, trustee: Trustee, catalogue: Catalogue, *, other: Node | None = None) -> str:
    """Does a duty, and returns a word for what was done.

    Args:
        duty: the duty, which waits for nothing.
        trustee: the trustee whose duty it is.
        catalogue: the catalogue that the trustee was told to serve.
        other: a second node, which must agree with the first one before anything is opened or
            decrypted.

    Raises:
        VecheError: `Trustee.deal`, `Trustee.confirm` or `Trustee.decrypt` fails.
    """
    if isinstance(duty.of, Poll):
        trustee.decrypt(duty.of, catalogue, other=other)
        return "decrypted"
    if duty.task == Task.CONFIRM:
        return str(trustee.confirm(duty.of, catalogue, other=other))
    trustee.deal(duty.of)
    return "dealt"


def _is_on(trustee: Trustee, board: Board) -> bool:
    key = G * trustee.sealing
    return any(each.sealing_key == key for each in board.definition.terms.trustees)


def _in_ceremony(trustee: Trustee, board: Board) -> list[Duty]:
    state, index = board.state(), trustee.index(board)
    if state.phase == BoardPhase.DEALING and index not in state.dealt:
        return [Duty(Task.DEAL, board)]
    if state.phase == BoardPhase.CONFIRMING and index not in state.confirmed:
        return [Duty(Task.CONFIRM, board, waits_for=_awaited_deals(trustee, board))]
    return []


def _awaited_deals(trustee: Trustee, board: Board) -> str:
    """The reason why the deals cannot be confirmed yet; empty if they can."""
    watch = trustee.chain.watch
    if phase_at(board.contract, watch.confirmed_block()) == BoardPhase.CONFIRMING:
        return ""
    return f"the last deal does not have {watch.confirmations} confirmations yet"


def _after_close(trustee: Trustee, poll: Poll) -> list[Duty]:
    if poll.phase != Phase.CLOSED:
        return []
    index = trustee.index(trustee.chain.board(poll.definition.board))
    if index in poll.shares_posted():
        return []
    try:
        trustee.final_block(poll)
    except WrongPhase as early:
        return [Duty(Task.DECRYPT, poll, waits_for=str(early))]
    return [Duty(Task.DECRYPT, poll)]
