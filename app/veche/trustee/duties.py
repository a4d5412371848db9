"""The duties of a trustee: to deal, to confirm, to decrypt; found on chain, and done one by one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from veche.chain.board import Board
from veche.chain.catalogue import Catalogue
from veche.chain.node import Node
from veche.chain.poll import Poll
from veche.crypto.group import G
from veche.errors import WrongPhase
from veche.errors.times import time_text
from veche.protocol.phase import BoardPhase, Phase
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
    """The duties of a trustee, the most urgent first, with those that wait for others.

    Args:
        trustee: the trustee.
        boards: the boards to serve; those without this trustee are passed over.
        polls: the polls to serve; those of other boards are passed over.

    Raises:
        AnsweredElsewhere: another copy of the trustee's folder is at work.
    """
    ceremonies, decryptions = [], []
    for board in (each for each in boards if _is_on(trustee, each)):
        own = [poll for poll in polls if poll.definition.board == board.address]
        trustee.require_own_answers(board, own)
        ceremonies.append(_in_ceremony(trustee, board))
        decryptions += [_of_poll(trustee, board, each) for each in own]
    return ceremonies + [each for each in decryptions if each is not None]


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


def _in_ceremony(trustee: Trustee, board: Board) -> Duty:
    state, index, terms = board.state(), trustee.index(board), board.definition.terms
    if state.phase == BoardPhase.DEALING:
        waits = _others(board, state.dealt, "dealt", terms.deal_by) if index in state.dealt else ""
        return Duty(Task.DEAL, board, waits)
    if state.phase == BoardPhase.CONFIRMING:
        if index not in state.confirmed:
            return Duty(Task.CONFIRM, board, _awaited_deals(trustee, board))
        waits = _others(board, state.confirmed, "confirmed", terms.confirm_by)
        return Duty(Task.CONFIRM, board, waits)
    if state.phase == BoardPhase.FAILED:
        return Duty(Task.CONFIRM, board, f"the board has failed: {board.failure(state)}")
    return Duty(Task.DECRYPT, board, "the key is ready for polls")


def _others(board: Board, done: Sequence[int], what: str, until: int) -> str:
    """Which trustees have not done something yet, and until when they have time."""
    names = board.definition.terms.texts.trustees
    missing = [name for index, name in enumerate(names, start=1) if index not in done]
    return f"not {what} yet: {', '.join(missing)}; there is time until {time_text(until)}"


def _awaited_deals(trustee: Trustee, board: Board) -> str:
    """The reason why the deals cannot be confirmed yet; empty if they can."""
    watch = trustee.chain.watch
    if phase_at(board.contract, watch.confirmed_block()) == BoardPhase.CONFIRMING:
        return ""
    return f"the last deal does not have {watch.confirmations} confirmations yet"


def _of_poll(trustee: Trustee, board: Board, poll: Poll) -> Duty | None:
    """What there is to do for a poll, or to wait for; None if it is over."""
    phase, terms = poll.phase, poll.definition
    early = {
        Phase.SCHEDULED: f"the poll opens at {time_text(terms.opens)}",
        Phase.OPEN: f"the poll is open, and closes at {time_text(terms.closes)}",
    }
    if phase in early:
        return Duty(Task.DECRYPT, poll, early[phase])
    return (
        Duty(Task.DECRYPT, poll, _after_close(trustee, board, poll))
        if phase == Phase.CLOSED
        else None
    )


def _after_close(trustee: Trustee, board: Board, poll: Poll) -> str:
    """What a closed poll waits for; empty if this trustee can decrypt it."""
    posted = poll.shares_posted()
    if trustee.index(board) in posted:
        names = board.definition.terms.texts.trustees
        there = ", ".join(names[index - 1] for index in posted)
        needed = board.definition.terms.threshold
        return f"decrypted by {there}; a result needs {needed}, and somebody to publish it"
    try:
        trustee.final_block(poll)
    except WrongPhase as too_early:
        return str(too_early)
    return ""
