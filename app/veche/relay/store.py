"""What a relay has accepted, on disk: SQLite, or PostgreSQL where that is too small.

Nothing here tells who asked: it keeps what the chain will show.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from time import time
from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    Engine,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    bindparam,
    create_engine,
    delete,
    event,
    func,
    insert,
    select,
    text,
    update,
)
from sqlalchemy.exc import SQLAlchemyError

from veche.errors import StoreFailed, WrongNetwork
from veche.errors.relay import SOON

BUSY: Final = 10
"""Seconds for which a writer of SQLite waits for another one."""
WAIT: Final = 5
"""Seconds in which a PostgreSQL must answer when it is connected to."""

METADATA: Final = MetaData()

_Id: Final = BigInteger().with_variant(Integer, "sqlite")  # which counts up only plain integers

CHAINS: Final = Table(
    "chains",
    METADATA,
    Column("id", BigInteger, primary_key=True),
    Column("genesis", LargeBinary, nullable=False),
)
DOCUMENTS: Final = Table(
    "documents",
    METADATA,
    Column("id", _Id, primary_key=True, autoincrement=True),
    Column("kind", Text, nullable=False),
    Column("name", LargeBinary, nullable=False, unique=True),
    Column("relay", Text, nullable=False),
    Column("document", Text, nullable=False),
    Column("accepted", BigInteger, nullable=False),
    Column("state", Text, nullable=False),
    Column("transaction", LargeBinary),
    Column("block", BigInteger),
    Column("problem", Text),
    Index("unfinished", "relay", "state", "kind", "id"),
    sqlite_autoincrement=True,  # no number stands for two documents
)
RELAYS: Final = Table(
    "relays",
    METADATA,
    Column("relay", Text, primary_key=True),
    Column("beats", BigInteger, nullable=False),
)


class Kind(StrEnum):
    """What a document is."""

    BALLOT = "ballot"
    CALL = "call"


class State(StrEnum):
    """Where a document stands."""

    QUEUED = "queued"
    SENT = "sent"
    CONFIRMED = "confirmed"
    FOUND = "found"
    REFUSED = "refused"


UNFINISHED: Final = (State.QUEUED, State.SENT)
"""The states of documents that are still to be carried."""


@dataclass(frozen=True, slots=True)
class Accepted:
    """A document that was checked, to be kept.

    Attributes:
        kind: what it is.
        name: 32 bytes; of a ballot, its tracker.
        document: the ballot or the trustee's call, as its `to_json` writes it.
    """

    kind: Kind
    name: bytes
    document: str


@dataclass(frozen=True, slots=True)
class Kept:
    """A document that the store has.

    Attributes:
        name: 32 bytes; of a ballot, its tracker.
        state: where it stands.
        accepted: when it was accepted, in seconds since 1970.
        transaction: the hash of the transaction that carries it, 32 bytes; None if none is known.
        block: the number of the block that holds it; None likewise.
        problem: why it was refused, as a problem document; None if it was not.
    """

    name: bytes
    state: State
    accepted: int
    transaction: bytes | None = None
    block: int | None = None
    problem: str | None = None


@dataclass(frozen=True, slots=True)
class Ended:
    """What became of a document.

    Attributes:
        number: the document's, in the store.
        state: where it stands for good.
        transaction: the hash of the transaction that carries it, 32 bytes; None if none is known.
        block: the number of the block that holds it; None likewise.
        problem: why it was refused, as a problem document; None if it was not.
    """

    number: int
    state: State
    transaction: bytes | None = None
    block: int | None = None
    problem: str | None = None


@dataclass(frozen=True, slots=True)
class Left:
    """A document that a relay has accepted and not carried yet.

    Attributes:
        number: its number in the store.
        kind: what it is.
        document: its text.
    """

    number: int
    kind: Kind
    document: str


class Store:
    """What relays have accepted. Relays with accounts of their own may share one in PostgreSQL.

    A number stands for a document and the relay that carries it. Numbers grow in the order in which
    they can be read, so that who reads on from the last one misses none.

    Args:
        url: of the database, as SQLAlchemy has it.
        relay: the address of the account that carries what is accepted here.

    Attributes:
        relay: the same.

    Raises:
        StoreFailed: the database cannot be opened; also from every method, if it fails.
    """

    def __init__(self, url: str, *, relay: str) -> None:
        self.relay = relay
        self.engine = _engine(url)
        with self.failing():
            METADATA.create_all(self.engine)

    def close(self) -> None:
        """Closes all connections."""
        self.engine.dispose()

    @contextmanager
    def failing(self) -> Iterator[None]:
        """Has failures of the database raised as ours.

        Raises:
            StoreFailed: the database fails.
        """
        try:
            yield
        except SQLAlchemyError as error:
            cause = getattr(error, "orig", None) or error
            said = f"the store of the relay fails ({type(cause).__name__})"
            raise StoreFailed(said, after=SOON) from error

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction. What it wrote is on disk when this has ended."""
        with self.failing(), self.engine.begin() as connection:
            yield connection

    @contextmanager
    def _numbering(self) -> Iterator[Connection]:
        """A transaction that gives numbers, while no other one does."""
        with self.writing() as connection:
            lock(connection, [DOCUMENTS.name])
            yield connection

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection to read with."""
        with self.failing(), self.engine.connect() as connection:
            yield connection

    def require_chain(self, chain_id: int, genesis: bytes) -> None:
        """Notes whose ballots the store is for, the first time; later, refuses another chain.

        Args:
            chain_id: the id of the chain.
            genesis: the hash of its first block, 32 bytes.

        Raises:
            WrongNetwork: the store has the ballots of another chain.
        """
        with self.writing() as connection:
            found = connection.execute(select(CHAINS)).first()
            if found is None:
                connection.execute(insert(CHAINS).values(id=chain_id, genesis=genesis))
            elif (found.id, found.genesis) != (chain_id, genesis):
                reason = f"the store has ballots of chain {found.id}, and the node is on another"
                raise WrongNetwork(found.id, chain_id, reason=reason)

    # -- What is accepted --

    def accept(self, documents: Sequence[Accepted]) -> list[Kept]:
        """Keeps documents, all in one transaction: they are on disk when this returns. What the
        store has already stays as it is, unless it was refused before and is good now.

        Returns:
            Where each stands.
        """
        each = {one.name: one for one in documents}
        named, now = DOCUMENTS.c.name.in_(each), int(time())
        with self._numbering() as connection:
            rows = connection.execute(select(DOCUMENTS).where(named))
            found = {row.name: kept for row in rows if (kept := _kept(row)).state != State.REFUSED}
            new = [one for name, one in each.items() if name not in found]
            if new:  # what was refused before gets a new number, and so is carried as a new one
                its_names = [one.name for one in new]
                connection.execute(delete(DOCUMENTS).where(DOCUMENTS.c.name.in_(its_names)))
                connection.execute(insert(DOCUMENTS), [self._row(one, now) for one in new])
        found |= {one.name: Kept(one.name, State.QUEUED, now) for one in new}
        return [found[one.name] for one in documents]

    def _row(self, given: Accepted, now: int) -> dict[str, Any]:
        return {
            "kind": given.kind,
            "name": given.name,
            "relay": self.relay,
            "document": given.document,
            "accepted": now,
            "state": State.QUEUED,
        }

    def find(self, kind: Kind, names: Sequence[bytes]) -> dict[bytes, Kept]:
        """Where documents stand, by their names; of those alone that the store has."""
        wanted = select(DOCUMENTS).where(DOCUMENTS.c.kind == kind, DOCUMENTS.c.name.in_(names))
        with self.reading() as connection:
            return {each.name: _kept(each) for each in connection.execute(wanted)}

    # -- What is carried --

    def unfinished(self, kind: Kind, *, after: int, most: int) -> list[tuple[int, str]]:
        """Numbers and texts of this relay's documents that are still to be carried, in the order in
        which they were accepted.

        Args:
            kind: what they are.
            after: the number of the last that is known.
            most: how many at most.
        """
        its = DOCUMENTS.c
        wanted = (
            select(its.id, its.document)
            .where(self._own(), its.kind == kind, its.state.in_(UNFINISHED), its.id > after)
            .order_by(its.id)
            .limit(most)
        )
        with self.reading() as connection:
            return [(each.id, each.document) for each in connection.execute(wanted)]

    def note_sent(self, numbers: Sequence[int], transaction: bytes) -> None:
        """Notes which transaction carries documents."""
        change = update(DOCUMENTS).where(DOCUMENTS.c.id.in_(numbers))
        with self.writing() as connection:
            connection.execute(change.values(state=State.SENT, transaction=transaction))

    def note_ended(self, ended: Sequence[Ended]) -> None:
        """Notes what became of documents, all in one transaction."""
        its = DOCUMENTS.c
        change = (
            update(DOCUMENTS)
            .where(its.id == bindparam("number"))
            .values(
                state=bindparam("state"),
                transaction=func.coalesce(bindparam("found", type_=LargeBinary), its.transaction),
                block=bindparam("block"),
                problem=bindparam("problem"),
            )
        )
        values = [
            {
                "number": each.number,
                "state": each.state,
                "found": each.transaction,
                "block": each.block,
                "problem": each.problem,
            }
            for each in ended
        ]
        with self.writing() as connection:
            connection.execute(change, values)

    # -- What another relay has left --

    def beat(self) -> dict[str, int]:
        """Notes that this relay is at work.

        Returns:
            How often each relay that shares the store has noted it, by its account's address.
        """
        own = RELAYS.c.relay == self.relay
        with self.writing() as connection:
            change = update(RELAYS).where(own).values(beats=RELAYS.c.beats + 1)
            if not connection.execute(change).rowcount:
                connection.execute(insert(RELAYS).values(relay=self.relay, beats=1))
            return {each.relay: each.beats for each in connection.execute(select(RELAYS))}

    def left(self, relay: str, *, after: int, most: int) -> list[Left]:
        """What a relay has still to carry, in the order in which it was accepted.

        Args:
            relay: the address of its account.
            after: the number of the last that is known.
            most: how many at most.
        """
        its = DOCUMENTS.c
        wanted = (
            select(its.id, its.kind, its.document)
            .where(its.relay == relay, its.state.in_(UNFINISHED), its.id > after)
            .order_by(its.id)
            .limit(most)
        )
        with self.reading() as connection:
            found = connection.execute(wanted)
            return [Left(each.id, Kind(each.kind), each.document) for each in found]

    def take_over(self, numbers: Sequence[int]) -> int:
        """Has this relay carry what another one has left. Each gets a new number: whatever the
        other one still notes changes nothing.

        Args:
            numbers: the numbers of the documents.

        Returns:
            How many there were; others may have been quicker.
        """
        its = DOCUMENTS.c
        named = its.id.in_(numbers), its.state.in_(UNFINISHED)
        kept = [each for each in its if each is not its.id]
        with self._numbering() as connection:
            wanted = select(*kept).where(*named).order_by(its.id).with_for_update()
            rows = [{**row} for row in connection.execute(wanted).mappings()]
            if rows:
                connection.execute(delete(DOCUMENTS).where(*named))
                own = {"relay": self.relay, "state": State.QUEUED, "transaction": None}
                connection.execute(insert(DOCUMENTS), [row | own for row in rows])
        return len(rows)

    # -- Figures --

    def waiting(self) -> int:
        """How many documents of this relay are still to be carried."""
        wanted = select(func.count()).where(self._own(), DOCUMENTS.c.state.in_(UNFINISHED))
        with self.reading() as connection:
            return connection.execute(wanted).scalar_one()

    def counts(self) -> dict[State, int]:
        """How many documents of this relay are in each state."""
        state = DOCUMENTS.c.state
        wanted = select(state, func.count()).where(self._own()).group_by(state)
        with self.reading() as connection:
            found = {State(name): int(number) for name, number in connection.execute(wanted)}
        return {each: found.get(each, 0) for each in State}

    def _own(self) -> Any:  # noqa: ANN401  # a condition of SQLAlchemy
        return DOCUMENTS.c.relay == self.relay


def lock(connection: Connection, names: Iterable[str]) -> None:
    """Keeps others that share the store from what has these names until the transaction ends."""
    if connection.dialect.name != "postgresql":
        connection.exec_driver_sql("BEGIN IMMEDIATE")
        return
    for each in sorted(names):  # in one order, so that no two wait for each other
        wanted = text("SELECT pg_advisory_xact_lock(hashtextextended(:name, 0))")
        connection.execute(wanted, {"name": each})


def _kept(row: Any) -> Kept:  # noqa: ANN401  # a row of SQLAlchemy
    state = State(row.state)
    return Kept(row.name, state, row.accepted, row.transaction, row.block, row.problem)


def _engine(url: str) -> Engine:
    if url.startswith("sqlite"):
        engine = create_engine(url, connect_args={"timeout": BUSY})
        event.listen(engine, "connect", _safely)
        return engine
    return create_engine(url, pool_pre_ping=True, connect_args={"connect_timeout": WAIT})


def _safely(connection: Any, _: object) -> None:  # noqa: ANN401  # of the driver
    """Has SQLite write what is committed to disk, and readers not wait for writers."""
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
