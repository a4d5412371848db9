"""The card that a trustee gives to the officials: name, account and sealing key (PROTOCOL §2)."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Final

from veche.crypto.group import Point
from veche.errors import InvalidPoint

_COMPRESSED: Final = re.compile(r"0x0[23][0-9a-fA-F]{64}")


@dataclass(frozen=True, slots=True)
class TrusteeCard:
    """A trustee as the officials' `board.toml` names them.

    Attributes:
        name: the trustee's name, which voters are shown.
        account: the address of the trustee's account, with its checksum.
        sealing_key: E_i, a point as from outside.
    """

    name: str
    account: str
    sealing_key: Point

    def to_toml(self) -> str:
        """The lines to paste into `board.toml`."""
        name = json.dumps(self.name, ensure_ascii=False).replace("\x7f", "\\u007f")
        return (
            "[[trustees]]\n"
            f"name = {name}\n"
            f'account = "{self.account}"\n'
            f'sealing_key = "0x{self.sealing_key.compressed.hex()}"\n'
        )


def decompressed(text: str, *, field: str = "") -> Point:
    """The point of a compressed text: 0x02 or 0x03 and 64 hexadecimal digits.

    Raises:
        InvalidPoint: the text has another form, or its point is not accepted from outside.
    """
    if not _COMPRESSED.fullmatch(text):
        reason = "a compressed point is 0x02 or 0x03 and 64 hexadecimal digits"
        raise InvalidPoint(0, 0, field=field, reason=reason)
    return Point.from_compressed(bytes.fromhex(text[2:]), field=field)
