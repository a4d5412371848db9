"""Boards and trustees' cards as officials write them, honest and hostile."""

from __future__ import annotations

from pathlib import Path

import pytest
from eth_utils.address import to_checksum_address
from hypothesis import given
from hypothesis import strategies as st

from support.refused_files import mistakes, the_mistake
from veche.crypto.group import G, N, P, Scalar
from veche.errors import InvalidFile, InvalidPoint
from veche.files.board import read_board
from veche.files.trustee_card import TrusteeCard, decompressed
from veche.protocol import plain

HEAD = """name = "city-2026"
threshold = {threshold}
deal_by = 2026-11-01T12:00:00+03:00
confirm_by = 2026-11-08T12:00:00+03:00
"""
FIRST = HEAD.count("\n") + 1
"""The line of the first card; name, account and sealing key stand in the next three."""


def card(number: int) -> TrusteeCard:
    account = to_checksum_address(f"0x{0xABCDEF * 16**30 + number:040x}")
    return TrusteeCard(f"Trustee {number}", account, G * Scalar(number))


CARDS = [card(number) for number in range(1, 18)]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "board.toml"


def write(path: Path, *cards: TrusteeCard, threshold: int = 2, more: str = "") -> Path:
    text = HEAD.format(threshold=threshold) + more + "".join(each.to_toml() for each in cards)
    path.write_text(text)
    return path


def changed(path: Path, old: str, new: str) -> Path:
    text = write(path, *CARDS[:3]).read_text()
    assert old in text
    path.write_text(text.replace(old, new))
    return path


# -- What is read --


def test_board_is_read(path: Path) -> None:
    board = read_board(write(path, *CARDS[:3], more="min_voters = 10\n"))
    assert board.path == path
    assert board.name == "city-2026"
    assert board.threshold == 2
    assert board.min_voters == 10
    assert board.deal_by == 1793523600
    assert board.confirm_by == 1794128400
    assert board.trustees == tuple(CARDS[:3])


def test_board_decrypts_for_two_voters_by_default(path: Path) -> None:
    assert read_board(write(path, *CARDS[:3])).min_voters == 2


@pytest.mark.parametrize(("threshold", "count"), [(2, 2), (2, 3), (3, 3), (9, 16), (16, 16)])
def test_thresholds_of_more_than_half_are_accepted(threshold: int, count: int, path: Path) -> None:
    board = read_board(write(path, *CARDS[:count], threshold=threshold))
    assert (board.threshold, len(board.trustees)) == (threshold, count)


@pytest.mark.parametrize("name", ["Anna", 'A "B" \\ C', "Анна", "O'Neill", "[[trustees]] = #"])
def test_card_comes_back_as_it_was_printed(name: str, path: Path) -> None:
    printed = TrusteeCard(name, CARDS[0].account, CARDS[0].sealing_key)
    assert read_board(write(path, printed, CARDS[1])).trustees[0] == printed


def test_card_is_printed_as_officials_paste_it() -> None:
    assert card(1).to_toml() == (
        "[[trustees]]\n"
        'name = "Trustee 1"\n'
        f'account = "{card(1).account}"\n'
        'sealing_key = "0x0279be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798"\n'
    )


@given(st.integers(1, N - 1))
def test_points_are_compressed_and_decompressed(number: int) -> None:
    point = G * Scalar(number)
    assert decompressed(plain.point(point)) == point
    assert decompressed(plain.point(-point)) == -point


# -- Sealing keys that are none --

