"""The lines of an election record, written and read (docs/record.md)."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, Final

from veche.crypto.deal_proof import Deal
from veche.crypto.elgamal import Ciphertext
from veche.crypto.equality_proof import EqualityProof
from veche.crypto.group import INFINITY, Point
from veche.crypto.questions import MAX_CHOICES, Questions
from veche.crypto.sharing import MAX_TRUSTEES
from veche.errors import InvalidDocument
from veche.observer.evidence import PollState, PostedShare
from veche.protocol import plain
from veche.protocol.ballot import MAX_DEADLINE
from veche.protocol.block_mark import BlockMark
from veche.protocol.board import BoardDefinition, BoardTerms, TrusteeTerms
from veche.protocol.ceremony import SignedConfirmation, SignedDeal
from veche.protocol.definition import PollDefinition
from veche.protocol.logged_ballot import COMPRESSED, WORD, LoggedBallot
from veche.protocol.plain import Form
from veche.protocol.signature import Signature
from veche.trust.ceremony import Ceremony
from veche.trust.provenance import Origin, Provenance, Root, SharedCode

FORMAT: Final = "veche election record"
VERSION: Final = 2
ROLL: Final = '{"roll":'
"""How a line of the electoral roll begins."""
ROLL_LINE: Final = 1000
"""Maximum entries of the electoral roll in a line."""
MAX_BLOCK: Final = 2**64 - 1
"""Maximum number and time of a block."""

_encoded = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode

# -- Header --


def write_header(mark: BlockMark) -> str:
    """What the file is, and the block at which all data were read."""
    return _encoded({"format": FORMAT, "version": VERSION, "block": _write_block(mark)})


def read_header(line: Form) -> BlockMark:
    """The block at which all data were read.

    Raises:
        InvalidDocument: this is no election record of this version.
    """
    if line.text("format") != FORMAT:
        raise InvalidDocument("this is not an election record")
    version = line.number("version")
    if version != VERSION:
        said = f"this record has version {version}, and this program reads version {VERSION}"
        raise InvalidDocument(f"{said}: check it with the release of Veche that wrote it")
    return _read_block(line.form("block"))


def _write_block(mark: BlockMark) -> dict[str, Any]:
    return {"number": mark.number, "hash": plain.data(mark.hash), "time": mark.time}


def _read_block(form: Form) -> BlockMark:
    number = form.number("number", most=MAX_BLOCK)
    return BlockMark(number, form.data("hash", 32), form.number("time", most=MAX_BLOCK))


# -- Provenance --


def write_provenance(found: Provenance) -> str:
    """Where the poll, its board and its catalogue come from."""
    root = found.root
    fields = {
        "catalogue": {
            "address": root.address,
            "code": plain.data(root.code),
            "deployer": root.deployer,
            "salt": plain.data(root.salt),
            "firstOwner": root.first_owner,
        },
        "firstAccounts": None if root.first_accounts is None else sorted(root.first_accounts),
        "pollCode": _write_code(root.polls),
        "tallyCode": _write_code(root.tally),
        "boardCode": _write_code(root.boards),
        "board": _write_origin(found.board),
        "poll": _write_origin(found.poll),
    }
    return _encoded({"provenance": fields})


def read_provenance(line: Form) -> Provenance:
    """Where the poll, its board and its catalogue come from."""
    form = line.form("provenance")
    root = form.form("catalogue")
    return Provenance(
        Root(
            root.address("address"),
            root.blob("code"),
            root.address("deployer"),
            root.data("salt", 32),
            root.address("firstOwner"),
            _read_code(form.form("pollCode")),
            _read_code(form.form("tallyCode")),
            _read_code(form.form("boardCode")),
            _read_first_accounts(form),
        ),
        _read_origin(form.form("board")),
        _read_origin(form.form("poll")),
    )


def _write_code(shared: SharedCode) -> dict[str, Any]:
    return {"address": shared.address, "code": plain.data(shared.code)}


def _read_code(form: Form) -> SharedCode:
    return SharedCode(form.address("address"), form.blob("code"))


def _read_first_accounts(form: Form) -> frozenset[str] | None:
    if not form.has_value("firstAccounts"):
        return None
    return frozenset(form.addresses("firstAccounts"))


def _write_origin(origin: Origin) -> dict[str, Any]:
    return {
        "address": origin.address,
        "code": plain.data(origin.code),
        "isOfficial": origin.is_official,
    }


def _read_origin(form: Form) -> Origin:
    return Origin(form.address("address"), form.blob("code"), form.flag("isOfficial"))


# -- Ceremony --


def write_ceremony(ceremony: Ceremony) -> str:
    """The key ceremony of the poll's board."""
    board = ceremony.definition
    fields = {
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
        "deals": [_write_deal(each) for each in ceremony.deals],
        "confirmations": [_write_confirmation(each) for each in ceremony.confirmations],
        "key": _write_point(ceremony.key),
        "verificationKeys": [_write_point(each) for each in ceremony.verification_keys],
    }
    return _encoded({"ceremony": fields})


