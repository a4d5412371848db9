"""Writes an election record: all public data of a poll in one file (docs/record.md)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from veche.observer import record_file
from veche.observer import record_parts as parts
from veche.observer.electoral_roll import read_roll
from veche.observer.evidence import Evidence, Progress
from veche.protocol import published_roll
from veche.protocol.block_mark import BlockMark
from veche.protocol.entries import PackedEntries
from veche.protocol.logged_ballot import LoggedBallot
from veche.protocol.roll import Roll


def save_record(
    evidence: Evidence,
    path: Path,
    progress: Progress | None = None,
    *,
    roll: Roll | None = None,
) -> int:
    """Writes the public data of a poll into a file, whole or not at all.

    Args:
        evidence: the public data.
        path: the record's file; an earlier one is replaced.
        progress: takes the number of ballots that are written.
        roll: the electoral roll, for example from a file, instead of the published one.

    Returns:
        How many ballots were written.

    Raises:
        WrongRoll: the roll that was given is not the poll's. No file is written.
        NodeError: the node was lost, or replaced the block. No file is written.
        InvalidFile: the file cannot be written.
    """
    count = 0

    def counted() -> Iterator[tuple[LoggedBallot, BlockMark]]:
        nonlocal count
        for count, each in enumerate(evidence.ballots(), start=1):  # told below
            if progress:
                progress(count)
            yield each

    record_file.write(path, _lines(evidence, _entries(evidence, roll), counted()))
    return count


def _entries(evidence: Evidence, given: Roll | None) -> PackedEntries:
    """The entries of the electoral roll; while none can be read, those of the newest reading."""
    definition = evidence.definition()
    found = read_roll(evidence, definition, given)
    if isinstance(found, Roll):
        return found.entries
    return published_roll.newest(evidence.roll_parts(), total_weight=definition.total_weight)


def _lines(
    evidence: Evidence,
    entries: PackedEntries,
    ballots: Iterable[tuple[LoggedBallot, BlockMark]],
) -> Iterator[str]:
    definition, poll_hash = evidence.definition(), evidence.poll_hash()
    yield parts.write_header(evidence.mark())
    yield parts.write_provenance(evidence.provenance())
    yield parts.write_ceremony(evidence.ceremony())
    yield parts.write_definition(definition, definition.hash)
    yield parts.write_state(evidence.state(), poll_hash)
    yield parts.write_shares(evidence.shares())
    for at in range(0, len(entries), parts.ROLL_LINE):
        yield parts.write_roll(entries[at : at + parts.ROLL_LINE])
    for logged, block in ballots:
        yield parts.write_ballot(logged, block, definition.questions)
