"""Election records: what they show, and damage of any kind."""

from __future__ import annotations

import gzip
import json
import random
from dataclasses import replace
from pathlib import Path

import pytest

from support.bent_polls import (
    NO_VOTERS,
    TOO_FEW,
    TWICE,
    UNDECRYPTED,
    WRONG,
    Make,
    ballot_bent,
    bend,
    cancelled,
    flipped,
    pending,
    poll,
    report_of,
    unrolled,
)
from support.paper_polls import Facts, PaperEvidence, PaperPoll, voter
from veche.errors import InvalidDocument, NodeBehind, VecheError
from veche.observer import record_file
from veche.observer.record_evidence import RecordEvidence
from veche.observer.record_writer import save
from veche.observer.verification import COMPLETE, verify
from veche.trust.report import Report, Verdict

ENTRIES = [("0x" + "11" * 20, 1)] * 1_001
"""More than a line of a record holds."""
POINTS = 5 * 128
"""Bytes of the points of a ballot with five choices."""


def recorded(facts: Facts, folder: Path) -> RecordEvidence:
    save(PaperEvidence(facts), folder / "poll.record")
    return RecordEvidence(folder / "poll.record")


@pytest.fixture
def record(tmp_path: Path) -> Path:
    return recorded(PaperPoll().facts, tmp_path).path


@pytest.mark.parametrize(
    "make",
    [
        poll(),
        poll(ballots=()),
        unrolled(poll(), ENTRIES, ENTRIES[:2]),
        unrolled(poll(), []),
        unrolled(poll(), WRONG, TWICE),
        unrolled(poll(), [(voter(0).address, 2**256 - 1)]),
        ballot_bent(lambda b: replace(b, words=flipped(b.words))),
        ballot_bent(lambda b: replace(b, words=flipped(b.words, 0))),
        ballot_bent(lambda b: replace(b, words=b"")),
        ballot_bent(lambda b: replace(b, words=b.words[:POINTS] + bytes(32) + b.words[POINTS:])),
        ballot_bent(lambda b: replace(b, replaces=b"\1" * 32)),
        bend("shares", lambda s: s[:1]),
    ],
)
def test_record_gives_the_report_of_what_it_was_made_from(make: Make, tmp_path: Path) -> None:
    facts = make()
    report = verify(recorded(facts, tmp_path)).report
    made_from = Report([each for each in report if each.name != COMPLETE])
    assert made_from == report_of(facts)


def test_record_without_a_result_does_not_show_that_nothing_is_missing(tmp_path: Path) -> None:
    """A stranger needs no key to write that nobody voted, or that the poll was cancelled."""
    for make in (NO_VOTERS, cancelled(NO_VOTERS), TOO_FEW, UNDECRYPTED):
        report = verify(recorded(make(), tmp_path)).report
        assert COMPLETE in pending(report)
    assert report_of(PaperPoll().facts).verdict == Verdict.PASS
    assert verify(recorded(PaperPoll().facts, tmp_path)).report.verdict == Verdict.PASS


@pytest.mark.parametrize("part", ["ceremony", "definition"])
def test_text_that_is_no_text_is_refused(record: Path, part: str, tmp_path: Path) -> None:
    """Half a letter, which JSON can name and nothing can encode."""
    lines = list(record_file.read(record))
    for line in lines:
        if part in line:
            line[part]["content"] = "\ud800"
    bent = tmp_path / "bent.record"
    record_file.write(bent, (json.dumps(line) for line in lines))
    assert verify(RecordEvidence(bent)).report.verdict == Verdict.FAIL


def test_record_of_a_record_is_the_same_file(record: Path, tmp_path: Path) -> None:
    assert save(RecordEvidence(record), tmp_path / "again.record") == 4
    assert (tmp_path / "again.record").read_bytes() == record.read_bytes()


def test_saving_tells_its_progress(tmp_path: Path) -> None:
    seen: list[int] = []
    save(PaperEvidence(PaperPoll().facts), tmp_path / "poll.record", seen.append)
    assert seen == [1, 2, 3, 4]


def test_saving_leaves_the_earlier_file_if_it_fails(
    record: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(_: PaperEvidence) -> None:
        raise NodeBehind("the block was replaced")

    before = record.read_bytes()
    monkeypatch.setattr(PaperEvidence, "ballots", gone)
    with pytest.raises(NodeBehind):
        save(PaperEvidence(PaperPoll().facts), record)
    assert list(record.parent.iterdir()) == [record]
    assert record.read_bytes() == before


# -- Damage --


def passes(path: Path) -> bool:
    """Whether a file is read and verified; what is wrong is told by an exception of Veche's."""
    try:
        evidence = RecordEvidence(path)
        evidence.require_whole()
        return verify(evidence).report.verdict == Verdict.PASS
    except VecheError:
        return False


def test_record_fails_with_any_byte_changed(record: Path, tmp_path: Path) -> None:
    """Unless its lines stay the same: compressed data may take a text from one copy or another."""
    data = record.read_bytes()
    lines = gzip.decompress(data)
    draw = random.Random(1136)  # noqa: S311  # of a test
    places = {*range(20), *range(len(data) - 20, len(data)), *draw.sample(range(len(data)), 50)}
    path = tmp_path / "bent.record"
    for place in places:
        path.write_bytes(data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :])
        if passes(path):
            assert gzip.decompress(path.read_bytes()) == lines, place
    path.write_bytes(data)
    assert passes(path)


@pytest.mark.parametrize("cut", [0, 5, 100, -1])
def test_record_fails_if_it_is_cut_off(record: Path, tmp_path: Path, cut: int) -> None:
    path = tmp_path / "cut.record"
    path.write_bytes(record.read_bytes()[:cut])
    assert not passes(path)


def test_record_fails_if_it_goes_on_after_its_end(record: Path, tmp_path: Path) -> None:
    path = tmp_path / "long.record"
    for more in (b"\0", record.read_bytes()):
        path.write_bytes(record.read_bytes() + more)
        assert not passes(path)


def test_damage_is_an_invalid_document(record: Path) -> None:
    record.write_bytes(record.read_bytes()[:-1])
    with pytest.raises(InvalidDocument, match="cut off"):
        RecordEvidence(record).require_whole()
    with pytest.raises(InvalidDocument, match="cannot be read"):
        RecordEvidence(record.with_name("nowhere.record"))
    record.write_bytes(b"{}\n")
    with pytest.raises(InvalidDocument, match="is not an election record"):
        RecordEvidence(record)
