"""A board contract's raw answers, unverified; the observer checks them."""

from __future__ import annotations

from typing import Final

from veche.chain import artifact
from veche.chain.contract import Contract, Interface, point
from veche.chain.node import Block, Node
from veche.crypto.group import Point
from veche.protocol.board import BoardDefinition, BoardTerms, PostedDeal, TrusteeTerms

INTERFACE: Final = Interface(artifact.load("TrusteeBoard"))


class BoardContract(Contract):
    """The contract of a board.

    Raises:
        UnknownContract: the address has no code.
        NodeBehind: the node is syncing, and has no code at the address yet.
    """

    def __init__(self, node: Node, address: str, *, block: Block = "latest") -> None:
        super().__init__(node, address, INTERFACE, block=block)

    def definition(self) -> BoardDefinition:
        """What defines the board. The hash is computed here; the contract may have another.

        Raises:
            InvalidPoint: a trustee's sealing key is not a point that boards accept.
        """
        read = self.read
        trustees = [read("trustee", index + 1) for index in range(read("trusteeCount"))]
        terms = BoardTerms(
            read("threshold"),
            read("minVoters"),
            read("dealBy"),
            read("confirmBy"),
            tuple(
                TrusteeTerms(account, Point.from_outside(*key, field="sealing key"))
                for account, key in trustees
            ),
        )
        return BoardDefinition(self.node.chain_id, self.address, terms)

    def deals(self, trustees: int, *, block: Block | None = None) -> dict[int, PostedDeal]:
        """The deals that were posted, by the index of the dealer.

        Args:
            trustees: how many trustees the board has.
            block: the block in whose state to look; by default the contract's.
        """
        found = {}
        for dealer in range(1, trustees + 1):
            commitments = self.read("commitments", dealer, block=block)
            if commitments:
                found[dealer] = PostedDeal(
                    tuple(map(point, commitments)),
                    point(self.read("ephemeralKey", dealer, block=block)),
                    tuple(self.read("sealedShares", dealer, block=block)),
                )
        return found
