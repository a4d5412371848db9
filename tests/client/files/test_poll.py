"""Polls as officials write them, honest and hostile."""

from __future__ import annotations

from dataclasses import FrozenInstanceError
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from support.refused_files import lines, mistakes, the_mistake
from veche.errors import InvalidFile
from veche.files.poll import read_poll
from veche.protocol.content import kind

HEAD = """id = "oak-street-trees"
title = "Trees for Oak Street"
opens = 2026-12-01T09:00:00+03:00
closes = 2026-12-08T21:00:00+03:00
board = "city-2026"
roll = "roll.csv"
"""
TREE = """[[questions]]
text = "Which tree?"
kind = "choose one"
options = ["Lime", "Oak", "Maple"]
"""
FIRST = HEAD.count("\n") + 1
"""The line of the first question; its text, kind and options stand in the next three."""
VOTERS = 5


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    roll = "\n".join(["address,weight", *(f"0x{each:040x},{each}" for each in range(1, 6))])
    (tmp_path / "roll.csv").write_text(roll)
    return tmp_path


def write(folder: Path, text: str) -> Path:
    path = folder / "poll.toml"
    path.write_text(text)
    return path


def question(kind: str, options: int = 3, more: str = "", text: str = "Which?") -> str:
    names = ", ".join(f'"{number}"' for number in range(options))
    return f'[[questions]]\ntext = "{text}"\nkind = "{kind}"\noptions = [{names}]\n{more}\n'


def changed(old: str, new: str) -> str:
    text = HEAD + TREE
    assert old in text
    return text.replace(old, new)


# -- What is read --


def test_poll_is_read(folder: Path) -> None:
    path = write(folder, HEAD + 'description = """\n  In spring,\nor never """\n' + TREE)
    poll = read_poll(path)
    assert poll.path == path
    assert poll.id == "oak-street-trees"
    assert poll.id_bytes == b"oak-street-trees" + bytes(16)
    assert poll.content.title == "Trees for Oak Street"
    assert poll.content.description == "In spring,\nor never"
    assert [each.text for each in poll.content] == ["Which tree?"]
    assert poll.content.questions[0].options == ("Lime", "Oak", "Maple")
    assert poll.opens == 1796104800
    assert poll.closes == 1796752800
    assert poll.min_ballots == 2
    assert poll.board == "city-2026"
    assert poll.roll.total_weight == 15
    poll.content.require_fit(poll.questions)
    with pytest.raises(FrozenInstanceError):
        poll.opens = 0  # type: ignore[misc]


def test_what_may_be_left_out_has_its_default(folder: Path) -> None:
    poll = read_poll(write(folder, HEAD + TREE))
    assert poll.content.description == ""
    assert poll.min_ballots == 2


@pytest.mark.parametrize(
    ("text", "words", "said"),
    [
        (question("choose one"), (3, 1, 1, 1), "choose one"),
        (question("choose up to", more="limit = 2"), (3, 1, 0, 2), "choose up to 2"),
        (question("choose up to", more="limit = 3"), (3, 1, 0, 3), "approve of any number"),
        (question("choose up to", 60, more="limit = 59"), (60, 1, 0, 59), "choose up to 59"),
        (question("approval"), (3, 1, 0, 3), "approve of any number"),
        (question("approval", 1), (1, 1, 0, 1), "approve of any number"),
        (question("approval", 60), (60, 1, 0, 60), "approve of any number"),
        (question("score", more="max_score = 5"), (3, 5, 0, 15), "score each 0 to 5"),
        (question("score", 8, more="max_score = 100"), (8, 100, 0, 800), "score each 0 to 100"),
        (question("cumulative", more="points = 10"), (3, 10, 10, 10), "give 10 points in all"),
        (
            question("cumulative", 2, more="points = 100"),
            (2, 100, 100, 100),
            "give 100 points in all",
        ),
    ],
)
def test_kinds_are_the_protocol_s_limits(
    text: str, words: tuple[int, int, int, int], said: str, folder: Path
) -> None:
    questions = read_poll(write(folder, HEAD + text)).questions
    assert questions.limits == [words]
    if words[:3] != (1, 1, 0):
        assert kind(questions.items[0]) == said


def test_board_may_be_an_address(folder: Path) -> None:
    address = "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed"
    assert read_poll(write(folder, changed("city-2026", address))).board == address


def test_windows_and_byte_order_marks_change_nothing(folder: Path) -> None:
    path = folder / "poll.toml"
    path.write_bytes(b"\xef\xbb\xbf" + (HEAD + TREE).replace("\n", "\r\n").encode())
    assert read_poll(path).content.title == "Trees for Oak Street"


