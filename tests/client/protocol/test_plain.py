"""JSON documents from outside: every program must read the same in them."""

from __future__ import annotations

import json

import pytest

from veche.errors import InvalidDocument
from veche.protocol import plain
from veche.protocol.plain import MOST_LEVELS, Form

DEEP = 5_000
"""More lists in each other than any program reads."""


@pytest.mark.parametrize(
    "text",
    [
        '{"a": [1, 2.5, null, true], "b": {"a": "\\u0416 \\ud83c\\udf33"}}',
        '[{"a": 1}, {"a": 2}]',
        '"\\\\ud800"',
        "0",
        "[" * MOST_LEVELS + "1" + "]" * MOST_LEVELS,
        "[" + "[1], " * 100 + "[[]]]",
    ],
)
def test_document_is_read_as_every_program_does(text: str) -> None:
    assert plain.parse(text) == json.loads(text)


@pytest.mark.parametrize(
    "text",
    [
        '{"a": 1, "a": 1}',
        '[{"b": {"a": 1, "\\u0061": 2}}]',
        "NaN",
        '{"a": [-Infinity]}',
        '{"a": 1e400}',
        "-1" + "0" * 400 + ".0",
        '"\\ud800"',
        '{"a": ["\\udf33\\ud83c"]}',
        '{"\\ud800": 1}',
        "\ufeff{}",
        "{} {}",
        "",
        "9" * 5_000,
        "[" * DEEP,
        "[" * DEEP + "]" * DEEP,
        "[" * (MOST_LEVELS + 1) + "1" + "]" * (MOST_LEVELS + 1),
        '{"a":' * (MOST_LEVELS + 1) + "1" + "}" * (MOST_LEVELS + 1),
    ],
    ids=range(17),
)
def test_document_that_programs_read_in_different_ways_is_refused(text: str) -> None:
    with pytest.raises(InvalidDocument, match="not a JSON document"):
        plain.parse(text)
    with pytest.raises(InvalidDocument, match="ballot: this is not a JSON document"):
        Form.parse(text, what="ballot")


def test_list_that_is_too_long_is_refused() -> None:
    form = Form({"a": [1, 2, 3]}, what="form")
    assert form.numbers("a", most=3) == [1, 2, 3]
    with pytest.raises(InvalidDocument, match="a is not a list of at most 2"):
        form.numbers("a", most=2)


def test_address_has_its_checksum_once_it_is_read() -> None:
    text = "0x" + "ab" * 20
    form = Form({"a": [text], "b": [text.replace("a", "A", 1)]}, what="form")
    assert form.addresses("a")[0].lower() == text
    with pytest.raises(InvalidDocument, match="b is not an address"):
        form.addresses("b")
