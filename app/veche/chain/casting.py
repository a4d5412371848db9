"""How ballots get into a poll: alone or in batches, never twice, with what the contract needs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from veche.chain import arguments
from veche.chain.poll_contract import INTERFACE
from veche.chain.poll_reader import PollReader
from veche.chain.reverts import refusal
from veche.chain.transactions import Receipt, Sender
from veche.crypto import ballot_proof
from veche.crypto.sigma import Hint
from veche.errors import (
    NodeRefused,
    TransactionFailed,
    VecheError,
    WrongPoll,
    WrongTracker,
)
from veche.protocol.ballot import NO_BALLOT, SignedBallot
from veche.protocol.definition import PollDefinition
from veche.protocol.roll import Roll

MAX_GAS: Final = 1 << 24
"""The most gas that a transaction may ask for on any network (EIP-7825)."""
MAX_BYTES: Final = 127 * 1024
"""The most bytes of data: nodes pass on transactions of 128 KiB, all else included."""


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


def cast(poll: PollReader, signed: SignedBallot, sender: Sender) -> CastReceipt:
    """Casts a ballot, or finds the receipt of one that is on chain already: whoever was faster, it
    is not cast again.
    """
    _require_own(poll, signed)
    tracker = signed.tracker(poll.hash)
    while True:
        found = _confirmed(poll, signed.voter, tracker, sender)
        if found:
            return found
        data = INTERFACE.data("cast", *Carriage.of(poll, signed).arguments(poll.roll))
        try:
            receipt = sender.send(poll.address, data, gas=gas(poll.definition, [signed]))
        except (WrongTracker, TransactionFailed):
            if poll.tracker(signed.voter) != tracker:
                raise
        else:
            return CastReceipt(tracker, receipt.transaction, receipt.block)


def cast_batch(
    poll: PollReader, ballots: Sequence[SignedBallot], sender: Sender
) -> list[CastReceipt | VecheError]:
    """Casts ballots in one transaction; for each its receipt, or what it was refused with. Those
    that are on chain already are found.
    """
    for each in ballots:
        _require_own(poll, each)
    trackers = [each.tracker(poll.hash) for each in ballots]
    counting = poll.trackers([each.voter for each in ballots])
    found = [
        _confirmed(poll, each.voter, own, sender) if own == now else None
        for each, own, now in zip(ballots, trackers, counting, strict=True)
    ]
    new = [each for each, receipt in zip(ballots, found, strict=True) if receipt is None]
    cast_now = iter(_cast_together(poll, new, sender) if new else [])
    return [receipt or next(cast_now) for receipt in found]


def _cast_together(
    poll: PollReader, ballots: Sequence[SignedBallot], sender: Sender
) -> list[CastReceipt | VecheError]:
    rows = [(each.voter, Carriage.of(poll, each).row) for each in ballots]
    data = batch(poll, rows)
    return settled(
        poll, ballots, sender.send(poll.address, data, gas=gas(poll.definition, ballots))
    )


def batch(poll: PollReader, rows: Sequence[tuple[str, list[int]]]) -> bytes:
    """The data of a transaction that casts ballots.

    Args:
        poll: of all of them.
        rows: of each its voter and what `Carriage.row` gives.
    """
    roll, depth = poll.roll, poll.roll.depth(len(rows))
    packed = []
    for voter, row in rows:
        place, path = _path(roll, voter, depth)
        packed.append([place, *row, *arguments.flat(path)])
    return INTERFACE.data("castBatch", roll.nodes(depth), packed)


def settled(
    poll: PollReader, ballots: Sequence[SignedBallot], receipt: Receipt
) -> list[CastReceipt | VecheError]:
    """What a transaction has done with the ballots of its batch: for each its receipt, or what it
    was refused with. One that somebody else has cast meanwhile is found: it is as deep at least.

    Raises:
        NodeRefused: the node's log lacks it.
    """
    skipped = _skipped(receipt)
    found: list[CastReceipt | VecheError] = []
    for index, each in enumerate(ballots):
        tracker, refused = each.tracker(poll.hash), skipped.get(index)
        if isinstance(refused, WrongTracker) and refused.values[0] == tracker:
            found.append(_found(poll, each.voter, tracker))
        else:
            found.append(refused or CastReceipt(tracker, receipt.transaction, receipt.block))
    return found


def _skipped(receipt: Receipt) -> dict[int, VecheError]:
    """What the ballots of a batch that were skipped were refused with, by index."""
    topic = INTERFACE.topic("BallotSkipped")
    logs = [log for log in receipt.logs if "0x" + bytes(log["topics"][0]).hex() == topic]
    events = [INTERFACE.event("BallotSkipped", log).values for log in logs]
    return {each["index"]: refusal(each["reason"]) for each in events}


# -- Room --


def fits(
    definition: PollDefinition, ballots: Sequence[SignedBallot], *, most: int = MAX_GAS
) -> bool:
    """Whether one transaction has room for ballots, whatever they replace and weigh.

    Args:
        definition: of their poll.
        ballots: of a batch.
        most: how much gas it may ask for.
    """
    return _gas(definition, ballots) < most and _size(definition, ballots) < MAX_BYTES


def gas(definition: PollDefinition, ballots: Sequence[SignedBallot]) -> int:
    """Enough gas for ballots in one transaction; what is not used is not paid. No transaction may
    ask for more than MAX_GAS.
    """
    return min(_gas(definition, ballots), MAX_GAS)


def _gas(definition: PollDefinition, ballots: Sequence[SignedBallot]) -> int:
    """The sums' first slots, a choice's proof, a step of Horner's rule, a value of a statement, a
    sum's change, a multiple by a weight and a ballot's own records cost at most what stands here;
    asking the node would take it longer than casting.
    """
    choices, degree = definition.questions.choices, definition.questions.degree
    total = 100_000 + 45_000 * choices
    for each in ballots:
        versions = 1 + (each.replaces != NO_BALLOT)
        total += 160_000 + 20_000 * choices + 6_000 * degree + 100 * choices * degree
        total += (40_000 if each.weight > 1 else 4_000) * choices * versions
    return total


def _size(definition: PollDefinition, ballots: Sequence[SignedBallot]) -> int:
    """The most bytes that the data of a batch can have, on a roll as long as the total weight
    allows.
    """
    questions = definition.questions
    own = 9 + questions.words + arguments.hint_words(questions)
    depth = (max(len(ballots), 1) - 1).bit_length()
    words = 8 + (1 << depth)
    for each in ballots:
        replaces = each.replaces != NO_BALLOT
        versions = (1 + replaces) * (each.weight != 1) + replaces
        words += own + replaces + 4 * questions.choices * versions
        words += max(1, definition.total_weight.bit_length() - depth)
    return 32 * words


def _require_own(poll: PollReader, signed: SignedBallot) -> None:
    if (signed.chain_id, signed.poll) != (poll.node.chain_id, poll.address):
        raise WrongPoll(f"this ballot is for poll {signed.poll} on chain {signed.chain_id}")


@dataclass(frozen=True, slots=True)
class Carriage:
    """A ballot with what the contract needs beside it. Anyone computes it; none of it is signed.

    Attributes:
        signed: the ballot.
        replaced: the ballot that it replaces.
        hints: the parts of every sum of the proof.
    """

    signed: SignedBallot
    replaced: SignedBallot | None
    hints: list[Hint]

    @classmethod
    def of(cls, poll: PollReader, signed: SignedBallot) -> Carriage:
        """Everything that a ballot of a poll needs."""
        return cls(signed, replaced(poll, signed), _hints(poll.definition, signed))

    @classmethod
    def proven(
        cls, definition: PollDefinition, signed: SignedBallot, replaced: SignedBallot | None
    ) -> Carriage:
        """The same of a ballot whose proof is good.

        Args:
            definition: of the poll.
            signed: the ballot.
            replaced: the ballot that it replaces.

        Raises:
            Refused: its proof is not.
        """
        questions, tracker = definition.questions, signed.tracker(definition.hash)
        hints = ballot_proof.verified_hints(
            signed.ballot, questions=questions, key=definition.key, tracker=tracker
        )
        return cls(signed, replaced, hints)

    @property
    def _sums(self) -> list[int]:
        return arguments.ballot_hints(self.hints, len(self.signed.ballot.ciphertexts))

    @property
    def _weighted(self) -> list[list[int]]:
        return arguments.weighted_points(self.signed, self.replaced)

    def arguments(self, roll: Roll) -> list[Any]:
        """Of the contract's cast."""
        return [
            arguments.signed_ballot(self.signed),
            _path(roll, self.signed.voter, 0)[1],
            arguments.replaced_ballot(self.replaced),
            [self._sums, self._weighted],
        ]

    @property
    def row(self) -> list[int]:
        """The words of a ballot of a batch, but for its place among the batch's nodes, which comes
        before them, and its path, which comes after them (PROTOCOL §3).
        """
        replaces = self.signed.replaces != NO_BALLOT
        return arguments.flat(
            [
                int(self.signed.voter, 16),
                arguments.signed_ballot(self.signed)[1:],
                self._sums,
                arguments.replaced_ballot(self.replaced) if replaces else [],
                self._weighted,
            ]
        )


