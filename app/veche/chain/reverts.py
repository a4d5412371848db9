"""What a contract's revert means: its custom error as the exception of the same name.

No answer of a contract is the node's fault: what is none that a contract of Veche would give is an
`UnknownContract`.
"""

from __future__ import annotations

from functools import cache
from typing import Any, Final

from eth_abi.abi import decode
from eth_abi.exceptions import DecodingError
from eth_utils.abi import collapse_if_tuple
from eth_utils.address import to_checksum_address

from veche import errors
from veche.chain import artifact
from veche.crypto.keccak import keccak
from veche.errors import UnknownContract, VecheError

UNDECODABLE: Final = (DecodingError, ValueError, OverflowError)
"""What decoding ends with where the data are not of the types that they should be."""
REVERTED: Final = 3
"""What nodes number a revert with that gives a reason."""
SHOWN: Final = 36
"""Bytes of a revert that are shown: a selector and a word."""
FAULTS: Final = (
    "revert",
    "evm error",
    "out of gas",
    "invalid opcode",
    "invalid jump",
    "stack underflow",
    "stack limit",
    "return data out of bounds",
    "write protection",
    "gas uint64 overflow",
)
"""What nodes say, among other words, of a contract that failed; in small letters."""


def fault(error: object) -> VecheError | None:
    """The exception for a node's answer to a call that it does not give the result of; None where
    that is not the contract's doing.

    Args:
        error: of JSON-RPC.
    """
    if not isinstance(error, dict):
        return None
    said = str(error.get("message", ""))
    if error.get("code") != REVERTED and not any(each in said.lower() for each in FAULTS):
        return None
    data = error.get("data")
    return refusal(data) if data else UnknownContract(f"the contract refused the call: {said}")


def refusal(data: object) -> VecheError:
    """The exception that the data of a revert stand for.

    Args:
        data: as a node gives them, 0x and hexadecimal digits; or bytes.
    """
    raw = _raw(data)
    found = _errors().get(raw[:4])
    if found is None:
        what = f"with data {_shown(raw)}" if raw else "without a reason: it was malformed"
        return UnknownContract(f"the contract refused the call {what}")
    name, types = found
    try:
        values = [*map(_value, types, decode(types, raw[4:]))]
    except UNDECODABLE:
        return UnknownContract(f"the contract refused the call with half of {name}: {_shown(raw)}")
    return getattr(errors, name)(*values)  # type: ignore[no-any-return]


def _raw(data: object) -> bytes:
    if isinstance(data, bytes):
        return data
    text = data if isinstance(data, str) else ""
    try:
        return bytes.fromhex(text.removeprefix("0x"))
    except ValueError:
        return b""


def _shown(raw: bytes) -> str:
    """The beginning of data: a contract may give as much as it likes."""
    return f"0x{raw[:SHOWN].hex()}{'…' if len(raw) > SHOWN else ''}"


def _value(type_: str, value: Any) -> Any:  # noqa: ANN401  # as the ABI has it
    return to_checksum_address(value) if type_ == "address" else value


@cache
def _errors() -> dict[bytes, tuple[str, list[str]]]:
    """Name and types of every custom error that has an exception, by selector."""
    found = {}
    for entry in (each for name in artifact.NAMES for each in artifact.load(name).abi):
        if entry["type"] == "error" and hasattr(errors, entry["name"]):
            types = [collapse_if_tuple(each) for each in entry["inputs"]]
            selector = keccak(f"{entry['name']}({','.join(types)})".encode())[:4]
            found[selector] = entry["name"], types
    return found
