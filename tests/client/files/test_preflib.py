"""Approval ballots from PrefLib: small ones, and those that voters really cast."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from support.refused_files import lines, mistakes, the_mistake
from veche.files.preflib import PrefLib, read_preflib

DATA = Path(__file__).parents[4] / "shared" / "data"

HEADER = """# FILE NAME: 1.cat
# TITLE: Trees: a poll
# DESCRIPTION:
# DATA TYPE: cat
# NUMBER ALTERNATIVES: 3
# NUMBER VOTERS: {voters}
# NUMBER CATEGORIES: 2
# ALTERNATIVE NAME 1: Lime
# ALTERNATIVE NAME 2: Oak
# ALTERNATIVE NAME 3: Saint-Josse: red
"""
FIRST = HEADER.count("\n") + 1
"""The line of the first ballot."""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "ballots.cat"


def write(path: Path, *ballots: str, voters: int = 1) -> Path:
    path.write_text(HEADER.format(voters=voters) + "\n".join(ballots))
    return path


def test_every_voter_has_a_ballot(path: Path) -> None:
    write(path, "2: 1,{2,3}", "", "1: {},{1,2,3}", "1: { 1, 2 ,3 } , {}", voters=4)
    names = ("Lime", "Oak", "Saint-Josse: red")
    ballots = ((1, 0, 0), (1, 0, 0), (0, 0, 0), (1, 1, 1))
    assert read_preflib(path) == PrefLib("Trees: a poll", names, ballots)


def test_line_breaks_of_windows_are_read(path: Path) -> None:
    path.write_bytes((HEADER.format(voters=1) + "1: 1,{2,3}\n").replace("\n", "\r\n").encode())
    assert read_preflib(path).ballots == ((1, 0, 0),)


@pytest.mark.parametrize(
    ("ballot", "said"),
    [
        ("x: 1,{2,3}", "count"),
        ("0: 1,{2,3}", "count"),
        ("-1: 1,{2,3}", "count"),
        ("1.5: 1,{2,3}", "count"),
        (": 1,{2,3}", "count"),
        ("1" + "0" * 5000 + ": 1,{2,3}", "count"),
        ("1: 1,{2,3,4}", "no candidate 4"),
        ("1: 1,{0,2,3}", "no candidate"),
        ("1: 1,{2,3," + "9" * 5000 + "}", "no candidate"),
        ("1: 1,{2,,3}", "no candidate"),
        ("1: 1,{1,2,3}", "candidate 1 is in both"),
        ("1: {1,1},{2,3}", "candidate 1 is in one category twice"),
        ("1: 1,3", "candidate 2 is in no"),
        ("1: 1,2,3", "not a ballot"),
        ("1: 1", "not a ballot"),
        ("1: {1,{2,3}", "not a ballot"),
        ("1, 1,{2,3}", "not a ballot"),
        ("1: ١,{2,3}", "not a ballot"),
        ("nonsense", "not a ballot"),
    ],
)
def test_reading_fails_if_a_ballot_is_none(ballot: str, said: str, path: Path) -> None:
    mistake = the_mistake(read_preflib, write(path, "1: 1,{2,3}", ballot, voters=2))
    assert mistake.line == FIRST + 1
    assert said in mistake.what


@pytest.mark.parametrize("voters", [1, 3, 999])
def test_reading_fails_if_the_header_has_another_number_of_voters(voters: int, path: Path) -> None:
    mistake = the_mistake(read_preflib, write(path, "2: 1,{2,3}", voters=voters))
    assert mistake.line == 6
    assert f"{voters} voters, but the file has 2 ballots" in mistake.what


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ("ALTERNATIVES: 3", "ALTERNATIVES: many", 5),
        ("ALTERNATIVES: 3", "ALTERNATIVES: " + "9" * 5000, 5),
        ("ALTERNATIVES: 3", "ALTERNATIVES: 0", 5),
        ("ALTERNATIVES: 3", "ALTERNATIVES: 61", 5),
        ("# NUMBER ALTERNATIVES: 3\n", "", 0),
        ("TITLE: Trees: a poll", "TITLE: Trees\u202e", 2),
        ("NAME 2: Oak", "NAME 2: ", 9),
        ("NAME 2: Oak", "NAME 2: Lime", 9),
        ("NAME 2: Oak", "NAME 2: Oak\x1b[2J", 9),
        ("NAME 2: Oak", f"NAME 2: {'x' * 20_000}", 0),
        ("NAME 2: Oak", "NAME 2: Oak\n# NUMBER CATEGORIES: 2", 10),
        ("NUMBER VOTERS: 1", "NUMBER VOTERS: -1", 6),
        ("CATEGORIES: 2", "CATEGORIES: 3", 7),
        ("# NUMBER CATEGORIES: 2\n", "", 0),
        ("# ALTERNATIVE NAME 2: Oak\n", "", 0),
    ],
)
def test_reading_fails_if_the_header_is_faulty(old: str, new: str, line: int, path: Path) -> None:
    text = write(path, "1: 1,{2,3}").read_text()
    assert old in text
    path.write_text(text.replace(old, new))
    assert the_mistake(read_preflib, path).line == line


RANKINGS = {
    "soc": "1: 1,2,3",
    "soi": "1: 1,2",
    "toc": "1: 1,{2,3}",
    "toi": "1: {1,2},3",
}
"""Lines of rankings by their data type; the last two could be ballots of approval."""


@pytest.mark.parametrize("kind", RANKINGS)
def test_reading_fails_if_the_file_has_rankings(kind: str, path: Path) -> None:
    text = write(path, RANKINGS[kind]).read_text()
    path.write_text(text.replace("DATA TYPE: cat", f"DATA TYPE: {kind}"))
    mistake = the_mistake(read_preflib, path)
    assert mistake.line == 4
    assert f"'{kind}'" in mistake.what
    assert "rankings of" in mistake.what


@pytest.mark.parametrize("line", ["", "# DATA TYPE:\n", "# DATA TYPE: csv\n", "# DATA TYPE: CAT\n"])
def test_reading_fails_if_the_file_does_not_say_that_it_has_approvals(
    line: str, path: Path
) -> None:
    text = write(path, "1: 1,{2,3}").read_text()
    path.write_text(text.replace("# DATA TYPE: cat\n", line))
    assert "DATA TYPE" in the_mistake(read_preflib, path).what


def test_no_line_that_is_added_turns_rankings_into_approvals(path: Path) -> None:
    text = write(path, RANKINGS["toc"]).read_text()
    ranking = text.replace("DATA TYPE: cat", "DATA TYPE: toc")
    for added in (f"# DATA TYPE: cat\n{ranking}", f"{ranking}\n# DATA TYPE: cat"):
        path.write_text(added)
        assert mistakes(read_preflib, path)


def test_long_lines_are_read_without_delay(path: Path) -> None:
    """A test would hang if a line were tried from every place in it."""
    blanks = " " * 10**6
    head, ballot = f"#{blanks}x", f"1:{blanks}1{blanks},{blanks}{{2{blanks}"
    assert lines(read_preflib, write(path, head, ballot)) == [FIRST + 1]


def test_sixty_candidates_are_read(path: Path) -> None:
    head = HEADER.format(voters=1).split("# ALTERNATIVE")[0].replace("S: 3", "S: 60")
    names = "".join(f"# ALTERNATIVE NAME {each}: Tree {each}\n" for each in range(1, 61))
    everybody = ",".join(map(str, range(1, 61)))
    path.write_text(f"{head}{names}1: {{{everybody}}},{{}}\n")
    assert read_preflib(path).ballots == ((1,) * 60,)


def test_all_mistakes_are_told_at_once(path: Path) -> None:
    write(path, "x: 1,{2,3}", "1: 1,{2,3}", "1: 1,{2}", "1: 1,{2,4}")
    assert lines(read_preflib, path) == [FIRST, FIRST + 2, FIRST + 3, FIRST + 3]


def test_twenty_mistakes_are_told_and_the_others_counted(path: Path) -> None:
    found = mistakes(read_preflib, write(path, *["nonsense"] * 25))
    assert found[-1].what == "and 5 more mistakes"


def test_reading_fails_if_voters_are_more_than_fit_into_memory(path: Path) -> None:
    found = mistakes(read_preflib, write(path, *["1000000: 1,{2,3}"] * 1000, voters=10**9))
    assert found


def test_ballots_of_gy_les_nonains_give_the_totals_that_are_known() -> None:
    path = DATA / "gy-les-nonains-2002.cat"
    assert path.exists(), f"the real ballots should be at {path}: see the README of that folder"
    data = read_preflib(path)
    expected = json.loads(path.with_suffix(".expected.json").read_text())
    totals = [sum(scores) for scores in zip(*data.ballots, strict=True)]
    assert len(data.ballots) == expected["voters"] == 365
    assert dict(zip(data.candidates, totals, strict=True)) == expected["approvals"]
    assert list(data.candidates) == list(expected["approvals"])
    assert data.title == "GylesNonains"
