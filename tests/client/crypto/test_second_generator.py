"""H is what the protocol derives, and nothing that somebody chose."""

from __future__ import annotations

from itertools import count

from eth_hash.auto import keccak

from support import reference_group
from veche.crypto.group import N
from veche.crypto.second_generator import H


def test_second_generator_is_derived_as_the_protocol_says() -> None:
    tag = keccak(b"veche/v2/second generator")
    for i in count():
        x = int.from_bytes(keccak(tag + i.to_bytes(32, "big")), "big")
        if 0 < x < N and (point := reference_group.lift(x)) is not None:
            assert (H.x, H.y) == point.words
            assert point.y % 2 == 0
            return
