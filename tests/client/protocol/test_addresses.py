"""Addresses as people write them."""

from __future__ import annotations

import pytest

from veche.protocol import addresses

ADDRESS = "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed"


@pytest.mark.parametrize("text", [ADDRESS, ADDRESS.lower(), "0x" + ADDRESS[2:].upper()])
def test_address_gets_its_checksum(text: str) -> None:
    assert addresses.checked(text) == ADDRESS


@pytest.mark.parametrize(
    "text", [ADDRESS[:-1], ADDRESS[2:], ADDRESS[:-1] + "c", ADDRESS.swapcase(), "trees", ""]
)
def test_mistyped_address_is_none(text: str) -> None:
    assert addresses.checked(text) is None
