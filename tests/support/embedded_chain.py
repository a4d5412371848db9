"""The anvil that Brownie starts and stops, for tests and benchmarks."""

from __future__ import annotations

import socket
from time import sleep
from typing import Any

import brownie
from web3.middleware import Web3Middleware

LOOKUPS = ("eth_getTransactionByHash", "eth_getTransactionReceipt")
PATIENCE = 100
"""How often a transaction or its receipt is looked for again."""


def configure() -> None:
    """Makes anvil listen on a port that nobody uses, and keep no more than it needs: the state of
    every block would take gigabytes on disk. Call it before Brownie connects.
    """
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    network = brownie._config.CONFIG.networks["anvil"]
    network["cmd"] = "anvil --prune-history 16"
    network["cmd_settings"]["port"] = port


def look_up_patiently() -> None:
    """Call it after Brownie has connected."""
    brownie.web3.middleware_onion.add(PatientLookup, "patient lookup")


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
