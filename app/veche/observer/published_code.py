"""Whether the contracts of a poll run the published code (PROTOCOL §5)."""

from __future__ import annotations

from typing import Final

from eth_utils.address import to_checksum_address

from veche.chain import artifact
from veche.observer.evidence import Codes
from veche.observer.report import Report

CATALOGUE_CODE: Final = "catalogue's code"
POLL_CODE: Final = "poll's code"
BOARD_CODE: Final = "board's code"
OFFICIAL: Final = "official poll"


def check_codes(codes: Codes, report: Report) -> None:
    """Adds to a report whether catalogue, poll and board run the published code, and whether the
    catalogue made the poll.
    """
    for name, contract, code in (
        (CATALOGUE_CODE, "PollCatalogue", codes.catalogue),
        (BOARD_CODE, "TrusteeBoard", codes.board),
    ):
        published = artifact.load(contract).is_code(code)
        said = f"{len(code)} bytes, as published" if published else "not the published code"
        report.note(name, published, said)
    published = _is_published_poll(codes)
    said = "a clone of the published code" if published else "not the published code"
    report.note(POLL_CODE, published, said)
    report.note(OFFICIAL, codes.official, "what the catalogue says of this poll")


def _is_published_poll(codes: Codes) -> bool:
    """Whether a poll is a clone of the published code that its catalogue names."""
    parts = artifact.clone_parts(codes.poll)
    if parts is None or to_checksum_address(parts[0]) != codes.implementation_address:
        return False
    return artifact.load("Poll").is_code(codes.implementation)
