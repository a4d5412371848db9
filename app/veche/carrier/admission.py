"""Whether a poll would take a ballot: what a carrier looks at before it pays for one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from time import monotonic
from typing import Final

from veche.chain import casting
from veche.chain.connection import Chain
from veche.chain.poll import Poll
from veche.errors import (
    BallotExpired,
    NodeError,
    NotOnRoll,
    VecheError,
    WrongPhase,
    WrongReplacedBallot,
    WrongTracker,
)
from veche.protocol import trackers
from veche.protocol.ballot import SignedBallot
from veche.protocol.phase import Phase

FRESH: Final = 1.0
"""Seconds for which what was seen of a poll is taken to be so still."""


@dataclass(eq=False)
class Admission:
    """A poll, and where it stood when it was last looked at.

    Attributes:
        poll: the poll.
        phase: where it stood.
        time: the earliest that the next block can have, in seconds since 1970.
        gas_limit: the gas that a block has room for.
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
        self.phase, self.time = self.poll.phase, head["timestamp"] + 1
        self.gas_limit = head["gasLimit"]
        self._looked = monotonic()

    @property
    def most_gas(self) -> int:
        """The most gas that a batch may ask for: half of a block at most, as what needs more waits
        for an empty one.
        """
        return min(casting.MAX_GAS, self.gas_limit // 2)

    def require_in_time(self, signed: SignedBallot) -> None:
        """Refuses a ballot that comes too early or too late.

        Raises:
            WrongPhase: the poll is not open in the next block.
            BallotExpired: the voter does not want the ballot cast any more.
        """
        if self.phase != Phase.OPEN:
            raise WrongPhase(Phase.OPEN.number, self.phase.number)
        if self.time >= self.poll.definition.closes:
            raise WrongPhase(Phase.OPEN.number, Phase.CLOSED.number)
        if self.time > signed.deadline:
            raise BallotExpired(signed.deadline, self.time)

    def require_entitled(self, signed: SignedBallot) -> None:
        """Refuses a ballot that no voter of the poll has signed.

        Raises:
            NotOnRoll: the roll does not give the voter this weight.
            InvalidSignature: the voter has not signed the ballot.
            IncompleteRoll: the roll is not published in full.
        """
        if not self.poll.roll.weight(signed.voter) == signed.weight > 0:
            raise NotOnRoll(signed.voter, signed.weight)
        signed.require_signed(self.poll.hash)

    def is_on_chain(self, signed: SignedBallot, tracker: bytes, counting: bytes | None) -> bool:
        """Whether a ballot was cast already.

        Args:
            signed: the ballot.
            tracker: the ballot's name, 32 bytes.
            counting: the tracker of the voter's ballot that counts; None if none does.

        Raises:
            WrongTracker: the ballot was not cast, and replaces another one than that which counts.
        """
        if counting == tracker:
            return True
        if counting == signed.replaces:
            return False
        if any(self.poll.ballots(voter=signed.voter, tracker=tracker)):
            return True  # and it was replaced since
        words = trackers.word(counting), trackers.word(signed.replaces)
        if counting and not signed.replaces:
            said = f"it was signed as a first ballot, but 0x{counting.hex()} counts by now"
            raise WrongTracker(*words, reason=said)
        raise WrongTracker(*words)

    def replaced(self, signed: SignedBallot) -> SignedBallot | None:
        """The ballot that a ballot replaces, if it does.

        Raises:
            WrongReplacedBallot: the log lacks the ballot.
        """
        if signed.replaces is None:
            return None
        found = casting.replaced(self.poll, signed)
        if found is None:
            reason = "the node's log lacks the ballot that this one replaces"
            raise WrongReplacedBallot(signed.replaces, trackers.NO_BALLOT, reason=reason)
        return found


class Admissions:
    """Admission to every poll that ballots name; each poll is opened once.

    Args:
        chain: where the polls are.
        polls: whose ballots are carried; if empty, those of any poll that they name.
        expect: the pollHash that their poll must have.
    """

    def __init__(
        self, chain: Chain, *, polls: Sequence[Poll] = (), expect: str | bytes | None = None
    ) -> None:
        self._chain, self._expect = chain, expect
        self._own = {each.address: each for each in polls}
        self._known: dict[str, Admission | VecheError] = {}

    def of(self, signed: SignedBallot) -> Admission:
        """Admission to the poll of a ballot.

        Raises:
            WrongPoll: the ballot is for another poll than is carried for.
            VecheError: nobody can vote in the poll.
            NodeError: the node was lost.
        """
        poll = signed.poll
        is_carried = not self._own or poll in self._own
        casting.require_own(signed, chain_id=self._chain.id, poll=poll if is_carried else "")
        if poll not in self._known:
            self._known[poll] = self._opened(poll)
        refusal = self._known[poll]
        if isinstance(refusal, VecheError):
            raise refusal
        return refusal

    def forget_refusals(self) -> None:
        """Has polls that nobody could vote in opened again: a roll may be published by now."""
        self._known = {key: one for key, one in self._known.items() if isinstance(one, Admission)}

    def _opened(self, address: str) -> Admission | VecheError:
        """Admission to a poll, or why nobody can vote there: not found out again for every ballot.

        Raises:
            NodeError: the node was lost.
        """
        try:
            poll = self._own.get(address) or self._chain.poll(address, expect=self._expect)
            len(poll.roll)
        except NodeError:
            raise
        except VecheError as refusal:
            return refusal
        return Admission(poll)
