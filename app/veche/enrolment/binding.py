"""Bindings: a code's key and a voter's key say together that they belong together
(docs/enrolment.md §3).
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Final

from eth_account.messages import SignableMessage
from eth_account.signers.local import LocalAccount

from veche.enrolment.typed_data import message, require_signed
from veche.errors import InvalidDocument, StaleBinding
from veche.protocol import plain
from veche.protocol.plain import Form
from veche.protocol.signature import Signature, sign

ID: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,30}")
"""The form of an enrolment's id: it stands in URLs, in file names and on paper."""
MOST: Final = 100
"""Maximum sequence number: how often a code can be bound."""
MAX_BYTES: Final = 4_096
"""Maximum bytes of a binding's document."""


@dataclass(frozen=True, slots=True)
class Binding:
    """A voter's address, bound to a code. It holds no secret: anyone may hand it in.

    Attributes:
        enrolment: the id of the enrolment.
        code: the address of the code's key, with its checksum.
        voter: the voter's address, with its checksum.
        sequence: 1 for a code's first binding; the largest number counts.
        code_signature: the signature of the code's key.
        voter_signature: the signature of the voter's key.
    """

    enrolment: str
    code: str
    voter: str
    sequence: int
    code_signature: Signature
    voter_signature: Signature

    @classmethod
    def make(
        cls, enrolment: str, *, code: LocalAccount, voter: LocalAccount, sequence: int = 1
    ) -> Binding:
        """The binding of a voter to a code.

        Args:
            enrolment: the id of the enrolment.
            code: the code's key.
            voter: the voter's key.
            sequence: one more than that of the code's newest binding.
        """
        signable = signed_message(enrolment, code.address, voter.address, sequence)
        signatures = sign(code, signable), sign(voter, signable)
        return cls(enrolment, code.address, voter.address, sequence, *signatures)

    def require_signed(self) -> None:
        """Refuses a binding that its code's key or its voter's key has not signed.

        Raises:
            NotSignedBy: one of the signatures is another's or for something else.
        """
        signable = signed_message(self.enrolment, self.code, self.voter, self.sequence)
        require_signed(self.code, signable, self.code_signature)
        require_signed(self.voter, signable, self.voter_signature)

    def require_newer(self, newest: int) -> None:
        """Refuses a binding that would replace one with the same number or a larger one.

        Args:
            newest: the number of the code's newest binding; 0 if it has none.

        Raises:
            StaleBinding: the code has a binding with this number or a larger one.
        """
        if self.sequence <= newest:
            raise StaleBinding(self.code, self.sequence, newest)

    def to_json(self) -> str:
        """The binding as a JSON document."""
        fields = {
            "enrolment": self.enrolment,
            "code": self.code,
            "voter": self.voter,
            "sequence": self.sequence,
            "codeSignature": plain.data(self.code_signature.encoded),
            "voterSignature": plain.data(self.voter_signature.encoded),
        }
        return json.dumps(fields)

    @classmethod
    def from_json(cls, text: str) -> Binding:
        """The binding in a JSON document. Its signatures are not checked.

        Raises:
            InvalidDocument: the document is not that of a binding.
        """
        if len(text) > MAX_BYTES:
            raise InvalidDocument(f"a binding has at most {MAX_BYTES:,} characters")
        return cls.from_form(Form.parse(text, what="binding"))

    @classmethod
    def from_form(cls, form: Form) -> Binding:
        """The binding in a JSON object; raises as `from_json`."""
        sequence = form.number("sequence", most=MOST)
        if not sequence:
            raise InvalidDocument("binding: sequence is not a number from 1")
        return cls(
            enrolment_id(form.text("enrolment")),
            form.address("code"),
            form.address("voter"),
            sequence,
            Signature.from_encoded(form.blob("codeSignature")),
            Signature.from_encoded(form.blob("voterSignature")),
        )


def signed_message(enrolment: str, code: str, voter: str, sequence: int) -> SignableMessage:
    """What both keys sign, by EIP-712: it binds this voter to this code alone.

    Args:
        enrolment: the id of the enrolment.
        code: the address of the code's key.
        voter: the voter's address.
        sequence: the binding's number.
    """
    keys = (bytes.fromhex(each[2:]) for each in (code, voter))
    return message("Binding", (enrolment, *keys, sequence))


def enrolment_id(text: str) -> str:
    """A text, if it is the id of an enrolment.

    Raises:
        InvalidDocument: the text has another form.
    """
    if not ID.fullmatch(text):
        raise InvalidDocument(
            "an enrolment's id has 1 to 31 letters from a to z, digits and dashes, and begins with "
            "a letter or a digit"
        )
    return text
