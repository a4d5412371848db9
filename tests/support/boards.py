"""Boards on chain, with their trustees behind them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from brownie import TrusteeBoard, accounts, chain

from support.ceremonies import Ceremony
from support.forms import trusted_point
from veche.chain import arguments
from veche.crypto.group import Point


def now() -> int:
    """The time of the latest block."""
    return int(chain[-1].timestamp)


class Board:
    """A board on chain, with its trustees behind it.

    Args:
        ceremony: the trustees' secrets.
        official: who convenes it.
        people: the trustees' accounts.
        deal_by: the deadline for deals; soon by default.
        confirm_by: the deadline for confirmations; soon by default.
    """

    def __init__(
        self,
        ceremony: Ceremony,
        *,
        official: Any = None,
        people: Sequence[Any] | None = None,
        deal_by: int | None = None,
        confirm_by: int | None = None,
    ) -> None:
        self.ceremony = ceremony
        self.people = people or _funded(ceremony.trustees)
        self.terms = ceremony.terms(self.people, now(), deal_by=deal_by, confirm_by=confirm_by)
        sender = official or accounts[0]
        self.contract = TrusteeBoard.deploy(*self.terms, {"from": sender}, silent=True)
        self.hash = bytes(self.contract.boardHash())

    def account(self, index: int) -> Any:
        return self.people[index - 1]

    def deal(self, dealer: int) -> Any:
        made = self.ceremony.deal(dealer, self.hash)
        return self.contract.deal(arguments.deal(made), {"from": self.account(dealer)}, silent=True)

    def deal_badly(self, dealer: int, recipient: int, share: int) -> Any:
        made = self.ceremony.bad_deal(dealer, self.hash, recipient, share)
        return self.contract.deal(arguments.deal(made), {"from": self.account(dealer)}, silent=True)

    def deal_all(self) -> Board:
        for dealer in self.ceremony.indices:
            self.deal(dealer)
        return self

    def confirm(self, index: int) -> Any:
        return self.contract.confirm(
            self.contract.dealsHash(), {"from": self.account(index)}, silent=True
        )

    def confirm_all(self) -> Board:
        for index in self.ceremony.indices:
            self.confirm(index)
        return self

    def blame(self, dealer: int, recipient: int) -> list[Any]:
        ephemeral = point(self.contract.ephemeralKey(dealer))
        return self.ceremony.blame(dealer, recipient, self.hash, ephemeral)


def _funded(count: int) -> Sequence[Any]:
    """Accounts with ether, the first of all apart."""
    while len(accounts) <= count:
        accounts[0].transfer(accounts.add(), "1 ether", silent=True)
    return list(accounts)[1 : count + 1]


def point(words: Any) -> Point:
    return trusted_point([hex(each) for each in words])


def words(of: Point) -> tuple[int, int]:
    return of.x, of.y
