"""The page's observer gives the verdicts of Python's, on planted faults and on nodes that lie."""

from __future__ import annotations

from pathlib import Path

import pytest

from client.observer.test_verification import FAULTS
from support.elections import Town
from support.lies import LIES, LOGS_LACKING
from support.lying_nodes import LyingNode
from support.paper_polls import PaperEvidence
from support.third_implementation import tell, told
from veche import Poll
from veche.errors import InvalidDocument
from veche.observer.record_evidence import RecordEvidence
from veche.observer.record_writer import save_record
from veche.observer.verification import verify
from veche.protocol import plain

BYTES = "0x" + "11" * 32


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
