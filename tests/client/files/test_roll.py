"""Rolls as officials write them, honest and hostile."""

from __future__ import annotations

from pathlib import Path

import pytest

from support.refused_files import lines, mistakes, the_mistake
from veche.files.roll import read_roll, read_roll_file

ONE, TWO, THREE = ("0x" + digit * 40 for digit in "123")
MIXED = "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed"
MIXED_TOO = "0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359"
MIXED_THREE = "0xdbF03B407c01E7cD3CBea99509d93f8DDDC8C6FB"
MISTYPED = MIXED.replace("5aA", "5aa")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "roll.csv"


def write(path: Path, *rows: str) -> Path:
    path.write_bytes("\n".join(rows).encode())
    return path


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"address,weight\n{ONE},1\n{TWO},2\n", [(ONE, 1), (TWO, 2)]),
        (f"address\n{ONE}\n{TWO}", [(ONE, 1), (TWO, 1)]),
        (f"\ufeffaddress,weight\r\n{ONE},1\r\n\r\n{TWO},2\r\n", [(ONE, 1), (TWO, 2)]),
        (f"\n\n Address , WEIGHT \n\n {ONE} , 3 \n ,\n", [(ONE, 3)]),
        (f'"address","weight"\n"{ONE}","3"\n', [(ONE, 3)]),
        (f"address,weight\n{MIXED},007\n", [(MIXED, 7)]),
        (f"address,weight\n{MIXED.lower()},1\n", [(MIXED, 1)]),
        (f"address,weight\r{ONE},1\r", [(ONE, 1)]),
        (f"\ufeffaddress;weight\r\n{ONE};1\r\n;\r\n{TWO};2\r\n", [(ONE, 1), (TWO, 2)]),
        (f'"address";"weight"\n"{ONE}";"3"\n', [(ONE, 3)]),
        (f"Address\tWeight\n{ONE}\t3\n", [(ONE, 3)]),
        (f"address\n{ONE}\n", [(ONE, 1)]),
    ],
    ids=range(12),
)
def test_voters_are_read_with_their_weights(
    text: str, expected: list[tuple[str, int]], path: Path
) -> None:
    path.write_bytes(text.encode())
    assert list(read_roll(path)) == expected


@pytest.mark.parametrize(
    "weight",
    ["0", "-1", "+1", "1.0", "1e3", "1_000", "one", "٣", "nan", "0x10", "", str(2**40), "9" * 5000],
)
def test_reading_fails_if_a_weight_is_none(weight: str, path: Path) -> None:
    write(path, "address,weight", f"{ONE},1", f"{TWO},{weight}")
    mistake = the_mistake(read_roll, path)
    assert mistake.line == 3
    assert "weight" in mistake.what


@pytest.mark.parametrize(
    "address", ["0x12", "voter", ONE[2:], ONE + "1", "0X" + ONE[2:], "0x" + "g" * 40, "\x1b[2J", ""]
)
def test_reading_fails_if_an_address_is_none(address: str, path: Path) -> None:
    write(path, "address,weight", f"{address},1", f"{TWO},1")
    mistake = the_mistake(read_roll, path)
    assert mistake.line == 2
    assert "not an address" in mistake.what


def test_reading_fails_if_a_line_has_another_delimiter_than_the_first(path: Path) -> None:
    assert lines(read_roll, write(path, "address;weight", f"{ONE},1", f"{TWO};1")) == [2, 2]


def test_reading_fails_if_a_voter_is_the_address_zero(path: Path) -> None:
    mistake = the_mistake(read_roll, write(path, "address", ONE, "0x" + "0" * 40))
    assert mistake.line == 3
    assert "nobody" in mistake.what


def test_addresses_without_a_checksum_are_warned_of(path: Path) -> None:
    write(path, "address", ONE, MIXED, MIXED_TOO.lower(), "0x" + MIXED_THREE[2:].upper())
    (caution,) = read_roll_file(path).cautions
    assert caution.line == 4
    assert "2 addresses have no checksum" in caution.what
    write(path, "address", ONE, MIXED)  # one has no letters, and the other has its capitals
    assert read_roll_file(path).cautions == ()


def test_reading_fails_if_a_digit_was_mistyped(path: Path) -> None:
    mistake = the_mistake(read_roll, write(path, "address", ONE, MISTYPED))
    assert mistake.line == 3
    assert "checksum" in mistake.what


def test_reading_fails_if_somebody_stands_on_it_twice(path: Path) -> None:
    found = mistakes(read_roll, write(path, "address", MIXED, ONE, MIXED.lower(), MIXED))
    assert [each.line for each in found] == [4, 5]
    assert all("in line 2 already" in each.what for each in found)


@pytest.mark.parametrize("first", ["adress,weight", "address weight", "address,weight,name", "a"])
def test_reading_fails_if_the_columns_are_others(first: str, path: Path) -> None:
    mistake = the_mistake(read_roll, write(path, "", first, f"{ONE},1", "nonsense"))
    assert mistake.line == 2
    assert "address,weight" in mistake.remedy


def test_reading_fails_if_the_first_line_is_a_voter(path: Path) -> None:
    assert lines(read_roll, write(path, f"{ONE},1", f"{TWO},0")) == [1, 2]


@pytest.mark.parametrize("text", ["address", "address,weight\n\n"])
def test_reading_fails_if_nobody_stands_on_it(text: str, path: Path) -> None:
    assert "nobody" in the_mistake(read_roll, write(path, text)).what


def test_reading_fails_if_a_line_has_too_many_cells_or_open_quotes(path: Path) -> None:
    rows = ("address,weight", f"{ONE},1,2", f'"{TWO},1', f"{THREE},1")
    assert lines(read_roll, write(path, *rows)) == [2, 3]


def test_reading_fails_if_all_weights_together_are_too_much(path: Path) -> None:
    write(path, "address,weight", f"{ONE},{2**39}", f"{TWO},{2**39}")
    assert "together" in the_mistake(read_roll, path).what


def test_all_mistakes_are_told_at_once_with_their_lines(path: Path) -> None:
    rows = ("address,weight", MISTYPED + ",1", f"{ONE},1", "", "you,1", f"{ONE},2", f"{TWO},-3")
    found = mistakes(read_roll, write(path, *rows))
    assert [each.line for each in found] == [2, 5, 6, 7]


def test_twenty_mistakes_are_told_and_the_others_counted(path: Path) -> None:
    found = mistakes(read_roll, write(path, "address", *(f"voter {each}" for each in range(30))))
    assert len(found) == 21
    assert found[-1].what == "and 10 more mistakes"


def test_large_rolls_are_read(path: Path) -> None:
    write(path, "address,weight", *(f"0x{each:040x},1" for each in range(1, 100_001)))
    assert read_roll(path).total_weight == 100_000


def test_large_nonsense_is_refused(path: Path) -> None:
    write(path, "address,weight", *("x" * 50 for _ in range(100_000)), "y" * 10**6)
    assert len(mistakes(read_roll, path)) == 21
