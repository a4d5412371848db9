"""What a contract's revert means: its custom error as the exception of the same name."""

from __future__ import annotations

from functools import cache
from typing import Any, Final

from eth_abi.abi import decode
from eth_hash.auto import keccak
from eth_utils.abi import collapse_if_tuple
from eth_utils.address import to_checksum_address

from veche import errors
from veche.chain import artifact
from veche.errors import NodeRefused, VecheError

NAMES: Final = ("PollCatalogue", "Poll", "TrusteeBoard")


def refusal(data: object) -> VecheError:
    """The exception that the data of a revert stand for.

    Args:
        data: as a node gives them, 0x and hexadecimal digits; or bytes.
    """
    raw = _raw(data)
    found = _errors().get(raw[:4])
    if found is None:
        what = f"with data 0x{raw.hex()}" if raw else "without a reason: it was malformed"
        return NodeRefused(f"the contract refused the call {what}")
    name, types = found
    values = map(_value, types, decode(types, raw[4:]))
    return getattr(errors, name)(*values)  # type: ignore[no-any-return]


def _raw(data: object) -> bytes:
    if isinstance(data, bytes):
        return data
    text = data if isinstance(data, str) else ""
    try:
        return bytes.fromhex(text.removeprefix("0x"))
    except ValueError:
        return b""


def _value(type_: str, value: Any) -> Any:  # noqa: ANN401  # as the ABI has it
    return to_checksum_address(value) if type_ == "address" else value


@cache
def _errors() -> dict[bytes, tuple[str, list[str]]]:
    """Name and types of every custom error that has an exception, by selector."""
    found = {}
    for entry in (each for name in NAMES for each in artifact.load(name).abi):
        if entry["type"] == "error" and hasattr(errors, entry["name"]):
            types = [collapse_if_tuple(each) for each in entry["inputs"]]
            selector = keccak(f"{entry['name']}({','.join(types)})".encode())[:4]
            found[selector] = entry["name"], types
    return found
