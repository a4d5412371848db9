"""An Ethereum node: what it is asked, again where that is safe, and what its errors mean."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from typing import Any, Final, TypeAlias, TypeVar, cast
from urllib.parse import urlsplit

from requests import RequestException
from web3 import HTTPProvider, Web3
from web3.exceptions import BlockNotFound, TransactionNotFound, Web3Exception, Web3RPCError
from web3.middleware import ExtraDataToPOAMiddleware
from web3.providers.rpc.utils import ExceptionRetryConfiguration
from web3.types import RPCEndpoint

from veche.chain.reverts import fault
from veche.errors import NodeBehind, NodeRefused, NodeUnreachable, WrongNetwork

Block: TypeAlias = int | str | bytes
"""A block's number, "latest", or a block's hash: what is read at one hash is of one chain."""

RETRIES: Final = 5
FIRST_PAUSE: Final = 0.2
"""Seconds before a request is made again; doubled each time: 3 seconds in all."""
TIMEOUT: Final = 30
"""Seconds that a node has for an answer."""
LEAST_CAP: Final = 10**7
"""Wei that a transaction offers for a unit of gas, at the least."""
CALL_PAGE: Final = 100
"""Calls that are made in one request."""
LOG_PAGE: Final = 1_000_000
"""Blocks whose logs are asked for at once; fewer where the node finds it too many."""
DENSE_PAGE: Final = 512
"""The same where there may be many in every block."""
MANY_LOGS: Final = 1_000
"""As many in an answer, and fewer blocks are asked for next."""

T = TypeVar("T")


class Node:
    """A node reached by HTTP.

    A request that did not get through is made again, with growing pauses. That is safe for
    transactions too: they are sent signed, and the same bytes are never executed twice.

    Args:
        url: http:// or https://.
        retries: how often a request is made at most.

    Attributes:
        name: its URL without what may be a secret in it.
        chain_id: of the chain that it is on.

    Raises:
        NodeUnreachable: nothing answers at the URL, or it is none.
    """

    def __init__(self, url: str, *, retries: int = RETRIES) -> None:
        parts = urlsplit(url)
        self.name = (
            f"{parts.scheme}://{parts.hostname or ''}{f':{parts.port}' if parts.port else ''}"
        )
        if parts.scheme not in ("http", "https"):
            raise NodeUnreachable(
                f"{self.name} is no node's URL: it begins with http:// or https://"
            )
        retry = ExceptionRetryConfiguration(
            errors=(RequestException,), retries=retries, backoff_factor=FIRST_PAUSE
        )
        provider = _Provider(
            url, request_kwargs={"timeout": TIMEOUT}, exception_retry_configuration=retry
        )
        self._provider = provider
        # what blocks hold under proof of authority, and no more: names of ENS are no part of a
        # private network, and looking takes time
        self._eth = Web3(provider, middleware=[ExtraDataToPOAMiddleware]).eth
        self.chain_id = self._ask(lambda: int(self._eth.chain_id))

    def __repr__(self) -> str:
        return f"Node({self.name!r})"

    def require_chain(self, expected: int, *, genesis: bytes | None = None) -> None:
        """Refuses a node of another chain.

        Args:
            expected: the chain's id.
            genesis: the hash of its first block, 32 bytes, where that is known.

        Raises:
            WrongNetwork: it is one.
        """
        if self.chain_id != expected:
            raise WrongNetwork(expected, self.chain_id)
        if genesis not in (None, self.genesis):
            reason = f"{self.name} is on another chain with the id {expected}: its first block is"
            raise WrongNetwork(expected, expected, reason=f"{reason} 0x{self.genesis.hex()}")

    def require_same(self) -> None:
        """Refuses a node that is on another chain by now than when it was reached first.

        Raises:
            WrongNetwork: it is.
        """
        now, genesis = self._ask(lambda: int(self._eth.chain_id)), bytes(self.block(0)["hash"])
        if now != self.chain_id:
            raise WrongNetwork(self.chain_id, now)
        if genesis != self.genesis:
            reason = f"{self.name} is on another chain than before: its first block differs"
            raise WrongNetwork(self.chain_id, now, reason=reason)

    # -- Reads --

    def block(self, block: Block = "latest") -> dict[str, Any]:
        """The header of a block: number, hash, timestamp and so on.

        Raises:
            NodeBehind: the node has no such block.
        """
        return self._ask(lambda: dict(self._eth.get_block(cast("Any", block))))

    def newest(self) -> bytes:
        """The hash of the newest block: 32 bytes."""
        return bytes(self.block()["hash"])

    def target(self) -> int | None:
        """The number of the block that the node is on the way to; None where it is not behind."""
        syncing = self.request("eth_syncing")
        if not syncing:
            return None
        highest = int(syncing["highestBlock"], 16)  # it syncs while it makes an index as well
        return highest if int(syncing["currentBlock"], 16) < highest else None

    def require_caught_up(self) -> None:
        """Refuses a node that is on the way to newer blocks, or has none but the first.

        Raises:
            NodeBehind: it is.
        """
        number = int(self.block()["number"])
        if number == 0 or self.target() is not None:
            raise NodeBehind(f"{self.name} has no more blocks yet than {number}")

    @cached_property
    def genesis(self) -> bytes:
        """The hash of the first block: chains with one id differ in it."""
        return bytes(self.block(0)["hash"])

    def code(self, address: str, block: Block = "latest") -> bytes:
        """The code at an address; empty where there is none."""
        return self._ask(
            lambda: bytes(self._eth.get_code(cast("Any", address), cast("Any", block)))
        )

    def balance(self, address: str) -> int:
        """Of an account, in wei."""
        return self._ask(lambda: int(self._eth.get_balance(cast("Any", address))))

    def call(
        self, to: str | None, data: bytes, *, sender: str | None = None, block: Block = "latest"
    ) -> bytes:
        """What a call returns, without a transaction; no address means that it creates a contract.

        Raises:
            Refused: the contract refuses it.
            UnknownContract: it fails as no contract of Veche would.
        """
        request = _request(to=to, data=data, sender=sender)
        return self._bytes(self._answer("eth_call", request, _named(block)))

    def calls(self, to: str, each: Sequence[bytes], *, block: Block = "latest") -> list[bytes]:
        """What calls of a contract return, many in one request.

        Raises:
            Refused, UnknownContract: as `call` does, for one of them.
            NodeRefused: the node does not answer all of them.
        """
        wanted = [[_request(to=to, data=data, sender=None), _named(block)] for data in each]
        pages = (wanted[at : at + CALL_PAGE] for at in range(0, len(wanted), CALL_PAGE))
        answers = [each for page in pages for each in self._answers("eth_call", page)]
        return [self._bytes(answer) for answer in answers]

    def _answer(self, method: str, *parameters: Any) -> Any:  # noqa: ANN401  # plain JSON
        return self._ask(lambda: self._provider.make_request(RPCEndpoint(method), parameters))

    def _answers(self, method: str, each: Sequence[list[Any]]) -> list[Any]:
        """The answers to questions that are asked in one request, in their order."""
        given = self._ask(lambda: self._provider.ask_together(method, each))
        if not isinstance(given, list):
            raise NodeRefused(f"{self.name} says: {_said(given)}")
        found = {str(answer.get("id")): answer for answer in given if isinstance(answer, dict)}
        wanted = [str(number) for number in range(len(each))]
        if len(given) != len(wanted) or set(found) != set(wanted):
            raise NodeRefused(f"{self.name} does not answer all that it was asked in one request")
        return [found[number] for number in wanted]

    def _result(self, answer: Any) -> str:  # noqa: ANN401  # plain JSON
        """The result of a call, by the node's answer.

        Raises:
            Refused, UnknownContract: the contract refused it.
            NodeRefused: the node did.
        """
        given = answer if isinstance(answer, dict) else {}
        if isinstance(given.get("result"), str):
            return str(given["result"])
        refusal = fault(given.get("error"))
        if refusal:
            raise refusal
        raise NodeRefused(f"{self.name} says: {_said(given)}")

    def _bytes(self, answer: Any) -> bytes:  # noqa: ANN401  # plain JSON
        return self._ask(lambda: bytes.fromhex(self._result(answer).removeprefix("0x")))

    def logs(
        self,
        address: str,
        topics: Sequence[str | None],
        first: int,
        last: int,
        *,
        dense: bool = False,
    ) -> Iterator[dict[str, Any]]:
        """The logs of a contract from block `first` to `last`, in order, page by page.

        Args:
            address: of the contract.
            topics: that they have.
            first: the number of a block.
            last: the number of another.
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
            yield from cast("list[dict[str, Any]]", found)
            first = end + 1
            if dense and len(found) > MANY_LOGS:
                page = max(1, page // 2)
            elif len(found) < MANY_LOGS // 4:
                page = min(most, 2 * page)

    # -- Transactions --

    def next_nonce(self, account: str, *, block: Block = "pending") -> int:
        """How many transactions an account has sent: those without a block included, or those up
        to a block.
        """
        args = cast("tuple[Any, Any]", (account, block))
        return self._ask(lambda: int(self._eth.get_transaction_count(*args)))

    def fees(self) -> dict[str, int]:
        """What a transaction offers for its gas, in wei: enough for some full blocks in a row; at
        least LEAST_CAP where gas costs anything, as a price of a few wei doubles within a block or
        two and never falls again.
        """
        base = self.block().get("baseFeePerGas")
        if base is None:
            return {"gasPrice": self._ask(lambda: int(self._eth.gas_price))}
        tip = self._ask(lambda: int(self._eth.max_priority_fee))
        price = 2 * int(base) + tip
        return {"maxFeePerGas": max(price, LEAST_CAP) if price else 0, "maxPriorityFeePerGas": tip}

    def gas_limit(self) -> int:
        """The most gas that a block has room for."""
        return int(self.block()["gasLimit"])

    def estimate_gas(self, to: str | None, data: bytes, *, sender: str) -> int:
        """The gas that a transaction would take now.

        Raises:
            Refused: the contract refuses it.
            UnknownContract: it fails as no contract of Veche would.
        """
        request = _request(to=to, data=data, sender=sender)
        answer = self._answer("eth_estimateGas", request)
        return self._ask(lambda: int(self._result(answer), 16))

    def send_raw(self, raw: bytes) -> None:
        """Hands over a signed transaction; that the node has it already is no error.

        Raises:
            NodeRefused: it does not take it; the message tells why.
        """
        try:
            self._ask(lambda: self._eth.send_raw_transaction(raw))
        except NodeRefused as error:
            if not any(each in str(error) for each in ("already known", "already imported")):
                raise

    def send_from_node(self, transaction: dict[str, Any]) -> bytes:
        """Has the node sign with a key that it holds; the hash of the transaction."""
        return self._ask(lambda: bytes(self._eth.send_transaction(cast("Any", transaction))))

    def knows(self, transaction: bytes) -> bool:
        """Whether the node has a transaction, in a block or waiting for one."""
        try:
            self._ask(lambda: self._eth.get_transaction(cast("Any", transaction)))
        except TransactionNotFound:
            return False
        return True

    def receipt(self, transaction: bytes) -> dict[str, Any] | None:
        """The receipt of a transaction, once a block holds it."""
        try:
            return self._ask(
                lambda: dict(self._eth.get_transaction_receipt(cast("Any", transaction)))
            )
        except TransactionNotFound:
            return None

    def request(self, method: str, *parameters: Any) -> Any:  # noqa: ANN401  # plain JSON
        """Any other request; its result.

        Raises:
            NodeRefused: the node answers with an error.
        """
        answer = self._answer(method, *parameters)
        if isinstance(answer, dict) and answer.get("error"):
            raise NodeRefused(f"{self.name}: {answer['error']}")
        return self._ask(lambda: answer["result"])

    def _ask(self, question: Callable[[], T]) -> T:
        try:
            return question()
        except TransactionNotFound:
            raise
        except BlockNotFound as error:
            raise NodeBehind(f"{self.name} has no such block: {error}") from error
        except Web3RPCError as error:
            raise NodeRefused(f"{self.name} says: {_said(error.rpc_response, error)}") from error
        except Web3Exception as error:
            raise NodeRefused(f"{self.name}: {error}") from error
        except RequestException as error:
            kind = type(error).__name__
            raise NodeUnreachable(f"{self.name} does not answer ({kind})") from error
        except (ValueError, TypeError, KeyError) as error:
            raise NodeUnreachable(f"{self.name} answers, but is no Ethereum node") from error


class _Provider(HTTPProvider):
    """What makes requests, of many questions as well; again and again where that is safe."""

    def ask_together(self, method: str, each: Sequence[list[Any]]) -> Any:  # noqa: ANN401  # JSON
        """What a node answers to a method with each of these parameters; they count from 0."""
        asked = [
            {"jsonrpc": "2.0", "id": number, "method": method, "params": parameters}
            for number, parameters in enumerate(each)
        ]
        answer = self._make_request(RPCEndpoint(method), json.dumps(asked).encode())
        return self.decode_rpc_response(answer)


def _said(answer: object, otherwise: object = "nothing that was asked for") -> str:
    """What an answer without a result says, in the node's words."""
    error = answer.get("error") if isinstance(answer, dict) else None
    said = error.get("message", error) if isinstance(error, dict) else error
    return str(said or otherwise)


def _named(block: Block) -> str:
    """A block as requests name it."""
    if isinstance(block, bytes):
        return "0x" + block.hex()
    return hex(block) if isinstance(block, int) else block


def _request(*, to: str | None, data: bytes, sender: str | None) -> Any:  # noqa: ANN401  # web3's
    request = {"to": to, "data": "0x" + data.hex(), "from": sender}
    return {name: value for name, value in request.items() if value is not None}
