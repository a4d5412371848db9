"""The officials' folder: letters, revoked and reissued codes, bindings, the roll."""

from __future__ import annotations

import csv
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from eth_account.signers.local import LocalAccount

from attacks.enrolments import OFFICIAL, key
from veche.enrolment.binding import Binding
from veche.enrolment.codes import Code
from veche.enrolment.letters import Terms
from veche.enrolment.office import Office, opened
from veche.enrolment.register import Stand
from veche.enrolment.template import DEFAULT
from veche.errors import (
    EnrolmentClosed,
    InvalidFile,
    NotSignedBy,
    UnknownCode,
    UnknownPerson,
)
from veche.files.people import People, Person
from veche.files.roll import read_roll

NOW, UNTIL = 1_803_000_000, 1_803_880_800
AT = "https://vote.example/v1/enrolments/oak"
PEOPLE = People(
    ("name",),
    (Person("1", 1, ("Ann",)), Person("2", 3, ("=Bob <b>",)), Person("-3", 1, ("Cy",))),
)
TERMS = Terms("oak", "Oak Street", AT, "", UNTIL, ("name",))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "oak"


@pytest.fixture
def office(folder: Path) -> Iterator[Office]:
    with opened(folder) as found:
        found.make(TERMS, PEOPLE, DEFAULT)
        yield found


def letter(office: Office, id_: str, edition: int = 1) -> Code:
    """The code in somebody's letter."""
    text = (office.folder / "letters" / str(edition) / "letters.csv").read_text("utf-8-sig")
    rows = {row["id"].removeprefix("'"): row for row in csv.DictReader(text.splitlines())}
    return Code.parse(rows[id_]["code"])


def bound(code: Code, voter: LocalAccount, sequence: int = 1) -> Binding:
    return Binding.make("oak", code=code.key("oak"), voter=voter, sequence=sequence)


def stands(office: Office) -> list[Stand]:
    return [each.stand for each in office.register.standings()]


def test_everybody_gets_a_letter_with_a_code_of_their_own(office: Office) -> None:
    codes = [letter(office, each.id) for each in PEOPLE.people]
    assert len({each.grouped for each in codes}) == 3
    addresses = [each.key("oak").address for each in codes]
    assert [*office.register.codes.values()] == addresses
    page = (office.folder / "letters/1/letters.html").read_text()
    assert page.count("<article>") == page.count("<svg") == 3
    assert all(each.grouped in page for each in codes)


def test_no_code_stands_anywhere_but_in_letters(office: Office) -> None:
    codes = [letter(office, each.id).grouped for each in PEOPLE.people]
    kept = [each for each in office.folder.iterdir() if each.is_file()]
    assert {each.name for each in kept} >= {"journal.sqlite", "letter.html"}
    for path in kept:
        for code in codes:
            assert code.encode() not in (data := path.read_bytes())
            assert code.replace("-", "").encode() not in data


def test_what_holds_codes_or_names_is_for_its_owner_alone(office: Office) -> None:
    for path in office.folder.rglob("*"):
        if path.suffix != ".lock":
            assert not path.stat().st_mode & 0o077, path


def test_names_are_texts_in_letters(office: Office) -> None:
    table = (office.folder / "letters/1/letters.csv").read_text("utf-8-sig")
    assert "'=Bob <b>" in table
    assert "\n'-3," in table


def test_enrolment_is_made_once(office: Office) -> None:
    with pytest.raises(InvalidFile, match="made already"):
        office.make(TERMS, PEOPLE, DEFAULT)


def test_folder_shows_the_same_when_it_is_opened_again(office: Office) -> None:
    office.take([bound(letter(office, "2"), key("a"))])
    office.revoke("-3")
    office.reissue("1")
    again = type(office.register).of(office._journal)
    assert again == office.register


def test_binding_that_both_keys_signed_is_taken(office: Office) -> None:
    assert office.take([bound(letter(office, "1"), key("a"))]) == (1, ())
    assert stands(office) == [Stand.ENROLLED, Stand.MISSING, Stand.MISSING]


def test_service_invents_and_alters_nothing(office: Office) -> None:
    good = bound(letter(office, "1"), key("a"))
    own = Code.make()
    forged = [
        bound(own, key("thief")),
        Binding("oak", good.code, key("thief").address, 2, *[good.code_signature] * 2),
        Binding("oak", good.code, good.voter, 3, good.code_signature, good.voter_signature),
        Binding.make("elm", code=letter(office, "1").key("oak"), voter=key("a"), sequence=4),
    ]
    new, refused = office.take([*forged, good])
    assert new == 1
    assert [type(error) for _, error in refused] == [
        UnknownCode,
        NotSignedBy,
        NotSignedBy,
        UnknownCode,
    ]
    assert next(office.register.standings()).voter == key("a").address


