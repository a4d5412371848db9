"""The second generator H of PROTOCOL §1, whose logarithm to the base G nobody knows.

Whoever knew it could prove any ballot, unseen. So H is a constant, found by hashing.
"""

from __future__ import annotations

from typing import Final

from veche.crypto.group import Point

H: Final = Point.from_outside(
    0x5B98AB728957777B453716B3DC79F7AE32CE9A930A8C82D899A91FA07CF53481,
    0x11F1CDDFBB3A534D3C2915A607DDFC2143A9A22DE86139FDF83B0D705FFCE80E,
    field="second generator",
)
"""The first x = keccak256(tag "second generator", i), i = 0, 1, …, of a point, with its even y."""
