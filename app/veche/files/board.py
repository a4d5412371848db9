"""`board.toml`: a board of trustees as officials write it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import tzinfo
from pathlib import Path
from typing import Final, TypeVar

from pydantic import AwareDatetime, Field

from veche.errors import InvalidPoint
from veche.files.checks import (
    check_address,
    check_distinct,
    check_min_ballots,
    check_name,
    check_text,
    check_times,
    seconds,
    zone,
)
from veche.files.mistakes import quoted
from veche.files.toml_document import Table, TomlDocument
from veche.files.toml_lines import Place
from veche.files.trustee_card import TrusteeCard, decompressed
from veche.protocol.addresses import has_form

MAX_TRUSTEES: Final = 16
"""The most trustees of a board (PROTOCOL §2)."""
MIN_THRESHOLD: Final = 2
"""The lowest threshold."""


@dataclass(frozen=True, slots=True)
class BoardFile:
    """A board, read from its file.

    Attributes:
        path: of the file.
        name: to note the board under: 1..31 bytes in UTF-8.
        threshold: how many trustees decrypt together.
        min_ballots: the fewest voters that the board will decrypt for; 2 or more.
        deal_by: until when the trustees deal; seconds since 1970, UTC.
        confirm_by: until when they confirm; likewise, later.
        trustees: in the order of their indices, from 1.
        zones: the zones that the two deadlines are written in.
    """

    path: Path
    name: str
    threshold: int
    min_ballots: int
    deal_by: int
    confirm_by: int
    trustees: tuple[TrusteeCard, ...]
    zones: tuple[tzinfo, tzinfo]


class TrusteeTable(Table):
    """`[[trustees]]`."""

    name: str = Field(examples=['name = "Anna"'])
    account: str = Field(examples=['account = "0x7E5F4552091A69125d5DfCb7b8C2659029395Bdf"'])
    sealing_key: str = Field(
        examples=[
            'sealing_key = "0x02c6047f9441ed7d6d3045406e95c07cd85c778e4b8cef3ca7abac09b95c709ee5"'
        ]
    )


_TRUSTEE: Final = """[[trustees]]
name = "Anna"
account = "0x7E5F4552091A69125d5DfCb7b8C2659029395Bdf"
sealing_key = "0x02c6047f9441ed7d6d3045406e95c07cd85c778e4b8cef3ca7abac09b95c709ee5\""""


class CardTable(Table):
    """The file of one card."""

    trustees: list[TrusteeTable] = Field(examples=[_TRUSTEE])


class BoardTable(CardTable):
    """`board.toml`."""

    name: str = Field(examples=['name = "city-2027"'])
    threshold: int = Field(examples=["threshold = 2"])
    min_ballots: int = Field(default=2, examples=["min_ballots = 10"])
    deal_by: AwareDatetime = Field(examples=["deal_by = 2027-11-01T12:00:00+03:00"])
    confirm_by: AwareDatetime = Field(examples=["confirm_by = 2027-11-08T12:00:00+03:00"])


Cards = TypeVar("Cards", bound=CardTable)


def read_board(path: Path) -> BoardFile:
    """The board in a `board.toml`.

    Raises:
        InvalidFile: something is wrong with it; all is told at once.
    """
    document = TomlDocument(path, BoardTable)
    board = document.model
    check_name(document, ("name",), board.name)
    check_min_ballots(document, board.min_ballots)
    check_times(document, "deal_by", "confirm_by")
    _check_threshold(document)
    cards = _cards(document)
    _check_together(document, cards)
    document.require_sound()
    return BoardFile(
        path=path,
        name=board.name,
        threshold=board.threshold,
        min_ballots=board.min_ballots,
        deal_by=seconds(board.deal_by),
        confirm_by=seconds(board.confirm_by),
        trustees=tuple(cards.values()),
        zones=(zone(board.deal_by), zone(board.confirm_by)),
    )


