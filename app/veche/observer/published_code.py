"""Whether the contracts of a poll run the published code (PROTOCOL §5)."""

from __future__ import annotations

from typing import Final

from eth_utils.address import to_checksum_address

from veche.chain import artifact
from veche.chain.board import Board
from veche.chain.catalogue import Catalogue
from veche.chain.poll import Poll
from veche.observer.report import Report

CATALOGUE_CODE: Final = "catalogue's code"
POLL_CODE: Final = "poll's code"
BOARD_CODE: Final = "board's code"


def check_code(poll: Poll, catalogue: Catalogue, board: Board, report: Report) -> None:
    """Adds to a report whether catalogue, poll and board run the published code."""
    published = artifact.load("PollCatalogue").is_code(catalogue.contract.code)
    report.note(CATALOGUE_CODE, published, f"at {catalogue.address}")
    report.note(POLL_CODE, _is_published(poll, catalogue), f"at {poll.address}")
    published = artifact.load("TrusteeBoard").is_code(board.contract.code)
    report.note(BOARD_CODE, published, f"at {board.address}")


def _is_published(poll: Poll, catalogue: Catalogue) -> bool:
    """Whether a poll is a clone of the published code that the catalogue names."""
    parts = artifact.clone_parts(poll.contract.code)
    if parts is None:
        return False
    implementation = to_checksum_address(parts[0])
    named = catalogue.contract.read("implementation")
    code = poll.node.code(implementation)
    return implementation == named and artifact.load("Poll").is_code(code)
