"""Which proven ballots go together, and how many batches go out with each block."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from veche.carrier.admission import Admission
from veche.carrier.ballots import ProvenBallot
from veche.chain import casting
from veche.chain.poll import Poll
from veche.protocol.ballot import SignedBallot

SHARE: Final = 0.75
"""Share of a block's gas that is asked for with every new block. Batches use less than they ask
for, and blocks more than half full raise the price of gas. What is sent within one block gets into
the next, which leaves the one after it for what is sent then: no block is full, and none empty.
"""


@dataclass(frozen=True, slots=True)
class Batch:
    """Ballots that one transaction casts: one at least, all of one poll.

    Attributes:
        ballots: the ballots, in the order of their rows.
    """

    ballots: tuple[ProvenBallot, ...]

    @property
    def admission(self) -> Admission:
        """To the poll of the ballots."""
        return self.ballots[0].admission

    @property
    def poll(self) -> Poll:
        """The poll of the ballots."""
        return self.admission.poll

    @property
    def signed(self) -> list[SignedBallot]:
        """The ballots as their voters signed them."""
        return [each.signed for each in self.ballots]

    @property
    def data(self) -> bytes:
        """The data of the transaction."""
        return casting.batch(self.poll, [(each.signed.voter, each.row) for each in self.ballots])

    @property
    def gas(self) -> int:
        """Enough gas for the transaction."""
        return casting.gas(self.poll.definition, self.signed)

    def has_room_for(self, ballot: ProvenBallot) -> bool:
        """Whether one more ballot of the poll fits in."""
        together = [*self.signed, ballot.signed]
        return casting.fits(self.poll.definition, together, most=self.admission.most_gas)

    def plus(self, ballot: ProvenBallot) -> Batch:
        """The batch with one more ballot."""
        return Batch((*self.ballots, ballot))


class Batches:
    """The batches that are being filled: one for each poll."""

    def __init__(self) -> None:
        self._filling: dict[str, Batch] = {}

    def add(self, ballot: ProvenBallot) -> Batch | None:
        """Puts a ballot into the batch of its poll. Where it has no room there it begins another,
        and the full batch is returned.
        """
        address = ballot.admission.poll.address
        batch = self._filling.get(address)
        if batch and batch.has_room_for(ballot):
            self._filling[address] = batch.plus(ballot)
            return None
        self._filling.pop(address, None)
        self._filling[address] = Batch((ballot,))
        return batch

    def take_all(self) -> list[Batch]:
        """The batches, full or not; others are begun."""
        taken, self._filling = list(self._filling.values()), {}
        return taken


@dataclass
class Room:
    """How many more batches may be sent before the next block."""

    _height: int = 0
    _sent: int = 0

    def is_left(self, admission: Admission, *, height: int, unmined: int) -> bool:
        """Whether there is room for one more batch: few were sent since the newest block, and few
        before it that no block holds.

        Args:
            admission: to the poll of the batch; knows how much gas blocks and batches have.
            height: the number of the newest block.
            unmined: how many batches no block holds.
        """
        if height != self._height:
            self._height, self._sent = height, 0
        share = round(SHARE * admission.gas_limit / admission.most_gas)
        return self._sent < share and unmined < 2 * share

    def take(self) -> None:
        """Notes that a batch was sent."""
        self._sent += 1
