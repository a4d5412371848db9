"""The people on a network that fails: officials, trustees and voters. Their keys never change."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from time import sleep
from typing import Final

from eth_account import Account
from eth_account.signers.local import LocalAccount
from eth_hash.auto import keccak

import veche
from veche import Catalogue, Chain, Poll, Roll, SignedBallot
from veche.chain.board import Board
from veche.chain.catalogue import PollTerms
from veche.crypto.group import G, Secret
from veche.crypto.questions import Questions
from veche.errors import AlreadyShared, VecheError
from veche.processes import workers
from veche.protocol.ballot import PreparedBallot
from veche.protocol.board import BoardTerms, TrusteeTerms
from veche.protocol.board_texts import BoardTexts
from veche.protocol.content import Content, QuestionTexts
from veche.protocol.definition import PollDefinition
from veche.trustee.answers import Answers
from veche.trustee.trustee import Trustee

TRUSTEES: Final = 3
THRESHOLD: Final = 2
DAY: Final = 86_400
OPENS_IN: Final = 15
"""Seconds from publishing to the opening, enough for some blocks."""
ROLL_CHUNK: Final = 1_000
"""Number of voters in a transaction that publishes a part of the roll."""
QUESTION: Final = QuestionTexts("Which tree?", ("Lime", "Oak", "Rowan", "Maple", "Birch"))
CONTENT: Final = Content("Trees", "", (QUESTION,))
CHOOSE_ONE: Final = Questions.of((5, 1, 1, 1))


def key(name: str) -> bytes:
    """The private key of somebody."""
    return keccak(f"veche faults {name}".encode())


def person(name: str) -> LocalAccount:
    """The account of somebody."""
    account: LocalAccount = Account.from_key(key(name))
    return account


@dataclass
class People:
    """The officials and the trustees at work.

    Attributes:
        url: the URL of the node that they use.
        folder: the folder for the trustees' answers.
        confirmations: the number of confirmations that make a transaction safe.
        official: the account that owns the catalogue.
    """

    url: str
    folder: Path
    confirmations: int
    official: LocalAccount = field(default_factory=lambda: person("official"))

    def connect(self, account: LocalAccount, *, confirmations: int = 1) -> Chain:
        """The connection of somebody."""
        return veche.connect(self.url, account=account, confirmations=confirmations)

    def trustees(self) -> list[Trustee]:
        """The trustees, with the answers that they have noted."""
        return [
            Trustee(
                self.connect(person(f"trustee {i}"), confirmations=self.confirmations),
                person(f"trustee {i}"),
                Secret(int.from_bytes(key(f"sealing {i}"), "big"), field="sealing key"),
                self._answers(self.folder / f"answers-{i}.json"),
                final_confirmations=self.confirmations,
            )
            for i in range(TRUSTEES)
        ]

    def _answers(self, path: Path) -> Answers:
        return Answers(path) if path.exists() else Answers.create(path)

    def convene(self) -> tuple[Catalogue, Board]:
        """Deploys a catalogue, and convenes a board whose trustees make a key."""
        chain = self.connect(self.official)
        catalogue = chain.create_catalogue()
        trustees = self.trustees()
        named = tuple(TrusteeTerms(each.account.address, G * each.sealing) for each in trustees)
        now = chain.time
        texts = BoardTexts("faults", tuple(f"trustee {i}" for i in range(TRUSTEES))).encoded
        terms = BoardTerms(THRESHOLD, 2, now + DAY, now + 2 * DAY, named, texts)
        board = chain.convene(catalogue, terms)
        for each in trustees:
            each.chain.confirmations = 1
            each.deal(board)
        for each in trustees:
            each.confirm(board, catalogue)
        return catalogue, board

    def publish(
        self, catalogue: Catalogue, board: Board, name: str, voters: Sequence[str], *, lasts: int
    ) -> Poll:
        """Publishes a poll with its roll, and waits until it is open.

        Args:
            catalogue: the catalogue.
            board: a board whose key is ready.
            name: the official id.
            voters: the addresses of the voters.
            lasts: the seconds from the opening to the close.
        """
        chain = self.connect(self.official)
        roll = Roll((each, 1) for each in voters)
        opens = chain.time + OPENS_IN
        terms = PollTerms(board.address, roll.root, len(roll), opens, opens + lasts, 2, CHOOSE_ONE)
        address = chain.catalogue(catalogue.address).publish(
            name, terms, CONTENT.encoded, chain.sender
        )
        entries = list(roll)
        for first in range(0, len(entries), ROLL_CHUNK):
            part = entries[first : first + ROLL_CHUNK]
            catalogue.publish_roll(name, 0, first, part, chain.sender)
        poll = chain.poll(address)
        while poll.phase == veche.Phase.SCHEDULED:
            sleep(0.2)
        return poll


def choice(index: int) -> int:
    """The option that a voter chooses, by the voter's index."""
    return index * 7 % 5


def plain_count(count: int) -> dict[str, dict[str, int]]:
    """The result if the first `count` voters vote."""
    scores = dict.fromkeys(QUESTION.options, 0)
    for index in range(count):
        scores[QUESTION.options[choice(index)]] += 1
    return {QUESTION.text: scores}


def serve(trustee: Trustee, poll: str, catalogue: Catalogue) -> None:
    """Tries to decrypt a poll, again and again, until the trustee's share is on chain."""
    while True:
        try:
            trustee.decrypt(trustee.chain.poll(poll), catalogue)
        except AlreadyShared:
            return
        except VecheError:
            sleep(1)
        else:
            return


def voter(index: int) -> LocalAccount:
    """The account of a voter, by an index."""
    return person(f"voter {index}")


def ballots(poll: Poll, count: int) -> list[SignedBallot]:
    """The signed ballots of the first `count` voters, made on all cores."""
    with workers() as pool:
        texts = pool.map(partial(_ballot, poll.definition), range(count), chunksize=16)
        return [SignedBallot.from_json(each) for each in texts]


def _ballot(definition: PollDefinition, index: int) -> str:
    account = voter(index)
    scores = [int(each == choice(index)) for each in range(5)]
    prepared = PreparedBallot.encrypt(scores, definition, voter=account.address, weight=1)
    return prepared.sign(account).to_json()
