"""How much everybody may ask for, and how soon it is forgotten who asked."""

from __future__ import annotations

import pytest

from veche.errors import TooManyRequests
from veche.relay import limits
from veche.relay.limits import Buckets, Visitors, visitor


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The time, which a test moves."""
    now = [1_000.0]
    monkeypatch.setattr(limits, "monotonic", lambda: now[0])
    return now


def test_bucket_empties_and_fills_again(clock: list[float]) -> None:
    buckets = Buckets(3, 60, "address")
    for _ in range(3):
        buckets.take("a")
    with pytest.raises(TooManyRequests) as refused:
        buckets.take("a")
    assert refused.value.after == 20
    buckets.take("b")
    clock[0] += 20
    buckets.take("a")
    with pytest.raises(TooManyRequests):
        buckets.require("a")


def test_nobody_is_remembered_once_the_bucket_is_full(clock: list[float]) -> None:
    buckets = Buckets(3, 60, "address")
    buckets.take("a")
    assert len(buckets) == 1
    clock[0] += 61
    buckets.take("b")
    assert len(buckets) == 1


def test_nobody_is_remembered_where_nobody_asks_any_more(clock: list[float]) -> None:
    visitors = Visitors(5)
    visitors.admit("a")
    visitors.suspect("b")
    assert visitors.known == 2
    clock[0] += limits.MINUTE
    visitors.forget()
    assert visitors.known == 1
    clock[0] += limits.SUSPECT_FOR
    visitors.forget()
    assert visitors.known == 0


def test_so_many_are_remembered_and_no_more(
    clock: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "MOST_KNOWN", 10)
    visitors = Visitors(5)
    for each in range(100):
        visitors.admit(str(each))
        visitors.suspect(str(each))
        clock[0] += 0.001
    assert visitors.known <= 20
    assert (visitors.is_suspect("99"), visitors.is_suspect("0")) == (True, False)


def test_suspicion_ends(clock: list[float]) -> None:
    visitors = Visitors(5)
    visitors.suspect("a")
    assert visitors.is_suspect("a")
    clock[0] += limits.SUSPECT_FOR
    assert not visitors.is_suspect("a")


@pytest.mark.parametrize(
    ("host", "name"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::9", "2001:db8:1:2::/64"),
        ("", ""),
        ("unix", "unix"),
    ],
)
def test_customer_has_a_network_in_ipv6(host: str, name: str) -> None:
    assert visitor(host) == name
