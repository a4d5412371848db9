"""The steps of the intake that need no chain."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Executor
from dataclasses import replace
from typing import Any, cast

import pytest

from support.paper_carriage import Wicket
from support.paper_polls import CLOSES, voter
from veche.carrier import intake
from veche.carrier.admission import Admission, Admissions
from veche.carrier.ballots import EntitledBallot, HandedIn, NewBallot, ProvenBallot, ReadBallot
from veche.carrier.intake import FEW, LONGEST
from veche.carrier.outcomes import Ended, Outcome
from veche.chain.casting import Carriage
from veche.errors import NodeUnreachable, VecheError, WrongPoll
from veche.protocol.ballot import SignedBallot


@pytest.fixture(scope="module")
def wicket() -> Wicket:
    return Wicket()


class PaperAdmissions:
    """Admission to one poll, until the node is lost."""

    def __init__(self, wicket: Wicket, *, lost_at: int = 1_000) -> None:
        self._wicket, self._left = wicket, lost_at

    def of(self, signed: SignedBallot) -> Admission:
        self._left -= 1
        if self._left < 0:
            raise NodeUnreachable("gone")
        if signed.poll != self._wicket.address:
            raise WrongPoll("another poll")
        return self._wicket.admission


class Pool:
    """Another process, as far as its caller sees; it notes its tasks."""

    def __init__(self) -> None:
        self.tasks: list[Any] = []

    def map(
        self, work: Callable[[Any], Any], tasks: Iterable[Any], *, chunksize: int
    ) -> Iterator[Any]:
        assert chunksize == FEW
        self.tasks = list(tasks)
        return map(work, self.tasks)


def read(
    documents: Sequence[str], wicket: Wicket, *, lost_at: int = 1_000
) -> Iterator[ReadBallot | Ended]:
    handed = [HandedIn(number, text) for number, text in enumerate(documents)]
    admissions = cast("Admissions", PaperAdmissions(wicket, lost_at=lost_at))
    return intake.read(handed, admissions)


def refused(*results: object) -> list[tuple[int, str]]:
    """Number and error of ballots that are refused, and of nothing else."""
    found = []
    for each in results:
        assert isinstance(each, Ended)
        assert (each.outcome, each.receipt) == (Outcome.REFUSED, None)
        found.append((each.number, type(each.error).__name__))
    return found


def tampered(signed: SignedBallot) -> SignedBallot:
    return replace(signed, ballot=replace(signed.ballot, responses=signed.ballot.responses[::-1]))


# -- Documents --


def test_documents_are_read_in_their_order(wicket: Wicket) -> None:
    signed = [wicket.signed(0), wicket.signed(2)]
    results = list(read([each.to_json() for each in signed], wicket))
    assert results == [
        ReadBallot(number, each, wicket.admission, each.tracker(wicket.hash))
        for number, each in enumerate(signed)
    ]


def test_documents_that_are_no_ballots_of_the_poll_are_refused(wicket: Wicket) -> None:
    good, other = wicket.signed(0), wicket.elsewhere().signed(0)
    first, *bad, last = read([good.to_json(), "{}", other.to_json(), good.to_json()], wicket)
    assert refused(*bad) == [(1, "InvalidDocument"), (2, "WrongPoll")]
    assert isinstance(first, ReadBallot)
    assert isinstance(last, ReadBallot)
    assert (first.number, last.number) == (0, 3)
    assert first.signed == last.signed == good


def test_document_may_be_as_long_as_the_limit_and_no_longer(wicket: Wicket) -> None:
    text = wicket.signed(0).to_json()
    padded = text + " " * (LONGEST - len(text))
    found, ended = read([padded, padded + " "], wicket)
    assert isinstance(found, ReadBallot)
    assert refused(ended) == [(1, "InvalidDocument")]


def test_lost_node_is_no_fault_of_a_ballot_and_loses_no_result(wicket: Wicket) -> None:
    text = wicket.signed(0).to_json()
    results = read(["{}", text, text, "{}"], wicket, lost_at=1)
    assert refused(next(results)) == [(0, "InvalidDocument")]
    assert isinstance(next(results), ReadBallot)
    with pytest.raises(NodeUnreachable):
        next(results)


# -- Roll and signature --


def test_ballots_of_voters_are_entitled(wicket: Wicket) -> None:
    ballots = [wicket.read(wicket.signed(each)) for each in range(3)]
    assert list(intake.entitled(ballots)) == ballots


def test_ballots_that_no_voter_has_signed_are_refused(wicket: Wicket) -> None:
    good = wicket.signed(0)
    stranger = wicket.signed(7, weight=1)
    heavy = wicket.signed(0, weight=2)
    unsigned = replace(good, voter=voter(1).address)
    ballots = [wicket.read(each) for each in (stranger, good, heavy, unsigned)]
    first, entitled, *last = intake.entitled(ballots)
    assert entitled == ballots[1]
    names = ["NotOnRoll", "NotOnRoll", "InvalidSignature"]
    numbers = [each.number for each in ballots if each is not ballots[1]]
    assert refused(first, *last) == list(zip(numbers, names, strict=True))


# -- Proof --


def new(wicket: Wicket, signed: SignedBallot, replaced: SignedBallot | None = None) -> NewBallot:
    return NewBallot(EntitledBallot(wicket.read(signed)), replaced)


def proven(ballots: Sequence[NewBallot], pool: Pool) -> list[ProvenBallot | Ended]:
    return list(intake.proven(ballots, cast("Executor", pool)))


def test_proven_ballots_have_their_rows(wicket: Wicket) -> None:
    first = wicket.signed(2)
    again = wicket.signed(2, replaces=first.tracker(wicket.hash))
    ballots = [new(wicket, wicket.signed(0)), new(wicket, again, first)]
    assert proven(ballots, Pool()) == [
        ProvenBallot(
            each.ballot,
            Carriage.proven(wicket.definition, each.ballot.signed, each.replaced).row,
        )
        for each in ballots
    ]


def test_ballots_without_a_good_proof_are_refused(wicket: Wicket) -> None:
    good = wicket.signed(0)
    ballots = [new(wicket, each) for each in (tampered(good), good, tampered(good))]
    first, between, last = proven(ballots, Pool())
    assert isinstance(between, ProvenBallot)
    assert between.ballot == ballots[1].ballot
    assert [name for _, name in refused(first, last)] == ["InvalidProof"] * 2
    assert [number for number, _ in refused(first, last)] == [
        ballots[0].ballot.number,
        ballots[2].ballot.number,
    ]


def test_many_ballots_are_verified_by_other_processes(wicket: Wicket) -> None:
    good = wicket.signed(0)
    few = [new(wicket, good) for _ in range(FEW)]
    here, elsewhere = Pool(), Pool()
    assert len(proven(few, here)) == FEW
    assert here.tasks == []
    many = [*few, new(wicket, tampered(good))]
    *passed, last = proven(many, elsewhere)
    assert len(elsewhere.tasks) == len(many)
    assert [each.number for each in passed] == [each.ballot.number for each in few]
    assert [name for _, name in refused(last)] == ["InvalidProof"]


def test_nothing_is_proven_of_nothing() -> None:
    assert proven([], Pool()) == []


# -- In time --


def test_ballots_that_their_poll_takes_no_more_are_refused(wicket: Wicket) -> None:
    own = Wicket(wicket.paper)
    late, good = own.signed(0, deadline=own.node.time), own.signed(1)
    ballots = [ProvenBallot(EntitledBallot(own.read(each)), [0]) for each in (good, late)]
    passed, ended = intake.in_time(ballots)
    assert passed == ballots[0]
    assert refused(ended) == [(ballots[1].number, "BallotExpired")]
    own.node.time = CLOSES
    own.admission.look(fresh=0)
    ends: list[VecheError | None] = [
        each.error for each in intake.in_time(ballots) if isinstance(each, Ended)
    ]
    assert [type(each).__name__ for each in ends] == ["WrongPhase"] * 2
