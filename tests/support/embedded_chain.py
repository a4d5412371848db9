"""The anvil that Brownie starts and stops, for tests and benchmarks."""

from __future__ import annotations

import os
import socket
from time import sleep
from typing import Any

import brownie
from web3.middleware import Web3Middleware

from veche.chain.embedded import EmbeddedChain
from veche.chain.node import Node

LOOKUPS = ("eth_getTransactionByHash", "eth_getTransactionReceipt")
PATIENCE = 1_000
"""How often a transaction or its receipt is looked for again."""
BEGINS = 1_577_836_800
"""2020-01-01T00:00Z"""

COMPILED_FOR, NEWEST = "london", "osaka"
FORKS = (COMPILED_FOR, NEWEST)
"""The forks of Ethereum whose gas counts: what the contracts are compiled for, and the newest whose
gas anvil knows. Of those after Osaka, `bpo1` and so on change blobs alone.
"""
MOST_GAS = 1 << 24
"""Maximum gas of a transaction since Osaka (EIP-7825)."""


def fork() -> str:
    """The fork that the chain is on: London, unless EVM_FORK names another."""
    found = os.environ.get("EVM_FORK", COMPILED_FOR)
    assert found in FORKS, f"EVM_FORK is none of {FORKS}"
    return found


def configure() -> None:
    """Makes anvil listen on a port that nobody uses, run the fork, and keep no more than it needs:
    the state of every block would take gigabytes on disk. Call it before Brownie connects.
    """
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    network = brownie._config.CONFIG.networks["anvil"]
    network["cmd"] = f"anvil --prune-history 16 --timestamp {BEGINS}"
    network["cmd_settings"] |= {"port": port, "evm_version": fork()}
    if fork() == NEWEST:
        network["cmd"] += " --enable-tx-gas-limit"


def connected() -> EmbeddedChain:
    """The chain, once Brownie has connected to it. Brownie then looks up transactions patiently."""
    brownie.web3.middleware_onion.add(PatientLookup, "patient lookup")
    if fork() == NEWEST:
        brownie.network.gas_limit(MOST_GAS)
    url = brownie.web3.provider.endpoint_uri
    return EmbeddedChain(url, Node(url))


class PatientLookup(Web3Middleware):
    """Looks for a transaction a little longer before it says that there is none.

    Under load the node counts a transaction a moment before its receipt can be had, and Brownie
    takes that for one that was dropped.
    """

    def wrap_make_request(self, make_request: Any) -> Any:
        def look_up(method: Any, parameters: Any) -> Any:
            response = make_request(method, parameters)
            for _ in range(PATIENCE):
                if method not in LOOKUPS or response.get("result") is not None:
                    break
                sleep(0.02)
                response = make_request(method, parameters)
            return response

        return look_up
