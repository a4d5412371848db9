"""A board of trustees as everybody sees it: its rules, its trustees, and its key ceremony."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

from veche.cli.output import Output, bold, command, digits, facts, table
from veche.errors.times import time_text
from veche.protocol.phase import BoardPhase

if TYPE_CHECKING:
    from rich.console import RenderableType

    from veche.chain.board import Board, BoardState

_ACTS: Final = {
    BoardPhase.DEALING: ("dealt", "deal"),
    BoardPhase.CONFIRMING: ("confirmed", "confirm"),
}
"""What trustees have yet to do in a phase, and the command for it."""


def tell(board: Board, output: Output) -> None:
    """Tells what a board is and where it stands."""
    state = board.state()
    output.tell(
        _fields(board, state),
        bold(board.definition.terms.texts.name),
        facts(_facts(board, state)),
        table("trustee", "account", "dealt", "confirmed", rows=_rows(board, state)),
        *_next(board, state),
    )


def _fields(board: Board, state: BoardState) -> dict[str, Any]:
    terms = board.definition.terms
    named = enumerate(zip(terms.texts.trustees, terms.trustees, strict=True), start=1)
    return {
        "board": board.address,
        "boardHash": digits(board.definition.hash),
        "chainId": board.definition.chain_id,
        "name": terms.texts.name,
        "phase": state.phase,
        "failure": board.failure(state) or None,
        "threshold": terms.threshold,
        "minVoters": terms.min_voters,
        "dealBy": terms.deal_by,
        "confirmBy": terms.confirm_by,
        "isOver": state.is_over,
        "trustees": [
            {
                "name": name,
                "account": trustee.account,
                "dealt": index in state.dealt,
                "confirmed": index in state.confirmed,
            }
            for index, (name, trustee) in named
        ],
    }


def _facts(board: Board, state: BoardState) -> dict[str, str]:
    terms = board.definition.terms
    return {
        "phase": _phase(board, state),
        "decrypt": f"{terms.decryption}; for {terms.min_voters:,} voters or more",
        "deal by": time_text(terms.deal_by),
        "confirm by": time_text(terms.confirm_by),
        "address": board.address,
        "board hash": digits(board.definition.hash),
    }


def _phase(board: Board, state: BoardState) -> str:
    phase, failure = state.phase, board.failure(state)
    if failure:
        return f"{phase}: {failure}"
    return f"{phase}, too late: a deadline has passed" if state.is_over else phase


def _rows(board: Board, state: BoardState) -> list[tuple[str, ...]]:
    said = {True: "yes", False: "no"}
    return [
        (each["name"], each["account"], said[each["dealt"]], said[each["confirmed"]])
        for each in _fields(board, state)["trustees"]
    ]


def _next(board: Board, state: BoardState) -> Iterator[RenderableType]:
    """What is to be done next, and by whom."""
    if state.is_over:
        yield "Officials convene another board, with new sealing keys."
    elif state.phase == BoardPhase.READY:
        yield "Its key can be used."
    else:
        done, verb = _ACTS[state.phase]
        yield f"Trustees who have not {done} run:"
        yield command(f"veche trustee {verb} {board.address}")
