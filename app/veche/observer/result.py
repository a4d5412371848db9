"""Checks how a result came about: every decryption share, and the scores (PROTOCOL §4)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from veche.crypto import equality_proof, sharing
from veche.crypto.elgamal import Ciphertext
from veche.crypto.equality_proof import ShareStatement
from veche.crypto.group import G, N, Point, Scalar
from veche.errors import VecheError
from veche.observer.evidence import CeremonyRecord, PollState, PostedShare
from veche.observer.report import Report
from veche.protocol.definition import PollDefinition
from veche.protocol.phase import Phase

SHARES: Final = "decryption shares"
RESULT: Final = "result"

DECRYPTED: Final = (Phase.CLOSED, Phase.TALLIED)
"""The phases in which a poll has shares and a result."""


def check_shares(
    definition: PollDefinition,
    ceremony: CeremonyRecord,
    sums: Sequence[Ciphertext],
    shares: Sequence[PostedShare],
    phase: Phase,
    report: Report,
) -> None:
    """Adds to a report whether every share is what its trustee's key makes of these sums; where
    there may be none, whether there is none.
    """
    if phase not in DECRYPTED:
        _check_absence(SHARES, definition, phase, report, is_there=bool(shares))
        return
    trustees = [each.trustee for each in shares]
    if len(set(trustees)) != len(trustees):
        report.note(SHARES, False, f"a trustee has posted twice: {trustees}")  # noqa: FBT003
        return
    bases = tuple(each.a for each in sums)
    for share in shares:
        if not 1 <= share.trustee <= len(ceremony.verification_keys):
            report.note(SHARES, False, f"there is no trustee {share.trustee}")  # noqa: FBT003
            return
        key = ceremony.verification_keys[share.trustee - 1]
        statement = ShareStatement(definition.hash, share.trustee, key, bases, share.points)
        try:
            equality_proof.verify_share(statement, share.proof)
        except VecheError as error:
            report.note(SHARES, False, f"of trustee {share.trustee}: {error}")  # noqa: FBT003
            return
    needed = ceremony.definition.terms.threshold
    if len(shares) < needed:
        report.await_(SHARES, f"{len(shares)} of {needed} are there")
    else:
        report.note(SHARES, True, f"of trustees {trustees}, each with its proof")  # noqa: FBT003


def check_result(
    definition: PollDefinition,
    ceremony: CeremonyRecord,
    sums: Sequence[Ciphertext],
    shares: Sequence[PostedShare],
    state: PollState,
    phase: Phase,
    report: Report,
) -> None:
    """Adds to a report whether sums and shares give the result that is recorded; where there may
    be none, whether there is none.
    """
    if phase not in DECRYPTED:
        _check_absence(RESULT, definition, phase, report, is_there=bool(state.result))
        return
    if not state.result:
        report.await_(RESULT, "none is recorded yet")
        return
    trustees = range(1, len(ceremony.verification_keys) + 1)
    quorum = {
        each.trustee: each.points
        for each in shares[: ceremony.definition.terms.threshold]
        if each.trustee in trustees and len(each.points) == len(sums)
    }
    if len(quorum) < max(1, ceremony.definition.terms.threshold) or len(state.result) != len(sums):
        report.note(RESULT, False, "it was recorded without shares enough")  # noqa: FBT003
        return
    parts = sharing.combine(quorum)
    rows = zip(sums, parts, state.result, strict=True)
    wrong = [k for k, row in enumerate(rows) if not _is_score(*row)]
    said = f"choices {wrong} have other scores" if wrong else "the sums and shares give it"
    report.note(RESULT, not wrong, said)


def _is_score(total: Ciphertext, part: Point, m: int) -> bool:
    """Whether a sum holds m, by what the shares make of it."""
    return 0 <= m < N and total.b == part + G * Scalar(m)


def _check_absence(
    name: str, definition: PollDefinition, phase: Phase, report: Report, *, is_there: bool
) -> None:
    """Adds to a report that there is nothing where nothing may be: to come before the close, and
    as it must be for good in a poll that is over.
    """
    ends = {
        Phase.VOID: f"the poll is void: fewer than {definition.min_ballots} voters took part",
        Phase.CANCELLED: "the poll is cancelled: nobody had voted",
    }
    if is_there:
        report.note(name, False, f"there may be none: the poll is {phase}")  # noqa: FBT003
    elif phase in ends:
        report.note(name, True, f"none, and none to come: {ends[phase]}")  # noqa: FBT003
    else:
        report.await_(name, "none before the close")
