"""Has the ballots in the store carried, and notes what becomes of them.

Nothing else sends from the account. What was sent before a crash is found on chain: the carrier
looks there before it casts. So it does no harm if the relay ends between sending and noting.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from concurrent.futures import Executor
from threading import Event, Thread
from time import monotonic
from typing import Final

from veche.carrier.carrier import CHUNK, Carrier, Document
from veche.carrier.outcomes import Carried, Outcome
from veche.chain.connection import Chain
from veche.chain.poll import Poll
from veche.chain.trustee_call import TrusteeCall
from veche.errors import (
    AlreadyConfirmed,
    AlreadyDealt,
    AlreadyShared,
    NodeRefused,
    Refused,
    RelayError,
    TransactionFailed,
    UnknownContract,
    VecheError,
)
from veche.relay import problems
from veche.relay.store import Ended, Kind, State, Store

log: Final = logging.getLogger("veche.relay")

PAUSE: Final = 0.25
"""Seconds between two looks for ballots to carry; those of one look share a transaction."""
AGAIN: Final = 5.0
"""Seconds before a carrier that had to stop begins anew; twice as long after every failure."""
LONGEST_AGAIN: Final = 120.0
DONE_ALREADY: Final = (AlreadyConfirmed, AlreadyDealt, AlreadyShared)
"""What a contract says of a trustee's call that is on chain."""


class Sending:
    """Carries what the store has, in a thread of its own, whatever fails.

    Args:
        chain: its account pays.
        polls: whose ballots are carried.
        store: where they are.
        pool: other processes, which verify proofs.

    Attributes:
        fault: why nothing is carried now; None if all goes well.
    """

    def __init__(self, chain: Chain, polls: Sequence[Poll], store: Store, pool: Executor) -> None:
        self.fault: VecheError | None = None
        self._store, self._sender = store, chain.sender
        self._carrier = Carrier(chain, poll=polls, on_batch=self._note_sent, pool=pool)
        self._ended: list[Ended] = []
        """What became of ballots, to be noted together."""
        self._calls_after = float("-inf")
        """When trustees' calls are looked for again, if the node has taken one of them not yet."""
        self._stopped = Event()
        self._thread = Thread(target=self._work, name="sending", daemon=True)

    def start(self) -> None:
        """Begins to carry."""
        self._thread.start()

    def stop(self, *, within: float) -> None:
        """Waits for what is under way, for so many seconds at most. The rest stays in the store."""
        self._stopped.set()
        self._thread.join(within)

    def _work(self) -> None:
        again = AGAIN
        while not self._stopped.is_set():
            try:
                self._post_calls()
                for carried in self._carrier.carry(self._documents()):
                    if carried.outcome != Outcome.LEFT:
                        self._ended.append(_ended(carried))
                        self.fault, again = None, AGAIN
                self._note()
            except VecheError as fault:
                self._tell(fault)
            except Exception as fault:
                log.exception("the carrier had to stop")
                self.fault = RelayError(f"the carrier had to stop ({type(fault).__name__})")
            else:
                continue
            self._stopped.wait(again)
            again = min(2 * again, LONGEST_AGAIN)

    def _tell(self, fault: VecheError) -> None:
        if str(fault) != str(self.fault):
            log.warning("%s: %s. %s", type(fault).__name__, fault, fault.remedy)
        self.fault = fault

    def _documents(self) -> Iterator[Document | None]:
        """The ballots that are still to be carried, with their numbers as names. They end when a
        trustee's call waits, for which all that is under way must have landed.
        """
        last = 0
        while not self._stopped.is_set():
            self._note()
            found = self._store.unfinished(Kind.BALLOT, after=last, most=CHUNK)
            for number, document in found:
                last = number
                yield str(number), document
            if len(found) < CHUNK:
                yield None
                self.fault = None
                if self._has_calls():
                    return
                self._stopped.wait(PAUSE)

    def _has_calls(self) -> bool:
        if monotonic() < self._calls_after:
            return False
        return bool(self._store.unfinished(Kind.CALL, after=0, most=1))

    def _post_calls(self) -> None:
        """Posts what trustees have made. Ballots do not wait for what the node does not take: that
        is posted later.
        """
        for number, document in self._store.unfinished(Kind.CALL, after=0, most=CHUNK):
            try:
                ended = self._posted(number, document)
            except (NodeRefused, TransactionFailed) as fault:
                self._calls_after = monotonic() + AGAIN
                log.warning("a trustee's call waits: %s: %s", type(fault).__name__, fault)
            else:
                self._store.note_ended([ended])

    def _posted(self, number: int, document: str) -> Ended:
        """Posts what a trustee has made, and tells what became of it."""
        try:
            receipt = TrusteeCall.from_json(document).send(self._sender)
        except DONE_ALREADY:
            return Ended(number, State.FOUND)
        except (Refused, UnknownContract) as refusal:
            return Ended(number, State.REFUSED, problem=problems.document(refusal))
        return Ended(number, State.CONFIRMED, receipt.transaction, receipt.block)

    def _note_sent(self, transaction: bytes, names: Sequence[str]) -> None:
        self._store.note_sent([int(each) for each in names], transaction)

    def _note(self) -> None:
        """Notes what became of ballots. Until then they are found again if the relay ends."""
        if self._ended:
            self._store.note_ended(self._ended)
            self._ended = []


def _ended(carried: Carried) -> Ended:
    number, receipt = int(carried.name), carried.receipt
    if carried.error:
        return Ended(number, State.REFUSED, problem=problems.document(carried.error))
    state = State.CONFIRMED if carried.outcome == Outcome.CAST else State.FOUND
    if receipt is None:
        return Ended(number, state)
    return Ended(number, state, receipt.transaction, receipt.block)
