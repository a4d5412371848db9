"""Addresses as people write them: 0x and 40 hexadecimal digits, whose case is a checksum."""

from __future__ import annotations

from eth_utils.address import is_checksum_formatted_address, is_hex_address, to_checksum_address


def checked(text: str) -> str | None:
    """An address with its checksum; None where it is none, or its checksum is wrong. One that is
    all in lower or all in upper case has no checksum.
    """
    if not text.startswith("0x") or not is_hex_address(text):
        return None
    checksummed = str(to_checksum_address(text))
    return None if is_checksum_formatted_address(text) and text != checksummed else checksummed
