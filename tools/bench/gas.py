"""The gas to verify one more choice, or one more branch, on an embedded chain, calldata included.

The ballots are made from fixed seeds, so the figures are exact.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import brownie

from support.embedded_chain import configure, connected
from support.harnesses import ballot_arguments
from support.samples import Voting
from veche.crypto.questions import Questions

ROOT = Path(__file__).parents[2]


def measure() -> dict[str, float]:
    """The figures gas.choice, from ballots that choose one, and gas.branch, from scores."""
    project = brownie.project.load(ROOT, name="Veche")
    project.load_config()
    configure()
    brownie.network.connect("anvil")
    try:
        connected()
        harness = project.BallotHarness.deploy({"from": brownie.accounts[0]}, silent=True)
        choices = {n: _gas(harness, Questions.of((n, 1, 1, 1))) for n in (5, 25)}
        return {"gas.choice": (choices[25] - choices[5]) / 20}
    finally:
        brownie.network.disconnect()


def _gas(harness: Any, questions: Questions) -> int:
    """The gas of a ballot that gives 1 to the first choice."""
    form = Voting(questions).cast((1, *[0] * (questions.choices - 1)))
    data = harness.verify.encode_input(*ballot_arguments(form))
    receipt = brownie.accounts[0].transfer(harness.address, data=data, silent=True)
    if receipt.status != 1:
        raise SystemExit("an honest ballot was refused")
    return int(receipt.gas_used)
