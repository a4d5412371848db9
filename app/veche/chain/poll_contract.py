"""A poll contract's raw answers, unverified; the observer checks them."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import Final

from veche.chain.answers import Log
from veche.chain.board_contract import BoardContract
from veche.chain.contract import Contract, Event, Interface, point, require_clone
from veche.chain.node import Block, Node
from veche.crypto.elgamal import Ciphertext
from veche.crypto.group import Point
from veche.crypto.questions import Questions
from veche.errors import NotInitialised, UnknownContract
from veche.protocol import trackers
from veche.protocol.addresses import BYTES
from veche.protocol.definition import PollDefinition
from veche.protocol.entries import WORD, PackedEntries
from veche.protocol.logged_ballot import LoggedBallot
from veche.protocol.published_roll import Part
from veche.protocol.signature import Signature
from veche.trust import artifact

INTERFACE: Final = Interface(artifact.load("Poll"))
TALLY: Final = Interface(artifact.load("Tally"))


class PollContract(Contract):
    """The contract of a poll.

    Raises:
        UnknownContract: the address has no code.
        NodeBehind: the node is syncing, and has no code at the address yet.
    """

    def __init__(self, node: Node, address: str, *, block: Block = "latest") -> None:
        super().__init__(node, address, INTERFACE, block=block)

    def require_published(self) -> None:
        """Refuses a contract that is not a clone of a poll that Veche published.

        Raises:
            UnknownContract: its code is not a clone's, the cloned code is not a poll's, or the code
                that counts it is another.
        """
        shared = require_clone(self)
        tally = tally_address(shared.code)
        Contract(self.node, tally, TALLY, block=self.block).require_published()

    def definition(self) -> PollDefinition:
        """What defines the poll. The hash is computed here; the contract may have another.

        Raises:
            UnknownContract: no catalogue made this poll, or its answers are not a poll's.
            InvalidPoint: the key is not a point that boards can have.
            InvalidQuestions: no poll can have such questions.
        """
        try:
            board = self.read("board")
        except NotInitialised as error:
            raise UnknownContract(str(error)) from error
        return PollDefinition(
            chain_id=self.node.chain_id,
            address=self.address,
            board=board,
            board_hash=bytes(BoardContract(self.node, board, block=self.block).read("boardHash")),
            key=Point.from_outside(*self.read("key"), field="key of the poll"),
            roll_root=self.read("rollRoot"),
            total_weight=self.read("totalWeight"),
            opens=self.read("opens"),
            closes=self.read("closes"),
            min_voters=self.read("minVoters"),
            content=self.read("content"),
            questions=Questions.of(*self.read("questions")),
        )

    @cached_property
    def first_block(self) -> int:
        """The number of the block in which the poll was made. It has no older logs."""
        return int(self.read("bornAt"))

    def roll_parts(self, *, last: int | None = None) -> Iterator[Part]:
        """The parts of the electoral roll, in the order in which they were published.

        Args:
            last: the number of the last block to look in; by default the block that the poll is
                read at.

        Raises:
            UnknownContract: a log does not have the form of a part.
        """
        return map(_roll_part, self.logs("RollPublished", last=last, dense=True))

    def sums(self) -> list[Ciphertext]:
        """The encrypted sums of all choices."""
        return [Ciphertext(point(a), point(b)) for a, b in self.read("sums")]


_HEAD: Final = WORD.to_bytes(WORD, "big")
"""What stands before the list in a log that has nothing but a list: where the list begins."""
_ENTRY: Final = 2 * WORD
_TOPICS: Final = 2


def _roll_part(log: Log) -> Part:
    """The part of a roll in a log of RollPublished. The ABI's own decoder takes a minute for a
    million entries.

    Raises:
        UnknownContract: the log does not have the form of a part.
    """
    data, topics = log["data"], log["topics"]
    length, listed = data[WORD : 2 * WORD], data[2 * WORD :]
    padding = WORD - BYTES
    entries = [listed[at : at + _ENTRY] for at in range(0, len(listed), _ENTRY)]
    is_list = data.startswith(_HEAD) and int.from_bytes(length, "big") * _ENTRY == len(listed)
    has_addresses = not any(any(each[:padding]) for each in entries)
    if not (is_list and has_addresses and len(topics) == _TOPICS):
        raise UnknownContract("no contract of Veche publishes a roll in such a log")
    rows = b"".join([each[padding:] for each in entries])
    return Part(int.from_bytes(topics[1], "big"), PackedEntries(rows))


def tally_address(poll_code: bytes) -> str:
    """The address of the contract that counts polls, by the code that all polls share."""
    return INTERFACE.artifact.address("tally", poll_code)


def logged_ballot(event: Event) -> LoggedBallot:
    """The ballot in an event BallotCast."""
    values = event.values
    return LoggedBallot(
        values["voter"],
        values["tracker"],
        values["weight"],
        trackers.from_word(values["replaces"]),
        values["deadline"],
        Signature(values["r"], values["vs"]),
        b"".join(each.to_bytes(32, "big") for each in values["ballot"]),
    )
