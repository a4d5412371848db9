"""Evidence from a node: the public data of a poll, all at one block.

Contracts are read at the block's hash, so all that they show is of one chain. Nodes give logs by
block numbers alone; so the block is looked at again once logs are read.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from copy import copy
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from typing import TypeVar

from veche.chain.board_contract import BoardContract
from veche.chain.contract import point
from veche.chain.evidence import block_mark
from veche.chain.foundation import NodeFoundation
from veche.chain.poll_contract import PollContract, logged_ballot
from veche.crypto.equality_proof import EqualityProof
from veche.observer.evidence import PollState, PostedShare
from veche.protocol import trackers
from veche.protocol.block_mark import BlockMark
from veche.protocol.logged_ballot import LoggedBallot
from veche.protocol.phase import Phase
from veche.protocol.published_roll import Part

T = TypeVar("T")


class NodeEvidence(NodeFoundation):
    """The public data of a poll, as a node shows them at one block."""

    is_record = False
    _first: int | None = None

    def since(self, first: int | None) -> NodeEvidence:
        """The same evidence, but `ballots` begins at block `first`; None for all ballots."""
        later = copy(self)
        later._first = first  # noqa: SLF001  # of its own kind
        return later

    def state(self) -> PollState:
        """The poll's state. It is read once: what was checked is what is compared and used."""
        return self._state

    @cached_property
    def _state(self) -> PollState:
        read = self._poll.read
        return PollState(
            read("voterCount"),
            read("castWeight"),
            tuple(self._poll.sums()),
            read("phase") == Phase.CANCELLED.number,
            tuple(read("result")),
        )

    # -- Logs --

    def roll_parts(self) -> tuple[Part, ...]:
        """The parts of the electoral roll, in the order in which they were published."""
        return tuple(self._kept(self._poll.roll_parts(last=self._mark.number)))

    def ballots(self) -> Iterator[tuple[LoggedBallot, BlockMark]]:
        """The ballots in the order in which they were cast, each with the block that holds it."""
        last = self._mark.number
        log = self._poll.events("BallotCast", first=self._first, last=last, dense=True)
        block = self._mark
        for event in self._kept(log):
            if event.block_hash != block.hash:
                block = block_mark(self.node.block(event.block_hash))
            yield logged_ballot(event), block

    def find(self, wanted: set[tuple[str, bytes]]) -> Iterator[LoggedBallot]:
        """The ballots with these voters and trackers, in any order."""
        last = self._mark.number
        logs = (
            self._poll.events("BallotCast", where={"voter": voter, "tracker": tracker}, last=last)
            for voter, tracker in wanted
        )
        return map(logged_ballot, self._kept(chain.from_iterable(logs)))

    def shares(self) -> tuple[PostedShare, ...]:
        """The decryption shares in the order in which they were accepted."""
        log = self._poll.events("SharePosted", last=self._mark.number)
        return tuple(
            PostedShare(
                event.values["trustee"],
                tuple(map(point, event.values["points"])),
                EqualityProof.from_outside(*event.values["proof"]),
            )
            for event in self._kept(log)
        )

    def proofs(self) -> NodeProofs:
        """What the state of the contracts proves to be in their logs."""
        return NodeProofs(self._poll, self._board)

    def _kept(self, read: Iterable[T]) -> Iterator[T]:
        """Passes on what is read from logs, then makes sure that the block is still there.

        Raises:
            NodeBehind: the node replaced the block, so the logs may be of several chains.
        """
        yield from read
        self.node.require_kept(self._mark.number, self._mark.hash)


@dataclass(frozen=True, slots=True)
class NodeProofs:
    """What the state of a poll and its board proves to be in their logs.

    Attributes:
        poll: the poll's contract.
        board: the board's contract.
    """

    poll: PollContract
    board: BoardContract

    @property
    def name(self) -> str:
        """The name of the node."""
        return self.poll.node.name

    def ballots(self) -> Iterator[tuple[str, bytes]]:
        """Voter and tracker of every ballot in the log."""
        log = self.poll.events("BallotCast", dense=True)
        return ((each.values["voter"], each.values["tracker"]) for each in log)

    def dealers(self) -> set[int]:
        """The trustees who have dealt."""
        return set(self.board.deals(len(self.board.indices)))

    def confirmers(self) -> set[int]:
        """The trustees who have confirmed."""
        return {each for each in self.board.indices if self.board.read("hasConfirmed", each)}

    def sharers(self) -> set[int]:
        """The trustees who have posted a decryption share."""
        return set(self.poll.read("sharesPosted"))

    def trackers(self, voters: Sequence[str]) -> list[bytes | None]:
        """The trackers of these voters' ballots that count, 32 bytes; None for a voter who has
        none.
        """
        return list(map(trackers.from_word, self.poll.read_each("tracker", voters)))