def test_later_binding_replaces_an_earlier_one_and_a_replay_changes_nothing(
    office: Office,
) -> None:
    code = letter(office, "1")
    first, second = bound(code, key("a")), bound(code, key("b"), 2)
    office.take([second])
    assert office.take([first, second]) == (0, ())
    assert next(office.register.standings()).voter == key("b").address


def test_revoked_code_binds_nobody(office: Office) -> None:
    code = letter(office, "1")
    office.take([bound(code, key("a"))])
    office.revoke("1")
    office.revoke("1")
    office.take([bound(code, key("b"), 2)])
    assert stands(office)[0] is Stand.REVOKED
    assert office.code_list(OFFICIAL).edition == 2
    assert code.key("oak").address not in office.code_list(OFFICIAL).addresses


def test_new_letter_makes_the_old_code_void(office: Office) -> None:
    old = letter(office, "1")
    office.take([bound(old, key("a"))])
    path = office.reissue("1")
    assert {each.name for each in path.iterdir()} == {"letters.csv", "letters.html"}
    new = letter(office, "1", edition=2)
    assert stands(office)[0] is Stand.MISSING_AGAIN
    office.take([bound(old, key("a"), 2)])
    assert stands(office)[0] is Stand.MISSING_AGAIN
    office.take([bound(new, key("a"))])
    assert stands(office)[0] is Stand.ENROLLED


def test_revoked_person_can_get_a_new_letter(office: Office) -> None:
    office.revoke("1")
    office.reissue("1")
    assert stands(office)[0] is Stand.MISSING


@pytest.mark.parametrize("id_", ["4", "", "1 ", "ANN", "../1"])
def test_id_that_nobody_has_is_refused(id_: str, office: Office) -> None:
    for change in (office.revoke, office.reissue):
        with pytest.raises(UnknownPerson):
            change(id_)


def test_roll_has_those_who_enrolled_and_tells_who_is_left_out(office: Office) -> None:
    for id_, name in (("1", "a"), ("2", "b")):
        office.take([bound(letter(office, id_), key(name))])
    office.close(NOW)
    frozen = office.freeze(NOW)
    assert (frozen.voters, frozen.weight, frozen.missing) == (2, 4, 1)
    voters = dict(read_roll(frozen.roll))
    assert voters == {key("a").address: 1, key("b").address: 3}
    assert frozen.left_out.read_text("utf-8-sig") == "id,reason,address\n'-3,not enrolled,\n"
    assert office.freeze(NOW + 1) == frozen


def test_two_people_with_one_address_are_both_left_out(office: Office) -> None:
    for id_, name in (("1", "a"), ("2", "a"), ("-3", "c")):
        office.take([bound(letter(office, id_), key(name))])
    office.close(NOW)
    frozen = office.freeze(NOW)
    assert [*dict(read_roll(frozen.roll))] == [key("c").address]
    assert frozen.left_out.read_text().count("one address for several people") == 2


def test_nothing_is_frozen_while_people_can_enrol(office: Office) -> None:
    office.take([bound(letter(office, "1"), key("a"))])
    with pytest.raises(EnrolmentClosed):
        office.freeze(UNTIL)
    office.freeze(UNTIL + 1)


def test_nothing_changes_after_the_roll_is_frozen(office: Office) -> None:
    office.take([bound(letter(office, "1"), key("a"))])
    office.close(NOW)
    before = office.freeze(NOW).roll.read_text()
    for change in (office.revoke, office.reissue):
        with pytest.raises(EnrolmentClosed):
            change("1")
    _, refused = office.take([bound(letter(office, "2"), key("b"))])
    assert [type(error) for _, error in refused] == [EnrolmentClosed]
    assert office.freeze(NOW).roll.read_text() == before


def test_empty_roll_is_refused(office: Office) -> None:
    office.close(NOW)
    with pytest.raises(InvalidFile, match="nobody is enrolled"):
        office.freeze(NOW)


def test_entries_of_the_journal_are_never_changed(office: Office) -> None:
    database = sqlite3.connect(office.folder / "journal.sqlite")
    for change in ("UPDATE entries SET kind = 'x'", "DELETE FROM entries"):
        with pytest.raises(sqlite3.IntegrityError):
            database.execute(change)


@pytest.mark.parametrize("content", [b"nonsense" * 1000, b"SQLite format 3\0" + b"x" * 5000])
def test_damaged_journal_is_told(content: bytes, folder: Path) -> None:
    folder.mkdir()
    (folder / "journal.sqlite").write_bytes(content)
    with pytest.raises(InvalidFile, match="journal"), opened(folder):
        pass


def test_another_database_is_no_journal(folder: Path) -> None:
    folder.mkdir()
    sqlite3.connect(folder / "journal.sqlite").execute("CREATE TABLE entries (x)").close()
    with pytest.raises(InvalidFile, match="not the journal"), opened(folder):
        pass


def test_folder_without_an_enrolment_says_so(folder: Path) -> None:
    with opened(folder) as found, pytest.raises(InvalidFile, match="no enrolment here"):
        found.code_list(OFFICIAL)
