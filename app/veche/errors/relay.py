"""Errors between a relay and those who ask it."""

from __future__ import annotations

from typing import Final

from veche.errors.amounts import counted
from veche.errors.root import VecheError

SOON: Final = 5
"""Seconds after which to try again, where nothing better is known."""


class RelayError(VecheError):
    """A relay does not do what it was asked for.

    Attributes:
        after: seconds after which to try again; 0 if that would not help.
    """

    remedy = "Try again, use another relay, or cast the ballot yourself: `veche vote` without one."
    exit_code = 5
    after: int = 0

    def __init__(self, reason: str, *, after: int = 0) -> None:
        self.after = after
        # a relay's own words may be in it, and must not look like lines of ours
        super().__init__(" ".join(reason.split()))


class RelayUnreachable(RelayError):
    """No relay answers at a URL, or what answers is no relay."""

    remedy = (
        "Check the URL of the relay. Or use another one, or cast the ballot yourself: a ballot is "
        "never counted twice."
    )


class RelayFull(RelayError):
    """A relay has as much work as it takes at once."""

    remedy = (
        "Hand the ballot in again later, or at another relay; or cast it yourself. A ballot is "
        "never counted twice."
    )


class RelayStops(RelayError):
    """A relay takes no more work because it is about to end. What it has accepted stays on its
    disk.
    """

    remedy = "Hand the ballot in again in a minute, or at another relay; or cast it yourself."


class StoreFailed(RelayError):
    """A relay cannot write to its store, so it accepts nothing: its disk may be full, or its
    database be gone.
    """

    remedy = (
        "Hand the ballot in at another relay, or cast it yourself. If the relay is yours: make "
        "room on its disk, or start its database. It goes on by itself."
    )


class TooManyRequests(RelayError):
    """Somebody asks a relay for more than its limits allow."""

    remedy = "Wait, then try again. Somebody who has your address may use up your share: if it \
stays, use another relay, or cast the ballot yourself."

    def __init__(self, who: str, after: int) -> None:
        wait = counted(after, "second")
        super().__init__(
            f"too many requests of one {who}: the next is taken in {wait}", after=after
        )


class RequestTooLarge(RelayError):
    """A request to a relay has a larger body than any that it takes."""

    remedy = "Send one ballot with each request, as `veche vote --out` writes it."

    def __init__(self, most: int) -> None:
        super().__init__(f"the body is larger than {most:,} bytes")


class RequestTooSlow(RelayError):
    """A request to a relay did not come whole in time."""

    remedy = "Send it again, over a better connection if you can."

    def __init__(self, seconds: float) -> None:
        super().__init__(f"the request was not whole after {seconds:.0f} seconds")


class MalformedRequest(RelayError):
    """A relay cannot read a request."""

    remedy = "Ask as the relay's description says, which it serves at /v1/openapi.json."
    exit_code = 3


class UnknownResource(RelayError):
    """A relay serves nothing at a path, or not by this method."""

    remedy = "Ask as the relay's description says, which it serves at /v1/openapi.json."
    exit_code = 3


class UnknownDocument(RelayError):
    """A relay has no ballot with this tracker, or no trustee's call with this digest."""

    remedy = (
        "Look on chain: `veche status` shows whether a ballot counts. If it does not, hand it in "
        "again, at any relay."
    )
    exit_code = 3


class ForbiddenMethod(RelayError):
    """A relay passes no such question on to its node."""

    remedy = (
        "Ask a node of your own. A relay passes on what reading a poll needs: its description at "
        "/v1/openapi.json lists the methods and their limits."
    )
    exit_code = 3


class NoRelayPackages(VecheError):
    """The packages that a relay needs beside the others are not installed."""

    remedy = "Install them, in the environment of this command: pip install 'veche[relay]'."
    exit_code = 5
