"""The page's observer gives the verdicts of Python's, on planted faults and on nodes that lie."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from random import Random
from unittest.mock import ANY

import pytest

from client.observer.test_verification import FAULTS
from support.elections import Town
from support.lies import LIES, LOGS_LACKING
from support.lying_nodes import LyingNode
from support.paper_polls import PaperEvidence
from support.third_implementation import tell, told
from veche import Poll
from veche.crypto.questions import Questions
from veche.errors import InvalidDocument
from veche.observer.record_evidence import RecordEvidence
from veche.observer.record_writer import save_record
from veche.observer.verification import verify
from veche.protocol import plain
from veche.protocol.content import Content, QuestionTexts
from veche.protocol.figures import Figures, Turnout
from veche.protocol.rules import PASS_OF, QUORUM_OF, Rule

BYTES = "0x" + "11" * 32
PASSES = (
    None,
    Rule.parse("more than 50% of votes", PASS_OF),
    Rule.parse("at least 2/3 of ballots", PASS_OF),
    Rule.parse("at least 12.5% of roll", PASS_OF),
)
QUORUMS = (
    None,
    Rule.parse("at least 25% of voters", QUORUM_OF),
    Rule.parse("more than 1/3 of weight", QUORUM_OF),
)


def verdicts_of_python(path: Path) -> list[tuple[str, str]] | str:
    try:
        report = verify(RecordEvidence(path)).report
    except InvalidDocument:
        return "InvalidDocument"
    return [(each.name, str(each.verdict)) for each in report]


def test_planted_faults_have_the_same_verdicts(tmp_path: Path) -> None:
    paths = []
    for number, fault in enumerate(FAULTS):
        path = tmp_path / f"{number}.record"
        save_record(PaperEvidence(fault.make()), path)
        paths.append(path)
    found = told(*({"task": "verifyRecord", "file": str(each)} for each in paths))
    for fault, path, each in zip(FAULTS, paths, found, strict=True):
        own = each.get("error") or [(name, verdict) for name, verdict, _ in each["done"]["checks"]]
        assert own == verdicts_of_python(path), (fault, each)


def test_nodes_are_compared(town: Town, liar: LyingNode, tallied: Poll) -> None:
    found = tell("verifyNodes", urls=[town.url, liar.url], poll=tallied.address)
    assert found["verdict"] == "pass", found
    assert found["checks"][-1][0] == "nodes agree"


@pytest.mark.parametrize("name", LIES)
def test_lie_is_caught_by_the_check_that_should(liar: LyingNode, tallied: Poll, name: str) -> None:
    liar.lie, caught = LIES[name]
    expect = plain.data(tallied.hash)
    found = tell("verifyNodes", urls=[liar.url], poll=tallied.address, expect=expect)
    assert caught in [each for each, verdict, _ in found["checks"] if verdict == "fail"], found


@pytest.mark.parametrize("name", LOGS_LACKING)
def test_node_that_lacks_logs_gives_no_verdict(liar: LyingNode, tallied: Poll, name: str) -> None:
    liar.lie, _ = LOGS_LACKING[name]
    (found,) = told({"task": "verifyNodes", "urls": [liar.url], "poll": tallied.address})
    assert found.get("error") == "LogsMissing", found


def test_foundation_is_required_before_a_vote_is_encrypted(town: Town, tallied: Poll) -> None:
    task = {"task": "foundation", "url": town.url, "poll": tallied.address}
    good, other = told(
        {**task, "expect": plain.data(tallied.hash)},
        {**task, "expect": BYTES},
    )
    assert good == {"done": "holds"}
    assert other["error"] == "ChecksFailed"


# -- Figures --


def _fraction(part: list[int] | None) -> Fraction | None:
    return Fraction(*part) if part else None


@pytest.mark.parametrize("seed", range(20))
def test_figures_are_those_of_python(seed: int) -> None:
    random = Random(seed)  # noqa: S311  # no secrets
    texts = Content(
        "Trees",
        "",
        (
            QuestionTexts("one", ("a", "b", "none"), random.choice(PASSES), "none"),
            QuestionTexts("some", ("a", "b", "c"), random.choice(PASSES)),
            QuestionTexts("score", ("a", "b")),
            QuestionTexts("points", ("a", "b")),
        ),
        quorum=random.choice(QUORUMS),
    )
    limits = Questions.of((3, 1, 1, 1), (3, 1, 0, 2), (2, 5, 0, 10), (2, 9, 9, 9))
    voters = random.randrange(5)
    on_roll = random.choice([None, 5, 40])
    turnout = Turnout(voters, on_roll, weight=voters * 2, total_weight=20)
    scores = [random.randrange(4) * min(voters, 1) for _ in range(10)]
    (found,) = told(
        {
            "task": "figures",
            "content": texts.encoded,
            "questions": [list(each) for each in limits.limits],
            "scores": scores,
            "voters": voters,
            "onRoll": on_roll,
            "weight": turnout.weight,
            "totalWeight": turnout.total_weight,
        }
    )
    own = Figures.of(texts, (*limits,), texts.by_text(scores), turnout)
    assert found["done"] == {
        "quorumMet": own.is_quorate,
        "results": [ANY] * len(own.questions),
    }
    for shown, each in zip(found["done"]["results"], own.questions, strict=True):
        fields = each.fields
        for name in ("unit", "percentOf", "needed", "most", "passed"):
            assert shown[name] == fields[name], name
        assert [_fraction(one) for one in shown["parts"]] == [each.part(one) for one in each.scores]
        assert [_fraction(one) for one in shown["means"]] == [each.mean(one) for one in each.scores]
