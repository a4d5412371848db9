"""Election records as strangers may write them: edits of a good one, and what becomes of them."""

from __future__ import annotations

import gzip
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any, Final

from eth_utils.address import to_checksum_address

from attacks.words import high_point
from support.bent_polls import CHALLENGE, flipped
from support.paper_polls import BOARD as BOARD_ADDRESS
from support.paper_polls import CLOSES, OPENS, Facts, PaperBallot, PaperPoll, block_at, voter
from support.record_edits import MALFORMED, Edit, lines_of
from veche.crypto.group import G, N, P, Scalar
from veche.protocol.addresses import BYTES
from veche.protocol.board_texts import BoardTexts
from veche.trust.artifact import CLONE_HEAD, CLONE_TAIL
from veche.trust.report import Verdict

HEADER, PROVENANCE, CEREMONY, DEFINITION, STATE, SHARES, ROLL, BALLOT = range(1, 9)
"""The lines of the good record; behind its first ballot are three more."""
SECOND, THIRD, LAST = 9, 10, 11

BALLOTS: Final = (
    PaperBallot(0, (1, 0, 0, 0, 0)),
    PaperBallot(1, (0, 1, 0, 0, 0)),
    PaperBallot(2, (0, 1, 0, 0, 0), time=OPENS + 5),
    PaperBallot(0, (0, 0, 1, 0, 0), time=CLOSES - 1),
)
"""The first two are in one block."""
NO_POINT: Final = "02" + P.to_bytes(32, "big").hex()
"""A compressed point whose x is not below p."""
OUT_OF_REACH: Final = high_point().compressed.hex()
"""One on the curve whose x is not below n."""
OTHER: Final = to_checksum_address("0x" + "11" * 20)
CLONE_LENGTH: Final = len(CLONE_HEAD) + BYTES + len(CLONE_TAIL)
"""Bytes of a clone's code before its terms."""


@dataclass(frozen=True)
class PlantedRecord:
    """A file that is made from a good record.

    Attributes:
        name: what is done to it.
        verdict: what every reader must say of it: pass, fail, pending or malformed.
        edits: of its lines.
        behind: bytes that follow the file.
    """

    name: str
    verdict: str
    edits: list[Edit] = field(default_factory=list)
    behind: bytes = b""


@cache
def good_poll() -> PaperPoll:
    """The poll of the good record: a tallied one."""
    return PaperPoll(ballots=BALLOTS)


@cache
def good_lines() -> tuple[str, ...]:
    """The lines of the good record, without the one that has their hash."""
    return tuple(lines_of(good_poll().facts))


def all_records() -> list[PlantedRecord]:
    """The good record, and everything that is made from it."""
    groups = (_honest, _unfinished, _false, _forged, _unsound, _counted_otherwise)
    more = (_contradictory, _malformed_json, _malformed_lines, _malformed_values, _malformed_files)
    return [each for group in (*groups, *more) for each in group()]


# -- Edits --


def change(line: int, old: str, new: str) -> Edit:
    """The first place of a text in a line gets another text."""
    return {"line": line, "from": old, "to": new}


def put(line: int, text: str | None) -> Edit:
    """A line gets another text, or is left out."""
    return {"line": line, "text": text}


def insert(line: int, text: str) -> Edit:
    """A new line comes before a line."""
    return {"line": line, "before": text}


def as_if(facts: Facts) -> list[Edit]:
    """The edits by which the good record becomes one of these facts, which have no more lines."""
    good, other = good_lines(), lines_of(facts)
    shown = [*other, *[None] * (len(good) - len(other))]
    pairs = enumerate(zip(good, shown, strict=True), start=1)
    return [_edit(number, old, new) for number, (old, new) in pairs if new != old]


def _edit(line: int, old: str, new: str | None) -> Edit:
    """The edit by which a line becomes another."""
    if new is None:
        return put(line, None)
    start = _common(old, new)
    end = _common(old[start:][::-1], new[start:][::-1])
    while start and old.find(old[start : len(old) - end] or old) != start:
        start -= 1
    return change(line, old[start : len(old) - end], new[start : len(new) - end])


