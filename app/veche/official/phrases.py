"""Phrases that officials read: amounts of ether, counts, lists, command lines."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from decimal import Decimal
from typing import Final

ETHER: Final = 10**18
"""One ether in wei."""
_DIGITS: Final = 6
"""Maximum digits of an amount of ether after the decimal point."""


def ether_text(wei: int) -> str:
    """An amount of ether, rounded down."""
    whole, rest = divmod(wei, ETHER)
    digits = f"{Decimal(rest) / ETHER:.18f}"[2 : 2 + _DIGITS].rstrip("0")
    return f"{whole:,}{'.' + digits if digits else ''} ether"


def count(number: int, thing: str) -> str:
    """A number of things, such as "1 voter" or "2,000 voters"."""
    return f"{number:,} {thing}{'' if number == 1 else 's'}"


def listed(names: Sequence[object]) -> str:
    """Names with commas between them; "none" if there are no names."""
    return ", ".join(map(str, names)) or "none"


def command(verb: str, *args: object, network: str = "") -> str:
    """The command line of a verb.

    Args:
        verb: the verb, such as "publish_poll".
        args: its arguments.
        network: the private network or the URL that --rpc names; empty if it is not given.
    """
    words = [verb.replace("_", "-"), *map(str, args), *(["--rpc", network] if network else [])]
    return f"veche official {shlex.join(words)}"
