"""The rules by which officials decide: a quorum for the poll, and what an option needs to pass.

A rule is a sentence that stands in the poll's texts and is told with the result: "at least 25% of
voters", "more than 2/3 of ballots". Contracts know nothing of it (PROTOCOL §3).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor
from typing import Final

from veche.errors import InvalidContent

QUORUM_OF: Final = ("voters", "weight")
"""What a quorum is a part of: the voters on the roll, or their weight."""
PASS_OF: Final = ("votes", "ballots", "roll")
"""What an option needs a part of: the votes for options, blank ones left out; the weight of all
ballots; the weight of the roll."""

_FORM: Final = re.compile(
    r"(at least|more than) (?:([0-9]{1,3}(?:\.[0-9]{1,3})?)%|([0-9]{1,3})/([0-9]{1,3})) of ([a-z]+)"
)


@dataclass(frozen=True, slots=True)
class Rule:
    """A part of a whole that must be reached, or exceeded.

    Attributes:
        text: the sentence that says it.
        part: the part, in 0..1.
        whole: what it is a part of.
        or_more: whether the part itself is enough.
    """

    text: str
    part: Fraction
    whole: str
    or_more: bool

    @classmethod
    def parse(cls, text: str, wholes: Sequence[str]) -> Rule:
        """The rule in a sentence.

        Args:
            text: like "at least 25% of voters" or "more than 2/3 of ballots".
            wholes: what it may be a part of.

        Raises:
            InvalidContent: the text has another form, or the part is more than the whole.
        """
        found = _FORM.fullmatch(text)
        if not found or found[5] not in wholes or found[4] == "0" * len(found[4] or "-"):
            raise InvalidContent(f"{text!r} is not a rule")
        part = Fraction(found[2]) / 100 if found[2] else Fraction(int(found[3]), int(found[4]))
        or_more = found[1] == "at least"
        if not (0 < part <= 1 if or_more else 0 <= part < 1):
            raise InvalidContent(f"{text!r} decides nothing: all reach it, or none can")
        return cls(text, part, found[5], or_more)

    def is_met(self, count: int, whole: int) -> bool:
        """Whether so many of the whole are enough. Of nothing, nothing is."""
        return whole > 0 and count >= self.needed(whole)

    def needed(self, whole: int) -> int:
        """The fewest of the whole that are enough."""
        part = self.part * whole
        return ceil(part) if self.or_more else floor(part) + 1
