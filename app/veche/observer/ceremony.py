"""Checks how a poll's key was made: the board, every deal, and all keys (PROTOCOL §2)."""

from __future__ import annotations

from typing import Final

from veche.crypto import deal_proof, sharing, transcript
from veche.errors import VecheError
from veche.observer.evidence import CeremonyRecord
from veche.observer.report import Report

BOARD_HASH: Final = "board hash"
DEALS: Final = "deals"
CONFIRMATIONS: Final = "confirmations"
KEYS: Final = "keys"


def check_ceremony(record: CeremonyRecord, report: Report) -> None:
    """Adds to a report: the board's hash, every deal, the confirmations, all keys."""
    check_deals(record, report)
    trustees = len(record.definition.terms.trustees)
    missing = sorted(set(range(1, trustees + 1)) - set(record.confirmed))
    said = f"trustees {missing} have not confirmed" if missing else "by every trustee"
    report.note(CONFIRMATIONS, not missing, said)
    fault = _fault_in_keys(record)
    report.note(KEYS, not fault, fault or f"the key, and one of each of {trustees} trustees")


def check_deals(record: CeremonyRecord, report: Report) -> None:
    """Adds to a report: the board's hash, and every deal with its proof."""
    board = record.definition
    trustees = len(board.terms.trustees)
    held = record.board_hash == board.hash
    report.note(BOARD_HASH, held, f"{board.terms.threshold} of {trustees} trustees decrypt")
    fault = _fault_in_deals(record)
    report.note(DEALS, not fault, fault or f"{trustees} deals, each with its proof")


def _fault_in_deals(record: CeremonyRecord) -> str:
    """What is wrong with the deals; nothing, where nothing is."""
    board, hash_ = record.definition, record.definition.hash
    dealers = [dealer for dealer, _ in record.deals]
    trustees = len(board.terms.trustees)
    if sorted(dealers) != list(range(1, trustees + 1)):
        return f"trustees {dealers} have dealt, of {trustees}"
    for dealer, deal in record.deals:
        try:
            deal_proof.verify(
                deal,
                board_hash=board.hash,
                dealer=dealer,
                threshold=board.terms.threshold,
                trustees=trustees,
            )
        except VecheError as error:
            return f"the deal of trustee {dealer}: {error}"
        hash_ = transcript.deals_hash(hash_, dealer, deal.challenge)
    return "" if hash_ == record.deals_hash else "they do not give the hash that was confirmed"


def _fault_in_keys(record: CeremonyRecord) -> str:
    """What is wrong with the keys; nothing, where nothing is."""
    commitments = [deal.commitments for _, deal in record.deals]
    terms = record.definition.terms
    if not all(len(each) == terms.threshold for each in commitments):
        return f"not every deal has {terms.threshold} commitments to add up"
    if sharing.encryption_key(commitments) != record.key:
        return "the board's key is not the sum of its deals"
    for index, shown in enumerate(record.verification_keys, start=1):
        if sharing.verification_key(commitments, index) != shown:
            return f"the verification key of trustee {index} is not what the deals give"
    complete = len(record.verification_keys) == len(terms.trustees)
    return "" if complete else "a verification key is missing"
