"""The first block of a private network: its rules, its validators, its accounts' ether, and the
deployer that catalogues are created with.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from veche.chain.creation import DEPLOYER, DEPLOYER_CODE
from veche.files.network import FORKS, TIMED_FORKS

_BLOBS: Final = {"target": 3, "max": 6, "baseFeeUpdateFraction": 3338477}
"""Cancun's rules for blobs, which geth wants to read. No block of a private network has blobs."""


def make(
    *, chain_id: int, gas_limit: int, digest: bytes, accounts: Mapping[str, int]
) -> dict[str, Any]:
    """The first block, in the form that geth's `init` reads.

    Args:
        chain_id: the chain id (EIP-155).
        gas_limit: the gas limit of a block.
        digest: the digest of the consensus, 32 bytes, which names the validators.
        accounts: the balances in wei, by address.
    """
    return {
        "config": {
            "chainId": chain_id,
            **{f"{fork}Block": 0 for fork in FORKS},
            "terminalTotalDifficulty": 0,
            **{f"{fork}Time": 0 for fork in TIMED_FORKS},
            "blobSchedule": {"cancun": _BLOBS},
        },
        "difficulty": "0x0",
        "gasLimit": hex(gas_limit),
        # the price of gas stays at one wei while blocks are less than half full
        "baseFeePerGas": "0x1",
        "extraData": f"0x{digest.hex()}",
        "alloc": {
            **{_bare(address): {"balance": hex(wei)} for address, wei in accounts.items()},
            _bare(DEPLOYER): {"code": f"0x{DEPLOYER_CODE.hex()}", "nonce": "0x1", "balance": "0x0"},
        },
    }


def _bare(address: str) -> str:
    return address.removeprefix("0x").lower()
