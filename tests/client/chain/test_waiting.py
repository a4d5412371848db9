"""What nodes show of a waiting transaction: taken in every dialect, and no other with it."""

from __future__ import annotations

from typing import Any

import pytest

from veche.chain import answers
from veche.errors import WrongAnswer

ACCOUNT = "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266"
OTHER = "0x70997970C51812dc3A010C7d01b50e0d17dc79C8"
HASH = "0x" + "ab" * 32
SHOWN = {
    "hash": HASH,
    "from": ACCOUNT.lower(),
    "nonce": "0x7",
    "to": OTHER.lower(),
    "input": "0x0102",
    "gas": "0x5208",
    "value": "0x0",
    "maxFeePerGas": "0x9",
    "maxPriorityFeePerGas": "0x1",
    "blockHash": None,
}


def without(*names: str, **others: Any) -> dict[str, Any]:
    return {name: each for name, each in SHOWN.items() if name not in names} | others


def test_waiting_transaction_is_read() -> None:
    assert answers.waiting(SHOWN, ACCOUNT, 7) == {
        "transaction": bytes.fromhex(HASH[2:]),
        "nonce": 7,
        "to": OTHER,
        "data": b"\1\2",
        "fields": {
            "nonce": 7,
            "to": OTHER,
            "data": "0x0102",
            "gas": 21_000,
            "value": 0,
            "maxFeePerGas": 9,
            "maxPriorityFeePerGas": 1,
        },
    }


DIALECTS: dict[str, dict[str, Any]] = {
    "the sender with its checksum": without() | {"from": ACCOUNT},
    "zeros before a number": without(nonce="0x07"),
    "no block's hash at all": without("blockHash"),
    "data in place of input": without("input", data="0x0102"),
    "a gas price beside the others": without(gasPrice="0x9"),
    "more fields": without(type="0x2", accessList=[], chainId="0x1", r="0x1"),
}


@pytest.mark.parametrize("name", DIALECTS)
def test_waiting_transaction_is_read_in_every_dialect(name: str) -> None:
    assert answers.waiting(DIALECTS[name], ACCOUNT, 7) == answers.waiting(SHOWN, ACCOUNT, 7)


def test_waiting_transaction_of_an_old_kind_has_one_price() -> None:
    nothing = {"maxFeePerGas": None, "maxPriorityFeePerGas": None}
    for shown in (without(*answers.PRICES, gasPrice="0x5"), without(**nothing, gasPrice="0x5")):
        found = answers.waiting(shown, ACCOUNT, 7)
        assert found
        assert found["fields"]["gasPrice"] == 5
        assert not set(answers.PRICES) & set(found["fields"])


def test_waiting_transaction_may_create_a_contract() -> None:
    for shown in (without(to=None), without("to")):
        found = answers.waiting(shown, ACCOUNT, 7)
        assert found
        assert found["to"] == ""
        assert "to" not in found["fields"]


def test_transaction_that_a_block_holds_does_not_wait() -> None:
    assert answers.waiting(None, ACCOUNT, 7) is None
    assert answers.waiting(without(blockHash=HASH), ACCOUNT, 7) is None


@pytest.mark.parametrize(
    "shown",
    [
        without(nonce="0x8"), without(**{"from": OTHER}), without("hash"), without(hash="0x12"),
        without(gas=21_000), without(value="rubbish"), without("maxPriorityFeePerGas"),
        without(to="0x12"), without(input=None), [], "0x", 7, {}, {"from": {}}, True,
    ],
    ids=str,
)  # fmt: skip
def test_strange_answer_is_no_waiting_transaction(shown: Any) -> None:
    with pytest.raises(WrongAnswer):
        answers.waiting(shown, ACCOUNT, 7)


STRANGERS: list[Any] = [{"from": OTHER, "nonce": "0x7"}, {"from": None}, {}, None, "0x12", []]
"""What nodes have in their pools and blocks beside it."""


def test_waiting_transaction_is_found_among_strange_ones() -> None:
    found = answers.waiting(SHOWN, ACCOUNT, 7)
    for name in ("pending", "queued"):
        pool = {str(at): each for at, each in enumerate([*STRANGERS, SHOWN])}
        assert answers.waiting_in_pool({name: pool}, ACCOUNT, 7) == found
    listed = [*STRANGERS, without(blockHash=HASH)]
    assert answers.waiting_in_block({"transactions": listed}, ACCOUNT, 7) == found


def test_pool_and_block_without_it_show_nothing() -> None:
    pools: list[Any] = [{}, {"pending": None, "queued": {}}, {"pending": {"7": STRANGERS[0]}}]
    for pool in pools:
        assert answers.waiting_in_pool(pool, ACCOUNT, 7) is None
    assert answers.waiting_in_block({"transactions": STRANGERS}, ACCOUNT, 7) is None


@pytest.mark.parametrize("shown", [None, [], "0x", {"pending": [1]}, {"pending": "7"}], ids=str)
def test_strange_pool_or_block_is_refused(shown: Any) -> None:
    with pytest.raises(WrongAnswer):
        answers.waiting_in_pool(shown, ACCOUNT, 7)
    with pytest.raises(WrongAnswer):
        answers.waiting_in_block(shown, ACCOUNT, 7)
