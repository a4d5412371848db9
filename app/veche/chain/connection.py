"""A connection to a chain: finds polls, boards and catalogues, and knows who pays."""

from __future__ import annotations

from copy import copy
from typing import Final

from veche.chain.block_watch import BlockWatch
from veche.chain.board import Board
from veche.chain.catalogue import Catalogue
from veche.chain.creation import create_catalogue
from veche.chain.evidence import block_mark
from veche.chain.fees import USUAL, FeeCap
from veche.chain.node import Block, Node
from veche.chain.pending import OnSent
from veche.chain.poll import Poll
from veche.chain.transactions import Account, Sender
from veche.errors import NoAccount, WrongAnswer
from veche.files import network as networks
from veche.files.local import DEFAULT_URL
from veche.files.network import Network
from veche.protocol import addresses, link
from veche.protocol.block_mark import BlockMark
from veche.protocol.board import BoardTerms
from veche.trust.provenance import NO_SALT

FINAL_CONFIRMATIONS: Final = 13
"""Number of confirmations that make a block final, unless the network says otherwise."""


class Chain:
    """A connection to a chain through one of its nodes.

    Attributes:
        node: the node that shows the chain.
        account: who signs and pays for transactions; None if it is for reading only.
        confirmations: how many blocks must hold a transaction: its own and those on top.
        network: the private network, if the chain was connected to by the name of one.
        fee_cap: the most that a transaction may offer.
        mark: the block at which everything is read; None for the newest at each reading.
    """

    mark: BlockMark | None = None

    def __init__(
        self,
        node: Node,
        *,
        account: Account | None = None,
        confirmations: int = 1,
        network: Network | None = None,
        fee_cap: FeeCap = USUAL,
    ) -> None:
        self.node = node
        self.account = account
        self.confirmations = confirmations
        self.network = network
        self.fee_cap = fee_cap

    def __repr__(self) -> str:
        return f"Chain({self.node.name!r}, id={self.id})"

    @property
    def id(self) -> int:
        """The chain's EIP-155 id."""
        return self.node.chain_id

    @property
    def time(self) -> int:
        """The time of the newest block, or that of `mark`; in seconds since 1970."""
        return self.mark.time if self.mark else self.node.block()["timestamp"]

    # -- One block --

    def pinned(self, mark: BlockMark | None = None) -> Chain:
        """The chain as it was at one block. All that is read of its polls, boards and catalogues is
        read at the hash of that block: a node cannot show first one state, then another.

        Args:
            mark: the block; by default the newest.
        """
        found = copy(self)
        found.mark = mark or block_mark(self.node.block())
        return found

    @property
    def block(self) -> Block:
        """The hash of the block that all is read at, or "latest"."""
        return self.mark.hash if self.mark else "latest"

    # -- Polls, boards, catalogues --

    def poll(self, named: str, *, expect: str | bytes | None = None) -> Poll:
        """The poll behind a link, or at an address.

        Args:
            named: the link that officials published, which includes the poll hash; or the poll's
                address.
            expect: the poll hash that you know from elsewhere than this chain: 32 bytes, or 0x and
                64 hexadecimal digits.

        Raises:
            WrongPoll: the poll's hash is not the expected one, not that of the link, or not that of
                its definition.
            WrongNetwork: the link is to a poll on another chain.
            UnknownContract: the contract at the address is not a poll of Veche.
            InvalidContent: the poll's texts cannot be shown to voters.
            InvalidDocument: the link or the address is malformed or mistyped, or the expected hash
                is malformed.
        """
        told = link.expected(named, None if expect is None else _hash(expect))
        if link.is_meant(named):
            named, chain_id, _ = link.parse(named)
            self.node.require_chain(chain_id)
        return Poll(
            self.node,
            addresses.parse(named),
            expect=told,
            block=self.block,
            payer=self.account,
            confirmations=self.confirmations,
            fee_cap=self.fee_cap,
        )

    def board(self, address: str) -> Board:
        """The board of trustees at an address.

        Raises:
            UnknownContract: the contract at the address is not a board of Veche.
            InvalidDocument: the address is malformed or mistyped.
        """
        return Board(self.node, addresses.parse(address), block=self.block)

    def catalogue(self, address: str) -> Catalogue:
        """The catalogue at an address.

        Raises:
            UnknownContract: the contract at the address is not a catalogue of Veche.
            InvalidDocument: the address is malformed or mistyped.
        """
        return Catalogue(self.node, addresses.parse(address), block=self.block)

    def create_catalogue(self, *, salt: bytes = NO_SALT) -> Catalogue:
        """Creates a catalogue that the chain's account owns, unless it is there already.

        Args:
            salt: tells apart the catalogues of one owner; 32 bytes.

        Raises:
            NoAccount: the chain was connected to without an account.
        """
        return self.catalogue(create_catalogue(self.sender, salt=salt))

    def convene(
        self, catalogue: Catalogue, terms: BoardTerms, *, on_sent: OnSent | None = None
    ) -> Board:
        """Creates a board of trustees of a catalogue.

        Args:
            catalogue: the catalogue, which the chain's account owns.
            terms: what the board is convened with.
            on_sent: gets the transaction's hash first, so that it can be noted.

        Raises:
            NoAccount: the chain was connected to without an account.
            Refused: no board can have such terms.
            WrongAnswer: the node shows a board with other terms.
        """
        board = self.board(catalogue.convene(terms, self.sender, on_sent=on_sent))
        if board.definition.terms != terms:
            raise WrongAnswer(
                f"{self.node.name} shows another board than the one that was convened"
            )
        return board

    # -- Blocks and transactions --

    @property
    def final_confirmations(self) -> int:
        """The number of confirmations that make a block final: as many as the private network
        needs, or else FINAL_CONFIRMATIONS.
        """
        return self.network.confirmations if self.network else FINAL_CONFIRMATIONS

    @property
    def watch(self) -> BlockWatch:
        """Watches the chain's blocks."""
        return BlockWatch(self.node, confirmations=self.confirmations)

    @property
    def sender(self) -> Sender:
        """Sends transactions of the chain's account.

        Raises:
            NoAccount: the chain was connected to without an account.
        """
        if self.account is None:
            raise NoAccount("no account pays for this transaction: connect with an account")
        return Sender(
            self.node, self.account, confirmations=self.confirmations, fee_cap=self.fee_cap
        )