def _common(one: str, other: str) -> int:
    """The number of characters that two texts begin with alike."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((at for at, (a, b) in pairs if a != b), min(len(one), len(other)))


def bent(part: str, change: Callable[[Any], Any]) -> list[Edit]:
    """The edits by which a part of the facts is shown otherwise."""
    facts = good_poll().facts
    return as_if(replace(facts, **{part: change(getattr(facts, part))}))


def _field(line: int, name: str) -> str:
    """A field of a line with its value, from the name to the comma behind it."""
    text = good_lines()[line - 1]
    start = text.index(f'"{name}":')
    return text[start : text.index(",", start)]


def _set(line: int, name: str, value: str) -> Edit:
    """The first field of this name in a line gets another value, as JSON."""
    return change(line, _field(line, name), f'"{name}":{value}')


# -- What holds, and what no file can show --


def _honest() -> Iterator[PlantedRecord]:
    yield PlantedRecord("the good record", Verdict.PASS)
    first, _, _ = good_lines()[PROVENANCE - 1].partition('],"pollCode"')
    known = first[first.index('"firstAccounts"') :] + "]"
    unknown = [change(PROVENANCE, known, '"firstAccounts":null')]
    yield PlantedRecord("a writer who did not know the first block", Verdict.PASS, unknown)
    later = bent("mark", lambda _: block_at(CLOSES + 500))
    yield PlantedRecord("read at a later block", Verdict.PASS, later)


def _unfinished() -> Iterator[PlantedRecord]:
    """What anybody can write about the tallied poll, with its genuine hash and signatures."""
    poll = good_poll()
    undecrypted = replace(poll.facts, shares=(), state=replace(poll.facts.state, result=()))
    yield PlantedRecord("before any share", Verdict.PENDING, as_if(undecrypted))
    opened = replace(undecrypted, mark=block_at(CLOSES - 1))
    yield PlantedRecord("before the close", Verdict.PENDING, as_if(opened))
    for name, count in (("nobody voted", 0), ("one voter", 1)):
        void = _undecrypted(poll, count)
        yield PlantedRecord(f"void: {name}", Verdict.PENDING, as_if(void))
    empty = _undecrypted(poll, 0)
    cancelled = replace(empty, state=replace(empty.state, cancelled=True))
    yield PlantedRecord("cancelled", Verdict.PENDING, as_if(cancelled))
    no_roll = [each for each in as_if(cancelled) if each["line"] != ROLL]
    yield PlantedRecord("cancelled, without the roll", Verdict.PENDING, [*no_roll, put(ROLL, None)])


def _undecrypted(poll: PaperPoll, count: int) -> Facts:
    """The poll with its first ballots alone, and without shares and result."""
    facts = poll.shown(poll.facts.ballots[:count])
    return replace(facts, shares=(), state=replace(facts.state, result=()))


# -- False --


def _false() -> Iterator[PlantedRecord]:
    """Well-formed records that say something false."""
    wrong = '"0x' + "11" * 32 + '"'
    edits = {
        "another pollHash in the state": [_set(STATE, "pollHash", wrong)],
        "another pollHash in the definition": [
            change(DEFINITION, _last_hash(DEFINITION), wrong.strip('"'))
        ],
        "another boardHash": [_set(CEREMONY, "boardHash", wrong)],
        "another board's minimum": [_set(CEREMONY, "minVoters", "3")],
        "another close": [_set(DEFINITION, "closes", "2001")],
        "total weight times score reaches 2^40": [_set(DEFINITION, "totalWeight", str(2**40))],
        "a minimum below the board's": [_set(DEFINITION, "minVoters", "1")],
        "a close after 2^40": [_set(DEFINITION, "closes", str(2**40))],
        "a number of 256 bits": [_set(STATE, "weight", str(2**256 - 1))],
        "the poll is not the catalogue's": [change(PROVENANCE, "true}}}", "false}}}")],
        "a poll with other terms behind its code": [change(PROVENANCE, *_poll_terms())],
        "a poll with longer terms behind its code": [change(PROVENANCE, *_longer_terms())],
        "another result": [change(STATE, '"result":[0,3,1,0,0]', '"result":[0,2,2,0,0]')],
        "another number of voters": [_set(STATE, "voters", "2")],
        "a ballot's weight": [_set(THIRD, "weight", "1")],
        "a ballot's deadline": [_set(BALLOT, "deadline", str(2**64 - 1))],
        "a ballot that replaces tracker 0": [
            change(BALLOT, '"replaces":""', '"replaces":"0x' + "00" * 32 + '"')
        ],
        "a roll in which a voter's weight is another": [change(ROLL, ",2]]}", ",3]]}")],
        "a roll without its last voter": [change(ROLL, _last_entry(), "]}")],
        "no roll": [put(ROLL, None)],
        "a share twice": [change(SHARES, '{"trustee":1', '{"trustee":3')],
        "a confirmation of a trustee who does not exist": [
            change(CEREMONY, '"confirmations":[{"trustee":1', '"confirmations":[{"trustee":4')
        ],
        "a ballot is missing": [put(SECOND, None)],
        "a ballot twice": [insert(SECOND, good_lines()[BALLOT - 1])],
    }
    for name, each in edits.items():
        yield PlantedRecord(name, Verdict.FAIL, each)
    more = bent("ceremony", lambda c: replace(c, confirmations=(*c.confirmations, _nobody(c))))
    yield PlantedRecord("one confirmation more, of nobody", Verdict.FAIL, more)


def _nobody(ceremony: Any) -> Any:
    return replace(ceremony.confirmations[0], trustee=4)


def _last_hash(line: int) -> str:
    text = good_lines()[line - 1]
    return text[text.rindex("0x") : text.rindex('"')]


def _last_entry() -> str:
    text = good_lines()[ROLL - 1]
    return text[text.rindex(",[") :]


def _poll_terms() -> tuple[str, str]:
    """The number of voters behind the poll's code, as it is and as it is not."""
    code = good_poll().facts.provenance.poll.code.hex()
    old = f"{2:064x}{7 * 32:064x}"
    assert old in code
    return old, f"{3:064x}{7 * 32:064x}"


