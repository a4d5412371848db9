"""Election records: what they show and what not, other files than records, damage of any kind."""

from __future__ import annotations

import gzip
import json
import random
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from eth_hash.auto import keccak
from eth_utils.address import to_checksum_address

from support.bent_polls import (
    FIRST,
    NO_VOTERS,
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
from support.record_edits import MALFORMED, edited, lines_of, packed, packed_bytes, verdict_on
from support.vector_files import load
from veche.errors import InvalidDocument, NodeBehind
from veche.observer import record_file
from veche.observer.electoral_roll import ROLL
from veche.observer.record_evidence import RecordEvidence
from veche.observer.record_writer import save_record
from veche.observer.result import RESULT, SHARES
from veche.observer.verification import COMPLETE, verify
from veche.protocol.published_roll import Part
from veche.trust.report import Verdict

ENTRIES = [("0x" + "11" * 20, 1)] * 1_001
"""More than a line of a record holds."""
VOTER = voter(0).address
POINTS = 5 * 128
"""Bytes of the points of a ballot with five choices."""


def recorded(facts: Facts, folder: Path) -> RecordEvidence:
    save_record(PaperEvidence(facts), folder / "poll.record")
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
    report = verify(recorded(facts, tmp_path), confirm=lambda *_: True).report
    assert report == report_of(facts)


@pytest.mark.parametrize(
    ("make", "words_alone"),
    [
        (NO_VOTERS, [SHARES, RESULT]),
        (cancelled(NO_VOTERS), [SHARES, RESULT]),
        (cancelled(unrolled(NO_VOTERS)), [ROLL, SHARES, RESULT]),
        (poll(ballots=[FIRST], decrypted=False), [SHARES, RESULT]),
    ],
)
def test_end_without_a_result_is_pending_in_a_record_alone(
    make: Make, words_alone: list[str], tmp_path: Path
) -> None:
    """A stranger needs no key to write that nobody voted, or that the poll was cancelled."""
    evidence = recorded(make(), tmp_path)
    assert pending(verify(evidence).report) == [*words_alone, COMPLETE]
    assert COMPLETE in pending(verify(evidence, confirm=lambda *_: False).report)
    assert verify(evidence, confirm=lambda *_: True).report.verdict == Verdict.PASS
    assert report_of(make()).verdict == Verdict.PASS


def test_record_without_a_result_does_not_show_that_nothing_is_missing(tmp_path: Path) -> None:
    report = verify(recorded(UNDECRYPTED(), tmp_path)).report
    assert pending(report) == [SHARES, RESULT, COMPLETE]


def test_record_with_a_result_shows_all_of_it(record: Path) -> None:
    assert verify(RecordEvidence(record)).report.verdict == Verdict.PASS


# -- Other files than records --


@pytest.mark.parametrize("planted", load("records")["records"], ids=lambda each: each["name"])
def test_planted_record_gets_its_verdict(planted: Any) -> None:
    lines = edited(load("records")["lines"], planted["edits"])
    behind = bytes.fromhex(planted.get("behind", "0x")[2:])
    assert verdict_on(packed(lines, behind=behind)) == planted["verdict"]


@pytest.mark.parametrize("line", range(1, 12))
@pytest.mark.parametrize(
    "data", [b"\xed\xa0\x80", b"\xff", '"\u00e9"'.encode("utf-16"), b"\0"], ids=range(4)
)
def test_line_that_is_not_utf_8_is_malformed(line: int, data: bytes) -> None:
    lines = [each.encode() for each in load("records")["lines"]]
    lines[line - 1] = lines[line - 1][:20] + data + lines[line - 1][20:]
    assert verdict_on(packed_bytes(lines)) == MALFORMED


@pytest.mark.parametrize(
    "more", [b"\0", gzip.compress(b""), b"\0" * (2 * record_file.CHUNK)], ids=range(3)
)
@pytest.mark.parametrize("count", [0, 2], ids=["short", "long"])
def test_file_that_goes_on_after_its_end_is_told_at_once(
    tmp_path: Path, more: bytes, count: int
) -> None:
    """Also if it is longer than what is read at once."""
    path = tmp_path / "long.record"
    draw = random.Random(7)  # noqa: S311  # of a test
    words = (draw.randbytes(400_000).hex() for _ in range(count))
    path.write_bytes(packed(words, behind=more))
    with pytest.raises(InvalidDocument, match="goes on after its end"):
        list(record_file.read(path))


@pytest.mark.parametrize(
    ("line", "count"),
    [("", 3_000_000), ("0" * 1000, 3_000), (json.dumps({"roll": [[VOTER, 1]] * 900}), 100)],
    ids=["empty lines", "zeros", "one voter"],
)
def test_bomb_is_refused_by_name_and_early(tmp_path: Path, line: str, count: int) -> None:
    """What is read of it before is a small part."""
    path = tmp_path / "bomb.record"
    path.write_bytes(packed([line] * count))
    read: list[str] = []
    with pytest.raises(InvalidDocument, match="more than 16 times as long as the file"):
        read.extend(record_file.read(path))
    size = sum(len(each) + 1 for each in read)
    assert size < 2 * record_file.LONGEST_LINE + record_file.RATIO * path.stat().st_size


def test_line_without_end_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "line.record"
    draw = random.Random(7)  # noqa: S311  # of a test
    path.write_bytes(packed([draw.randbytes(600_000).hex()]))
    with pytest.raises(InvalidDocument, match="a line has more than 1048576 bytes"):
        list(record_file.read(path))


def test_record_is_far_from_its_bounds() -> None:
    """Of all lines, those of the roll are compressed best."""
    entries = [(to_checksum_address(f"0x{keccak(b'%d' % i)[:20].hex()}"), 1) for i in range(1_500)]
    lines = lines_of(replace(NO_VOTERS(), roll_parts=(Part(0, entries),)))
    assert max(map(len, lines)) < record_file.LONGEST_LINE / 4
    roll = [line for line in lines if line.startswith('{"roll"')]
    packed_roll = len(packed(roll)) - len(packed([]))
    assert sum(map(len, roll)) < packed_roll * record_file.RATIO / 4


def test_ballots_that_are_replaced_are_found_by_their_tracker(record: Path) -> None:
    evidence = RecordEvidence(record)
    ballots = [logged for logged, _ in evidence.ballots()]
    for each in ballots:
        assert list(evidence.find({(each.voter, each.tracker)})) == [each]
    assert not list(evidence.find({(ballots[0].voter, ballots[1].tracker)}))


def test_record_of_a_record_is_the_same_file(record: Path, tmp_path: Path) -> None:
    assert save_record(RecordEvidence(record), tmp_path / "again.record") == 4
    assert (tmp_path / "again.record").read_bytes() == record.read_bytes()


def test_saving_tells_its_progress(tmp_path: Path) -> None:
    seen: list[int] = []
    save_record(PaperEvidence(PaperPoll().facts), tmp_path / "poll.record", seen.append)
    assert seen == [1, 2, 3, 4]


def test_saving_leaves_the_earlier_file_if_it_fails(
    record: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(_: PaperEvidence) -> None:
        raise NodeBehind("the block was replaced")

    before = record.read_bytes()
    monkeypatch.setattr(PaperEvidence, "ballots", gone)
    with pytest.raises(NodeBehind):
        save_record(PaperEvidence(PaperPoll().facts), record)
    assert list(record.parent.iterdir()) == [record]
    assert record.read_bytes() == before


# -- Damage --


def passes(path: Path) -> bool:
    """Whether a file is read and verified; what is wrong is told by an exception of Veche's."""
    return verdict_on(path.read_bytes()) == Verdict.PASS


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
        list(RecordEvidence(record).ballots())
    with pytest.raises(InvalidDocument, match="cannot be read"):
        RecordEvidence(record.with_name("nowhere.record"))
    record.write_bytes(b"{}\n")
    with pytest.raises(InvalidDocument, match="is not an election record"):
        RecordEvidence(record)


def test_record_of_another_version_is_told_by_its_version(record: Path, tmp_path: Path) -> None:
    first, *rest = record_file.read(record)
    header = json.loads(first) | {"version": 1}
    path = tmp_path / "old.record"
    path.write_bytes(packed([json.dumps(header), *rest]))
    with pytest.raises(InvalidDocument, match="has version 1, and this program reads version 2"):
        RecordEvidence(path)
