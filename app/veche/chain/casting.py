"""How ballots are cast: alone or in batches, and never twice."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from time import monotonic, sleep
from typing import Any, Final

from veche.chain import arguments
from veche.chain.block_watch import LONGEST_PAUSE, BlockWatch
from veche.chain.pending import Receipt
from veche.chain.poll_contract import INTERFACE, logged_ballot
from veche.chain.poll_reader import PollReader
from veche.chain.reverts import refusal
from veche.chain.transactions import Sender
from veche.crypto import ballot_proof
from veche.crypto.sigma import Hint
from veche.errors import (
    LogsMissing,
    TransactionFailed,
    VecheError,
    WrongPoll,
    WrongTracker,
)
from veche.protocol.ballot import SignedBallot
from veche.protocol.definition import PollDefinition

MAX_GAS: Final = 1 << 24
"""Maximum gas that a transaction may ask for on any network (EIP-7825)."""
LOGGED_WITHIN: Final = 5.0
"""Seconds from when a node shows that a ballot counts to when its log must have the ballot."""
MAX_BYTES: Final = 127 * 1024
"""Maximum bytes of a transaction's data. Nodes pass on 128 KiB, all other fields included."""


@dataclass(frozen=True, slots=True)
class CastReceipt:
    """Where a ballot is on chain.

    Attributes:
        tracker: the ballot's name, 32 bytes.
        transaction: the hash of the transaction that cast it, 32 bytes.
        block: the number of the block that holds it.
    """

    tracker: bytes
    transaction: bytes
    block: int


def cast(poll: PollReader, signed: SignedBallot, sender: Sender) -> CastReceipt:
    """Casts a ballot. If it is on chain already, its receipt is found, whoever cast it.

    Raises:
        WrongPoll: the ballot is for another poll.
        Refused: the contract refuses the ballot.
        InsufficientFunds: the sender cannot pay.
        TransactionFailed: a block holds the transaction, but the contract refused it; or another
            transaction took its number.
        TransactionPending: no block holds the ballot in time, or no more blocks come.
        LogsMissing: the ballot counts, but the node's log lacks it.
    """
    require_own(signed, chain_id=poll.node.chain_id, poll=poll.address)
    tracker = signed.tracker(poll.hash)
    _wait_for_sent(poll, signed.voter, sender)
    while True:
        found = confirmed(poll, signed.voter, tracker, sender)
        if found:
            return found
        data = INTERFACE.data(
            "cast", *Carriage.of(poll, signed).arguments(poll.roll_path(signed.voter))
        )
        try:
            receipt = sender.send(poll.address, data, gas=gas(poll.definition, [signed]))
        except (WrongTracker, TransactionFailed):
            if poll.tracker(signed.voter) != tracker:
                raise
        else:
            return CastReceipt(tracker, receipt.transaction, receipt.block)


def follow(poll: PollReader, sender: Sender) -> CastReceipt | None:
    """Waits for a ballot that the sender has cast for itself in an earlier run. If blocks pass it
    over, it is sent again at a higher price.

    Returns:
        The receipt of the ballot; None if none is under way, or if it fails.

    Raises:
        TransactionPending: no block holds it in time, or no more blocks come.
        LogsMissing: the ballot counts, but the node's log lacks it.
    """
    voter = sender.address
    before = poll.tracker(voter)
    _wait_for_sent(poll, voter, sender)
    now = poll.tracker(voter)
    return None if now is None or now == before else confirmed(poll, voter, now, sender)


def _wait_for_sent(poll: PollReader, voter: str, sender: Sender) -> None:
    """Waits for every ballot of a voter that the sender has sent and no block holds yet."""

    def is_own(data: bytes) -> bool:
        given = INTERFACE.arguments("cast", data)
        return given is not None and given[0][0] == voter

    sender.follow(poll.address, is_own)


def cast_batch(
    poll: PollReader, ballots: Sequence[SignedBallot], sender: Sender
) -> list[CastReceipt | VecheError]:
    """Casts ballots in one transaction. Those that are on chain already are found.

    Returns:
        For each ballot its receipt, or the exception that it was refused with.

    Raises:
        WrongPoll: a ballot is for another poll.
        Refused: the contract refuses the batch as a whole.
        InsufficientFunds: the sender cannot pay.
        TransactionFailed: a block holds the transaction, but the contract refused it; or another
            transaction took its number.
        TransactionPending: no block holds a ballot in time, or no more blocks come.
        LogsMissing: a ballot counts, but the node's log lacks it.
    """
    for each in ballots:
        require_own(each, chain_id=poll.node.chain_id, poll=poll.address)
    trackers = [each.tracker(poll.hash) for each in ballots]
    counting = poll.trackers([each.voter for each in ballots])
    found = [
        confirmed(poll, each.voter, own, sender) if own == now else None
        for each, own, now in zip(ballots, trackers, counting, strict=True)
    ]
    new = [each for each, receipt in zip(ballots, found, strict=True) if receipt is None]
    cast_now = iter(_cast_together(poll, new, sender) if new else [])
    return [receipt or next(cast_now) for receipt in found]


