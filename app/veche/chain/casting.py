"""How ballots get into a poll: alone or in batches, never twice, with what the contract needs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from veche.ballot import NO_BALLOT, SignedBallot
from veche.chain import arguments
from veche.chain.poll_contract import INTERFACE
from veche.chain.reverts import refusal
from veche.chain.transactions import Receipt, Sender
from veche.crypto import ballot_proof
from veche.crypto.sigma import Hint
from veche.definition import PollDefinition
from veche.errors import VecheError, WrongPoll, WrongTracker
from veche.roll import Roll

if TYPE_CHECKING:
    from veche.chain.poll import Poll

MAX_GAS: Final = 1 << 24
"""The most gas that a transaction may ask for on any network (EIP-7825)."""
MAX_BYTES: Final = 128 * 1024
"""The largest transaction that nodes hand on."""
_ENVELOPE: Final = 512
"""Bytes of a transaction beside its ballots, and a little more."""
_WORD: Final = 32


@dataclass(frozen=True, slots=True)
class CastReceipt:
    """That a ballot is on chain and counts.

    Attributes:
        tracker: of the ballot, 32 bytes.
        transaction: hash of the transaction that cast it, 32 bytes.
        block: number of the block that holds it.
    """

    tracker: bytes
    transaction: bytes
    block: int


def cast(poll: Poll, signed: SignedBallot, sender: Sender) -> CastReceipt:
    """Casts a ballot, or finds the receipt of one that is on chain already."""
    _require_own(poll, signed)
    tracker = signed.tracker(poll.hash)
    if poll.tracker(signed.voter) == tracker:
        return found(poll, signed.voter, tracker)
    data = INTERFACE.data("cast", *Carriage.of(poll, signed).arguments(poll.roll))
    try:
        receipt = sender.send(poll.address, data, gas=gas(poll.definition, [signed]))
    except WrongTracker as refused:
        if refused.values[0] != tracker:
            raise
        return found(poll, signed.voter, tracker)
    return CastReceipt(tracker, receipt.transaction, receipt.block)


def cast_batch(
    poll: Poll, ballots: Sequence[SignedBallot], sender: Sender
) -> list[CastReceipt | VecheError]:
    """Casts ballots in one transaction; for each its receipt, or what it was refused with."""
    data, offered = batch_data(poll, ballots), gas(poll.definition, ballots)
    return outcomes(poll, ballots, sender.send(poll.address, data, gas=offered))


def batch_data(poll: Poll, ballots: Sequence[SignedBallot]) -> bytes:
    """The data of the transaction that casts ballots together.

    Raises:
        WrongPoll: one is for another poll.
    """
    for each in ballots:
        _require_own(poll, each)
    depth = poll.roll.depth(len(ballots))
    packed = [Carriage.of(poll, each).packed(poll.roll, depth) for each in ballots]
    return INTERFACE.data("castBatch", poll.roll.nodes(depth), packed)


def outcomes(
    poll: Poll, ballots: Sequence[SignedBallot], receipt: Receipt
) -> list[CastReceipt | VecheError]:
    """What became of the ballots of a batch: of each its receipt, or what it was refused with."""
    skipped = _skipped(receipt)
    return [
        skipped.get(index)
        or CastReceipt(each.tracker(poll.hash), receipt.transaction, receipt.block)
        for index, each in enumerate(ballots)
    ]


def _skipped(receipt: Receipt) -> dict[int, VecheError]:
    """What the ballots of a batch that were skipped were refused with, by index."""
    topic = INTERFACE.topic("BallotSkipped")
    logs = [log for log in receipt.logs if "0x" + bytes(log["topics"][0]).hex() == topic]
    events = [INTERFACE.event("BallotSkipped", log).values for log in logs]
    return {each["index"]: refusal(each["reason"]) for each in events}


def fits(
    definition: PollDefinition, ballots: Sequence[SignedBallot], *, most_gas: int = MAX_GAS
) -> bool:
    """Whether one transaction has room for ballots, by its gas and by its bytes.

    Args:
        definition: of their poll.
        ballots: to be cast together.
        most_gas: what a block has room for, where that is less than MAX_GAS.
    """
    return gas(definition, ballots) < min(most_gas, MAX_GAS) and (
        size(definition, ballots) <= MAX_BYTES
    )


def size(definition: PollDefinition, ballots: Sequence[SignedBallot]) -> int:
    """The most bytes that the transaction of a batch can have."""
    questions, count = definition.questions, len(ballots)
    # of a roll with as many voters as it can have: what is left of a path, and nodes
    voters, depth = definition.total_weight.bit_length(), (max(count, 1) - 1).bit_length()
    shown = max(0, voters - depth) + 1
    scalars = 2 * questions.branches - questions.disjunctions
    own = 12 + 4 * questions.choices + scalars + 4 * questions.branches + shown
    words = count * own + min(1 << depth, 1 << voters)
    for each in ballots:
        versions = 1 + (each.replaces != NO_BALLOT)
        words += 1 + 4 * questions.choices * (versions - 1)
        words += 4 * questions.choices * versions if each.weight > 1 else 0
    return _ENVELOPE + _WORD * words


def gas(definition: PollDefinition, ballots: Sequence[SignedBallot]) -> int:
    """Enough gas for ballots in one transaction; what is not used is not paid.

    The sums' first slots, a proof branch, a sum's change, a multiple by a weight and a ballot's
    own records cost at most what stands here; asking the node would take it longer than casting.
    """
    choices, branches = definition.questions.choices, definition.questions.branches
    total = 100_000 + 45_000 * choices
    for each in ballots:
        versions = 1 + (each.replaces != NO_BALLOT)
        total += 160_000 + 16_000 * branches + 8_000 * choices
        total += (40_000 if each.weight > 1 else 4_000) * choices * versions
    return min(total, MAX_GAS)


def _require_own(poll: Poll, signed: SignedBallot) -> None:
    if (signed.chain_id, signed.poll) != (poll.node.chain_id, poll.address):
        raise WrongPoll(f"this ballot is for poll {signed.poll} on chain {signed.chain_id}")


@dataclass(frozen=True, slots=True)
class Carriage:
    """A ballot with what the contract needs beside it. Anyone computes it; none of it is signed.

    Attributes:
        signed: the ballot.
        replaced: the ballot that it replaces.
        hints: the parts of every branch's commitment.
        inverse: the hint for the totals' inversion.
    """

    signed: SignedBallot
    replaced: SignedBallot | None
    hints: list[Hint]
    inverse: int

    @classmethod
    def of(cls, poll: Poll, signed: SignedBallot) -> Carriage:
        """Everything that a ballot of a poll needs."""
        questions, key = poll.definition.questions, poll.definition.key
        return cls(
            signed,
            None if signed.replaces == NO_BALLOT else _replaced(poll, signed),
            ballot_proof.hints(signed.ballot, questions=questions, key=key),
            ballot_proof.inverse(signed.ballot, questions=questions),
        )

    @property
    def _weighted(self) -> list[list[int]]:
        return arguments.weighted_points(self.signed, self.replaced)

    def arguments(self, roll: Roll) -> list[Any]:
        """Of the contract's cast."""
        return [
            arguments.signed_ballot(self.signed),
            _path(roll, self.signed.voter, 0)[1],
            arguments.replaced_ballot(self.replaced),
            [arguments.hints(self.hints), self._weighted, self.inverse],
        ]

    def packed(self, roll: Roll, depth: int) -> list[int]:
        """The words of a ballot of a batch, which shows the roll's nodes of this depth (PROTOCOL
        §3).
        """
        place, path = _path(roll, self.signed.voter, depth)
        replaces = self.signed.replaces != NO_BALLOT
        return arguments.flat(
            [
                place,
                int(self.signed.voter, 16),
                arguments.signed_ballot(self.signed)[1:],
                arguments.hints(self.hints),
                self.inverse,
                arguments.replaced_ballot(self.replaced) if replaces else [],
                self._weighted,
                path,
            ]
        )


def _path(roll: Roll, voter: str, depth: int) -> tuple[int, list[bytes]]:
    """A voter's path to a node; none for who is not on the roll, whom the contract refuses."""
    return roll.path(voter, depth) if voter in roll else (0, [])


def _replaced(poll: Poll, signed: SignedBallot) -> SignedBallot | None:
    """The ballot that a ballot replaces; the contract refuses what replaces none."""
    found = poll.ballots(voter=signed.voter, tracker=signed.replaces)
    return next((each.signed for each in found), None)


def found(poll: Poll, voter: str, tracker: bytes) -> CastReceipt:
    """The receipt of a ballot that is on chain."""
    event = next(iter(poll.ballots(voter=voter, tracker=tracker))).event
    return CastReceipt(tracker, event.transaction, event.block)
