"""Gas of a ballot's verification on an embedded chain, calldata included.

Marginal: what one more choice adds to a transaction. The ballots come from fixed seeds, so that the
figure is exact.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import brownie

from support.embedded_chain import configure, look_up_patiently
from support.harnesses import ballot_arguments
from support.samples import Voting
from veche.crypto.questions import Questions

ROOT = Path(__file__).parents[2]


def measure() -> dict[str, float]:
    """gas.choice, in a ballot that chooses one."""
    project = brownie.project.load(ROOT, name="Veche")
    project.load_config()
    configure()
    brownie.network.connect("anvil")
    try:
        look_up_patiently()
        harness = project.BallotHarness.deploy({"from": brownie.accounts[0]}, silent=True)
        choices = {n: _gas(harness, Questions.of((n, 1, 1, 1))) for n in (5, 25)}
        return {"gas.choice": (choices[25] - choices[5]) / 20}
    finally:
        brownie.network.disconnect()


def _gas(harness: Any, questions: Questions) -> int:
    """Gas of one ballot, which gives 1 to the first choice."""
    form = Voting(questions).cast((1, *[0] * (questions.choices - 1)))
    data = harness.verify.encode_input(*ballot_arguments(form))
    receipt = brownie.accounts[0].transfer(harness.address, data=data, silent=True)
    if receipt.status != 1:
        raise SystemExit("an honest ballot was refused")
    return int(receipt.gas_used)
