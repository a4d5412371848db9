"""What a trustee has made, ready for anyone to post. So a trustee needs no ether (PROTOCOL §2)."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, Final

from veche.chain import board_contract, poll_contract
from veche.chain.board_contract import BoardContract
from veche.chain.contract import Interface
from veche.chain.node import Node
from veche.chain.pending import Receipt
from veche.chain.poll_contract import PollContract
from veche.chain.transactions import Sender
from veche.errors import InvalidDocument
from veche.protocol import plain
from veche.protocol.plain import Form

FORMAT: Final = "veche trustee call"
VERSION: Final = 1
CONFIRM_GAS: Final = 8_000_000
"""Gas offered for a confirmation. The last one computes all keys, and any may be the last."""
INTERFACES: Final[dict[str, Interface]] = {
    "deal": board_contract.INTERFACE,
    "confirm": board_contract.INTERFACE,
    "blame": board_contract.INTERFACE,
    "postShare": poll_contract.INTERFACE,
}
"""The methods that trustees' work is for, with the contracts that have them."""
SUBJECT: Final = {"deal": 1, "confirm": 2, "blame": 2, "postShare": 2}
"""The number of each method's first arguments that say what is done. The others prove it, and are
others each time.
"""


@dataclass(frozen=True, slots=True)
class TrusteeCall:
    """A deal, a confirmation, a blame or a decryption share as a call of a contract. Its signature
    or its proof shows who made it, and it holds no secret.

    Attributes:
        chain_id: the id of the contract's chain.
        contract: the address of the board, or of the poll.
        method: the method's name, one of INTERFACES.
        data: the data of the call.
    """

    chain_id: int
    contract: str
    method: str
    data: bytes

    @classmethod
    def of(cls, node: Node, contract: str, method: str, *args: Any) -> TrusteeCall:  # noqa: ANN401
        """The call of a method with these arguments."""
        return cls(node.chain_id, contract, method, INTERFACES[method].data(method, *args))

    def send(self, sender: Sender) -> Receipt:
        """Posts it. If the sender has posted the same before, and no block holds that yet, it is
        followed.

        Raises:
            WrongNetwork: the sender's node is on another chain.
            UnknownContract: the contract at the address is not a board or a poll of Veche.
            Refused: the contract refuses it.
        """
        sender.node.require_chain(self.chain_id)
        is_for_poll = INTERFACES[self.method] is poll_contract.INTERFACE
        (PollContract if is_for_poll else BoardContract)(
            sender.node, self.contract
        ).require_published()
        gas = CONFIRM_GAS if self.method == "confirm" else None
        return sender.send(self.contract, self.data, gas=gas, same=self._does_the_same)

    def _does_the_same(self, other: bytes) -> bool:
        interface, first = INTERFACES[self.method], SUBJECT[self.method]
        own, its = (interface.arguments(self.method, data) for data in (self.data, other))
        return own is not None and its is not None and own[:first] == its[:first]

    # -- Document --

    def to_json(self) -> str:
        """The call as a JSON document, to be posted by others."""
        fields = {
            "format": FORMAT,
            "version": VERSION,
            "chainId": self.chain_id,
            "contract": self.contract,
            "method": self.method,
            "data": plain.data(self.data),
        }
        return json.dumps(fields, indent=1) + "\n"

    @classmethod
    def from_json(cls, text: str) -> TrusteeCall:
        """The call in a JSON document.

        Raises:
            InvalidDocument: the document is not that of a trustee's call.
        """
        form = Form.parse(text, what=FORMAT)
        if (form.text("format"), form.number("version")) != (FORMAT, VERSION):
            raise InvalidDocument(f"this is not a {FORMAT} of version {VERSION}")
        found = cls(
            form.number("chainId"), form.address("contract"), form.text("method"), form.blob("data")
        )
        interface = INTERFACES.get(found.method)
        if interface is None or not interface.is_exact(found.method, found.data):
            raise InvalidDocument(f"a trustee makes no such call: {found.method!r}")
        return found
