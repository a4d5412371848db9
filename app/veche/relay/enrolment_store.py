"""Enrolments in a relay's store: the newest code lists, and all bindings in their order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    Index,
    LargeBinary,
    Table,
    Text,
    delete,
    func,
    insert,
    select,
)

from veche.enrolment.binding import Binding
from veche.enrolment.code_list import CodeList, require_open
from veche.errors import AddressTaken, Refused, UnknownCode, UnknownEnrolment
from veche.relay.store import METADATA, Store, lock

LISTS: Final = Table(
    "code_lists",
    METADATA,
    Column("enrolment", Text, primary_key=True),
    Column("edition", BigInteger, nullable=False),
    Column("title", Text, nullable=False),
    Column("until", BigInteger, nullable=False),
    Column("official", Text, nullable=False),
    Column("signature", LargeBinary, nullable=False),
)
CODES: Final = Table(
    "codes",
    METADATA,
    Column("enrolment", Text, primary_key=True),
    Column("code", LargeBinary, primary_key=True),
)
BINDINGS: Final = Table(
    "bindings",
    METADATA,
    Column("enrolment", Text, primary_key=True),
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    Column("document", Text, nullable=False),
)
NEWEST: Final = Table(
    "newest_bindings",
    METADATA,
    Column("enrolment", Text, primary_key=True),
    Column("code", LargeBinary, primary_key=True),
    Column("number", BigInteger, nullable=False),
    Column("sequence", BigInteger, nullable=False),
    Column("voter", LargeBinary, nullable=False),
    Column("document", Text, nullable=False),
    Index("newest_of_voter", "enrolment", "voter"),
)
"""The binding that counts, of every code that has one."""
_OF_VALID_CODE: Final = (CODES.c.enrolment == NEWEST.c.enrolment) & (CODES.c.code == NEWEST.c.code)


@dataclass(frozen=True, slots=True)
class Head:
    """What everybody may know of an enrolment.

    Attributes:
        enrolment: its id.
        title: what voters are shown.
        edition: the newest edition of its code list.
        until: the last second in which a code can be bound, since 1970.
        official: the address of who has signed the list.
        signature: their signature, r and vs.
        codes: how many codes are valid.
        enrolled: how many of them are bound.
        bindings: how many bindings there were.
    """

    enrolment: str
    title: str
    edition: int
    until: int
    official: str
    signature: bytes
    codes: int
    enrolled: int
    bindings: int


class _Newest(NamedTuple):
    """The binding that counts for a code: its number, its sequence, the voter, the document."""

    number: int
    sequence: int
    voter: bytes
    document: str


class EnrolmentStore:
    """The enrolments in a store.

    Args:
        store: the store. StoreFailed is raised from every method if it fails.
    """

    def __init__(self, store: Store) -> None:
        self._store = store

    def replace_list(self, given: CodeList, official: str) -> None:
        """Takes a list in the place of an older one. It is on disk when this returns. The same list
        again changes nothing: whoever got no answer hands it in again.

        Raises:
            OldEdition: there is a newer one, or another one with this edition.
        """
        own = LISTS.c.enrolment == given.enrolment
        with self._store.writing() as connection:
            lock(connection, [given.enrolment])
            newest = connection.execute(select(LISTS).where(own)).first()
            if newest and given.is_what_was_signed(
                newest.edition, newest.signature, newest.official
            ):
                return
            given.require_newer(newest.edition if newest else 0)
            connection.execute(delete(LISTS).where(own))
            connection.execute(delete(CODES).where(CODES.c.enrolment == given.enrolment))
            connection.execute(
                insert(LISTS).values(
                    enrolment=given.enrolment,
                    edition=given.edition,
                    title=given.title,
                    until=given.until,
                    official=official,
                    signature=given.signature.encoded,
                )
            )
            rows = [{"enrolment": given.enrolment, "code": each} for each in given.codes]
            if rows:
                connection.execute(insert(CODES), rows)

    def head(self, enrolment: str) -> Head:
        """What everybody may know of an enrolment.

        Raises:
            UnknownEnrolment: there is none with this id.
        """
        with self._store.reading() as connection:
            row = connection.execute(select(LISTS).where(LISTS.c.enrolment == enrolment)).first()
            if row is None:
                raise UnknownEnrolment(enrolment)
            codes = _count(connection, CODES, enrolment)
            bindings = _count(connection, BINDINGS, enrolment)
            wanted = (
                select(func.count())
                .select_from(NEWEST.join(CODES, _OF_VALID_CODE))
                .where(NEWEST.c.enrolment == enrolment)
            )
            enrolled = connection.scalar(wanted) or 0
        return Head(
            row.enrolment,
            row.title,
            row.edition,
            row.until,
            row.official,
            row.signature,
            codes,
            enrolled,
            bindings,
        )

    def bind(self, given: Sequence[Binding], *, now: int) -> list[int | Refused]:
        """Takes bindings whose signatures are checked, in one transaction: they are on disk when
        this returns.

        Args:
            given: the bindings.
            now: the time, in seconds since 1970.

        Returns:
            For each of them its number; or why it is refused: UnknownEnrolment, EnrolmentClosed,
            UnknownCode, StaleBinding or AddressTaken.
        """
        with self._store.writing() as connection:
            enrolments = {each.enrolment for each in given}
            lock(connection, enrolments)
            ledgers = {
                each: _Ledger(connection, each, [one for one in given if one.enrolment == each])
                for each in enrolments
            }
            outcomes = [ledgers[each.enrolment].outcome(each, now) for each in given]
            for each in ledgers.values():
                each.write(connection)
            return outcomes

    def newest(self, enrolment: str, code: str) -> str | None:
        """The document of the binding that counts for a code; None if it has none."""
        wanted = select(NEWEST.c.document).where(
            NEWEST.c.enrolment == enrolment, NEWEST.c.code == _bytes(code)
        )
        with self._store.reading() as connection:
            return connection.scalar(wanted)

    def bindings(self, enrolment: str, *, after: int, most: int) -> list[tuple[int, str]]:
        """Numbers and documents of bindings, in the order in which they were taken.

        Args:
            enrolment: the id of the enrolment.
            after: the number of the last that is known; 0 for all.
            most: how many at most.
        """
        own = BINDINGS.c
        wanted = (
            select(own.number, own.document)
            .where(own.enrolment == enrolment, own.number > after)
            .order_by(own.number)
            .limit(most)
        )
        with self._store.reading() as connection:
            return [(each.number, each.document) for each in connection.execute(wanted)]


class _Ledger:
    """What the store knows that is of account for some bindings of an enrolment, read at once; and
    what they change, written at once.
    """

    def __init__(self, connection: Connection, enrolment: str, given: Sequence[Binding]) -> None:
        codes = {_bytes(each.code) for each in given}
        voters = {_bytes(each.voter) for each in given}
        self._enrolment = enrolment
        own = LISTS.c.enrolment == enrolment
        self._until = connection.scalar(select(LISTS.c.until).where(own))
        listed = select(CODES.c.code).where(CODES.c.enrolment == enrolment, CODES.c.code.in_(codes))
        self._valid = set(connection.scalars(listed))
        known = select(NEWEST).where(NEWEST.c.enrolment == enrolment, NEWEST.c.code.in_(codes))
        self._newest = {
            each.code: _Newest(each.number, each.sequence, each.voter, each.document)
            for each in connection.execute(known)
        }
        held = (
            select(NEWEST.c.voter, NEWEST.c.code)
            .select_from(NEWEST.join(CODES, _OF_VALID_CODE))
            .where(NEWEST.c.enrolment == enrolment, NEWEST.c.voter.in_(voters))
        )
        self._holders = {(each.voter, each.code) for each in connection.execute(held)}
        last = select(func.max(BINDINGS.c.number)).where(BINDINGS.c.enrolment == enrolment)
        self._last = connection.scalar(last) or 0
        self._changed: set[bytes] = set()
        self._documents: list[dict[str, int | str]] = []

    def outcome(self, given: Binding, now: int) -> int | Refused:
        """The number of a binding; or why it is refused."""
        try:
            return self._bind(given, now)
        except Refused as refusal:
            return refusal

    def _bind(self, given: Binding, now: int) -> int:
        code, voter, document = _bytes(given.code), _bytes(given.voter), given.to_json()
        if self._until is None:
            raise UnknownEnrolment(self._enrolment)
        require_open(self._until, now=now)
        if code not in self._valid:
            raise UnknownCode()  # noqa: RSE102  # the page of errors looks for calls
        newest = self._newest.get(code)
        if newest and newest.document == document:
            return newest.number
        given.require_newer(newest.sequence if newest else 0)
        if any(holder == voter and other != code for holder, other in self._holders):
            raise AddressTaken(given.voter)
        if newest:
            self._holders.discard((newest.voter, code))
        self._holders.add((voter, code))
        self._last += 1
        self._newest[code] = _Newest(self._last, given.sequence, voter, document)
        self._documents.append(
            {"enrolment": self._enrolment, "number": self._last, "document": document}
        )
        self._changed.add(code)
        return self._last

    def write(self, connection: Connection) -> None:
        """Writes what was bound."""
        if not self._documents:
            return
        connection.execute(insert(BINDINGS), self._documents)
        connection.execute(
            delete(NEWEST).where(
                NEWEST.c.enrolment == self._enrolment, NEWEST.c.code.in_(self._changed)
            )
        )
        rows = [
            {"enrolment": self._enrolment, "code": code, **self._newest[code]._asdict()}
            for code in self._changed
        ]
        connection.execute(insert(NEWEST), rows)


def _count(connection: Connection, table: Table, enrolment: str) -> int:
    wanted = select(func.count()).select_from(table).where(table.c.enrolment == enrolment)
    return connection.scalar(wanted) or 0


def _bytes(address: str) -> bytes:
    return bytes.fromhex(address[2:])
