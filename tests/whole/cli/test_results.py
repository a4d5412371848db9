"""`veche results` of every kind of question: a tie, a quorum, a blank vote, scores, points.

At a node or from a record, for people and machines, as a table and as a page.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from html import unescape
from io import StringIO
from pathlib import Path

import pytest

from support.commands import Shell
from support.elections import Town
from support.lies import LIES
from support.lying_nodes import LyingNode
from veche import Poll
from veche.crypto.questions import Questions
from veche.protocol import link
from veche.protocol.content import Choice, Content, QuestionTexts
from veche.protocol.rules import PASS_OF, QUORUM_OF, Rule

NONE = "None of them"
MARKED = "=1+1 <b>Oak</b>"
TREES = QuestionTexts(
    "Which tree?",
    ("Lime", MARKED, NONE),
    Rule.parse("at least 1/3 of votes", PASS_OF),
    blank=NONE,
)
LIKED = QuestionTexts("How do you like it?", ("Square", "Street"))
MONEY = QuestionTexts("How shall we share out the money?", ("Fountain", "Playground"))
KINDS = Questions.of((3, 1, 1, 1), (2, 5, 0, 10), (2, 10, 10, 10))
VOTES: list[dict[str, Choice]] = [
    {"Which tree?": "Lime", LIKED.text: {"Square": 5}, MONEY.text: {"Fountain": 10}},
    {"Which tree?": MARKED, LIKED.text: {"Square": 2}, MONEY.text: {"Playground": 10}},
    {"Which tree?": NONE, LIKED.text: {}, MONEY.text: {"Fountain": 9, "Playground": 1}},
]
"""Of voters with the weights 2,000, 2,000 and 1."""


def content(quorum: str) -> Content:
    rule = Rule.parse(quorum, QUORUM_OF)
    return Content("Trees & <i>money</i>", "", (TREES, LIKED, MONEY), rule)


@dataclass(frozen=True)
class Polls:
    """Two polls with the same votes: one has enough voters, one too few for its quorum."""

    met: Poll
    missed: Poll
    record: Path
    early: Path


@pytest.fixture(scope="module", autouse=True)
def polls(town: Town, shell: Shell) -> Polls:
    weights = {0: 2_000, 1: 2_000}
    made = {
        name: town.publish(name, content(quorum), KINDS, weights=weights, closes_in=1_000)
        for name, quorum in (
            ("met", "at least 50% of weight"),
            ("missed", "more than 3/13 of voters"),
        )
    }
    town.embedded.at_time(made["missed"].definition.opens)
    for poll in made.values():
        for voter, choices in enumerate(VOTES):
            town.cast(poll, voter, choices)
    record, early = (shell.folder / f"{name}.record" for name in ("met", "early"))
    shell.veche("record", "save", "met", early)
    town.close(made["missed"])
    for poll in made.values():
        town.tally(poll)
    shell.veche("record", "save", "met", record)
    return Polls(**made, record=record, early=early)


def told(text: str) -> str:
    """A text with single blanks, which a table has many of."""
    return " ".join(text.replace("█", "").split())


def test_people_read_what_a_result_means(shell: Shell) -> None:
    ended = shell.veche("results", "met")
    assert ended.code == 0
    tie = f"'Lime' and '{MARKED}'"
    for each in (
        "Which tree? votes of votes",
        f"Lime 2,000 50.0% {MARKED} 2,000 50.0% {NONE} 1 0.0%",
        f"Most votes, a tie: {tie}, 2,000 each.",
        f"To pass, an option needs at least 1/3 of votes: 1,334 of 4,000. {tie} pass.",
        f"'{NONE}' is a blank vote: it neither leads nor passes.",
        "How do you like it? score mean",
        "Square 14,000 3.50 Street 0 0.00 Highest score: 'Square', 14,000.",
        "How shall we share out the money? points of points",
        "Fountain 20,009 50.0% Playground 20,001 50.0% Most points: 'Fountain', 20,009.",
        "Turnout: 3 of 13 voters (23.1%), weight 4,001 of 4,011 (99.8%).",
        "Quorum: at least 50% of weight, 2,006 of 4,011. It is met.",
    ):
        assert each in told(ended.out), each
    assert ended.out.index("Turnout") < ended.out.index("checks hold")


def test_quorum_that_is_missed_is_told_beside_what_would_pass(shell: Shell) -> None:
    shown = told(shell.veche("results", "missed").out)
    assert "Quorum: more than 3/13 of voters, 4 of 13. It is MISSED." in shown
    assert f"'Lime' and '{MARKED}' would pass, but the quorum is missed." in shown
    found = shell.veche("results", "missed", "--json").json
    assert (found["quorum"], found["quorumMet"]) == ("more than 3/13 of voters", False)
    assert found["results"][0]["passed"] == ["Lime", MARKED]
    assert found["results"][0]["needed"] == 1_334
    assert found["results"][1]["options"][0]["mean"] == 3.4991


@pytest.mark.parametrize("command", ["verify", "watch"])
def test_observers_read_the_same(shell: Shell, polls: Polls, command: str) -> None:
    results = shell.veche("results", "met").out
    figures = results[: results.index("poll hash")].partition("\n")[2]
    assert figures in shell.veche(command, polls.met.address).out
    told = shell.veche(command, polls.met.address, "--json").json
    found = shell.veche("results", "met", "--json").json
    assert [told[name] for name in ("turnout", "quorumMet", "results")] == [
        found[name] for name in ("turnout", "quorumMet", "results")
    ]


def test_show_and_plan_tell_the_rules_before_anybody_votes(shell: Shell) -> None:
    shown = told(shell.veche("show", "missed").out)
    assert "To pass, an option needs at least 1/3 of votes." in shown
    assert f"'{NONE}' is a blank vote: it neither leads nor passes." in shown
    assert "quorum more than 3/13 of voters" in shown
    found = shell.veche("show", "missed", "--json").json
    assert found["quorum"] == "more than 3/13 of voters"
    rules = [(each["passes"], each["blank"]) for each in found["questions"]]
    assert rules == [("at least 1/3 of votes", NONE), (None, None), (None, None)]


# -- Records --


def test_record_is_as_good_as_a_node(shell: Shell, polls: Polls, town: Town) -> None:
    expect = ("--expect", polls.met.hash.hex())
    of_node = shell.veche("results", "met", *expect, "--json").json
    of_file = shell.veche(
        "results", polls.record, *expect, "--json", VECHE_RPC="http://127.0.0.1:9"
    )
    assert of_file.code == 0
    assert of_file.err == ""
    for name in ("title", "poll", "pollHash", "chainId", "voters", "weight", "turnout", "results"):
        assert of_file.json[name] == of_node[name]
    assert of_file.json["restsOn"]["nodes"] == []
    shown = shell.veche("results", polls.record)
    assert "none: all is from a file" in shown.out
    assert "give the poll hash that you were told" in shown.err
    held = shell.veche("results", polls.record, *expect, "--rpc", town.url, "--json").json
    assert held["restsOn"]["nodes"] == [town.url]


def test_record_without_a_result_says_so_as_its_writer_s_word(shell: Shell, polls: Polls) -> None:
    ended = shell.veche("results", polls.early)
    assert (ended.code, ended.out) == (8, "")
    assert f"by {polls.early}, the poll is open and closes at" in ended.err


def test_record_is_shown_and_nothing_of_it_counts_as_verified(
    shell: Shell, polls: Polls, town: Town
) -> None:
    of_node = shell.veche("show", "met", "--json").json
    of_file = shell.veche("show", polls.record, "--json", VECHE_RPC="http://127.0.0.1:9").json
    assert of_file == of_node
    shown = shell.veche("show", polls.record).out
    assert f"NOT VERIFIED: this only repeats what {polls.record} says." in shown
    repeated = shell.veche("results", polls.record, "--unverified")
    assert f"NOT VERIFIED: this only repeats what {polls.record} says." in repeated.out
    assert "checks hold" not in repeated.out
    found = shell.veche("results", polls.record, "--unverified", "--json").json
    assert found["verdict"] is None
    for command in ("show", "results"):
        other = shell.veche(command, polls.record, "--expect", "11" * 32, "--json")
        assert (other.code, other.error) == (7, "WrongPoll")
        elsewhere = shell.veche(command, polls.record, "--catalogue", town.poor.address, "--json")
        assert (elsewhere.code, elsewhere.error) == (7, "WrongPoll")
        assert shell.veche(command, shell.folder / "deployments/embedded.json").code == 3


@pytest.mark.parametrize("command", ["show", "results"])
def test_file_that_is_none_is_told(shell: Shell, command: str) -> None:
    ended = shell.veche(command, "nowhere.record", "--json")
    assert (ended.code, ended.error) == (3, "InvalidFile")
    assert "there is no such file" in ended.out


# -- Files --


def test_table_has_a_row_for_every_option_and_no_formula(shell: Shell) -> None:
    shown = shell.veche("results", "missed", "--csv", "-")
    assert shown.code == 0
    assert "checks hold" in shown.err
    rows = list(csv.reader(StringIO(shown.out)))
    assert rows[0][:6] == ["question", "option", "unit", "score", "percent", "mean"]
    assert rows[2][:2] == ["Which tree?", f"'{MARKED}"]
    assert rows[2][2:] == ["votes", "2000", "49.9875", "", "true", "true", "false"]
    assert rows[4] == [LIKED.text, "Square", "score", "14000", "", "3.4991", "true", "", "false"]
    assert len(rows) == 8
    written = shell.veche("results", "missed", "--csv", "missed.csv")
    assert "Table: missed.csv" in written.out
    text = (shell.folder / "missed.csv").read_text(encoding="utf-8-sig")
    assert text == shown.out


def test_report_is_written_with_its_verdict(shell: Shell, polls: Polls) -> None:
    named = str(link.of(polls.met.definition))
    ended = shell.veche("results", named, "--html", "met.html", "--json")
    assert ended.code == 0
    written = (shell.folder / "met.html").read_text()
    assert "<title>Trees &amp; &lt;i&gt;money&lt;/i&gt;</title>" in written
    page = unescape(written)
    assert all(each["name"] in page for each in ended.json["checks"])
    assert "Quorum: at least 50% of weight, 2,006 of 4,011. It is met." in page
    assert "as you were told" in page
    assert (
        "Report: record.html" in shell.veche("results", polls.record, "--html", "record.html").out
    )


def test_files_are_refused_that_would_lose_or_hide_something(shell: Shell, polls: Polls) -> None:
    for options in (
        ("--csv", "a.csv", "--unverified"),
        ("--html", "a.html", "--unverified"),
        ("--csv", "-", "--json"),
        ("--csv", "both", "--html", "both"),
    ):
        assert shell.veche("results", "met", *options).code == 2
    before = polls.record.read_bytes()
    for option in ("--csv", "--html"):
        refused = shell.veche("results", polls.record, option, polls.record, "--json")
        assert (refused.code, refused.error) == (3, "InvalidFile")
    assert polls.record.read_bytes() == before


def test_nothing_is_written_of_a_result_that_a_check_refuses(
    shell: Shell, polls: Polls, liar: LyingNode
) -> None:
    liar.lie = LIES["another result"][0]
    where = ("--rpc", liar.url, "--html", "lie.html", "--csv")
    ended = shell.veche("results", polls.met.address, *where, "-")
    assert (ended.code, ended.out) == (1, "")
    assert "FAILED: do not rely on" in ended.err
    assert "2,000" not in ended.err
    assert shell.veche("results", polls.met.address, *where, "lie.csv").code == 1
    assert not {"lie.html", "lie.csv"} & {each.name for each in shell.folder.iterdir()}