def _longer_terms() -> tuple[str, str]:
    code = good_poll().facts.provenance.poll.code.hex()
    return code, code + "00" * 32


IN_ROOT: Final[dict[str, Callable[[Any], Any]]] = {
    "another salt": lambda root: replace(root, salt=bytes(32)),
    "another first owner": lambda root: replace(root, first_owner=OTHER),
    "another deployer": lambda root: replace(root, deployer=OTHER),
    "other code of the catalogue": lambda root: replace(root, code=flipped(root.code)),
    "other code of polls": lambda root: replace(root, polls=_with_other_code(root.polls)),
    "other code of boards": lambda root: replace(root, boards=_with_other_code(root.boards)),
    "other code that counts polls": lambda root: replace(root, tally=_with_other_code(root.tally)),
    "code that counts polls elsewhere": lambda root: replace(
        root, tally=replace(root.tally, address=OTHER)
    ),
    "a chain that began with the catalogue": lambda root: replace(
        root, first_accounts=frozenset({root.address})
    ),
    "a chain that began with the board": lambda root: replace(
        root, first_accounts=frozenset({BOARD_ADDRESS})
    ),
}
"""What may be shown otherwise of a catalogue."""
IN_ORIGIN: Final[dict[str, Callable[[Any], Any]]] = {
    "no code": lambda origin: replace(origin, code=b""),
    "a clone of other code": lambda origin: replace(origin, code=flipped(origin.code, 12)),
    "a clone without terms": lambda origin: replace(origin, code=origin.code[:CLONE_LENGTH]),
    "another address": lambda origin: replace(origin, address=OTHER),
    "an origin that the catalogue denies": lambda origin: replace(origin, is_official=False),
}
"""What may be shown otherwise of where a board or a poll comes from."""
IN_CEREMONY: Final[dict[str, Callable[[Any], dict[str, Any]]]] = {
    "another deals hash": lambda _: {"deals_hash": bytes(32)},
    "a deal with another proof": lambda c: {"deals": (_unproven(c.deals[0]), *c.deals[1:])},
    "a deal that another trustee signed": lambda c: {"deals": _signed_by_second(c.deals)},
    "deals in another order": lambda c: {"deals": c.deals[::-1]},
    "a deal is missing": lambda c: {"deals": c.deals[1:]},
    "a deal twice": lambda c: {"deals": (c.deals[0], *c.deals[:2])},
    "a confirmation is missing": lambda c: {"confirmations": c.confirmations[1:]},
    "a confirmation twice": lambda c: {"confirmations": (c.confirmations[0], *c.confirmations[:2])},
    "a confirmation that another trustee signed": lambda c: {
        "confirmations": _signed_by_second(c.confirmations)
    },
    "a confirmation of other deals": lambda c: {
        "confirmations": (replace(c.confirmations[0], deals_hash=bytes(32)), *c.confirmations[1:])
    },
    "another board's key": lambda c: {"key": c.verification_keys[0]},
    "another verification key": lambda c: {
        "verification_keys": (*c.verification_keys[:2], c.verification_keys[0])
    },
    "a verification key too many": lambda c: {
        "verification_keys": (*c.verification_keys, c.verification_keys[0])
    },
}
"""What may be shown otherwise of a ceremony."""


