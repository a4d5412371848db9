"""The name of a ballot (PROTOCOL §3, Casting)."""

from __future__ import annotations

from collections.abc import Sequence

from veche.crypto import transcript
from veche.crypto.elgamal import Ciphertext


def tracker_of(
    poll_hash: bytes,
    ciphertexts: Sequence[Ciphertext],
    *,
    voter: str,
    weight: int,
    replaces: bytes,
) -> bytes:
    """The tracker of a ballot, 32 bytes.

    Args:
        poll_hash: the hash of its poll, 32 bytes.
        ciphertexts: one for every choice.
        voter: the voter's address.
        weight: the voter's weight on the roll.
        replaces: the tracker of the ballot that this one replaces, 32 bytes, or zeros.
    """
    return transcript.tracker(
        poll_hash,
        voter=int(voter, 16),
        weight=weight,
        replaces=replaces,
        ciphertexts=[each.pair for each in ciphertexts],
    )
