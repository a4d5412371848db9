"""A board contract's raw answers, unverified; the observer checks them."""

from __future__ import annotations

from functools import cached_property
from typing import Final

from veche.chain.contract import Contract, Interface, point, require_clone
from veche.chain.node import Block, Node
from veche.crypto.group import Point
from veche.crypto.sharing import MAX_TRUSTEES
from veche.errors import UnknownContract
from veche.protocol.board import BoardDefinition, BoardTerms, TrusteeTerms
from veche.protocol.ceremony import PostedDeal
from veche.trust import artifact

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
            UnknownContract: there are more trustees than a board can have.
        """
        read = self.read
        trustees = [read("trustee", index) for index in self.indices]
        terms = BoardTerms(
            read("threshold"),
            read("minVoters"),
            read("dealBy"),
            read("confirmBy"),
            tuple(
                TrusteeTerms(account, Point.from_outside(*key, field="sealing key"))
                for account, key in trustees
            ),
            read("content"),
        )
        return BoardDefinition(self.node.chain_id, self.address, terms)

    @property
    def indices(self) -> range:
        """The indices of all trustees, from 1.

        Raises:
            UnknownContract: there are more of them than a board can have.
        """
        count = int(self.read("trusteeCount"))
        if count > MAX_TRUSTEES:
            raise UnknownContract(f"no board of Veche has {count} trustees")
        return range(1, count + 1)

    def require_published(self) -> None:
        """Refuses a contract that is not a clone of a board that Veche published.

        Raises:
            UnknownContract: its code is not a clone's, or the cloned code is not a board's.
        """
        require_clone(self)

    @cached_property
    def first_block(self) -> int:
        """The number of the block in which the board was made. It has no older logs."""
        return int(self.read("bornAt"))

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