def _forged() -> Iterator[PlantedRecord]:
    """Contracts that no published code has made, and ceremonies that no trustees have held."""
    facts = good_poll().facts
    origins, ceremony = facts.provenance, facts.ceremony
    shown: dict[str, dict[str, Any]] = {
        name: {"provenance": replace(origins, root=change(origins.root))}
        for name, change in IN_ROOT.items()
    }
    for part in ("board", "poll"):
        own = getattr(origins, part)
        for name, change in IN_ORIGIN.items():
            shown[f"{part}: {name}"] = {"provenance": replace(origins, **{part: change(own)})}
    for name, changes in IN_CEREMONY.items():
        shown[name] = {"ceremony": replace(ceremony, **changes(ceremony))}
    for name, parts in shown.items():
        yield PlantedRecord(name, Verdict.FAIL, as_if(replace(facts, **parts)))
    unshared = replace(facts, shares=(), state=replace(facts.state, result=()))
    name = "another verification key"
    other_key = replace(ceremony, **IN_CEREMONY[name](ceremony))
    edits = as_if(replace(unshared, ceremony=other_key))
    yield PlantedRecord(f"{name}, before any share", Verdict.FAIL, edits)


def _with_other_code(shared: Any) -> Any:
    return replace(shared, code=flipped(shared.code))


def _unproven(signed: Any) -> Any:
    response = signed.deal.secret_response + Scalar(1)
    return replace(signed, deal=replace(signed.deal, secret_response=response))


def _signed_by_second(signed: Any) -> Any:
    """The first of several, with the signature of the second."""
    return (replace(signed[0], signature=signed[1].signature), *signed[1:])


def _unsound() -> Iterator[PlantedRecord]:
    """Polls that were made like this from the start."""
    twice = BoardTexts("Board", ("Anna", "Boris", "Anna")).encoded
    polls = {
        "a board that names a trustee twice": PaperPoll(ballots=BALLOTS, board_texts=twice),
        "a board that decrypts for one voter": PaperPoll(ballots=BALLOTS, board_min_voters=1),
        "a poll whose texts fit no question": PaperPoll(ballots=BALLOTS, content="{}"),
        "a poll with another key than its board's": PaperPoll(
            ballots=BALLOTS, key=G * Scalar(5), decrypted=False
        ),
        "a poll with another board hash than its board's": PaperPoll(
            ballots=BALLOTS, board_hash=b"\1" * 32
        ),
        "a ballot that somebody else signed": PaperPoll(
            ballots=(BALLOTS[0], replace(BALLOTS[1], signer=voter(9)), *BALLOTS[2:])
        ),
        "a ballot that replaces another than counts": PaperPoll(
            ballots=(*BALLOTS[:3], replace(BALLOTS[3], replaces=b"\1" * 32))
        ),
        "a second ballot that replaces none": PaperPoll(
            ballots=(*BALLOTS[:3], replace(BALLOTS[3], replaces=bytes(32)))
        ),
    }
    for name, poll in polls.items():
        yield PlantedRecord(name, Verdict.FAIL, as_if(poll.facts))


