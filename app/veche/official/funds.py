"""Ether for those who need some: trustees, carriers, voters. Nobody gets more than they lack."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final, TypeAlias

from veche.chain.pending import OnSent
from veche.errors.amounts import counted, ether_text
from veche.files.poll import read_poll
from veche.files.roll import read_roll
from veche.official.office import Office
from veche.official.plan import Fact, Plan, Step
from veche.official.requirements import require_funds
from veche.protocol import addresses

CHUNK: Final = 50
"""Number of payments in a step: as many as every node keeps in waiting for one account."""
GAS: Final = 50_000
"""Gas offered for a payment. An account needs 21,000; a wallet that is a contract needs more."""

Payment: TypeAlias = tuple[str, int]
"""The address of an account, and what it lacks, in wei."""


def fund(office: Office, named: Sequence[str], *, wei: int) -> list[str]:
    """Sends ether to everybody who is named and has less than an amount, up to that amount.

    Args:
        office: the office.
        named: addresses; names of boards, for all their trustees; paths of rolls (`.csv`) or of
            polls (`.toml`), for all their voters.
        wei: the amount that everybody is to have.

    Returns:
        The addresses of all who were named.

    Raises:
        InvalidDocument: an address is mistyped.
        InvalidFile: a roll or a poll has mistakes, or cannot be read.
        NotDeployed: no board is noted under a name.
        InsufficientFunds: the account does not have as much.
        Declined: the official said no.
    """
    people = list(dict.fromkeys(each for name in named for each in _addresses(office, name)))
    office.settle()
    office.chain.sender.wait_for_earlier()  # what is on its way is not sent again
    payments = [each for each in _payments(office, people, wei) if each[1] > 0]
    if payments:
        office.carry_out(_plan(office, payments, wei))
    office.say(f"{_all(len(people))} {ether_text(wei)} or more.")
    return people


def _all(number: int) -> str:
    return "The account has" if number == 1 else f"All {number:,} accounts have"


def _addresses(office: Office, name: str) -> list[str]:
    """The accounts that a word on the command line names."""
    if name.endswith(".csv"):
        return [each.voter for each in read_roll(Path(name))]
    if name.endswith(".toml"):
        return [each.voter for each in read_poll(Path(name)).roll]
    if addresses.is_meant(name):
        return [addresses.parse(name)]
    board = office.chain.board(office.deployments.board(name))
    return [each.account for each in board.definition.terms.trustees]


def _payments(office: Office, people: Sequence[str], wei: int) -> Iterator[Payment]:
    for each in people:
        yield each, wei - office.chain.node.balance(each)


def _plan(office: Office, payments: Sequence[Payment], wei: int) -> Plan:
    total = sum(lacking for _, lacking in payments)
    require_funds(office.chain, gas=len(payments) * GAS, wei=total)
    facts: list[Fact] = [
        *office.facts(),
        ("for each", f"as much as is missing to {ether_text(wei)}"),
        ("accounts", f"{len(payments):,}"),
        ("together", ether_text(total)),
    ]
    parts = [payments[at : at + CHUNK] for at in range(0, len(payments), CHUNK)]
    steps = [_step(office, part) for part in parts]
    return Plan(f"Send ether to {counted(len(payments), 'account')}", facts, steps)


def _step(office: Office, payments: Sequence[Payment]) -> Step:
    (first, lacking), others = payments[0], len(payments) - 1
    more = f" and {counted(others, 'other account')}" if others else f", {ether_text(lacking)}"

    def take(on_sent: OnSent) -> None:
        _pay(office, payments, on_sent)

    return Step(f"fund {first}", f"send ether to {first}{more}", take)


def _pay(office: Office, payments: Sequence[Payment], on_sent: OnSent) -> None:
    sender = office.chain.sender
    first = office.chain.node.next_nonce(sender.address)
    sent = [
        sender.start(to, b"", gas=GAS, value=lacking, nonce=first + number, on_sent=on_sent)
        for number, (to, lacking) in enumerate(payments)
    ]
    for each in sent:
        each.wait()
