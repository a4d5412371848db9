"""Deadlines on the command line."""

from __future__ import annotations

import pytest
import typer

from veche.cli import deadlines
from veche.cli.deadlines import Wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("1970-01-01T00:00:00Z", Wanted(0, is_span=False)),
        ("1970-01-01T03:00+03:00", Wanted(0, is_span=False)),
        ("2026-12-01T18:00:00+03:00", Wanted(1_796_137_200, is_span=False)),
        ("2026-12-01T18:00:00.9+03:00", Wanted(1_796_137_200, is_span=False)),
        ("0001-01-01T00:00:00+14:00", Wanted(-62_135_647_200, is_span=False)),
        ("9999-12-31T23:59:59-14:00", Wanted(253_402_351_199, is_span=False)),
        ("30m", Wanted(1_800, is_span=True)),
        ("2h", Wanted(7_200, is_span=True)),
        ("1d", Wanted(86_400, is_span=True)),
        ("999999d", Wanted(86_399_913_600, is_span=True)),
    ],
)
def test_time_or_span_is_read(text: str, wanted: Wanted) -> None:
    assert deadlines.parse(text) == wanted


@pytest.mark.parametrize("text", ["2026-12-01T18:00:00", "2026-12-01", "20261201T180000"])
def test_time_is_refused_if_it_has_no_zone(text: str) -> None:
    with pytest.raises(typer.BadParameter, match="no time zone: write 2026-12-01T18:00:00"):
        deadlines.parse(text)


@pytest.mark.parametrize(
    "text",
    [
        *("", "m", "h", "30", "30s", "30 m", "1w", "1d2h", "1.5h", "h1", "1D"),
        *("0m", "00d", "01h", "-1h", "+1h", "1000000d", "9" * 5_000 + "d", "٣m", "３０m"),
        *("tomorrow", "1796137200", "2026-13-01T00:00:00Z", "2026-12-01T25:00:00Z", "1d\n"),
        *("10000-01-01T00:00:00Z", "2026-12-01T18:00:00+99:00", "NaN", "\0"),
    ],
)
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(typer.BadParameter, match="neither a time nor a span: write 2026"):
        deadlines.parse(text)
