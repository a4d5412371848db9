"""Numbers as people read them, in messages and elsewhere."""

from __future__ import annotations

from typing import Final

GWEI: Final = 10**9
"""One gwei in wei."""
ETHER: Final = 10**18
"""One ether in wei."""
_DIGITS: Final = 6
"""Maximum digits of an amount after the decimal point."""


def counted(number: int, thing: str) -> str:
    """A number of things, such as "1 voter" or "2,000 voters"."""
    return f"{number:,} {thing}{'' if number == 1 else 's'}"


def gwei_text(wei: int) -> str:
    """A price of gas in gwei, rounded down."""
    return f"{_amount(wei, GWEI)} gwei"


def ether_text(wei: int) -> str:
    """An amount of ether, rounded down; in wei if nothing would be left of it."""
    if 0 < wei < ETHER // 10**_DIGITS:
        return f"{wei:,} wei"
    return f"{_amount(wei, ETHER)} ether"


def _amount(wei: int, unit: int) -> str:
    whole, rest = divmod(wei, unit)
    digits = f"{rest * 10**_DIGITS // unit:0{_DIGITS}}".rstrip("0")
    return f"{whole:,}{'.' + digits if digits else ''}"
