"""Checks how a key was made: the board's rules, every deal and confirmation with its signature, all
keys (PROTOCOL §2).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from veche.crypto import deal_proof, sharing, transcript
from veche.crypto.group import Point
from veche.errors import VecheError
from veche.errors.phrases import numbered
from veche.protocol import ceremony as ceremonies
from veche.protocol.board import BoardDefinition
from veche.protocol.ceremony import SignedConfirmation, SignedDeal
from veche.trust.report import Report

BOARD_RULES: Final = "board's rules"
BOARD_HASH: Final = "board hash"
DEALS: Final = "deals"
CONFIRMATIONS: Final = "confirmations"
KEYS: Final = "keys"


@dataclass(frozen=True, slots=True)
class Ceremony:
    """The key ceremony of a board.

    Attributes:
        definition: the board's definition.
        board_hash: the hash of the definition by the contract, 32 bytes.
        deals_hash: the hash of all deals by the contract, 32 bytes.
        deals: the deals, in the order in which they were posted.
        confirmations: the confirmations, in the order in which they were posted.
        key: Y by the contract.
        verification_keys: V of every trustee by the contract.
    """

    definition: BoardDefinition
    board_hash: bytes
    deals_hash: bytes
    deals: tuple[SignedDeal, ...]
    confirmations: tuple[SignedConfirmation, ...]
    key: Point
    verification_keys: tuple[Point, ...]

    @property
    def computed_hash(self) -> bytes:
        """The hash of all deals as they are shown, 32 bytes."""
        hash_ = self.definition.hash
        for signed in self.deals:
            hash_ = transcript.deals_hash(hash_, signed.dealer, signed.deal.challenge)
        return hash_


def check_ceremony(ceremony: Ceremony, report: Report) -> None:
    """Adds to a report whether the ceremony of a board that is Ready is right: its deals, its
    confirmations and all its keys.
    """
    check_deals(ceremony, report)
    trustees = len(ceremony.definition.terms.trustees)
    fault = _fault_in_confirmations(ceremony)
    signed = f"by every trustee, {trustees} signatures"
    report.add(CONFIRMATIONS, holds=not fault, detail=fault or signed)
    fault = _fault_in_keys(ceremony)
    keys = f"the board's key, and the keys of {trustees} trustees"
    report.add(KEYS, holds=not fault, detail=fault or keys)


def check_deals(ceremony: Ceremony, report: Report) -> None:
    """Adds to a report whether the board's rules and hash, and every deal with its proof and its
    signature, are right.
    """
    terms = ceremony.definition.terms
    trustees = len(terms.trustees)
    fault = _fault_in_rules(ceremony.definition)
    rules = (
        f"{terms.threshold} of {trustees} trustees decrypt for {terms.min_voters:,} voters or more"
    )
    report.add(BOARD_RULES, holds=not fault, detail=fault or rules)
    same = ceremony.board_hash == ceremony.definition.hash
    computed = f"0x{ceremony.definition.hash.hex()}"
    other = f"{computed}, but the contract says 0x{ceremony.board_hash.hex()}"
    report.add(BOARD_HASH, holds=same, detail=computed if same else other)
    fault = _fault_in_deals(ceremony)
    deals = f"{trustees} deals, each with its proof and its signature"
    report.add(DEALS, holds=not fault, detail=fault or deals)


def _fault_in_rules(board: BoardDefinition) -> str:
    """What is wrong with a board's rules or texts; empty if nothing."""
    try:
        board.terms.require_sound()
        _ = board.terms.texts
    except VecheError as error:
        return str(error)
    return ""


def _fault_in_deals(ceremony: Ceremony) -> str:
    """What is wrong with the deals; empty if nothing."""
    board = ceremony.definition
    trustees = len(board.terms.trustees)
    try:
        sharing.require_threshold(board.terms.threshold, trustees)
    except VecheError as error:
        return str(error)
    dealers = [each.dealer for each in ceremony.deals]
    if sorted(dealers) != list(range(1, trustees + 1)):
        return f"there are deals of {numbered('trustee', dealers)}, of {trustees} trustees"
    for signed in ceremony.deals:
        try:
            deal_proof.verify(
                signed.deal,
                board_hash=board.hash,
                dealer=signed.dealer,
                threshold=board.terms.threshold,
                trustees=trustees,
            )
            ceremonies.require_signed(board, signed)
        except VecheError as error:
            return f"the deal of trustee {signed.dealer}: {error}"
    same = ceremony.computed_hash == ceremony.deals_hash
    return "" if same else "they do not have the hash that the contract says"


def _fault_in_confirmations(ceremony: Ceremony) -> str:
    """What is wrong with the confirmations; empty if nothing. That the contract's hash is the one
    of the deals is for `check_deals` to see.
    """
    board = ceremony.definition
    every = range(1, len(board.terms.trustees) + 1)
    found = [each.trustee for each in ceremony.confirmations]
    if sorted(found) != list(every):
        missing = sorted(set(every) - set(found))
        named = numbered("trustee", missing or found)
        return f"there is no confirmation of {named}" if missing else f"of {named}"
    known = {ceremony.deals_hash, ceremony.computed_hash}
    for signed in ceremony.confirmations:
        if signed.deals_hash not in known:
            return f"trustee {signed.trustee} confirmed other deals"
        try:
            ceremonies.require_signed(board, signed)
        except VecheError as error:
            return f"the confirmation of trustee {signed.trustee}: {error}"
    return ""


def _fault_in_keys(ceremony: Ceremony) -> str:
    """What is wrong with the keys; empty if nothing."""
    commitments = [each.deal.commitments for each in ceremony.deals]
    trustees = len(ceremony.definition.terms.trustees)
    if len(ceremony.verification_keys) != trustees:
        return f"there are {len(ceremony.verification_keys)} verification keys"
    if not all(len(each) == ceremony.definition.terms.threshold for each in commitments):
        return f"not every deal has {ceremony.definition.terms.threshold} commitments to add up"
    if sharing.encryption_key(commitments) != ceremony.key:
        return "the board's key is not the sum of its deals"
    for index, shown in enumerate(ceremony.verification_keys, start=1):
        if sharing.verification_key(commitments, index) != shown:
            return f"the verification key of trustee {index} does not follow from the deals"
    return ""
