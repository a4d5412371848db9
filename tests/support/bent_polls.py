"""Polls on paper that something is wrong with, or that have not ended yet."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, Final, TypeAlias

from support.paper_polls import (
    Facts,
    PaperBallot,
    PaperEvidence,
    PaperPoll,
    block_at,
    changed,
    voter,
)
from veche.crypto.group import Point
from veche.observer.verification import verify
from veche.protocol.published_roll import Part
from veche.trust.report import Report, Verdict

Make: TypeAlias = Callable[[], Facts]
"""Makes what is public of a poll."""

FIRST: Final = PaperBallot(0, (1, 0, 0, 0, 0))
SECOND: Final = PaperBallot(1, (0, 1, 0, 0, 0))
CHALLENGE: Final = 32 * 4 * 5 + 31
"""The last byte of a ballot's challenge, behind the ciphertexts of five choices."""


def report_of(facts: Facts) -> Report:
    return verify(PaperEvidence(facts)).report


def failed(report: Report) -> list[str]:
    return [each.name for each in report if each.verdict == Verdict.FAIL]


def pending(report: Report) -> list[str]:
    return [each.name for each in report if each.verdict == Verdict.PENDING]


# -- What is wrong with it --


def poll(
    *,
    content: str = PaperPoll.content,
    ballots: Sequence[PaperBallot] = PaperPoll.ballots,
    total_weight: int | None = None,
    key: Point | None = None,
    decrypted: bool = True,
    board_texts: str = PaperPoll.board_texts,
    board_min_voters: int = PaperPoll.board_min_voters,
    min_voters: int = PaperPoll.min_voters,
    weights: Sequence[int] = PaperPoll.weights,
    closes: int = PaperPoll.closes,
) -> Make:
    """A poll that was made like this from the start, and is shown as it is."""
    return lambda: (
        PaperPoll(
            content=content,
            ballots=ballots,
            total_weight=total_weight,
            key=key,
            decrypted=decrypted,
            board_texts=board_texts,
            board_min_voters=board_min_voters,
            min_voters=min_voters,
            weights=weights,
            closes=closes,
        ).facts
    )


def bend(part: str, change: Callable[[Any], Any]) -> Make:
    """An honest poll, one part of which is shown otherwise than it is."""
    return lambda: changed(PaperPoll().facts, part, change)


def ballot_bent(change: Callable[[Any], Any], index: int = 1) -> Make:
    """One ballot is logged otherwise than it was cast."""

    def bent(ballots: tuple[Any, ...]) -> tuple[Any, ...]:
        logged, block = ballots[index]
        return (*ballots[:index], (change(logged), block), *ballots[index + 1 :])

    return bend("ballots", bent)


def shares_bent(change: Callable[[Any], Any]) -> Make:
    """The first share is shown otherwise than it was posted."""
    return bend("shares", lambda shares: (change(shares[0]), *shares[1:]))


def deals_bent(change: Callable[[Any], Any]) -> Make:
    """The first deal is shown otherwise than it was posted."""

    def bent(shown: Any) -> Any:
        first, *others = shown.deals
        return replace(shown, deals=(replace(first, deal=change(first.deal)), *others))

    return bend("ceremony", bent)


def root_bent(change: Callable[[Any], Any]) -> Make:
    """The catalogue is shown otherwise than it was created."""
    return bend("provenance", lambda found: replace(found, root=change(found.root)))


def flipped(data: bytes, at: int = -1) -> bytes:
    """A byte changed."""
    bent = bytearray(data)
    bent[at] ^= 1
    return bytes(bent)


# -- Where it stands --


def at(time: int, make: Make) -> Make:
    """The same poll, as it stands at a time."""
    return lambda: changed(make(), "mark", lambda _: block_at(time))


def cancelled(make: Make) -> Make:
    """The same poll, cancelled by officials."""
    return lambda: changed(make(), "state", lambda state: replace(state, cancelled=True))


def unrolled(make: Make, *parts: Sequence[tuple[str, int]]) -> Make:
    """The same poll, with these parts published as its roll, one over the other; nothing by
    default.
    """
    return lambda: changed(make(), "roll_parts", lambda _: tuple(Part(0, each) for each in parts))


def uncounted(make: Make) -> Make:
    """The same poll, with a contract that says that nobody has voted."""
    return lambda: changed(make(), "state", lambda state: replace(state, voters=0, weight=0))


def shares_alone(make: Make) -> Make:
    """The same poll with an honest poll's decryption shares, and no result."""

    def shared() -> Facts:
        facts = changed(make(), "shares", lambda _: PaperPoll().facts.shares)
        return changed(facts, "state", lambda state: replace(state, result=()))

    return shared


def result_alone(make: Make) -> Make:
    """The same poll with a result, and no decryption shares."""

    def tallied() -> Facts:
        facts = changed(make(), "shares", lambda _: ())
        return changed(facts, "state", lambda state: replace(state, result=(0, 1, 0, 0, 0)))

    return tallied


NO_VOTERS: Final = poll(ballots=())
"""A poll in which nobody has voted."""
TOO_FEW: Final = poll(ballots=[FIRST])
"""A poll with fewer voters than a result needs."""
UNDECRYPTED: Final = poll(decrypted=False)
"""A poll without shares and result."""

WRONG: Final = [(voter(8).address, 4)]
"""A roll that is not the poll's."""
TWICE: Final = [(voter(0).address, 1), (voter(0).address, 1)]
"""Entries that no roll can have."""
