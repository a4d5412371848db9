"""Addresses as people write them: 0x and 40 hexadecimal digits, whose case is a checksum."""

from __future__ import annotations

from functools import lru_cache

from eth_utils.address import is_checksum_formatted_address, is_hex_address, to_checksum_address


def has_form(text: str) -> bool:
    """Whether a text is 0x and 40 hexadecimal digits."""
    return text.startswith("0x") and is_hex_address(text)


@lru_cache(maxsize=1 << 15)  # a roll and its ballots name the same voters
def checked(text: str) -> str | None:
    """An address with its checksum; None where it is none, or its checksum is wrong. One that is
    all in lower or all in upper case has no checksum.
    """
    if not has_form(text):
        return None
    checksummed = str(to_checksum_address(text))
    return None if is_checksum_formatted_address(text) and text != checksummed else checksummed
