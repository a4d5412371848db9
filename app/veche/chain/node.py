"""An Ethereum node: the questions that it is asked, and the transactions that it gets."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from functools import cached_property
from typing import Any, Final, TypeAlias, TypeVar

from veche.chain import answers, dialects
from veche.chain.answers import Header, Log, Receipt
from veche.chain.transport import RETRIES, Transport
from veche.chain.wire import Limits
from veche.errors import (
    EndlessAnswer,
    HistoryPruned,
    NodeBehind,
    NodeBusy,
    NodeForbids,
    NodeRefused,
    WrongAnswer,
    WrongNetwork,
)

Block: TypeAlias = int | str | bytes
"""A block's number, "latest" or "pending", or a block's hash. All that is read at one hash is of
one chain.
"""

T = TypeVar("T")

LEAST_CAP: Final = 10**7
"""Minimum wei that a transaction offers for a unit of gas."""
DENSE_PAGE: Final = 512
"""Maximum blocks whose logs are asked for at once, if every block may have many."""
MANY_LOGS: Final = 1_000
"""Logs in an answer after which fewer blocks are asked for at once."""
HASHES_ALONE: Final = False
"""Whether blocks come with whole transactions."""
RESULT: Final = "result of a call"
PENDING: Final = "pending"
"""The block that the node would make now. It has no hash yet."""


class Node:
    """A node reached by HTTP.

    Args:
        url: http:// or https://.
        retries: how often a request is made at most.
        first_accounts: the addresses that the chain's first block gives code or state to, with
            their checksums; None if that block is not known.
        limits: what bounds an answer, in time and size.

    Attributes:
        name: the URL without the parts that may be secret.
        chain_id: the id of the chain that the node is on.
        habits: how the node wants to be asked.

    Raises:
        NodeUnreachable: no node answers at the URL.
        NodeError: also from every method: the node refuses to answer, is busy, has thrown away what
            is asked for, or answers with something that is malformed or endless.
    """

    def __init__(
        self,
        url: str,
        *,
        retries: int = RETRIES,
        first_accounts: frozenset[str] | None = None,
        limits: Limits | None = None,
    ) -> None:
        self.first_accounts = first_accounts
        self._transport = Transport(url, retries=retries, limits=limits)
        self.habits = self._transport.habits
        self.name = self._transport.name
        self.chain_id = self._quantity("eth_chainId")
        self._place = self._transport.place

    def __repr__(self) -> str:
        return f"Node({self.name!r})"

    def is_same(self, other: Node) -> bool:
        """Whether another node is this one, by its URL: it would agree with itself."""
        return self._place == other._place

    # -- Which chain --

    @cached_property
    def genesis(self) -> bytes:
        """The hash of the first block, 32 bytes. Chains with one id differ in it."""
        return self.block(0)["hash"]

    def require_chain(self, expected: int, *, genesis: bytes | None = None) -> None:
        """Refuses a node of another chain.

        Args:
            expected: the chain's id.
            genesis: the hash of its first block, 32 bytes, if it is known.

        Raises:
            WrongNetwork: the node is on a chain with another id or another first block.
        """
        if self.chain_id != expected:
            reason = f"{self.name} is on chain {self.chain_id}, not {expected}"
            raise WrongNetwork(expected, self.chain_id, reason=reason)
        if genesis not in (None, self.genesis):
            reason = f"{self.name} is on another chain with the id {expected}: its first block is"
            raise WrongNetwork(expected, expected, reason=f"{reason} 0x{self.genesis.hex()}")

    def require_same(self) -> None:
        """Refuses a node that has changed to another chain since it was reached first. Of a node
        that has thrown away the first block, only the chain's id is compared.

        Raises:
            WrongNetwork: the node is on a chain with another id or another first block.
        """
        now = self._quantity("eth_chainId")
        if now != self.chain_id:
            reason = f"{self.name} is on chain {now}, not {self.chain_id} as before"
            raise WrongNetwork(self.chain_id, now, reason=reason)
        with suppress(HistoryPruned):
            if self.genesis != self.block(0)["hash"]:
                reason = f"{self.name} is on another chain than before: its first block differs"
                raise WrongNetwork(self.chain_id, now, reason=reason)

    # -- Blocks --

    def block(self, block: Block = "latest") -> Header:
        """The header of a block.

        Raises:
            NodeBehind: the node does not have the block.
            WrongAnswer: the node answers with something that is no block, or another one.
        """
        by = "eth_getBlockByHash" if isinstance(block, bytes) else "eth_getBlockByNumber"
        found = self._transport.ask(by, _named(block), HASHES_ALONE)
        if found is None and block == 0:
            raise HistoryPruned(f"{self.name} has thrown away the first block")
        if found is None:
            raise NodeBehind(f"{self.name} has no such block: {_named(block)}")
        return self._checked(lambda: answers.header(found, block, pending=block == PENDING))

    def next_time(self) -> int:
        """The time that the next block would have if it came now, in seconds since 1970; that of
        the newest block if the node does not know.

        The newest block may be old, on a chain that makes blocks only for transactions.
        """
        found = self.block()["timestamp"]
        with suppress(NodeRefused, NodeBehind):
            found = max(found, self.block(PENDING)["timestamp"])
        return found

    def newest(self) -> bytes:
        """The hash of the newest block: 32 bytes."""
        return self.block()["hash"]

    def require_kept(self, number: int, hash_: bytes) -> None:
        """Refuses logs that were read while their block was replaced: they are asked for by
        numbers, all else by the block's hash.

        Args:
            number: the block's number.
            hash_: its hash, 32 bytes, when it was looked at first.

        Raises:
            NodeBehind: the block is no part of the node's chain any more.
        """
        if self.block(number)["hash"] != hash_:
            raise NodeBehind(f"block {number} was replaced while it was read: look again")

    def gas_limit(self) -> int:
        """The gas that a block has room for."""
        return self.block()["gasLimit"]

    def target(self) -> int | None:
        """The number of the block that the node is syncing to; None if it is up to date."""
        return self._checked(lambda: answers.syncing(self._transport.ask("eth_syncing")))

    def require_caught_up(self) -> None:
        """Refuses a node that is still syncing.

        Raises:
            NodeBehind: the node is syncing, or has only the first block.
        """
        number = self.block()["number"]
        if number == 0 or self.target() is not None:
            raise NodeBehind(f"{self.name} has no more blocks yet than {number}")

    # -- Accounts and contracts --

    def balance(self, address: str) -> int:
        """The balance of an account, in wei."""
        return self._quantity("eth_getBalance", address, "latest", most=answers.WEI)

    def code(self, address: str, block: Block = "latest") -> bytes:
        """The code at an address; empty if there is no contract."""
        found = self._at(block, lambda at: self._transport.ask("eth_getCode", address, at))
        return self._data(found, "code of a contract")

    def call(
        self, to: str | None, data: bytes, *, sender: str | None = None, block: Block = "latest"
    ) -> bytes:
        """What a call returns, without a transaction.

        Args:
            to: the contract's address; None tries to create a contract.
            data: the data of the call.
            sender: who seems to call.
            block: the block in whose state the call is made.

        Raises:
            Refused: the contract refuses the call.
            UnknownContract: the call fails as no contract of Veche would.
        """
        request = _request(to=to, data=data, sender=sender)
        found = self._at(block, lambda at: self._transport.ask("eth_call", request, at))
        return self._data(found, RESULT)

    def calls(self, to: str, each: Sequence[bytes], *, block: Block = "latest") -> list[bytes]:
        """What calls of a contract return, many in one request.

        Args:
            to: the contract's address.
            each: the data of every call.
            block: the block in whose state the calls are made.

        Raises:
            Refused: the contract refuses a call.
            UnknownContract: a call fails as no contract of Veche would.
            WrongAnswer: the node does not answer every call.
        """
        requests = [_request(to=to, data=data, sender=None) for data in each]

        def ask(at: Any) -> list[Any]:  # noqa: ANN401  # plain JSON
            return self._transport.ask_together("eth_call", [[one, at] for one in requests])

        return [self._data(one, RESULT) for one in self._at(block, ask)]

    def _at(self, block: Block, ask: Callable[[Any], T]) -> T:
        """Asks for something in the state of a block, in the way in which the node takes hashes."""
        if not isinstance(block, bytes):
            return ask(_named(block))
        habits = self.habits
        try:
            return ask(_by_hash(block, bare=habits.bare_hash))
        except NodeRefused as error:
            if not dialects.refuses_hash(error.code, error.said):
                raise
            found = ask(_by_hash(block, bare=not habits.bare_hash))
            habits.bare_hash = not habits.bare_hash
            return found

    def logs(
        self,
        address: str,
        topics: Sequence[str | None],
        first: int,
        last: int,
        *,
        dense: bool = False,
    ) -> Iterator[Log]:
        """The logs of a contract, in order, page by page.

        Args:
            address: the contract's address.
            topics: the topics that the logs must have; None for any.
            first: the number of the first block to look in.
            last: the number of the last block to look in.
            dense: whether there may be more of them than memory should hold.
        """
        most = page = DENSE_PAGE if dense else dialects.MOST_BLOCKS
        ever = self.habits.most_blocks
        while first <= last:
            size = min(page, most, ever, last + 1 - first)
            try:
                found = self._logs(address, topics, range(first, first + size))
            except (NodeBusy, NodeForbids, HistoryPruned):
                raise
            except (NodeRefused, EndlessAnswer) as error:
                if size == 1:
                    raise
                said = error.said if isinstance(error, NodeRefused) else ""
                page = dialects.fewer_blocks(said, size)
                is_for_logs = isinstance(error, EndlessAnswer) or dialects.is_for_logs(said)
                ever = ever if is_for_logs else page
                continue
            self.habits.most_blocks = ever
            yield from found
            first += size
            if dense and len(found) > MANY_LOGS:
                page = max(1, size // 2)
            elif len(found) < MANY_LOGS // 4:
                page = max(page, 2 * size)

    def _logs(self, address: str, topics: Sequence[str | None], blocks: range) -> list[Log]:
        asked = {
            "address": address,
            "topics": list(topics),
            "fromBlock": hex(blocks[0]),
            "toBlock": hex(blocks[-1]),
        }
        found = self._transport.ask("eth_getLogs", asked)
        return self._checked(lambda: answers.logs(found, address, topics, blocks))

    # -- Transactions --

    def next_nonce(self, account: str, *, block: Block = "pending") -> int:
        """How many transactions an account has sent.

        Args:
            account: its address.
            block: the block up to which they count; by default those count too that no block holds.
        """
        return self._quantity("eth_getTransactionCount", account, _named(block))

    def fees(self) -> dict[str, int]:
        """What a transaction offers for its gas, in wei: enough for several full blocks in a row.

        Where gas costs anything, it is LEAST_CAP or more: a base fee of a few wei doubles within a
        block or two, and rounding keeps it from falling again.
        """
        base = self.block()["baseFeePerGas"]
        if base is None:
            return {"gasPrice": self._gas_price()}
        tip = self._tip(base)
        price = 2 * base + tip
        return {"maxFeePerGas": max(price, LEAST_CAP) if price else 0, "maxPriorityFeePerGas": tip}

    def _tip(self, base: int) -> int:
        """The tip that the node thinks right. Not every node names one."""
        try:
            return self._quantity("eth_maxPriorityFeePerGas", most=answers.WEI)
        except NodeRefused:
            return max(0, self._gas_price() - base)

    def _gas_price(self) -> int:
        return self._quantity("eth_gasPrice", most=answers.WEI)

    def estimate_gas(self, to: str | None, data: bytes, *, sender: str) -> int:
        """The gas that a transaction would use now.

        Args:
            to: the contract's address; None creates a contract.
            data: the data of the call.
            sender: the address of who would send it.

        Raises:
            Refused: the contract refuses the call.
            UnknownContract: the call fails as no contract of Veche would.
        """
        request = _request(to=to, data=data, sender=sender)
        return self._quantity("eth_estimateGas", request)

    def send_raw(self, raw: bytes) -> None:
        """Hands over a signed transaction, which the node may have already.

        Raises:
            NodeRefused: the node does not take it; the message tells why.
        """
        try:
            self._transport.ask("eth_sendRawTransaction", "0x" + raw.hex())
        except NodeRefused as error:
            if not dialects.knows_already(error.said):
                raise

    def send_from_node(self, transaction: dict[str, Any]) -> bytes:
        """Has the node sign and send a transaction with a key that it holds; returns the hash.

        Raises:
            NodeRefused: the node does not take it, or does not hold the key.
        """
        plain = {k: hex(each) if isinstance(each, int) else each for k, each in transaction.items()}
        found = self._transport.ask("eth_sendTransaction", plain)
        return self._data(found, "hash of a transaction", size=answers.HASH)

    def knows(self, transaction: bytes) -> bool:
        """Whether the node has a transaction, in a block or waiting for one."""
        found = self._transport.ask("eth_getTransactionByHash", "0x" + transaction.hex())
        return self._checked(lambda: answers.is_known(found, transaction))

    def receipt(self, transaction: bytes) -> Receipt | None:
        """The receipt of a transaction; None if no block holds it."""
        found = self._transport.ask("eth_getTransactionReceipt", "0x" + transaction.hex())
        return self._checked(lambda: answers.receipt(found, transaction))

    # -- Private networks --

    def peers(self) -> int:
        """The number of nodes that the node is connected to."""
        return self._quantity("net_peerCount")

    def proposer(self, number: int) -> str:
        """The address of the validator that proposed a block, which the block pays."""
        found = self._transport.ask("eth_getBlockByNumber", hex(number), HASHES_ALONE)
        return self._checked(lambda: answers.beneficiary(found))

    # -- Anything else --

    def request(self, method: str, *parameters: Any) -> Any:  # noqa: ANN401  # plain JSON
        """The result of any other request.

        Raises:
            NodeRefused: the node answers with an error.
        """
        return self._transport.ask(method, *parameters)

    def _quantity(
        self,
        method: str,
        *parameters: Any,  # noqa: ANN401  # plain JSON
        most: int = answers.COUNT,
    ) -> int:
        found = self._transport.ask(method, *parameters)
        return self._checked(lambda: answers.quantity(found, f"answer to {method}", most=most))

    def _data(self, found: Any, what: str, *, size: int | None = None) -> bytes:  # noqa: ANN401
        return self._checked(lambda: answers.data(found, what, size=size))

    def _checked(self, check: Callable[[], T]) -> T:
        """What a check gives; what it refuses is told with the node's name."""
        try:
            return check()
        except WrongAnswer as error:
            raise WrongAnswer(f"{self.name} gives a wrong answer: {error}") from error


def _named(block: Block) -> str:
    """A block as requests name it."""
    if isinstance(block, bytes):
        return "0x" + block.hex()
    return hex(block) if isinstance(block, int) else block


def _by_hash(block: bytes, *, bare: bool) -> Any:  # noqa: ANN401  # plain JSON
    """A block's hash as EIP-1898 has it, or alone."""
    return _named(block) if bare else {"blockHash": _named(block)}


def _request(*, to: str | None, data: bytes, sender: str | None) -> Any:  # noqa: ANN401  # plain JSON
    request = {"to": to, "data": "0x" + data.hex(), "from": sender}
    return {name: value for name, value in request.items() if value is not None}
