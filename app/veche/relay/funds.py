"""For how many ballots a relay's ether lasts, at the price of now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from threading import Lock
from time import monotonic
from typing import Final

from veche.chain import casting
from veche.chain.connection import Chain
from veche.chain.fees import price
from veche.chain.poll import Poll
from veche.errors import RelayWithoutEther
from veche.errors.amounts import counted

FRESH: Final = 10.0
"""Seconds for which balance and price are taken to be so still."""
FEW: Final = 1_000
"""Ballots beside those that wait, below which a relay warns."""
PLENTY: Final = 10**9
"""Ballots that are paid for where gas costs nothing, or no poll needs any."""


@dataclass(eq=False)
class Funds:
    """The ether of a relay's account. It tells how many ballots it pays for when each is cast
    alone, at twice the price of now: that is what nodes want to see in an account.

    Attributes:
        chain: the chain; its account pays.
        polls: the polls; the dearest counts.
    """

    chain: Chain
    polls: Sequence[Poll]
    _balance: int = 0
    _ballots: int = 0
    _looked: float = float("-inf")
    _turn: Lock = field(default_factory=Lock)

    @property
    def known_balance(self) -> int:
        """The balance when it was last looked at, in wei."""
        return self._balance

    def ballots(self) -> int:
        """How many ballots it still pays for.

        Raises:
            NodeError: the node cannot be asked.
        """
        self._look()
        return self._ballots

    def shortage(self, *, waiting: int) -> str:
        """What to tell who runs the relay while the ether pays for fewer than FEW ballots beside
        those that wait; empty while it pays for more.

        Args:
            waiting: how many ballots wait.

        Raises:
            NodeError: the node cannot be asked.
        """
        paid_for = self.ballots()
        if paid_for >= waiting + FEW:
            return ""
        account = self.chain.sender.address
        return f"the ether pays for {counted(paid_for, 'more ballot')}: send some to {account}"

    def require_some(self) -> None:
        """Refuses an account that pays for no ballot.

        Raises:
            RelayWithoutEther: it has too little for one.
            NodeError: the node cannot be asked.
        """
        if not self.ballots():
            account = self.chain.sender.address
            raise RelayWithoutEther(account, has=self.known_balance, needs=self.cost())

    def cost(self) -> int:
        """What a ballot of the dearest poll can cost, in wei.

        Raises:
            NodeError: the node cannot be asked.
        """
        return self._gas() * price(self.chain.node.fees())

    def _look(self) -> None:
        with self._turn:
            if monotonic() < self._looked + FRESH:
                return
            self._balance = self.chain.node.balance(self.chain.sender.address)
            cost = self.cost()
            self._ballots = min(self._balance // cost, PLENTY) if cost else PLENTY
            self._looked = monotonic()

    def _gas(self) -> int:
        """The gas for a ballot of the dearest poll."""
        each = (casting.most_gas(poll.definition, weight=1, replaces=False) for poll in self.polls)
        return max(each, default=0)