def read_ceremony(line: Form) -> Ceremony:
    """The key ceremony of the poll's board."""
    form = line.form("ceremony")
    trustees = tuple(
        TrusteeTerms(each.address("account"), each.point("sealingKey"))
        for each in form.forms("trustees", most=MAX_TRUSTEES)
    )
    terms = BoardTerms(
        form.number("threshold"),
        form.number("minVoters"),
        form.number("dealBy"),
        form.number("confirmBy"),
        trustees,
        form.text("content"),
    )
    return Ceremony(
        BoardDefinition(form.number("chainId"), form.address("address"), terms),
        form.data("boardHash", 32),
        form.data("dealsHash", 32),
        tuple(map(_read_deal, form.forms("deals", most=MAX_TRUSTEES))),
        tuple(map(_read_confirmation, form.forms("confirmations", most=MAX_TRUSTEES))),
        _read_point(form.text("key")),
        tuple(map(_read_point, form.texts("verificationKeys", most=MAX_TRUSTEES))),
    )


def _write_deal(signed: SignedDeal) -> dict[str, Any]:
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


def _read_deal(form: Form) -> SignedDeal:
    deal = Deal(
        form.points("commitments", most=MAX_TRUSTEES),
        form.point("ephemeralKey"),
        tuple(form.data_list("sealedShares", 32, most=MAX_TRUSTEES)),
        form.scalar("challenge"),
        form.scalar("secretResponse"),
        form.scalar("ephemeralResponse"),
    )
    return SignedDeal(form.number("dealer"), deal, _read_signature(form))


def _write_confirmation(signed: SignedConfirmation) -> dict[str, Any]:
    return {
        "trustee": signed.trustee,
        "dealsHash": plain.data(signed.deals_hash),
        "signature": plain.data(signed.signature.encoded),
    }


def _read_confirmation(form: Form) -> SignedConfirmation:
    return SignedConfirmation(
        form.number("trustee"), form.data("dealsHash", 32), _read_signature(form)
    )


def _read_signature(form: Form) -> Signature:
    return Signature.from_encoded(form.data("signature", 64))


# -- Definition and state --


def write_definition(definition: PollDefinition, poll_hash: bytes) -> str:
    """The poll's definition, with the hash that is said to be its own, 32 bytes."""
    return _encoded({"definition": definition.to_plain() | {"pollHash": plain.data(poll_hash)}})


def read_definition(line: Form) -> tuple[PollDefinition, bytes]:
    """The poll's definition, with the hash that is said to be its own, 32 bytes."""
    form = line.form("definition")
    return PollDefinition.from_plain(form), form.data("pollHash", 32)


def write_state(state: PollState, poll_hash: bytes) -> str:
    """The poll's state, with the hash of its definition by the contract, 32 bytes."""
    fields = {
        "pollHash": plain.data(poll_hash),
        "voters": state.voters,
        "weight": state.weight,
        "sums": [[_write_point(each.a), _write_point(each.b)] for each in state.sums],
        "cancelled": state.cancelled,
        "result": list(state.result),
    }
    return _encoded({"state": fields})


