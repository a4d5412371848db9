"""A poll's link: one line by which a voter finds a poll, and knows that it is the right one."""

from __future__ import annotations

import re
from typing import NamedTuple

from veche.errors import InvalidDocument
from veche.protocol import addresses
from veche.protocol.definition import PollDefinition

SCHEME = "veche:"
"""The beginning of every link."""


class Link(NamedTuple):
    """The parts of a link.

    Attributes:
        address: the poll's address.
        chain_id: the id of its chain.
        poll_hash: the hash of everything that defines it, 32 bytes.
    """

    address: str
    chain_id: int
    poll_hash: bytes

    def __str__(self) -> str:
        return f"{SCHEME}{self.address}@{self.chain_id}#0x{self.poll_hash.hex()}"


def of(definition: PollDefinition) -> Link:
    """The link of a poll."""
    return Link(definition.address, definition.chain_id, definition.hash)


def parse(text: str) -> Link:
    """The link in a text of the form veche:ADDRESS@CHAIN#POLLHASH.

    Raises:
        InvalidDocument: the text has another form, or the checksum of the address is wrong.
    """
    found = re.fullmatch(r"veche:(0x[0-9a-fA-F]{40})@([0-9]{1,18})#0x([0-9a-f]{64})", text)
    address = addresses.checked(found[1]) if found else None
    if found is None or address is None:
        raise InvalidDocument(f"{text!r} is not a poll's link: veche:ADDRESS@CHAIN#POLLHASH")
    return Link(address, int(found[2]), bytes.fromhex(found[3]))
