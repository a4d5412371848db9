"""Vectors of the published code: by its hashes, another program knows it again (PROTOCOL §5)."""

from __future__ import annotations

from eth_hash.auto import keccak

from support.forms import Form
from veche.trust import artifact


def listed() -> Form:
    """The hashes of every contract's code, and what the code of clones begins with."""
    return {
        "contracts": [_contract(name) for name in artifact.NAMES],
        "clone": {
            "before the address": _data(artifact.CLONE_HEAD),
            "behind the address": _data(artifact.CLONE_TAIL),
        },
    }


def _contract(name: str) -> Form:
    published = artifact.load(name)
    return {
        "name": name,
        "file": f"app/veche/trust/artifacts/{name}.json",
        "creationHash": _data(keccak(published.bytecode)),
        "codeLength": len(published.runtime),
        "codeHash": _data(keccak(published.runtime)),
        "immutables": {each: list(map(list, at)) for each, at in published.immutables.items()},
    }


def _data(value: bytes) -> str:
    return "0x" + value.hex()
