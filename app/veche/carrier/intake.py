"""Ballots up to their proof, checked in the order of cost: document, roll, signature, chain, proof.

Each step takes ballots of one stage and gives one result for each, in their order, as soon as it is
known: the ballot at its next stage, or its end. A lost node ends the step (`NodeError`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Executor
from typing import Final, Protocol, TypeAlias, TypeVar

from veche.carrier.admission import Admission, Admissions
from veche.carrier.ballots import (
    EntitledBallot,
    FoundBallot,
    HandedIn,
    NewBallot,
    ProvenBallot,
    ReadBallot,
)
from veche.carrier.outcomes import Ended, Outcome
from veche.chain.casting import Carriage
from veche.chain.node import Block
from veche.chain.transactions import Sender
from veche.errors import InvalidDocument, NodeError, VecheError
from veche.protocol.ballot import SignedBallot
from veche.protocol.definition import PollDefinition

LONGEST: Final = 1 << 20
"""Maximum characters of a document; every ballot has fewer."""
FEW: Final = 4
"""Maximum ballots that are verified in this process; more are handed to others, FEW at a time."""


class _Numbered(Protocol):
    @property
    def number(self) -> int: ...


class _Admitted(Protocol):
    @property
    def admission(self) -> Admission: ...


Admitted = TypeVar("Admitted", bound=_Admitted)
Stage = TypeVar("Stage", bound=_Numbered)
Next = TypeVar("Next")


def _sifted(ballots: Iterable[Stage], step: Callable[[Stage], Next]) -> Iterator[Next | Ended]:
    """What a step gives of each ballot; the end of those that it refuses.

    Raises:
        NodeError: the node was lost, which is no fault of a ballot.
    """
    for each in ballots:
        try:
            passed = step(each)
        except NodeError:
            raise
        except VecheError as refusal:
            yield Ended(each.number, Outcome.REFUSED, error=refusal)
        else:
            yield passed


# -- Document, roll, signature --


def read(handed: Iterable[HandedIn], admissions: Admissions) -> Iterator[ReadBallot | Ended]:
    """Reads documents, and finds the polls that they name."""
    return _sifted(handed, lambda each: _read(each, admissions))


def _read(handed: HandedIn, admissions: Admissions) -> ReadBallot:
    if len(handed.text) > LONGEST:
        raise InvalidDocument("signed ballot: longer than any can be")
    signed = SignedBallot.from_json(handed.text)
    admission = admissions.of(signed)
    return ReadBallot(handed.number, signed, admission, signed.tracker(admission.poll.hash))


def entitled(ballots: Iterable[ReadBallot]) -> Iterator[EntitledBallot | Ended]:
    """Passes ballots that a voter of their poll has signed, with the weight that the roll gives.
    Ends the others.
    """
    return _sifted(ballots, _entitled)


def _entitled(ballot: ReadBallot) -> EntitledBallot:
    ballot.admission.require_entitled(ballot.signed)
    return EntitledBallot(ballot)


# -- Chain --


def looked_up(ballots: Sequence[EntitledBallot]) -> Iterator[FoundBallot | NewBallot | Ended]:
    """Looks for ballots on chain. A ballot that is not there passes if its poll would take it now.

    Args:
        ballots: at most one of each voter and poll.
    """
    counting = _counting(ballots)
    return _sifted(ballots, lambda each: _looked_up(each, counting[each.number]))


def _counting(ballots: Iterable[EntitledBallot]) -> dict[int, bytes | None]:
    """The tracker of the ballot that counts, of each ballot's voter: one request for each poll."""
    found: dict[int, bytes | None] = {}
    for admission, own in _by_poll(ballots).items():
        trackers = admission.poll.trackers([each.signed.voter for each in own])
        found |= zip((each.number for each in own), trackers, strict=True)
    return found


