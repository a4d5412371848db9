"""What a verdict rests on: what the observer was told, and which nodes have shown the poll.

All checks hold for a poll that a stranger has copied into a catalogue of their own. Only what the
observer knows from elsewhere shows whose poll it is.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from veche.observer.verification import Verification

EXPECTED: Final = "officials' catalogue"


class Source(StrEnum):
    """Where an observer knows the officials' catalogue from."""

    NAMED = "the one that you named"
    NETWORK = "the one of the private network"
    DEPLOYMENTS = "the one in deployments/"


@dataclass(frozen=True, slots=True)
class Basis:
    """What a verdict rests on.

    Attributes:
        told: the poll hash that the observer was told, 32 bytes; None if nobody has told one.
        expected: the address of the officials' catalogue; None if the observer does not know it.
        source: where the observer knows it from.
        nodes: the names of the nodes that have shown the poll, each another one; none for a file.
    """

    told: bytes | None = None
    expected: str | None = None
    source: Source = Source.NAMED
    nodes: tuple[str, ...] = ()

    def check(self, found: Verification) -> None:
        """Adds to a report whether the officials' catalogue has made the poll. A poll hash that the
        observer was told covers that: then only a catalogue that the observer has named is
        compared.
        """
        if self.expected is None or (self.told is not None and self.source != Source.NAMED):
            return
        own = found.foundation.catalogue
        detail = f"the poll is of {self.expected}, {self.source}"
        if own != self.expected:
            detail = f"the poll is of {own}, and not of {self.expected}, {self.source}"
        found.report.add(EXPECTED, holds=own == self.expected, detail=detail)

    def is_expected(self, found: Verification) -> bool | None:
        """Whether the officials' catalogue has made the poll; None if the observer does not know
        that catalogue.
        """
        return None if self.expected is None else self.expected == found.foundation.catalogue
