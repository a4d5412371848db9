"""How much everybody may ask a relay for. All of it is in memory, and forgotten soon: an address
tells who votes.
"""

from __future__ import annotations

import ipaddress
from collections import OrderedDict
from collections.abc import Iterator
from math import ceil
from time import monotonic
from typing import Final

from veche.errors import TooManyRequests

MINUTE: Final = 60.0
HOUR: Final = 3_600.0
MOST_KNOWN: Final = 100_000
"""Maximum addresses, and voters, that are remembered: those that were seen last."""
SUSPECT_FOR: Final = 10 * MINUTE
"""Seconds for which an address stays suspect after one of its ballots was refused."""
NETWORK: Final = 64
"""Bits of an IPv6 address that a single customer has."""


class Buckets:
    """For each name a bucket that requests empty and time fills again.

    Args:
        most: how many requests a full bucket holds.
        seconds: in which an empty one fills.
        what: names are called so in messages.
    """

    def __init__(self, most: int, seconds: float, what: str) -> None:
        self._most, self._per_second, self._what = most, most / seconds, what
        self._full_after = seconds
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def __len__(self) -> int:
        return len(self._left)

    def __iter__(self) -> Iterator[str]:
        return iter(self._left)

    def take(self, name: str) -> None:
        """Takes a request out of a bucket.

        Raises:
            TooManyRequests: the bucket is empty.
        """
        self.require(name)
        self.forget()
        now = monotonic()
        left = self._now_left(name, now)
        self._left.pop(name, None)
        self._left[name] = (left - 1, now)

    def require(self, name: str) -> None:
        """Refuses a request if the bucket is empty, and leaves the bucket as it is.

        Raises:
            TooManyRequests: the bucket is empty.
        """
        left = self._now_left(name, monotonic())
        if left < 1:
            raise TooManyRequests(self._what, ceil((1 - left) / self._per_second))

    def _now_left(self, name: str, now: float) -> float:
        left, since = self._left.get(name, (float(self._most), now))
        return min(self._most, left + (now - since) * self._per_second)

    def forget(self) -> None:
        """Forgets names whose buckets are full again, and the oldest if there are too many."""
        now = monotonic()
        while self._left:
            name, (_, since) = next(iter(self._left.items()))
            if now < since + self._full_after and len(self._left) < MOST_KNOWN:
                return
            del self._left[name]


class VoterLimits(Buckets):
    """How many ballots each voter may hand in."""

    def __init__(self, ballots_per_hour: int) -> None:
        super().__init__(ballots_per_hour, HOUR, "voter")


class Visitors:
    """Addresses that ask: how much each may ask for, and whose ballots were refused lately.

    Args:
        requests_per_minute: maximum requests from one address.
    """

    def __init__(self, requests_per_minute: int) -> None:
        self._buckets = Buckets(requests_per_minute, MINUTE, "address")
        self._suspects: OrderedDict[str, float] = OrderedDict()

    @property
    def known(self) -> int:
        """How many addresses are remembered."""
        return len({*self._buckets, *self._suspects})

    def admit(self, address: str) -> None:
        """Admits a request.

        Raises:
            TooManyRequests: the address asks for too much.
        """
        self._buckets.take(address)

    def suspect(self, address: str) -> None:
        """Notes that a ballot from an address was refused."""
        self._suspects.pop(address, None)
        self._suspects[address] = monotonic()
        if len(self._suspects) > MOST_KNOWN:
            self._suspects.popitem(last=False)

    def is_suspect(self, address: str) -> bool:
        """Whether a ballot from an address was refused lately."""
        self.forget()
        return address in self._suspects

    def forget(self) -> None:
        """Forgets addresses that no limit needs any more."""
        self._buckets.forget()
        now = monotonic()
        while self._suspects and now >= next(iter(self._suspects.values())) + SUSPECT_FOR:
            self._suspects.popitem(last=False)


def visitor(host: str) -> str:
    """Whom an address stands for: itself, or the network of a customer in IPv6."""
    try:
        found = ipaddress.ip_address(host)
    except ValueError:
        return host
    if isinstance(found, ipaddress.IPv4Address):
        return str(found)
    return str(found.ipv4_mapped or ipaddress.ip_network((found, NETWORK), strict=False))
