"""Vectors of election records: a good one, and others that are made from it (docs/record.md)."""

from __future__ import annotations

from typing import Any

from attacks.records import PlantedRecord, all_records, good_lines
from support.forms import Form
from support.record_edits import edited, packed, verdict_on


def listed() -> Form:
    """The lines of the good record, and every record with its edits and its verdict."""
    return {"lines": list(good_lines()), "records": [_entry(each) for each in all_records()]}


def _entry(record: PlantedRecord) -> Form:
    data = packed(edited(good_lines(), record.edits), behind=record.behind)
    verdict = verdict_on(data)
    if verdict != record.verdict:
        raise AssertionError(f"{record.name}: {verdict}, not {record.verdict}")
    entry: dict[str, Any] = {"name": record.name, "verdict": str(record.verdict)}
    entry["edits"] = record.edits
    if record.behind:
        entry["behind"] = "0x" + record.behind.hex()
    return entry
