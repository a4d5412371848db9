"""Code that creates a contract of its author's liking: any state, any logs, and then whatever code,
be it the published one. Comparing code proves nothing about state.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from eth_hash.auto import keccak

from veche.trust.artifact import CLONE_HEAD, CLONE_TAIL

CODECOPY, SSTORE, LOG0, RETURN = 0x39, 0x55, 0xA0, 0xF3
ENTRY = 11
"""Bytes that choose an answer."""
NOTHING = bytes.fromhex("60006000fd")
"""Reverts where there is no answer."""


@dataclass(frozen=True)
class Log:
    """An entry of a log that nobody's call has made.

    Attributes:
        topics: words.
        data: bytes.
    """

    topics: Sequence[bytes]
    data: bytes


@dataclass(frozen=True)
class Forgery:
    """A contract whose author chose everything of it.

    Attributes:
        runtime: its code.
        storage: the words in its storage, by their places.
        logs: its log.
    """

    runtime: bytes
    storage: Mapping[int, int] = field(default_factory=dict)
    logs: Sequence[Log] = ()

    @property
    def creation(self) -> bytes:
        """The code that creates it. The data stand behind the instructions."""
        begins = len(self._instructions(0))
        data = b"".join(each.data for each in self.logs) + self.runtime
        return self._instructions(begins) + data

    def _instructions(self, at: int) -> bytes:
        """The instructions, if their data begin at this place. Their length is always the same."""
        code = b""
        for place, word in self.storage.items():
            code += _push(word) + _push(place) + bytes([SSTORE])
        for log in self.logs:
            code += _copy(at, len(log.data))
            code += b"".join(_push(int.from_bytes(each, "big")) for each in reversed(log.topics))
            code += _push(len(log.data), 4) + _push(0, 1) + bytes([LOG0 + len(log.topics)])
            at += len(log.data)
        code += _copy(at, len(self.runtime))
        return code + _push(len(self.runtime), 4) + _push(0, 1) + bytes([RETURN])


def clone(code: str, arguments: bytes = b"") -> bytes:
    """The code of a clone, to the byte as a catalogue makes it.

    Args:
        code: the address of the code that it runs.
        arguments: what stands behind its code.
    """
    return CLONE_HEAD + bytes.fromhex(code.removeprefix("0x")) + CLONE_TAIL + arguments


def impostor(answers: Mapping[str, Sequence[int]]) -> bytes:
    """The code of a contract that always gives the same answers.

    Args:
        answers: the words of each, by the signature of the method.
    """
    bodies = {method: _return(words) for method, words in answers.items()}
    head = _push(0, 1) + bytes.fromhex("3560e01c")  # the selector
    at = len(head) + ENTRY * len(bodies) + len(NOTHING)
    entries = b""
    for method, body in bodies.items():
        selector = int.from_bytes(keccak(method.encode())[:4], "big")
        # if it is this selector, go there
        entries += b"\x80" + _push(selector, 4) + b"\x14" + _push(at, 2) + b"\x57"
        at += len(body)
    return head + entries + NOTHING + b"".join(bodies.values())


def _return(words: Sequence[int]) -> bytes:
    """A place to go to, and what returns these words there."""
    stored = b"".join(_push(word) + _push(32 * i, 2) + b"\x52" for i, word in enumerate(words))
    return b"\x5b" + stored + _push(32 * len(words), 2) + _push(0, 1) + bytes([RETURN])


def _copy(at: int, length: int) -> bytes:
    """Copies data that stand behind the instructions to the beginning of memory."""
    return _push(length, 4) + _push(at, 4) + _push(0, 1) + bytes([CODECOPY])


def _push(value: int, size: int = 32) -> bytes:
    return bytes([0x5F + size]) + value.to_bytes(size, "big")
