"""Writes an election record: all public data of a poll in one file (docs/record.md)."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, Final

from veche.crypto.group import Point
from veche.crypto.questions import Questions
from veche.observer import record_file
from veche.observer.electoral_roll import read_roll
from veche.observer.evidence import Evidence, PollState, PostedShare, Progress
from veche.protocol import plain, published_roll
from veche.protocol.block_mark import BlockMark
from veche.protocol.ceremony import SignedConfirmation, SignedDeal
from veche.protocol.logged_ballot import LoggedBallot
from veche.protocol.roll import Roll
from veche.trust.ceremony import Ceremony
from veche.trust.provenance import Origin, Provenance, SharedCode

FORMAT: Final = "veche election record"
VERSION: Final = 2
ROLL_LINE: Final = 1000
"""Maximum entries of the electoral roll in a line."""


def save(
    evidence: Evidence,
    path: Path,
    progress: Progress | None = None,
    *,
    roll: Roll | None = None,
) -> int:
    """Writes the public data of a poll into a file, whole or not at all.

    Args:
        evidence: the public data.
        path: the record's file; an earlier one is replaced.
        progress: takes the number of ballots that are written.
        roll: the electoral roll, for example from a file, instead of the published one.

    Returns:
        How many ballots were written.

    Raises:
        WrongRoll: the roll that was given is not the poll's. No file is written.
        NodeError: the node was lost, or replaced the block. No file is written.
        InvalidFile: the file cannot be written.
    """
    count = 0

    def counted() -> Iterator[tuple[LoggedBallot, BlockMark]]:
        nonlocal count
        for count, each in enumerate(evidence.ballots(), start=1):  # told below
            if progress:
                progress(count)
            yield each

    record_file.write(path, _lines(evidence, _entries(evidence, roll), counted()))
    return count


def _entries(evidence: Evidence, given: Roll | None) -> list[tuple[str, int]]:
    """The entries of the electoral roll; while none can be read, those of the newest reading."""
    definition = evidence.definition()
    found = read_roll(evidence, definition, given)
    if isinstance(found, Roll):
        return list(found)
    return published_roll.newest(evidence.roll_parts(), total_weight=definition.total_weight)


def _lines(
    evidence: Evidence,
    entries: Sequence[tuple[str, int]],
    ballots: Iterable[tuple[LoggedBallot, BlockMark]],
) -> Iterator[str]:
    header = {"format": FORMAT, "version": VERSION, "block": _block(evidence.mark())}
    parts = {
        "provenance": _provenance(evidence.provenance()),
        "ceremony": _ceremony(evidence.ceremony()),
        "definition": evidence.definition().to_plain(),
        "state": {"pollHash": plain.data(evidence.poll_hash()), **_state(evidence.state())},
        "shares": [_share(each) for each in evidence.shares()],
    }
    yield _json(header)
    for name, part in parts.items():
        yield _json({name: part})
    for at in range(0, len(entries), ROLL_LINE):
        yield _json({"roll": entries[at : at + ROLL_LINE]})
    questions = evidence.definition().questions
    for logged, block in ballots:
        yield _json({"ballot": _ballot(logged, block, questions)})


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _block(mark: BlockMark) -> dict[str, Any]:
    return {"number": mark.number, "hash": plain.data(mark.hash), "time": mark.time}


def _provenance(found: Provenance) -> dict[str, Any]:
    root = found.root
    return {
        "catalogue": {
            "address": root.address,
            "code": plain.data(root.code),
            "deployer": root.deployer,
            "salt": plain.data(root.salt),
            "firstOwner": root.first_owner,
        },
        "firstAccounts": None if root.first_accounts is None else sorted(root.first_accounts),
        "pollCode": _shared_code(root.polls),
        "tallyCode": _shared_code(root.tally),
        "boardCode": _shared_code(root.boards),
        "board": _origin(found.board),
        "poll": _origin(found.poll),
    }


def _shared_code(shared: SharedCode) -> dict[str, Any]:
    return {"address": shared.address, "code": plain.data(shared.code)}


def _origin(origin: Origin) -> dict[str, Any]:
    return {
        "address": origin.address,
        "code": plain.data(origin.code),
        "isOfficial": origin.is_official,
    }


def _ceremony(ceremony: Ceremony) -> dict[str, Any]:
    board = ceremony.definition
    return {
        "chainId": board.chain_id,
        "address": board.address,
        "threshold": board.terms.threshold,
        "minVoters": board.terms.min_voters,
        "dealBy": board.terms.deal_by,
        "confirmBy": board.terms.confirm_by,
        "trustees": [
            {"account": each.account, "sealingKey": plain.point(each.sealing_key)}
            for each in board.terms.trustees
        ],
        "content": board.terms.content,
        "boardHash": plain.data(ceremony.board_hash),
        "dealsHash": plain.data(ceremony.deals_hash),
        "deals": [_deal(each) for each in ceremony.deals],
        "confirmations": [_confirmation(each) for each in ceremony.confirmations],
        "key": _point(ceremony.key),
        "verificationKeys": [_point(each) for each in ceremony.verification_keys],
    }


def _deal(signed: SignedDeal) -> dict[str, Any]:
    deal = signed.deal
    return {
        "dealer": signed.dealer,
        "commitments": [plain.point(each) for each in deal.commitments],
        "ephemeralKey": plain.point(deal.ephemeral),
        "sealedShares": [plain.data(each) for each in deal.sealed],
        "challenge": plain.word(deal.challenge),
        "secretResponse": plain.word(deal.secret_response),
        "ephemeralResponse": plain.word(deal.ephemeral_response),
        "signature": plain.data(signed.signature.encoded),
    }


def _confirmation(signed: SignedConfirmation) -> dict[str, Any]:
    return {
        "trustee": signed.trustee,
        "dealsHash": plain.data(signed.deals_hash),
        "signature": plain.data(signed.signature.encoded),
    }


def _state(state: PollState) -> dict[str, Any]:
    return {
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


def _ballot(logged: LoggedBallot, block: BlockMark, questions: Questions) -> dict[str, Any]:
    fields = {
        "voter": logged.voter,
        "tracker": plain.data(logged.tracker),
        "weight": logged.weight,
        "replaces": plain.data(logged.replaces) if logged.replaces else "",
        "deadline": logged.deadline,
        "signature": plain.data(logged.signature.encoded),
        "block": _block(block),
    }
    parts = logged.compressed(questions)
    if parts is None:
        return fields | {"words": plain.data(logged.words)}
    points, scalars = parts
    return fields | {"points": points.hex(), "scalars": scalars.hex()}


def _point(value: Point) -> str:
    """A point in compressed form; empty for infinity."""
    return plain.point(value) if value else ""
