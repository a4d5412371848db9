"""The whole life of a poll, moves in any order: good ones succeed, bad ones change nothing."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from brownie import accounts
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from support.boards import Board, confirmation_arguments, deal_arguments, now
from support.ceremonies import Ceremony
from support.harnesses import Call, Reverted
from support.polls import CLOSED, OPEN, SCHEDULED, TALLIED, VOID, Polling, Vote, events, voter
from veche.crypto import elgamal
from veche.crypto.questions import Questions

DEALING, CONFIRMING, READY = range(3)

QUESTIONS = Questions.of((2, 2, 0, 3))
WEIGHTS = (1, 3, 1, 2)

voters = st.integers(0, len(WEIGHTS) - 1)
trustees = st.integers(1, 3)
scores = st.sampled_from([(0, 0), (1, 0), (0, 2), (2, 1), (1, 1)])
faults = st.sampled_from(
    ["", "", "", "signature", "weight", "deadline", "tracker", "hint", "proof"]
)
STEP = {SCHEDULED: 0, OPEN: 1, CLOSED: 2, VOID: 2, TALLIED: 3}
"""How far a poll has come."""


class Life(RuleBasedStateMachine):
    """A board, then a poll, beside a model of them in plain Python."""

    call: Call
    at_time: Any

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.dealt: set[int] = set()
        self.confirmed: set[int] = set()
        self.poll: Any = None
        self.last: dict[int, Vote] = {}
        self.given: dict[int, tuple[int, ...]] = {}
        self.shares: list[int] = []
        self.furthest = 0
        self.seed = 0

    @initialize()
    def convene(self) -> None:
        self.board = Board(Ceremony(seed="life"))

    def refused(self, method: Any, arguments: list[Any], sender: Any) -> None:
        with pytest.raises(Reverted):
            self.call(method, *arguments, sender=sender)

    # -- Ceremony --

    @precondition(lambda self: self.poll is None)
    @rule(dealer=trustees, signer=trustees)
    def deal(self, dealer: int, signer: int) -> None:
        """A deal that its dealer signed is accepted; another's, or a second one, is not."""
        signed = self.board.signed_deal(dealer, signer=signer)
        if dealer == signer and dealer not in self.dealt:
            self.board.post_deal(signed, carrier=accounts[7])
            self.dealt.add(dealer)
        else:
            self.refused(self.board.contract.deal, deal_arguments(signed), accounts[7])

    @precondition(lambda self: self.poll is None)
    @rule(index=trustees, fault=st.sampled_from(["", "", "hash", "signer"]))
    def confirm(self, index: int, fault: str) -> None:
        deals = bytes(32) if fault == "hash" else self.board.deals_hash()
        signer = index % 3 + 1 if fault == "signer" else index
        signed = self.board.confirmation(index, deals, signer=signer)
        if not fault and len(self.dealt) == 3 and index not in self.confirmed:
            self.board.post_confirmation(signed, carrier=accounts[7])
            self.confirmed.add(index)
        else:
            arguments = confirmation_arguments(signed)
            self.refused(self.board.contract.confirm, arguments, accounts[7])

    @precondition(lambda self: self.poll is None and len(self.confirmed) == 3)
    @rule()
    def publish(self) -> None:
        self.poll = Polling(self.board, questions=QUESTIONS, weights=WEIGHTS, closes=now() + 2_000)

    @precondition(lambda self: self.poll is None)
    @rule()
    def finish_the_ceremony(self) -> None:
        """Most lives should get as far as a poll."""
        for index in self.board.ceremony.indices:
            if index not in self.dealt:
                self.deal(index, index)
        for index in self.board.ceremony.indices:
            if index not in self.confirmed:
                self.confirm(index, "")
        self.publish()
        self.at_time(self.poll.opens)

    # -- Time --

    @precondition(lambda self: self.poll is not None)
    @rule(to=st.sampled_from(["a little", "opens", "closes"]))
    def warp(self, to: str) -> None:
        times = {
            "a little": now() + 10,
            "opens": self.poll.opens,
            "closes": self.poll.closes if len(self.last) > 1 else 0,
        }
        if times[to] > now():
            self.at_time(times[to])

    # -- Ballots --

    def ballot(self, index: int, given: tuple[int, ...], fault: str) -> Vote:
        """The voter's next ballot, with one thing wrong or none."""
        self.seed += 1
        replaces = self.last.get(index)
        changes: dict[str, dict[str, Any]] = {
            "signature": {"signer": voter(99)},
            "weight": {"weight": WEIGHTS[index] + 1},
            "deadline": {"deadline": now() - 1},
            "tracker": {"replaced": bytes(31) + b"x"},
        }
        change = changes.get(fault, {})
        seed = str(self.seed)
        vote: Vote = self.poll.vote(index, given, replaces=replaces, seed=seed, **change)
        if fault == "hint":
            vote = replace(vote, sums=vote.sums[::-1])
        if fault == "proof":
            proof = vote.signed.ballot
            swapped = replace(proof, responses=proof.responses[::-1])
            vote = replace(vote, signed=replace(vote.signed, ballot=swapped))
        return vote

    def count(self, index: int, vote: Vote, given: tuple[int, ...]) -> None:
        self.last[index], self.given[index] = vote, given

    @property
    def open(self) -> bool:
        return bool(self.poll.opens <= now() < self.poll.closes)

    @precondition(lambda self: self.poll is not None)
    @rule(index=voters, given=scores, fault=faults)
    def cast(self, index: int, given: tuple[int, ...], fault: str) -> None:
        vote = self.ballot(index, given, fault)
        if self.open and not fault:
            self.poll.cast(vote)
            self.count(index, vote, given)
        else:
            self.refused(self.poll.contract.cast, vote.arguments(), accounts[7])

    @precondition(lambda self: self.poll is not None and self.last)
    @rule(index=voters)
    def cast_again(self, index: int) -> None:
        """A ballot that has been counted cannot be cast again."""
        if index in self.last:
            arguments = self.last[index].arguments()
            self.refused(self.poll.contract.cast, arguments, accounts[7])

    @precondition(lambda self: self.poll is not None and self.open)
    @rule(moves=st.lists(st.tuples(voters, scores, faults), max_size=4))
    def cast_batch(self, moves: list[tuple[int, tuple[int, ...], str]]) -> None:
        votes = []
        for index, given, fault in moves:
            vote = self.ballot(index, given, fault)
            votes.append(vote)
            if not fault:
                self.count(index, vote, given)
        receipt = self.poll.cast_batch(votes)
        refused = [each["index"] for each in events(receipt, "BallotSkipped")]
        assert refused == [at for at, move in enumerate(moves) if move[2]]

    # -- Result --

    @property
    def over(self) -> bool:
        return bool(now() >= self.poll.closes and len(self.last) >= 2)

    @precondition(lambda self: self.poll is not None and self.furthest < STEP[TALLIED])
    @rule(index=trustees, fault=st.sampled_from(["", "", "sums", "points"]))
    def share(self, index: int, fault: str) -> None:
        share = self.poll.prepare_share(index)
        arguments = share.arguments()
        if fault == "sums":
            arguments[1] = bytes(32)
        if fault == "points":
            arguments[2] = arguments[2][::-1]
        if self.over and not fault and index not in self.shares:
            self.poll.share(index)
            self.shares.append(index)
        else:
            self.refused_or_same(arguments, share)

    def refused_or_same(self, arguments: list[Any], share: Any) -> None:
        """Points that read the same backwards are no fault."""
        if arguments != share.arguments() or not self.over or arguments[0] in self.shares:
            self.refused(self.poll.contract.postShare, arguments, accounts[7])

    @precondition(lambda self: self.poll is not None)
    @rule(error=st.sampled_from([0, 0, 1, -1, 2]))
    def publish_result(self, error: int) -> None:
        found = [total + error for total in self.totals()]
        ready = self.over and len(self.shares) >= 2 and self.furthest < STEP[TALLIED]
        if ready:
            assert self.poll.scores() == self.totals()
        if ready and not error:
            self.poll.publish_result()
        elif ready:
            arguments = self.poll.result_arguments([max(each, 0) for each in found])
            self.refused(self.poll.contract.publishResult, arguments, accounts[7])
        else:
            self.refused(self.poll.contract.publishResult, [[0, 0], [], []], accounts[7])

    def totals(self) -> list[int]:
        """The true count."""
        return [
            sum(WEIGHTS[index] * given[choice] for index, given in self.given.items())
            for choice in range(QUESTIONS.choices)
        ]

    # -- What always holds --

    @precondition(lambda self: self.poll is not None)
    @invariant()
    def sums_are_those_of_the_last_ballots(self) -> None:
        columns = zip(*(vote.growth for vote in self.last.values()), strict=True)
        expected = [elgamal.total(column) for column in columns] or [elgamal.ZERO] * 2
        assert self.poll.sums() == expected

    @precondition(lambda self: self.poll is not None)
    @invariant()
    def counts_are_those_of_the_last_ballots(self) -> None:
        contract = self.poll.contract
        assert contract.voterCount() == len(self.last)
        assert contract.castWeight() == sum(WEIGHTS[index] for index in self.last)
        assert contract.castWeight() <= contract.totalWeight()
        for index in range(len(WEIGHTS)):
            address = voter(index).address
            tracker = self.last[index].tracker if index in self.last else bytes(32)
            assert bytes(contract.tracker(address)) == tracker

    @precondition(lambda self: self.poll is not None)
    @invariant()
    def phase_never_goes_back(self) -> None:
        step = STEP[self.poll.contract.phase()]
        assert step >= self.furthest
        self.furthest = step

    @precondition(lambda self: self.poll is not None)
    @invariant()
    def result_is_the_true_count(self) -> None:
        recorded = list(self.call(self.poll.contract.result))
        tallied = self.poll.contract.phase() == TALLIED
        assert recorded == (self.totals() if tallied else [])
        assert list(self.call(self.poll.contract.sharesPosted)) == self.shares


def test_life_of_a_poll(call: Call, at_time: Any) -> None:
    Life.call = staticmethod(call)
    Life.at_time = staticmethod(at_time)
    run_state_machine_as_test(  # type: ignore[no-untyped-call]
        Life,
        settings=settings(
            max_examples=12,
            stateful_step_count=40,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