def _counted_otherwise() -> Iterator[PlantedRecord]:
    """Ballots, shares and states that are shown otherwise than they are."""
    facts = good_poll().facts
    share, state = facts.shares[0], facts.state
    parts: dict[str, dict[str, Any]] = {
        "a ballot under another tracker": {"ballots": _second(facts, tracker=bytes(32))},
        "a ballot with another challenge": {
            "ballots": _second(facts, words=flipped(facts.ballots[1][0].words, CHALLENGE))
        },
        "a ballot with another signature": {
            "ballots": _second(facts, signature=facts.ballots[0][0].signature)
        },
        "a share with another proof": {
            "shares": (
                replace(share, proof=replace(share.proof, response=Scalar(7))),
                *facts.shares[1:],
            )
        },
        "a share of nobody": {"shares": (*facts.shares, replace(share, trustee=9))},
        "a share beside the result": {"shares": facts.shares[:1]},
        "too few scores": {"state": replace(state, result=state.result[:2])},
        "another weight": {"state": replace(state, weight=state.weight + 1)},
        "sums in another order": {"state": replace(state, sums=state.sums[::-1])},
        "cancelled with ballots": {
            "state": replace(state, cancelled=True, result=()),
            "shares": (),
        },
        "a result before the close": {"mark": block_at(CLOSES - 1)},
    }
    for name, changes in parts.items():
        yield PlantedRecord(name, Verdict.FAIL, as_if(replace(facts, **changes)))


def _second(facts: Facts, **changes: Any) -> tuple[Any, ...]:
    """The ballots, the second of which is logged otherwise."""
    first, (logged, block), *others = facts.ballots
    return (first, (replace(logged, **changes), block), *others)


def _contradictory() -> Iterator[PlantedRecord]:
    """Blocks that are not of one chain."""
    first = good_poll().facts.ballots[0][1]
    number, time = f'"number":{first.number}', f'"time":{first.time}'
    other = "0x" + "22" * 32
    edits = {
        "a block's number with two hashes": [
            change(SECOND, "0x" + first.hash.hex(), other),
        ],
        "a block's number with two times": [change(SECOND, time, f'"time":{first.time + 1}')],
        "a block's hash with two numbers": [
            change(THIRD, "0x" + block_at(OPENS + 5).hash.hex(), "0x" + first.hash.hex())
        ],
        "numbers that fall": [change(BALLOT, number, f'"number":{first.number + 1}')],
        "times that fall": [change(BALLOT, time, f'"time":{OPENS + 6}')],
        "a ballot after the record's block": [
            change(LAST, f'"number":{CLOSES - 1}', f'"number":{CLOSES + 100}')
        ],
        "a record's block that is older than its ballots": [
            change(HEADER, f'"number":{CLOSES + 99}', f'"number":{OPENS}')
        ],
        "a ballot before the opening": [change(BALLOT, time, f'"time":{OPENS - 1}')],
        "a ballot at the close": [change(LAST, f'"time":{CLOSES - 1}', f'"time":{CLOSES}')],
    }
    for name, each in edits.items():
        yield PlantedRecord(name, Verdict.FAIL, each)


# -- Malformed --


