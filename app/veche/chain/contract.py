"""A contract at an address: its methods and events by name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from eth_abi.abi import decode, encode
from eth_utils.abi import collapse_if_tuple
from eth_utils.address import to_checksum_address

from veche.chain.artifact import Artifact
from veche.chain.node import Block, Node
from veche.chain.reverts import UNDECODABLE
from veche.crypto.group import INFINITY, Point
from veche.crypto.keccak import keccak
from veche.errors import UnknownContract


@dataclass(frozen=True, slots=True)
class Event:
    """An event of a contract.

    Attributes:
        values: by the names of its parameters.
        block: its block's number.
        transaction: the hash of its transaction, 32 bytes.
        block_hash: 32 bytes.
    """

    values: dict[str, Any]
    block: int
    transaction: bytes
    block_hash: bytes


class Interface:
    """How the methods and events of an artifact are encoded."""

    def __init__(self, artifact: Artifact) -> None:
        self.artifact = artifact
        self._entries = {
            (each["type"], each.get("name", "")): each
            for each in artifact.abi
            if each["type"] != "error"
        }

    def data(self, method: str, *args: Any) -> bytes:  # noqa: ANN401  # as the ABI wants them
        """The data of a call."""
        types = _types(self._entries["function", method]["inputs"])
        return _hash(method, types)[:4] + encode(types, args)

    def creation(self, *args: Any) -> bytes:  # noqa: ANN401  # as the ABI wants them
        """The data of the transaction that creates the contract."""
        entry = self._entries.get(("constructor", ""), {"inputs": []})
        return self.artifact.bytecode + encode(_types(entry["inputs"]), args)

    def result(self, method: str, data: bytes) -> Any:  # noqa: ANN401  # as the ABI says
        """What a method returned; a tuple where it is several values."""
        outputs = self._entries["function", method]["outputs"]
        values = tuple(map(_value, outputs, _decoded(_types(outputs), data)))
        return values[0] if len(values) == 1 else values

    def topic(self, event: str) -> str:
        """What marks an event among logs."""
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

    def events(self, name: str, logs: Iterable[dict[str, Any]]) -> Iterator[Event]:
        """The events of a name among logs of any kind, as a receipt has them.

        Raises:
            UnknownContract: a log has the topic of this event, but not its form.
        """
        topic = self.topic(name)
        for log in logs:
            if log["topics"] and "0x" + bytes(log["topics"][0]).hex() == topic:
                yield self.event(name, log)

    def event(self, name: str, log: dict[str, Any]) -> Event:
        """The event in a log.

        Raises:
            UnknownContract: no contract of Veche logs it like that.
        """
        inputs = self._entries["event", name]["inputs"]
        indexed = [each for each in inputs if each["indexed"]]
        plain = [each for each in inputs if not each["indexed"]]
        topics = log["topics"][1:]
        if len(topics) != len(indexed):
            raise UnknownContract(f"the log of {name} has {len(topics)} topics, not {len(indexed)}")
        values = {
            each["name"]: _decoded([each["type"]], bytes(topic))[0]
            for each, topic in zip(indexed, topics, strict=True)
        }
        values |= dict(
            zip(
                (each["name"] for each in plain),
                _decoded(_types(plain), bytes(log["data"])),
                strict=True,
            )
        )
        checked = {each["name"]: _value(each, values[each["name"]]) for each in inputs}
        return Event(
            checked,
            int(log["blockNumber"]),
            bytes(log["transactionHash"]),
            bytes(log["blockHash"]),
        )


class Contract:
    """A contract at an address.

    Raises:
        NodeBehind: the address has no code yet, as far as the node has blocks.
        UnknownContract: the address has no code.
    """

    def __init__(self, node: Node, address: str, interface: Interface) -> None:
        self.node = node
        self.address = address
        self.interface = interface
        if not self.code:
            node.require_caught_up()
            raise UnknownContract(f"there is no contract at {address} on chain {node.chain_id}")

    @cached_property
    def code(self) -> bytes:
        """Its code."""
        return self.node.code(self.address)

    def require_published(self) -> None:
        """Refuses a contract that is not the published one.

        Raises:
            UnknownContract: its code is another.
        """
        artifact = self.interface.artifact
        if not artifact.is_code(self.code):
            raise UnknownContract(f"the contract at {self.address} is no {artifact.name} of Veche")

    def read(self, method: str, *args: Any, block: Block = "latest") -> Any:  # noqa: ANN401
        """What a method without a transaction returns.

        Raises:
            Refused: the contract refuses the call.
            UnknownContract: it answers with something else than the published contract would.
        """
        data = self.node.call(self.address, self.interface.data(method, *args), block=block)
        if not data:
            raise UnknownContract(f"the contract at {self.address} has no {method}()")
        return self.interface.result(method, data)

    def read_each(self, method: str, each: Iterable[Any], *, block: Block = "latest") -> list[Any]:
        """What a method of one argument returns for each of these, all in one request; None at a
        block that is older than the contract.

        Raises:
            Refused, UnknownContract: as `read` does.
        """
        calls = [self.interface.data(method, argument) for argument in each]
        return [
            self.interface.result(method, data) if data else None
            for data in self.node.calls(self.address, calls, block=block)
        ]

    @property
    def first_block(self) -> int:
        """The number of a block before which the contract has no events."""
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
            last: the number of the last block to look in; by default the newest.
            dense: whether there may be more of them than memory should hold.

        Raises:
            UnknownContract: a log has not the form of this event.
        """
        begin = self.first_block if first is None else first
        end = int(self.node.block()["number"]) if last is None else last
        topics = self.interface.topics(name, where or {})
        for log in self.node.logs(self.address, topics, begin, end, dense=dense):
            yield self.interface.event(name, log)


def point(words: tuple[int, int]) -> Point:
    """A point that a contract shows; infinity is (0, 0).

    Raises:
        InvalidPoint: it is neither infinity nor a point that there can be.
    """
    return INFINITY if tuple(words) == (0, 0) else Point.from_outside(*words)


def _decoded(types: list[str], data: bytes) -> tuple[Any, ...]:
    try:
        return decode(types, data)
    except UNDECODABLE as error:
        raise UnknownContract("what is shown of a contract is not what it would answer") from error


def _types(inputs: list[dict[str, Any]]) -> list[str]:
    return [collapse_if_tuple(each) for each in inputs]


def _hash(name: str, types: list[str]) -> bytes:
    return keccak(f"{name}({','.join(types)})".encode())


def _value(entry: dict[str, Any], value: Any) -> Any:  # noqa: ANN401  # as the ABI has it
    """A decoded value, with the checksums of all addresses in it."""
    kind = entry["type"]
    if kind == "address":
        return to_checksum_address(value)
    if kind.endswith("[]"):
        inner = entry | {"type": kind.removesuffix("[]")}
        return [_value(inner, each) for each in value]
    if kind == "tuple":
        return tuple(map(_value, entry["components"], value))
    return value
