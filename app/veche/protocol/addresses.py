"""Addresses as people write them: 0x and 40 hexadecimal digits. Their case is a checksum."""

from __future__ import annotations

from functools import lru_cache

from eth_utils.address import is_checksum_formatted_address, is_hex_address, to_checksum_address


def has_form(text: str) -> bool:
    """Whether a text is 0x and 40 hexadecimal digits."""
    return text.startswith("0x") and is_hex_address(text)


@lru_cache(maxsize=1 << 15)  # a roll and its ballots name the same voters
def checked(text: str) -> str | None:
    """The address in a text, with its checksum; None if it is no address, or the checksum is wrong.

    A text in lower or upper case only has no checksum, and is accepted.
    """
    if not has_form(text):
        return None
    checksummed = str(to_checksum_address(text))
    return None if is_checksum_formatted_address(text) and text != checksummed else checksummed