def read_card(path: Path) -> TrusteeCard:
    """The card in a file with nothing but one, as `veche trustee keygen` prints it.

    Raises:
        InvalidFile: something is wrong with it; all is told at once.
    """
    document = TomlDocument(path, CardTable)
    if len(document.model.trustees) != 1:
        what = f"there are {len(document.model.trustees)} cards in this file"
        document.add(("trustees",), what, "keep one")
    cards = _cards(document)
    document.require_sound()
    return cards[0]


# -- Rules --


def _check_threshold(document: TomlDocument[BoardTable]) -> None:
    board, trustees = document.model, ("trustees",)
    count = len(board.trustees)
    if count > MAX_TRUSTEES:
        what = f"there are {count} trustees"
        document.add(("trustees", MAX_TRUSTEES), what, f"{MAX_TRUSTEES} are the most")
    if count < MIN_THRESHOLD:
        named = "1 trustee" if count == 1 else f"{count} trustees"
        what = f"the board has {named}, and a key needs {MIN_THRESHOLD} to hold it"
        document.add(trustees, what, "begin each with [[trustees]]")
        return
    lowest = max(MIN_THRESHOLD, count // 2 + 1)
    if not lowest <= board.threshold <= count:
        what = f"`threshold` is {quoted(board.threshold)} of {count} trustees"
        remedy = f"write {lowest} to {count}: more than half, so that no two groups can decrypt"
        document.add(("threshold",), what, remedy, because_of=(trustees,))


def _cards(document: TomlDocument[Cards]) -> dict[int, TrusteeCard]:
    """The cards whose sealing keys are points, by index from 0."""
    cards = {}
    for index, trustee in enumerate(document.model.trustees):
        place = ("trustees", index)
        check_text(document, (*place, "name"), trustee.name)
        check_address(document, (*place, "account"), trustee.account)
        try:
            key = decompressed(trustee.sealing_key)
        except InvalidPoint:
            what = f"{quoted(trustee.sealing_key)} is not a sealing key"
            remedy = "copy the card again: 0x02 or 0x03 and 64 digits, as the trustee got them"
            document.add((*place, "sealing_key"), what, remedy)
        else:
            cards[index] = TrusteeCard(trustee.name, trustee.account, key)
    return cards


def _check_together(document: TomlDocument[BoardTable], cards: dict[int, TrusteeCard]) -> None:
    """Notes names, accounts and sealing keys that are there twice, or one made from another."""
    trustees = document.model.trustees
    for key in ("name", "account"):
        texts = ((_at(index, key), getattr(each, key)) for index, each in enumerate(trustees))
        check_distinct(document, texts)
    _check_sealing_keys(document, cards)
    keys = {card.sealing_key.address: index for index, card in cards.items()}
    for index, card in cards.items():
        _check_account(document, index, card.account, keys)


def _check_sealing_keys(document: TomlDocument[BoardTable], cards: dict[int, TrusteeCard]) -> None:
    first: dict[int, int] = {}
    for index, card in cards.items():
        other = first.setdefault(card.sealing_key.x, index)
        if other != index:
            what = f"the sealing key is that of trustee {other + 1}, or its opposite"
            remedy = "ask each trustee for a card of their own: `veche trustee keygen`"
            document.add(_at(index, "sealing_key"), what, remedy)


def _check_account(
    document: TomlDocument[BoardTable], index: int, account: str, keys: dict[int, int]
) -> None:
    if not has_form(account):
        return
    number = int(account, 16)
    if number == 0:
        document.add(_at(index, "account"), "the account is zero", "copy the card again")
    if number in keys:
        what = f"the account is the address of the sealing key of trustee {keys[number] + 1}"
        remedy = "use an account of its own: who signs must not need the key that opens shares"
        document.add(
            _at(index, "account"), what, remedy, because_of=(_at(keys[number], "sealing_key"),)
        )


def _at(index: int, key: str) -> Place:
    return ("trustees", index, key)
