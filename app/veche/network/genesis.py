"""The first block of a private network: rules, validators, what accounts have."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

EPOCH: Final = 30_000
"""Blocks after which votes on validators lapse, as Clique has it."""
_FORKS: Final = (
    "homestead",
    "eip150",
    "eip155",
    "eip158",
    "byzantium",
    "constantinople",
    "petersburg",
    "istanbul",
    "berlin",
    "london",
)
"""Every rule of the EVM that the contracts are compiled for holds from the first block on."""


def make(
    *,
    chain_id: int,
    block_time: int,
    gas_limit: int,
    validators: Sequence[str],
    accounts: Mapping[str, int],
) -> dict[str, Any]:
    """The first block, as geth's `init` takes it.

    Args:
        chain_id: by EIP-155.
        block_time: seconds from block to block.
        gas_limit: of a block.
        validators: addresses of those who seal blocks.
        accounts: wei that accounts have, by address.
    """
    return {
        "config": {
            "chainId": chain_id,
            **{f"{fork}Block": 0 for fork in _FORKS},
            "clique": {"period": block_time, "epoch": EPOCH},
        },
        "difficulty": "0x1",
        "gasLimit": hex(gas_limit),
        # gas costs next to nothing while blocks are less than half full
        "baseFeePerGas": "0x1",
        "extraData": _extra_data(validators),
        "alloc": {
            address.removeprefix("0x").lower(): {"balance": hex(wei)}
            for address, wei in accounts.items()
        },
    }


def _extra_data(validators: Sequence[str]) -> str:
    """Clique's: 32 bytes of no meaning, the validators in order, room for a signature."""
    named = sorted(each.removeprefix("0x").lower() for each in validators)
    return f"0x{'00' * 32}{''.join(named)}{'00' * 65}"
