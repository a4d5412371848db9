"""Messages show fields, values and times as people read them, also in another process."""

from __future__ import annotations

import json
import pickle
from collections.abc import Callable
from datetime import UTC, timedelta, timezone
from typing import Any

import pytest

from veche.errors import (
    BallotExpired,
    BoardNotReady,
    DeadlineNotPassed,
    DeadlinePassed,
    HasBallots,
    InsufficientFunds,
    InvalidDeadlines,
    InvalidFile,
    InvalidScalar,
    InvalidTimes,
    InvalidTotalWeight,
    Mistake,
    NodeRefused,
    Refused,
    TooFewShares,
    TransactionPending,
    VecheError,
    WrongBoardPhase,
    WrongPhase,
    WrongTracker,
)
from veche.errors.amounts import ETHER
from veche.errors.phases import NAMES
from veche.errors.phrases import numbered
from veche.errors.times import time_text
from veche.protocol.phase import BoardPhase, Phase

MOSCOW = timezone(timedelta(hours=3))


def test_message_shows_field_reason_and_value() -> None:
    refusal = InvalidScalar(0, field="response 3")
    assert str(refusal) == "response 3: 0x0 is not in 1..n-1"
    assert str(InvalidScalar(0)) == "0x0 is not in 1..n-1"


@pytest.mark.parametrize(
    ("numbers", "shown"),
    [([], "no trustee"), ([2], "trustee 2"), ([1, 3, 4], "trustees 1, 3 and 4")],
)
def test_trustees_are_named_as_people_read_them(numbers: list[int], shown: str) -> None:
    assert numbered("trustee", numbers) == shown


def test_words_of_a_node_stand_on_one_line() -> None:
    said = NodeRefused("http://127.0.0.1:8545 says: no\nAll 22 checks hold\r\u2028.")
    assert str(said) == "http://127.0.0.1:8545 says: no All 22 checks hold ."


def test_message_shows_hashes_as_digits_and_values_stay_bytes() -> None:
    refusal = WrongTracker(bytes(31) + b"\x01", bytes(32))
    assert f"is 0x{'00' * 31}01, not 0x{'00' * 32}" in str(refusal)
    assert refusal.values == (bytes(31) + b"\x01", bytes(32))


@pytest.mark.parametrize(
    ("seconds", "zone", "shown"),
    [
        (1_803_880_800, MOSCOW, "2027-03-01 09:00 +03:00 (2027-03-01 06:00 UTC)"),
        (1_803_880_801, UTC, "2027-03-01 06:00:01 UTC"),
        (2**40 - 1, MOSCOW, "1099511627775 seconds after 1970"),
        (2**64 - 1, UTC, f"{2**64 - 1} seconds after 1970"),
    ],
)
def test_time_is_shown_in_its_zone_and_in_utc(seconds: int, zone: timezone, shown: str) -> None:
    assert time_text(seconds, zone) == shown


@pytest.mark.parametrize(
    "error", [InvalidDeadlines, DeadlinePassed, DeadlineNotPassed, InvalidTimes, BallotExpired]
)
def test_message_shows_dates_and_values_stay_numbers(error: type[Refused]) -> None:
    times = (1_803_880_800, 1_803_967_200, 1_804_053_600)[: error.reason.count("{")]
    refusal = error(*times)
    assert refusal.values == times
    for day, time in enumerate(times, start=1):
        assert f"2027-03-0{day}" in str(refusal)
        assert "06:00 UTC" in str(refusal)
        assert str(time) not in str(refusal)


@pytest.mark.parametrize(
    ("refusal", "said"),
    [
        (WrongPhase(1, 0), "the poll is scheduled; for this it must be open"),
        (WrongPhase(1, 9), "the poll is in phase 9; for this it must be open"),
        (WrongBoardPhase(0, 2), "the board is ready; for this it must be dealing"),
        (BoardNotReady(3), "the board has no key: it is failed"),
    ],
)
def test_message_names_phases_and_values_stay_numbers(refusal: Refused, said: str) -> None:
    assert str(refusal) == said
    assert all(isinstance(each, int) for each in refusal.values)


@pytest.mark.parametrize(("of", "phases"), [("poll", Phase), ("board", BoardPhase)])
def test_messages_name_phases_as_everything_else_does(
    of: str, phases: type[Phase | BoardPhase]
) -> None:
    assert NAMES[of] == tuple(phases)
    phase_of: Callable[[Any], Any] = phases
    assert [phase_of(each.number) for each in phases] == [*phases]
    assert json.dumps([*phases]) == json.dumps(NAMES[of])
    with pytest.raises(ValueError, match="9"):
        phase_of(9)


@pytest.mark.parametrize(
    ("refusal", "said"),
    [
        (HasBallots(1), "1 voter voted already"),
        (HasBallots(2_000), "2,000 voters voted already"),
        (TooFewShares(1, 0), "a result needs 1 share; it has 0"),
        (InvalidTotalWeight(3_000_000, 1), "total weight 3,000,000 times"),
    ],
)
def test_message_counts_as_people_do(refusal: Refused, said: str) -> None:
    assert str(refusal).startswith(said)


def test_message_tells_what_an_account_has_and_what_it_needs() -> None:
    short = InsufficientFunds("0xab", has=ETHER // 4, needs=2_000 * ETHER)
    assert str(short) == "0xab has 0.25 ether, and this can cost 2,000 ether"
    under_way = InsufficientFunds("0xab", has=2 * ETHER, needs=300)
    assert str(under_way) == (
        "0xab has 2 ether, and this can cost 300 wei, beside what it has sent already"
    )


@pytest.mark.parametrize(
    "error",
    [
        InvalidScalar(0, field="response 3"),
        InsufficientFunds("0xab", has=1, needs=2),
        WrongTracker(bytes(32), b"\1" * 32),
        TransactionPending(b"\7" * 32, "late"),
        InvalidFile("a.toml", [Mistake(1, "wrong", "right it")]),
        WrongPhase(1, 0),
    ],
)
def test_exception_from_another_process_is_the_same(error: VecheError) -> None:
    other = pickle.loads(pickle.dumps(error))  # noqa: S301  # our own
    assert type(other) is type(error)
    assert str(other) == str(error)
    assert vars(other) == vars(error)
    assert other.exit_code == error.exit_code
