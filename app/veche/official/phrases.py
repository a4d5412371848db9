"""Numbers as officials read them: ether, counts, ways to call a script."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from decimal import Decimal
from typing import Final

ETHER: Final = 10**18
"""Wei."""
_DIGITS: Final = 6
"""Of ether, behind the point."""


def ether_text(wei: int) -> str:
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
