"""Turns a contract's revert into the exception with the name of its custom error.

A revert is the contract's doing, not the node's. If no contract of Veche reverts like that, the
exception is `UnknownContract`.
"""

from __future__ import annotations

from functools import cache
from typing import Any, Final

from eth_abi.abi import decode
from eth_abi.exceptions import DecodingError
from eth_utils.abi import collapse_if_tuple
from eth_utils.address import to_checksum_address

from veche import errors
from veche.chain import dialects
from veche.crypto.keccak import keccak
from veche.errors import UnknownContract, VecheError
from veche.trust import artifact

UNDECODABLE: Final = (DecodingError, ValueError, OverflowError)
"""What decoding raises if the data do not have the expected types."""
SHOWN: Final = 36
"""Maximum bytes of a revert that are shown: a selector and a word."""


def fault(error: object) -> VecheError | None:
    """The exception for a call that failed; None if the contract is not the cause.

    Args:
        error: the error in the node's answer, as JSON-RPC has it.
    """
    if not dialects.is_revert(error):
        return None
    data = dialects.revert_data(error)
    said = dialects.words(error)
    return refusal(data) if data else UnknownContract(f"the contract refused the call: {said}")


def refusal(raw: bytes) -> VecheError:
    """The exception for the data of a revert."""
    found = _errors().get(raw[:4])
    if found is None:
        what = f"with data {_shown(raw)}" if raw else "without a reason"
        return UnknownContract(f"the contract refused the call {what}")
    name, types = found
    try:
        values = [*map(_value, types, decode(types, raw[4:]))]
    except UNDECODABLE:
        return UnknownContract(
            f"the contract refused the call with a {name} that cannot be decoded: {_shown(raw)}"
        )
    return getattr(errors, name)(*values)  # type: ignore[no-any-return]


def _shown(raw: bytes) -> str:
    """The beginning of the data: a contract may give any number of bytes."""
    return f"0x{raw[:SHOWN].hex()}{'…' if len(raw) > SHOWN else ''}"


def _value(type_: str, value: Any) -> Any:  # noqa: ANN401  # as the ABI has it
    return to_checksum_address(value) if type_ == "address" else value


@cache
def _errors() -> dict[bytes, tuple[str, list[str]]]:
    """Name and types of every custom error, by its selector."""
    found = {}
    for entry in (each for name in artifact.NAMES for each in artifact.load(name).abi):
        if entry["type"] == "error" and hasattr(errors, entry["name"]):
            types = [collapse_if_tuple(each) for each in entry["inputs"]]
            selector = keccak(f"{entry['name']}({','.join(types)})".encode())[:4]
            found[selector] = entry["name"], types
    return found