def _cast_together(
    poll: PollReader, ballots: Sequence[SignedBallot], sender: Sender
) -> list[CastReceipt | VecheError]:
    data = batch(poll, [(each.voter, Carriage.of(poll, each).row) for each in ballots])
    receipt = sender.send(poll.address, data, gas=gas(poll.definition, ballots))
    return settled(poll, ballots, receipt)


def batch(poll: PollReader, rows: Sequence[tuple[str, list[int]]]) -> bytes:
    """The data of a transaction that casts a batch of ballots.

    Args:
        poll: the poll of all ballots.
        rows: for each ballot its voter and its words, as `Carriage.row` gives them.
    """
    roll, depth = poll.roll, poll.roll.depth(len(rows))
    packed = []
    for voter, row in rows:
        place, path = roll.path(voter, depth) if voter in roll else (0, [])  # it is refused
        packed.append([place, *row, *arguments.flat(path)])
    return INTERFACE.data("castBatch", roll.nodes(depth), packed)


def settled(
    poll: PollReader, ballots: Sequence[SignedBallot], receipt: Receipt
) -> list[CastReceipt | VecheError]:
    """What became of the ballots of a batch.

    A ballot that somebody else cast in the meantime is found: it has as many confirmations, or
    more.

    Args:
        poll: the poll of all ballots.
        ballots: the ballots of the batch, in order.
        receipt: the receipt of the batch's transaction.

    Returns:
        For each ballot its receipt, or the exception that it was refused with.

    Raises:
        LogsMissing: somebody else cast a ballot, but the node's log lacks it.
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
    """Why ballots of a batch were skipped, by index."""
    events = INTERFACE.events("BallotSkipped", receipt.logs)
    return {each.values["index"]: refusal(each.values["reason"]) for each in events}


def require_own(signed: SignedBallot, *, chain_id: int, poll: str) -> None:
    """Refuses a ballot of another poll.

    Args:
        signed: the ballot.
        chain_id: the id of the poll's chain.
        poll: the address of the poll.

    Raises:
        WrongPoll: the ballot names another poll, or another chain.
    """
    if (signed.chain_id, signed.poll) != (chain_id, poll):
        raise WrongPoll(f"this ballot is for poll {signed.poll} on chain {signed.chain_id}")


# -- Room --


def fits(
    definition: PollDefinition, ballots: Sequence[SignedBallot], *, most: int = MAX_GAS
) -> bool:
    """Whether one transaction has room for a batch.

    Args:
        definition: the definition of the ballots' poll.
        ballots: the ballots of the batch.
        most: the gas that the transaction may ask for.
    """
    return _gas(definition, ballots) < most and _size(definition, ballots) < MAX_BYTES


def gas(definition: PollDefinition, ballots: Sequence[SignedBallot]) -> int:
    """The gas to offer for ballots in one transaction: enough, and at most MAX_GAS.

    Gas that is offered but not used is not paid.
    """
    return min(_gas(definition, ballots), MAX_GAS)


def _gas(definition: PollDefinition, ballots: Sequence[SignedBallot]) -> int:
    """An upper bound of the gas. To ask the node would take longer than to cast the ballots."""
    return _gas_for_sums(definition) + sum(
        _gas_of_one(definition, weight=each.weight, replaces=each.replaces is not None)
        for each in ballots
    )


def most_gas(definition: PollDefinition, *, weight: int, replaces: bool) -> int:
    """The gas to offer for a ballot alone before it is made, as `gas` does for one that is made."""
    own = _gas_of_one(definition, weight=weight, replaces=replaces)
    return min(_gas_for_sums(definition) + own, MAX_GAS)


def _gas_for_sums(definition: PollDefinition) -> int:
    return 100_000 + 45_000 * definition.questions.choices  # the first ballot writes their slots


def _gas_of_one(definition: PollDefinition, *, weight: int, replaces: bool) -> int:
    choices, degree = definition.questions.choices, definition.questions.degree
    own = 160_000 + 20_000 * choices + 6_000 * degree + 100 * choices * degree
    return own + (40_000 if weight > 1 else 4_000) * choices * (1 + replaces)


def _size(definition: PollDefinition, ballots: Sequence[SignedBallot]) -> int:
    """An upper bound of the bytes of a batch's data, for the longest roll with this weight."""
    questions = definition.questions
    own = 9 + questions.words + arguments.hint_words(questions)
    depth = (max(len(ballots), 1) - 1).bit_length()
    words = 8 + (1 << depth)
    for each in ballots:
        replaces = each.replaces is not None
        versions = (1 + replaces) * (each.weight != 1) + replaces
        words += own + replaces + 4 * questions.choices * versions
        words += max(1, definition.total_weight.bit_length() - depth)
    return 32 * words


