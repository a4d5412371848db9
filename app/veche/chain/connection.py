"""The door to a chain: polls, boards and catalogues by address, and who pays for transactions."""

from __future__ import annotations

from functools import cached_property

from veche.chain import board as boards
from veche.chain import catalogue as catalogues
from veche.chain.board import Board
from veche.chain.catalogue import Catalogue
from veche.chain.node import Node
from veche.chain.poll import Poll
from veche.chain.transactions import Account, OnSent, Sender
from veche.errors import InvalidDocument, NoAccount
from veche.files import network as networks
from veche.files.network import Network
from veche.protocol import addresses
from veche.protocol.board import BoardTerms

DEFAULT_URL = "http://127.0.0.1:8545"
"""Where an Ethereum node on this machine listens."""


class Chain:
    """A connection to a chain through one of its nodes.

    Attributes:
        node: the node.
        account: who signs and pays for transactions; None for reading alone.
        confirmations: how many blocks must hold a transaction before it counts as done.
        network: the private network that it was named by; None for a URL.
    """

    def __init__(
        self,
        node: Node,
        *,
        account: Account | None = None,
        confirmations: int = 1,
        network: Network | None = None,
    ) -> None:
        self.node = node
        self.account = account
        self.confirmations = confirmations
        self.network = network

    def __repr__(self) -> str:
        return f"Chain({self.node.name!r}, id={self.id})"

    @property
    def id(self) -> int:
        """The chain's EIP-155 id."""
        return self.node.chain_id

    @property
    def time(self) -> int:
        """Of the newest block, in seconds since 1970."""
        return int(self.node.block()["timestamp"])

    def poll(self, address: str, *, expect: str | bytes | None = None) -> Poll:
        """The poll at an address.

        Args:
            address: of the poll.
            expect: the pollHash that you were told of, from outside the chain.

        Raises:
            WrongPoll: the poll is another one.
            UnknownContract: there is no poll.
        """
        return Poll(
            self.node,
            _address(address),
            expect=None if expect is None else _hash(expect),
            payer=self.account,
            confirmations=self.confirmations,
        )

    def board(self, address: str) -> Board:
        """The board of trustees at an address.

        Raises:
            UnknownContract: there is none.
        """
        return Board(self.node, _address(address))

    def catalogue(self, address: str) -> Catalogue:
        """The catalogue at an address.

        Raises:
            UnknownContract: there is none.
        """
        return Catalogue(self.node, _address(address))

    def deploy_catalogue(self, *, on_sent: OnSent | None = None) -> Catalogue:
        """Creates a catalogue that the chain's account owns."""
        return self.catalogue(catalogues.deploy(self.sender, on_sent=on_sent))

    def convene(self, terms: BoardTerms, *, on_sent: OnSent | None = None) -> Board:
        """Creates a board of trustees.

        Raises:
            Refused: no board can have such terms.
        """
        return self.board(boards.convene(self.sender, terms, on_sent=on_sent))

    @cached_property
    def sender(self) -> Sender:
        """Sends transactions of the account.

        Raises:
            NoAccount: there is none.
        """
        if self.account is None:
            raise NoAccount("this needs an account that signs and pays for transactions")
        return Sender(self.node, self.account, confirmations=self.confirmations)


def connect(
    where: str = DEFAULT_URL, *, account: Account | None = None, confirmations: int | None = None
) -> Chain:
    """Connects to a chain through any of its nodes. No key is needed to read.

    Args:
        where: the URL of a node, http:// or https://; or a private network that was made or joined
            here: its name, or its file.
        account: who signs and pays for transactions: an account of eth-account, or the address of
            one whose key the node itself holds.
        confirmations: how many blocks must hold a transaction before it counts as done: its own
            and those on top. By default 1, which is enough where blocks are final; or for a
            private network, more than half of its validators, and one.

    Raises:
        NodeUnreachable: nothing answers there.
        UnknownNetwork: it is neither a URL nor a network that is known here.
        WrongNetwork: what answers is on another chain than that network.
    """
    if "://" in where:
        return Chain(Node(where), account=account, confirmations=confirmations or 1)
    network = networks.find(where)
    node = Node(network.rpc)
    node.require_chain(network.chain_id, genesis=network.genesis_hash)
    depth = confirmations or network.confirmations
    return Chain(node, account=account, confirmations=depth, network=network)


def _address(text: str) -> str:
    found = addresses.checked(text)
    if found is None:
        raise InvalidDocument(f"{text!r} is not an address, or a digit of it was mistyped")
    return found


def _hash(value: str | bytes) -> bytes:
    if isinstance(value, bytes):
        return value
    digits = value.removeprefix("0x").lower()
    if len(digits) != 64 or not all(each in "0123456789abcdef" for each in digits):  # noqa: PLR2004
        raise InvalidDocument(f"{value!r} is not a poll hash: 0x and 64 hexadecimal digits")
    return bytes.fromhex(digits)
