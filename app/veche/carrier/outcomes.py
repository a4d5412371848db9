"""What becomes of ballots that a carrier was given."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from veche.chain.casting import CastReceipt
from veche.errors import VecheError
from veche.protocol.ballot import SignedBallot


class Outcome(StrEnum):
    """What became of a ballot."""

    CAST = "cast"
    FOUND = "found"
    REPLACED = "replaced"
    REFUSED = "refused"
    LEFT = "left"


@dataclass(frozen=True, slots=True)
class Carried:
    """A ballot that a carrier is done with.

    Attributes:
        name: what it is called here.
        outcome: cast now; found on chain, where it was already; replaced, so that it is on chain
            and does not count; refused; or left, as the carrier had to stop.
        ballot: the ballot; None if the document holds none that is carried.
        tracker: the ballot's name, 32 bytes; None likewise.
        receipt: where it is on chain, if this carrier has cast it, or somebody else meanwhile.
        error: why it is not on chain; None if it is.
        replaced_by: the tracker of the voter's ballot that counts in its place, 32 bytes; None if
            it was not replaced.
    """

    name: str
    outcome: Outcome
    ballot: SignedBallot | None
    tracker: bytes | None
    receipt: CastReceipt | None
    error: VecheError | None
    replaced_by: bytes | None = None

    @property
    def is_on_chain(self) -> bool:
        """Whether the ballot is on chain. If it was replaced, it does not count."""
        return self.error is None


@dataclass(frozen=True, slots=True)
class Ended:
    """A ballot at its end, by its number.

    Attributes:
        number: stands for the ballot.
        outcome: what became of it.
        receipt: where it is on chain, if a transaction of this carrier tells.
        error: why it is not on chain; None if it is.
        replaced_by: the tracker of the voter's ballot that counts in its place, 32 bytes; None if
            it was not replaced.
    """

    number: int
    outcome: Outcome
    receipt: CastReceipt | None = None
    error: VecheError | None = None
    replaced_by: bytes | None = None
