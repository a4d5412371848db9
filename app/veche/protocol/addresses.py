"""Addresses as people write them: 0x and 40 hexadecimal digits. Their case is a checksum (EIP-55).

A roll has a million of them, and the general library takes ten times as long for each.
"""

from __future__ import annotations

import re
from typing import Final

from veche.crypto.keccak import keccak
from veche.errors import InvalidDocument

BYTES: Final = 20
"""The bytes of an address."""

PREFIX: Final = "0x"
"""The beginning of every address."""
ZERO: Final = PREFIX + "0" * 2 * BYTES
"""The address that nobody has a key for."""
_SHOWN: Final = 80
"""Maximum characters of a text that a message repeats."""
_FORM: Final = re.compile("0x[0-9a-fA-F]{40}")
_DIGITS: Final = b"0123456789abcdef"
_CASE: Final = ord("a") - ord("A")
"""The bit that a small letter has, and its capital does not."""
_WHERE_HIGH: Final = bytes.maketrans(_DIGITS, bytes([0] * 8 + [_CASE] * 8))
_WHERE_LETTER: Final = bytes.maketrans(_DIGITS, bytes([0] * 10 + [_CASE] * 6))


def has_form(text: str) -> bool:
    """Whether a text is 0x and 40 hexadecimal digits."""
    return _FORM.fullmatch(text) is not None


def of_bytes(value: bytes) -> str:
    """The address of 20 bytes, with its checksum."""
    return _with_checksum(value.hex())


def checked(text: str) -> str | None:
    """The address in a text, with its checksum; None if it is no address, or the checksum is wrong.

    A text in lower or upper case only has no checksum, and is accepted.
    """
    if not has_form(text):
        return None
    digits = text[2:]
    small = digits.lower()
    checksummed = _with_checksum(small)
    return checksummed if text == checksummed or digits in (small, digits.upper()) else None


def parse(text: str) -> str:
    """The address in a text, with its checksum.

    Raises:
        InvalidDocument: the text is no address, or its checksum is wrong.
    """
    found = checked(text)
    if found is None:
        raise InvalidDocument(f"{text[:_SHOWN]!r} is not an address, or a digit was mistyped")
    return found


def is_meant(text: str) -> bool:
    """Whether a text begins as an address does, so that no name can be meant."""
    return text[: len(PREFIX)].lower() == PREFIX


def _with_checksum(digits: str) -> str:
    """The address with these digits in lower case. A letter is a capital where the hash of all
    digits has a digit from 8 to f.
    """
    text = digits.encode()
    high = keccak(text).hex()[:40].encode().translate(_WHERE_HIGH)
    capitals = int.from_bytes(high, "big") & int.from_bytes(text.translate(_WHERE_LETTER), "big")
    return "0x" + (int.from_bytes(text, "big") ^ capitals).to_bytes(40, "big").decode()
