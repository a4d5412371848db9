"""Polls as officials write them: what is read, and every rule that one can break."""

from __future__ import annotations

from dataclasses import FrozenInstanceError
from pathlib import Path

import pytest

from support.poll_files import FIRST, HEAD, TREE, VOTERS, changed, question, write
from support.refused_files import lines, mistakes, the_mistake
from veche.errors import InvalidFile
from veche.files.poll import read_poll
from veche.protocol.content import kind

# -- What is read --


def test_poll_is_read(folder: Path) -> None:
    path = write(folder, HEAD + 'description = """\n  In spring,\nor never """\n' + TREE)
    poll = read_poll(path)
    assert poll.path == path
    assert poll.id == "oak-street-trees"
    assert poll.content.title == "Trees for Oak Street"
    assert poll.content.description == "In spring,\nor never"
    assert [each.text for each in poll.content] == ["Which tree?"]
    assert poll.content.questions[0].options == ("Lime", "Oak", "Maple")
    assert poll.opens == 1796104800
    assert poll.closes == 1796752800
    assert poll.min_voters == 2
    assert poll.board == "city-2026"
    assert poll.roll.total_weight == 15
    poll.content.require_fit(poll.questions)
    with pytest.raises(FrozenInstanceError):
        poll.opens = 0  # type: ignore[misc]


def test_rules_of_the_decision_are_read(folder: Path) -> None:
    more = 'passes = "more than 50% of votes"\nblank = " Maple "\n'
    quorum = 'quorum = "at least 25% of voters"\n'
    poll = read_poll(write(folder, HEAD + quorum + TREE + more))
    (asked,) = poll.content
    assert (str(poll.content.quorum and poll.content.quorum.text)) == "at least 25% of voters"
    assert asked.passes
    assert (asked.passes.text, asked.blank) == ("more than 50% of votes", "Maple")
    poll.content.require_fit(poll.questions)


@pytest.mark.parametrize(
    ("head", "more", "line"),
    [
        ('quorum = "a quarter"\n', "", FIRST),
        ('quorum = "at least 25% of votes"\n', "", FIRST),
        ("", 'passes = "half of them"\n', FIRST + 4),
        ("", 'passes = "more than 50% of voters"\n', FIRST + 4),
        ("", 'blank = "Pine"\n', FIRST + 4),
        ("", "blank = 3\n", FIRST + 4),
    ],
)
def test_rule_of_the_decision_is_refused_with_its_line(
    folder: Path, head: str, more: str, line: int
) -> None:
    path = write(folder, HEAD + head + TREE + more)
    mistake = the_mistake(read_poll, path)
    assert mistake.line == line


def test_options_with_scores_cannot_pass(folder: Path) -> None:
    more = 'max_score = 5\npasses = "more than 50% of votes"'
    path = write(folder, HEAD + question("score", more=more))
    assert the_mistake(read_poll, path).line == FIRST + 5


def test_description_and_minimum_have_defaults(folder: Path) -> None:
    poll = read_poll(write(folder, HEAD + TREE))
    assert poll.content.description == ""
    assert poll.min_voters == 2


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
def test_every_kind_has_its_limits(
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
        ("roll =", "min_voters = 1\nroll =", 6),
        ("roll =", "min_voters = -1\nroll =", 6),
        ("roll =", "min_voters = 6\nroll =", 6),
        ("roll =", f"min_voters = 0x{'f' * 9999}\nroll =", 6),
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


def test_poll_may_last_one_second(folder: Path) -> None:
    text = changed("closes = 2026-12-08T21:00:00+03:00", "closes = 2026-12-01T08:00:01+02:00")
    poll = read_poll(write(folder, text))
    assert poll.closes - poll.opens == 1


@pytest.mark.parametrize("ballots", [2, VOTERS])
def test_minimum_may_be_all_voters(ballots: int, folder: Path) -> None:
    text = changed("roll =", f"min_voters = {ballots}\nroll =")
    assert read_poll(write(folder, text)).min_voters == ballots


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


def test_mistakes_in_the_roll_name_the_roll_s_file(folder: Path) -> None:
    (folder / "roll.csv").write_text("address\nyou\n")
    with pytest.raises(InvalidFile, match="not an address") as caught:
        read_poll(write(folder, HEAD + TREE))
    assert caught.value.path == str(folder / "roll.csv")


def test_mistakes_in_the_poll_are_reported_before_those_in_the_roll(folder: Path) -> None:
    (folder / "roll.csv").write_text("address\nyou\n")
    path = write(folder, changed("Trees for Oak Street", ""))
    assert lines(read_poll, path) == [2]


@pytest.mark.parametrize("name", ["none.csv", ".", "", "\\u0000"])
def test_reading_fails_if_there_is_no_roll(name: str, folder: Path) -> None:
    with pytest.raises(InvalidFile):
        read_poll(write(folder, changed("roll.csv", name)))
