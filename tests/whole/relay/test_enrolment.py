"""Enrolment through a relay: from letters to the roll, by the commands that people give."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from time import time

import pytest
import requests
from eth_account.signers.local import LocalAccount

from attacks import enrolments
from support.commands import Ended, Shell
from support.elections import PASSWORD, Town, person, write_keystore
from support.lying_relays import Asked, lying_relay
from support.relays import PATIENCE, RunningRelay, relay_office
from veche.enrolment.binding import Binding
from veche.enrolment.code_list import CodeList
from veche.enrolment.codes import Code
from veche.enrolment.office import opened
from veche.files.roll import read_roll

OFFICIAL = person("enrolling official")
UNTIL = "2099-01-01T00:00:00Z"
PEOPLE = "id;weight;name\n1;1;Ann\n2;3;Bob\n-3;1;=Cy\n"
LIMITS = {"requests_per_minute": 100_000}


@dataclass(frozen=True)
class Hall:
    """A town hall with a list of people, and the relay where they enrol.

    Attributes:
        shell: where officials run commands.
        relay: the relay.
    """

    shell: Shell
    relay: RunningRelay

    @property
    def at(self) -> str:
        return f"{self.relay.url}/v1/enrolments/oak"

    def enrol(self, *arguments: object) -> Ended:
        first, *rest = arguments
        return self.shell.veche("enrol", first, "--json", *rest)

    def code(self, id_: str, edition: int = 1) -> Code:
        path = self.shell.folder / f"enrolment/oak/letters/{edition}/letters.csv"
        rows = csv.DictReader(path.read_text("utf-8-sig").splitlines())
        return Code.parse({row["id"].removeprefix("'"): row["code"] for row in rows}[id_])

    def voter(self, code: Code, keystore: str, *more: object) -> Ended:
        words = ("--keystore", keystore, "--at", self.at, *more, "--json")
        with self.shell.start("enrol", *words) as running:
            running.send(f"{code.grouped.lower()}\n")
            return running.end()

    def bind(self, binding: Binding) -> requests.Response:
        return self.relay.post(binding.to_json(), f"/v1/enrolments/{binding.enrolment}/bindings")

    def put(self, listed: CodeList, name: str = "") -> requests.Response:
        url = f"{self.relay.url}/v1/enrolments/{name or listed.enrolment}"
        return requests.put(url, listed.to_json(), timeout=PATIENCE)


@pytest.fixture(scope="module")
def relay(town: Town, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningRelay]:
    folder = tmp_path_factory.mktemp("relay")
    officials = [OFFICIAL.address]
    with relay_office(town, folder, [], officials=officials, limits=LIMITS).running() as it:
        yield it


@pytest.fixture
def hall(relay: RunningRelay, tmp_path: Path) -> Hall:
    write_keystore(tmp_path / "official.key", OFFICIAL)
    (tmp_path / "people.csv").write_text(PEOPLE)
    return Hall(Shell(tmp_path, {"VECHE_PASSWORD": PASSWORD}), relay)


def make(hall: Hall, name: str = "oak") -> None:
    options = ("--name", name, "--title", "Oak Street", "--until", UNTIL, "--at", hall.relay.url)
    made = hall.enrol("make", "people.csv", *options)
    assert made.code == 0, made


def publish(hall: Hall) -> Ended:
    return hall.enrol("publish", "--keystore", "official.key")


def listed(name: str, *codes: LocalAccount, edition: int = 1, until: int = 2**40) -> CodeList:
    return CodeList.make(
        name,
        title="Test",
        edition=edition,
        until=until,
        codes=[each.address for each in codes],
        official=OFFICIAL,
    )


def test_letters_become_a_roll(hall: Hall) -> None:
    make(hall)
    unknown = hall.voter(hall.code("1"), "ann.key")
    assert unknown.error == "UnknownEnrolment"
    assert publish(hall).json["codes"] == 3
    first = hall.voter(hall.code("1"), "ann.key")
    assert (first.code, first.json["sequence"]) == (0, 1), first
    again = hall.voter(hall.code("1"), "ann.key")
    assert again.json == first.json
    refused = hall.voter(hall.code("1"), "new.key")
    assert refused.code == 2
    replaced = hall.voter(hall.code("1"), "new.key", "--replace")
    assert (replaced.json["sequence"], replaced.json["title"]) == (2, "Oak Street")
    assert hall.voter(hall.code("2"), "new.key").error == "AddressTaken"
    assert hall.voter(hall.code("2"), "bob.key").code == 0
    status = hall.enrol("status", "--csv", "status.csv").json
    assert (status["counts"]["enrolled"], status["counts"]["not enrolled"]) == (2, 1)
    assert "'-3,not enrolled,,'=Cy" in (hall.shell.folder / "status.csv").read_text()
    assert hall.enrol("revoke", "2").code == 0
    assert hall.enrol("reissue", "--", "-3").code == 0
    assert publish(hall).json == {"edition": 3, "codes": 2, "until": 4070908800}
    assert hall.voter(hall.code("2"), "bob.key").error == "UnknownCode"
    assert hall.voter(hall.code("-3"), "cy.key").error == "UnknownCode"
    cy = hall.voter(hall.code("-3", edition=3), "cy.key")
    assert cy.code == 0, cy
    frozen = hall.enrol("freeze", "--keystore", "official.key", "--yes").json
    assert (frozen["votersOnRoll"], frozen["totalWeight"], frozen["missing"]) == (2, 2, 1)
    roll = read_roll(hall.shell.folder / frozen["roll"])
    assert {address for address, _ in roll} == {replaced.json["address"], cy.json["address"]}
    assert hall.voter(hall.code("1"), "late.key", "--replace").error == "EnrolmentClosed"
    assert hall.enrol("freeze", "--keystore", "official.key").json == frozen


def test_list_is_published_again_if_the_first_time_was_not_noted(hall: Hall) -> None:
    make(hall, "noted")
    with opened(hall.shell.folder / "enrolment/noted") as office:
        sent = office.code_list(OFFICIAL)
    assert hall.put(sent).json()["codes"] == 3  # and then the command was killed
    again = publish(hall)
    assert (again.code, again.json["edition"]) == (0, 1), again
    assert hall.enrol("status").json["listed"] == 1


def test_letters_lead_to_the_page_of_the_relay_or_to_another(hall: Hall) -> None:
    make(hall)
    code = hall.code("1").grouped
    table = hall.shell.folder / "enrolment/oak/letters/1/letters.csv"
    assert f"{hall.relay.url}/#at={hall.at}&code={code}" in table.read_text("utf-8-sig")
    options = ("--title", "Elm", "--until", UNTIL, "--at", hall.relay.url)
    other = ("--name", "elm", "--page", "https://city.example/vote.html")
    assert hall.enrol("make", "people.csv", *options, *other).code == 0
    table = hall.shell.folder / "enrolment/elm/letters/1/letters.csv"
    at = f"{hall.relay.url}/v1/enrolments/elm"
    assert f"https://city.example/vote.html#at={at}&code=" in table.read_text("utf-8-sig")


def test_code_never_leaves_the_voters_machine(hall: Hall) -> None:
    code = Code.make()
    key = code.key("secret")
    assert hall.put(listed("secret", key)).status_code == 200
    sent: list[str] = []

    def note(asked: Asked) -> None:
        sent.append(f"{asked.path} {asked.body.decode()}".upper())

    with lying_relay(hall.relay.url, {}) as listener:
        listener.trick = note
        link = f"{listener.url}/v1/enrolments/secret#code={code.grouped}"
        done = hall.enrol(link, "--keystore", "secret.key")
    assert done.code == 0, done
    assert any(key.address.upper() in each for each in sent)
    for secret in (code.grouped, code.grouped.replace("-", ""), key.key.hex().removeprefix("0x")):
        assert not [each for each in sent if secret.upper() in each]


def test_mistyped_code_makes_no_key(hall: Hall, tmp_path: Path) -> None:
    mistyped = hall.voter(Code("2" * 23 + "3"), "x.key")
    assert mistyped.error == "InvalidCode"
    assert not (tmp_path / "x.key").exists()


def test_qr_code_is_taken_as_it_is(hall: Hall) -> None:
    code = Code.make()
    own = code.key("qr")
    assert hall.put(listed("qr", own)).status_code == 200
    link = f"{hall.relay.url}/v1/enrolments/qr#code={code.grouped}"
    done = hall.enrol(link, "--keystore", "qr.key")
    assert done.code == 0, done


# -- Over HTTP --

FORGED = dict(enrolments.forged())


@pytest.fixture
def keyed(hall: Hall) -> Hall:
    """A hall whose relay has the list of the attacks' codes."""
    codes = listed(
        enrolments.ENROLMENT, enrolments.CODE, enrolments.OTHER_CODE, edition=int(time() * 1000)
    )
    assert hall.put(codes).status_code == 200
    return hall


