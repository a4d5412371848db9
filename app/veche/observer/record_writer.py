"""Writes election records: all public data of a poll in one file (docs/record.md)."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, Final

from veche.crypto.deal_proof import Deal
from veche.crypto.group import Point
from veche.errors import VecheError
from veche.observer import record_file
from veche.observer.ballots import POINT, WORD, is_compressed
from veche.observer.evidence import (
    BlockMark,
    CastBallot,
    CeremonyRecord,
    Codes,
    Evidence,
    PollState,
    PostedShare,
)
from veche.protocol import plain
from veche.protocol.definition import PollDefinition

FORMAT: Final = "veche election record"
VERSION: Final = 2
ROLL_LINE: Final = 1000
"""Entries of the roll in a line."""
POINT_WORDS: Final = 2 * WORD
"""Bytes of a point as it is logged."""

OnBallot = Callable[[int], None]


# -- Save --


def save(evidence: Evidence, path: Path, progress: OnBallot | None = None) -> int:
    """Writes all that evidence shows of a poll into a file, whole or not at all.

    Args:
        evidence: of the poll.
        path: of the file; one that is there is replaced.
        progress: is told how many ballots are written.

    Returns:
        How many ballots were written.
    """
    count = 0

    def counted() -> Iterator[CastBallot]:
        nonlocal count
        for count, cast in enumerate(evidence.ballots(), start=1):  # told below
            if progress:
                progress(count)
            yield cast

    record_file.write(path, _lines(evidence, counted()))
    return count


def _lines(evidence: Evidence, ballots: Iterable[CastBallot]) -> Iterator[str]:
    mark = evidence.mark()
    header = {
        "format": FORMAT,
        "version": VERSION,
        "block": _block(mark),
    }
    parts = {
        "codes": _codes(evidence.codes()),
        "ceremony": _ceremony(evidence.ceremony()),
        "definition": evidence.definition().to_plain(),
        "state": _state(evidence.state()),
        "shares": [_share(each) for each in evidence.shares()],
    }
    yield _json(header)
    for name, part in parts.items():
        yield _json({name: part})
    for reading, roll in enumerate(evidence.rolls()):
        for at in range(0, len(roll), ROLL_LINE):
            yield _json({"roll": reading, "entries": roll[at : at + ROLL_LINE]})
    definition = evidence.definition()
    for cast in ballots:
        yield _json({"ballot": _ballot(cast, definition)})


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _block(mark: BlockMark) -> dict[str, Any]:
    return {"number": mark.number, "hash": plain.data(mark.hash), "time": mark.time}


def _codes(codes: Codes) -> dict[str, Any]:
    return {
        "catalogue": plain.data(codes.catalogue),
        "implementation": plain.data(codes.implementation),
        "implementationAddress": codes.implementation_address,
        "poll": plain.data(codes.poll),
        "board": plain.data(codes.board),
        "official": codes.official,
    }


def _ceremony(record: CeremonyRecord) -> dict[str, Any]:
    board = record.definition
    return {
        "chainId": board.chain_id,
        "address": board.address,
        "threshold": board.threshold,
        "minBallots": board.min_ballots,
        "dealBy": board.deal_by,
        "confirmBy": board.confirm_by,
        "trustees": [
            {"account": each.account, "sealingKey": plain.point(each.sealing_key)}
            for each in board.trustees
        ],
        "boardHash": plain.data(record.board_hash),
        "dealsHash": plain.data(record.deals_hash),
        "deals": [{"dealer": dealer, **_deal(deal)} for dealer, deal in record.deals],
        "confirmed": list(record.confirmed),
        "key": _point(record.key),
        "verificationKeys": [_point(each) for each in record.verification_keys],
    }


def _deal(deal: Deal) -> dict[str, Any]:
    return {
        "commitments": [plain.point(each) for each in deal.commitments],
        "ephemeralKey": plain.point(deal.ephemeral),
        "sealedShares": [plain.data(each) for each in deal.sealed],
        "challenge": plain.word(deal.challenge),
        "secretResponse": plain.word(deal.secret_response),
        "ephemeralResponse": plain.word(deal.ephemeral_response),
    }


def _state(state: PollState) -> dict[str, Any]:
    return {
        "pollHash": plain.data(state.poll_hash),
        "voters": state.voters,
        "weight": state.weight,
        "sums": [[_point(each.a), _point(each.b)] for each in state.sums],
        "cancelled": state.cancelled,
        "result": list(state.result),
    }


def _share(share: PostedShare) -> dict[str, Any]:
    return {
        "trustee": share.trustee,
        "points": [_point(each) for each in share.points],
        "challenge": plain.word(share.proof.challenge),
        "response": plain.word(share.proof.response),
    }


def _ballot(cast: CastBallot, definition: PollDefinition) -> dict[str, Any]:
    fields = {
        "voter": cast.voter,
        "tracker": plain.data(cast.tracker),
        "weight": cast.weight,
        "replaces": plain.data(cast.replaces) if any(cast.replaces) else "",
        "deadline": cast.deadline,
        "signature": plain.data(cast.r + cast.vs),
        "block": _block(cast.block),
    }
    points = _points(cast, definition)
    if points is None:
        # what no contract accepts is recorded as it was logged
        return fields | {"words": plain.data(cast.words)}
    return fields | {"points": points.hex(), "scalars": _scalars(cast, definition).hex()}


def _points(cast: CastBallot, definition: PollDefinition) -> bytes | None:
    """The points of a ballot, compressed; None where one of them is none."""
    questions, words = definition.questions, cast.words
    if is_compressed(cast, definition):
        return words[: POINT * questions.points]
    start = 2 * POINT_WORDS * questions.choices
    starts = (
        *range(0, start, POINT_WORDS),
        *range(start + WORD * questions.scalars, len(words), POINT_WORDS),
    )
    try:
        return b"".join(_compressed(words[at : at + POINT_WORDS]) for at in starts)
    except VecheError:
        return None


def _scalars(cast: CastBallot, definition: PollDefinition) -> bytes:
    """The scalars of a ballot."""
    questions = definition.questions
    if is_compressed(cast, definition):
        start = POINT * questions.points
    else:
        start = 2 * POINT_WORDS * questions.choices
    return cast.words[start : start + WORD * questions.scalars]


def _compressed(words: bytes) -> bytes:
    x, y = (int.from_bytes(each, "big") for each in (words[:WORD], words[WORD:]))
    return Point.from_outside(x, y).compressed


def _point(value: Point) -> str:
    """A point, compressed; nothing for infinity."""
    return plain.point(value) if value else ""
