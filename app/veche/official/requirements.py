"""The requirements of a plan, which are checked before anything is sent."""

from __future__ import annotations

from collections.abc import Callable

from veche.chain.catalogue import Catalogue
from veche.chain.connection import Chain
from veche.chain.fees import price
from veche.chain.poll import Poll
from veche.errors import (
    HasBallots,
    InsufficientFunds,
    NodeError,
    Obstacles,
    OwnableUnauthorizedAccount,
    VecheError,
    WrongPhase,
)
from veche.protocol.phase import Phase


def require_all(*requirements: Callable[[], None]) -> None:
    """Checks every requirement, and refuses a plan for all of those that are not met.

    Raises:
        NodeError: the node fails, so that no more can be checked.
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


def require_funds(chain: Chain, *, gas: int, wei: int = 0) -> None:
    """Refuses an account that cannot pay for a plan.

    Args:
        chain: its account pays.
        gas: what the plan takes at least, roughly; the node tells exactly when a step is sent.
        wei: what the plan sends.

    Raises:
        InsufficientFunds: the account has less than that costs.
    """
    account, needs = chain.sender.address, gas * price(chain.node.fees()) + wei
    has = chain.node.balance(account)
    if has < needs:
        raise InsufficientFunds(account, has=has, needs=needs)


def require_untouched(poll: Poll, what: str) -> None:
    """Refuses a poll that nothing can be done to any more, as its contract does.

    Args:
        poll: the poll.
        what: what is to be done, as "a poll can be cancelled".

    Raises:
        HasBallots: somebody has voted in it.
        WrongPhase: it has closed, or is cancelled.
    """
    phase, ballots = poll.phase, poll.voter_count
    if ballots:
        raise HasBallots(ballots)
    if phase not in (Phase.SCHEDULED, Phase.OPEN):
        reason = f"the poll is {phase}: {what} only before the poll closes"
        raise WrongPhase(Phase.SCHEDULED.number, phase.number, reason=reason)
