"""A board of trustees on chain (PROTOCOL §2)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

from veche.chain import arguments
from veche.chain.board_contract import BoardContract
from veche.chain.contract import point
from veche.chain.node import Block, Node
from veche.chain.pending import Receipt
from veche.chain.transactions import Sender
from veche.chain.trustee_call import TrusteeCall
from veche.crypto.group import Point
from veche.errors import UnknownContract
from veche.protocol.ceremony import Blame, PostedDeal, SignedConfirmation, SignedDeal
from veche.protocol.phase import BoardPhase


class Failure(IntEnum):
    """Why a board failed."""

    NONE = 0
    BAD_SHARE = 1
    UNUSABLE_KEY = 2
    DEADLINE = 3


@dataclass(frozen=True, slots=True)
class BoardState:
    """Where a board stands at one block.

    Attributes:
        phase: where the ceremony stands.
        failure: why it failed; NONE if it did not.
        faulty_trustee: the index of the trustee at fault, from 1; 0 if no single one is.
        dealt: the indices of the trustees who have dealt.
        confirmed: the indices of the trustees who have confirmed.
        is_over: whether it has failed or must fail: not all trustees have kept a deadline.
    """

    phase: BoardPhase
    failure: Failure
    faulty_trustee: int
    dealt: tuple[int, ...]
    confirmed: tuple[int, ...]
    is_over: bool


class Board:
    """A board on chain.

    Attributes:
        node: the node that shows it.
        address: the board's address.
        contract: the board's contract.
        definition: what defines the board; its hash was compared with the contract's.

    Raises:
        UnknownContract: the contract at the address is not a board of Veche, or its hash is not
            that of its definition.
        NodeBehind: the node is syncing, and has no contract at the address yet.
    """

    def __init__(self, node: Node, address: str, *, block: Block = "latest") -> None:
        self.node = node
        self.address = address
        self.contract = BoardContract(node, address, block=block)
        self.contract.require_published()
        self.definition = self.contract.definition()
        if self.contract.read("boardHash") != self.definition.hash:
            raise UnknownContract(
                f"the board at {address} shows a hash, but its definition has another"
            )

    def __repr__(self) -> str:
        return f"Board({self.address!r})"

    # -- Reads --

    @property
    def phase(self) -> BoardPhase:
        """Where the ceremony stands."""
        return self.contract.read_as(BoardPhase, "phase")

    def state(self) -> BoardState:
        """Where the board stands, in all detail."""
        header, read = self.node.block(self.contract.block), self.contract.read
        block, indices = header["hash"], self.contract.trustees
        phase = self.contract.read_as(BoardPhase, "phase", block=block)
        return BoardState(
            phase,
            self.contract.read_as(Failure, "failure", block=block),
            read("faultyTrustee", block=block),
            tuple(i for i in indices if read("ephemeralKey", i, block=block) != (0, 0)),
            tuple(i for i in indices if read("hasConfirmed", i, block=block)),
            self._is_over(phase, header["timestamp"]),
        )

    def _is_over(self, phase: BoardPhase, now: int) -> bool:
        terms = self.definition.terms
        until = {BoardPhase.DEALING: terms.deal_by, BoardPhase.CONFIRMING: terms.confirm_by}
        return phase == BoardPhase.FAILED or (phase in until and now >= until[phase])

    def verification_key(self, index: int) -> Point:
        """V of the trustee with this index, from 1; infinity until the board is READY."""
        return point(self.contract.read("verificationKey", index))

    def deals(self) -> dict[int, PostedDeal]:
        """The deals that were posted, by the index of the dealer."""
        return self.contract.deals()

    def deals_hash(self) -> bytes:
        """The hash of all deals that were posted, 32 bytes: what trustees confirm."""
        return bytes(self.contract.read("dealsHash"))

    def failure(self, state: BoardState) -> str:
        """Why the board failed, in words; empty if it did not."""
        words = {
            Failure.BAD_SHARE: "{} dealt a bad share",
            Failure.UNUSABLE_KEY: "no key could be made of the deals",
            Failure.DEADLINE: "a deadline passed",
        }
        faulty = self.trustee(state.faulty_trustee) if state.faulty_trustee else ""
        return words.get(state.failure, "").format(faulty)

    def trustee(self, index: int) -> str:
        """A trustee for people, by the index from 1: such as "2. Boris, 0x…"."""
        terms = self.definition.terms
        return f"{index}. {terms.texts.trustees[index - 1]}, {terms.trustees[index - 1].account}"

    # -- Ceremony --

    def post_deal(self, signed: SignedDeal, sender: Sender) -> Receipt:
        """Posts a trustee's deal. Anyone may."""
        return self.deal_call(signed).send(sender)

    def post_answer(self, answer: SignedConfirmation | Blame, sender: Sender) -> Receipt:
        """Posts a trustee's confirmation, or a blame. Anyone may."""
        return self.answer_call(answer).send(sender)

    def deal_call(self, signed: SignedDeal) -> TrusteeCall:
        """The call that posts a trustee's deal."""
        signature = signed.signature
        args = signed.dealer, arguments.deal(signed.deal), signature.r, signature.vs
        return TrusteeCall.of(self.node, self.address, "deal", *args)

    def answer_call(self, answer: SignedConfirmation | Blame) -> TrusteeCall:
        """The call that posts a confirmation, or a blame: it opens the share that a dealer sealed
        for a trustee, with proof.
        """
        if isinstance(answer, SignedConfirmation):
            signature = answer.signature
            signed = answer.trustee, answer.deals_hash, signature.r, signature.vs
            return TrusteeCall.of(self.node, self.address, "confirm", *signed)
        proof, hints = arguments.proof(answer.proof), arguments.hints([answer.hint])
        args = answer.dealer, answer.recipient, arguments.point(answer.shared), proof, hints
        return TrusteeCall.of(self.node, self.address, "blame", *args)
