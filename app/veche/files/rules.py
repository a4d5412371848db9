"""Rules that polls, boards and networks share: for texts, names, addresses, times and counts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, tzinfo
from typing import Final, TypeVar

from eth_utils.address import to_checksum_address

from veche.errors import InvalidContent
from veche.files.addresses import address_fault
from veche.files.csv_rows import MAX_TOTAL
from veche.files.mistakes import quoted
from veche.files.texts import size_fault, text_faults
from veche.files.toml_document import Table, TomlDocument, called
from veche.files.toml_lines import Place
from veche.protocol.addresses import PREFIX
from veche.protocol.board import MIN_VOTERS
from veche.protocol.characters import SPACES
from veche.protocol.link import SCHEME
from veche.protocol.lookalikes import doubts
from veche.protocol.rules import Rule
from veche.protocol.texts import MAX_NAME_BYTES, look

MAX_YEAR: Final = 2100
"""The last year in which a poll or a ceremony may end: a later one is mistyped, or means never."""

_TAKEN: Final = {"-": "an option", PREFIX: "an address", SCHEME: "a link"}
"""How a name must not begin, as it would have another meaning on a command line."""
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
Model = TypeVar("Model", bound=Table)


def seconds(time: datetime) -> int:
    """A time with its zone, in whole seconds since 1970, UTC."""
    return (time - _EPOCH) // (_EPOCH.resolution * 10**6)


def zone(time: datetime) -> tzinfo:
    """The zone that a time is written in."""
    return time.tzinfo or UTC


def check_text(
    document: TomlDocument[Model], place: Place, text: str, *, one_line: bool = True
) -> None:
    """Notes a text that is empty, or that cannot be shown as it is."""
    for what, remedy in text_faults(text, one_line=one_line):
        document.add(place, f"{called(place)} {what}", remedy)


def check_name(document: TomlDocument[Model], place: Place, name: str) -> None:
    """Notes a name that is not 1 to 31 bytes of readable text, or that a command line cannot have
    in the place of a name.
    """
    check_text(document, place, name)
    for beginning, meaning in _TAKEN.items():
        if name.lower().startswith(beginning):
            what = f"{called(place)} begins with {beginning}"
            document.add(place, what, f"choose another: commands would take it for {meaning}")
    if name.strip() and name != name.strip(SPACES):
        what = f"{called(place)} begins or ends with a space"
        document.add(place, what, "remove the space")
    length = len(name.encode())
    if length > MAX_NAME_BYTES:
        what = f"{called(place)} has {length} bytes in UTF-8"
        document.add(place, what, f"shorten it to {MAX_NAME_BYTES} bytes: it must fit into a word")


def check_distinct(document: TomlDocument[Model], texts: Iterable[tuple[Place, str]]) -> None:
    """Notes every text that is the same as an earlier one to people, and warns of those that they
    can take for others.
    """
    seen: dict[str, Place] = {}
    for place, text in texts:
        first = seen.setdefault(look(text), place)
        if first != place and text.strip():
            what = f"{called(place)} appears twice: {quoted(text)}"
            document.add(place, what, "remove one, or change its text", because_of=(first,))
    places = list(seen.values())
    for index, doubt in doubts(list(seen)):
        remedy = "write it with other letters, so that nobody takes it for another"
        document.warn(places[index], f"{called(places[index])} {doubt}", remedy)


def check_size(document: TomlDocument[Model], texts: str) -> None:
    """Notes texts that are too long for a transaction.

    Args:
        document: the document.
        texts: all texts, as the JSON document that will stand on chain.
    """
    for fault in size_fault(texts):
        document.add((), *fault)


def check_rule(
    document: TomlDocument[Model], place: Place, text: str | None, wholes: Sequence[str]
) -> Rule | None:
    """Notes a text that is not a rule about one of these wholes; returns the rule, if it is one."""
    if text is None:
        return None
    try:
        return Rule.parse(text.strip(), wholes)
    except InvalidContent as error:
        what = f"{called(place)}: {error}"
        ends = " or ".join(f'"{each}"' for each in wholes)
        remedy = f'write "at least 25% of …", "more than 1/2 of …" or alike, and at the end {ends}'
        document.add(place, what, remedy)
        return None


def check_address(document: TomlDocument[Model], place: Place, address: str) -> None:
    """Notes a text that is not an address with its checksum."""
    fault = address_fault(address)
    if fault:
        document.add(place, *fault)
    elif to_checksum_address(address) != address:
        remedy = "copy it with its capital letters: they show whether a digit was mistyped"
        document.add(place, f"{called(place)} has no checksum", remedy)


def check_times(document: TomlDocument[Model], earlier: str, later: str) -> None:
    """Notes times that are not whole seconds since 1970, and a later time that is not later."""
    times = {key: getattr(document.model, key) for key in (earlier, later)}
    for key, time in times.items():
        if time < _EPOCH or time.year > MAX_YEAR:
            document.add((key,), f"`{key}` is in the year {time.year}", "check the year")
        if time.microsecond:
            document.add((key,), f"`{key}` has a fraction of a second", "write whole seconds")
    if not times[earlier] < times[later]:
        what = f"`{later}` is not after `{earlier}`"
        remedy = f"write a time after {times[earlier].isoformat()}, or move `{earlier}` back"
        document.add((later,), what, remedy, because_of=((earlier,),))


def check_min_voters(document: TomlDocument[Model], fewest: int) -> None:
    """Notes a minimum that would let a result show a vote, or that no poll can reach."""
    if fewest < MIN_VOTERS:
        what = f"`min_voters` is {quoted(fewest)}: a result for one voter is that voter's ballot"
        document.add(("min_voters",), what, f"write {MIN_VOTERS} or more")
    elif fewest >= MAX_TOTAL:
        what = f"`min_voters` is {quoted(fewest)}: no poll has so many voters"
        document.add(("min_voters",), what, "write the number of ballots that hide each other")
