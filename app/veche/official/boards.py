"""Boards of trustees, convened from their file."""

from __future__ import annotations

from pathlib import Path

from veche.chain.board import Board, BoardPhase
from veche.chain.transactions import OnSent
from veche.errors import InvalidDeadlines, InvalidFile, Mistake
from veche.errors.times import time_text
from veche.files.board import BoardFile, read_board
from veche.official.obstacles import Checks, require_funds
from veche.official.office import BOARD, Office
from veche.official.phrases import count, ether_text
from veche.official.plan import Fact, Plan, Step
from veche.protocol.board import BoardTerms, TrusteeTerms


def convene_board(office: Office, path: Path) -> Board:
    """Convenes the board that a `board.toml` describes, unless it is there.

    Raises:
        InvalidFile: something is wrong with the file, or another board has its name.
        InvalidDeadlines: a deadline is past.
        Declined: the official does not want it.
    """
    file = read_board(path)
    office.settle()
    noted = _noted(office, file)
    if noted is None or not is_that_of(noted, file):
        office.carry_out(_plan(office, file, noted))
    board = office.chain.board(office.deployments.board(file.name))
    office.say(_end(office, file, board))
    return board


def is_that_of(board: Board, file: BoardFile) -> bool:
    """Whether a board on chain is the one that a file describes."""
    return board.definition.terms == _terms(file)


def is_over(board: Board, now: int) -> bool:
    """Whether a board has failed, or must: a deadline is past that not all trustees kept."""
    phase, terms = board.phase, board.definition.terms
    late = {BoardPhase.DEALING: terms.deal_by, BoardPhase.CONFIRMING: terms.confirm_by}
    return phase == BoardPhase.FAILED or (phase in late and now >= late[phase])


def _noted(office: Office, file: BoardFile) -> Board | None:
    """The board that is noted under the file's name.

    Raises:
        InvalidFile: it is another one, and not over.
    """
    address = office.deployments.boards.get(file.name)
    if address is None:
        return None
    board = office.chain.board(address)
    if is_that_of(board, file) or is_over(board, office.chain.time):
        return board
    phase = board.phase.name.lower()
    what = f"{file.name!r} is another board already, at {address}, which is {phase}"
    mistake = Mistake(0, what, "write another name, or wait until that board has failed")
    raise InvalidFile(str(file.path), [mistake])


def _terms(file: BoardFile) -> BoardTerms:
    trustees = tuple(TrusteeTerms(each.account, each.sealing_key) for each in file.trustees)
    return BoardTerms(file.threshold, file.min_ballots, file.deal_by, file.confirm_by, trustees)


# -- Plan --


def _plan(office: Office, file: BoardFile, noted: Board | None) -> Plan:
    checks = Checks()
    with checks.noting():
        require_funds(office.chain)
    with checks.noting():
        _require_deadlines(office, file)
    checks.require_none()
    terms = _terms(file)

    def take(on_sent: OnSent) -> str:
        return office.chain.convene(terms, on_sent=on_sent).address

    step = Step(f"{BOARD} {file.name}", f"create the board {file.name}", take)
    replaced = [("in place of", f"{noted.address}, which has failed")] if noted else []
    facts = [*office.facts(), *replaced, *_facts(office, file)]
    return Plan(f"Convene the board of trustees {file.name}", facts, [step])


def _require_deadlines(office: Office, file: BoardFile) -> None:
    now, deal_by, confirm_by = office.chain.time, file.deal_by, file.confirm_by
    if not now < deal_by:
        clock = f"the chain's clock says {time_text(now, file.zones[0])}"
        reason = f"deal_by is {time_text(deal_by, file.zones[0])}, and {clock}"
        raise InvalidDeadlines(now, deal_by, confirm_by, reason=reason)


def _facts(office: Office, file: BoardFile) -> list[Fact]:
    decrypt = f"{file.threshold} of {len(file.trustees)} together"
    return [
        ("decrypt", f"{decrypt}, for {count(file.min_ballots, 'voter')} or more"),
        ("deal by", time_text(file.deal_by, file.zones[0])),
        ("confirm by", time_text(file.confirm_by, file.zones[1])),
        ("trustees", "\n".join(_trustees(office, file))),
    ]


def _trustees(office: Office, file: BoardFile) -> list[str]:
    lines = []
    for index, each in enumerate(file.trustees, start=1):
        balance = office.chain.node.balance(each.account)
        has = ether_text(balance) if balance else "no ether to pay for gas"
        lines.append(f"{index}. {each.name}, {each.account}, {has}")
    return lines


def _end(office: Office, file: BoardFile, board: Board) -> str:
    return (
        f"The board {file.name} is at {board.address}.\n"
        f"Tell every trustee that address. By {time_text(file.deal_by, file.zones[0])} each "
        "runs `veche trustee deal`,\n"
        f"then by {time_text(file.confirm_by, file.zones[1])} each runs "
        "`veche trustee confirm`.\n"
        f"Next: {office.command('status')}"
    )