def _malformed_json() -> Iterator[PlantedRecord]:
    """Lines that programs read in different ways, or not at all."""
    weight = _field(BALLOT, "weight")
    title = '\\"title\\":\\"Trees\\"'
    edits = {
        "a byte order mark": [change(HEADER, '{"format"', '\ufeff{"format"')],
        "a name twice": [change(CEREMONY, '"threshold":2', '"threshold":3,"threshold":2')],
        "a name twice in a ballot": [change(BALLOT, weight, f'"weight":9,{weight}')],
        "NaN": [_set(BALLOT, "weight", "NaN")],
        "Infinity": [_set(STATE, "voters", "Infinity")],
        "a fraction": [_set(BALLOT, "weight", "1.0")],
        "an exponent": [_set(BALLOT, "weight", "1e0")],
        "minus zero": [_set(CEREMONY, "dealBy", "-0")],
        "a leading zero": [_set(BALLOT, "weight", "01")],
        "true in place of 1": [_set(BALLOT, "weight", "true")],
        "a text in place of a number": [_set(BALLOT, "weight", '"1"')],
        "half a letter in a text": [change(DEFINITION, title, '\\"title\\":\\"\\ud800\\"')],
        "half a letter in a hash": [_set(BALLOT, "tracker", '"\\ud800"')],
        "a letter as its number": [change(HEADER, "veche", "\\u0076eche")],
        "a slash with a backslash": [change(DEFINITION, title, '\\"title\\":\\"\\/\\"')],
        "a space": [change(BALLOT, weight, weight.replace(":", ": "))],
        "a carriage return": [put(BALLOT, good_lines()[BALLOT - 1] + "\r")],
        "lists without end": [insert(BALLOT, "[" * 5_000)],
        "a number of 5,000 digits": [_set(BALLOT, "weight", "9" * 5_000)],
    }
    for name, each in edits.items():
        yield PlantedRecord(name, MALFORMED, each)


def _malformed_lines() -> Iterator[PlantedRecord]:
    """Fields and lines that are unknown, missing, twice or out of order."""
    good = ("", *good_lines())
    voter, tracker = _field(BALLOT, "voter")[10:], _field(BALLOT, "tracker")
    words = '"words":"0x' + "00" * 32 + '"'
    edits = {
        "an unknown field": [change(HEADER, '"version":2', '"version":2,"note":1')],
        "an unknown field in a ballot": [change(BALLOT, '"weight"', '"note":1,"weight"')],
        "an unknown field in a block": [change(BALLOT, '"number"', '"note":1,"number"')],
        "an unknown line": [insert(BALLOT, '{"note":1}')],
        "an unknown line at the end": [put(LAST, good[LAST] + '\n{"note":1}')],
        "an empty line": [insert(BALLOT, "")],
        "a second state": [insert(SHARES, good[STATE])],
        "a second state at the end": [put(LAST, f"{good[LAST]}\n{good[STATE]}")],
        "a second roll, behind the ballots": [put(LAST, f"{good[LAST]}\n{good[ROLL]}")],
        "a line of the roll behind one that is not full": [insert(BALLOT, good[ROLL])],
        "an empty line of the roll": [insert(BALLOT, '{"roll":[]}')],
        "a voter behind the end of the roll": [
            change(ROLL, _last_entry(), _last_entry().removesuffix("]}") + _last_entry())
        ],
        "a roll that is a number": [put(ROLL, '{"roll":2}')],
        "two lines in another order": [put(STATE, good[SHARES]), put(SHARES, good[STATE])],
        "two fields in another order": [
            change(BALLOT, f'{voter},{tracker},"weight":1', f'{voter},"weight":1,{tracker}')
        ],
        "words and points": [change(BALLOT, '"points"', f'{words},"points"')],
        "words of a ballot that has points": [_uncompressed()],
        "no shares": [put(SHARES, None)],
        "no points": [_without_points()],
        "another version": [_set(HEADER, "version", "3")],
        "another format": [_set(HEADER, "format", '"election record"')],
        "a hash that is not the last line": [insert(BALLOT, '{"sha256": "' + "00" * 32 + '"}')],
    }
    for name, each in edits.items():
        yield PlantedRecord(name, MALFORMED, each)


def _uncompressed() -> Edit:
    """The first ballot, with all its words as they were logged."""
    text = good_lines()[BALLOT - 1]
    words = good_poll().facts.ballots[0][0].words.hex()
    return put(BALLOT, text[: text.index('"points"')] + f'"words":"0x{words}"' + "}}")


def _without_points() -> Edit:
    text = good_lines()[BALLOT - 1]
    return put(BALLOT, text[: text.index('"points"')] + text[text.index('"scalars"') :])


