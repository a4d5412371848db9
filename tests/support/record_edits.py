"""Election records with edited lines, and what becomes of them."""

from __future__ import annotations

import hashlib
import json
import zlib
from collections.abc import Iterable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final, TypeAlias

from support.paper_polls import Facts, PaperEvidence
from veche.errors import InvalidDocument
from veche.observer import record_file, record_writer
from veche.observer.record_evidence import RecordEvidence
from veche.observer.verification import Verification, verify

Edit: TypeAlias = dict[str, Any]
"""A change of a line of a record; see tests/vectors/README.md."""

MALFORMED: Final = "malformed"
"""The verdict on a file that is no record, beside those of checks."""


def lines_of(facts: Facts) -> list[str]:
    """The lines of a record, without the one that has their hash."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "poll.record"
        record_writer.save_record(PaperEvidence(facts), path)
        return list(record_file.read(path))


def edited(lines: Sequence[str], edits: Iterable[Edit]) -> list[str]:
    """Lines after edits. An edit counts lines as they were before all edits."""
    changed = [[line] for line in lines]
    for edit in edits:
        place = changed[edit["line"] - 1]
        if "before" in edit:
            place.insert(0, edit["before"])
        elif "from" in edit:
            assert edit["from"] in place[-1], edit
            place[-1] = place[-1].replace(edit["from"], edit["to"], 1)
        else:
            place[-1:] = [] if edit["text"] is None else [edit["text"]]
    return [line for place in changed for line in place]


def packed(lines: Iterable[str], *, behind: bytes = b"") -> bytes:
    """The file of a record with these lines, their hash behind them, and more bytes behind that."""
    return packed_bytes((line.encode() for line in lines), behind=behind)


def packed_bytes(lines: Iterable[bytes], *, behind: bytes = b"") -> bytes:
    """The same of lines that may be no text."""
    body = b"".join(line + b"\n" for line in lines)
    end = json.dumps({"sha256": hashlib.sha256(body).hexdigest()}).encode() + b"\n"
    packer = zlib.compressobj(wbits=record_file.GZIP)
    return packer.compress(body + end) + packer.flush() + behind


def verified(data: bytes) -> Verification:
    """The verification of a file.

    Raises:
        InvalidDocument: the file is no record.
    """
    with TemporaryDirectory() as folder:
        path = Path(folder) / "edited.record"
        path.write_bytes(data)
        return verify(RecordEvidence(path))


def verdict_on(data: bytes) -> str:
    """Pass, fail, pending or malformed."""
    try:
        return str(verified(data).report.verdict)
    except InvalidDocument:
        return MALFORMED
