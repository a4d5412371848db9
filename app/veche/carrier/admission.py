"""Whether a poll would take a ballot: what a carrier looks at before it pays for one."""

from __future__ import annotations

from dataclasses import dataclass
from time import monotonic
from typing import Final

from veche.chain import casting
from veche.chain.casting import Carriage
from veche.chain.poll import Poll
from veche.errors import (
    BallotExpired,
    NotOnRoll,
    VecheError,
    WrongPhase,
    WrongReplacedBallot,
    WrongTracker,
)
from veche.protocol.ballot import NO_BALLOT, SignedBallot
from veche.protocol.definition import PollDefinition
from veche.protocol.phase import Phase

FRESH: Final = 1.0
"""Seconds for which it is not asked again where a poll stands."""


@dataclass(eq=False)
class Admission:
    """A poll, and where it stood when it was last looked at.

    Attributes:
        poll: the poll.
        phase: where it stood.
        time: the earliest that the next block can have, in seconds since 1970.
        gas_limit: of a block.
    """

    poll: Poll
    phase: Phase = Phase.SCHEDULED
    time: int = 0
    gas_limit: int = 0
    _looked: float = float("-inf")

    def look(self, *, fresh: float = FRESH) -> None:
        """Asks again where the poll stands, unless that was done within so many seconds."""
        if monotonic() < self._looked + fresh:
            return
        head = self.poll.node.block()
        self.phase, self.time = self.poll.phase, int(head["timestamp"]) + 1
        self.gas_limit = int(head["gasLimit"])
        self._looked = monotonic()

    @property
    def most_gas(self) -> int:
        """That a batch may ask for: half of a block at most, so that it never waits for an empty
        one.
        """
        return min(casting.MAX_GAS, self.gas_limit // 2)

    def require_in_time(self, signed: SignedBallot) -> None:
        """Refuses what comes too early or too late.

        Raises:
            WrongPhase: the poll is not open in the next block.
            BallotExpired: the voter does not want the ballot cast any more.
        """
        if self.phase != Phase.OPEN:
            raise WrongPhase(int(Phase.OPEN), int(self.phase))
        if self.time >= self.poll.definition.closes:
            raise WrongPhase(int(Phase.OPEN), int(Phase.CLOSED))
        if self.time > signed.deadline:
            raise BallotExpired(signed.deadline, self.time)

    def require_entitled(self, signed: SignedBallot) -> None:
        """Refuses a ballot that is not of a voter of the poll.

        Raises:
            NotOnRoll: the roll does not give the voter this weight.
            InvalidSignature: the voter has not signed it.
            IncompleteRoll: the roll is not published in full.
        """
        if not self.poll.roll.weight(signed.voter) == signed.weight > 0:
            raise NotOnRoll(signed.voter, signed.weight)
        signed.require_signed(self.poll.hash)

    def is_on_chain(self, signed: SignedBallot, tracker: bytes, counting: bytes) -> bool:
        """Whether a ballot was cast already.

        Args:
            signed: the ballot.
            tracker: its own, 32 bytes.
            counting: that of the voter's ballot that counts, or zeros.

        Raises:
            WrongTracker: it was not, and replaces another one than that which counts.
        """
        if counting == tracker:
            return True
        if counting == signed.replaces:
            return False
        if any(self.poll.ballots(voter=signed.voter, tracker=tracker)):
            return True  # and it was replaced since
        raise WrongTracker(counting, signed.replaces)

    def replaced(self, signed: SignedBallot) -> SignedBallot | None:
        """The ballot that a ballot replaces, if it does.

        Raises:
            WrongReplacedBallot: the log lacks the ballot.
        """
        if signed.replaces == NO_BALLOT:
            return None
        found = casting.replaced(self.poll, signed)
        if found is None:
            reason = "the node's log lacks the ballot that this one replaces"
            raise WrongReplacedBallot(signed.replaces, NO_BALLOT, reason=reason)
        return found


def proven_row(
    ballot: tuple[PollDefinition, SignedBallot, SignedBallot | None],
) -> list[int] | VecheError:
    """What `Carriage.row` gives of a ballot whose proof is good, or why it is not; made to run in
    another process.

    Args:
        ballot: the definition of its poll, the ballot, and the one that it replaces.
    """
    try:
        return Carriage.proven(*ballot).row
    except VecheError as refusal:
        return refusal
