"""Addresses as people write them."""

from __future__ import annotations

import pytest
from eth_utils.address import to_checksum_address
from hypothesis import given
from hypothesis import strategies as st

from veche.errors import InvalidDocument
from veche.protocol import addresses

ADDRESS = "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed"


@pytest.mark.parametrize("text", [ADDRESS, ADDRESS.lower(), "0x" + ADDRESS[2:].upper()])
def test_address_gets_its_checksum(text: str) -> None:
    assert addresses.checked(text) == ADDRESS


@pytest.mark.parametrize(
    "text", [ADDRESS[:-1], ADDRESS[2:], ADDRESS[:-1] + "c", ADDRESS.swapcase(), "trees", ""]
)
def test_mistyped_address_is_none_and_is_refused(text: str) -> None:
    with pytest.raises(InvalidDocument, match="a digit was mistyped"):
        addresses.parse(text)
    assert addresses.checked(text) is None


@given(st.binary(min_size=20, max_size=20))
def test_checksum_is_that_of_the_general_library(value: bytes) -> None:
    expected = to_checksum_address(value)
    assert addresses.of_bytes(value) == expected
    assert addresses.checked(expected) == expected
    swapped = "0x" + expected[2:].swapcase()
    is_one_case = expected[2:] in (expected[2:].lower(), expected[2:].upper())
    assert (addresses.checked(swapped) is None) != is_one_case


def test_refusal_of_a_long_text_is_short() -> None:
    with pytest.raises(InvalidDocument) as refused:
        addresses.parse("0x" + "1" * 1_000_000)
    assert len(str(refused.value)) < 200


@pytest.mark.parametrize(
    ("text", "meant"), [("0x52", True), ("0X52", True), ("0", False), ("x0", False)]
)
def test_text_that_begins_as_an_address_is_meant_as_one(text: str, *, meant: bool) -> None:
    assert addresses.is_meant(text) is meant
