"""What a node shows of a poll, all of it at one block."""

from __future__ import annotations

from collections.abc import Iterator
from copy import copy
from functools import cached_property, lru_cache
from typing import Any, Final

from veche.chain.board_contract import BoardContract
from veche.chain.contract import Event, point
from veche.chain.node import Node
from veche.chain.poll_contract import PollContract
from veche.crypto.equality_proof import EqualityProof
from veche.observer.ceremony_evidence import block_mark, read_ceremony, require_kept
from veche.observer.evidence import (
    BlockMark,
    CastBallot,
    CeremonyRecord,
    Codes,
    PollState,
    PostedShare,
)
from veche.protocol.definition import PollDefinition

WORD: Final = 32
CANCELLED: Final = 5
"""The phase of a poll that was withdrawn."""


class NodeEvidence:
    """The public data of a poll as a node shows them at one block.

    Attributes:
        node: the node.
        address: of the poll.

    Args:
        node: the node.
        address: of the poll.
        block: the number of the block; the newest by default.

    Raises:
        UnknownContract: there is no contract at the address.
        NodeBehind: ballots or shares were asked for, and the block was replaced meanwhile.
    """

    def __init__(self, node: Node, address: str, *, block: int | None = None) -> None:
        self.node = node
        self.address = address
        self._poll = PollContract(node, address)
        self._first: int | None = None
        self._mark = block_mark(node.block("latest" if block is None else block))

    def since(self, first: int | None) -> NodeEvidence:
        """The same, with the ballots from block `first` on alone."""
        later = copy(self)
        later._first = first  # noqa: SLF001  # of its own kind
        return later

    def mark(self) -> BlockMark:
        """The block that all of it is of."""
        return self._mark

    def definition(self) -> PollDefinition:
        """What defines the poll, as the contract shows it."""
        return self._definition

    @cached_property
    def _definition(self) -> PollDefinition:
        return self._poll.definition()

    def state(self) -> PollState:
        """Where the poll stands."""
        return PollState(
            bytes(self._read("pollHash")),
            self._read("voterCount"),
            self._read("castWeight"),
            tuple(self._poll.sums(block=self._mark.hash)),
            self._read("phase") == CANCELLED,
            tuple(self._read("result")),
        )

    def _read(self, method: str, *args: Any) -> Any:  # noqa: ANN401  # as the ABI says
        return self._poll.read(method, *args, block=self._mark.hash)

    # -- Ceremony --

    @cached_property
    def _board(self) -> BoardContract:
        return BoardContract(self.node, self._definition.board)

    def ceremony(self) -> CeremonyRecord:
        """How the poll's key was made; see read_ceremony."""
        return read_ceremony(self._board, self._mark)

    # -- Code --

    def codes(self) -> Codes:
        """The contracts' code."""
        catalogue = self._poll.catalogue
        implementation = catalogue.read("implementation", block=self._mark.hash)
        return Codes(
            catalogue.code,
            self.node.code(implementation, self._mark.hash),
            implementation,
            self.node.code(self._poll.address, self._mark.hash),
            self.node.code(self._board.address, self._mark.hash),
            catalogue.read("isOfficial", self._poll.address, block=self._mark.hash),
        )

    # -- Logs --

    def rolls(self) -> Iterator[list[tuple[str, int]]]:
        """The electoral roll as it was published; see PollContract.rolls."""
        return self._poll.rolls(last=self._mark.number)

    def ballots(self) -> Iterator[CastBallot]:
        """The ballots in the order in which they were cast."""
        last = self._mark.number
        events = self._poll.events("BallotCast", first=self._first, last=last, dense=True)
        return map(self._cast, events)

    def find(self, trackers: set[tuple[str, bytes]]) -> Iterator[CastBallot]:
        """The ballots of these voters with these trackers."""
        last = self._mark.number
        for voter, tracker in trackers:
            where = {"voter": voter, "tracker": tracker}
            found = self._poll.events("BallotCast", where=where, last=last)
            yield from map(self._cast, found)

    def _cast(self, event: Event) -> CastBallot:
        values = event.values
        return CastBallot(
            values["voter"],
            values["tracker"],
            values["weight"],
            values["replaces"],
            values["deadline"],
            values["r"],
            values["vs"],
            b"".join(each.to_bytes(WORD, "big") for each in values["ballot"]),
            self._block(event.block_hash),
        )

    @cached_property
    def _block(self) -> Any:  # noqa: ANN401  # a cached function
        return lru_cache(maxsize=256)(lambda hash_: block_mark(self.node.block(hash_)))

    def shares(self) -> tuple[PostedShare, ...]:
        """The decryption shares in the order in which they were accepted."""
        events = list(self._poll.events("SharePosted", last=self._mark.number))
        require_kept(self.node, self._mark)
        return tuple(
            PostedShare(
                event.values["trustee"],
                tuple(map(point, event.values["points"])),
                EqualityProof.from_outside(*event.values["proof"]),
            )
            for event in events
        )
