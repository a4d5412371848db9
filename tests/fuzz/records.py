"""Election records as strangers may write them: a good one with bytes, letters, values or lines
changed.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from io import StringIO
from pathlib import Path as Disk
from random import Random
from tempfile import TemporaryDirectory
from typing import Any, TypeAlias

from attacks.records import good_lines
from support.record_edits import packed_bytes, verified
from veche import cli
from veche.crypto.group import N, P
from veche.errors import VecheError
from veche.errors.root import UNEXPECTED
from veche.trust import artifact
from veche.trust.report import Verdict

Path: TypeAlias = tuple[str | int, ...]

NUMBERS = (0, 1, 2, 3, 16, 17, 60, 2**40, 2**53, 2**64 - 1, 2**64, 2**256 - 1, 2**256, -1)
ODD: tuple[Any, ...] = (
    *NUMBERS,
    None,
    True,
    1.0,
    float("nan"),
    "",
    "0x",
    "0x" + "00" * 32,
    "0x" + "ff" * 32,
    f"0x{N:064x}",
    f"0x02{P:064x}",
    "\u202e",
    [],
    {},
    [[]],
)
SPICE = '{}[]",:0x1eE+-.\\u \n\r\ufeff\u0416\0'


@contextmanager
def fuzzer() -> Iterator[Callable[[Random], None]]:
    """Shows and verifies changed records; what passes says the same as the good one."""
    with TemporaryDirectory() as folder:
        yield _case(Disk(folder) / "changed.record")


def _case(path: Disk) -> Callable[[Random], None]:
    lines = good_lines()
    good = _meaning(lines)
    data = packed_bytes(each.encode() for each in lines)
    assert verified(data).report.verdict == Verdict.PASS

    def case(random: Random) -> None:
        if random.random() < 0.1:  # most of these are refused by gzip
            changed, file = None, _bytes_changed(data, random)
        else:
            change = random.choice((_letters_changed, _values_changed, _lines_changed))
            changed = change(list(lines), random)
            file = packed_bytes(each.encode() for each in changed)
        path.write_bytes(file)
        _show(path)
        try:
            verdict = verified(file).report.verdict
        except VecheError:
            return
        if verdict == Verdict.PASS:
            assert file == data if changed is None else _meaning(changed) == good

    return case


def _show(path: Disk) -> None:
    """Shows a record of which nothing is verified."""
    with redirect_stdout(StringIO()), redirect_stderr(StringIO()):
        for words in (("show", str(path)), ("results", str(path), "--unverified")):
            assert cli.run(words) != UNEXPECTED, words


# -- Changes --


def _bytes_changed(data: bytes, random: Random) -> bytes:
    """A file with a few bytes replaced, left out or put in."""
    changed = bytearray(data)
    for _ in range(random.randint(1, 3)):
        at = random.randrange(len(changed))
        changed[at : at + random.randint(0, 2)] = random.randbytes(random.randint(0, 2))
    return bytes(changed)


def _letters_changed(lines: list[str], random: Random) -> list[str]:
    """A line with a few letters replaced, left out or put in."""
    at = random.randrange(len(lines))
    letters = list(lines[at])
    for _ in range(random.randint(1, 3)):
        place = random.randrange(len(letters))
        put = random.choices(SPICE, k=random.randint(0, 2))
        letters[place : place + random.randint(0, 2)] = put
    lines[at] = "".join(letters)
    return "\n".join(lines).split("\n")


def _values_changed(lines: list[str], random: Random) -> list[str]:
    """A line with a few values changed, left out or put in, and written as records have it."""
    at = random.randrange(len(lines))
    line = json.loads(lines[at])
    for _ in range(random.randint(1, 2)):
        places = list(_places(line))
        if places:
            *path, key = random.choice(places)
            _change_value(_at(line, path), key, lines, random)
    lines[at] = json.dumps(line, ensure_ascii=False, separators=(",", ":"))
    return lines


def _change_value(holder: Any, key: str | int, lines: list[str], random: Random) -> None:
    kind = random.randrange(5)
    value = holder[key]
    if kind == 0:
        del holder[key]
    elif kind == 1 and isinstance(holder, list):
        holder.insert(random.randint(0, len(holder)), random.choice(holder))
    elif kind == 1 and isinstance(value, list):
        random.shuffle(value)
    elif kind == 2:
        holder[key] = _value_elsewhere(lines, random)
    elif kind == 3 and isinstance(value, int):
        holder[key] = value + random.choice((-1, 1))
    elif kind == 3 and isinstance(value, str) and value:
        place = random.randrange(len(value))
        holder[key] = value[:place] + random.choice("0123456789abcdefAF") + value[place + 1 :]
    else:
        holder[key] = random.choice(ODD)


def _value_elsewhere(lines: Sequence[str], random: Random) -> Any:
    line = json.loads(random.choice(lines))
    return _at(line, random.choice(list(_places(line))))


def _at(value: Any, path: Sequence[str | int]) -> Any:
    for key in path:
        value = value[key]
    return value


def _places(value: Any, path: Path = ()) -> Iterator[Path]:
    """The paths of all values within one."""
    if not isinstance(value, dict | list):
        return
    for key in value if isinstance(value, dict) else range(len(value)):
        yield (*path, key)
        yield from _places(value[key], (*path, key))


def _lines_changed(lines: list[str], random: Random) -> list[str]:
    """Lines in another order, twice or left out."""
    for _ in range(random.randint(1, 2)):
        at, other = random.randrange(len(lines)), random.randrange(len(lines))
        match random.randrange(3):
            case 0:
                del lines[at]
            case 1:
                lines.insert(other, lines[at])
            case _:
                lines[at], lines[other] = lines[other], lines[at]
    return lines


# -- What a record says --


def _meaning(lines: Sequence[str]) -> Any:
    """What a record says and a reader can check: without blocks and the first accounts, which only
    a chain can show, and with lists sorted whose order says nothing.
    """
    header, origins, ceremony, definition, state, shares, *rest = map(json.loads, lines)
    del header["block"]
    provenance = origins["provenance"]
    del provenance["firstAccounts"]
    for part, name in (
        ("catalogue", "PollCatalogue"),
        ("pollCode", "Poll"),
        ("boardCode", "TrusteeBoard"),
    ):
        provenance[part]["code"] = _masked(provenance[part]["code"], name)
    for part, word in (("poll", 4), ("board", 2)):
        provenance[part]["code"] = _unborn(provenance[part]["code"], word)
    ceremony["ceremony"]["confirmations"].sort(key=_text)
    shares["shares"].sort(key=_text)
    for line in rest:
        line.get("ballot", {}).pop("block", None)
        line.get("roll", []).sort()
    return header, origins, ceremony, definition, state, shares, sorted(rest, key=_text)


def _text(value: Any) -> str:
    return json.dumps(value, sort_keys=True)


def _masked(code: str, name: str) -> str:
    """Code without its immutable values."""
    masked = bytearray.fromhex(code[2:])
    for places in artifact.load(name).immutables.values():
        for start, length in places:
            masked[start : start + length] = bytes(length)
    return masked.hex()


def _unborn(code: str, word: int) -> str:
    """A clone without the number of the block in which it was made."""
    at = 2 * (1 + len(artifact.CLONE_HEAD) + 20 + len(artifact.CLONE_TAIL) + 32 * word)
    return code[:at] + code[at + 64 :]
