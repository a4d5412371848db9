"""A poll on chain, as it is read: what it is, where it stands, what was cast (PROTOCOL §3)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from veche.chain.board_contract import BoardContract
from veche.chain.contract import Event, point
from veche.chain.node import Block, Node
from veche.chain.poll_contract import PollContract
from veche.crypto.ballot_proof import Ballot
from veche.crypto.elgamal import Ciphertext
from veche.crypto.group import Point
from veche.errors import (
    IncompleteRoll,
    NotOnRoll,
    WrongPhase,
    WrongPoll,
)
from veche.protocol.ballot import NO_BALLOT, Signature, SignedBallot
from veche.protocol.content import Content, Scores
from veche.protocol.phase import Phase
from veche.protocol.roll import Roll, published


@dataclass(frozen=True, slots=True)
class LoggedBallot:
    """A ballot that the poll accepted, as its log has it.

    Attributes:
        signed: the ballot.
        tracker: its name, as the contract says; 32 bytes.
        event: where it stands.
    """

    signed: SignedBallot
    tracker: bytes
    event: Event


class PollReader:
    """A poll on chain, for reading alone.

    Attributes:
        address: of the contract.
        definition: what defines the poll; its hash is the contract's.
        texts: title, description, questions, options.

    Raises:
        UnknownContract: there is no poll at the address.
        WrongPoll: it contradicts its own hash, or is not the one that was expected.
        InvalidContent: its words are none that voters can be shown.
    """

    def __init__(
        self,
        node: Node,
        address: str,
        *,
        expect: bytes | None = None,
    ) -> None:
        self.node = node
        self.address = address
        self.contract = PollContract(node, address)
        self.contract.require_published()
        self.definition = self.contract.definition()
        self._require(expect)
        self.texts: Content = self.definition.texts

    def __repr__(self) -> str:
        return f"Poll({self.address!r})"

    def _require(self, expect: bytes | None) -> None:
        own, computed = bytes(self.contract.read("pollHash")), self.definition.hash
        if own != computed:
            raise WrongPoll(f"the poll at {self.address} contradicts its own hash 0x{own.hex()}")
        if expect is not None and expect != own:
            told = f"you were told of poll 0x{expect.hex()}"
            raise WrongPoll(f"{told}, but at {self.address} is poll 0x{own.hex()}")

    # -- What it is --

    @property
    def title(self) -> str:
        """Of the poll."""
        return self.texts.title

    @property
    def hash(self) -> bytes:
        """Of everything that defines it: 32 bytes."""
        return self.definition.hash

    @property
    def roll(self) -> Roll:
        """The electoral roll, as officials published it.

        Raises:
            IncompleteRoll: what is published so far is not the roll of this poll.
        """
        if self._roll is None:
            self._roll = published(self.contract.rolls(), self.definition.roll_root)
        return self._roll

    _roll: Roll | None = None

    def use_roll(self, roll: Roll) -> None:
        """Takes a roll from elsewhere, a file perhaps, in place of the published one.

        Raises:
            IncompleteRoll: it is not the roll of this poll.
        """
        if roll.root != self.definition.roll_root:
            raise IncompleteRoll("this roll is not the one that the poll was published with")
        self._roll = roll

    # -- Where it stands --

    @property
    def phase(self) -> Phase:
        """Where the poll stands."""
        return Phase(self.contract.read("phase"))

    @property
    def voter_count(self) -> int:
        """How many voters have cast a ballot."""
        return int(self.contract.read("voterCount"))

    @property
    def cast_weight(self) -> int:
        """The weights of all voters who have cast a ballot."""
        return int(self.contract.read("castWeight"))

    def tracker(self, voter: str) -> bytes | None:
        """The tracker of a voter's ballot that counts, 32 bytes; None before the first."""
        found = bytes(self.contract.read("tracker", voter))
        return None if found == NO_BALLOT else found

    def trackers(self, voters: Sequence[str], *, block: Block = "latest") -> list[bytes]:
        """The same of many voters in one request, zeros before the first; at a block, which may be
        older than the poll.
        """
        found = self.contract.read_each("tracker", voters, block=block)
        return [bytes(each or NO_BALLOT) for each in found]

    def require_phase(self, expected: Phase) -> None:
        """Refuses what the poll would refuse.

        Raises:
            WrongPhase: it is in another phase.
        """
        actual = self.phase
        if actual != expected:
            reason = f"the poll is {actual}; for this it must be {expected}"
            raise WrongPhase(int(expected), int(actual), reason=reason)

    def require_voter(self, voter: str) -> int:
        """The weight of a voter on the roll.

        Raises:
            NotOnRoll: the roll does not name the voter.
            IncompleteRoll: the roll is not published in full.
        """
        weight = self.roll.weight(voter)
        if not weight:
            raise NotOnRoll(voter, weight, reason=f"{voter} is not on the roll of this poll")
        return weight

    # -- Ballots --

    def ballots(self, **indexed: Any) -> Iterator[LoggedBallot]:  # noqa: ANN401  # as the ABI
        """The ballots that the poll accepted, in order, from its log.

        Args:
            indexed: `voter` (address) or `tracker` (32 bytes), to look for these alone.

        Raises:
            InvalidPoint, InvalidScalar: the log holds what no contract accepts.
        """
        return map(self._logged, self.contract.log("BallotCast", **indexed))

    def _logged(self, event: Event) -> LoggedBallot:
        values = event.values
        signed = SignedBallot(
            self.node.chain_id,
            self.address,
            values["voter"],
            values["weight"],
            values["replaces"],
            values["deadline"],
            Signature(values["r"], values["vs"]),
            Ballot.from_words(values["ballot"], self.definition.questions),
        )
        return LoggedBallot(signed, values["tracker"], event)

    # -- Result --

    def sums(self) -> list[Ciphertext]:
        """The encrypted sums of all choices, as the contract has them."""
        return self.contract.sums()

    def shares_posted(self) -> list[int]:
        """The indices of the trustees whose shares were accepted, in that order."""
        return list(self.contract.read("sharesPosted"))

    def shares(self) -> dict[int, tuple[Point, ...]]:
        """D of every choice of the shares that were accepted, in that order, by trustee."""
        return {
            event.values["trustee"]: tuple(map(point, event.values["points"]))
            for event in self.contract.log("SharePosted")
        }

    @cached_property
    def threshold(self) -> int:
        """How many decryption shares a result needs."""
        return int(BoardContract(self.node, self.definition.board).read("threshold"))

    def result(self) -> Scores | None:
        """The score of every option, by question, as the contract has proven it; None before."""
        found = self.contract.read("result")
        return self.texts.by_text(found) if found else None
