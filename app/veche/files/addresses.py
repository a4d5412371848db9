"""Addresses as people write them."""

from __future__ import annotations

from veche.files.mistakes import quoted
from veche.protocol import addresses


def address_fault(address: str) -> tuple[str, str] | None:
    """What is wrong with an address, and the remedy; None where nothing is.

    All digits in lower case, or all in upper case, is an address without checksum: that is
    accepted, what has both must have them where the checksum has.
    """
    if not addresses.has_form(address):
        return f"{quoted(address)} is not an address", "write 0x and 40 hexadecimal digits"
    if addresses.checked(address) is None:
        what = f"the checksum of {address} is wrong: a digit was mistyped"
        return what, "copy the address again from where it comes from"
    return None
