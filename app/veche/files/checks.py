"""Rules that polls and boards share: texts, names, addresses, times, counts."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, tzinfo
from typing import Final, TypeVar

from eth_utils.address import to_checksum_address

from veche.files.addresses import address_fault
from veche.files.mistakes import quoted
from veche.files.roll import MAX_TOTAL
from veche.files.toml_document import Table, TomlDocument, called
from veche.files.toml_lines import Place
from veche.protocol.content import is_readable

MAX_NAME_BYTES: Final = 31
"""The longest official id or name, in UTF-8: it stands on chain in 32 bytes, with a zero."""
MIN_BALLOTS: Final = 2
"""The fewest ballots that anything is decrypted for."""

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
Model = TypeVar("Model", bound=Table)


def seconds(time: datetime) -> int:
    """Whole seconds since 1970, UTC, of a time with its zone."""
    return (time - _EPOCH) // (_EPOCH.resolution * 10**6)


def zone(time: datetime) -> tzinfo:
    """The zone that a time is written in."""
    return time.tzinfo or UTC


def look(text: str) -> str:
    """What two texts have in common that look the same: composed letters, single spaces."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def check_text(
    document: TomlDocument[Model], place: Place, text: str, *, one_line: bool = True
) -> None:
    """Notes texts that are empty, or that cannot be shown as they are."""
    for what, remedy in text_faults(text, one_line=one_line):
        document.add(place, f"{called(place)} {what}", remedy)


def text_faults(text: str, *, one_line: bool = True) -> Iterator[tuple[str, str]]:
    """What is wrong with texts, said of them, and what to do: they are empty, or cannot be shown as
    they are.
    """
    if not text.strip():
        yield "is empty", "write what voters shall read"
    for index, character in enumerate(text):
        if not is_readable(character) or (one_line and character == "\n"):
            what = f"has {_code(character)} as character {index + 1}"
            yield what, "take it out, or write a plain space: nothing may hide or steer a screen"
            return


def check_name(document: TomlDocument[Model], place: Place, name: str) -> None:
    """Notes a name that does not fit into 1..31 readable bytes."""
    check_text(document, place, name)
    if name.strip() and name != name.strip(" "):
        what = f"{called(place)} begins or ends with a space"
        document.add(place, what, "take the space out")
    length = len(name.encode())
    if length > MAX_NAME_BYTES:
        what = f"{called(place)} has {length} bytes in UTF-8"
        document.add(place, what, f"shorten it to {MAX_NAME_BYTES}: it must fit into a word")


def check_distinct(document: TomlDocument[Model], texts: Iterable[tuple[Place, str]]) -> None:
    """Notes every text that looks like one before it."""
    seen: dict[str, Place] = {}
    for place, text in texts:
        first = seen.setdefault(look(text), place)
        if first != place and text.strip():
            what = f"{called(place)} is there twice: {quoted(text)}"
            document.add(place, what, "leave one out, or give it other texts", because_of=(first,))


def check_address(document: TomlDocument[Model], place: Place, address: str) -> None:
    """Notes what is not an address with its checksum."""
    fault = address_fault(address)
    if fault:
        document.add(place, *fault)
    elif to_checksum_address(address) != address:
        remedy = "copy it with its capital letters: they show whether a digit was mistyped"
        document.add(place, f"{called(place)} has no checksum", remedy)


def check_times(document: TomlDocument[Model], earlier: str, later: str) -> None:
    """Notes two times that are not whole seconds since 1970, one before the other."""
    times = {key: getattr(document.model, key) for key in (earlier, later)}
    for key, time in times.items():
        if time < _EPOCH:
            document.add((key,), f"`{key}` is before 1970", "check the year")
        if time.microsecond:
            document.add((key,), f"`{key}` has a fraction of a second", "write whole seconds")
    if not times[earlier] < times[later]:
        what = f"`{later}` is not after `{earlier}`"
        remedy = f"write a time after {times[earlier].isoformat()}, or an earlier `{earlier}`"
        document.add((later,), what, remedy, because_of=((earlier,),))


def check_min_ballots(document: TomlDocument[Model], fewest: int) -> None:
    """Notes a result for so few voters that it would tell what they voted."""
    if fewest < MIN_BALLOTS:
        what = f"`min_ballots` is {quoted(fewest)}: a result for one voter is that voter's ballot"
        document.add(("min_ballots",), what, f"write {MIN_BALLOTS} or more")
    elif fewest >= MAX_TOTAL:
        what = f"`min_ballots` is {quoted(fewest)}: no poll has so many voters"
        document.add(("min_ballots",), what, "write how many ballots are enough to hide in")


def _code(character: str) -> str:
    if character == "\n":
        return "a line break"
    return f"U+{ord(character):04X} ({unicodedata.name(character, 'a control character')})"
