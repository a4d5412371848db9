"""What transactions cost on a fork, to the unit of gas, and how large the contracts are.

`make gas` writes the snapshots of all forks anew; otherwise any drift fails. Everything that a
figure depends on is fixed: owner, salt and nonce of the catalogues and so every address, times,
seeds.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from brownie import Poll, accounts, web3

from support.boards import Board
from support.catalogues import create_catalogue
from support.ceremonies import Ceremony
from support.embedded_chain import COMPILED_FOR, FORKS, NEWEST, fork
from support.polls import ID, Polling, Vote
from veche.crypto.questions import Questions
from veche.trust.provenance import NO_SALT

SNAPSHOTS = Path(__file__).parents[1] / "gas" / "snapshots.json"

CODE_LIMIT = 24_576

LIMITS = {
    COMPILED_FOR: {
        "convene a board, 3 of 5": 900_000,
        "deal, 3 of 5": 600_000,
        "create a poll of 16 choices": 1_500_000,
        "ballot, choose 1 of 5, alone": 275_000,
        "ballot, choose 1 of 5, each in a batch of 25": 160_000,
        "ballot, approve of 16, alone": 620_000,
        "ballot, approve of 16, each in a batch of 10": 395_000,
        "ballot, 5 scores of 0 to 10, alone": 340_000,
        "share, 16 choices": 400_000,
        "result, 16 choices, 2 trustees": 450_000,
        "Poll, bytes of code": 21_000,
    },
    NEWEST: {
        "convene a board, 3 of 5": 900_000,
        "deal, 3 of 5": 600_000,
        "create a poll of 16 choices": 1_500_000,
        "ballot, choose 1 of 5, alone": 305_000,
        "ballot, choose 1 of 5, each in a batch of 25": 162_000,
        "ballot, approve of 16, alone": 740_000,
        "ballot, approve of 16, each in a batch of 10": 405_000,
        "ballot, 5 scores of 0 to 10, alone": 370_000,
        "share, 16 choices": 490_000,
        "result, 16 choices, 2 trustees": 450_000,
        "Poll, bytes of code": 21_000,
    },
}
"""The most that a transaction may cost, by fork, and the size that leaves a poll room. Since Osaka
`modexp`, which inverts and takes square roots, costs three times as much (EIP-7883).
"""

DEADLINES = {"deal_by": 4_102_444_800, "confirm_by": 4_102_531_200}
"""In the year 2100: whatever other tests have done to the clock, it is not that late."""
OPENS = 4_102_700_000
CLOSES = 4_102_800_000

CHOOSE_ONE = Questions.of((5, 1, 1, 1))
APPROVE = Questions.of((16, 1, 0, 16))
SCORES = Questions.of((5, 10, 0, 50))


def person(index: int) -> Any:
    """An account with ether whose key, and so whose contracts' addresses, are always the same."""
    account = accounts.add(f"0x{0x1000 + index:064x}")
    accounts[0].transfer(account, "1 ether", silent=True)
    return account


@pytest.fixture(scope="module")
def measured(at_time: Any) -> dict[str, int]:
    """Every figure, by its name in plain English."""
    figures = dict(_ceremony())
    polling = _board(Ceremony(2, 3, "gas polls"), 20)
    polling.deal_all().confirm_all()
    choose = _poll(polling, CHOOSE_ONE, [1] * 999 + [3])
    approve, tallied = (_poll(polling, APPROVE, [1] * 1_000) for _ in range(2))
    scores = _poll(polling, SCORES, [1] * 1_000)
    figures |= _publishing(approve)
    at_time(OPENS)
    figures |= _choosing(choose) | _approving(approve) | _scoring(scores)
    tallied.cast_batch([tallied.vote(index, _one(index, 16)) for index in range(3)])
    at_time(CLOSES)
    return figures | _tally(tallied) | _code_sizes(tallied.catalogue)


def _board(ceremony: Ceremony, owner: int) -> Board:
    """A board of a catalogue that this person owns."""
    official = person(owner)
    catalogue = create_catalogue(official, salt=NO_SALT)
    return Board(ceremony, official=official, catalogue=catalogue, **DEADLINES)


def _ceremony() -> Iterator[tuple[str, int]]:
    board = _board(Ceremony(3, 5, "gas"), 1)
    yield "convene a board, 3 of 5", board.convening.gas_used
    deals = [board.deal(index) for index in board.ceremony.indices]
    yield "deal, 3 of 5", deals[1].gas_used
    confirmations = [board.confirm(index) for index in board.ceremony.indices]
    yield "confirm, 3 of 5", confirmations[1].gas_used
    yield "confirm, 3 of 5, the last", confirmations[4].gas_used
    accused = _board(Ceremony(3, 5, "accused"), 10)
    for index in range(1, 5):
        accused.deal(index)
    accused.deal_badly(5, 1, 77)
    yield "blame, 3 of 5", accused.post_blame(5, 1).gas_used