def _hints(definition: PollDefinition, signed: SignedBallot) -> list[Hint]:
    return ballot_proof.hints(
        signed.ballot,
        questions=definition.questions,
        key=definition.key,
        tracker=signed.tracker(definition.hash),
    )


def _path(roll: Roll, voter: str, depth: int) -> tuple[int, list[bytes]]:
    """A voter's path to a node; none for who is not on the roll, whom the contract refuses."""
    return roll.path(voter, depth) if voter in roll else (0, [])


def replaced(poll: PollReader, signed: SignedBallot) -> SignedBallot | None:
    """The ballot that a ballot replaces, if it does; the contract refuses what should, and finds
    none.
    """
    if signed.replaces == NO_BALLOT:
        return None
    found = poll.ballots(voter=signed.voter, tracker=signed.replaces)
    return next((each.signed for each in found), None)


def _confirmed(poll: PollReader, voter: str, tracker: bytes, sender: Sender) -> CastReceipt | None:
    """The receipt of a ballot that counts, once it is as deep as is asked for; None where it does
    not count, or does not any more.

    Raises:
        NodeRefused: the node's log lacks it.
        TransactionPending: it is not deep enough, and no more blocks come.
    """
    while poll.tracker(voter) == tracker:
        found = _found(poll, voter, tracker)
        if sender.is_deep(found.block):
            return found
        sender.wait_for_block()
    return None


def _found(poll: PollReader, voter: str, tracker: bytes) -> CastReceipt:
    found = next(iter(poll.ballots(voter=voter, tracker=tracker)), None)
    if found is None:
        raise NodeRefused(f"the log of {poll.node.name} lacks the ballot 0x{tracker.hex()}")
    return CastReceipt(tracker, found.event.transaction, found.event.block)