def test_every_forged_binding_is_refused_by_name(keyed: Hall) -> None:
    for name, binding in FORGED.items():
        answer = keyed.bind(binding)
        assert answer.headers["Content-Type"] == "application/problem+json", name
        assert answer.json()["name"] == "NotSignedBy", name
    assert keyed.relay.get(f"/v1/enrolments/{enrolments.ENROLMENT}").json()["enrolled"] == 0


def test_binding_of_another_enrolment_is_not_taken(keyed: Hall) -> None:
    binding = enrolments.good()
    answer = keyed.relay.post(binding.to_json(), "/v1/enrolments/elsewhere/bindings")
    assert (answer.status_code, answer.json()["name"]) == (404, "UnknownEnrolment")


def test_replayed_binding_changes_nothing(hall: Hall) -> None:
    code, first, second = (enrolments.key(f"replay {each}") for each in range(3))
    hall.put(listed("replay", code))
    bindings = [
        Binding.make("replay", code=code, voter=voter, sequence=number)
        for number, voter in enumerate((first, second), start=1)
    ]
    assert [hall.bind(each).json()["number"] for each in bindings] == [1, 2]
    again = hall.bind(bindings[1])
    assert (again.status_code, again.json()["number"]) == (201, 2)
    stale = hall.bind(bindings[0])
    assert (stale.status_code, stale.json()["name"]) == (409, "StaleBinding")
    same = Binding.make("replay", code=code, voter=first, sequence=2)
    assert hall.bind(same).json()["name"] == "StaleBinding"
    told = hall.relay.get("/v1/enrolments/replay/bindings").json()["bindings"]
    assert [each["voter"] for each in told] == [first.address, second.address]
    told = hall.relay.get("/v1/enrolments/replay/bindings?after=1").json()["bindings"]
    assert [each["number"] for each in told] == [2]
    newest = hall.relay.get(f"/v1/enrolments/replay/codes/{code.address}").json()
    assert newest["voter"] == second.address


