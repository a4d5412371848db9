"""A poll for very many voters on an embedded chain, and a signed ballot of each."""

from __future__ import annotations

from concurrent.futures import Executor
from functools import partial
from typing import Final

from eth_account import Account
from eth_account.signers.local import LocalAccount
from eth_hash.auto import keccak

from support.elections import TREE, Town
from veche import Poll, Roll
from veche.chain.catalogue import PollTerms
from veche.crypto.questions import Questions
from veche.protocol.ballot import PreparedBallot
from veche.protocol.content import Content, QuestionTexts
from veche.protocol.definition import PollDefinition

FIVE: Final = QuestionTexts(TREE.text, ("Lime", "Oak", "Rowan", "Maple", "Birch"))
CONTENT: Final = Content("Trees", "", (FIVE,))
CHOOSE_ONE: Final = Questions.of((5, 1, 1, 1))
PART: Final = 500
"""Entries of the roll in a transaction."""
CHUNK: Final = 64
"""Ballots that a process makes at a time."""


def voter(number: int) -> LocalAccount:
    """The account of a voter; the same for every run."""
    found: LocalAccount = Account.from_key(keccak(f"veche load {number}".encode()))
    return found


def address(number: int) -> str:
    """The address of a voter."""
    return str(voter(number).address)


def open_poll(town: Town, voters: int, pool: Executor) -> Poll:
    """An open poll in which so many voters choose one of five."""
    roll = Roll((each, 1) for each in pool.map(address, range(voters), chunksize=CHUNK))
    now = town.chain.time + 1
    terms = PollTerms(
        town.board.address, roll.root, roll.total_weight, now + 1_000, now + 10**8, 2, CHOOSE_ONE
    )
    sender = town.chain.sender
    found = town.chain.poll(town.catalogue.publish("load", terms, CONTENT.encoded, sender))
    for first in range(0, voters, PART):
        part = list(roll)[first : first + PART]
        town.catalogue.publish_roll("load", 0, first, part, sender)
    town.embedded.at_time(found.definition.opens)
    return found


def documents(poll: Poll, voters: int, pool: Executor) -> list[bytes]:
    """A signed ballot of every voter, as it is handed in."""
    make = partial(_document, poll.definition)
    return list(pool.map(make, range(voters), chunksize=CHUNK))


def _document(definition: PollDefinition, number: int) -> bytes:
    account = voter(number)
    scores = [int(each == number % CHOOSE_ONE.choices) for each in range(CHOOSE_ONE.choices)]
    ballot = PreparedBallot.encrypt(scores, definition, voter=account.address, weight=1)
    return ballot.sign(account).to_json().encode()
