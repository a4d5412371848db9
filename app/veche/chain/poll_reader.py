"""What anyone can read of a poll on chain: definition, phase, ballots, result (PROTOCOL §3)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property

from veche.chain.board_contract import BoardContract
from veche.chain.contract import Event
from veche.chain.foundation import require_foundation
from veche.chain.node import Block, Node
from veche.chain.poll_contract import PollContract
from veche.crypto.elgamal import Ciphertext
from veche.crypto.equality_proof import points_from_outside
from veche.crypto.group import Point
from veche.errors import (
    LogsMissing,
    NotOnRoll,
    WrongPhase,
    WrongPoll,
)
from veche.errors.phrases import numbered
from veche.protocol import published_roll, trackers
from veche.protocol.board import BoardTerms
from veche.protocol.content import Content, Scores
from veche.protocol.phase import Phase
from veche.protocol.roll import Roll
from veche.protocol.roll_proof import RollProof


class PollReader:
    """A poll on chain, for reading only.

    Attributes:
        node: the node that shows it.
        address: the poll's address.
        contract: the poll's contract.
        definition: what defines the poll; its hash was compared with the contract's.
        texts: title, description, questions and options.

    Raises:
        UnknownContract: the contract at the address is not a poll of Veche.
        NodeBehind: the node is syncing, and has no contract at the address yet.
        WrongPoll: the poll's hash is not the expected one, or not that of its definition.
        InvalidContent: the poll's texts cannot be shown to voters.
    """

    def __init__(
        self,
        node: Node,
        address: str,
        *,
        expect: bytes | None = None,
        block: Block = "latest",
    ) -> None:
        self.node = node
        self.address = address
        self.contract = PollContract(node, address, block=block)
        self.contract.require_published()
        self.definition = self.contract.definition()
        self._require(expect)
        self.texts: Content = self.definition.texts
        self.roll_proofs: dict[str, RollProof] = {}
        """The proofs that `use_roll_proof` was given, by voter."""

    def __repr__(self) -> str:
        return f"Poll({self.address!r})"

    def _require(self, expect: bytes | None) -> None:
        own, computed = bytes(self.contract.read("pollHash")), self.definition.hash
        if own != computed:
            said = f"the poll at {self.address} shows the hash 0x{own.hex()}"
            raise WrongPoll(f"{said}, but its definition has another")
        self.definition.require_hash(expect)

    def require_foundation(self) -> None:
        """Refuses a poll that a vote must not be encrypted for: it makes every check of PROTOCOL §2
        on catalogue, board and poll, the first time that it is called.

        Raises:
            ChecksFailed: a check failed. Somebody may be trying to read votes or to stop them.
        """
        if not self._has_foundation:
            require_foundation(self.node, self.address, expect=self.hash)
            self._has_foundation = True

    _has_foundation: bool = False

    # -- What it is --

    @property
    def title(self) -> str:
        """The poll's title."""
        return self.texts.title

    @property
    def hash(self) -> bytes:
        """The hash of everything that defines the poll: 32 bytes."""
        return self.definition.hash

    @property
    def roll(self) -> Roll:
        """The electoral roll: the one that officials published, or the one given to `use_roll`.

        Raises:
            IncompleteRoll: the entries that are published so far do not give the poll's roll.
        """
        if self._roll is None:
            root, total = self.definition.roll_root, self.definition.total_weight
            parts = self.contract.roll_parts()
            self._roll = published_roll.read(parts, root=root, total_weight=total)
        return self._roll

    _roll: Roll | None = None
    given_roll: Roll | None = None
    """The roll that `use_roll` was given; None if the published one is used."""

    def use_roll(self, roll: Roll) -> None:
        """Uses a roll from elsewhere, for example from a file, instead of the published one.

        Raises:
            WrongRoll: this is not the roll of this poll.
        """
        roll.require_of(self.definition)
        self._roll = self.given_roll = roll

    def use_roll_proof(self, proof: RollProof) -> None:
        """Uses a proof for its voter, so that the roll need not be read for that voter's ballots.

        Raises:
            WrongRollProof: the proof does not show its voter on the roll of this poll.
        """
        proof.require_of(self.definition)
        self.roll_proofs[proof.voter] = proof

    def weight(self, voter: str) -> int:
        """The weight of a voter; 0 if the voter is not on the roll. The roll is read, unless a
        proof of the voter was given.

        Raises:
            IncompleteRoll: the roll is not published in full.
        """
        proof = self.roll_proofs.get(voter)
        return proof.weight if proof else self.roll.weight(voter)

    def roll_path(self, voter: str) -> list[bytes]:
        """The path from a voter's leaf to the root of the roll, each hash 32 bytes; empty if the
        voter is not on the roll. The roll is read, unless a proof of the voter was given.

        Raises:
            IncompleteRoll: the roll is not published in full.
        """
        proof = self.roll_proofs.get(voter)
        if proof:
            return list(proof.path)
        return self.roll.path(voter, 0)[1] if voter in self.roll else []

    # -- Where it stands --

    @property
    def phase(self) -> Phase:
        """Where the poll stands."""
        return self.contract.read_as(Phase, "phase")

    @property
    def voter_count(self) -> int:
        """How many voters have cast a ballot, however often."""
        return int(self.contract.read("voterCount"))

    @property
    def cast_weight(self) -> int:
        """The sum of the weights of all voters who have cast a ballot."""
        return int(self.contract.read("castWeight"))

    def tracker(self, voter: str) -> bytes | None:
        """The tracker of a voter's ballot that counts, 32 bytes; None if the voter has none."""
        return trackers.from_word(self.contract.read("tracker", voter))

    def trackers(self, voters: Sequence[str], *, block: Block | None = None) -> list[bytes | None]:
        """The trackers of many voters' ballots that count, in one request; None for a voter who
        has none.

        Args:
            voters: addresses.
            block: the block in whose state to look, by default the poll's; it may be older than the
                poll.
        """
        found = self.contract.read_each("tracker", voters, block=block)
        return [None if each is None else trackers.from_word(each) for each in found]

    def require_phase(self, expected: Phase) -> None:
        """Refuses to go on in another phase.

        Raises:
            WrongPhase: the poll is in another phase.
        """
        actual = self.phase
        if actual != expected:
            reason = f"the poll is {actual}; for this it must be {expected}"
            raise WrongPhase(expected.number, actual.number, reason=reason)

    def require_voter(self, voter: str) -> int:
        """The weight of a voter on the roll.

        Raises:
            NotOnRoll: the voter is not on the roll.
            IncompleteRoll: the roll is not published in full.
        """
        weight = self.weight(voter)
        if not weight:
            raise NotOnRoll(voter, weight, reason=f"{voter} is not on the roll of this poll")
        return weight

    # -- Ballots --

    def ballots(
        self, *, voter: str | None = None, tracker: bytes | None = None, last: int | None = None
    ) -> Iterator[Event]:
        """The events of the ballots that the poll accepted, in order.

        Args:
            voter: an address, to get this voter's ballots alone.
            tracker: 32 bytes, to get the ballot with this tracker alone.
            last: the number of the last block to look in; by default the block that the poll is
                read at.

        Raises:
            UnknownContract: a log does not have the form of a ballot.
        """
        wanted = {"voter": voter, "tracker": tracker}
        where = {name: value for name, value in wanted.items() if value is not None}
        return self.contract.events("BallotCast", where=where, last=last)

    # -- Result --

    def sums(self) -> list[Ciphertext]:
        """The encrypted sums of all choices, as the contract has them."""
        return self.contract.sums()

    def shares_posted(self) -> list[int]:
        """The indices of the trustees who have posted their shares, the earliest first."""
        return list(self.contract.read("sharesPosted"))

    def shares(self) -> dict[int, tuple[Point, ...]]:
        """D of every choice, by the index of the trustee who posted it, the earliest first.

        Raises:
            LogsMissing: the node's log lacks a share that was posted.
        """
        posted = self.shares_posted()
        found = {
            event.values["trustee"]: points_from_outside(event.values["points"])
            for event in self.contract.events("SharePosted")
        }
        missing = [each for each in posted if each not in found]
        if missing:
            trustees = numbered("trustee", missing)
            raise LogsMissing(f"the logs of {self.node.name} lack shares of {trustees}")
        return found

    @cached_property
    def board_terms(self) -> BoardTerms:
        """The terms of the poll's board: its rules, its trustees and their names.

        Raises:
            WrongPoll: the board at the address that the poll names has another hash than the poll
                names.
        """
        block = self.contract.block
        found = BoardContract(self.node, self.definition.board, block=block).definition()
        if found.hash != self.definition.board_hash:
            said = f"the board at {found.address} has the hash 0x{found.hash.hex()}"
            raise WrongPoll(f"{said}, but the poll names 0x{self.definition.board_hash.hex()}")
        return found.terms

    @property
    def threshold(self) -> int:
        """How many decryption shares a result needs."""
        return self.board_terms.threshold

    def result(self) -> Scores | None:
        """The score of every option, by question, as the contract has proven it.

        None if no result is recorded yet.
        """
        found = self.contract.read("result")
        return self.texts.by_text(found) if found else None
