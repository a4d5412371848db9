"""A board of trustees on chain (PROTOCOL §2)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from functools import cached_property
from typing import Any

from veche.chain import arguments
from veche.chain.board_contract import INTERFACE, BoardContract
from veche.chain.contract import point
from veche.chain.node import Block, Node
from veche.chain.pending import Receipt
from veche.chain.transactions import OnSent, Sender
from veche.crypto.deal_proof import Deal
from veche.crypto.equality_proof import EqualityProof
from veche.crypto.group import Point
from veche.crypto.sigma import Hint
from veche.errors import UnknownContract
from veche.protocol.board import BoardTerms, PostedDeal

CONFIRM_GAS = 10_000_000
"""The last confirmation computes all keys, and nobody knows beforehand which will be the last."""


class BoardPhase(IntEnum):
    """Where a key ceremony stands."""

    DEALING = 0
    CONFIRMING = 1
    READY = 2
    FAILED = 3


class Failure(IntEnum):
    """Why a board failed."""

    NONE = 0
    BAD_SHARE = 1
    UNUSABLE_KEY = 2
    DEADLINE = 3


@dataclass(frozen=True, slots=True)
class BoardState:
    """Where a board stands, all at one block.

    Attributes:
        phase: of the ceremony.
        failure: why it failed, if it did.
        faulty_trustee: whose fault it was, from 1; 0 for no single one's.
        dealt: the indices of the trustees who have dealt.
        confirmed: the indices of those who have confirmed.
    """

    phase: BoardPhase
    failure: Failure
    faulty_trustee: int
    dealt: tuple[int, ...]
    confirmed: tuple[int, ...]


class Board:
    """A board on chain.

    Attributes:
        address: of the contract.
        definition: what defines the board; its hash is the contract's.

    Raises:
        UnknownContract: there is no board at the address.
    """

    def __init__(self, node: Node, address: str) -> None:
        self.node = node
        self.address = address
        self.contract = BoardContract(node, address)
        self.contract.require_published()
        self.definition = self.contract.definition()
        if self.contract.read("boardHash") != self.definition.hash:
            raise UnknownContract(f"the board at {address} contradicts its own hash")

    def __repr__(self) -> str:
        return f"Board({self.address!r})"

    # -- Reads --

    @property
    def phase(self) -> BoardPhase:
        """Where the ceremony stands."""
        return BoardPhase(self.contract.read("phase"))

    def state(self) -> BoardState:
        """Where the board stands."""
        block = self.node.newest()
        read = self.contract.read
        indices = range(1, len(self.definition.terms.trustees) + 1)
        return BoardState(
            BoardPhase(read("phase", block=block)),
            Failure(read("failure", block=block)),
            read("faultyTrustee", block=block),
            tuple(i for i in indices if read("ephemeralKey", i, block=block) != (0, 0)),
            tuple(i for i in indices if read("hasConfirmed", i, block=block)),
        )

    @cached_property
    def key(self) -> Point:
        """Y, the encryption key.

        Raises:
            InvalidPoint: the board is not Ready.
        """
        return Point.from_outside(*self.contract.read("key"), field="key of the board")

    def verification_key(self, index: int) -> Point:
        """V of a trustee, once the board is Ready."""
        return point(self.contract.read("verificationKey", index))

    def deals(self, *, block: Block = "latest") -> dict[int, PostedDeal]:
        """What has been dealt, by dealer."""
        return self.contract.deals(len(self.definition.terms.trustees), block=block)

    def deals_hash(self, *, block: Block = "latest") -> bytes:
        """What all deals so far add up to: 32 bytes."""
        return bytes(self.contract.read("dealsHash", block=block))

    # -- Ceremony --

    def deal(self, made: Deal, sender: Sender) -> Receipt:
        """Posts a trustee's deal."""
        return self._send(sender, "deal", arguments.deal(made))

    def confirm(self, deals_hash: bytes, sender: Sender) -> Receipt:
        """Says that all shares dealt to the sender are good."""
        data = INTERFACE.data("confirm", deals_hash)
        return sender.send(self.address, data, gas=CONFIRM_GAS)

    def blame(
        self, dealer: int, shared: Point, proof: EqualityProof, hint: Hint, sender: Sender
    ) -> Receipt:
        """Opens the share that a dealer sealed for the sender."""
        shown = arguments.point(shared), arguments.proof(proof), arguments.hints([hint])
        return self._send(sender, "blame", dealer, *shown)

    def _send(self, sender: Sender, method: str, *args: Any) -> Receipt:  # noqa: ANN401
        return sender.send(self.address, INTERFACE.data(method, *args))


def creation(terms: BoardTerms) -> bytes:
    """The data of the transaction that convenes a board."""
    trustees = [[each.account, arguments.point(each.sealing_key)] for each in terms.trustees]
    rules = terms.threshold, terms.min_ballots, terms.deal_by, terms.confirm_by
    return INTERFACE.creation(trustees, *rules)


def convene(sender: Sender, terms: BoardTerms, *, on_sent: OnSent | None = None) -> str:
    """Creates a board; its address.

    Raises:
        Refused: no board can have such terms.
    """
    receipt = sender.send(None, creation(terms), on_sent=on_sent)
    if receipt.contract is None:
        raise UnknownContract("the node names no address for the board that was created")
    return receipt.contract
