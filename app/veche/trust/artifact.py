"""The compiled contracts, and how to recognise their code on a chain.

`make artifacts` writes the files in `artifacts/`; the contracts' tests compare them with what the
compiler gives.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from eth_utils.address import to_checksum_address

NAMES = ("PollCatalogue", "Poll", "Tally", "TrusteeBoard")
"""The contracts that are deployed."""
ADDRESS_LENGTH = 20
"""Bytes of an address."""

CLONE_HEAD = bytes.fromhex("363d3d373d3d3d363d73")
CLONE_TAIL = bytes.fromhex("5af43d82803e903d91602b57fd5bf3")
"""A clone's code before and after the address, as OpenZeppelin's Clones makes it (ERC-1167)."""


@dataclass(frozen=True, slots=True)
class Artifact:
    """A compiled contract.

    Attributes:
        name: the contract's name.
        abi: its methods, events and errors, as the compiler gives them.
        bytecode: the code that creates it; the constructor's arguments follow it.
        runtime: its code on chain, with zeros in place of immutable values.
        immutables: where immutable values stand in the runtime code, by the variable's name: first
            byte and length of each place.
    """

    name: str
    abi: list[dict[str, Any]]
    bytecode: bytes
    runtime: bytes
    immutables: dict[str, tuple[tuple[int, int], ...]]

    def is_code(self, code: bytes) -> bool:
        """Whether code on chain is this contract's, with any value for each immutable variable."""
        if len(code) != len(self.runtime):
            return False
        masked = bytearray(code)
        for name, places in self.immutables.items():
            if len(self._values(name, code)) != 1:
                return False
            for start, length in places:
                masked[start : start + length] = bytes(length)
        return masked == self.runtime

    def address(self, name: str, code: bytes) -> str:
        """The address that an immutable variable has in code on chain; of code that is not this
        contract's, any address.
        """
        start, length = self.immutables[name][0]
        found = code[start : start + length].rjust(length, b"\0")
        return to_checksum_address(found[-ADDRESS_LENGTH:])

    def _values(self, name: str, code: bytes) -> set[bytes]:
        return {code[start : start + length] for start, length in self.immutables[name]}


@cache
def load(name: str) -> Artifact:
    """The compiled contract with this name, one of NAMES."""
    file = resources.files("veche.trust") / "artifacts" / f"{name}.json"
    found = json.loads(file.read_text())
    return Artifact(
        name=name,
        abi=found["abi"],
        bytecode=bytes.fromhex(found["bytecode"][2:]),
        runtime=bytes.fromhex(found["runtime"][2:]),
        immutables={
            name: tuple((start, length) for start, length in places)
            for name, places in found["immutables"].items()
        },
    )


def clone_parts(code: bytes) -> tuple[bytes, bytes] | None:
    """What a clone is made of: the address of the code that it runs, 20 bytes, and its arguments.

    None if OpenZeppelin's `Clones.cloneWithImmutableArgs` did not make this code.
    """
    start = len(CLONE_HEAD)
    end = start + ADDRESS_LENGTH
    behind = end + len(CLONE_TAIL)
    if len(code) < behind or code[:start] != CLONE_HEAD or code[end:behind] != CLONE_TAIL:
        return None
    return code[start:end], code[behind:]
