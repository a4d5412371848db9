"""Checks whether the contracts of a poll run the published code (PROTOCOL §5)."""

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

OTHER: Final = "not the published code"


def check_codes(codes: Codes, report: Report) -> None:
    """Adds to a report whether catalogue, board and poll run the published code, and whether the
    catalogue made the poll.
    """
    for name, contract, code in (
        (CATALOGUE_CODE, "PollCatalogue", codes.catalogue),
        (BOARD_CODE, "TrusteeBoard", codes.board),
    ):
        same = artifact.load(contract).is_code(code)
        report.add(name, holds=same, detail=f"{len(code)} bytes, as published" if same else OTHER)
    same = _is_published_poll(codes)
    report.add(POLL_CODE, holds=same, detail="a clone of the published code" if same else OTHER)
    listed = "the catalogue lists this poll" if codes.official else "the catalogue did not make it"
    report.add(OFFICIAL, holds=codes.official, detail=listed)


def _is_published_poll(codes: Codes) -> bool:
    """Whether the poll is a clone of the published code that its catalogue names."""
    parts = artifact.clone_parts(codes.poll)
    if parts is None or to_checksum_address(parts[0]) != codes.implementation_address:
        return False
    return artifact.load("Poll").is_code(codes.implementation)
