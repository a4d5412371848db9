"""The sentence on the decryption shares of a poll."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from veche.protocol.tally import shares_text


@pytest.mark.parametrize(
    ("received", "said"),
    [
        ([], "0 of 2 decryption shares are there"),
        ([3], "1 of 2 decryption shares are there (of trustee 3)"),
        ([3, 1], "2 of 2 decryption shares are there (of trustees 3, 1)"),
        ([3, 1, 2], "3 decryption shares are there, 2 were needed (of trustees 3, 1, 2)"),
    ],
)
def test_more_shares_than_needed_are_no_fraction(received: Sequence[int], said: str) -> None:
    assert shares_text(received, 2) == said
