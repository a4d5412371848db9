"""Vectors of what is signed, of addresses, of rolls and of texts (PROTOCOL §2, §3)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import count
from typing import Any, Final

from eth_account import Account
from eth_account.messages import SignableMessage
from eth_hash.auto import keccak
from eth_utils.address import to_checksum_address

from attacks.words import high_point
from support import reference_group
from support.forms import Form, word
from veche.crypto import transcript
from veche.crypto.group import G, N, Scalar
from veche.crypto.questions import Questions
from veche.errors import InvalidContent, InvalidRoll
from veche.protocol import signature as signatures
from veche.protocol.board_texts import BoardTexts
from veche.protocol.content import Content
from veche.protocol.roll import Roll
from veche.protocol.signature import Signature
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
    digest, signature = signatures.digest_of(message), signatures.sign(account, message)
    return {
        "type": type_,
        "chainId": CHAIN,
        "contract": to_checksum_address(CONTRACT),
        "message": dict(zip(fields, shown, strict=True)),
        "digest": _data(digest),
        "signer": account.address,
        "signature": _data(signature.encoded),
        "bent": [
            {
                "name": name,
                "signature": _data(each.encoded),
                "signer": signatures.signer(digest, each),
            }
            for name, each in _bent(digest, signature).items()
        ],
    }


def _bent(digest: bytes, signature: Signature) -> dict[str, Signature]:
    """Signatures at the edges of what contracts accept, each of whoever it is of."""
    v, r, s = signature.vrs
    middle = N // 2
    return {
        "the other parity": Signature.of(55 - v, r, s),
        "the twin, with n - s and the other parity": Signature.of(55 - v, r, N - s),
        "the highest s": Signature.of(v, r, middle),
        "an s that is too high by one": Signature.of(v, r, middle + 1),
        "s = 0": Signature.of(v, r, 0),
        "r = 0": Signature.of(v, 0, s),
        "r of no point": Signature.of(v, _no_abscissa(), s),
        "r of a point, but r >= n": Signature.of(v, high_point().x, s),
        "of the point at infinity": _of_infinity(digest),
    }


def _no_abscissa() -> int:
    return next(x for x in count(1) if reference_group.lift(x) is None)


def _of_infinity(digest: bytes) -> Signature:
    """With s·R = h·G."""
    for k in count(1):
        point = G * Scalar(k)
        s = (transcript.scalar(digest) * Scalar(k).inverse()).value
        if 0 < s <= N // 2:
            return Signature.of(27 + (point.y & 1), point.x, s)
    raise AssertionError


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


def _named(name: str) -> str:
    """The texts of a board with this name, as it stands in JSON."""
    return f'{{"name": "{name}", "trustees": ["A", "B", "C"]}}'


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
    "marks between a joiner and its letters": _named("بِ\\u200cِب"),
    "a joiner between letters of which the first joins to the left alone": _named("ꡲ\\u200cا"),
    "a joiner between letters of which the first joins to the right alone": _named("ا\\u200cب"),
    "a joiner between letters of which the second joins to the left alone": _named("ب\\u200cꡲ"),
    "the other joiner between letters that join": _named("ب\\u200dب"),
    "a joiner at the beginning, before a virama": _named("\\u200d্য"),
    "the other joiner before a virama": _named("র\\u200c্য"),
    "an emoji of two with a variant": _named("👁\\ufe0f\\u200d🗨"),
    "an emoji with an arrow": _named("🙂\\u200d↔"),
    "a joiner between a letter and a picture": _named("a\\u200d🗨"),
    "a joiner between a picture and a letter": _named("👁\\u200da"),
    "a control character": _named("Ci\\u0007ty"),
    "a soft hyphen": _named("Ci\\u00adty"),
    "a character of private use": _named("Ci\\ue000ty"),
    "a character that is not assigned": _named("Ci\\u0378ty"),
    "a line separator": _named("Ci\\u2028ty"),
    "a space that is none of those allowed": _named("Ci\\u2003ty"),
    "a name of other spaces": _named("\\u3000\\u00a0"),
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
RULES_OF_QUORUM: Final = (
    "at least 50% of voters",
    "more than 1/3 of weight",
    "at least 10.001% of voters",
    "at least 100% of voters",
    "at least 100.001% of voters",
    "at least 101% of voters",
    "at least 3/2 of voters",
    "at least 0% of voters",
    "at least 0/7 of voters",
    "more than 0% of voters",
    "more than 99.999% of voters",
    "more than 100% of voters",
    "more than 101% of voters",
    "at least 1/0 of voters",
    "at least 0001% of voters",
    "at least 1.0000% of voters",
    "at least 1.% of voters",
    "at least 1/2000 of voters",
    "at least 50% of ballots",
    "at least 50% of roll",
    "At least 50% of voters",
    "at least  50% of voters",
    "at least 50 % of voters",
    "at least 50% of voters ",
    "at least -1% of voters",
    "at least ٥٠% of voters",
    "",
)
"""Quora, good and bad."""
RULES_OF_PASSING: Final = (
    "more than 1/2 of votes",
    "at least 2/3 of ballots",
    "at least 5% of roll",
    "at least 5% of voters",
    "more than half of votes",
)
"""What an option needs to pass, good and bad."""
UNREAD: Final = {
    "32 levels": "[" * 31 + "]" * 31,
    "33 levels": "[" * 32 + "]" * 32,
    "32 levels of objects": '{"a": ' * 31 + "1" + "}" * 31,
    "33 levels of objects": '{"a": ' * 32 + "1" + "}" * 32,
    "a leading zero": "01",
    "a plus": "+1",
    "a minus": "-1",
    "minus zero": "-0",
    "a fraction": "1.5e-3",
    "a point alone": "1.",
    "a comma behind a list": "[1,]",
    "a comma behind an object": '{"a": 1,}',
    "a control character": '"\7"',
    "every escape": r'"\"\\\/\b\f\n\r\t\u00e9"',
    "another escape": r'"\x41"',
    "half an escape": r'"\u00"',
    "a text without an end": '"',
}
"""Values that a client refuses wherever they stand, and some that it takes."""


def _with(field: str, value: str, question: str) -> str:
    """A question with one more field."""
    return question.replace("{", f'{{"{field}": "{value}", ', 1)


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
    "two questions with one text": _poll(f"{TREES}, " + BENCHES.replace("Benches?", "Trees?")),
    "an option too few": _poll(f"{TREES}, " + BENCHES.replace(', ""', "")),
    "an option twice": _poll(f"{TREES}, " + BENCHES.replace("Steel", "Wood")),
    "questions in another order": _poll(f"{BENCHES}, {TREES}"),
    "two lines in a question": _poll(f"{TREES}, {BENCHES}".replace("Trees?", "Trees\\n?")),
    "two lines in an option": _poll(f"{TREES}, {BENCHES}".replace("Oak", "Oak\\n")),
    "two lines in the description": _poll(f"{TREES}, {BENCHES}").replace(
        '"description": ""', '"description": "a\\nb"'
    ),
    **{
        f"without {name}": _poll(f"{TREES}, {BENCHES}").replace(f'"{name}": ', '"other": ', 1)
        for name in ("title", "description", "questions", "text", "options")
    },
    "an option that stands under another question": _poll(
        TREES.replace('"Oak"', '"Oak", "Elm"') + ", " + BENCHES.replace(', ""', "")
    ),
    **{
        f"a quorum of {rule or 'nothing'}": _poll(
            f"{TREES}, {BENCHES}", more=f'"quorum": "{rule}", '
        )
        for rule in RULES_OF_QUORUM
    },
    "a quorum that is a number": _poll(f"{TREES}, {BENCHES}", more='"quorum": 1, '),
    "a quorum that is null": _poll(f"{TREES}, {BENCHES}", more='"quorum": null, '),
    **{
        f"an option passes with {rule}": _poll(f"{_with('passes', rule, TREES)}, {BENCHES}")
        for rule in RULES_OF_PASSING
    },
    "an option with scores passes": _poll(
        f"{TREES}, {_with('passes', 'more than 1/2 of votes', BENCHES)}"
    ),
    "a blank vote": _poll(f"{_with('blank', 'Oak', TREES)}, {BENCHES}"),
    "a blank vote without text": _poll(f"{TREES}, {_with('blank', '', BENCHES)}"),
    "a blank vote that is no option": _poll(f"{_with('blank', 'Elm', TREES)}, {BENCHES}"),
    "a blank vote without text that is no option": _poll(f"{_with('blank', '', TREES)}, {BENCHES}"),
    "a blank vote that is null": _poll(f"{TREES}, {BENCHES}").replace(
        '{"text"', '{"blank": null, "text"', 1
    ),
    **{
        f"{name} in a field that is not read": _poll(f"{TREES}, {BENCHES}", more=f'"m": {each}, ')
        for name, each in UNREAD.items()
    },
    "other spaces between the parts": _poll(f"{TREES},\u00a0{BENCHES}"),
    "a form feed between the parts": _poll(f"{TREES},\f{BENCHES}"),
    "something behind the document": _poll(f"{TREES}, {BENCHES}") + "}",
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
        "a voter with a digit that was mistyped": [(f"{voters[0][:-2]}aB", 1)],
        "a voter in lower case": [(voters[0].lower(), 1)],
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
