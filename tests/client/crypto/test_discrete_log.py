"""Scores found in points, and bounds kept."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from veche.crypto.discrete_log import DiscreteLogTable, discrete_log
from veche.crypto.group import INFINITY, G, N, Scalar
from veche.errors import DiscreteLogNotFound


@pytest.mark.parametrize("bound", [*range(12), 50, 99, 100])
def test_every_score_is_found_and_none_beyond_the_bound(bound: int) -> None:
    table = DiscreteLogTable(bound)
    for score in range(bound + 1):
        assert table.find(G * Scalar(score)) == score
    for beyond in (bound + 1, bound + 2, 2 * bound + 3, N - 1, N - bound - 1):
        with pytest.raises(DiscreteLogNotFound) as caught:
            table.find(G * Scalar(beyond))
        assert caught.value.bound == bound


@given(st.integers(0, 2**28))
@settings(max_examples=20)
def test_any_score_is_found(score: int) -> None:
    assert TABLE.find(G * Scalar(score)) == score


TABLE = DiscreteLogTable(2**28)


@pytest.mark.parametrize("entries", [1, 2, 7, 1000])
def test_a_small_table_finds_the_same(entries: int) -> None:
    table = DiscreteLogTable(5_000, max_entries=entries)
    for score in (0, 1, 2, 2_500, 4_999, 5_000):
        assert table.find(G * Scalar(score)) == score
    with pytest.raises(DiscreteLogNotFound):
        table.find(G * Scalar(5_001))


def test_infinity_is_zero() -> None:
    assert discrete_log(INFINITY, 10) == 0
    assert discrete_log(INFINITY, 0) == 0


def test_no_score_is_below_zero() -> None:
    with pytest.raises(DiscreteLogNotFound, match=r"0\.\.-1"):
        discrete_log(INFINITY, -1)


def test_progress_goes_up_to_the_total() -> None:
    reports: list[tuple[int, int]] = []
    table = DiscreteLogTable(2**26, progress=lambda done, total: reports.append((done, total)))
    assert reports[0][0] == 0
    assert reports[-1][0] == reports[-1][1]
    assert reports == sorted(reports)
    assert len(reports) > 2
    reports.clear()
    table.find(G * Scalar(2**26), progress=lambda done, total: reports.append((done, total)))
    assert reports[0][0] == 0
    assert all(done <= total for done, total in reports)