def test_roll_is_found_next_to_the_poll(
    folder: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write(folder, HEAD + TREE)
    monkeypatch.chdir(tmp_path_factory.mktemp("elsewhere"))
    assert len(read_poll(path).roll) == VOTERS


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
        ("min_ballots", "true"),
        ("min_ballots", "2.0"),
        ("min_ballots", "nan"),
        ("min_ballots", "inf"),
        ("min_ballots", '"2"'),
        ("min_ballots", "[2]"),
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
    ("written", "meant"), [("titel", "title"), ("Board", "board"), ("min_ballot", "min_ballots")]
)
def test_unknown_keys_are_mistakes_with_what_was_meant(
    written: str, meant: str, folder: Path
) -> None:
    mistake = the_mistake(read_poll, write(folder, f"{written} = 1\n{HEAD}{TREE}"))
    assert mistake.line == 1
    assert mistake.remedy == f"did you mean `{meant}`?"


@pytest.mark.parametrize("key", ["colour", '"\\u001b[2J"', '"' + "x" * 9999 + '"', "a.b.c"])
def test_reading_fails_if_a_key_is_like_no_other(key: str, folder: Path) -> None:
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
def test_reading_fails_if_the_questions_are_none(questions: str, line: int, folder: Path) -> None:
    assert lines(read_poll, write(folder, HEAD + questions))[0] == line


# -- Rules --


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ("oak-street-trees", "", 1),
        ("oak-street-trees", "x" * 32, 1),
        ("oak-street-trees", "я" * 16, 1),
        ("oak-street-trees", "oak\\n", 1),
        ("oak-street-trees", " oak", 1),
        ("oak-street-trees", "\\u0000", 1),
        ("Trees for Oak Street", "", 2),
        ("Trees for Oak Street", " \\n ", 2),
        ("Trees for Oak Street", "Trees\\u202e", 2),
        ("Trees for Oak Street", "Trees\\u001b[2J", 2),
        ("Trees for Oak Street", "Trees\\nand more", 2),
        ("closes = 2026-12-08", "closes = 2026-11-08", 4),
        ("closes = 2026-12-08T21:00:00+03:00", "closes = 2026-12-01T09:00:00+03:00", 4),
        ("closes = 2026-12-08T21:00:00+03:00", "closes = 2026-12-01T08:00:00+02:00", 4),
        ("opens = 2026", "opens = 1926", 3),
        ("opens = 2026-12-01T09:00:00", "opens = 2026-12-01T09:00:00.5", 3),
        ("city-2026", "", 5),
        ("city-2026", "x" * 32, 5),
        ("city-2026", "0x12", 5),
        ("city-2026", "0x5aaeb6053F3E94C9b9A09f33669435E7Ef1BeAed", 5),
        ("city-2026", "0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed", 5),
        ("roll =", "min_ballots = 1\nroll =", 6),
        ("roll =", "min_ballots = -1\nroll =", 6),
        ("roll =", "min_ballots = 6\nroll =", 6),
        ("roll =", f"min_ballots = 0x{'f' * 9999}\nroll =", 6),
        ("Which tree?", "", FIRST + 1),
        ("Which tree?", "\\u200b", FIRST + 1),
        ("Oak", "", FIRST + 3),
        ("Oak", "Lime", FIRST + 3),
        ("Oak", " Lime ", FIRST + 3),
        ("Maple", "O\\tak", FIRST + 3),
        ("choose one", "choose two", FIRST + 2),
        ("choose one", "", FIRST + 2),
        ("choose one", "x" * 9999, FIRST + 2),
        ('"Oak", "Maple"', "", FIRST + 3),
        ('"Lime", "Oak", "Maple"', "", FIRST + 3),
    ],
)
def test_reading_fails_if_a_rule_is_broken(old: str, new: str, line: int, folder: Path) -> None:
    old = old if old != "Oak" else '"Oak"'
    new = f'"{new}"' if old == '"Oak"' else new
    assert the_mistake(read_poll, write(folder, changed(old, new))).line == line


def test_one_second_is_enough_for_a_poll(folder: Path) -> None:
    text = changed("closes = 2026-12-08T21:00:00+03:00", "closes = 2026-12-01T08:00:01+02:00")
    poll = read_poll(write(folder, text))
    assert poll.closes - poll.opens == 1


@pytest.mark.parametrize("ballots", [2, VOTERS])
def test_all_voters_together_can_be_enough(ballots: int, folder: Path) -> None:
    text = changed("roll =", f"min_ballots = {ballots}\nroll =")
    assert read_poll(write(folder, text)).min_ballots == ballots


@pytest.mark.parametrize(
    ("kind", "more", "line"),
    [
        ("choose one", "limit = 1", 4),
        ("choose one", "points = 1", 4),
        ("approval", "max_score = 1", 4),
        ("score", "", 0),
        ("cumulative", "", 0),
        ("choose up to", "", 0),
        ("choose up to", "limit = 0", 4),
        ("choose up to", "limit = 4", 4),
        ("choose up to", "limit = -1", 4),
        ("choose up to", f"limit = 0x{'f' * 9999}", 4),
        ("score", "max_score = 0", 4),
        ("score", "max_score = 101", 4),
        ("score", "max_score = true", 4),
        ("score", "max_score = 5.0", 4),
        ("score", "max_score = nan", 4),
        ("cumulative", "points = 0", 4),
        ("cumulative", "points = 101", 4),
    ],
)
def test_reading_fails_if_a_kind_s_parameter_is_wrong(
    kind: str, more: str, line: int, folder: Path
) -> None:
    assert (
        the_mistake(read_poll, write(folder, HEAD + question(kind, 3, more))).line == FIRST + line
    )


