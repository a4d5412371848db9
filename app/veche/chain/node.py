"""An Ethereum node: the questions that it is asked, and the transactions that it gets."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from functools import cached_property
from typing import Any, Final, TypeAlias, cast
from urllib.parse import urlsplit

from web3.exceptions import TransactionNotFound

from veche.chain.transport import RETRIES, Transport
from veche.errors import NodeBehind, NodeRefused, WrongNetwork

Block: TypeAlias = int | str | bytes
"""A block's number, "latest" or "pending", or a block's hash. All that is read at one hash is of
one chain.
"""

HASH: Final = 32
"""Bytes of a hash."""
LEAST_CAP: Final = 10**7
"""Minimum wei that a transaction offers for a unit of gas."""
CALL_PAGE: Final = 100
"""Maximum calls in one request."""
LOG_PAGE: Final = 1_000_000
"""Maximum blocks whose logs are asked for at once; fewer if the node finds it too many."""
DENSE_PAGE: Final = 512
"""Maximum blocks whose logs are asked for at once, if every block may have many."""
MANY_LOGS: Final = 1_000
"""Logs in an answer after which fewer blocks are asked for at once."""


PORTS: Final = {"http": 80, "https": 443}
THIS_MACHINE: Final = "127.0.0.1"
LOOPBACK: Final = ("localhost", "::1", THIS_MACHINE)
"""Names of this machine."""
PENDING: Final = "pending"
"""The block that the node would make now. It has no hash yet."""


def _is_header(found: dict[str, Any]) -> bool:
    """Whether a block has a number, a hash of 32 bytes and a time."""
    numbers = all(isinstance(found.get(each), int) for each in ("number", "timestamp"))
    return numbers and len(bytes(found["hash"])) == HASH


class Node:
    """A node reached by HTTP.

    Args:
        url: http:// or https://.
        retries: how often a request is made at most.
        first_accounts: the addresses that the chain's first block gives code or state to, with
            their checksums; None if that block is not known.

    Attributes:
        name: the URL without the parts that may be secret.
        chain_id: the id of the chain that the node is on.

    Raises:
        NodeUnreachable: no node answers at the URL.
    """

    def __init__(
        self, url: str, *, retries: int = RETRIES, first_accounts: frozenset[str] | None = None
    ) -> None:
        self.first_accounts = first_accounts
        self._transport = Transport(url, retries=retries)
        self._ask, self._eth = self._transport.ask, self._transport.eth
        self.name = self._transport.name
        self._place = _place(url)
        self.chain_id = self._ask(lambda: int(self._eth.chain_id))

    def __repr__(self) -> str:
        return f"Node({self.name!r})"

    def is_same(self, other: Node) -> bool:
        """Whether another node is this one, by its URL: it would agree with itself."""
        return self._place == other._place

    # -- Which chain --

    @cached_property
    def genesis(self) -> bytes:
        """The hash of the first block, 32 bytes. Chains with one id differ in it."""
        return bytes(self.block(0)["hash"])

    def require_chain(self, expected: int, *, genesis: bytes | None = None) -> None:
        """Refuses a node of another chain.

        Args:
            expected: the chain's id.
            genesis: the hash of its first block, 32 bytes, if it is known.

        Raises:
            WrongNetwork: the node is on a chain with another id or another first block.
        """
        if self.chain_id != expected:
            raise WrongNetwork(expected, self.chain_id)
        if genesis not in (None, self.genesis):
            reason = f"{self.name} is on another chain with the id {expected}: its first block is"
            raise WrongNetwork(expected, expected, reason=f"{reason} 0x{self.genesis.hex()}")

    def require_same(self) -> None:
        """Refuses a node that has changed to another chain since it was reached first.

        Raises:
            WrongNetwork: the node is on a chain with another id or another first block.
        """
        now, genesis = self._ask(lambda: int(self._eth.chain_id)), bytes(self.block(0)["hash"])
        if now != self.chain_id:
            raise WrongNetwork(self.chain_id, now)
        if genesis != self.genesis:
            reason = f"{self.name} is on another chain than before: its first block differs"
            raise WrongNetwork(self.chain_id, now, reason=reason)

    # -- Blocks --

    def block(self, block: Block = "latest") -> dict[str, Any]:
        """The header of a block: number, hash, timestamp and so on.

        Raises:
            NodeBehind: the node does not have the block.
            NodeRefused: the node answers with something that is no block.
        """
        try:
            found = self._ask(lambda: dict(self._eth.get_block(cast("Any", block))))
            if block != PENDING and not _is_header(found):
                raise NodeRefused(f"{self.name} shows a block without number, hash or time")
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            raise NodeRefused(f"{self.name} shows something that is no block") from error
        return found

    def next_time(self) -> int:
        """The time that the next block would have if it came now, in seconds since 1970; that of
        the newest block if the node does not know.

        The newest block may be old, on a chain that makes blocks only for transactions.
        """
        found = int(self.block()["timestamp"])
        with suppress(NodeRefused, NodeBehind):
            found = max(found, int(self.block(PENDING)["timestamp"]))
        return found

    def newest(self) -> bytes:
        """The hash of the newest block: 32 bytes."""
        return bytes(self.block()["hash"])

    def require_kept(self, number: int, hash_: bytes) -> None:
        """Refuses logs that were read while their block was replaced: they are asked for by
        numbers, all else by the block's hash.

        Args:
            number: the block's number.
            hash_: its hash, 32 bytes, when it was looked at first.

        Raises:
            NodeBehind: the block is no part of the node's chain any more.
        """
        if bytes(self.block(number)["hash"]) != hash_:
            raise NodeBehind(f"block {number} was replaced while it was read: look again")

    def gas_limit(self) -> int:
        """The gas that a block has room for."""
        return int(self.block()["gasLimit"])

    def target(self) -> int | None:
        """The number of the block that the node is syncing to; None if it is up to date."""
        syncing = self.request("eth_syncing")
        if not syncing:
            return None
        highest = int(syncing["highestBlock"], 16)  # a node that makes an index says it syncs, too
        return highest if int(syncing["currentBlock"], 16) < highest else None

    def require_caught_up(self) -> None:
        """Refuses a node that is still syncing.

        Raises:
            NodeBehind: the node is syncing, or has only the first block.
        """
        number = int(self.block()["number"])
        if number == 0 or self.target() is not None:
            raise NodeBehind(f"{self.name} has no more blocks yet than {number}")

    # -- Accounts and contracts --

    def balance(self, address: str) -> int:
        """The balance of an account, in wei."""
        return self._ask(lambda: int(self._eth.get_balance(cast("Any", address))))

    def code(self, address: str, block: Block = "latest") -> bytes:
        """The code at an address; empty if there is no contract."""
        return self._ask(
            lambda: bytes(self._eth.get_code(cast("Any", address), cast("Any", block)))
        )

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
        return self._bytes(self._transport.answer("eth_call", request, _named(block)))

    def calls(self, to: str, each: Sequence[bytes], *, block: Block = "latest") -> list[bytes]:
        """What calls of a contract return, many in one request.

        Args:
            to: the contract's address.
            each: the data of every call.
            block: the block in whose state the calls are made.

        Raises:
            Refused: the contract refuses a call.
            UnknownContract: a call fails as no contract of Veche would.
            NodeRefused: the node does not answer every call.
        """
        wanted = [[_request(to=to, data=data, sender=None), _named(block)] for data in each]
        pages = (wanted[at : at + CALL_PAGE] for at in range(0, len(wanted), CALL_PAGE))
        answers = (each for page in pages for each in self._transport.answers("eth_call", page))
        return [self._bytes(answer) for answer in answers]

    def _bytes(self, answer: Any) -> bytes:  # noqa: ANN401  # plain JSON
        result = self._transport.result(answer)
        return self._ask(lambda: bytes.fromhex(result.removeprefix("0x")))

    def logs(
        self,
        address: str,
        topics: Sequence[str | None],
        first: int,
        last: int,
        *,
        dense: bool = False,
    ) -> Iterator[dict[str, Any]]:
        """The logs of a contract, in order, page by page.

        Args:
            address: the contract's address.
            topics: the topics that the logs must have; None for any.
            first: the number of the first block to look in.
            last: the number of the last block to look in.
            dense: whether there may be more of them than memory should hold.
        """
        page = most = DENSE_PAGE if dense else LOG_PAGE
        while first <= last:
            end = min(last, first + page - 1)
            query = {"address": address, "topics": list(topics), "fromBlock": first, "toBlock": end}
            try:
                found = self._ask(lambda query=query: self._eth.get_logs(cast("Any", query)))  # type: ignore[misc]
            except NodeRefused:
                if page == 1:
                    raise
                page = max(1, page // 8)
                continue
            for log in cast("list[dict[str, Any]]", found):
                self._require_asked_for(log, address, topics, range(first, end + 1))
                yield log
            first = end + 1
            if dense and len(found) > MANY_LOGS:
                page = max(1, page // 2)
            elif len(found) < MANY_LOGS // 4:
                page = min(most, 2 * page)

    def _require_asked_for(
        self, log: dict[str, Any], address: str, topics: Sequence[str | None], blocks: range
    ) -> None:
        """Refuses a log that is malformed, or another than was asked for."""
        try:
            own = log["address"] == address and log["blockNumber"] in blocks
            shown = ["0x" + bytes(each).hex() for each in log["topics"]]
            wanted = zip(topics, shown, strict=False)
            own &= len(shown) >= len(topics) and all(a in (None, b) for a, b in wanted)
            own &= all(bytes(log[each]) for each in ("blockHash", "transactionHash"))
            bytes(log["data"])
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            raise NodeRefused(f"{self.name} shows something that is no log") from error
        if not own:
            raise NodeRefused(f"{self.name} shows a log that it was not asked for")

    # -- Transactions --

    def next_nonce(self, account: str, *, block: Block = "pending") -> int:
        """How many transactions an account has sent.

        Args:
            account: its address.
            block: the block up to which they count; by default those count too that no block holds.
        """
        args = cast("tuple[Any, Any]", (account, block))
        return self._ask(lambda: int(self._eth.get_transaction_count(*args)))

    def fees(self) -> dict[str, int]:
        """What a transaction offers for its gas, in wei: enough for several full blocks in a row.

        Where gas costs anything, it is LEAST_CAP or more: a base fee of a few wei doubles within a
        block or two, and rounding keeps it from falling again.
        """
        base = self.block().get("baseFeePerGas")
        if base is None:
            return {"gasPrice": self._ask(lambda: int(self._eth.gas_price))}
        tip = self._ask(lambda: int(self._eth.max_priority_fee))
        price = 2 * int(base) + tip
        return {"maxFeePerGas": max(price, LEAST_CAP) if price else 0, "maxPriorityFeePerGas": tip}

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
        result = self._transport.result(self._transport.answer("eth_estimateGas", request))
        return self._ask(lambda: int(result, 16))

    def send_raw(self, raw: bytes) -> None:
        """Hands over a signed transaction, which the node may have already.

        Raises:
            NodeRefused: the node does not take it; the message tells why.
        """
        try:
            self._ask(lambda: self._eth.send_raw_transaction(raw))
        except NodeRefused as error:
            if not any(each in str(error) for each in ("already known", "already imported")):
                raise

    def send_from_node(self, transaction: dict[str, Any]) -> bytes:
        """Has the node sign and send a transaction with a key that it holds; returns the hash.

        Raises:
            NodeRefused: the node does not take it, or does not hold the key.
        """
        return self._ask(lambda: bytes(self._eth.send_transaction(cast("Any", transaction))))

    def knows(self, transaction: bytes) -> bool:
        """Whether the node has a transaction, in a block or waiting for one."""
        try:
            self._ask(lambda: self._eth.get_transaction(cast("Any", transaction)))
        except TransactionNotFound:
            return False
        return True

    def receipt(self, transaction: bytes) -> dict[str, Any] | None:
        """The receipt of a transaction; None if no block holds it."""
        try:
            return self._ask(
                lambda: dict(self._eth.get_transaction_receipt(cast("Any", transaction)))
            )
        except TransactionNotFound:
            return None

    # -- Anything else --

    def request(self, method: str, *parameters: Any) -> Any:  # noqa: ANN401  # plain JSON
        """The result of any other request.

        Raises:
            NodeRefused: the node answers with an error.
        """
        answer = self._transport.answer(method, *parameters)
        if isinstance(answer, dict) and answer.get("error"):
            raise NodeRefused(f"{self.name}: {answer['error']}")
        return self._ask(lambda: answer["result"])


def _place(url: str) -> tuple[str, int | None, str]:
    """Where a URL leads to: host, port and path. This machine has several names."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    port = parts.port or PORTS.get(parts.scheme)
    return THIS_MACHINE if host in LOOPBACK else host, port, parts.path.rstrip("/")


def _named(block: Block) -> str:
    """A block as requests name it."""
    if isinstance(block, bytes):
        return "0x" + block.hex()
    return hex(block) if isinstance(block, int) else block


def _request(*, to: str | None, data: bytes, sender: str | None) -> Any:  # noqa: ANN401  # web3's
    request = {"to": to, "data": "0x" + data.hex(), "from": sender}
    return {name: value for name, value in request.items() if value is not None}
