"""Code lists: what officials tell the service of an enrolment (docs/enrolment.md §4).

A list says which codes are valid. It names no person, no id and no weight, and its order tells
nothing.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Final

from eth_account.messages import SignableMessage
from eth_account.signers.local import LocalAccount
from eth_utils.address import to_checksum_address

from veche.enrolment.binding import enrolment_id
from veche.enrolment.typed_data import message
from veche.errors import EnrolmentClosed, InvalidDocument, OldEdition
from veche.protocol import plain
from veche.protocol.characters import is_readable
from veche.protocol.plain import Form
from veche.protocol.signature import Signature, digest_of, sign, signer

MAX_EDITION: Final = 2**64 - 1
MAX_TITLE: Final = 200
"""Maximum characters of a title."""
MAX_CODES: Final = 1_000_000
_ADDRESS: Final = 20
"""Bytes of an address."""


@dataclass(frozen=True, slots=True)
class CodeList:
    """The codes that are valid, signed by an official.

    Attributes:
        enrolment: the id of the enrolment.
        title: what voters are shown, on one line.
        edition: the largest number counts.
        until: the last second in which a code can be bound, since 1970.
        codes: the addresses of all valid codes, 20 bytes each, in ascending order.
        signature: the official's signature.
    """

    enrolment: str
    title: str
    edition: int
    until: int
    codes: tuple[bytes, ...]
    signature: Signature

    @classmethod
    def make(
        cls,
        enrolment: str,
        *,
        title: str,
        edition: int,
        until: int,
        codes: Iterable[str],
        official: LocalAccount,
    ) -> CodeList:
        """The list that an official signs.

        Args:
            enrolment: the id of the enrolment.
            title: what voters are shown.
            edition: one more than that of the list before.
            until: the last second in which a code can be bound, since 1970.
            codes: the addresses of all valid codes.
            official: the official's key.
        """
        listed = tuple(sorted(bytes.fromhex(each[2:]) for each in codes))
        parts = enrolment, title, edition, until, listed
        return cls(*parts, sign(official, signed_message(*parts)))

    @property
    def official(self) -> str:
        """The address of the key that has signed the list; the address zero if none has."""
        parts = self.enrolment, self.title, self.edition, self.until, self.codes
        return signer(digest_of(signed_message(*parts)), self.signature)

    @property
    def addresses(self) -> list[str]:
        """The addresses of all valid codes, with their checksums."""
        return [str(to_checksum_address(each)) for each in self.codes]

    def is_what_was_signed(self, edition: int, signature: bytes, official: str) -> bool:
        """Whether an official has signed this very list.

        Args:
            edition: the edition of what was signed.
            signature: the official's signature, r and vs.
            official: the official's address.
        """
        signed = Signature.from_encoded(signature)
        return self.edition == edition and replace(self, signature=signed).official == official

    def require_newer(self, newest: int) -> None:
        """Refuses a list of an older edition than the newest, or of the same.

        Raises:
            OldEdition: a list with this number or a larger one was taken before.
        """
        if self.edition <= newest:
            raise OldEdition(self.edition, newest)

    def to_json(self) -> str:
        """The list as a JSON document."""
        fields = {
            "enrolment": self.enrolment,
            "title": self.title,
            "edition": self.edition,
            "until": self.until,
            "codes": plain.data(b"".join(self.codes)),
            "signature": plain.data(self.signature.encoded),
        }
        return json.dumps(fields)

    @classmethod
    def from_json(cls, text: str) -> CodeList:
        """The list in a JSON document. Who has signed it is not checked.

        Raises:
            InvalidDocument: the document is not that of a code list.
        """
        form = Form.parse(text, what="code list")
        return cls(
            enrolment_id(form.text("enrolment")),
            require_title(form.text("title")),
            form.number("edition", most=MAX_EDITION),
            form.number("until", most=MAX_EDITION),
            _codes(form.blob("codes")),
            Signature.from_encoded(form.blob("signature")),
        )


def signed_message(
    enrolment: str, title: str, edition: int, until: int, codes: tuple[bytes, ...]
) -> SignableMessage:
    """What an official signs, by EIP-712."""
    return message("CodeList", (enrolment, title, edition, until, list(codes)))


def require_open(until: int, *, now: int) -> None:
    """Refuses whatever comes after the end of an enrolment.

    Args:
        until: the last second in which a code can be bound, since 1970.
        now: the time, in seconds since 1970.

    Raises:
        EnrolmentClosed: the time is over.
    """
    if now > until:
        raise EnrolmentClosed(until)


def require_title(text: str) -> str:
    """A text, if it is the title of an enrolment.

    Raises:
        InvalidDocument: the text is empty, too long, or cannot be shown on one line.
    """
    if not text.strip() or not is_readable(text) or len(text) > MAX_TITLE:
        raise InvalidDocument(f"a title is a line of 1 to {MAX_TITLE} characters")
    return text


def _codes(data: bytes) -> tuple[bytes, ...]:
    """The addresses in a row of bytes: as one list has one form, two lists never look alike."""
    if len(data) % _ADDRESS or len(data) > MAX_CODES * _ADDRESS:
        raise InvalidDocument(f"code list: codes are not up to {MAX_CODES:,} addresses")
    found = tuple(data[each : each + _ADDRESS] for each in range(0, len(data), _ADDRESS))
    if any(first >= second for first, second in pairwise(found)):
        raise InvalidDocument("code list: codes are not in ascending order, each once")
    return found
