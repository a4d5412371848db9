"""Evidence: the public data of a poll, which all checks look at."""

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
    """A block: the one that evidence is read at, or the one that holds a ballot.

    Attributes:
        number: the block's number.
        hash: the block's hash, 32 bytes.
        time: the block's time, in seconds since 1970.
    """

    number: int
    hash: bytes
    time: int


@dataclass(frozen=True, slots=True)
class Codes:
    """The code of a poll's contracts, as it is on chain.

    Attributes:
        catalogue: the code of the catalogue that the poll names.
        implementation: the code that polls of this catalogue share.
        implementation_address: the address of that code, by the catalogue.
        poll: the poll's own code, a clone.
        board: the code of its board of trustees.
        official: whether the catalogue says that it made the poll.
    """

    catalogue: bytes
    implementation: bytes
    implementation_address: str
    poll: bytes
    board: bytes
    official: bool


@dataclass(frozen=True, slots=True)
class Ceremony:
    """The key ceremony of a board.

    Attributes:
        definition: the board's definition.
        board_hash: the hash of the definition by the contract, 32 bytes.
        deals_hash: the hash of all deals by the contract, 32 bytes.
        deals: the deals with the indices of their dealers, in the order in which they were posted.
        confirmed: the indices of the trustees who have confirmed.
        key: Y by the contract.
        verification_keys: V of every trustee by the contract.
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
    """The state of a poll by its contract.

    Attributes:
        poll_hash: 32 bytes.
        voters: how many voters have cast a ballot.
        weight: the weights of these voters together.
        sums: the sums of all choices.
        cancelled: whether officials cancelled the poll.
        result: the scores of all choices; empty before they are proven.
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
        trustee: the trustee's index, from 1.
        points: D of every choice.
        proof: the proof that the points decrypt the sums.
    """

    trustee: int
    points: tuple[Point, ...]
    proof: EqualityProof


class Evidence(Protocol):
    """The public data of a poll, up to one block.

    Every method may raise a VecheError if the data are malformed.
    """

    def mark(self) -> BlockMark:
        """The block that the data are read at."""

    def definition(self) -> PollDefinition:
        """The poll's definition, as the contract shows it."""

    def state(self) -> PollState:
        """What the poll's contract has stored: voters, weight, sums and result."""

    def ceremony(self) -> Ceremony:
        """The key ceremony of the poll's board."""

    def codes(self) -> Codes:
        """The code of the contracts."""

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
