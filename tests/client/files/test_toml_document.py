"""TOML documents, by the example of a poll: their syntax, their shape, and all mistakes at once."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from support.poll_files import FIRST, HEAD, TREE, changed, question, write
from support.refused_files import lines, mistakes, the_mistake
from veche.errors import InvalidFile
from veche.files.poll import read_poll

# -- Syntax and shape --


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("title = Trees\n", 1),
        ("\ntitle = 'Trees\n", 2),
        ('a = 1\n\ntitle = """Trees\n\n', 3),
        ("a = 1\nb = 2\na = 3\n", 3),
        ("[questions]\n[[questions]]\n", 2),
        ("a = [\n1,\n", 2),
        ("a = 1\nwords\n", 2),
        ("opens = 2026-13-01T00:00:00Z", 1),
        ("a = [" + "[" * 100_000, 0),
        ("a = " + "9" * 5000, 0),
        ("\na = '\x00'", 2),
    ],
    ids=range(11),
)
def test_reading_fails_if_it_is_no_toml(text: str, line: int, folder: Path) -> None:
    assert the_mistake(read_poll, write(folder, text)).line == line


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("id", "7"),
        ("title", "true"),
        ("description", "[]"),
        ("board", "{}"),
        ("roll", "1.5"),
        ("min_voters", "true"),
        ("min_voters", "2.0"),
        ("min_voters", "nan"),
        ("min_voters", "inf"),
        ("min_voters", '"2"'),
        ("min_voters", "[2]"),
        ("opens", '"2026-12-01T09:00:00+03:00"'),
        ("opens", "2026-12-01"),
        ("opens", "09:00:00"),
        ("opens", "1796104800"),
        ("opens", "true"),
    ],
)
def test_reading_fails_if_a_value_has_another_type(key: str, value: str, folder: Path) -> None:
    others = "\n".join(line for line in HEAD.splitlines() if not line.startswith(key))
    path = write(folder, f"{key} = {value}\n{others}\n{TREE}")
    mistake = the_mistake(read_poll, path)
    assert mistake.line == 1
    assert f"`{key}` must be" in mistake.what
    assert f"{key} = " in mistake.remedy


@pytest.mark.parametrize("value", ["2026-12-01T09:00:00", "2026-12-01 09:00:00"])
def test_reading_fails_if_a_time_has_no_zone(value: str, folder: Path) -> None:
    path = write(folder, changed("2026-12-01T09:00:00+03:00", value))
    mistake = the_mistake(read_poll, path)
    assert mistake.line == 3
    assert "time zone" in mistake.what
    assert "offset" in mistake.remedy


@pytest.mark.parametrize("key", ["id", "title", "opens", "closes", "board", "roll"])
def test_reading_fails_if_a_key_is_missing(key: str, folder: Path) -> None:
    others = "\n".join(line for line in HEAD.splitlines() if not line.startswith(key))
    mistake = the_mistake(read_poll, write(folder, f"{others}\n{TREE}"))
    assert mistake.line == 0
    assert f"`{key}` is missing" in mistake.what
    assert f"{key} = " in mistake.remedy


@pytest.mark.parametrize("key", ["text", "kind", "options"])
def test_reading_fails_if_a_question_lacks_a_key(key: str, folder: Path) -> None:
    second = question("approval", text="Where?")
    lines = (line for line in second.splitlines() if not line.startswith(key))
    mistake = the_mistake(read_poll, write(folder, HEAD + TREE + "\n" + "\n".join(lines)))
    assert mistake.line == FIRST + 5
    assert f"`{key}` is missing" in mistake.what


@pytest.mark.parametrize(
    ("written", "meant"), [("titel", "title"), ("Board", "board"), ("min_ballot", "min_voters")]
)
def test_reading_fails_at_an_unknown_key_and_suggests_the_one_meant(
    written: str, meant: str, folder: Path
) -> None:
    mistake = the_mistake(read_poll, write(folder, f"{written} = 1\n{HEAD}{TREE}"))
    assert mistake.line == 1
    assert mistake.remedy == f"did you mean `{meant}`?"


@pytest.mark.parametrize("key", ["colour", '"\\u001b[2J"', '"' + "x" * 9999 + '"', "a.b.c"])
def test_reading_fails_at_an_unknown_key_that_resembles_no_other(key: str, folder: Path) -> None:
    mistake = the_mistake(read_poll, write(folder, HEAD + TREE + f"{key} = 1\n"))
    assert mistake.line in (FIRST, FIRST + 4)
    assert "options" in mistake.remedy


