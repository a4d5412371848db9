"""Replays a poll as a node shows it, up to a block."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

from veche.ballot import SignedBallot
from veche.chain.poll import Poll
from veche.observer.ballot_box import BallotBox
from veche.observer.report import Report

ROLL = "electoral roll"
COUNTS = "counts"
SUMS = "sums"


def replay(
    poll: Poll, *, block: int, report: Report, progress: Callable[[int, int], None] | None = None
) -> BallotBox:
    """Counts all ballots of a poll again and compares with what the contract says.

    Args:
        poll: the poll.
        block: the number of the last block to look at.
        report: gets the checks: roll, ballots, counts, sums.
        progress: is told how many ballots are counted, of how many voters.

    Raises:
        IncompleteRoll: the published roll is not the poll's.
    """
    definition, roll = poll.definition, poll.roll
    total = f"{len(roll)} voters with weight {roll.total_weight}"
    report.note(ROLL, roll.total_weight == definition.total_weight, total)

    def earlier(voter: str, tracker: bytes) -> SignedBallot | None:
        found = poll.ballots(voter=voter, tracker=tracker, last=block)
        return next((each.signed for each in found), None)

    @lru_cache(maxsize=64)
    def time(number: int) -> int:
        return int(poll.node.block(number)["timestamp"])

    box = BallotBox(definition, roll, earlier)
    expected = int(poll.contract.read("voterCount", block=block))
    for each in poll.ballots(last=block):
        box.add(each.signed, each.tracker, time(each.event.block))
        if progress:
            progress(box.count, max(expected, box.count))
    box.report(report)
    _compare(poll, box, block, report)
    return box


def _compare(poll: Poll, box: BallotBox, block: int, report: Report) -> None:
    counted = (box.voters, box.weight)
    said = tuple(
        int(poll.contract.read(each, block=block)) for each in ("voterCount", "castWeight")
    )
    text = f"{counted[0]} voters with weight {counted[1]}"
    report.note(
        COUNTS, counted == said, text + ("" if counted == said else f", but {said} on chain")
    )
    same = poll.sums(block=block) == box.sums
    detail = f"of {box.voters} ballots" if same else "the contract's are not those of its ballots"
    report.note(SUMS, same, detail)
