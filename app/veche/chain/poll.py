"""A poll on chain: what it is, where it stands, and every way to take part in it (PROTOCOL §3)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from eth_utils.address import to_checksum_address

from veche import tally
from veche.ballot import NO_BALLOT, PreparedBallot, Signature, SignedBallot
from veche.chain import arguments, casting
from veche.chain.board_contract import BoardContract
from veche.chain.casting import CastReceipt
from veche.chain.contract import Event, point
from veche.chain.node import Block, Node
from veche.chain.poll_contract import INTERFACE, PollContract
from veche.chain.transactions import Account, OnSent, Receipt, Sender
from veche.content import Choice, Content, Scores
from veche.crypto import sharing
from veche.crypto.ballot_proof import Ballot
from veche.crypto.discrete_log import Progress
from veche.crypto.elgamal import Ciphertext
from veche.crypto.group import Point
from veche.errors import (
    IncompleteRoll,
    NoAccount,
    NotOnRoll,
    TooFewShares,
    VecheError,
    WrongPhase,
    WrongPoll,
)
from veche.phase import Phase
from veche.roll import Roll, published
from veche.tally import DecryptionShare


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


class Poll:
    """A poll on chain.

    Attributes:
        address: of the contract.
        definition: what defines the poll; its hash is the contract's.
        words: title, description, questions, options.

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
        payer: Account | None = None,
        confirmations: int = 1,
    ) -> None:
        self.node = node
        self.address = address
        self.contract = PollContract(node, address)
        self.contract.require_published()
        self._payer = payer
        self._confirmations = confirmations
        self.definition = self.contract.definition()
        self._require(expect)
        self.words: Content = self.definition.words

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
        return self.words.title

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
    def ballots_cast(self) -> int:
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

    def replacements(self, voter: str) -> int:
        """How often a voter has replaced a ballot."""
        return int(self.contract.read("replacements", voter))

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

    def prepare(self, choices: Mapping[str, Choice], *, voter: str) -> PreparedBallot:
        """An encrypted ballot, to be signed and cast, or to be audited and thrown away.

        Args:
            choices: by the text of a question: an option, several, or a score for each. What is
                left out gets nothing.
            voter: address.

        Raises:
            WrongPhase: the poll is not open.
            NotOnRoll: the roll does not name the voter.
            InvalidChoices: the poll has no such question or option.
            InvalidScores: the questions do not allow these choices.
        """
        self.require_phase(Phase.OPEN)
        voter = to_checksum_address(voter)
        weight = self.require_voter(voter)
        scores = self.words.scores(choices)
        names = [repr(each.text) for each in self.words]
        self.definition.questions.require_scores(scores, names=names)
        return PreparedBallot.encrypt(
            scores,
            self.definition,
            voter=voter,
            weight=weight,
            replaces=self.tracker(voter) or NO_BALLOT,
        )

    def cast(self, signed: SignedBallot, *, payer: Account | None = None) -> CastReceipt:
        """Casts a ballot and waits until it is confirmed. A ballot that is on chain already is
        not cast again: its receipt is found, and waited for as long.

        Args:
            signed: the ballot.
            payer: who signs and pays for the transaction; by default the chain's account, or else
                whoever signed the ballot here.

        Raises:
            WrongPoll: the ballot is for another poll.
            Refused: the contract refuses it.
            NoAccount: nobody is there to pay.
        """
        return casting.cast(self, signed, self.sender(payer or self._payer or signed.signer))

    def cast_batch(
        self, ballots: Sequence[SignedBallot], *, payer: Account | None = None
    ) -> list[CastReceipt | VecheError]:
        """Casts many ballots in one transaction. Those that are on chain already are not cast
        again: their receipts are found, and waited for as long as those of others.

        Args:
            ballots: at most one of a voter; as many as `casting.fits` lets through.
            payer: who signs and pays for the transaction; by default the chain's account.

        Returns:
            For every ballot its receipt, or what it was refused with.
        """
        return casting.cast_batch(self, ballots, self.sender(payer or self._payer))

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

    def shares_received(self) -> list[int]:
        """The indices of the trustees whose shares were accepted, in that order."""
        return list(self.contract.read("sharesReceived"))

    def share(self, share: DecryptionShare, *, payer: Account | None = None) -> Receipt:
        """Posts a trustee's decryption share.

        Raises:
            Refused: the contract refuses it.
        """
        return self.sender(payer or self._payer).send(
            self.address,
            INTERFACE.data(
                "share",
                share.statement.trustee,
                share.sums_hash,
                arguments.points(share.statement.points),
                arguments.proof(share.proof),
                arguments.hints(share.hints),
            ),
        )

    def shares(self) -> dict[int, tuple[Point, ...]]:
        """D of every choice of the shares that were accepted, in that order, by trustee."""
        return {
            event.values["trustee"]: tuple(map(point, event.values["points"]))
            for event in self.contract.log("ShareAccepted")
        }

    def record_result(
        self,
        *,
        payer: Account | None = None,
        progress: Progress | None = None,
        on_sent: OnSent | None = None,
    ) -> Receipt:
        """Computes the scores from sums and shares and has the contract prove them. Anyone may.

        Args:
            payer: who signs and pays for the transaction.
            progress: is told the steps of the computation, which can take seconds.
            on_sent: is told the transaction's hash first, so that it can be noted.

        Raises:
            WrongPhase: the poll is not closed, or its result is recorded.
            TooFewShares: it needs more shares.
        """
        self.require_phase(Phase.CLOSED)
        threshold = self.threshold
        shares = self.shares()
        if len(shares) < threshold:
            raise TooFewShares(threshold, len(shares))
        quorum = {trustee: shares[trustee] for trustee in list(shares)[:threshold]}
        found = tally.scores(
            self.sums(),
            quorum,
            questions=self.definition.questions,
            cast_weight=self.cast_weight,
            progress=progress,
        )
        hints = list(sharing.weighted(quorum).values())[1:]
        data = INTERFACE.data("recordResult", found, _flat(quorum.values()), _flat(hints))
        return self.sender(payer or self._payer).send(self.address, data, on_sent=on_sent)

    @cached_property
    def threshold(self) -> int:
        """How many decryption shares a result needs."""
        return int(BoardContract(self.node, self.definition.board).read("threshold"))

    def results(self) -> Scores | None:
        """The score of every option, by question, as the contract has proven it; None before."""
        found = self.contract.read("result")
        return self.words.by_words(found) if found else None

    def sender(self, account: Account | None) -> Sender:
        """Sends transactions of an account.

        Raises:
            NoAccount: there is none.
        """
        if account is None:
            raise NoAccount("a transaction needs an account that signs and pays for it")
        return Sender(self.node, account, self._confirmations)


def _flat(lists: Any) -> list[list[int]]:  # noqa: ANN401  # lists of points
    return [arguments.point(each) for own in lists for each in own]