def _malformed_values() -> Iterator[PlantedRecord]:
    """Values that nothing of their kind can have."""
    voter = _field(BALLOT, "voter")
    points, scalars = '"points":"', '"scalars":"'
    point, scalar = (_behind(each, n) for each, n in ((points, 66), (scalars, 64)))
    ones = (voter, voter.lower(), voter.upper().replace('"VOTER":"0X', '"voter":"0x'))
    mistyped = voter.translate(str.maketrans("abcdefABCDEF", "ABCDEFabcdef"))
    n = f"{N:064x}"
    edits = {
        "a deadline of 2^64": [_set(BALLOT, "deadline", str(2**64))],
        "a time of 2^64": [change(HEADER, '"time":2099', f'"time":{2**64}')],
        "a number of 2^256": [_set(STATE, "weight", str(2**256))],
        "an address in small letters": [change(BALLOT, ones[0], ones[1])],
        "an address in capital letters": [change(BALLOT, ones[0], ones[2])],
        "an address with a wrong checksum": [change(BALLOT, ones[0], mistyped)],
        "an address without a checksum on the roll": [change(ROLL, ones[0][9:], ones[1][9:])],
        "capital digits": [change(BALLOT, point, point.upper())],
        "a hash that is too short": [_set(BALLOT, "tracker", '"0x' + "00" * 31 + '"')],
        "a hash without 0x": [_set(BALLOT, "tracker", '"' + "00" * 32 + '"')],
        "points with 0x": [change(BALLOT, points, points + "0x")],
        "a point that is none in a ballot": [change(BALLOT, point, NO_POINT)],
        "a point that is none in the sums": [change(STATE, '"sums":[["0x0', '"sums":[["0x1')],
        "a point that is none in the ceremony": [
            change(CEREMONY, '"ephemeralKey":"0x0', '"ephemeralKey":"0x1')
        ],
        "a point that ecrecover cannot reach in the ceremony": [
            change(CEREMONY, _point_of_the_ceremony(), OUT_OF_REACH)
        ],
        "a scalar that is n in a ballot": [change(BALLOT, scalars + scalar, scalars + n)],
        "a scalar that is n in a share": [_set(SHARES, "challenge", f'"0x{n}"')],
        "a scalar that is 0 in the ceremony": [
            _set(CEREMONY, "challenge", '"0x' + "00" * 32 + '"')
        ],
        "words that are not whole": [_words("00" * 31)],
        "a question that cannot be asked": [change(DEFINITION, "[[5,1,1,1]]", "[[5,1,2,1]]")],
        "61 choices": [change(DEFINITION, "[[5,1,1,1]]", "[[61,1,1,1]]")],
        "17 shares": [_many_shares()],
    }
    for name, each in edits.items():
        yield PlantedRecord(name, MALFORMED, each)


def _point_of_the_ceremony() -> str:
    """The digits of the first ephemeral key."""
    text = good_lines()[CEREMONY - 1]
    at = text.index('"ephemeralKey":"0x') + len('"ephemeralKey":"0x')
    return text[at : at + 66]


def _behind(start: str, length: int) -> str:
    """The first digits of a list in the first ballot."""
    text = good_lines()[BALLOT - 1]
    at = text.index(start) + len(start)
    return text[at : at + length]


def _words(digits: str) -> Edit:
    text = good_lines()[BALLOT - 1]
    return put(BALLOT, text[: text.index('"points"')] + f'"words":"0x{digits}"' + "}}")


def _many_shares() -> Edit:
    """The shares that are there, and the first once more until there are 17."""
    facts = good_poll().facts
    many = (*facts.shares, *facts.shares[:1] * (17 - len(facts.shares)))
    return put(SHARES, lines_of(replace(facts, shares=many))[SHARES - 1])


def _malformed_files() -> Iterator[PlantedRecord]:
    """Files with something behind their end."""
    yield PlantedRecord("a byte behind the file", MALFORMED, behind=b"\0")
    yield PlantedRecord(
        "an empty file behind the file", MALFORMED, behind=gzip.compress(b"", mtime=0)
    )
    yield PlantedRecord("a line feed behind the file", MALFORMED, behind=b"\n")
