"""The officials' folder of an enrolment: people, letters, and everything that was done.

Every change is in the journal before anything depends on it, so a run that was interrupted is run
again. Nothing here asks anybody: what the service says is given, and checked again.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final, NamedTuple

from eth_account.signers.local import LocalAccount

from veche.enrolment import letters, register
from veche.enrolment.binding import Binding
from veche.enrolment.code_list import CodeList
from veche.enrolment.codes import Code
from veche.enrolment.journal import NAME, Journal
from veche.enrolment.letters import Terms
from veche.enrolment.register import Register, Stand, Standing
from veche.enrolment.template import read_template
from veche.errors import (
    EnrolmentClosed,
    InvalidFile,
    Mistake,
    UnknownCode,
    VecheError,
)
from veche.files.mistakes import read_text
from veche.files.people import People, Person
from veche.files.spreadsheet import MARK, csv_text
from veche.files.writing import locked, write_atomically

TEMPLATE: Final = "letter.html"
ROLL: Final = "roll.csv"
LEFT_OUT: Final = "left-out.csv"


class Taken(NamedTuple):
    """What became of the bindings that a service has shown.

    Attributes:
        new: how many are new.
        refused: the others that should not be there, each with the reason.
    """

    new: int
    refused: tuple[tuple[Binding, VecheError], ...]


class Frozen(NamedTuple):
    """A roll that is frozen.

    Attributes:
        roll: the path of the roll.
        left_out: the path of the list of those who are not on it, with the reasons.
        voters: how many are on the roll.
        weight: their weight.
        missing: how many are not.
    """

    roll: Path
    left_out: Path
    voters: int
    weight: int
    missing: int


@dataclass
class Office:
    """An enrolment as officials keep it; open it with `opened`.

    Attributes:
        folder: the folder.
        register: where everybody stands.
    """

    folder: Path
    register: Register
    _journal: Journal

    # -- Letters --

    def make(self, terms: Terms, people: People, template: Path) -> Path:
        """Makes an enrolment: a code and a letter for everybody.

        Args:
            terms: what all letters say.
            people: everybody on the list.
            template: the path of the template of letters, which is kept for later letters.

        Returns:
            The folder with the letters.

        Raises:
            InvalidFile: the enrolment is made already; the template has mistakes; or a file cannot
                be written.
        """
        if self.register.terms:
            what = f"the enrolment {self.register.terms.enrolment} is made already"
            remedy = "its letters are in letters/; `veche enrol reissue` makes a new one"
            raise InvalidFile(str(self.folder), [Mistake(0, what, remedy)])
        read_template(template, columns=terms.columns)
        write_atomically(self.folder / TEMPLATE, read_text(template), private=True)
        made = (register.MADE, asdict(terms))
        added = [(register.PERSON, _fields(each)) for each in people.people]
        return self._write_letters(people.people, terms, [made, *added])

    def reissue(self, id_: str) -> Path:
        """Makes a new code and a new letter for somebody; the old code is not valid any more.

        Returns:
            The folder with the letter.

        Raises:
            UnknownPerson: nobody has this id.
            EnrolmentClosed: the roll is frozen.
            InvalidFile: the template has mistakes, or a file cannot be written.
        """
        person = self.register.person(id_)
        self.register.require_unfrozen()
        return self._write_letters([person], self.register.require_made(), [])

    def revoke(self, id_: str) -> None:
        """Takes somebody off the roll: the code is not valid any more.

        Raises:
            UnknownPerson: nobody has this id, or the code is revoked already.
            EnrolmentClosed: the roll is frozen.
            InvalidFile: the journal cannot be written.
        """
        self.register.person(id_)
        self.register.require_unfrozen()
        if id_ in self.register.codes:
            self._note((register.REVOKED, {"id": id_, "edition": self.register.edition + 1}))

    def _write_letters(
        self, people: Sequence[Person], terms: Terms, before: list[tuple[str, dict[str, Any]]]
    ) -> Path:
        """Writes letters, notes their codes, and then puts the letters where they belong."""
        template = read_template(self.folder / TEMPLATE, columns=terms.columns)
        edition = self.register.edition + 1
        codes = [Code.make() for _ in people]
        with ThreadPoolExecutor() as pool:  # scrypt leaves Python to other threads
            addresses = list(pool.map(lambda each: each.key(terms.enrolment).address, codes))
        pairs = list(zip(people, codes, strict=True))
        letters.write(self.folder, edition, pairs, terms, template)
        noted = [
            (register.CODE, {"edition": edition, "id": person.id, "code": address})
            for person, address in zip(people, addresses, strict=True)
        ]
        self._note(*before, *noted)
        return letters.publish(self.folder, edition)

    # -- The service --

    def code_list(self, official: LocalAccount) -> CodeList:
        """The list of all codes that are valid now, signed by an official."""
        return CodeList.make(
            self.register.require_made().enrolment,
            title=self.register.require_made().title,
            edition=self.register.edition,
            until=self.register.until,
            codes=self.register.codes.values(),
            official=official,
        )

    def note_listed(self, edition: int) -> None:
        """Notes that the service has taken an edition of the list."""
        if edition > self.register.listed:
            self._note((register.LISTED, {"edition": edition}))

    def take(self, bindings: Iterable[Binding]) -> Taken:
        """Takes the bindings that a service shows, in its order. Each is checked: a service can
        neither invent nor alter one.

        Raises:
            InvalidFile: the journal cannot be written.
        """
        new: dict[str, Binding] = {}
        refused = []
        for each in bindings:
            known = new.get(each.code) or self.register.bindings.get(each.code)
            if known and each.sequence <= known.sequence:
                continue  # it was taken before, or it changes nothing
            try:
                self._check(each)
            except VecheError as error:
                refused.append((each, error))
            else:
                new[each.code] = each
        self._note(*((register.BOUND, json.loads(each.to_json())) for each in new.values()))
        return Taken(len(new), tuple(refused))

    def _check(self, binding: Binding) -> None:
        self.register.require_unfrozen()
        if (
            binding.enrolment != self.register.require_made().enrolment
            or binding.code not in self.register.owners
        ):
            raise UnknownCode()  # noqa: RSE102  # the page of errors looks for calls
        binding.require_signed()

    # -- The end --

    def close(self, now: int) -> None:
        """Ends the enrolment, in the next edition of the code list. It does nothing if it is over.

        Args:
            now: the time, in seconds since 1970.
        """
        if now <= self.register.until:
            fields = {"edition": self.register.edition + 1, "until": now - 1}
            self._note((register.CLOSED, fields))

    def freeze(self, now: int) -> Frozen:
        """Writes the roll, and the list of those who are not on it. It is the same at every call.

        Args:
            now: the time, in seconds since 1970.

        Raises:
            InvalidFile: nobody is enrolled, or a file cannot be written.
            EnrolmentClosed: people can still enrol.
        """
        if now <= self.register.until:
            raise EnrolmentClosed(self.register.until)
        standings = list(self.register.standings())
        on_roll = [each for each in standings if each.stand is Stand.ENROLLED]
        if not on_roll:
            mistake = Mistake(0, "nobody is enrolled", "make a new enrolment with a later end")
            raise InvalidFile(str(self.folder / ROLL), [mistake])
        if not self.register.is_frozen:
            self._note((register.FROZEN, {"voters": len(on_roll)}))
        roll, left_out = self.folder / ROLL, self.folder / LEFT_OUT
        write_atomically(roll, csv_text(_roll(on_roll)))
        write_atomically(left_out, MARK + csv_text(_left_out(standings)), private=True)
        weight = sum(each.person.weight for each in on_roll)
        return Frozen(roll, left_out, len(on_roll), weight, len(standings) - len(on_roll))

    def _note(self, *entries: tuple[str, dict[str, Any]]) -> None:
        for each in self._journal.append(entries):
            self.register.add(each)


@contextmanager
def opened(folder: Path) -> Iterator[Office]:
    """Opens the folder of an enrolment, which is made if it is not there. Other runs wait until
    this block ends.

    Raises:
        InvalidFile: the folder cannot be made, or has another journal.
    """
    path = folder / NAME
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        what = f"the folder cannot be made: {error.strerror}"
        raise InvalidFile(str(folder), [Mistake(0, what, "name another folder")]) from error
    with locked(path):
        journal = Journal(path)
        try:
            found = Register.of(journal)
            letters.settle(folder, edition=found.edition)
            yield Office(folder, found, journal)
        finally:
            journal.close()


def _fields(person: Person) -> dict[str, Any]:
    return {"id": person.id, "weight": person.weight, "cells": list(person.cells)}


def _roll(on_roll: Iterable[Standing]) -> Iterator[Sequence[str | int]]:
    """The rows of the roll, in the order of addresses, which tells nothing of people."""
    yield "address", "weight"
    yield from sorted((each.voter, each.person.weight) for each in on_roll)


def _left_out(standings: Iterable[Standing]) -> Iterator[Sequence[str]]:
    yield "id", "reason", "address"
    for each in standings:
        if each.stand is not Stand.ENROLLED:
            yield each.person.id, str(each.stand), each.voter
