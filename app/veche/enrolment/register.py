"""The register: where everybody stands, as the journal's entries add up."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final, NamedTuple

from veche.enrolment.binding import Binding
from veche.enrolment.journal import Entry
from veche.enrolment.letters import Terms
from veche.errors import EnrolmentClosed, InvalidFile, Mistake, UnknownPerson
from veche.files.people import Person
from veche.protocol.characters import quoted
from veche.protocol.plain import Form

MADE: Final = "made"
PERSON: Final = "person"
CODE: Final = "code"
REVOKED: Final = "revoked"
LISTED: Final = "listed"
BOUND: Final = "bound"
CLOSED: Final = "closed"
FROZEN: Final = "frozen"
"""The kinds of entries."""


class Stand(StrEnum):
    """Where somebody stands."""

    ENROLLED = "enrolled"
    MISSING = "not enrolled"
    MISSING_AGAIN = "not enrolled with the new letter"
    REVOKED = "revoked"
    SHARED = "one address for several people"


class Standing(NamedTuple):
    """Where a person stands.

    Attributes:
        person: the person.
        stand: where.
        voter: the address that is bound; empty if none is.
    """

    person: Person
    stand: Stand
    voter: str


@dataclass
class Register:
    """What the entries of a journal say.

    Attributes:
        terms: what all letters say; None before the enrolment is made.
        people: everybody on the list, by id.
        codes: the address of the valid code, by the person's id.
        owners: whose every code is or was, by its address.
        bindings: the newest binding of every code, by its address.
        edition: the newest edition of the code list.
        listed: the newest edition that the service has taken.
        is_frozen: whether the roll is frozen.
    """

    terms: Terms | None = None
    people: dict[str, Person] = field(default_factory=dict)
    codes: dict[str, str] = field(default_factory=dict)
    owners: dict[str, str] = field(default_factory=dict)
    bindings: dict[str, Binding] = field(default_factory=dict)
    edition: int = 0
    listed: int = 0
    is_frozen: bool = False
    _until: int = 0

    @classmethod
    def of(cls, entries: Iterable[Entry]) -> Register:
        """The register that entries add up to."""
        made = cls()
        for each in entries:
            made.add(each)
        return made

    def add(self, entry: Entry) -> None:
        """Adds an entry."""
        adding = {
            MADE: self._make,
            PERSON: self._add_person,
            CODE: self._add_code,
            REVOKED: self._revoke,
            LISTED: self._note_listed,
            BOUND: self._bind,
            CLOSED: self._close,
            FROZEN: self._freeze,
        }
        adding[entry.kind](entry.fields)

    # -- What is asked --

    @property
    def until(self) -> int:
        """The last second in which somebody can enrol, since 1970."""
        return self._until

    def require_made(self) -> Terms:
        """What all letters say.

        Raises:
            InvalidFile: no enrolment is made in this folder yet.
        """
        if self.terms is None:
            remedy = "run `veche enrol make`; or go to the folder that has enrolment/"
            raise InvalidFile("enrolment", [Mistake(0, "there is no enrolment here", remedy)])
        return self.terms

    def person(self, id_: str) -> Person:
        """The person with an id.

        Raises:
            UnknownPerson: nobody on the list has it.
        """
        if id_ not in self.people:
            raise UnknownPerson(f"nobody on the list has the id {quoted(id_)}")
        return self.people[id_]

    def require_unfrozen(self) -> None:
        """Refuses to change anything after the roll is frozen.

        Raises:
            EnrolmentClosed: the roll is frozen.
        """
        if self.is_frozen:
            raise EnrolmentClosed(self._until)

    def standings(self) -> Iterator[Standing]:
        """Where everybody stands, in the order of the list."""
        bound = {id_: self.bindings.get(code) for id_, code in self.codes.items()}
        sharing = Counter(each.voter for each in bound.values() if each)
        before = {self.owners[code] for code in self.bindings}
        for id_, person in self.people.items():
            own = bound.get(id_)
            if id_ not in self.codes:
                stand = Stand.REVOKED
            elif own:
                stand = Stand.ENROLLED if sharing[own.voter] == 1 else Stand.SHARED
            else:
                stand = Stand.MISSING_AGAIN if id_ in before else Stand.MISSING
            yield Standing(person, stand, own.voter if own else "")

    # -- What entries do --

    def _make(self, fields: dict[str, Any]) -> None:
        self.terms = Terms(**fields | {"columns": tuple(fields["columns"])})
        self._until = self.terms.until

    def _add_person(self, fields: dict[str, Any]) -> None:
        person = Person(fields["id"], fields["weight"], tuple(fields["cells"]))
        self.people[person.id] = person

    def _add_code(self, fields: dict[str, Any]) -> None:
        self.edition = fields["edition"]
        self.codes[fields["id"]] = fields["code"]
        self.owners[fields["code"]] = fields["id"]

    def _revoke(self, fields: dict[str, Any]) -> None:
        self.edition = fields["edition"]
        del self.codes[fields["id"]]

    def _note_listed(self, fields: dict[str, Any]) -> None:
        self.listed = fields["edition"]

    def _bind(self, fields: dict[str, Any]) -> None:
        binding = Binding.from_form(Form(fields, what="binding"))
        self.bindings[binding.code] = binding

    def _close(self, fields: dict[str, Any]) -> None:
        self.edition = fields["edition"]
        self._until = fields["until"]

    def _freeze(self, _: dict[str, Any]) -> None:
        self.is_frozen = True
