"""Lists of people as officials write them, honest and hostile."""

from __future__ import annotations

from pathlib import Path

import pytest

from support.refused_files import lines, mistakes, the_mistake
from veche.files.people import People, Person, read_people


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "people.csv"


def write(path: Path, *rows: str) -> Path:
    path.write_bytes("\n".join(rows).encode())
    return path


@pytest.mark.parametrize(
    "text",
    [
        "id,weight,name\n1,1,Ann\n2,3,Bob\n",
        "\ufeffid;weight;name\r\n1;1;Ann\r\n\r\n2;3;Bob\r\n",
        "ID\tWeight\tname\n1\t1\tAnn\n2\t3\tBob",
        '"id","weight","name"\n"1","1","Ann"\n 2 , 3 , Bob \n',
    ],
)
def test_people_are_read_with_their_columns(text: str, path: Path) -> None:
    path.write_bytes(text.encode())
    people = (Person("1", 1, ("Ann",)), Person("2", 3, ("Bob",)))
    assert read_people(path) == People(("name",), people)


def test_weight_may_be_left_out_and_columns_stand_in_any_order(path: Path) -> None:
    write(path, "name;id;street", "Müller, Ann;a-1;Oak Street 5")
    expected = Person("a-1", 1, ("Müller, Ann", "Oak Street 5"))
    assert read_people(path) == People(("name", "street"), (expected,))


@pytest.mark.parametrize(
    "id_", ["-1", "=1+1", "@x", "<b>", "'", "../..", "a b", "東京-1", "{{code}}", "%s", "--help"]
)
def test_odd_id_is_an_id(id_: str, path: Path) -> None:
    assert read_people(write(path, "id", id_)).people[0].id == id_


@pytest.mark.parametrize(
    ("header", "what"),
    [
        ("name,weight", "no column is called id"),
        ("id,weight,", "column 3 has no name"),
        ("id,code", "a column is called 'code'"),
        ("id,QR", "a column is called 'QR'"),
        ("id,{{x}}", "a column is called '{{x}}'"),
        ("id,name,Name", "two columns are called 'Name'"),
        ("id,ID", "two columns are called 'id'"),
    ],
)
def test_reading_fails_if_a_column_has_a_wrong_name(header: str, what: str, path: Path) -> None:
    row = ",".join("1" for _ in header.split(","))
    assert what in [each.what for each in mistakes(read_people, write(path, header, row))]


@pytest.mark.parametrize(
    "row",
    ["1,1", "1,1,Ann,more", "1,0,Ann", "1,x,Ann", "1,,Ann", ",1,Ann", '1,1,"Ann', "1,1,A\u202eb"],
)
def test_reading_fails_if_a_line_is_wrong(row: str, path: Path) -> None:
    write(path, "id,weight,name", "0,1,Zoe", row)
    assert set(lines(read_people, path)) == {3}


def test_all_mistakes_are_told_at_once(path: Path) -> None:
    write(path, "id,weight", "1,0", "1,1", ",1", "a" * 61 + ",1")
    assert lines(read_people, path) == [2, 3, 4, 5]


def test_same_id_in_other_letters_is_refused(path: Path) -> None:
    write(path, "id", "Zoe\u0301", "Zo\u00e9")
    assert the_mistake(read_people, path).line == 3


@pytest.mark.parametrize("text", ["", "id\n", "id,weight\n\n"])
def test_reading_fails_if_nobody_is_on_the_list(text: str, path: Path) -> None:
    path.write_text(text)
    the_mistake(read_people, path)


def test_reading_fails_if_weights_are_too_large_together(path: Path) -> None:
    write(path, "id,weight", f"1,{2**39}", f"2,{2**39}")
    assert "2^40" in the_mistake(read_people, path).remedy
