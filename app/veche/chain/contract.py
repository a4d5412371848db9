"""Contracts: their methods and events by name, as values of Python."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from functools import cached_property
from typing import Any, TypeVar

from eth_abi.abi import decode, encode
from eth_utils.abi import collapse_if_tuple
from eth_utils.address import to_checksum_address

from veche.chain.answers import Log
from veche.chain.node import Block, Node
from veche.chain.reverts import UNDECODABLE
from veche.crypto.group import INFINITY, Point
from veche.crypto.keccak import keccak
from veche.errors import UnknownContract
from veche.trust import artifact
from veche.trust.artifact import Artifact

E = TypeVar("E", bound=Enum)


@dataclass(frozen=True, slots=True)
class Event:
    """An event of a contract.

    Attributes:
        values: its values, by the names of its parameters.
        block: the number of its block.
        transaction: the hash of its transaction, 32 bytes.
        block_hash: the hash of its block, 32 bytes.
    """

    values: dict[str, Any]
    block: int
    transaction: bytes
    block_hash: bytes


class Interface:
    """Encodes calls of a compiled contract; decodes its results and events.

    Attributes:
        artifact: the compiled contract.
    """

    def __init__(self, artifact: Artifact) -> None:
        self.artifact = artifact
        self._entries = {
            (each["type"], each.get("name", "")): each
            for each in artifact.abi
            if each["type"] != "error"
        }

    def data(self, method: str, *args: Any) -> bytes:  # noqa: ANN401  # as the ABI wants them
        """The data of a call of a method."""
        types = _types(self._entries["function", method]["inputs"])
        return self.selector(method) + encode(types, args)

    def arguments(self, method: str, data: bytes) -> tuple[Any, ...] | None:
        """The arguments in the data of a call; None if it is no call of this method."""
        inputs = self._entries["function", method]["inputs"]
        if data[:4] != self.selector(method):
            return None
        try:
            return tuple(map(_value, inputs, _decoded(_types(inputs), data[4:])))
        except UnknownContract:
            return None

    def is_exact(self, method: str, data: bytes) -> bool:
        """Whether data are those of a call of a method, as `data` encodes them: decoders take other
        encodings too, as large as anybody likes.
        """
        types = _types(self._entries["function", method]["inputs"])
        try:
            return data == self.selector(method) + encode(types, _decoded(types, data[4:]))
        except UnknownContract:
            return False

    def selector(self, method: str) -> bytes:
        """The first four bytes of a method's calls."""
        return _hash(method, _types(self._entries["function", method]["inputs"]))[:4]

    def creation(self, *args: Any) -> bytes:  # noqa: ANN401  # as the ABI wants them
        """The data of the transaction that creates the contract."""
        entry = self._entries.get(("constructor", ""), {"inputs": []})
        return self.artifact.bytecode + encode(_types(entry["inputs"]), args)

    def result(self, method: str, data: bytes) -> Any:  # noqa: ANN401  # as the ABI says
        """What a method returned; a tuple if it returns several values.

        Raises:
            UnknownContract: the method cannot have returned these data.
        """
        outputs = self._entries["function", method]["outputs"]
        values = tuple(map(_value, outputs, _decoded(_types(outputs), data)))
        return values[0] if len(values) == 1 else values

    def topic(self, event: str) -> str:
        """The topic that marks an event's logs, 0x and hexadecimal digits."""
        types = _types(self._entries["event", event]["inputs"])
        return "0x" + _hash(event, types).hex()

    def topics(self, event: str, where: Mapping[str, Any]) -> list[str | None]:
        """The topics by which a node finds the logs of an event.

        Args:
            event: its name.
            where: the values that indexed parameters must have, by their names.
        """
        entries = [each for each in self._entries["event", event]["inputs"] if each["indexed"]]
        wanted = [
            "0x" + encode([each["type"]], [where[each["name"]]]).hex()
            if each["name"] in where
            else None
            for each in entries
        ]
        return [self.topic(event), *wanted]

    def events(self, name: str, logs: Iterable[Log]) -> Iterator[Event]:
        """The events of a name among logs of any kind, as a receipt has them.

        Raises:
            UnknownContract: a log has the topic of this event, but not its form.
        """
        topic = self.topic(name)
        for log in logs:
            if log["topics"] and "0x" + log["topics"][0].hex() == topic:
                yield self.event(name, log)

    def event(self, name: str, log: Log) -> Event:
        """The event in a log.

        Raises:
            UnknownContract: the log does not have the form of this event.
        """
        inputs = self._entries["event", name]["inputs"]
        indexed = [each for each in inputs if each["indexed"]]
        plain = [each for each in inputs if not each["indexed"]]
        topics = log["topics"][1:]
        if len(topics) != len(indexed):
            raise UnknownContract(
                f"a log of {name} has {len(topics)} indexed values, not {len(indexed)}"
            )
        values = {
            each["name"]: _decoded([each["type"]], topic)[0]
            for each, topic in zip(indexed, topics, strict=True)
        }
        names = [each["name"] for each in plain]
        values |= zip(names, _decoded(_types(plain), log["data"]), strict=True)
        checked = {each["name"]: _value(each, values[each["name"]]) for each in inputs}
        return Event(checked, log["blockNumber"], log["transactionHash"], log["blockHash"])


