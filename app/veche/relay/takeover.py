"""Carries what another relay has accepted and left. Relays that share a store note again and again
that they are at work: what a silent one has left is taken over. So an accepted ballot needs no
particular relay, account or machine.

It does no harm if the silent one is still at work: a ballot is cast once, whoever carries it.
"""

from __future__ import annotations

import logging
from collections.abc import Collection
from dataclasses import dataclass
from threading import Event, Thread
from time import monotonic
from typing import Final

from veche.chain.trustee_call import TrusteeCall
from veche.errors import StoreFailed
from veche.protocol.ballot import SignedBallot
from veche.relay.sending import Sending
from veche.relay.store import Kind, Left, Store

log: Final = logging.getLogger("veche.relay")

BEAT: Final = 5.0
"""Seconds from one note that a relay is at work to the next."""
SILENT: Final = 30.0
"""Seconds without such a note after which a relay is silent."""
TOGETHER: Final = 1_000
"""Maximum documents that are taken over together."""


@dataclass(slots=True)
class _Other:
    """A relay that shares the store.

    Attributes:
        beats: how often it has noted that it is at work.
        since: when that was first seen, by this machine's clock: clocks are never compared.
        looked_at: the number of its last document that was looked at.
    """

    beats: int
    since: float
    looked_at: int = 0


class Takeover:
    """Takes over what silent relays have left, in a thread of its own.

    A relay that cannot carry keeps silent itself.

    Args:
        store: which relays share.
        sending: carries what is taken over.
        contracts: the addresses of the polls and boards that are carried for.
    """

    def __init__(self, store: Store, sending: Sending, contracts: Collection[str]) -> None:
        self._store, self._sending, self._contracts = store, sending, contracts
        self._others: dict[str, _Other] = {}
        self._stopped = Event()
        self._thread = Thread(target=self._work, name="takeover", daemon=True)

    def start(self) -> None:
        """Notes that this relay is at work, and goes on to do so.

        Raises:
            StoreFailed: the store fails.
        """
        self._store.beat()
        self._thread.start()

    def stop(self) -> None:
        """Falls silent: what this relay leaves may be taken over."""
        self._stopped.set()
        self._thread.join()

    def _work(self) -> None:
        while not self._stopped.wait(BEAT):
            try:
                self.look(monotonic())
            except StoreFailed:  # health tells; others may have been as silent as the store
                self._others.clear()
            except Exception:
                log.exception("taking over had to stop")

    def look(self, now: float) -> None:
        """Notes that this relay is at work, and takes over what silent ones have left.

        Args:
            now: seconds, by a clock that never goes back.

        Raises:
            StoreFailed: the store fails.
        """
        if self._sending.fault:
            self._others.clear()
            return
        for relay, beats in self._store.beat().items():
            known = self._others.get(relay)
            if known is None or known.beats != beats:
                self._others[relay] = _Other(beats, now)
            elif relay != self._store.relay and now >= known.since + SILENT:
                self._take_over(relay, known)

    def _take_over(self, relay: str, other: _Other) -> None:
        while left := self._store.left(relay, after=other.looked_at, most=TOGETHER):
            own = [each.number for each in left if _contract(each) in self._contracts]
            taken = self._store.take_over(own) if own else 0
            if taken:
                log.warning("%s is silent: %d documents are taken over", relay, taken)
            other.looked_at = left[-1].number


def _contract(left: Left) -> str:
    """The address of the contract that a document is for."""
    if left.kind == Kind.BALLOT:
        return SignedBallot.from_json(left.document).poll
    return TrusteeCall.from_json(left.document).contract
