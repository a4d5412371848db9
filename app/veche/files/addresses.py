"""Addresses as people write them."""

from __future__ import annotations

import re
from typing import Final

from eth_utils.address import is_checksum_formatted_address, to_checksum_address

from veche.files.mistakes import quoted

ADDRESS: Final = re.compile(r"0x[0-9a-fA-F]{40}")
"""The form of an address."""


def address_fault(address: str) -> tuple[str, str] | None:
    """What is wrong with an address, and the remedy; None where nothing is.

    All digits in lower case, or all in upper case, is an address without checksum: that is
    accepted, what has both must have them where the checksum has.
    """
    if not ADDRESS.fullmatch(address):
        return f"{quoted(address)} is not an address", "write 0x and 40 hexadecimal digits"
    if is_checksum_formatted_address(address) and to_checksum_address(address) != address:
        what = f"the checksum of {address} is wrong: a digit was mistyped"
        return what, "copy the address again from where it comes from"
    return None