def read_state(line: Form) -> tuple[PollState, bytes]:
    """The poll's state, with the hash of its definition by the contract, 32 bytes."""
    form = line.form("state")
    pairs = form.text_pairs("sums", most=MAX_CHOICES)
    state = PollState(
        form.number("voters"),
        form.number("weight"),
        tuple(Ciphertext(_read_point(a), _read_point(b)) for a, b in pairs),
        form.flag("cancelled"),
        tuple(form.numbers("result", most=MAX_CHOICES)),
    )
    return state, form.data("pollHash", 32)


# -- Shares --


def write_shares(shares: Sequence[PostedShare]) -> str:
    """The decryption shares in the order in which they were accepted."""
    return _encoded({"shares": [_write_share(each) for each in shares]})


def read_shares(line: Form) -> tuple[PostedShare, ...]:
    """The decryption shares in the order in which they were accepted."""
    return tuple(map(_read_share, line.forms("shares", most=MAX_TRUSTEES)))


def _write_share(share: PostedShare) -> dict[str, Any]:
    return {
        "trustee": share.trustee,
        "points": [_write_point(each) for each in share.points],
        "challenge": plain.word(share.proof.challenge),
        "response": plain.word(share.proof.response),
    }


def _read_share(form: Form) -> PostedShare:
    return PostedShare(
        form.number("trustee"),
        tuple(map(_read_point, form.texts("points", most=MAX_CHOICES))),
        EqualityProof(form.scalar("challenge"), form.scalar("response")),
    )


# -- Roll and ballots --


def write_roll(entries: Sequence[tuple[str, int]]) -> str:
    """Entries of the electoral roll, as many as a line has."""
    return _encoded({"roll": entries})


def read_roll(line: Form) -> list[tuple[str, int]]:
    """Entries of the electoral roll."""
    return line.entries("roll", most=ROLL_LINE)


def write_ballot(logged: LoggedBallot, block: BlockMark, questions: Questions) -> str:
    """A ballot of a poll with these questions, and the block that holds it."""
    fields: dict[str, Any] = {
        "voter": logged.voter,
        "tracker": plain.data(logged.tracker),
        "weight": logged.weight,
        "replaces": plain.data(logged.replaces) if logged.replaces else "",
        "deadline": logged.deadline,
        "signature": plain.data(logged.signature.encoded),
        "block": _write_block(block),
    }
    parts = logged.compressed(questions)
    if parts is None:
        fields["words"] = plain.data(logged.words)
    else:
        fields["points"], fields["scalars"] = (each.hex() for each in parts)
    return _encoded({"ballot": fields})


def read_ballot(line: Form, questions: Questions) -> tuple[LoggedBallot, BlockMark]:
    """A ballot of a poll with these questions, and the block that holds it."""
    form = line.form("ballot")
    words, is_compressed = _read_words(form, questions)
    logged = LoggedBallot(
        form.address("voter"),
        form.data("tracker", 32),
        form.number("weight"),
        form.data("replaces", 32) if form.text("replaces") else None,
        form.number("deadline", most=MAX_DEADLINE),
        _read_signature(form),
        words,
        is_compressed,
    )
    return logged, _read_block(form.form("block"))


def _read_words(form: Form, questions: Questions) -> tuple[bytes, bool]:
    """The words of a ballot, and whether they are compressed."""
    if not form.has("words"):
        points = form.data("points", COMPRESSED * questions.points)
        return points + form.data("scalars", WORD * questions.scalars), True
    words = form.blob("words")
    if len(words) % WORD:
        raise InvalidDocument("ballot: words do not have 32 bytes each")
    return words, False


# -- Points --


def _write_point(value: Point) -> str:
    """A point in compressed form; empty for infinity."""
    return plain.point(value) if value else ""


def _read_point(text: str) -> Point:
    """A point from its compressed form; infinity if that is empty."""
    return Form({"point": text}, what="point").point("point") if text else INFINITY
