"""docs/record.md: its example is the good record, and its bounds are those of the code."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from support.vector_files import load
from veche.crypto.questions import MAX_CHOICES
from veche.crypto.sharing import MAX_TRUSTEES
from veche.observer import record_file, record_parts

PAGE = (Path(__file__).parents[3] / "docs" / "record.md").read_text()
EXAMPLE = re.findall(r"```json\n(.*?)```", PAGE, re.DOTALL)[0].splitlines()
LINES: list[str] = load("records")["lines"]


@pytest.mark.parametrize(("shown", "line"), list(zip(EXAMPLE, LINES, strict=True)), ids=range(11))
def test_line_of_the_example_is_that_of_the_good_record(shown: str, line: str) -> None:
    assert re.fullmatch(".*".join(map(re.escape, shown.split("…"))), line)


def test_every_field_is_explained_before_the_example() -> None:
    explained = set(re.findall(r"\w+", PAGE[: PAGE.index("## An example")]))
    for line in LINES:
        assert set(re.findall(r'"(\w+)":', re.sub(r"\\.", "", line))) <= explained


def test_bounds_are_those_of_the_page() -> None:
    assert record_file.LONGEST_LINE == 2**20
    assert "at most 2^20 bytes" in PAGE
    assert f"2^20 + {record_file.RATIO}·n bytes" in PAGE
    assert f"at most {MAX_TRUSTEES} `trustees`" in PAGE
    assert f"at most {MAX_CHOICES} `sums`" in PAGE
    assert f"{record_parts.ROLL_LINE:,} in a line" in PAGE
    assert " ".join(f"{each:02x}" for each in record_file.HEADER) in PAGE
