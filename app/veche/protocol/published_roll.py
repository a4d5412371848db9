"""The published roll: read from the parts that officials have published (PROTOCOL §3, Roll).

After every part the roll can be read anew. The first reading that gives the poll's root is the
roll. So whatever is published later takes it from nobody.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import suppress
from typing import Final, NamedTuple

from veche.errors import IncompleteRoll, InvalidRoll
from veche.errors.amounts import counted
from veche.protocol.entries import ROW, PackedEntries, weight_of_row
from veche.protocol.roll import Roll

MAX_READINGS: Final = 16
"""Maximum readings whose root is computed, before the newest of all: a root costs seconds for a
long roll.
"""


class Part(NamedTuple):
    """A part of a roll, as it was published.

    Attributes:
        first: the place of its first entry on the roll, from 0.
        entries: pairs of an address and a weight.
    """

    first: int
    entries: Sequence[tuple[str, int]]


def read(parts: Iterable[Part], *, root: bytes, total_weight: int) -> Roll:
    """The roll of a poll, by the first reading that gives its root.

    Args:
        parts: what was published, in order.
        root: the Merkle root in the poll's definition, 32 bytes.
        total_weight: the total weight in the poll's definition.

    Raises:
        IncompleteRoll: no reading gives a roll with this root.
    """
    reading, tried = _Reading(total_weight), 0
    for part in parts:
        is_new = reading.take(part)
        if is_new and reading.is_whole and tried < MAX_READINGS:
            tried += 1
            with suppress(InvalidRoll):
                roll = Roll(reading.entries)
                if roll.root == root:
                    return roll
    return _required(reading.entries, root)


def newest(parts: Iterable[Part], *, total_weight: int) -> PackedEntries:
    """The entries of the newest reading.

    Args:
        parts: what was published, in order.
        total_weight: the total weight in the poll's definition.
    """
    reading = _Reading(total_weight)
    for part in parts:
        reading.take(part)
    return reading.entries


class _Reading:
    """What the parts so far give: of two entries at one place the later, from place 0 on, without a
    gap, up to the entry that reaches the total weight.
    """

    def __init__(self, total_weight: int) -> None:
        self._total = total_weight
        self._rows = bytearray()
        self._there = PackedEntries(self._rows)  # from place 0 on, up to the first gap
        self._ahead: dict[int, bytes] = {}  # behind the gap
        self._count = self._weight = 0

    @property
    def entries(self) -> PackedEntries:
        """Its entries, in the order of their places."""
        return PackedEntries(bytes(self._rows[: self._count * ROW]))

    @property
    def is_whole(self) -> bool:
        """Whether it has the total weight."""
        return self._weight == self._total

    def take(self, part: Part) -> bool:
        """Takes in one more part; whether that gives another reading."""
        before, is_new = self._count, False
        for place, row in enumerate(PackedEntries.of(part.entries).rows(), start=part.first):
            if place < before and row != self._there.row(place):
                self._weight += weight_of_row(row) - self._there.weight(place)
                is_new = True
            self._put(place, row)
        self._end()
        return is_new or self._count != before

    def _put(self, place: int, row: bytes) -> None:
        if place > len(self._there):
            self._ahead[place] = row
        else:
            self._rows[place * ROW : (place + 1) * ROW] = row
            while (following := self._ahead.pop(len(self._there), None)) is not None:
                self._rows += following

    def _end(self) -> None:
        """Ends at the first entry that reaches the total weight, or before the first gap."""
        while self._count and self._weight - self._there.weight(self._count - 1) >= self._total:
            self._count -= 1
            self._weight -= self._there.weight(self._count)
        while self._weight < self._total and self._count < len(self._there):
            self._weight += self._there.weight(self._count)
            self._count += 1


def _required(entries: PackedEntries, root: bytes) -> Roll:
    """The roll of the newest reading.

    Raises:
        IncompleteRoll: the entries do not give this root.
    """
    if not entries:
        raise IncompleteRoll("no entry of the roll is published yet")
    try:
        roll = Roll(entries)
    except InvalidRoll as error:
        raise IncompleteRoll(f"the published entries are not a roll: {error}") from error
    if roll.root == root:
        return roll
    voters = counted(len(roll), "voter")
    raise IncompleteRoll(
        f"the published entries, {voters} with weight {roll.total_weight}, are not the poll's roll:"
        f" their root is 0x{roll.root.hex()}, and the poll's is 0x{root.hex()}"
    )
