"""Until when a ballot may be cast: its voter chooses, and signs it (PROTOCOL §3, Casting).

Whoever carries a ballot could hold it back, until its voter has changed their mind. From its
deadline on it is dead. So a client sets one that is much earlier than the close.
"""

from __future__ import annotations

from typing import Final

from veche.errors import BallotExpired
from veche.errors.times import time_text

CAST_WITHIN: Final = 60 * 60
"""Seconds from signing to the deadline, if the voter's own client sends the ballot."""
CARRY_WITHIN: Final = 24 * 60 * 60
"""Seconds from signing to the deadline, if somebody else carries the ballot."""


def limited(wanted: int, *, now: int, closes: int) -> int:
    """The deadline that a voter signs: the one that the voter wants, or the close if that is
    earlier.

    Args:
        wanted: the deadline that the voter wants, in seconds since 1970.
        now: the earliest moment at which the ballot can be cast, in seconds since 1970.
        closes: the poll's close, in seconds since 1970.

    Raises:
        BallotExpired: nobody can cast the ballot by the deadline that the voter wants.
    """
    if wanted < now:
        said = f"the deadline is {time_text(wanted)}, but the chain's clock shows {time_text(now)}"
        raise BallotExpired(wanted, now, reason=said)
    return min(wanted, closes)
