"""What is public of a poll: all that the checks look at, from a node or from an election record."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Protocol, TypeAlias

from veche.crypto.deal_proof import Deal
from veche.crypto.elgamal import Ciphertext
from veche.crypto.equality_proof import EqualityProof
from veche.crypto.group import Point
from veche.protocol.board import BoardDefinition
from veche.protocol.definition import PollDefinition
from veche.protocol.logged_ballot import LoggedBallot

Progress: TypeAlias = Callable[[int], None]
"""Takes the number of ballots that are done."""


@dataclass(frozen=True, slots=True)
class BlockMark:
    """A block: that which all of it is of, or that which holds a ballot.

    Attributes:
        number: of the block.
        hash: 32 bytes.
        time: seconds since 1970.
    """

    number: int
    hash: bytes
    time: int


@dataclass(frozen=True, slots=True)
class Codes:
    """The code of a poll's contracts, as it stands on chain.

    Attributes:
        catalogue: of the catalogue that made the poll.
        implementation: that the poll's clone runs.
        implementation_address: where that is, as the catalogue says.
        poll: of the poll itself, a clone.
        board: of its board of trustees.
        official: whether the catalogue says that it made the poll.
    """

    catalogue: bytes
    implementation: bytes
    implementation_address: str
    poll: bytes
    board: bytes
    official: bool


@dataclass(frozen=True, slots=True)
class CeremonyRecord:
    """A board's key ceremony.

    Attributes:
        definition: of the board.
        board_hash: as the contract says, 32 bytes.
        deals_hash: as the contract says, 32 bytes.
        deals: all deals with their dealers, in the order in which they were posted.
        confirmed: the indices of the trustees who have confirmed.
        key: Y, as the contract says.
        verification_keys: V of every trustee, as the contract says.
    """

    definition: BoardDefinition
    board_hash: bytes
    deals_hash: bytes
    deals: tuple[tuple[int, Deal], ...]
    confirmed: tuple[int, ...]
    key: Point
    verification_keys: tuple[Point, ...]


@dataclass(frozen=True, slots=True)
class PollState:
    """Where a poll stands, as the contract says.

    Attributes:
        poll_hash: 32 bytes.
        voters: how many have cast a ballot.
        weight: of them all.
        sums: of every choice.
        cancelled: whether officials withdrew it.
        result: the scores of all choices; empty before.
    """

    poll_hash: bytes
    voters: int
    weight: int
    sums: tuple[Ciphertext, ...]
    cancelled: bool
    result: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class PostedShare:
    """A decryption share that the poll accepted.

    Attributes:
        trustee: its index, from 1.
        points: D of every choice.
        proof: that they are.
    """

    trustee: int
    points: tuple[Point, ...]
    proof: EqualityProof


class Evidence(Protocol):
    """All that is public of a poll, up to one block.

    Every method may raise a VecheError where what is shown is malformed.
    """

    def mark(self) -> BlockMark:
        """The block that all of it is of."""

    def definition(self) -> PollDefinition:
        """What defines the poll, as the contract shows it."""

    def state(self) -> PollState:
        """Where the poll stands."""

    def ceremony(self) -> CeremonyRecord:
        """How its key was made."""

    def codes(self) -> Codes:
        """The contracts' code."""

    def rolls(self) -> tuple[list[tuple[str, int]], ...]:
        """The entries of the electoral roll in order, as they were published; both readings if
        parts were published twice.
        """

    def ballots(self) -> Iterator[tuple[LoggedBallot, BlockMark]]:
        """The ballots in the order in which they were cast, each with the block that holds it."""

    def find(self, trackers: set[tuple[str, bytes]]) -> Iterator[LoggedBallot]:
        """The ballots with these voters and trackers, in any order."""

    def shares(self) -> tuple[PostedShare, ...]:
        """The decryption shares in the order in which they were accepted."""
