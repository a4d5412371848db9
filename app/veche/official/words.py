"""Numbers as officials read them: times, ether, counts, ways to call a script."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta, tzinfo
from decimal import Decimal
from typing import Final

ETHER: Final = 10**18
"""Wei."""
_DIGITS: Final = 6
"""Of ether, behind the point."""


def time_in_words(seconds: int, zone: tzinfo | None = None) -> str:
    """A time in a zone, this machine's by default, and in UTC where that is another one.

    Args:
        seconds: since 1970.
        zone: to tell it in.
    """
    try:
        universal = datetime.fromtimestamp(seconds, UTC)
        local = universal.astimezone(zone)
    except (ValueError, OverflowError):  # a contract takes years of five digits
        return f"{seconds} seconds after 1970"
    told = f"{_plain(universal)} UTC"
    if local.utcoffset() == timedelta(0):
        return told
    offset = local.isoformat().partition("T")[2][len("09:00:00") :]
    return f"{_plain(local)} {offset} ({told})"


def _plain(time: datetime) -> str:
    return f"{time:%Y-%m-%d %H:%M:%S}".removesuffix(":00")


def ether_in_words(wei: int) -> str:
    """An amount of ether, rounded down."""
    whole, rest = divmod(wei, ETHER)
    digits = f"{Decimal(rest) / ETHER:.18f}"[2 : 2 + _DIGITS].rstrip("0")
    return f"{whole:,}{'.' + digits if digits else ''} ether"


def count(number: int, thing: str) -> str:
    """So many things."""
    return f"{number:,} {thing}{'' if number == 1 else 's'}"


def listed(names: Sequence[object]) -> str:
    """Names with commas between them."""
    return ", ".join(map(str, names)) or "none"


def command(network: str, verb: str, *args: object) -> str:
    """How a script is called."""
    given = " ".join(shlex.quote(str(each)) for each in args)
    return f"brownie run {verb} main {given + ' ' if given else ''}--network {network}"
