"""Files as strangers may write them: good ones of every kind, with a few places changed."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any, Final, TypeAlias

from eth_account import Account

from support.one_poll import POLL, VOTER, prepared
from veche.errors import InvalidFile, VecheError
from veche.files import keystore, network
from veche.files.board import read_board
from veche.files.poll import read_poll
from veche.files.preflib import read_preflib
from veche.files.roll import read_roll_file
from veche.network.network_file import read_network
from veche.protocol.audit import Audit
from veche.protocol.ballot import SignedBallot
from veche.protocol.board_texts import BoardTexts
from veche.protocol.characters import is_readable
from veche.protocol.content import Content

Reader: TypeAlias = Callable[[Path], object]
Change: TypeAlias = Callable[[Random, str], str]

EXAMPLES: Final = Path(__file__).parents[2] / "examples"
PASSWORD: Final = "a vile password"  # noqa: S105  # of a key that was made for these cases
BALLOTS: Final = """# TITLE: Trees
# DATA TYPE: cat
# NUMBER ALTERNATIVES: 3
# NUMBER VOTERS: 4
# NUMBER CATEGORIES: 2
# ALTERNATIVE NAME 1: Lime
# ALTERNATIVE NAME 2: Oak
# ALTERNATIVE NAME 3: Maple
3: 1,{2,3}
1: {1,2},3
"""

SPICE: Final[tuple[str, ...]] = (
    *"\n\r\t\0\"'[]{}=#,;:.-0@ ",
    *("\u200d", "\u202e", "\u2028", "\u3000", "\ufeff", "\x1b[2J", "\ud800", "\udcff", "О", "👩"),
    *("[" * 2_000, '{"a":' * 2_000, "x" * 20_000, "9" * 5_000, "0x" + "f" * 5_000),
    *("nan", "inf", "1e400", "null", "true", "-1", "9999-12-31T23:59:59-23:59", "0001-01-01"),
    *("0x" + "0" * 40, '"""', "\\u0000", "\\ud800", "\n[[questions]]\n", "\n[a.b]\n", "veche:"),
)
VALUES: Final[tuple[Any, ...]] = (
    *(None, True, -1, 0, 2**63, 2**256, 10**4_000, 0.5, float("nan"), float("inf")),
    *("", "0x", "0x" + "0" * 64, "\ud800", "\u202e", "x" * 20_000, [], {}, [[]], [{}], [0] * 1_000),
)


@contextmanager
def fuzzer() -> Iterator[Callable[[Random], None]]:
    """Reads changed files. Whoever is told of a mistake is told it in a text that can be shown."""
    good = _good()
    with TemporaryDirectory() as folder:
        path = Path(folder) / "file"
        (path.parent / "roll.csv").write_bytes((EXAMPLES / "roll.csv").read_bytes())

        def case(random: Random) -> None:
            text, read = random.choice(good)
            path.write_bytes(_changed(random, text))
            try:
                read(path)
            except VecheError as error:
                told = str(error)
                if isinstance(error, InvalidFile) and not is_readable(told, lines=True):
                    raise AssertionError(told) from error

        yield case


def _good() -> list[tuple[str, Reader]]:
    """A good file of every kind, and what reads it."""
    key = Account.encrypt(VOTER.key, PASSWORD, kdf="scrypt", iterations=2)
    return [
        ((EXAMPLES / "poll.toml").read_text(), _poll),
        ((EXAMPLES / "board.toml").read_text(), _board),
        ((EXAMPLES / "network.toml").read_text(), read_network),
        ((EXAMPLES / "roll.csv").read_text(), read_roll_file),
        (BALLOTS, read_preflib),
        (json.dumps(key), lambda path: keystore.load(path, PASSWORD)),
        (json.dumps(key), keystore.address),
        (_NETWORK, network.read),
        (prepared().audit().to_json(), lambda path: Audit.from_json(_text(path)).check()),
        (prepared().sign(VOTER).to_json(), _ballot),
    ]


_NETWORK: Final = json.dumps(
    {
        "format": network.FORMAT,
        "version": network.VERSION,
        "name": "city",
        "chainId": 7,
        "genesisHash": "0x" + "01" * 32,
        "catalogue": None,
        "codes": {"Poll": "0x" + "02" * 32},
        "rpc": "http://127.0.0.1:8545",
        "bootnodes": [f"enode://{'ab' * 64}@127.0.0.1:30303"],
        "genesis": {
            "config": {"chainId": 7},
            "alloc": {"11" * 20: {"balance": "0x1"}},
            "extraData": f"0x{'00' * 32}{'22' * 20}{'00' * 65}",
        },
    }
)


# -- Readers --


def _text(path: Path) -> str:
    return path.read_text(errors="surrogateescape")


def _poll(path: Path) -> None:
    """What officials can publish, voters can read."""
    poll = read_poll(path)
    assert Content.decode(poll.content.encoded, poll.questions) == poll.content


def _board(path: Path) -> None:
    board = read_board(path)
    texts = BoardTexts.decode(board.texts.encoded, trustees=len(board.trustees))
    assert texts == board.texts


def _ballot(path: Path) -> None:
    """Whatever is read is written and read again as the same ballot."""
    ballot = SignedBallot.from_json(_text(path))
    assert SignedBallot.from_json(ballot.to_json()) == ballot
    ballot.require_signed(POLL.hash)


# -- Changes --


def _changed(random: Random, text: str) -> bytes:
    if text.startswith("{") and random.random() < 0.5:
        text = json.dumps(_with_other_value(random, json.loads(text)))
    else:
        for _ in range(random.randint(1, 3)):
            change: Change = random.choice((_spiced, _with_line_elsewhere, _cut))
            text = change(random, text)
    data = text.encode(errors="surrogatepass")
    return data[: random.randrange(len(data) + 1)] if random.random() < 0.05 else data


def _spiced(random: Random, text: str) -> str:
    at = random.randrange(len(text) + 1)
    return text[:at] + random.choice(SPICE) + text[at + random.randint(0, 3) :]


def _with_line_elsewhere(random: Random, text: str) -> str:
    lines = text.split("\n")
    lines.insert(random.randrange(len(lines)), random.choice(lines))
    return "\n".join(lines)


def _cut(random: Random, text: str) -> str:
    first, last = sorted(random.randrange(len(text) + 1) for _ in range(2))
    return text[:first] + text[min(last, first + 40) :]


def _with_other_value(random: Random, value: Any) -> Any:
    """A JSON value in which one part is replaced, or a part of it."""
    if isinstance(value, dict | list) and value and random.random() < 0.9:
        key = random.choice(list(value) if isinstance(value, dict) else range(len(value)))
        value[key] = _with_other_value(random, value[key])
        return value
    return random.choice(VALUES)
