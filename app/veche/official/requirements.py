"""What a plan requires: all of it is asked for before anything is sent."""

from __future__ import annotations

from collections.abc import Callable

from veche.chain.catalogue import Catalogue
from veche.chain.connection import Chain
from veche.errors import (
    InsufficientFunds,
    NodeError,
    Obstacles,
    OwnableUnauthorizedAccount,
    VecheError,
)


def require_all(*requirements: Callable[[], None]) -> None:
    """Asks for every requirement, and refuses a plan with all of those that are not met.

    Raises:
        NodeError: the node fails, so that no more can be asked.
        VecheError: exactly one requirement is not met; this is its own exception.
        Obstacles: several requirements are not met.
    """
    found: list[VecheError] = []
    for require in requirements:
        try:
            require()
        except NodeError:
            raise
        except Obstacles as several:
            found += several.each
        except VecheError as error:
            found.append(error)
    if len(found) > 1:
        raise Obstacles(found)
    for refusal in found:
        raise refusal


def require_owner(catalogue: Catalogue, account: str) -> None:
    """Refuses an account that does not act for the officials.

    Raises:
        OwnableUnauthorizedAccount: the account does not own the catalogue.
    """
    owner = catalogue.owner
    if owner != account:
        reason = f"the catalogue at {catalogue.address} belongs to {owner}, not to {account}"
        raise OwnableUnauthorizedAccount(account, reason=reason)


def require_funds(chain: Chain) -> None:
    """Refuses an account without ether, unless gas is free.

    Raises:
        InsufficientFunds: the account has no ether, and gas is not free.
    """
    account = chain.sender.address
    if not chain.node.balance(account) and any(chain.node.fees().values()):
        raise InsufficientFunds(account)
