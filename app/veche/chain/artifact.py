"""The contracts as they were compiled, and how to know their code on a chain.

The files in `artifacts/` are written by `make artifacts`; the contracts' tests compare them with
what is compiled.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

NAMES = ("PollCatalogue", "Poll", "TrusteeBoard")

ADDRESS_LENGTH = 20

CLONE_HEAD = bytes.fromhex("363d3d373d3d3d363d73")
CLONE_TAIL = bytes.fromhex("5af43d82803e903d91602b57fd5bf3")
"""ERC-1167's code, before the address and after it, as OpenZeppelin's Clones makes it."""


@dataclass(frozen=True, slots=True)
class Artifact:
    """A compiled contract.

    Attributes:
        name: of the contract.
        abi: as the compiler gives it.
        bytecode: what creates it; the constructor's arguments go behind.
        runtime: its code on chain, with zeros for the values of immutables.
        immutables: where those stand in the runtime code: first byte and length.
    """

    name: str
    abi: list[dict[str, Any]]
    bytecode: bytes
    runtime: bytes
    immutables: tuple[tuple[int, int], ...]

    def is_code(self, code: bytes) -> bool:
        """Whether code on chain is this contract's, whatever the values of its immutables."""
        if len(code) != len(self.runtime):
            return False
        masked = bytearray(code)
        for start, length in self.immutables:
            masked[start : start + length] = bytes(length)
        return masked == self.runtime


@cache
def load(name: str) -> Artifact:
    """The contract of this name, one of NAMES."""
    file = resources.files("veche.chain") / "artifacts" / f"{name}.json"
    found = json.loads(file.read_text())
    return Artifact(
        name=name,
        abi=found["abi"],
        bytecode=bytes.fromhex(found["bytecode"][2:]),
        runtime=bytes.fromhex(found["runtime"][2:]),
        immutables=tuple((start, length) for start, length in found["immutables"]),
    )


def clone_parts(code: bytes) -> tuple[bytes, bytes] | None:
    """The address of the code that a clone runs, 20 bytes, and the arguments attached to it.

    None for code that is no clone as OpenZeppelin's `Clones.cloneWithImmutableArgs` makes it.
    """
    start = len(CLONE_HEAD)
    end = start + ADDRESS_LENGTH
    behind = end + len(CLONE_TAIL)
    if len(code) < behind or code[:start] != CLONE_HEAD or code[end:behind] != CLONE_TAIL:
        return None
    return code[start:end], code[behind:]
