"""Gas of a ballot's verification on an embedded chain, calldata included.

Marginal: what one more choice, or one more branch, adds to a transaction. The ballots come from
fixed seeds, so that the figures are exact.
"""

from __future__ import annotations

import socket
from pathlib import Path
from typing import Any

import brownie

from harnesses import ballot_arguments
from samples import Voting
from veche.crypto.questions import Questions

ROOT = Path(__file__).parents[1]


def measure() -> dict[str, float]:
    """gas.choice, in a ballot that chooses one; gas.branch, in one that gives a score."""
    project = brownie.project.load(ROOT, name="Veche")
    project.load_config()
    brownie._config.CONFIG.networks["anvil"]["cmd_settings"]["port"] = _free_port()
    brownie.network.connect("anvil")
    try:
        harness = project.BallotHarness.deploy({"from": brownie.accounts[0]}, silent=True)
        choices = {options: _gas(harness, options, 1, 1) for options in (5, 25)}
        branches = {score: _gas(harness, 1, score, None) for score in (10, 30)}
        return {
            "gas.choice": (choices[25] - choices[5]) / 20,
            "gas.branch": (branches[30] - branches[10]) / 20,
        }
    finally:
        brownie.network.disconnect()


def _gas(harness: Any, options: int, max_score: int, total: int | None) -> int:
    """Gas of one ballot; `total` is what must be given, or None where nothing must."""
    limits = (0, options * max_score) if total is None else (total, total)
    scores = (1, *[0] * (options - 1))
    form = Voting(Questions.of((options, max_score, *limits))).cast(scores)
    data = harness.verify.encode_input(*ballot_arguments(form))
    receipt = brownie.accounts[0].transfer(harness.address, data=data, silent=True)
    if receipt.status != 1:
        raise SystemExit("an honest ballot was refused")
    return int(receipt.gas_used)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
