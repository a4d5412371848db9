"""Everything that stands in the way of a plan, collected and told at once."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from veche.chain.catalogue import Catalogue
from veche.chain.connection import Chain
from veche.errors import (
    InsufficientFunds,
    NodeError,
    Obstacles,
    OwnableUnauthorizedAccount,
    VecheError,
)


class Checks:
    """What has been found to stand in the way so far."""

    def __init__(self) -> None:
        self._found: list[VecheError] = []

    @contextmanager
    def noting(self) -> Iterator[None]:
        """Notes what is raised within, and goes on; what a node does wrong it lets through."""
        try:
            yield
        except NodeError:
            raise
        except VecheError as error:
            self._found.append(error)

    def require_none(self) -> None:
        """Refuses the plan if anything stands in its way.

        Raises:
            VecheError: what does, where it is one thing.
            Obstacles: all of it, where there are several.
        """
        if len(self._found) > 1:
            raise Obstacles(self._found)
        for refusal in self._found:
            raise refusal


def require_owner(catalogue: Catalogue, account: str) -> None:
    """Refuses whoever does not act for the officials.

    Raises:
        OwnableUnauthorizedAccount: the account does not own the catalogue.
    """
    owner = catalogue.owner
    if owner != account:
        reason = f"the catalogue at {catalogue.address} belongs to {owner}, not to {account}"
        raise OwnableUnauthorizedAccount(account, reason=reason)


def require_funds(chain: Chain) -> None:
    """Refuses an account that has nothing, where gas is not free.

    Raises:
        InsufficientFunds: it has nothing.
    """
    account = chain.sender.address
    if not chain.node.balance(account) and any(chain.node.fees().values()):
        raise InsufficientFunds(account)
