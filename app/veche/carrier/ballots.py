"""A ballot on its way to the chain: a type for each stage, so that none is skipped.

A number stands for a ballot at every stage: two equal documents have two numbers.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NewType

from veche.carrier.admission import Admission
from veche.protocol.ballot import SignedBallot


@dataclass(frozen=True, slots=True)
class HandedIn:
    """A document that nobody has read yet.

    Attributes:
        number: stands for it.
        text: the document.
    """

    number: int
    text: str


@dataclass(frozen=True, slots=True)
class ReadBallot:
    """A ballot that names a poll which is carried for.

    Attributes:
        number: stands for it.
        signed: the ballot.
        admission: to its poll.
        tracker: the ballot's name, 32 bytes.
        has_failed: whether a batch with it has failed before.
    """

    number: int
    signed: SignedBallot
    admission: Admission
    tracker: bytes
    has_failed: bool = False

    @property
    def turn(self) -> tuple[str, str]:
        """Poll and voter: one ballot of a voter is under way at a time."""
        return self.signed.poll, self.signed.voter


EntitledBallot = NewType("EntitledBallot", ReadBallot)
"""A ballot that a voter of its poll has signed."""


@dataclass(frozen=True, slots=True)
class FoundBallot:
    """A ballot that is on chain already.

    Attributes:
        ballot: the ballot.
        replaced_by: the tracker of the ballot that counts in its place, 32 bytes; None if it
            counts itself.
    """

    ballot: EntitledBallot
    replaced_by: bytes | None = None

    @property
    def admission(self) -> Admission:
        """To the poll of the ballot."""
        return self.ballot.admission


@dataclass(frozen=True, slots=True)
class NewBallot:
    """A ballot that its poll would take if its proof is good.

    Attributes:
        ballot: the ballot.
        replaced: the ballot that it replaces, if it does.
    """

    ballot: EntitledBallot
    replaced: SignedBallot | None


@dataclass(frozen=True, slots=True)
class ProvenBallot:
    """A ballot that its poll would take.

    Attributes:
        ballot: the ballot.
        row: its words in a batch, as `Carriage.row` gives them.
    """

    ballot: EntitledBallot
    row: list[int]

    @property
    def number(self) -> int:
        """Stands for the ballot."""
        return self.ballot.number

    @property
    def signed(self) -> SignedBallot:
        """The ballot as its voter signed it."""
        return self.ballot.signed

    @property
    def admission(self) -> Admission:
        """To the poll of the ballot."""
        return self.ballot.admission
