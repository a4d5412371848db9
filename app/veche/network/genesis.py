"""The first block of a private network: its rules, its validators, its accounts' ether, and the
deployer that catalogues are created with.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from veche.chain.creation import DEPLOYER, DEPLOYER_CODE
from veche.files.network import FORKS

EPOCH: Final = 30_000
"""Number of blocks after which votes on validators lapse in Clique."""


def make(
    *,
    chain_id: int,
    block_time: int,
    gas_limit: int,
    validators: Sequence[str],
    accounts: Mapping[str, int],
) -> dict[str, Any]:
    """The first block, in the form that geth's `init` reads.

    Args:
        chain_id: the chain id (EIP-155).
        block_time: the seconds from block to block.
        gas_limit: the gas limit of a block.
        validators: the addresses of the accounts that seal blocks.
        accounts: the balances in wei, by address.
    """
    return {
        "config": {
            "chainId": chain_id,
            **{f"{fork}Block": 0 for fork in FORKS},
            "clique": {"period": block_time, "epoch": EPOCH},
        },
        "difficulty": "0x1",
        "gasLimit": hex(gas_limit),
        # the price of gas stays at one wei while blocks are less than half full
        "baseFeePerGas": "0x1",
        "extraData": _extra_data(validators),
        "alloc": {
            **{_bare(address): {"balance": hex(wei)} for address, wei in accounts.items()},
            _bare(DEPLOYER): {"code": f"0x{DEPLOYER_CODE.hex()}", "nonce": "0x1", "balance": "0x0"},
        },
    }


def _bare(address: str) -> str:
    return address.removeprefix("0x").lower()


def _extra_data(validators: Sequence[str]) -> str:
    """The extra data of Clique: 32 zeros, the validators in order, 65 zeros for a signature."""
    named = sorted(_bare(each) for each in validators)
    return f"0x{'00' * 32}{''.join(named)}{'00' * 65}"