def _looked_up(ballot: EntitledBallot, counting: bytes | None) -> FoundBallot | NewBallot:
    admission, signed = ballot.admission, ballot.signed
    if admission.is_on_chain(signed, ballot.tracker, counting):
        return FoundBallot(ballot, None if counting == ballot.tracker else counting)
    _require_in_time(admission, signed)
    return NewBallot(ballot, admission.replaced(signed))


def confirmed(found: Iterable[FoundBallot], sender: Sender) -> Iterator[FoundBallot | Ended]:
    """Ends ballots that are on chain, or replaced there, as deep as is asked for. The others are to
    be looked up again: a reorganisation may yet take that away.

    Args:
        found: ballots that are on chain.
        sender: knows how deep that is.
    """
    for own in _by_poll(found).values():
        for each, is_deep in zip(own, _are_deep(own, sender.confirmed_block()), strict=True):
            yield _ended(each) if is_deep else each


def _ended(found: FoundBallot) -> Ended:
    outcome = Outcome.REPLACED if found.replaced_by else Outcome.FOUND
    return Ended(found.ballot.number, outcome, replaced_by=found.replaced_by)


def _are_deep(found: Sequence[FoundBallot], deepest: Block) -> list[bool]:
    """Which ballots of a poll were on chain at a block, and replaced there if they are now."""
    if not isinstance(deepest, int):
        return [True] * len(found)
    poll = found[0].admission.poll
    counting = poll.trackers([each.ballot.signed.voter for each in found], block=deepest)
    return [
        each.replaced_by is None
        if tracker == each.ballot.tracker
        else _is_logged(each.ballot, last=deepest)
        for each, tracker in zip(found, counting, strict=True)
    ]


def _is_logged(ballot: EntitledBallot, *, last: int) -> bool:
    poll, voter = ballot.admission.poll, ballot.signed.voter
    return any(poll.ballots(voter=voter, tracker=ballot.tracker, last=last))


def _by_poll(ballots: Iterable[Admitted]) -> dict[Admission, list[Admitted]]:
    found: dict[Admission, list[Admitted]] = {}
    for each in ballots:
        found.setdefault(each.admission, []).append(each)
    return found


# -- Proof --


def proven(ballots: Sequence[NewBallot], pool: Executor) -> Iterator[ProvenBallot | Ended]:
    """Verifies the proofs of ballots.

    Args:
        ballots: what to verify.
        pool: other processes, which are used if there are many ballots.
    """
    tasks = [_task(each) for each in ballots]
    rows = map(_row, tasks) if len(tasks) <= FEW else pool.map(_row, tasks, chunksize=FEW)
    for each, row in zip(ballots, rows, strict=True):
        if isinstance(row, VecheError):
            yield Ended(each.ballot.number, Outcome.REFUSED, error=row)
        else:
            yield ProvenBallot(each.ballot, row)


_Task: TypeAlias = tuple[PollDefinition, SignedBallot, SignedBallot | None]
"""The definition of a ballot's poll, the ballot, and the ballot that it replaces."""


def _task(new: NewBallot) -> _Task:
    return new.ballot.admission.poll.definition, new.ballot.signed, new.replaced


def _row(task: _Task) -> list[int] | VecheError:
    """The words of a ballot in a batch (`Carriage.row`); the refusal if its proof is bad.

    It is a function of the module so that another process can run it.
    """
    try:
        return Carriage.proven(*task).row
    except VecheError as refusal:
        return refusal


def in_time(ballots: Iterable[ProvenBallot]) -> Iterator[ProvenBallot | Ended]:
    """Passes ballots that their polls would still take, to be asked right before they are sent."""
    return _sifted(ballots, _in_time)


def _in_time(ballot: ProvenBallot) -> ProvenBallot:
    _require_in_time(ballot.admission, ballot.signed)
    return ballot


def _require_in_time(admission: Admission, signed: SignedBallot) -> None:
    admission.look()
    admission.require_in_time(signed)
