"""Clients who cast ballots through any node that answers, until each ballot is confirmed."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from threading import Lock, Thread
from time import sleep
from typing import Final

import veche
from tools.faults.cluster import Cluster
from tools.faults.people import person
from veche import CastReceipt, SignedBallot, VecheError
from veche.errors import NodeError, TransactionFailed

CLIENTS: Final = 30
BATCH: Final = 2
"""Number of ballots in a transaction of every second client; the others cast one at a time."""


@dataclass
class Ledger:
    """The fates of ballots, as the clients know them.

    Attributes:
        confirmed: the confirmed receipts, by tracker.
        refused: the final refusals.
    """

    confirmed: dict[bytes, CastReceipt] = field(default_factory=dict)
    refused: list[VecheError] = field(default_factory=list)
    _lock: Lock = field(default_factory=Lock)

    def note(self, outcome: CastReceipt | VecheError) -> None:
        """Notes the fate of a ballot."""
        with self._lock:
            if isinstance(outcome, CastReceipt):
                self.confirmed[outcome.tracker] = outcome
            else:
                self.refused.append(outcome)


@dataclass
class Clients:
    """Clients at work.

    Attributes:
        cluster: the network.
        poll: the address of the poll.
        ledger: the fates of their ballots.
        pause: the seconds that a client waits after each transaction.
    """

    cluster: Cluster
    poll: str
    ledger: Ledger = field(default_factory=Ledger)
    pause: float = 0.0

    def cast(self, ballots: Sequence[SignedBallot]) -> list[Future[None]]:
        """Divides ballots among all clients, who begin to cast them. They end with this process,
        whatever they still have to do.
        """
        return [self._begin(number, ballots[number::CLIENTS]) for number in range(CLIENTS)]

    def _begin(self, number: int, ballots: Sequence[SignedBallot]) -> Future[None]:
        work: Future[None] = Future()

        def run() -> None:
            try:
                self._work(number, ballots)
                work.set_result(None)
            except BaseException as error:  # noqa: BLE001  # whoever asks for the result gets it
                work.set_exception(error)

        Thread(target=run, daemon=True).start()
        return work

    def _work(self, number: int, ballots: Sequence[SignedBallot]) -> None:
        size = BATCH if number % 2 else 1
        for at in range(0, len(ballots), size):
            self._cast(number, ballots[at : at + size])
            sleep(self.pause)

    def _cast(self, number: int, ballots: Sequence[SignedBallot]) -> None:
        """Casts ballots through one node after another, until their fate is known."""
        for turn in range(number, number + 10_000):
            try:
                outcomes = self._try(number, turn, ballots)
            except (NodeError, TransactionFailed):
                sleep(0.5)
                continue
            except VecheError as error:
                outcomes = [error] * len(ballots)
            for each in outcomes:
                self.ledger.note(each)
            return

    def _try(
        self, number: int, turn: int, ballots: Sequence[SignedBallot]
    ) -> list[CastReceipt | VecheError]:
        urls = self.cluster.urls
        chain = veche.connect(
            urls[turn % len(urls)],
            account=person(f"client {number}"),
            confirmations=self.cluster.network.confirmations,
        )
        poll = chain.poll(self.poll)
        if len(ballots) > 1:
            return poll.cast_batch(ballots)
        return [poll.cast(ballots[0])]