# -- What the contract needs beside a ballot --


@dataclass(frozen=True, slots=True)
class Carriage:
    """A ballot with everything that the contract needs beside it. Anyone can compute it.

    Attributes:
        signed: the ballot.
        replaced: the ballot that it replaces, if any.
        hints: the two parts of every sum of the proof (PROTOCOL §1).
    """

    signed: SignedBallot
    replaced: SignedBallot | None
    hints: list[Hint]

    @classmethod
    def of(cls, poll: PollReader, signed: SignedBallot) -> Carriage:
        """Everything that a ballot of a poll needs, whether its proof is good or not."""
        definition = poll.definition
        hints = ballot_proof.hints(
            signed.ballot,
            questions=definition.questions,
            key=definition.key,
            tracker=signed.tracker(definition.hash),
        )
        return cls(signed, replaced(poll, signed), hints)

    @classmethod
    def proven(
        cls, definition: PollDefinition, signed: SignedBallot, replaced: SignedBallot | None
    ) -> Carriage:
        """Everything that a ballot of a poll needs, after its proof was verified.

        Args:
            definition: the definition of the poll.
            signed: the ballot.
            replaced: the ballot that it replaces, if any.

        Raises:
            Refused: the proof is refused.
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

    def arguments(self, path: Sequence[bytes]) -> list[Any]:
        """The arguments of the contract's `cast`.

        Args:
            path: from the voter's leaf to the root of the roll, each hash 32 bytes.
        """
        return [
            arguments.signed_ballot(self.signed),
            path,
            arguments.replaced_ballot(self.replaced),
            [self._sums, self._weighted],
        ]

    @property
    def row(self) -> list[int]:
        """The ballot's words in a batch (PROTOCOL §3).

        Two parts depend on the batch: a row begins with the voter's place among the roll's nodes,
        and ends with the path to it. `batch` adds both.
        """
        replaces = self.signed.replaces is not None
        return arguments.flat(
            [
                int(self.signed.voter, 16),
                arguments.signed_ballot(self.signed)[1:],
                self._sums,
                arguments.replaced_ballot(self.replaced) if replaces else [],
                self._weighted,
            ]
        )


def replaced(poll: PollReader, signed: SignedBallot) -> SignedBallot | None:
    """The ballot that a ballot replaces, as the log has it.

    None for a voter's first ballot; and if there is no such ballot, which the contract refuses.

    Raises:
        LogsMissing: the other ballot counts, but the node's log lacks it.
    """
    if signed.replaces is None:
        return None
    found = next(poll.ballots(voter=signed.voter, tracker=signed.replaces), None)
    if found is None and poll.tracker(signed.voter) == signed.replaces:
        raise LogsMissing(_lacks(poll, signed.replaces))
    return logged_ballot(found).signed(poll.definition) if found else None


# -- On chain already --


def confirmed(
    poll: PollReader, voter: str, tracker: bytes, watch: BlockWatch
) -> CastReceipt | None:
    """Waits until a ballot that counts has enough confirmations; None if it does not count.

    Raises:
        LogsMissing: the ballot counts, but the node's log lacks it.
        TransactionPending: no more blocks come.
    """
    while poll.tracker(voter) == tracker:
        found = _soon_found(poll, voter, tracker)
        if watch.is_confirmed(found.block):
            return found
        watch.wait_for_block()
    return None


def _soon_found(poll: PollReader, voter: str, tracker: bytes) -> CastReceipt:
    """As `_found`, but a node may show what a block has changed a little before the block's log."""
    begun = monotonic()
    while True:
        try:
            return _found(poll, voter, tracker)
        except LogsMissing:
            if monotonic() > begun + LOGGED_WITHIN:
                raise
        sleep(LONGEST_PAUSE)


def _found(poll: PollReader, voter: str, tracker: bytes) -> CastReceipt:
    found = next(poll.ballots(voter=voter, tracker=tracker), None)
    if found is None:
        raise LogsMissing(_lacks(poll, tracker))
    return CastReceipt(tracker, found.transaction, found.block)


def _lacks(poll: PollReader, tracker: bytes) -> str:
    return f"the logs of {poll.node.name} lack the ballot 0x{tracker.hex()}"