GOOD = plain.point(G)
NOT_ON_CURVE = 5
BEYOND_N = next(x for x in range(N, P) if pow(pow(x, 3, P) + 7, (P - 1) // 2, P) == 1)
"""On the curve, and out of ecrecover's reach."""

BAD_KEYS = {
    "empty": "",
    "infinity": "0x00",
    "zero": "0x02" + "0" * 64,
    "not on the curve": f"0x02{NOT_ON_CURVE:064x}",
    "x of n or more": f"0x02{BEYOND_N:064x}",
    "x of p": f"0x02{P:064x}",
    "huge": "0x02" + "f" * 64,
    "uncompressed": "0x04" + G.encoded.hex(),
    "hybrid": "0x06" + GOOD[4:],
    "without prefix": GOOD[2:],
    "too short": GOOD[:-1],
    "too long": GOOD + "0",
    "no digits": GOOD[:-1] + "g",
    "with a space": GOOD + " ",
    "with a line break": GOOD + "\n",
    "very long": "0x02" + "0" * 10**5,
}


@pytest.mark.parametrize("key", BAD_KEYS.values(), ids=list(BAD_KEYS))
def test_decompressing_fails_if_it_is_no_point_as_from_outside(key: str) -> None:
    with pytest.raises(InvalidPoint):
        decompressed(key)


@pytest.mark.parametrize("key", BAD_KEYS.values(), ids=list(BAD_KEYS))
def test_reading_fails_if_a_sealing_key_is_no_point(key: str, path: Path) -> None:
    text = key.replace("\n", "\\n")
    mistake = the_mistake(read_board, changed(path, plain.point(card(2).sealing_key), text))
    assert mistake.line == FIRST + 7
    assert "not a sealing key" in mistake.what


# -- Rules --


@pytest.mark.parametrize(
    ("threshold", "count"), [(1, 2), (3, 2), (1, 3), (2, 4), (8, 16), (17, 16), (0, 3), (-2, 3)]
)
def test_reading_fails_if_the_threshold_does_not_fit(
    threshold: int, count: int, path: Path
) -> None:
    mistake = the_mistake(read_board, write(path, *CARDS[:count], threshold=threshold))
    assert mistake.line == 2
    assert f"{count} trustees" in mistake.what


def test_reading_fails_if_there_are_too_many_trustees(path: Path) -> None:
    mistake = the_mistake(read_board, write(path, *CARDS, threshold=9))
    assert mistake.line == FIRST + 16 * 4


def test_reading_fails_if_one_trustee_would_hold_the_key(path: Path) -> None:
    mistake = the_mistake(read_board, write(path, CARDS[0], threshold=1))
    assert mistake.line == FIRST
    assert "1 trustee," in mistake.what


def test_reading_fails_if_there_are_no_trustees(path: Path) -> None:
    mistake = the_mistake(read_board, write(path))
    assert "`trustees` is missing" in mistake.what
    assert "[[trustees]]" in mistake.remedy


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ("city-2026", "", 1),
        ("city-2026", "x" * 32, 1),
        ("city-2026", "\\u202e", 1),
        ("threshold = 2", "threshold = true", 2),
        ("threshold = 2", "threshold = 2.0", 2),
        ("threshold = 2", f"threshold = 0x{'f' * 9999}", 2),
        ("threshold = 2", "min_voters = 1\nthreshold = 2", 2),
        ("threshold = 2", f"min_voters = {2**40}\nthreshold = 2", 2),
        ("threshold = 2", f"min_voters = 0x{'f' * 9999}\nthreshold = 2", 2),
        ("deal_by = 2026-11-01T12:00:00+03:00", "deal_by = 2026-11-01T12:00:00", 3),
        ("deal_by = 2026", "deal_by = 1926", 3),
        ("confirm_by = 2026-11-08", "confirm_by = 2026-11-01", 4),
        ("confirm_by = 2026-11-08T12:00:00+03:00", "confirm_by = nan", 4),
        ("Trustee 2", "", FIRST + 5),
        ("Trustee 2", "\\u001b[2J", FIRST + 5),
        ("Trustee 2", "Trustee 1", FIRST + 5),
        (CARDS[1].account, "0x12", FIRST + 6),
        (CARDS[1].account, "", FIRST + 6),
        (CARDS[1].account, CARDS[1].account.lower(), FIRST + 6),
        (CARDS[1].account, CARDS[1].account.replace("abCD", "ABCD"), FIRST + 6),
        (CARDS[1].account, CARDS[0].account, FIRST + 6),
        (CARDS[1].account, "0x" + "0" * 40, FIRST + 6),
        (CARDS[1].account, to_checksum_address(f"0x{(G * Scalar(2)).address:040x}"), FIRST + 6),
        (CARDS[1].account, to_checksum_address(f"0x{(G * Scalar(3)).address:040x}"), FIRST + 6),
        (plain.point(G * Scalar(2)), plain.point(G), FIRST + 7),
        (plain.point(G * Scalar(2)), plain.point(-G), FIRST + 7),
    ],
)
def test_reading_fails_if_a_rule_is_broken(old: str, new: str, line: int, path: Path) -> None:
    assert the_mistake(read_board, changed(path, old, new)).line == line


def test_trustees_that_people_can_take_for_each_other_are_warned_of(path: Path) -> None:
    (caution,) = read_board(changed(path, "Trustee 2", "Тrustee 1")).cautions
    assert caution.line == FIRST + 5
    assert "looks like number 1, 'Trustee 1'" in caution.what


def test_reading_fails_if_the_names_are_too_long_for_a_transaction(path: Path) -> None:
    mistake = the_mistake(read_board, changed(path, "Trustee 2", "я" * 9_000))
    assert mistake.line == 0
    assert "16,000 bytes" in mistake.remedy


def test_all_mistakes_are_reported_at_once(path: Path) -> None:
    changed(path, 'name = "city-2026"', 'nane = ""')
    text = path.read_text().replace("threshold = 2", "threshold = 4")
    text = text.replace(plain.point(G * Scalar(2)), plain.point(G)).replace(
        "Trustee 3", "Trustee 1"
    )
    path.write_text(text)
    found = mistakes(read_board, path)
    assert [each.line for each in found] == [0, 1, 2, FIRST + 7, FIRST + 9]


def test_file_of_another_kind_is_one_mistake(path: Path) -> None:
    path.write_text((Path(__file__).parents[3] / "examples" / "poll.toml").read_text())
    with pytest.raises(InvalidFile, match=r"this is a file of another kind$") as caught:
        read_board(path)
    assert caught.value.remedy.startswith("Name a file")
    assert len(caught.value.mistakes) == 1
