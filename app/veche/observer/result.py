"""Checks how a result came about: every decryption share, and the scores (PROTOCOL §4)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from veche.crypto import equality_proof, sharing
from veche.crypto.elgamal import Ciphertext
from veche.crypto.equality_proof import ShareStatement
from veche.crypto.group import G, N, Point, Scalar
from veche.errors import VecheError
from veche.errors.phrases import listed, numbered
from veche.observer.evidence import PostedShare
from veche.protocol.definition import PollDefinition
from veche.protocol.phase import Phase
from veche.trust.ceremony import Ceremony
from veche.trust.report import Report

SHARES: Final = "decryption shares"
RESULT: Final = "result"

DECRYPTED: Final = (Phase.CLOSED, Phase.TALLIED)
"""The phases in which a poll has decryption shares and a result."""


@dataclass(frozen=True, slots=True)
class Decryption:
    """The shares that decrypt the sums of a poll, and what they are checked against.

    Attributes:
        definition: the poll's definition.
        phase: the phase of the poll.
        ceremony: the key ceremony of its board.
        sums: the sums of all choices, as they were added up here.
        shares: the decryption shares in the order in which they were accepted.
        is_last_word: whether the poll is known to have ended as it is shown. What a record says
            about that is its writer's word.
    """

    definition: PollDefinition
    phase: Phase
    ceremony: Ceremony
    sums: Sequence[Ciphertext]
    shares: Sequence[PostedShare]
    is_last_word: bool = True

    @property
    def threshold(self) -> int:
        """How many shares a result needs."""
        return self.ceremony.definition.terms.threshold


# -- Shares --


def check_shares(decryption: Decryption, report: Report) -> None:
    """Adds to a report whether every share is the decryption of the sums by its trustee's key. In
    a phase without shares, adds whether there are none.
    """
    if decryption.phase not in DECRYPTED:
        _check_absence(SHARES, decryption, report, is_there=bool(decryption.shares))
        return
    fault = _fault_in_shares(decryption)
    if fault:
        report.failed(SHARES, fault)
    elif len(decryption.shares) < decryption.threshold:
        report.pending(SHARES, f"{len(decryption.shares)} of {decryption.threshold} are posted")
    else:
        trustees = numbered("trustee", [each.trustee for each in decryption.shares])
        report.passed(SHARES, f"of {trustees}, each with its proof")


def _fault_in_shares(decryption: Decryption) -> str:
    """What is wrong with the shares; empty if nothing."""
    trustees = [each.trustee for each in decryption.shares]
    if len(set(trustees)) != len(trustees):
        return f"a trustee has posted twice: {listed(trustees)}"
    bases, keys = tuple(each.a for each in decryption.sums), decryption.ceremony.verification_keys
    for share in decryption.shares:
        trustee = share.trustee
        if not 1 <= trustee <= len(keys):
            return f"there is no trustee {trustee}"
        key = keys[trustee - 1]
        statement = ShareStatement(decryption.definition.hash, trustee, key, bases, share.points)
        try:
            equality_proof.verify_share(statement, share.proof)
        except VecheError as error:
            return f"the share of trustee {trustee}: {error}"
    return ""


# -- Result --


def check_result(decryption: Decryption, result: Sequence[int], report: Report) -> None:
    """Adds to a report whether sums and shares give the result that the contract has. In a phase
    without a result, adds whether there is none.

    Args:
        decryption: what the result is checked against.
        result: the scores of all choices; empty if there are none.
        report: the report.
    """
    if decryption.phase not in DECRYPTED:
        _check_absence(RESULT, decryption, report, is_there=bool(result))
        return
    if not result:
        report.pending(RESULT, "not proven yet")
        return
    fault = _fault_in_result(decryption, result)
    report.add(RESULT, holds=not fault, detail=fault or "follows from the sums and the shares")


def _fault_in_result(decryption: Decryption, result: Sequence[int]) -> str:
    """What is wrong with a result; empty if nothing."""
    quorum = _quorum(decryption)
    if len(quorum) < max(1, decryption.threshold):
        return "there is a result, but not enough shares for it"
    if len(result) != len(decryption.sums):
        return f"there are {len(result)} scores for {len(decryption.sums)} choices"
    rows = zip(decryption.sums, sharing.combine(quorum), result, strict=True)
    wrong = [choice for choice, row in enumerate(rows) if not _is_score(*row)]
    return f"choices {wrong} have other scores" if wrong else ""


def _quorum(decryption: Decryption) -> dict[int, tuple[Point, ...]]:
    """D of every choice by trustee, of those of the first shares that can be combined."""
    trustees = range(1, len(decryption.ceremony.verification_keys) + 1)
    return {
        each.trustee: each.points
        for each in decryption.shares[: decryption.threshold]
        if each.trustee in trustees and len(each.points) == len(decryption.sums)
    }


def _is_score(total: Ciphertext, part: Point, m: int) -> bool:
    """Whether a sum holds m, by what the shares make of the sum."""
    return 0 <= m < N and total.b == part + G * Scalar(m)


def _check_absence(name: str, decryption: Decryption, report: Report, *, is_there: bool) -> None:
    """Adds to a report that something is absent which must be: pending before the close, passed
    in a poll that ended without a result.
    """
    fewest = decryption.definition.min_voters
    ends = {
        Phase.VOID: f"the poll is void: fewer than {fewest} voters took part",
        Phase.CANCELLED: "the poll is cancelled: nobody had voted",
    }
    if is_there:
        report.failed(name, f"present, though the poll is {decryption.phase}")
    elif decryption.phase in ends and not decryption.is_last_word:
        report.pending(name, f"none here; that the poll is {decryption.phase} is the writer's word")
    elif decryption.phase in ends:
        report.passed(name, f"none, and there will be none: {ends[decryption.phase]}")
    else:
        report.pending(name, "none before the close")
