"""A plugin of pytest that records the values of conditions, as the node's traces show them."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from time import sleep
from typing import Any

import brownie
import pytest
from web3 import HTTPProvider

from tools.branch_coverage.instrumented import TOLD

FILE = Path("told.json")

TRACER = {"tracer": "callTracer"}
CALLS = {"eth_call", "eth_estimateGas"}
TRANSACTIONS = {"eth_sendTransaction", "eth_sendRawTransaction"}
PATIENCE = 1000
"""Maximum requests for a trace: the node returns a transaction's hash before it mines it."""

Ask = Callable[[str, Any], Any]

_told: set[int] = set()
_plain_request = HTTPProvider.make_request


def pytest_configure() -> None:
    """Watches all requests, and lets the node accept the larger contracts."""
    pytest.MonkeyPatch().setattr(HTTPProvider, "make_request", _watched_request)
    brownie._config.CONFIG.networks["anvil"]["cmd"] += " --disable-code-size-limit"


def pytest_sessionfinish() -> None:
    """Writes the values that were seen."""
    FILE.write_text(json.dumps(sorted(_told)))


def _watched_request(provider: HTTPProvider, method: Any, parameters: Any) -> Any:
    def ask(method: str, parameters: Any) -> Any:
        return _plain_request(provider, method, parameters)

    answer = ask(method, parameters)
    if method in CALLS:
        block = parameters[1] if len(parameters) > 1 else "latest"
        trace = ask("debug_traceCall", [parameters[0], block, TRACER])["result"]
        if ("error" in trace) != ("error" in answer):
            raise RuntimeError(f"{method} and its trace differ: {answer}, {trace}")
        _look_through(trace)
    elif method in TRANSACTIONS and "result" in answer:
        _look_through(_transaction(ask, answer["result"]))
    return answer


def _transaction(ask: Ask, name: str) -> Any:
    for _ in range(PATIENCE):
        trace = ask("debug_traceTransaction", [name, TRACER]).get("result", {})
        # a transaction that is not mined yet has an empty trace of another form
        if "from" in trace:
            return trace
        sleep(0.01)
    raise TimeoutError(f"no trace of {name}")


def _look_through(frame: Any) -> None:
    """Notes the values that a call and the calls within it report."""
    called = frame.get("to") or ""
    if called.startswith(TOLD):
        _told.add(int(called.removeprefix(TOLD), 16))
    for each in frame.get("calls", ()):
        _look_through(each)