def test_codes_that_are_not_valid_get_one_answer(hall: Hall) -> None:
    old, other = enrolments.key("old code"), enrolments.key("never a code")
    hall.put(listed("one-answer", old))
    hall.put(listed("one-answer", edition=2))
    bodies = {
        hall.bind(Binding.make("one-answer", code=each, voter=enrolments.VOTER)).text
        for each in (old, other)
    }
    assert len(bodies) == 1
    assert json.loads(bodies.pop())["name"] == "UnknownCode"


def test_older_list_and_list_of_another_official_are_refused(hall: Hall) -> None:
    taken = hall.put(listed("lists", edition=2))
    again = hall.put(listed("lists", edition=2))
    assert (again.status_code, again.json()) == (200, taken.json())
    for edition in (0, 1, 2):
        answer = hall.put(listed("lists", enrolments.CODE, edition=edition))
        assert (answer.status_code, answer.json()["name"]) == (409, "OldEdition")
    for name, forged in enrolments.forged_lists():
        answer = hall.put(forged)
        assert (answer.status_code, answer.json()["name"]) == (403, "NotAnOfficial"), name
    misdirected = hall.put(listed("lists", edition=3), name="elsewhere")
    assert misdirected.json()["name"] == "UnknownEnrolment"
    assert hall.relay.get("/v1/enrolments/lists").json()["edition"] == 2


def test_nobody_enrols_after_the_end(hall: Hall) -> None:
    code = enrolments.key("late code")
    hall.put(listed("late", code, until=int(time()) - 1))
    answer = hall.bind(Binding.make("late", code=code, voter=enrolments.VOTER))
    assert answer.json()["name"] == "EnrolmentClosed"
    assert hall.relay.get("/v1/enrolments/late").json()["isOpen"] is False


@pytest.mark.parametrize("path", ["x" * 40, "..%2f", "Oak", "-a", "%00", "oak%20", "nobody"])
def test_odd_id_is_unknown(path: str, hall: Hall) -> None:
    answer = hall.relay.get(f"/v1/enrolments/{path}")
    assert answer.status_code == 404, answer.text


@pytest.mark.parametrize("after", ["-1", "x", "1" * 30, "٣", "1e3"])
def test_odd_number_is_refused(after: str, hall: Hall) -> None:
    answer = hall.relay.get(f"/v1/enrolments/replay/bindings?after={after}")
    assert (answer.status_code, answer.json()["name"]) == (400, "MalformedRequest")


@pytest.mark.parametrize("body", ["", "{}", "[]", "x", "\0", '{"codes": "0x"}'])
def test_garbage_is_refused_by_name(body: str, hall: Hall) -> None:
    put = requests.put(f"{hall.relay.url}/v1/enrolments/oak", body, timeout=PATIENCE)
    post = hall.relay.post(body, "/v1/enrolments/oak/bindings")
    assert {put.status_code, post.status_code} == {400}
    assert {put.json()["name"], post.json()["name"]} == {"InvalidDocument"}


def test_guessing_is_limited(town: Town, tmp_path: Path) -> None:
    office = relay_office(
        town, tmp_path, [], name="guessed", officials=[OFFICIAL.address], limits=LIMITS
    )
    with office.running() as relay:
        hall = Hall(office.shell, relay)
        good = enrolments.key("guessed code")
        hall.put(listed("guess", good))
        names = [
            hall.bind(
                Binding.make("guess", code=enrolments.key(f"guess {each}"), voter=enrolments.VOTER)
            ).json()["name"]
            for each in range(22)
        ]
        assert names == ["UnknownCode"] * 20 + ["TooManyRequests"] * 2
        answer = hall.bind(Binding.make("guess", code=good, voter=enrolments.VOTER))
        assert (answer.status_code, "Retry-After" in answer.headers) == (429, True)
