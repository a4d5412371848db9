"""Addresses as people write them."""

from __future__ import annotations

from veche.files.mistakes import quoted
from veche.protocol import addresses


def address_fault(address: str) -> tuple[str, str] | None:
    """The fault of an address and its remedy; None if it has no fault.

    An address whose letters are all small, or all capital, has no checksum and is accepted. An
    address with both must have them as its checksum says.
    """
    if not addresses.has_form(address):
        return f"{quoted(address)} is not an address", "write 0x and 40 hexadecimal digits"
    if address == addresses.ZERO:
        return "the address zero is nobody's", "write the address of an account"
    if addresses.checked(address) is None:
        what = f"the checksum of {address} is wrong: a digit was mistyped"
        return what, "copy the address again from its source"
    return None
