"""The checks before trust: what everybody makes before a vote is encrypted for a key, a deal is
confirmed, a poll is published with a board, or sums are decrypted (PROTOCOL §2).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from veche.protocol.definition import PollDefinition
from veche.trust import provenance
from veche.trust.ceremony import Ceremony, check_ceremony, check_deals
from veche.trust.provenance import (
    Origin,
    Provenance,
    Root,
    fault_in_first_block,
    fault_in_origin,
    faults_in_root,
)
from veche.trust.report import Report

POLL_HASH: Final = "poll hash"
POLL_KEY: Final = "poll's key"
SAME_CONTRACTS: Final = "contracts that were checked"


@dataclass(frozen=True, slots=True)
class Foundation:
    """What a poll stands on, as a node or a record shows it.

    Attributes:
        provenance: where poll, board and catalogue come from.
        ceremony: the key ceremony of the board.
        definition: the poll's definition.
        poll_hash: the hash of the definition by the contract, 32 bytes.
    """

    provenance: Provenance
    ceremony: Ceremony
    definition: PollDefinition
    poll_hash: bytes


def check_foundation(
    foundation: Foundation, report: Report, *, expect: bytes | None = None
) -> None:
    """Adds to a report everything that must hold before somebody trusts a poll.

    Args:
        foundation: what the poll stands on.
        report: the report.
        expect: the poll hash that somebody was told, 32 bytes.
    """
    check_provenance(foundation.provenance, report)
    check_ceremony(foundation.ceremony, report)
    check_poll_hash(foundation.definition, foundation.poll_hash, report, expect=expect)
    check_key(foundation.definition, foundation.ceremony, report)
    check_same_contracts(foundation.definition, foundation.ceremony, foundation.provenance, report)


def check_dealt_board(root: Root, board: Origin, ceremony: Ceremony, report: Report) -> None:
    """Adds to a report everything that must hold before a trustee opens the deals of a board."""
    check_root(root, report)
    _check_origins(root, report, board=board)
    check_deals(ceremony, report)


def check_ready_board(root: Root, board: Origin, ceremony: Ceremony, report: Report) -> None:
    """Adds to a report everything that must hold before somebody uses the key of a board."""
    check_root(root, report)
    _check_origins(root, report, board=board)
    check_ceremony(ceremony, report)


def check_provenance(found: Provenance, report: Report) -> None:
    """Adds to a report where a poll, its board and its catalogue come from."""
    check_root(found.root, report)
    _check_origins(found.root, report, board=found.board, poll=found.poll)


def check_root(root: Root, report: Report) -> None:
    """Adds to a report where a catalogue, and the code of its polls and boards, come from."""
    details = {
        provenance.CATALOGUE: f"created at {root.address} by the published code",
        provenance.POLL_CODE: f"the published code, at {root.polls.address}",
        provenance.BOARD_CODE: f"the published code, at {root.boards.address}",
    }
    for name, fault in faults_in_root(root).items():
        report.add(name, holds=not fault, detail=fault or details[name])


def _check_origins(
    root: Root, report: Report, *, board: Origin, poll: Origin | None = None
) -> None:
    fault = fault_in_origin(board, root, root.boards)
    report.add(provenance.BOARD, holds=not fault, detail=fault or board.address)
    if poll:
        fault = fault_in_origin(poll, root, root.polls)
        report.add(provenance.POLL, holds=not fault, detail=fault or poll.address)
    if root.first_accounts is not None:
        fault = fault_in_first_block(root, board, *([poll] if poll else []))
        nothing = "the chain began with nothing at these addresses"
        report.add(provenance.FIRST_BLOCK, holds=not fault, detail=fault or nothing)


def check_poll_hash(
    definition: PollDefinition, shown: bytes, report: Report, *, expect: bytes | None = None
) -> None:
    """Adds to a report whether a definition has the hash that the contract shows, and the hash that
    somebody was told.
    """
    own, detail = definition.hash, f"0x{definition.hash.hex()}"
    if own != shown:
        detail += f", but the contract says 0x{shown.hex()}"
    if expect is not None and expect != own:
        detail += f", but you were told 0x{expect.hex()}"
    report.add(POLL_HASH, holds=own == shown and expect in (None, own), detail=detail)


def check_key(definition: PollDefinition, ceremony: Ceremony, report: Report) -> None:
    """Adds to a report whether a poll's key is the key of the board that it names."""
    board = ceremony.definition
    same = definition.board == board.address and definition.board_hash == board.hash
    held = same and definition.key == ceremony.key
    report.add(POLL_KEY, holds=held, detail=f"of the board at {board.address}")


def check_same_contracts(
    definition: PollDefinition, ceremony: Ceremony, found: Provenance, report: Report
) -> None:
    """Adds to a report whether the poll and the board whose origin was checked are those of the
    definition and of the ceremony.
    """
    board = definition.board == ceremony.definition.address == found.board.address
    same = board and definition.address == found.poll.address
    detail = f"the poll at {definition.address} and its board at {definition.board}"
    report.add(SAME_CONTRACTS, holds=same, detail=detail)