@pytest.mark.parametrize(
    ("questions", "line"),
    [
        ("", 0),
        ("questions = []", FIRST),
        ("questions = 1", FIRST),
        ('questions = ["Which?"]', FIRST),
        ("[questions]\ntext = 'Which?'", FIRST),
        ("[[questions]]\n[questions.text]", FIRST),
        (question("approval").replace('"1"', "1"), FIRST + 3),
        (question("approval").replace('["0", "1", "2"]', '"Oak"'), FIRST + 3),
        (question("approval").replace('["0", "1", "2"]', '[["Oak"]]'), FIRST + 3),
    ],
)
def test_reading_fails_if_questions_are_not_a_list_of_tables(
    questions: str, line: int, folder: Path
) -> None:
    assert lines(read_poll, write(folder, HEAD + questions))[0] == line


# -- All mistakes at once --


def test_mistakes_are_reported_at_once_with_their_lines(folder: Path) -> None:
    text = changed("title =", "titel =").replace("+03:00", "", 1).replace('"Oak"', '"Lime"')
    found = mistakes(read_poll, write(folder, text))
    assert [each.line for each in found] == [0, 2, 3, FIRST + 3]
    words = ("`title` is missing", "`titel` is not a key", "no time zone", "twice")
    assert all(said in each.what for said, each in zip(words, found, strict=True))


def test_mistakes_of_shape_and_of_rules_are_reported_together(folder: Path) -> None:
    text = (
        HEAD.replace("closes = 2026", "closes = 2025")
        + "min_voters = 99\n"
        + TREE.replace("choose one", "choose won")
        + question("score", 3, "max_score = 101\nlimit = 2")
        + question("score", 3, 'max_score = "5"', text="How?")
    )
    text += question("cumulative", 3, "points = 101", text="Why?").replace('"1"', "1")
    assert lines(read_poll, write(folder, text)) == [4, 7, 10, 16, 17, 22, 26, 27]


def test_value_of_the_wrong_shape_causes_no_further_mistakes(folder: Path) -> None:
    text = changed("opens = 2026-12-01T09:00:00+03:00", "opens = true")
    text = text.replace("choose one", "cumulative").replace('"cumulative"', "5") + "points = 5\n"
    assert lines(read_poll, write(folder, text)) == [3, FIRST + 2]


DISGUISED = '''id = "oak"
description = """
[[questions]]
title = "not this one"
closes = 1
""" # [[questions]]
'title' = "" # title = ""
opens = 2026-12-01T09:00:00+03:00
closes = 2026-11-08T21:00:00+03:00
"board" = 5
roll = "roll.csv"

[[ questions ]] # the first
text = "Which [[tree]]?"
kind = "choose one"
options = [
  "[[questions]]", # kind = "x"
  \'\'\'
text = "a"\'\'\',
  "b",
  "",
]
limit = 1
  [["questions"]]
  text = 5
  kind = "approval"
  options = ["a", "b"]
'''


def test_lines_are_right_if_texts_look_like_keys(folder: Path) -> None:
    assert lines(read_poll, write(folder, DISGUISED)) == [7, 9, 10, 16, 23, 25]


VALUES = st.one_of(
    st.sampled_from(["true", "nan", "-1", "0", "1", "2", "100", "101", "[]", "{}", '""', '"a"']),
    st.sampled_from(['["a", "b"]', '["a", "a"]', "[1]", '"score"', '"approval"', '"choose one"']),
    st.sampled_from(["2026-12-01", "2026-12-01T09:00:00", "2026-12-01T09:00:00Z", "0xffff"]),
    st.sampled_from(["0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59-23:59"]),
)
KEYS = st.sampled_from(["text", "kind", "options", "limit", "max_score", "points", "other"])
TABLES = st.lists(st.dictionaries(KEYS, VALUES, max_size=7), max_size=4)
HEADS = st.dictionaries(
    st.sampled_from(
        [
            "id",
            "title",
            "description",
            "opens",
            "closes",
            "min_voters",
            "board",
            "roll",
            "questions",
        ]
    ),
    VALUES,
)


def test_very_many_mistakes_are_told_without_delay(folder: Path) -> None:
    """A test would hang if each were compared with each other."""
    many = ", ".join(["1"] * 100_000)
    found = mistakes(read_poll, write(folder, changed('"Lime", "Oak"', many)))
    assert found[-1].what == "and 99900 more mistakes"


@given(HEADS, TABLES)
@settings(max_examples=300)
def test_any_document_is_a_poll_or_refused(
    tmp_path_factory: pytest.TempPathFactory, head: dict[str, str], tables: list[dict[str, str]]
) -> None:
    folder = tmp_path_factory.getbasetemp()
    (folder / "roll.csv").write_text("address,weight\n" + "0x" + "1" * 40 + ",5\n")
    whole = dict(line.split(" = ", 1) for line in HEAD.splitlines()) | head
    if tables:
        whole.pop("questions", None)
    text = "".join(f"{key} = {value}\n" for key, value in whole.items())
    for table in tables:
        text += "[[questions]]\n" + "".join(f"{key} = {value}\n" for key, value in table.items())
    try:
        read_poll(write(folder, text))
    except InvalidFile as error:
        found = [each.line for each in error.mistakes if not each.path]
        assert found == sorted(found)
        assert max(found) <= text.count("\n")
