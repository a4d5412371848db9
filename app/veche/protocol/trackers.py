"""Trackers: the names of ballots, 32 bytes each (PROTOCOL §3).

A tracker is None here where no ballot is named; contracts, signatures and documents have zeros.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from veche.crypto import transcript
from veche.crypto.elgamal import Ciphertext

NO_BALLOT: Final = bytes(32)
"""The word that stands for no ballot."""


def of(
    poll_hash: bytes,
    *,
    voter: str,
    weight: int,
    replaces: bytes | None,
    ciphertexts: Sequence[Ciphertext],
) -> bytes:
    """The tracker of a ballot.

    Args:
        poll_hash: the hash of its poll's definition, 32 bytes.
        voter: the voter's address.
        weight: the voter's weight on the roll.
        replaces: the tracker of the ballot that it replaces; None for a voter's first.
        ciphertexts: one for every choice.
    """
    return transcript.tracker(
        poll_hash,
        voter=int(voter, 16),
        weight=weight,
        replaces=word(replaces),
        ciphertexts=[each.pair for each in ciphertexts],
    )


def place(poll_hash: bytes, *, voter: str, replaces: bytes | None) -> bytes:
    """The hash of a ballot's place, 32 bytes: its poll, its voter, the ballot that it replaces. The
    randomness of its ciphertexts is bound to it (PROTOCOL §1).
    """
    return transcript.statement_hash(poll_hash, int(voter, 16), word(replaces))


def word(tracker: bytes | None) -> bytes:
    """The word that stands for a tracker, or for no ballot."""
    return NO_BALLOT if tracker is None else tracker


def from_word(value: bytes) -> bytes | None:
    """The tracker that a word of 32 bytes stands for; None if it stands for no ballot."""
    return None if value == NO_BALLOT else value
