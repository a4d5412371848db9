"""A relay and its parts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from veche.chain.connection import Chain
from veche.chain.poll import Poll
from veche.files.relay import RelayFile
from veche.relay.checking import Desk
from veche.relay.enrolling import Enrolments
from veche.relay.funds import Funds
from veche.relay.limits import Visitors
from veche.relay.questions import Questions
from veche.relay.sending import Sending
from veche.relay.store import Store
from veche.relay.takeover import Takeover

END_WITHIN: Final = 45.0
"""Seconds for which transactions under way are waited for at the end."""


@dataclass(frozen=True, slots=True)
class Relay:
    """A relay at work.

    Attributes:
        config: its file.
        chain: the chain that it carries to.
        polls: the polls that it carries for, by their addresses.
        boards: the addresses of the boards that it carries for.
        store: what it has accepted.
        desk: checks what is handed in.
        enrolments: takes code lists and bindings.
        sending: has it carried.
        takeover: has carried what silent relays have left that share the store.
        funds: for how many ballots its ether lasts.
        visitors: limits of those who ask.
        questions: passes questions on to the node.
    """

    config: RelayFile
    chain: Chain
    polls: Mapping[str, Poll]
    boards: frozenset[str]
    store: Store
    desk: Desk
    enrolments: Enrolments
    sending: Sending
    takeover: Takeover
    funds: Funds
    visitors: Visitors
    questions: Questions

    def start(self) -> None:
        """Begins to check and to carry."""
        self.takeover.start()
        self.desk.start()
        self.sending.start()

    def forget(self) -> None:
        """Forgets addresses that no limit needs any more: otherwise the last ones would stay until
        somebody else asks.
        """
        self.visitors.forget()
        self.enrolments.guesses.forget()

    def stop(self) -> None:
        """Accepts no more, waits for what is under way, and leaves the rest on disk."""
        self.desk.close()
        self.sending.stop(within=END_WITHIN)
        self.takeover.stop()
        self.store.close()
