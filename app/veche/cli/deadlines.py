"""The deadline of a ballot on the command line: a time, or a span from the chain's time."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final

import typer

from veche.cli.output import warn
from veche.errors.times import time_text

if TYPE_CHECKING:
    from veche.chain.poll import Poll

UNITS: Final = {"m": 60, "h": 60 * 60, "d": 24 * 60 * 60}
"""Seconds in the units of a span: minutes, hours, days."""

LONGEST: Final = 40
"""Maximum characters of what was written that a message repeats."""


@dataclass(frozen=True)
class Wanted:
    """The deadline that a voter wants.

    Attributes:
        seconds: since 1970, or from the chain's time on.
        is_span: whether it is from the chain's time on.
    """

    seconds: int
    is_span: bool

    def until(self, poll: Poll, *, warns: bool = False) -> int:
        """The deadline to sign now, in seconds since 1970: at most the poll's close.

        Args:
            poll: the poll.
            warns: whether to warn if the poll closes before the deadline that the voter wants.

        Raises:
            BallotExpired: the deadline is past, by the chain's clock.
        """
        from veche.protocol import deadline as deadlines

        now, closes = poll.node.next_time(), poll.definition.closes
        wanted = now + self.seconds if self.is_span else self.seconds
        found = deadlines.limited(wanted, now=now, closes=closes)
        if warns and found < wanted:
            warn(f"the poll closes before your deadline; its close counts: {time_text(closes)}.")
        return found


def parse(text: str) -> Wanted:
    """A deadline as people write it: `2026-12-01T18:00:00+03:00`, or `30m`, `2h`, `1d`.

    Raises:
        typer.BadParameter: the text is neither a time with its zone nor a span.
    """
    span = re.fullmatch("([1-9][0-9]{0,5})([mhd])", text)
    if span:
        return Wanted(int(span[1]) * UNITS[span[2]], is_span=True)
    return Wanted(moment(text, otherwise=", or a span such as 30m, 2h or 1d"), is_span=False)


def moment(text: str, *, otherwise: str = "") -> int:
    """A time with its zone, in whole seconds since 1970.

    Args:
        text: the time.
        otherwise: what else may be written, for messages.

    Raises:
        typer.BadParameter: the text is no time with its zone.
    """
    from veche.files.rules import seconds

    wanted = f"2026-12-01T18:00:00+03:00{otherwise}"
    try:
        found = datetime.fromisoformat(text)
    except ValueError as error:
        kind = "neither a time nor a span" if otherwise else "no time"
        raise typer.BadParameter(f"{text!r} is {kind}: write {wanted}") from error
    if found.tzinfo is None:
        raise typer.BadParameter(f"{text!r} has no time zone: write {wanted}")
    return seconds(found)
