"""The checks before trust: what everybody makes before a vote is encrypted for a key, a deal is
confirmed, a poll is published with a board, or sums are decrypted (PROTOCOL §2).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Protocol

from veche.errors import VecheError
from veche.errors.amounts import counted
from veche.protocol.definition import PollDefinition
from veche.trust import artifact, clone_terms, provenance
from veche.trust.ceremony import BOARD_HASH, Ceremony, check_ceremony
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
POLL_RULES: Final = "poll's rules"
POLL_KEY: Final = "poll's key"
SAME_CONTRACTS: Final = "contracts that were checked"


class FoundationEvidence(Protocol):
    """What a poll stands on, as a node or a record shows it. Every method may raise a VecheError if
    the data are malformed.
    """

    def provenance(self) -> Provenance:
        """Where the poll, its board and its catalogue come from."""

    def ceremony(self) -> Ceremony:
        """The key ceremony of the poll's board."""

    def definition(self) -> PollDefinition:
        """The poll's definition, as the contract shows it."""

    def poll_hash(self) -> bytes:
        """The hash of the definition by the contract, 32 bytes."""


@dataclass(frozen=True, slots=True)
class Foundation:
    """What a poll stands on, after its checks.

    Attributes:
        definition: the poll's definition; None if it cannot be read.
        ceremony: the key ceremony of its board; None if it cannot be read.
        catalogue: the address of its catalogue; None if it cannot be read.
    """

    definition: PollDefinition | None = None
    ceremony: Ceremony | None = None
    catalogue: str | None = None


def check_foundation(
    evidence: FoundationEvidence, report: Report, *, expect: bytes | None = None
) -> Foundation:
    """Adds to a report everything that must hold before somebody trusts a poll.

    Args:
        evidence: what the poll stands on.
        report: the report.
        expect: the poll hash that somebody was told, 32 bytes.

    Raises:
        NodeError: the node was lost, or refuses to answer. That is no verdict.
    """
    found: Provenance | None = None
    with report.reading(provenance.CATALOGUE):
        found = evidence.provenance()
        check_provenance(found, report)
    ceremony: Ceremony | None = None
    with report.reading(BOARD_HASH):
        ceremony = evidence.ceremony()
        check_ceremony(ceremony, report)
    definition: PollDefinition | None = None
    with report.reading(POLL_HASH):
        definition = evidence.definition()
        _check_poll_hash(definition, evidence.poll_hash(), report, expect=expect)
    if definition is not None and ceremony is not None:
        _check_rules(definition, ceremony, report)
        _check_key(definition, ceremony, report)
        if found is not None:
            _check_same_contracts(definition, ceremony, found, report)
    return Foundation(definition, ceremony, found.root.address if found else None)


def check_board(root: Root, board: Origin, report: Report) -> None:
    """Adds to a report where a catalogue and a board of it come from."""
    check_root(root, report)
    _check_origins(root, report, board=board)


def check_provenance(found: Provenance, report: Report) -> None:
    """Adds to a report where a poll, its board and its catalogue come from."""
    check_root(found.root, report)
    _check_origins(found.root, report, board=found.board, poll=found.poll)


def check_root(root: Root, report: Report) -> None:
    """Adds to a report where a catalogue, and the code of its polls and boards, come from."""
    details = {
        provenance.CATALOGUE: f"created at {root.address} by the published code",
        provenance.POLL_CODE: f"the published code, at {root.polls.address}",
        provenance.TALLY_CODE: f"the published code, at {root.tally.address}",
        provenance.BOARD_CODE: f"the published code, at {root.boards.address}",
    }
    for name, fault in faults_in_root(root).items():
        report.add(name, holds=not fault, detail=fault or details[name])


def _check_origins(
    root: Root, report: Report, *, board: Origin, poll: Origin | None = None
) -> None:
    made = f", made by the catalogue at {root.address}"
    fault = fault_in_origin(board, root, root.boards)
    report.add(provenance.BOARD, holds=not fault, detail=fault or board.address + made)
    if poll:
        fault = fault_in_origin(poll, root, root.polls)
        report.add(provenance.POLL, holds=not fault, detail=fault or poll.address + made)
    if root.first_accounts is not None:
        fault = fault_in_first_block(root, board, *([poll] if poll else []))
        nothing = "the chain began with nothing at these addresses"
        report.add(provenance.FIRST_BLOCK, holds=not fault, detail=fault or nothing)


def _check_poll_hash(
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


def _check_rules(definition: PollDefinition, ceremony: Ceremony, report: Report) -> None:
    """Adds to a report whether a poll of the board can have these terms."""
    fewest, fault = definition.min_voters, ""
    try:
        definition.require_sound(at_least=ceremony.definition.terms.min_voters)
    except VecheError as error:
        fault = str(error)
    rules = (
        f"a result for {counted(fewest, 'voter')} or more, total weight {definition.total_weight:,}"
    )
    report.add(POLL_RULES, holds=not fault, detail=fault or rules)


def _check_key(definition: PollDefinition, ceremony: Ceremony, report: Report) -> None:
    """Adds to a report whether a poll's key is the key of the board that it names."""
    board = ceremony.definition
    same = definition.board == board.address and definition.board_hash == board.hash
    held = same and definition.key == ceremony.key
    report.add(POLL_KEY, holds=held, detail=f"of the board at {board.address}")


def _check_same_contracts(
    definition: PollDefinition, ceremony: Ceremony, found: Provenance, report: Report
) -> None:
    """Adds to a report whether the poll and the board whose origin was checked are those of the
    definition and of the ceremony, at the same addresses and with the same terms behind their code.
    """
    board = definition.board == ceremony.definition.address == found.board.address
    same = board and definition.address == found.poll.address
    fault = "" if same else "others are defined"
    if same and not _have_terms(definition, ceremony, found):
        fault = "their code carries other terms"
    detail = f"the poll at {definition.address} and its board at {definition.board}"
    report.add(SAME_CONTRACTS, holds=not fault, detail=f"{detail}: {fault}" if fault else detail)


def _have_terms(definition: PollDefinition, ceremony: Ceremony, found: Provenance) -> bool:
    """Whether poll and board carry the terms of the definition and of the ceremony. A contract that
    is no clone has a check of its own.
    """
    catalogue = found.root.address
    poll, board = (artifact.clone_parts(each.code) for each in (found.poll, found.board))
    of_poll = not poll or clone_terms.are_of_poll(poll[1], definition, catalogue=catalogue)
    of_board = not board or clone_terms.are_of_board(
        board[1], ceremony.definition, catalogue=catalogue
    )
    return of_poll and of_board