def connect(
    where: str = DEFAULT_URL,
    *,
    account: Account | None = None,
    confirmations: int | None = None,
    fee_cap: FeeCap = USUAL,
) -> Chain:
    """Connects to a chain through any of its nodes. No key is needed to read.

    Args:
        where: the URL of a node, http:// or https://; or the name or the file of a private network
            that was made or joined on this machine.
        account: who signs and pays for transactions: an account of eth-account, or the address of
            an account whose key the node holds.
        confirmations: how many blocks must hold a transaction: its own and those on top. The
            default is 1 for a URL, and what its file says for a private network.
        fee_cap: the most that a transaction may offer, whatever the node asks for.

    Raises:
        NodeUnreachable: no node answers at the URL.
        UnknownNetwork: `where` is neither a URL nor a private network of this machine.
        WrongNetwork: the node is not on the chain of the private network.
    """
    if "://" in where:
        count = confirmations or 1
        return Chain(Node(where), account=account, confirmations=count, fee_cap=fee_cap)
    network = networks.find(where)
    node = Node(network.rpc, first_accounts=network.first_accounts)
    node.require_chain(network.chain_id, genesis=network.genesis_hash)
    count = confirmations or network.confirmations
    return Chain(node, account=account, confirmations=count, network=network, fee_cap=fee_cap)


def _hash(value: str | bytes) -> bytes:
    return value if isinstance(value, bytes) else link.poll_hash(value)
