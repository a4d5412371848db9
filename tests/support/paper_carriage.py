"""Ballots on their way to polls without a chain, at whatever stage a test begins with."""

from __future__ import annotations

from collections.abc import Iterator
from copy import copy
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import count
from typing import Any, cast

from eth_utils.address import to_checksum_address

from support.paper_polls import CLOSES, OPENS, PaperPoll, voter
from veche.carrier.admission import Admission
from veche.carrier.ballots import EntitledBallot, ProvenBallot, ReadBallot
from veche.chain.casting import Carriage
from veche.chain.poll import Poll
from veche.protocol.ballot import PreparedBallot, SignedBallot
from veche.protocol.definition import PollDefinition
from veche.protocol.phase import Phase
from veche.protocol.roll import Roll

ONE_CHOICE = (1, 0, 0, 0, 0)


@dataclass
class PaperNode:
    """A node that says what it is told to.

    Attributes:
        time: of the newest block.
        gas_limit: of the newest block.
        looks: how often the newest block was asked for.
    """

    time: int = OPENS
    gas_limit: int = 60_000_000
    looks: int = 0

    def block(self) -> dict[str, Any]:
        self.looks += 1
        return {"timestamp": self.time, "gasLimit": self.gas_limit}


@dataclass
class Wicket:
    """What a carrier sees of an open poll of three voters, the last of whom weighs 2.

    Attributes:
        paper: the poll.
        node: what it is seen through.
        logged: the trackers of the ballots in its log.
    """

    paper: PaperPoll = field(default_factory=lambda: PaperPoll(ballots=(), decrypted=False))
    node: PaperNode = field(default_factory=PaperNode)
    phase: Phase = Phase.OPEN
    logged: list[bytes] = field(default_factory=list)
    _numbers: Iterator[int] = field(default_factory=count)

    @property
    def definition(self) -> PollDefinition:
        return self.paper.definition

    @property
    def address(self) -> str:
        return self.definition.address

    @property
    def hash(self) -> bytes:
        return self.definition.hash

    @property
    def roll(self) -> Roll:
        return self.paper.roll

    def ballots(self, *, voter: str, tracker: bytes) -> list[str]:
        return [voter] * self.logged.count(tracker)

    def elsewhere(self) -> Wicket:
        """A poll with the same voters at another address."""
        paper = copy(self.paper)
        paper.definition = replace(self.definition, address=to_checksum_address("0x" + "91" * 20))
        return Wicket(paper)

    @cached_property
    def admission(self) -> Admission:
        """To the poll, looked at once."""
        found = Admission(cast("Poll", self))
        found.look(fresh=0)
        return found

    # -- Ballots --

    def signed(
        self,
        index: int = 0,
        *,
        weight: int | None = None,
        replaces: bytes | None = None,
        deadline: int = CLOSES,
    ) -> SignedBallot:
        """The ballot of a voter."""
        account = voter(index)
        return PreparedBallot.encrypt(
            ONE_CHOICE,
            self.definition,
            voter=account.address,
            weight=self.roll.weight(account.address) if weight is None else weight,
            replaces=replaces,
        ).sign(account, deadline=deadline)

    def read(self, signed: SignedBallot) -> ReadBallot:
        number, tracker = next(self._numbers), signed.tracker(self.hash)
        return ReadBallot(number, signed, self.admission, tracker)

    def entitled(self, index: int = 0, *, replaces: bytes | None = None) -> EntitledBallot:
        return EntitledBallot(self.read(self.signed(index, replaces=replaces)))

    def proven(self, index: int = 0) -> ProvenBallot:
        ballot = self.entitled(index)
        return ProvenBallot(ballot, Carriage.proven(self.definition, ballot.signed, None).row)
