"""What transactions cost, to the unit of gas, and how large the contracts are.

`make gas` writes the snapshots anew; otherwise any drift fails. Everything that a figure depends on
is fixed: the sender's nonce and so every address, deadlines, seeds.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest
from brownie import Poll, PollCatalogue, TrusteeBoard, accounts, web3

from ceremonies import Ceremony, deal_tuple
from forms import trusted_point

SNAPSHOTS = Path(__file__).parents[1] / "gas" / "snapshots.json"

CODE_LIMIT = 24_576

LIMITS = {"deal, 3 of 5": 600_000, "create a poll of 16 choices": 1_500_000}
"""The most that a transaction may cost."""

FAR_FUTURE = {"deal_by": 4_102_444_800, "confirm_by": 4_102_531_200}


@pytest.fixture(scope="module")
def measured() -> dict[str, int]:
    """Every figure, by its name in plain English."""
    figures, board = _ceremony()
    return figures | _publishing(board) | _code_sizes()


def _ceremony() -> tuple[dict[str, int], Any]:
    """What a board of 3 of 5 costs, and the board; all its hashes depend on the sender alone."""
    official = accounts.add("0x" + "11" * 32)
    people = [accounts.add(f"0x{index:064x}") for index in range(0x1001, 0x1006)]
    for account in (official, *people):
        accounts[0].transfer(account, "1 ether", silent=True)
    ceremony = Ceremony(3, 5, "gas")
    terms = ceremony.terms(people, 0, **FAR_FUTURE)
    board = TrusteeBoard.deploy(*terms, {"from": official}, silent=True)
    hash_ = bytes(board.boardHash())
    deals = [
        board.deal(deal_tuple(ceremony.deal(index, hash_)), {"from": person}, silent=True)
        for index, person in enumerate(people, start=1)
    ]
    confirmations = [
        board.confirm(board.dealsHash(), {"from": person}, silent=True) for person in people
    ]
    accused = Ceremony(3, 5, "accused")
    failing = TrusteeBoard.deploy(
        *accused.terms(people, 0, **FAR_FUTURE), {"from": official}, silent=True
    )
    hash_ = bytes(failing.boardHash())
    for index, person in enumerate(people[:-1], start=1):
        failing.deal(deal_tuple(accused.deal(index, hash_)), {"from": person}, silent=True)
    bad = deal_tuple(accused.bad_deal(5, hash_, 1, 77))
    failing.deal(bad, {"from": people[4]}, silent=True)
    ephemeral = trusted_point([hex(each) for each in failing.ephemeralKey(5)])
    blame = failing.blame(*accused.blame(5, 1, hash_, ephemeral), {"from": people[0]}, silent=True)
    figures = {
        "convene a board, 3 of 5": board.tx.gas_used,
        "deal, 3 of 5": deals[1].gas_used,
        "confirm, 3 of 5": confirmations[1].gas_used,
        "confirm, 3 of 5, the last": confirmations[4].gas_used,
        "blame, 3 of 5": blame.gas_used,
    }
    return figures, board


def _publishing(board: Any) -> dict[str, int]:
    """A poll with words of 1,000 bytes; not the catalogue's first."""
    official = accounts.add("0x" + "22" * 32)
    accounts[0].transfer(official, "1 ether", silent=True)
    catalogue = PollCatalogue.deploy({"from": official}, silent=True)
    times = FAR_FUTURE.values()
    terms = [board.address, "0x" + "cd" * 32, 1_000, *times, 2, [[16, 1, 0, 16]], "w" * 1_000]
    receipts = [
        catalogue.publish(f"0x{index:064x}", terms, {"from": official}, silent=True)
        for index in (1, 2)
    ]
    chunk = [[f"0x{index:040x}", 1] for index in range(2**150, 2**150 + 200)]
    roll = catalogue.publishRoll(f"0x{1:064x}", 0, 0, chunk, {"from": official}, silent=True)
    return {
        "create a poll of 16 choices": receipts[1].gas_used,
        "publish 200 entries of a roll": roll.gas_used,
    }


def _code_sizes() -> dict[str, int]:
    """Bytes of runtime code."""
    addresses: dict[str, Any] = {
        "TrusteeBoard": TrusteeBoard[-1].address,
        "PollCatalogue": PollCatalogue[-1].address,
        "Poll": Poll.at(PollCatalogue[-1].implementation()).address,
    }
    return {
        f"{name}, bytes of code": len(web3.eth.get_code(address))
        for name, address in addresses.items()
    }


def test_gas_is_what_the_snapshots_say(measured: dict[str, int]) -> None:
    if os.environ.get("WRITE_GAS_SNAPSHOTS"):
        SNAPSHOTS.write_text(json.dumps(measured, indent=2) + "\n")
    assert measured == json.loads(SNAPSHOTS.read_text()), "if this is meant to be, `make gas`"


@pytest.mark.parametrize("name", LIMITS)
def test_gas_is_within_its_limit(measured: dict[str, int], name: str) -> None:
    assert measured[name] <= LIMITS[name]


def test_code_is_within_its_limit(measured: dict[str, int]) -> None:
    sizes = [size for name, size in measured.items() if name.endswith("bytes of code")]
    assert sizes
    assert max(sizes) < CODE_LIMIT
