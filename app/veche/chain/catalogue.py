"""The official register of polls on chain."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from veche.chain import arguments
from veche.chain.catalogue_contract import INTERFACE, CatalogueContract
from veche.chain.node import Block, Node
from veche.chain.pending import OnSent, Receipt
from veche.chain.transactions import Sender
from veche.crypto.questions import Questions
from veche.errors import InvalidDocument, UnknownContract, WrongPoll
from veche.protocol.board import BoardTerms
from veche.protocol.characters import is_readable
from veche.protocol.texts import MAX_NAME_BYTES

PAGE: Final = 100
"""Maximum ids or versions that are asked for at once."""
MOST_LISTED: Final = 100_000
"""Maximum ids, or versions of an id, of a catalogue: each costs a transaction."""


@dataclass(frozen=True, slots=True)
class PollTerms:
    """What officials publish a poll with, beside its texts.

    Attributes:
        board: the address of the board of trustees.
        roll_root: the Merkle root of the electoral roll, 32 bytes.
        total_weight: the sum of all weights on the roll.
        opens: seconds since 1970.
        closes: seconds since 1970.
        min_voters: the fewest voters that a result is computed for.
        questions: what voters may give.
    """

    board: str
    roll_root: bytes
    total_weight: int
    opens: int
    closes: int
    min_voters: int
    questions: Questions

    @property
    def argument(self) -> list[Any]:
        """The terms as an argument of the contract."""
        return [
            self.board,
            self.roll_root,
            self.total_weight,
            self.opens,
            self.closes,
            self.min_voters,
            self.questions.limits,
        ]


class Catalogue:
    """A catalogue on chain.

    Attributes:
        node: the node that shows it.
        address: the catalogue's address.
        contract: the catalogue's contract.

    Raises:
        UnknownContract: the contract at the address is not a catalogue of Veche.
        NodeBehind: the node is syncing, and has no contract at the address yet.
    """

    def __init__(self, node: Node, address: str, *, block: Block = "latest") -> None:
        self.node = node
        self.address = address
        self.contract = CatalogueContract(node, address, block=block)
        self.contract.require_published()

    def __repr__(self) -> str:
        return f"Catalogue({self.address!r})"

    # -- Reads --

    @property
    def owner(self) -> str:
        """The address that acts for the officials."""
        return str(self.contract.read("owner"))

    def ids(self) -> Iterator[str]:
        """The official ids, in the order of their first versions."""
        yield from map(id_text, self._paged(self.contract.read("pollCount"), "ids"))

    def versions(self, id_: str) -> list[str]:
        """The addresses of a poll's versions, the newest last; empty if no poll has the id."""
        key = id_bytes(id_)
        count = self.contract.read("versionCount", key)
        return [str(each) for each in self._paged(count, "versions", key)]

    def _paged(self, count: int, method: str, *args: Any) -> Iterator[Any]:  # noqa: ANN401  # as the ABI has it
        """What a method lists page by page; it ends at a page that is not full.

        Raises:
            UnknownContract: the count is larger than that of any catalogue.
        """
        if count > MOST_LISTED:
            raise UnknownContract(f"no catalogue of Veche lists {count} {method}")
        for first in range(0, count, PAGE):
            page = self.contract.read(method, *args, first, PAGE)
            yield from page
            if len(page) < min(PAGE, count - first):
                return

    def require_made(self, poll: str) -> None:
        """Refuses a poll that this catalogue did not make.

        Args:
            poll: the poll's address.

        Raises:
            WrongPoll: the catalogue does not know the poll.
        """
        if not self.contract.read("isOfficial", poll):
            raise WrongPoll(f"the catalogue at {self.address} did not make the poll at {poll}")

    # -- Officials --

    def convene(self, terms: BoardTerms, sender: Sender, *, on_sent: OnSent | None = None) -> str:
        """Creates a board of trustees, and returns its address.

        Args:
            terms: what the board is convened with.
            sender: sends the transaction; it must own the catalogue.
            on_sent: gets the transaction's hash first, so that it can be noted.

        Raises:
            Refused: no board can have such terms, or the sender does not own the catalogue.
        """
        receipt = self._send(sender, on_sent, "convene", arguments.board_terms(terms))
        board = convened(receipt)
        if board is None:
            raise UnknownContract(f"the catalogue at {self.address} convened no board")
        return board

    def publish(
        self,
        id_: str,
        terms: PollTerms,
        content: str,
        sender: Sender,
        *,
        on_sent: OnSent | None = None,
    ) -> str:
        """Publishes a poll as the newest version of its id, and returns its address.

        Args:
            id_: the official id.
            terms: what the poll is published with.
            content: the poll's texts, as one JSON document.
            sender: sends the transaction; it must own the catalogue.
            on_sent: gets the transaction's hash first, so that it can be noted.

        Raises:
            InvalidDocument: the id is empty or too long.
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
        """Publishes a part of a poll's roll.

        Args:
            id_: the official id.
            version: the version of the poll, from 0.
            first: the place of the first entry on the roll, from 0.
            entries: voters and weights, in the order of the roll.
            sender: sends the transaction; it must own the catalogue.
            on_sent: gets the transaction's hash first, so that it can be noted.

        Raises:
            OwnableUnauthorizedAccount: the sender does not own the catalogue.
            UnknownVersion: the poll has no such version.
        """
        plain = [list(each) for each in entries]
        return self._send(sender, on_sent, "publishRoll", id_bytes(id_), version, first, plain)

    def cancel(
        self, id_: str, version: int, sender: Sender, *, on_sent: OnSent | None = None
    ) -> Receipt:
        """Cancels a version before anybody has voted.

        Raises:
            HasBallots: somebody has voted.
            OwnableUnauthorizedAccount: the sender does not own the catalogue.
            UnknownVersion: the poll has no such version.
        """
        return self._send(sender, on_sent, "cancel", id_bytes(id_), version)

    def _send(self, sender: Sender, on_sent: OnSent | None, method: str, *args: Any) -> Receipt:  # noqa: ANN401
        return sender.send(self.address, INTERFACE.data(method, *args), on_sent=on_sent)


def convened(receipt: Receipt) -> str | None:
    """The address of the board that a transaction has convened; None if it has convened none."""
    found = next(INTERFACE.events("BoardConvened", receipt.logs), None)
    return str(found.values["board"]) if found else None


def id_bytes(id_: str) -> bytes:
    """An official id as the contract has it, 32 bytes.

    Args:
        id_: a text, or 0x and 64 hexadecimal digits.

    Raises:
        InvalidDocument: the text is empty, or longer than MAX_NAME_BYTES in UTF-8.
    """
    if re.fullmatch("0x[0-9a-fA-F]{64}", id_):
        return bytes.fromhex(id_[2:])
    encoded = id_.encode(errors="surrogatepass")
    if not 1 <= len(encoded) <= MAX_NAME_BYTES:
        raise InvalidDocument(f"the id {id_!r} must have 1 to {MAX_NAME_BYTES} bytes")
    return encoded.ljust(32, b"\0")


def id_text(id_: bytes) -> str:
    """An official id as people write it: its text; or 0x and digits, if it is not a text."""
    try:
        text = id_.rstrip(b"\0").decode()
    except UnicodeDecodeError:
        text = ""
    is_plain = is_readable(text) and 1 <= len(text.encode()) <= MAX_NAME_BYTES
    return text if is_plain and id_bytes(text) == id_ else "0x" + id_.hex()
