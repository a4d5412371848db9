"""Examines ballots one by one: tracker, signature, proof. It runs on every core at once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from veche.crypto import ballot_proof, elgamal
from veche.crypto.elgamal import Ciphertext
from veche.crypto.group import FixedBase, Point
from veche.errors import Refused, VecheError
from veche.protocol.ballot import SignedBallot
from veche.protocol.definition import PollDefinition
from veche.protocol.logged_ballot import LoggedBallot

SIGNATURES: Final = "ballot signatures"
TRACKERS: Final = "ballot trackers"
PROOFS: Final = "ballot proofs"


class Fault(NamedTuple):
    """Something that is wrong with a ballot.

    Attributes:
        check: the name of the check that fails.
        tracker: the ballot's name by the log, 32 bytes.
        reason: what is wrong.
    """

    check: str
    tracker: bytes
    reason: str


@dataclass(frozen=True, slots=True)
class Findings:
    """What was found in some ballots.

    Attributes:
        faults: everything that is wrong.
        sums: for every choice, the sum of the ballots times their weights. A ballot that cannot be
            read is left out.
    """

    faults: tuple[Fault, ...]
    sums: tuple[Ciphertext, ...]


def examine(
    definition: PollDefinition, ballots: Sequence[LoggedBallot], *, of_many: bool = False
) -> Findings:
    """Checks ballots and adds them up.

    Args:
        definition: the definition of their poll.
        ballots: the ballots, in any order.
        of_many: whether so many ballots are to come that it is worth a tenth of a second, in every
            process, to prepare for them.

    Raises:
        InvalidDocument: a ballot of an election record is malformed.
    """
    key = FixedBase.of(definition.key) if of_many else definition.key
    faults: list[Fault] = []
    counted: list[list[Ciphertext]] = []
    for logged in ballots:
        try:
            signed = logged.signed(definition)
        except Refused as error:
            faults.append(Fault(PROOFS, logged.tracker, str(error)))
            continue
        faults += _faults(signed, logged.tracker, definition, key)
        counted.append(weighted(signed, signed.weight))
    columns = zip(*counted, strict=True) if counted else [()] * definition.questions.choices
    return Findings(tuple(faults), tuple(map(elgamal.total, columns)))


def weighted(signed: SignedBallot, weight: int) -> list[Ciphertext]:
    """The ciphertexts of a ballot times a weight; a negative weight takes them out of a sum."""
    return [each if weight == 1 else each * weight for each in signed.ballot.ciphertexts]


def _faults(
    signed: SignedBallot, logged: bytes, definition: PollDefinition, key: Point
) -> Iterator[Fault]:
    """Everything that is wrong with a ballot.

    Args:
        signed: the ballot.
        logged: its tracker by the log, 32 bytes.
        definition: the definition of its poll.
        key: the key of its poll.
    """
    tracker, questions = signed.tracker(definition.hash), definition.questions
    if tracker != logged:
        yield Fault(TRACKERS, logged, f"its ciphertexts give 0x{tracker.hex()}")
    try:
        signed.require_signature(tracker)
    except VecheError as error:
        yield Fault(SIGNATURES, logged, str(error))
    try:
        ballot_proof.verify(signed.ballot, questions=questions, key=key, tracker=tracker)
    except VecheError as error:
        yield Fault(PROOFS, logged, str(error))
