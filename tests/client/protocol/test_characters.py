"""The gate for everything that is shown: what people write passes, and what deceives does not."""

from __future__ import annotations

import pytest

from veche.protocol.characters import is_readable, on_one_line, shown, unreadable


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Деревья, Bäume, 木",
        "Oui\u00a0? Oui\u202f!",
        "大\u3000阪",
        "می\u200cخواهم",
        "ශ්\u200dරී ලංකා",
        "क्\u200cष",
        "র\u200d্যাব",
        "👨\u200d👩\u200d👧\u200d👦",
        "👩🏽\u200d⚕️",
        "❤️\u200d🔥",
        "🙂\u200d↔️",
    ],
)
def test_text_is_shown_as_people_write_it(text: str) -> None:
    assert is_readable(text)
    assert shown(text) == text


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("a\nb", [1]),
        ("a\rb", [1]),
        ("a\u2028b\u2029", [1, 3]),
        ("a\x85b", [1]),
        ("\x1b[2J", [0]),
        ("a\u202eb", [1]),
        ("a\u2066b\u2069", [1, 3]),
        ("\u200fa", [0]),
        ("\ufeffa", [0]),
        ("a\ud800", [1]),
        ("Oak\u200b", [3]),
        ("O\u200cak", [1]),
        ("Oak\u200d", [3]),
        ("\u200dOak", [0]),
        ("\n\u200d\n", [0, 1, 2]),
        ("👩\u200d", [1]),
        ("\u200d👩", [0]),
        ("1\u200d👩", [1]),
        ("می\u200c", [2]),
    ],
)
def test_text_fails_to_pass_if_it_hides_or_steers(text: str, places: list[int]) -> None:
    assert list(unreadable(text)) == places
    assert not is_readable(text)


def test_line_breaks_pass_where_a_text_may_have_lines() -> None:
    assert is_readable("In spring,\nor never", lines=True)
    assert not is_readable("In spring,\r\nor never", lines=True)


def test_what_cannot_be_shown_is_replaced() -> None:
    assert shown("a\x1b[2J\u202eb\nc") == "a\ufffd[2J\ufffdb\nc"
    assert shown("می\u200cخواهم\u200c") == "می\u200cخواهم\ufffd"


def test_words_of_a_stranger_stand_on_one_line() -> None:
    said = "no\nAll 22 checks hold\r\n\u2028\x1b[2J"
    assert on_one_line(said) == "no All 22 checks hold \ufffd[2J"


def test_large_texts_are_read_in_one_pass() -> None:
    assert len(list(unreadable("\u200d" * 100_000))) == 100_000