class Contract:
    """A contract at an address.

    Attributes:
        node: the node that shows it.
        address: the contract's address.
        interface: encodes its calls, and decodes its results and events.
        block: the block at which it is read by default; "latest" is the newest at each reading.

    Raises:
        NodeBehind: the address has no code, and the node is syncing or has only the first block.
        UnknownContract: the address has no code, although the node has caught up.
    """

    def __init__(
        self, node: Node, address: str, interface: Interface, *, block: Block = "latest"
    ) -> None:
        self.node = node
        self.address = address
        self.interface = interface
        self.block = block
        if not self.code:
            node.require_caught_up()
            raise UnknownContract(f"there is no contract at {address} on chain {node.chain_id}")

    @cached_property
    def code(self) -> bytes:
        """The contract's code."""
        return self.node.code(self.address, self.block)

    def require_published(self) -> None:
        """Refuses a contract whose code Veche did not publish.

        Raises:
            UnknownContract: the code differs from the compiled contract's.
        """
        published = self.interface.artifact
        if not published.is_code(self.code):
            raise UnknownContract(
                f"the contract at {self.address} is not a {published.name} of Veche"
            )

    def read(self, method: str, *args: Any, block: Block | None = None) -> Any:  # noqa: ANN401
        """What a method returns, without a transaction.

        Args:
            method: its name.
            args: its arguments.
            block: the block in whose state it is called; by default the contract's.

        Raises:
            Refused: the contract refuses the call.
            UnknownContract: the published contract would not answer like that.
        """
        call = self.interface.data(method, *args)
        data = self.node.call(self.address, call, block=self._block(block))
        if not data:
            raise UnknownContract(f"the contract at {self.address} has no {method}()")
        return self.interface.result(method, data)

    def read_as(self, kind: type[E], method: str, *, block: Block | None = None) -> E:
        """What a method returns, as a value of an enumeration.

        Raises:
            UnknownContract: the enumeration has no such value.
        """
        found = self.read(method, block=block)
        try:
            return kind(found)
        except ValueError as error:
            raise UnknownContract(f"{self.address} has no {method} {found}") from error

    def read_each(
        self, method: str, each: Iterable[Any], *, block: Block | None = None
    ) -> list[Any]:
        """What a method of one argument returns for many arguments, all in one request.

        Args:
            method: its name.
            each: the arguments.
            block: the block in whose state it is called; by default the contract's.

        Returns:
            What `read` would return for each; None if the block is older than the contract.

        Raises:
            Refused: the contract refuses a call.
            UnknownContract: the published contract would not answer like that.
        """
        calls = [self.interface.data(method, argument) for argument in each]
        return [
            self.interface.result(method, data) if data else None
            for data in self.node.calls(self.address, calls, block=self._block(block))
        ]

    def _block(self, block: Block | None) -> Block:
        return self.block if block is None else block

    @property
    def first_block(self) -> int:
        """The number of the first block that may have events of the contract."""
        return 0

    def events(
        self,
        name: str,
        *,
        where: Mapping[str, Any] | None = None,
        first: int | None = None,
        last: int | None = None,
        dense: bool = False,
    ) -> Iterator[Event]:
        """The contract's events of a name, in order.

        Args:
            name: the event's name.
            where: the values that indexed parameters must have, by their names.
            first: the number of the first block to look in; by default the contract's first.
            last: the number of the last block to look in; by default the block at which the
                contract is read.
            dense: whether there may be more of them than memory should hold.

        Raises:
            UnknownContract: a log does not have the form of this event.
            NodeBehind: the block at which the contract is read was replaced meanwhile.
        """
        logs = self.logs(name, where=where, first=first, last=last, dense=dense)
        return (self.interface.event(name, log) for log in logs)

    def logs(
        self,
        name: str,
        *,
        where: Mapping[str, Any] | None = None,
        first: int | None = None,
        last: int | None = None,
        dense: bool = False,
    ) -> Iterator[Log]:
        """The logs of the contract's events of a name, not decoded yet; otherwise as `events`.

        Raises:
            NodeBehind: the block at which the contract is read was replaced meanwhile.
        """
        begin = self.first_block if first is None else first
        end = self.node.block(self.block)["number"] if last is None else last
        topics = self.interface.topics(name, where or {})
        yield from self.node.logs(self.address, topics, begin, end, dense=dense)
        if last is None and isinstance(self.block, bytes):
            self.node.require_kept(end, self.block)


def require_clone(contract: Contract) -> Contract:
    """The contract whose code a clone runs: the published contract of its interface.

    Raises:
        UnknownContract: its code is not a clone's, or the cloned code is not the published one.
    """
    parts, interface = artifact.clone_parts(contract.code), contract.interface
    if parts is None:
        name = interface.artifact.name
        raise UnknownContract(f"the contract at {contract.address} is not a {name} of Veche")
    address = to_checksum_address(parts[0])
    shared = Contract(contract.node, address, interface, block=contract.block)
    shared.require_published()
    return shared


def point(words: tuple[int, int]) -> Point:
    """A point that a contract shows; (0, 0) is infinity.

    Raises:
        InvalidPoint: the words are neither infinity nor a point that may come from outside.
    """
    return INFINITY if tuple(words) == (0, 0) else Point.from_outside(*words)


def _decoded(types: list[str], data: bytes) -> tuple[Any, ...]:
    try:
        return decode(types, data)
    except UNDECODABLE as error:
        raise UnknownContract("no contract of Veche gives such an answer") from error


def _types(inputs: list[dict[str, Any]]) -> list[str]:
    return [collapse_if_tuple(each) for each in inputs]


def _hash(name: str, types: list[str]) -> bytes:
    return keccak(f"{name}({','.join(types)})".encode())


def _value(entry: dict[str, Any], value: Any) -> Any:  # noqa: ANN401  # as the ABI has it
    """A decoded value; all addresses in it get their checksums."""
    kind = entry["type"]
    if kind == "address":
        return to_checksum_address(value)
    if kind.endswith("[]"):
        inner = entry | {"type": kind.removesuffix("[]")}
        return [_value(inner, each) for each in value]
    if kind == "tuple":
        return tuple(map(_value, entry["components"], value))
    return value
