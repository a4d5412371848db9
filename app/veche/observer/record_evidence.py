"""Evidence from an election record; no node is needed."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from typing import Final, TypeVar

from veche.errors import InvalidDocument, VecheError
from veche.observer import record_file
from veche.observer import record_parts as parts
from veche.observer.evidence import PollState, PostedShare
from veche.protocol import plain
from veche.protocol.block_mark import BlockMark
from veche.protocol.definition import PollDefinition
from veche.protocol.entries import PackedEntries
from veche.protocol.logged_ballot import LoggedBallot
from veche.protocol.plain import Form
from veche.protocol.published_roll import Part
from veche.trust.ceremony import Ceremony
from veche.trust.provenance import Provenance

HEAD: Final = 6
"""Number of lines before the roll and the ballots."""
TRACKER: Final = slice(75, 141)
"""Where the tracker stands in the line of a ballot."""

T = TypeVar("T")


class RecordEvidence:
    """The public data of a poll, as an election record has them.

    A line is accepted only if a record of what was read in it has the same line, to the byte. So
    nothing in a record is unknown, twice, in another order or in another form.

    Args:
        path: the record's file.

    Raises:
        InvalidDocument: the file is not an election record of this version, or its first lines
            are malformed. `roll_parts`, `ballots` and `find` raise it if the rest is malformed, or
            the file is damaged. Whoever takes all `ballots` has read the whole file.
    """

    is_record = True

    def __init__(self, path: Path) -> None:
        self.path = path
        self._behind_roll = 0  # the number of a line; 0 before the roll is read
        lines = self._lines(1)
        self._mark = self._next(lines, parts.read_header, parts.write_header)
        self._provenance = self._next(lines, parts.read_provenance, parts.write_provenance)
        self._ceremony = self._next(lines, parts.read_ceremony, parts.write_ceremony)
        self._definition, self._said_hash = self._next(
            lines, parts.read_definition, lambda both: parts.write_definition(*both)
        )
        self._state, self._contract_hash = self._next(
            lines, parts.read_state, lambda both: parts.write_state(*both)
        )
        self._shares = self._next(lines, parts.read_shares, parts.write_shares)

    def mark(self) -> BlockMark:
        """The block that the data were read at."""
        return self._mark

    def definition(self) -> PollDefinition:
        """The poll's definition."""
        return self._definition

    def poll_hash(self) -> bytes:
        """The hash of the definition by the contract, 32 bytes. The record has it twice; if one of
        them is wrong, it is that one.
        """
        own, said = self._definition.hash, (self._said_hash, self._contract_hash)
        return next((each for each in said if each != own), own)

    def state(self) -> PollState:
        """The poll's state."""
        return self._state

    def ceremony(self) -> Ceremony:
        """The key ceremony of the poll's board."""
        return self._ceremony

    def provenance(self) -> Provenance:
        """Where the poll, its board and its catalogue come from."""
        return self._provenance

    def proofs(self) -> None:
        """None: what a record lacks, its writer has left out."""

    def shares(self) -> tuple[PostedShare, ...]:
        """The decryption shares in the order in which they were accepted."""
        return self._shares

    # -- Long lists --

    def roll_parts(self) -> tuple[Part, ...]:
        """The electoral roll, in one part."""
        rows = bytearray()
        self._behind_roll, is_last = HEAD + 1, False
        for number, line in self._lines(HEAD + 1):
            if not line.startswith(parts.ROLL):
                break
            more = self._read(number, line, parts.read_roll, parts.write_roll)
            if is_last or not more:
                raise InvalidDocument(self._at(number, "the roll's line before it is not full"))
            is_last = len(more) < parts.ROLL_LINE
            rows += PackedEntries.of(more).data
            self._behind_roll = number + 1
        entries = PackedEntries(rows)
        if entries and sum(entries.weights()) - entries[-1].weight >= self._definition.total_weight:
            last = self._behind_roll - 1
            raise InvalidDocument(self._at(last, "the roll goes on behind its total weight"))
        return (Part(0, entries),)

    def ballots(self) -> Iterator[tuple[LoggedBallot, BlockMark]]:
        """The ballots in the order in which they were cast, each with the block that holds it."""
        return (self._read_ballot(number, line) for number, line in self._ballots())

    def find(self, trackers: set[tuple[str, bytes]]) -> Iterator[LoggedBallot]:
        """The ballots with these voters and trackers, in any order."""
        wanted = {plain.data(tracker) for _, tracker in trackers}
        lines = ((number, line) for number, line in self._ballots() if line[TRACKER] in wanted)
        found = (self._read_ballot(number, line)[0] for number, line in lines)
        return (each for each in found if (each.voter, each.tracker) in trackers)

    def _ballots(self) -> Iterator[tuple[int, str]]:
        """All lines behind the roll, with their numbers."""
        if not self._behind_roll:
            self.roll_parts()
        return self._lines(self._behind_roll)

    def _read_ballot(self, number: int, line: str) -> tuple[LoggedBallot, BlockMark]:
        questions = self._definition.questions
        return self._read(
            number,
            line,
            lambda form: parts.read_ballot(form, questions),
            lambda found: parts.write_ballot(*found, questions),
        )

    # -- Lines --

    def _lines(self, first: int) -> Iterator[tuple[int, str]]:
        """The lines from the first one that is wanted, with their numbers, from 1."""
        return enumerate(islice(record_file.read(self.path), first - 1, None), first)

    def _next(
        self, lines: Iterator[tuple[int, str]], read: Callable[[Form], T], write: Callable[[T], str]
    ) -> T:
        number, line = next(lines, (HEAD, ""))
        return self._read(number, line, read, write)

    def _read(
        self, number: int, line: str, read: Callable[[Form], T], write: Callable[[T], str]
    ) -> T:
        """What a line says.

        Raises:
            InvalidDocument: the line is malformed, or would be written otherwise.
        """
        try:
            found = read(Form(json.loads(line), what="record"))
        except VecheError as error:
            raise InvalidDocument(self._at(number, str(error))) from error
        except (ValueError, RecursionError) as error:
            raise InvalidDocument(self._at(number, "this is not a JSON document")) from error
        if write(found) != line:
            reason = "a record of the same data has another line (docs/record.md, Lines)"
            raise InvalidDocument(self._at(number, reason))
        return found

    def _at(self, number: int, reason: str) -> str:
        return f"{self.path}, line {number}: {reason}"