def _poll(board: Board, questions: Questions, weights: Sequence[int]) -> Polling:
    """A poll with texts of 1,000 bytes."""
    times: dict[str, Any] = {"opens": OPENS, "closes": CLOSES, "content": "w" * 1_000}
    return Polling(board, questions=questions, weights=weights, **times)


def _publishing(poll: Polling) -> dict[str, int]:
    chunk = [[f"0x{index:040x}", 1] for index in range(2**150, 2**150 + 200)]
    roll = poll.catalogue.publishRoll(
        ID, poll.version, 0, chunk, {"from": poll.official}, silent=True
    )
    return {
        "create a poll of 16 choices": poll.publishing.gas_used,
        "publish 200 entries of a roll": roll.gas_used,
    }


def _choosing(poll: Polling) -> dict[str, int]:
    """On a roll of 1,000. The voter whose ballot stands for all has a proof of 10 hashes; those of
    the batch stand anywhere in the tree, which is in the order of hashes.
    """
    first, alone, *others = [poll.vote(index, _one(index, 5)) for index in range(27)]
    assert len(alone.roll_proof) == 10
    again = poll.vote(0, _one(1, 5), replaces=first)
    heavy = poll.vote(999, _one(2, 5))
    return {
        "ballot, choose 1 of 5, the first": _alone(poll, first),
        "ballot, choose 1 of 5, alone": _alone(poll, alone),
        "ballot, choose 1 of 5, each in a batch of 25": _each(poll, others),
        "ballot, choose 1 of 5, replacing another": _alone(poll, again),
        "ballot, choose 1 of 5, of weight 3": _alone(poll, heavy),
    }


def _approving(poll: Polling) -> dict[str, int]:
    votes = [poll.vote(index, [index % 2, *[1, 0, 0] * 5]) for index in range(12)]
    first, alone, *others = votes
    assert len(alone.roll_proof) == 10
    return {
        "ballot, approve of 16, the first": _alone(poll, first),
        "ballot, approve of 16, alone": _alone(poll, alone),
        "ballot, approve of 16, each in a batch of 10": _each(poll, others),
    }


def _scoring(poll: Polling) -> dict[str, int]:
    first, alone = (poll.vote(index, [10, index, 0, 5, 1]) for index in range(2))
    assert len(alone.roll_proof) == 10
    poll.cast(first)
    return {"ballot, 5 scores of 0 to 10, alone": _alone(poll, alone)}


def _one(index: int, options: int) -> list[int]:
    return [int(option == index % options) for option in range(options)]


def _alone(poll: Polling, vote: Vote) -> int:
    used = int(poll.cast(vote).gas_used)
    assert used <= poll.offered([vote])
    return used


def _each(poll: Polling, votes: Sequence[Vote]) -> int:
    receipt = poll.cast_batch(votes)
    assert len(receipt.events["BallotCast"]) == len(votes)
    assert receipt.gas_used <= poll.offered(votes)
    return int(receipt.gas_used) // len(votes)


def _tally(poll: Polling) -> dict[str, int]:
    shares = [poll.share(index) for index in (1, 3)]
    return {
        "share, 16 choices": shares[1].gas_used,
        "result, 16 choices, 2 trustees": poll.publish_result().gas_used,
    }


def _code_sizes(catalogue: Any) -> dict[str, int]:
    """Bytes of runtime code."""
    addresses: dict[str, Any] = {
        "TrusteeBoard": catalogue.boardCode(),
        "PollCatalogue": catalogue.address,
        "Poll": catalogue.pollCode(),
        "Tally": Poll.at(catalogue.pollCode()).tally(),
    }
    return {
        f"{name}, bytes of code": len(web3.eth.get_code(address))
        for name, address in addresses.items()
    }


def _write(measured: dict[str, int]) -> None:
    """Writes the snapshots of the chain's fork, and leaves those of the others."""
    before = json.loads(SNAPSHOTS.read_text()) if SNAPSHOTS.exists() else {}
    found = before | {fork(): measured}
    text = json.dumps({each: found[each] for each in FORKS if each in found}, indent=2)
    SNAPSHOTS.write_text(text + "\n")


def test_gas_is_what_the_snapshots_say(measured: dict[str, int]) -> None:
    if os.environ.get("WRITE_GAS_SNAPSHOTS"):
        _write(measured)
    snapshots = json.loads(SNAPSHOTS.read_text())
    assert measured == snapshots[fork()], "if this is meant to be, `make gas`"


def test_snapshots_have_the_same_figures_for_every_fork() -> None:
    snapshots = json.loads(SNAPSHOTS.read_text())
    assert tuple(snapshots) == FORKS
    for each in FORKS:
        assert list(snapshots[each]) == list(snapshots[COMPILED_FOR])


@pytest.mark.parametrize("name", LIMITS[fork()])
def test_gas_is_within_its_limit(measured: dict[str, int], name: str) -> None:
    assert measured[name] <= LIMITS[fork()][name]


def test_code_is_within_its_limit(measured: dict[str, int]) -> None:
    sizes = [size for name, size in measured.items() if name.endswith("bytes of code")]
    assert sizes
    assert max(sizes) < CODE_LIMIT
