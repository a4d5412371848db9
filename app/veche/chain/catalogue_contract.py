"""A catalogue contract's raw answers, unverified."""

from __future__ import annotations

from functools import cached_property
from typing import Final

from veche.chain.contract import Contract, Interface
from veche.chain.node import Block, Node
from veche.trust import artifact

INTERFACE: Final = Interface(artifact.load("PollCatalogue"))


class CatalogueContract(Contract):
    """The contract of a catalogue.

    Raises:
        UnknownContract: the address has no code.
        NodeBehind: the node is syncing, and has no code at the address yet.
    """

    def __init__(self, node: Node, address: str, *, block: Block = "latest") -> None:
        super().__init__(node, address, INTERFACE, block=block)

    @cached_property
    def first_block(self) -> int:
        """The number of the block in which the catalogue was created. It has no older logs."""
        return int(self.read("bornAt"))
