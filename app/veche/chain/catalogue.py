"""The official register of polls on chain."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from veche.chain import artifact
from veche.chain.contract import Contract, Interface
from veche.chain.node import Node
from veche.chain.pending import Receipt
from veche.chain.transactions import OnSent, Sender
from veche.crypto.questions import Questions
from veche.errors import InvalidDocument, UnknownContract

INTERFACE: Final = Interface(artifact.load("PollCatalogue"))
PAGE: Final = 100
"""How many ids or versions are asked for at once."""
MAX_ID: Final = 31
"""The most bytes of an official id in UTF-8."""


@dataclass(frozen=True, slots=True)
class PollTerms:
    """What defines a poll that is to be published, beside its texts.

    Attributes:
        board: address.
        roll_root: 32 bytes.
        total_weight: of the roll.
        opens: seconds since 1970.
        closes: seconds since 1970.
        min_ballots: the fewest voters that a result is computed for.
        questions: what voters may give.
    """

    board: str
    roll_root: bytes
    total_weight: int
    opens: int
    closes: int
    min_ballots: int
    questions: Questions

    @property
    def argument(self) -> list[Any]:
        """As the contract takes them."""
        return [
            self.board,
            self.roll_root,
            self.total_weight,
            self.opens,
            self.closes,
            self.min_ballots,
            self.questions.limits,
        ]


class Catalogue:
    """A catalogue on chain.

    Raises:
        UnknownContract: there is no catalogue at the address.
    """

    def __init__(self, node: Node, address: str) -> None:
        self.node = node
        self.address = address
        self.contract = Contract(node, address, INTERFACE)
        self.contract.require_published()

    def __repr__(self) -> str:
        return f"Catalogue({self.address!r})"

    # -- Reads --

    @property
    def owner(self) -> str:
        """The address of who acts for the officials."""
        return str(self.contract.read("owner"))

    def ids(self) -> Iterator[str]:
        """The official ids, in the order of their first version."""
        for first in range(0, self.contract.read("pollCount"), PAGE):
            for each in self.contract.read("ids", first, PAGE):
                yield id_text(each)

    def versions(self, id_: str) -> list[str]:
        """The addresses of a poll's versions, the newest last; none for an id that nobody has."""
        key = id_bytes(id_)
        count = self.contract.read("versionCount", key)
        pages = (
            self.contract.read("versions", key, first, PAGE) for first in range(0, count, PAGE)
        )
        return [str(each) for page in pages for each in page]

    # -- Officials --

    def publish(
        self,
        id_: str,
        terms: PollTerms,
        content: str,
        sender: Sender,
        *,
        on_sent: OnSent | None = None,
    ) -> str:
        """Publishes a poll as the newest version of its id; its address.

        Raises:
            Refused: no poll can have such terms, or the sender does not own the catalogue.
        """
        args = id_bytes(id_), terms.argument, content
        receipt = self._send(sender, on_sent, "publish", *args)
        published = next(INTERFACE.events("PollPublished", receipt.logs), None)
        if published is None:
            raise UnknownContract(f"the catalogue at {self.address} published nothing")
        return str(published.values["poll"])

    def publish_roll(
        self,
        id_: str,
        version: int,
        first: int,
        entries: Sequence[tuple[str, int]],
        sender: Sender,
        *,
        on_sent: OnSent | None = None,
    ) -> Receipt:
        """Publishes a part of a poll's roll: the entries from the place `first`."""
        plain = [list(each) for each in entries]
        return self._send(sender, on_sent, "publishRoll", id_bytes(id_), version, first, plain)

    def cancel(
        self, id_: str, version: int, sender: Sender, *, on_sent: OnSent | None = None
    ) -> Receipt:
        """Withdraws a version that has no ballot yet.

        Raises:
            HasBallots: it has one.
        """
        return self._send(sender, on_sent, "cancel", id_bytes(id_), version)

    def _send(self, sender: Sender, on_sent: OnSent | None, method: str, *args: Any) -> Receipt:  # noqa: ANN401
        return sender.send(self.address, INTERFACE.data(method, *args), on_sent=on_sent)


def deploy(sender: Sender, *, on_sent: OnSent | None = None) -> str:
    """Creates a catalogue that the sender owns; its address."""
    receipt = sender.send(None, INTERFACE.creation(), on_sent=on_sent)
    if receipt.contract is None:
        raise UnknownContract("the node names no address for the catalogue that was created")
    return receipt.contract


def id_bytes(id_: str) -> bytes:
    """An official id as the contract has it: its text in UTF-8, or 0x and 64 hexadecimal digits.

    Raises:
        InvalidDocument: it is empty or too long.
    """
    if re.fullmatch("0x[0-9a-fA-F]{64}", id_):
        return bytes.fromhex(id_[2:])
    encoded = id_.encode()
    if not 1 <= len(encoded) <= MAX_ID:
        raise InvalidDocument(f"the id {id_!r} has not 1 to {MAX_ID} bytes")
    return encoded.ljust(32, b"\0")


def id_text(id_: bytes) -> str:
    """An official id as people write it: its text, or 0x and digits where it is none."""
    try:
        text = id_.rstrip(b"\0").decode()
    except UnicodeDecodeError:
        text = ""
    is_plain = text.isprintable() and 1 <= len(text.encode()) <= MAX_ID
    return text if is_plain and id_bytes(text) == id_ else "0x" + id_.hex()
