"""The most that a transaction may offer: amounts as people write and read them, and refusals."""

from __future__ import annotations

from typing import Any

import pytest

from veche.chain.fees import FeeCap, wei
from veche.errors import TooExpensive
from veche.errors.amounts import ETHER, GWEI, ether_text, gwei_text

BALLOT = {"gas": 600_000, "maxFeePerGas": 50 * GWEI, "maxPriorityFeePerGas": 2 * GWEI}


@pytest.mark.parametrize(
    "fields",
    [
        BALLOT,
        BALLOT | {"maxFeePerGas": 0, "maxPriorityFeePerGas": 0},
        BALLOT | {"maxPriorityFeePerGas": 100 * GWEI, "maxFeePerGas": 200 * GWEI},
        {"gas": 1_000_000, "gasPrice": 1_000 * GWEI},
    ],
)
def test_usual_prices_are_paid(fields: dict[str, Any]) -> None:
    FeeCap().require(fields)


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        (
            BALLOT | {"maxPriorityFeePerGas": 300_000 * GWEI, "maxFeePerGas": 300_002 * GWEI},
            "a tip of 300,000 gwei for a unit of gas; at most 100 gwei is allowed",
        ),
        (BALLOT | {"maxPriorityFeePerGas": 100 * GWEI + 1}, "a tip of 100 gwei"),
        (
            BALLOT | {"maxFeePerGas": 300_000 * GWEI},
            r"could cost 180 ether \(600,000 units of gas at 300,000 gwei\); at most 1 ether",
        ),
        ({"gas": 1_000_001, "gasPrice": 1_000 * GWEI}, "could cost 1.000001 ether"),
    ],
)
def test_more_than_usual_is_refused_with_the_numbers(fields: dict[str, Any], says: str) -> None:
    with pytest.raises(TooExpensive, match=says) as raised:
        FeeCap().require(fields)
    assert "--max-tip" in raised.value.remedy


def test_more_is_paid_if_it_is_allowed_and_less_if_it_is_not() -> None:
    dear = BALLOT | {"maxPriorityFeePerGas": 300 * GWEI, "maxFeePerGas": 3_000 * GWEI}
    FeeCap(tip=300 * GWEI, cost=2 * ETHER).require(dear)
    with pytest.raises(TooExpensive):
        FeeCap(tip=GWEI).require(BALLOT)
    with pytest.raises(TooExpensive):
        FeeCap(cost=ETHER // 100).require(BALLOT)


@pytest.mark.parametrize(
    ("wei", "words"),
    [
        (0, "0 ether"),
        (10**18, "1 ether"),
        (1_234 * 10**18 + 5 * 10**17, "1,234.5 ether"),
        (1_999_999_999_999_999_999, "1.999999 ether"),
    ],
)
def test_ether_is_rounded_down(wei: int, words: str) -> None:
    assert ether_text(wei) == words


def test_price_is_rounded_down() -> None:
    assert gwei_text(1_500_000_000) == "1.5 gwei"
    assert gwei_text(300_000 * GWEI) == "300,000 gwei"


@pytest.mark.parametrize(
    ("text", "unit", "found"),
    [
        ("2.5", GWEI, 2_500_000_000),
        ("0", ETHER, 0),
        ("0.01", ETHER, 10**16),
        ("-1", ETHER, None),
        ("much", ETHER, None),
        ("nan", ETHER, None),
        ("inf", GWEI, None),
    ],
)
def test_amount_is_read_as_people_write_it(text: str, unit: int, found: int | None) -> None:
    assert wei(text, unit) == found
