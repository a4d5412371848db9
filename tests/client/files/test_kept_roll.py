"""A roll on disk, ready to be looked up; whole, cut off and damaged."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from support.one_poll import POLL
from support.refused_files import the_mistake
from veche.errors import InvalidFile, WrongRoll
from veche.files.kept_roll import keep_roll, open_roll
from veche.protocol.roll import Roll
from veche.protocol.roll_proof import RollProof


def voter(index: int) -> str:
    return f"0x{index:040x}"


ROLL = Roll((voter(each), each) for each in (5, 3, 9, 1, 7, 2))
OWN = replace(POLL, roll_root=ROLL.root, total_weight=ROLL.total_weight)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    keep_roll(ROLL, tmp_path / "kept.roll")
    return tmp_path / "kept.roll"


def test_kept_roll_is_the_roll(path: Path) -> None:
    kept = open_roll(path)
    kept.require_of(OWN)
    assert list(kept) == list(ROLL)
    assert (len(kept), kept.total_weight) == (len(ROLL), ROLL.total_weight)
    for each, weight in ROLL:
        assert each in kept
        assert kept.weight(each) == weight
        assert RollProof.of(kept, OWN, each) == RollProof.of(ROLL, OWN, each)
    for depth in range(3):
        assert kept.nodes(depth) == ROLL.nodes(depth)
        assert kept.path(voter(9), depth) == ROLL.path(voter(9), depth)
    assert voter(4) not in kept
    assert kept.weight(voter(4)) == 0


def test_kept_roll_of_one_voter_is_read(tmp_path: Path) -> None:
    one = Roll([(voter(1), 7)])
    keep_roll(one, tmp_path / "one.roll")
    kept = open_roll(tmp_path / "one.roll")
    assert (kept.root, list(kept)) == (one.root, list(one))


def test_kept_roll_can_be_kept_again(path: Path) -> None:
    before = path.read_bytes()
    keep_roll(open_roll(path), path)
    assert path.read_bytes() == before


def test_kept_roll_of_another_poll_is_refused(path: Path) -> None:
    with pytest.raises(WrongRoll):
        open_roll(path).require_of(POLL)


def test_every_damage_is_found(path: Path) -> None:
    whole = path.read_bytes()
    for at in range(len(whole)):
        path.write_bytes(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :])
        with pytest.raises(InvalidFile):
            open_roll(path)


@pytest.mark.parametrize("length", [0, 1, 12, 13, 20, 21, 100, -33, -32, -1])
def test_cut_off_file_is_refused(path: Path, length: int) -> None:
    path.write_bytes(path.read_bytes()[:length])
    assert "write it again" in the_mistake(open_roll, path).remedy


@pytest.mark.parametrize("count", [0, 2**63, 2**64 - 1])
def test_numbers_of_voters_that_no_file_has_are_refused(path: Path, count: int) -> None:
    whole = path.read_bytes()
    path.write_bytes(whole[:13] + count.to_bytes(8, "big") + whole[21:])
    assert "cut off or damaged" in the_mistake(open_roll, path).what


def test_missing_file_is_refused(tmp_path: Path) -> None:
    assert "cannot be read" in the_mistake(open_roll, tmp_path / "none.roll").what
    assert "cannot be read" in the_mistake(open_roll, tmp_path).what
