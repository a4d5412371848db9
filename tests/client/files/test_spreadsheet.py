"""Tables for spreadsheets: whatever a stranger writes in them stays a text."""

from __future__ import annotations

import csv
from io import StringIO

import pytest

from veche.files.spreadsheet import csv_text


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", " =1", "\u00a0=1", "\u3000@x"])
def test_text_is_no_formula(text: str) -> None:
    assert list(csv.reader(StringIO(csv_text([[text, 1]])))) == [[f"'{text}", "1"]]


@pytest.mark.parametrize("text", ["Lime", 'Lime, "Oak"', "2 = 2", "Липа", "a;b", "line\nbreak"])
def test_other_texts_are_as_they_are(text: str) -> None:
    assert list(csv.reader(StringIO(csv_text([[text, None, -1, 2.5]])))) == [
        [text, "", "-1", "2.5"]
    ]


def test_character_that_steers_is_replaced() -> None:
    assert csv_text([["a\u202e\x1bb"]]) == "a\ufffd\ufffdb\n"
