"""Only whole words are hashed."""

from __future__ import annotations

import pytest

from veche.crypto import transcript
from veche.errors import InvalidWord


@pytest.mark.parametrize("part", [-1, 2**256, bytes(31), bytes(33), b""])
def test_hash_fails_if_a_part_is_no_word(part: int | bytes) -> None:
    with pytest.raises(InvalidWord, match="word"):
        transcript.digest("tracker", part)
