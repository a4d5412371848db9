"""Keccak-256 against another library's, at every length around the hash's own block."""

from __future__ import annotations

import pytest
from Crypto.Hash import keccak as other

from veche.crypto.keccak import keccak

BLOCK = 136
"""Bytes that are absorbed at once."""


@pytest.mark.parametrize("length", [0, 1, 32, 64, *range(BLOCK - 2, BLOCK + 3), 2 * BLOCK, 5_000])
def test_hash_is_that_of_another_library(length: int) -> None:
    data = bytes(each % 251 for each in range(length))
    assert keccak(data) == other.new(digest_bits=256, data=data).digest()
