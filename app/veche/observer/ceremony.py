"""Checks how a poll's key was made: the board, every deal, all keys (PROTOCOL §2)."""

from __future__ import annotations

from typing import Final

from veche.crypto import deal_proof, sharing, transcript
from veche.errors import VecheError
from veche.observer.evidence import Ceremony
from veche.observer.report import Report

BOARD_HASH: Final = "board hash"
DEALS: Final = "deals"
CONFIRMATIONS: Final = "confirmations"
KEYS: Final = "keys"


def check_ceremony(ceremony: Ceremony, report: Report) -> None:
    """Adds to a report whether the board's hash, every deal, the confirmations and all keys are
    right.
    """
    check_deals(ceremony, report)
    trustees = len(ceremony.definition.terms.trustees)
    missing = sorted(set(range(1, trustees + 1)) - set(ceremony.confirmed))
    confirmed = f"trustees {missing} have not confirmed" if missing else "by every trustee"
    report.add(CONFIRMATIONS, holds=not missing, detail=confirmed)
    fault = _fault_in_keys(ceremony)
    keys = f"the board's key, and the keys of {trustees} trustees"
    report.add(KEYS, holds=not fault, detail=fault or keys)


def check_deals(ceremony: Ceremony, report: Report) -> None:
    """Adds to a report whether the board's hash and every deal with its proof are right."""
    terms = ceremony.definition.terms
    trustees = len(terms.trustees)
    same = ceremony.board_hash == ceremony.definition.hash
    quorum = f"{terms.threshold} of {trustees} trustees decrypt"
    report.add(BOARD_HASH, holds=same, detail=quorum)
    fault = _fault_in_deals(ceremony)
    report.add(DEALS, holds=not fault, detail=fault or f"{trustees} deals, each with its proof")


def _fault_in_deals(ceremony: Ceremony) -> str:
    """What is wrong with the deals; empty if nothing."""
    board, hash_ = ceremony.definition, ceremony.definition.hash
    dealers = [dealer for dealer, _ in ceremony.deals]
    trustees = len(board.terms.trustees)
    if sorted(dealers) != list(range(1, trustees + 1)):
        return f"there are deals of trustees {dealers}, of {trustees} trustees"
    for dealer, deal in ceremony.deals:
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
    return "" if hash_ == ceremony.deals_hash else "they do not have the hash that was confirmed"


def _fault_in_keys(ceremony: Ceremony) -> str:
    """What is wrong with the keys; empty if nothing."""
    commitments = [deal.commitments for _, deal in ceremony.deals]
    if not all(len(each) == ceremony.definition.terms.threshold for each in commitments):
        return f"not every deal has {ceremony.definition.terms.threshold} commitments to add up"
    if sharing.encryption_key(commitments) != ceremony.key:
        return "the board's key is not the sum of its deals"
    for index, shown in enumerate(ceremony.verification_keys, start=1):
        if sharing.verification_key(commitments, index) != shown:
            return f"the verification key of trustee {index} does not follow from the deals"
    complete = len(ceremony.verification_keys) == len(ceremony.definition.terms.trustees)
    return "" if complete else "a verification key is missing"
