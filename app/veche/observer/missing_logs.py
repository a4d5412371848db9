"""Tells a node that lacks logs from a poll that is wrong.

Published code never changes its state without a log. So if a log lacks what the state proves, the
node has thrown it away or hides it, and nothing can be said of the poll.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from typing import Final

from veche.errors import LogsMissing, NodeError, VecheError
from veche.errors.amounts import counted
from veche.errors.phrases import numbered
from veche.observer.ballot_box import BallotBox
from veche.observer.evidence import PollState, PostedShare, Proofs
from veche.trust import foundation, provenance
from veche.trust.ceremony import Ceremony
from veche.trust.report import Report, Verdict

CODE: Final = (
    provenance.CATALOGUE,
    provenance.POLL_CODE,
    provenance.TALLY_CODE,
    provenance.BOARD_CODE,
    provenance.BOARD,
    provenance.POLL,
    provenance.FIRST_BLOCK,
    foundation.POLL_HASH,
    foundation.SAME_CONTRACTS,
)
"""The checks without which state proves nothing, or is not that of the expected poll."""


@dataclass(frozen=True, slots=True)
class Shown:
    """What a node has shown of a poll; None for what cannot be read.

    Attributes:
        state: the poll's state.
        ceremony: the key ceremony of its board.
        box: its ballots.
        shares: its decryption shares.
    """

    state: PollState
    ceremony: Ceremony | None
    box: BallotBox | None
    shares: tuple[PostedShare, ...] | None


def require_logs(shown: Shown, proofs: Proofs, report: Report) -> None:
    """Refuses to give a verdict if a log lacks what the state proves to be in it. It looks only
    where a check failed or is pending.

    Raises:
        LogsMissing: the node does not show all logs.
        NodeError: the node was lost.
    """
    failed = {each.name for each in report if each.verdict == Verdict.FAIL}
    if report.verdict == Verdict.PASS or failed & set(CODE):
        return
    lacking = list(_missing_shares(shown, proofs))
    if failed:
        lacking += [*_missing_in_ceremony(shown, proofs), *_missing_ballots(shown, proofs)]
    if lacking:
        raise LogsMissing(f"the logs of {proofs.name} lack {'; '.join(lacking)}")


def _missing_shares(shown: Shown, proofs: Proofs) -> Iterator[str]:
    if shown.shares is not None:
        logged = {each.trustee for each in shown.shares}
        yield from _missing("decryption shares", proofs.sharers, logged)


def _missing_in_ceremony(shown: Shown, proofs: Proofs) -> Iterator[str]:
    if shown.ceremony is not None:
        dealers = {each.dealer for each in shown.ceremony.deals}
        yield from _missing("deals", proofs.dealers, dealers)
        confirmers = {each.trustee for each in shown.ceremony.confirmations}
        yield from _missing("confirmations", proofs.confirmers, confirmers)


def _missing(
    what: str, proven: Callable[[], Collection[int]], logged: Collection[int]
) -> Iterator[str]:
    """What is missing of trustees; nothing if the state cannot be read, which is a fault of its
    own.
    """
    try:
        missing = sorted(set(proven()) - set(logged))
    except NodeError:
        raise
    except VecheError:
        return
    if missing:
        yield f"{what} of {numbered('trustee', missing)}"


def _missing_ballots(shown: Shown, proofs: Proofs) -> Iterator[str]:
    box, state = shown.box, shown.state
    if box is None:
        return
    if box.voters < state.voters:
        yield f"ballots: they have those of {counted(box.voters, 'voter')}, of {state.voters:,}"
    elif box.missing or box.sums != list(state.sums):
        wanted = box.missing | _newer(box, proofs)
        lost = wanted.difference(proofs.ballots()) if wanted else wanted
        yield from (f"the ballot 0x{tracker.hex()} of {voter}" for voter, tracker in sorted(lost))


def _newer(box: BallotBox, proofs: Proofs) -> set[tuple[str, bytes]]:
    """The ballots that count by the state, and not by the log."""
    counted = box.counted
    shown = zip(counted.items(), proofs.trackers(list(counted)), strict=True)
    return {(voter, each) for (voter, own), each in shown if each is not None and each != own}
