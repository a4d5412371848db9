"""Boards of trustees: convened from a `board.toml`."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from veche.chain.board import Board
from veche.chain.pending import OnSent
from veche.errors import InvalidDeadlines, InvalidFile, Mistake
from veche.errors.amounts import counted, ether_text
from veche.errors.times import time_text
from veche.files.board import BoardFile, read_board
from veche.official.office import BOARD, Office
from veche.official.plan import Fact, Plan, Step
from veche.official.requirements import require_all, require_funds, require_owner
from veche.protocol.board import BoardTerms, TrusteeTerms

GAS: Final = 200_000
"""Gas that a board takes at least, with GAS_OF_TRUSTEE for every trustee."""
GAS_OF_TRUSTEE: Final = 25_000


def convene_board(office: Office, path: Path) -> Board:
    """Convenes the board that a `board.toml` describes, unless it is convened already.

    Raises:
        InvalidFile: the file has mistakes or cannot be read; or another board has its name, and
            has not failed.
        InvalidDeadlines: the deadline for deals is past.
        NotDeployed: no catalogue is noted for the network.
        InsufficientFunds: the account has no ether.
        OwnableUnauthorizedAccount: the account does not own the catalogue.
        Obstacles: several of these.
        Declined: the official said no.
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
    """Whether a board on chain is as a file describes it."""
    return board.definition.terms == _terms(file)


def _noted(office: Office, file: BoardFile) -> Board | None:
    """The board that is noted under the file's name; None if no board is.

    Raises:
        InvalidFile: the board is not as the file describes it, and has not failed.
    """
    address = office.deployments.boards.get(file.name)
    if address is None:
        return None
    board = office.chain.board(address)
    state = board.state()
    if is_that_of(board, file) or state.is_over:
        return board
    what = f"{file.name!r} is another board already, at {address}, which is {state.phase}"
    mistake = Mistake(0, what, "choose another name, or wait until that board has failed")
    raise InvalidFile(str(file.path), [mistake])


def _terms(file: BoardFile) -> BoardTerms:
    trustees = tuple(TrusteeTerms(each.account, each.sealing_key) for each in file.trustees)
    rules = file.threshold, file.min_voters, file.deal_by, file.confirm_by
    return BoardTerms(*rules, trustees, file.texts.encoded)


# -- Plan --


def _plan(office: Office, file: BoardFile, noted: Board | None) -> Plan:
    catalogue = office.catalogue
    require_all(
        lambda: require_funds(office.chain, gas=GAS + GAS_OF_TRUSTEE * len(file.trustees)),
        lambda: require_owner(catalogue, office.account),
        lambda: _require_deadlines(office, file),
    )
    terms = _terms(file)

    def take(on_sent: OnSent) -> str:
        return office.chain.convene(catalogue, terms, on_sent=on_sent).address

    step = Step(f"{BOARD} {file.name}", f"create the board {file.name}", take)
    replaced = [("in place of", f"{noted.address}, which has failed")] if noted else []
    facts = [*office.facts(), *replaced, *facts_of(file)]
    facts.append(("trustees", "\n".join(_trustees(office, file))))
    cautions = [each.told(str(file.path)) for each in file.cautions]
    return Plan(f"Convene the board of trustees {file.name}", facts, [step], cautions)


def _require_deadlines(office: Office, file: BoardFile) -> None:
    now, deal_by, confirm_by = office.chain.time, file.deal_by, file.confirm_by
    if not now < deal_by:
        clock = f"the chain's clock shows {time_text(now, file.zones[0])}"
        reason = f"deal_by is {time_text(deal_by, file.zones[0])}, but {clock}"
        raise InvalidDeadlines(now, deal_by, confirm_by, reason=reason)


def facts_of(file: BoardFile) -> list[Fact]:
    """The facts of a board's file to check before the board is convened."""
    decrypt = f"{file.threshold} of {len(file.trustees)} together"
    return [
        ("decrypt", f"{decrypt}, for {counted(file.min_voters, 'voter')} or more"),
        ("deal by", time_text(file.deal_by, file.zones[0])),
        ("confirm by", time_text(file.confirm_by, file.zones[1])),
    ]


def _trustees(office: Office, file: BoardFile) -> list[str]:
    lines = []
    for index, each in enumerate(file.trustees, start=1):
        balance = office.chain.node.balance(each.account)
        has = ether_text(balance) if balance else "no ether: somebody must post for them"
        lines.append(f"{index}. {each.name}, {each.account}, {has}")
    return lines


def _end(office: Office, file: BoardFile, board: Board) -> str:
    return (
        f"The board {file.name} is at {board.address}.\n"
        "Tell every trustee this address.\n"
        f"Each runs `veche trustee deal` by {time_text(file.deal_by, file.zones[0])}, "
        f"and then `veche trustee confirm` by {time_text(file.confirm_by, file.zones[1])}.\n"
        f"Next: {office.command('status')}"
    )
