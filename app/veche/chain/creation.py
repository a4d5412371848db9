"""Creates a catalogue with CREATE2, so that its address proves where its state comes from
(PROTOCOL §2).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Final

from veche.chain.node import Node
from veche.chain.pending import OnSent
from veche.chain.transactions import Sender
from veche.errors import UnknownContract
from veche.trust import artifact
from veche.trust.provenance import NO_SALT, catalogue_creation, create2

DEPLOYER: Final = "0x4e59b44847b379578588920cA78FbF26c0B4956C"
"""The deployer that most networks have. Called with a salt and creation code, it creates a contract
with CREATE2.
"""
DEPLOYER_CODE: Final = bytes.fromhex(
    "7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe03601600081602082378035828234f5"
    "8015156039578182fd5b8082525050506014600cf3"
)
"""The code of that deployer, and of the one that is created where there is none."""
DEPLOYER_CREATION: Final = bytes.fromhex("604580600e600039806000f350fe") + DEPLOYER_CODE
"""The code that creates a deployer."""


@dataclass(frozen=True, slots=True)
class Part:
    """A contract that is created with CREATE2.

    Attributes:
        name: the contract's name, in words.
        address: the address that it will have.
        salt: 32 bytes.
        creation: its creation code with its arguments.
    """

    name: str
    address: str
    salt: bytes
    creation: bytes


@dataclass(frozen=True)
class CatalogueCreation:
    """A catalogue that is to be created, with the code of its polls and boards.

    Attributes:
        deployer: the address of the contract that creates them.
        owner: the address of the catalogue's first owner.
        salt: tells apart the catalogues of one owner; 32 bytes.
    """

    deployer: str
    owner: str
    salt: bytes = NO_SALT

    @cached_property
    def parts(self) -> tuple[Part, Part, Part]:
        """What is created, in order: the code of polls, the code of boards, the catalogue."""
        polls, boards = self._code("Poll", "polls"), self._code("TrusteeBoard", "boards")
        creation = catalogue_creation(
            self.salt,
            first_owner=self.owner,
            poll_code=polls.address,
            board_code=boards.address,
        )
        address = create2(self.deployer, self.salt, creation)
        return polls, boards, Part("the catalogue", address, self.salt, creation)

    @property
    def address(self) -> str:
        """The address that the catalogue will have."""
        return self.parts[-1].address

    def _code(self, contract: str, of: str) -> Part:
        creation = artifact.load(contract).bytecode
        address = create2(self.deployer, NO_SALT, creation)
        return Part(f"the code of {of}", address, NO_SALT, creation)


def is_there(node: Node, part: Part) -> bool:
    """Whether a node shows code at the address of a part. Nobody else can have put it there."""
    return bool(node.code(part.address))


def find_deployer(node: Node) -> str | None:
    """The usual deployer; None if this network does not have it."""
    return DEPLOYER if node.code(DEPLOYER) == DEPLOYER_CODE else None


def create_deployer(sender: Sender, *, on_sent: OnSent | None = None) -> str:
    """Creates a deployer, and returns its address.

    Raises:
        UnknownContract: the node names no address for it.
    """
    receipt = sender.send(None, DEPLOYER_CREATION, on_sent=on_sent)
    if receipt.contract is None:
        raise UnknownContract("the node names no address for the deployer that was created")
    return receipt.contract


def create(sender: Sender, deployer: str, part: Part, *, on_sent: OnSent | None = None) -> None:
    """Creates a part.

    Raises:
        UnknownContract: the node shows nothing at the part's address afterwards.
    """
    sender.send(deployer, part.salt + part.creation, on_sent=on_sent)
    if not is_there(sender.node, part):
        raise UnknownContract(
            f"the node shows nothing at {part.address}, where {part.name} must be"
        )


def create_catalogue(sender: Sender, *, salt: bytes = NO_SALT) -> str:
    """Creates a catalogue that the sender owns, with whatever it needs and the network does not
    have, and returns its address. If the catalogue is there already, nothing is sent.

    Args:
        sender: sends the transactions.
        salt: tells apart the catalogues of one owner; 32 bytes.
    """
    deployer = find_deployer(sender.node) or create_deployer(sender)
    planned = CatalogueCreation(deployer, sender.address, salt)
    for part in planned.parts:
        if not is_there(sender.node, part):
            create(sender, deployer, part)
    return planned.address
