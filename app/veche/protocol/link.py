"""A poll's link: one line by which a voter finds a poll, and knows that it is the right one."""

from __future__ import annotations

import re
from typing import Final, NamedTuple
from urllib.parse import unquote

from veche.errors import InvalidDocument, WrongPoll
from veche.protocol import addresses
from veche.protocol.definition import PollDefinition

SCHEME: Final = "veche:"
"""The beginning of every link."""

_FORM: Final = re.compile(
    r"veche:0x([0-9a-f]{40})@([0-9]{1,18})#0x([0-9a-f]{64})", re.ASCII | re.IGNORECASE
)
_HASH: Final = re.compile("(?:0x)?[0-9a-fA-F]{64}")
_MEANT: Final = re.compile(r"veche:|0x[0-9a-f]{40}@", re.ASCII | re.IGNORECASE)
_EXAMPLE: Final = "veche:0x5FbDB2315678afecb367f032d93F642f64180aa3@1#0x… with 64 digits at the end"
_AROUND: Final = "<>()[]{}\"'`“”„‘’«».,;!?\u200b\u200e\u200f\u2060\ufeff"
"""What a text or a program puts around a link."""
_SHOWN: Final = 200
"""Maximum characters of a text that a message repeats."""


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


def expected(named: str, told: bytes | None) -> bytes | None:
    """The poll hash that somebody was told: with a link, or apart from it.

    Args:
        named: a link, or whatever else a poll is named by.
        told: the hash that was told apart; None if none was.

    Raises:
        WrongPoll: both were told, and they differ.
        InvalidDocument: the link is not well formed.
    """
    if not is_meant(named):
        return told
    own = parse(named).poll_hash
    if told not in (None, own):
        raise WrongPoll(f"the link is to poll 0x{own.hex()}, but you were told of 0x{told.hex()}")
    return own


def of(definition: PollDefinition) -> Link:
    """The link of a poll."""
    return Link(definition.address, definition.chain_id, definition.hash)


def is_meant(text: str) -> bool:
    """Whether a text begins as a link does, so that nothing else can be meant."""
    return _MEANT.match(_bare(text)) is not None


def parse(text: str) -> Link:
    """The link in a text of the form veche:ADDRESS@CHAIN#POLLHASH.

    Mail and browsers change links: capitals, %23 in place of #, a line break within, and brackets
    or a full stop around it are understood.

    Raises:
        InvalidDocument: the text has another form, or the checksum of the address is wrong.
    """
    found = _FORM.fullmatch(_bare(text))
    if found is None:
        raise InvalidDocument(f"{text[:_SHOWN]!r} is no link to a poll. A link is {_EXAMPLE}")
    address = addresses.checked(f"0x{found[1]}")
    if address is None:
        raise InvalidDocument(f"in the link, a digit of the address 0x{found[1]} is wrong")
    return Link(address, int(found[2]), bytes.fromhex(found[3]))


def poll_hash(text: str) -> bytes:
    """The poll hash in a text: 64 hexadecimal digits, with or without 0x.

    Raises:
        InvalidDocument: the text has another form.
    """
    if not _HASH.fullmatch(text):
        shown = repr(text[:_SHOWN])
        raise InvalidDocument(f"{shown} is not a poll hash: 0x and 64 hexadecimal digits")
    return bytes.fromhex(text.removeprefix("0x"))


def _bare(text: str) -> str:
    """A text without blanks and line breaks, and without what is around a link."""
    return "".join(unquote(text).split()).strip(_AROUND)