@pytest.mark.parametrize(
    ("kind", "options", "more"),
    [("choose one", 1, ""), ("cumulative", 1, "points = 3"), ("approval", 0, "")],
)
def test_reading_fails_if_there_is_nothing_to_choose(
    kind: str, options: int, more: str, folder: Path
) -> None:
    text = HEAD + question(kind, options, more)
    assert the_mistake(read_poll, write(folder, text)).line == FIRST + 3


def test_reading_fails_if_two_questions_are_the_same(folder: Path) -> None:
    mistake = the_mistake(read_poll, write(folder, HEAD + TREE + TREE))
    assert mistake.line == FIRST + 5
    assert "twice" in mistake.what


def test_reading_fails_if_options_look_the_same(folder: Path) -> None:
    text = changed('"Lime", "Oak"', '"Caf\\u00e9", "Cafe\\u0301"')
    assert "twice" in the_mistake(read_poll, write(folder, text)).what


def test_reading_fails_at_the_question_with_which_there_are_too_many_choices(folder: Path) -> None:
    text = HEAD + "".join(question("approval", 25, text=str(each)) for each in range(3))
    mistake = the_mistake(read_poll, write(folder, text))
    assert mistake.line == FIRST + 10
    assert "75 options" in mistake.what


def test_reading_fails_if_one_question_has_too_many_choices(folder: Path) -> None:
    found = mistakes(read_poll, write(folder, HEAD + question("approval", 61)))
    assert [each.line for each in found] == [FIRST]


# -- The roll --


def test_reading_fails_if_the_sums_could_not_be_found(folder: Path) -> None:
    weight = (2**40 - 1) // 5
    (folder / "roll.csv").write_text(f"address,weight\n0x{1:040x},{weight - 1}\n0x{2:040x},1")
    text = HEAD + TREE + question("score", more="max_score = 5")
    read_poll(write(folder, text))
    (folder / "roll.csv").write_text(f"address,weight\n0x{1:040x},{weight}\n0x{2:040x},1")
    mistake = the_mistake(read_poll, write(folder, text))
    assert mistake.line == 6
    assert "2^40" in mistake.remedy


def test_roll_s_mistakes_are_told_in_its_own_name(folder: Path) -> None:
    (folder / "roll.csv").write_text("address\nyou\n")
    with pytest.raises(InvalidFile, match="not an address") as caught:
        read_poll(write(folder, HEAD + TREE))
    assert caught.value.path == str(folder / "roll.csv")


def test_poll_s_mistakes_are_told_before_the_roll_s(folder: Path) -> None:
    (folder / "roll.csv").write_text("address\nyou\n")
    path = write(folder, changed("Trees for Oak Street", ""))
    assert lines(read_poll, path) == [2]


@pytest.mark.parametrize("name", ["none.csv", ".", "", "\\u0000"])
def test_reading_fails_if_there_is_no_roll(name: str, folder: Path) -> None:
    with pytest.raises(InvalidFile):
        read_poll(write(folder, changed("roll.csv", name)))


# -- All at once --


def test_three_mistakes_are_told_at_once_with_their_lines(folder: Path) -> None:
    text = changed("title =", "titel =").replace("+03:00", "", 1).replace('"Oak"', '"Lime"')
    found = mistakes(read_poll, write(folder, text))
    assert [each.line for each in found] == [0, 2, 3, FIRST + 3]
    words = ("`title` is missing", "no `titel`", "no time zone", "twice")
    assert all(said in each.what for said, each in zip(words, found, strict=True))


def test_mistakes_of_shape_and_of_rules_are_told_together(folder: Path) -> None:
    text = (
        HEAD.replace("closes = 2026", "closes = 2025")
        + "min_ballots = 99\n"
        + TREE.replace("choose one", "choose won")
        + question("score", 3, "max_score = 101\nlimit = 2")
        + question("score", 3, 'max_score = "5"', text="How?")
    )
    text += question("cumulative", 3, "points = 101", text="Why?").replace('"1"', "1")
    assert lines(read_poll, write(folder, text)) == [4, 7, 10, 16, 17, 22, 26, 27]


def test_what_was_not_understood_causes_no_further_mistakes(folder: Path) -> None:
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


def test_lines_are_right_where_texts_look_like_keys(folder: Path) -> None:
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
            "min_ballots",
            "board",
            "roll",
            "questions",
        ]
    ),
    VALUES,
)


@given(HEADS, TABLES)
@settings(max_examples=300, deadline=None)
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
        found = [each.line for each in error.mistakes]
        assert found == sorted(found)
        assert max(found) <= text.count("\n")
