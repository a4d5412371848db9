"""Evidence: the public data of a poll, which all checks look at."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeAlias

from veche.crypto.elgamal import Ciphertext
from veche.crypto.equality_proof import EqualityProof
from veche.crypto.group import Point
from veche.protocol.block_mark import BlockMark
from veche.protocol.logged_ballot import LoggedBallot
from veche.protocol.published_roll import Part
from veche.trust.foundation import FoundationEvidence

Progress: TypeAlias = Callable[[int], None]
"""Takes the number of ballots that are done."""


@dataclass(frozen=True, slots=True)
class PollState:
    """The state of a poll by its contract.

    Attributes:
        voters: how many voters have cast a ballot.
        weight: the weights of these voters together.
        sums: the sums of all choices.
        cancelled: whether officials cancelled the poll.
        result: the scores of all choices; empty before they are proven.
    """

    voters: int
    weight: int
    sums: tuple[Ciphertext, ...]
    cancelled: bool
    result: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class PostedShare:
    """A decryption share that the poll accepted.

    Attributes:
        trustee: the trustee's index, from 1.
        points: D of every choice.
        proof: the proof that the points decrypt the sums.
    """

    trustee: int
    points: tuple[Point, ...]
    proof: EqualityProof


class Proofs(Protocol):
    """What the state of the contracts proves to be in their logs, if it is published code that they
    run.
    """

    @property
    def name(self) -> str:
        """The name of the node whose logs they are."""

    def ballots(self) -> Iterator[tuple[str, bytes]]:
        """Voter and tracker of every ballot in the log."""

    def dealers(self) -> set[int]:
        """The trustees who have dealt."""

    def confirmers(self) -> set[int]:
        """The trustees who have confirmed."""

    def sharers(self) -> set[int]:
        """The trustees who have posted a decryption share."""

    def trackers(self, voters: Sequence[str]) -> list[bytes | None]:
        """The trackers of these voters' ballots that count, 32 bytes; None for a voter who has
        none.
        """


class Evidence(FoundationEvidence, Protocol):
    """The public data of a poll, up to one block.

    Every method may raise a VecheError if the data are malformed.

    Attributes:
        is_record: whether somebody wrote the data down, who may have left something out.
    """

    is_record: bool

    def mark(self) -> BlockMark:
        """The block that the data are read at."""

    def state(self) -> PollState:
        """What the poll's contract has stored: voters, weight, sums and result."""

    def roll_parts(self) -> Sequence[Part]:
        """The parts of the electoral roll, in the order in which they were published."""

    def ballots(self) -> Iterator[tuple[LoggedBallot, BlockMark]]:
        """The ballots in the order in which they were cast, each with the block that holds it."""

    def find(self, trackers: set[tuple[str, bytes]]) -> Iterator[LoggedBallot]:
        """The ballots with these voters and trackers, in any order."""

    def shares(self) -> tuple[PostedShare, ...]:
        """The decryption shares in the order in which they were accepted."""

    def proofs(self) -> Proofs | None:
        """What a node's state proves to be in its logs; None for data that somebody wrote down."""
