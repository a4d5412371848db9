"""Vectors of what is signed, of addresses, of rolls and of texts (PROTOCOL §2, §3)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final

from eth_account import Account
from eth_account.messages import SignableMessage
from eth_hash.auto import keccak
from eth_utils.address import to_checksum_address

from support.forms import Form, word
from veche.crypto.questions import Questions
from veche.errors import InvalidContent, InvalidRoll
from veche.protocol import signature as signatures
from veche.protocol.board_texts import BoardTexts
from veche.protocol.content import Content
from veche.protocol.roll import Roll
from veche.trust import provenance

CHAIN: Final = 1471
CONTRACT: Final = "0x" + "b0" * 20
KEY: Final = keccak(b"veche vector signer")
HASH: Final = keccak(b"hash")
OTHER: Final = keccak(b"other")


def _data(value: bytes) -> str:
    return "0x" + value.hex()


def signed() -> list[Form]:
    """Every message that somebody signs, its hash, and its signature by one key."""
    contract = to_checksum_address(CONTRACT)
    ballot: dict[str, Any] = {
        "voter": contract,
        "tracker": HASH,
        "replaces": OTHER,
        "deadline": 1_800_700_000,
    }
    deal: dict[str, Any] = {"board_hash": HASH, "dealer": 2, "challenge": 2**255 + 19}
    confirmation: dict[str, Any] = {"board_hash": HASH, "trustee": 16, "deals_hash": OTHER}
    where: dict[str, Any] = {"chain_id": CHAIN}
    return [
        _entry("Ballot", signatures.message(**where, poll=contract, **ballot), ballot),
        _entry("Deal", signatures.deal_message(**where, board=contract, **deal), deal),
        _entry(
            "Confirmation",
            signatures.confirmation_message(**where, board=contract, **confirmation),
            confirmation,
        ),
    ]


def _entry(type_: str, message: SignableMessage, values: dict[str, Any]) -> Form:
    account = Account.from_key(KEY)
    fields = [each["name"] for each in signatures.TYPES[type_]]
    plain = [_data(each) if isinstance(each, bytes) else each for each in values.values()]
    shown = [word(each) if isinstance(each, int) and each >= 2**53 else each for each in plain]
    return {
        "type": type_,
        "chainId": CHAIN,
        "contract": to_checksum_address(CONTRACT),
        "message": dict(zip(fields, shown, strict=True)),
        "digest": _data(signatures.digest_of(message)),
        "signer": account.address,
        "signature": _data(signatures.sign(account, message).encoded),
    }


def addresses() -> list[Form]:
    """Addresses of contracts that a deployer creates with CREATE2."""
    deployers = ["0x" + "00" * 20, "0x4e59b44847b379578588920cA78FbF26c0B4956C"]
    creations = [b"", b"\0", bytes.fromhex("deadbeef"), b"veche" * 40]
    return [
        {
            "deployer": deployer,
            "salt": _data(salt),
            "creation": _data(creation),
            "address": provenance.create2(deployer, salt, creation),
        }
        for deployer in deployers
        for salt in (bytes(32), HASH)
        for creation in creations
    ]


def _poll(questions: str, *, title: str = '"Trees"', more: str = "") -> str:
    """The texts of a poll, as a JSON document."""
    return f'{{{more}"title": {title}, "description": "", "questions": [{questions}]}}'


BOARDS: Final = {
    "three trustees": '{"name": "City", "trustees": ["Anna", "Борис", "C C"]}',
    "an unknown field": '{"name": "City", "trustees": ["A", "B", "C"], "more": 1}',
    "no name": '{"trustees": ["A", "B", "C"]}',
    "an empty name": '{"name": "", "trustees": ["A", "B", "C"]}',
    "a name of spaces": '{"name": "  ", "trustees": ["A", "B", "C"]}',
    "a name of two lines": '{"name": "a\\nb", "trustees": ["A", "B", "C"]}',
    "a trustee twice": '{"name": "City", "trustees": ["A", "B", "A"]}',
    "a trustee too few": '{"name": "City", "trustees": ["A", "B"]}',
    "a trustee too many": '{"name": "City", "trustees": ["A", "B", "C", "D"]}',
    "a trustee without a name": '{"name": "City", "trustees": ["A", "B", ""]}',
    "letters in place of a list": '{"name": "City", "trustees": "ABC"}',
    "an object in place of a list": '{"name": "City", "trustees": {"A": 1, "B": 2, "C": 3}}',
    "a number in place of a name": '{"name": "City", "trustees": ["A", "B", 3]}',
    "a sign that steers a terminal": '{"name": "Ci\\u001b[2Jty", "trustees": ["A", "B", "C"]}',
    "a sign that turns the line": '{"name": "Ci\\u202ety", "trustees": ["A", "B", "C"]}',
    "other spaces": '{"name": "Qui\\u202f?\\u00a0", "trustees": ["A", "山\\u3000田", "C"]}',
    "joiners": '{"name": "می\\u200cخواهم", "trustees": ["ශ්\\u200dරී", "র\\u200d্য", "C"]}',
    "an emoji of two": '{"name": "👩🏽\\u200d⚕️", "trustees": ["A", "B", "C"]}',
    "a joiner without an effect": '{"name": "Ci\\u200cty", "trustees": ["A", "B", "C"]}',
    "a joiner behind a picture": '{"name": "👩\\u200d", "trustees": ["A", "B", "C"]}',
    "half a letter": '{"name": "Ci\\ud800ty", "trustees": ["A", "B", "C"]}',
    "a list": '["City"]',
    "no JSON": "City",
    "nothing": "",
}
"""Texts of a board of three trustees."""

LIMITS: Final = ((2, 1, 1, 1), (3, 5, 0, 15))
"""The limits of the questions that the texts of a poll must fit."""
TREES: Final = '{"text": "Trees?", "options": ["Lime", "Oak"]}'
BENCHES: Final = '{"text": "Benches?", "options": ["Wood", "Steel", ""]}'
POLLS: Final = {
    "two questions": _poll(f"{TREES}, {BENCHES}"),
    "no spaces": _poll(f"{TREES}, {BENCHES}").replace(" ", ""),
    "two lines": _poll(f"{TREES}, {BENCHES}", title='"Trees\\nand benches"'),
    "an empty title": _poll(f"{TREES}, {BENCHES}", title='""'),
    "other letters": _poll(f"{TREES}, {BENCHES}", title='"Деревья 木"'),
    "letters by number": _poll(f"{TREES}, {BENCHES}", title='"\\u6728 \\ud83c\\udf33"'),
    "an unknown field": _poll(f"{TREES}, {BENCHES}", more='"more": 1, '),
    "a name twice": _poll(f"{TREES}, {BENCHES}", more='"title": "Other trees", '),
    "a name twice in a field that is not read": _poll(
        f"{TREES}, {BENCHES}", more='"more": {"a": 1, "a": 1}, '
    ),
    "NaN in a field that is not read": _poll(f"{TREES}, {BENCHES}", more='"more": NaN, '),
    "number that is infinite": _poll(f"{TREES}, {BENCHES}", more='"more": 1e400, '),
    "half a letter in a field that is not read": _poll(
        f"{TREES}, {BENCHES}", more='"more": "\\ud800", '
    ),
    "half a letter": _poll(f"{TREES}, {BENCHES}", title='"\\ud800"'),
    "a byte order mark": "\ufeff" + _poll(f"{TREES}, {BENCHES}"),
    "a sign that steers a terminal": _poll(f"{TREES}, {BENCHES}", title='"\\u001b[2J"'),
    "a sign that turns the line": _poll(f"{TREES}, {BENCHES}", title='"\\u202esee"'),
    "a number in place of a title": _poll(f"{TREES}, {BENCHES}", title="1"),
    "a question too few": _poll(TREES),
    "a question twice": _poll(f"{TREES}, {TREES}"),
    "an option too few": _poll(f"{TREES}, " + BENCHES.replace(', ""', "")),
    "an option twice": _poll(f"{TREES}, " + BENCHES.replace("Steel", "Wood")),
    "questions in another order": _poll(f"{BENCHES}, {TREES}"),
    "no JSON": "Trees",
    "nothing": "",
}
"""Texts of a poll of two questions."""


def texts() -> list[Form]:
    """Texts of a board of three trustees, and whether a client shows them."""
    return _texts(BOARDS, lambda content: BoardTexts.decode(content, trustees=3))


def poll_texts() -> Form:
    """Texts of a poll, and whether a client shows them."""
    questions = Questions.of(*LIMITS)
    cases = _texts(POLLS, lambda content: Content.decode(content, questions))
    return {"questions": [list(each) for each in LIMITS], "cases": cases}


def _texts(contents: dict[str, str], decode: Callable[[str], object]) -> list[Form]:
    return [
        {"name": name, "content": content, "shown": _is_shown(content, decode)}
        for name, content in contents.items()
    ]


def _is_shown(content: str, decode: Callable[[str], object]) -> bool:
    try:
        decode(content)
    except InvalidContent:
        return False
    return True


def rolls() -> list[Form]:
    """Rolls with their roots and total weights; null if no poll can have such a roll."""
    voters = [
        to_checksum_address(keccak(f"veche vector voter {each}".encode())[:20]) for each in range(7)
    ]
    entries: dict[str, list[tuple[str, int]]] = {
        "one voter": [(voters[0], 1)],
        "two voters": [(voters[0], 1), (voters[1], 1)],
        "two voters in the other order": [(voters[1], 1), (voters[0], 1)],
        "three voters": [(each, 1) for each in voters[:3]],
        "seven voters with weights": [(each, 3**index) for index, each in enumerate(voters)],
        "the largest weight": [(voters[0], 2**40 - 1)],
        "a voter twice": [(voters[0], 1), (voters[0], 1)],
        "a weight of 0": [(voters[0], 0)],
        "nobody": [],
    }
    return [_roll(name, each) for name, each in entries.items()]


def _roll(name: str, entries: Sequence[tuple[str, int]]) -> Form:
    form: dict[str, Any] = {"name": name, "roll": [list(each) for each in entries]}
    try:
        roll = Roll(entries)
    except InvalidRoll:
        return {**form, "root": None, "totalWeight": None}
    return {**form, "root": _data(roll.root), "totalWeight": roll.total_weight}
