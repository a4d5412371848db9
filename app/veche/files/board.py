"""`board.toml`: a board of trustees as officials write it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import tzinfo
from pathlib import Path
from typing import Final

from pydantic import AwareDatetime, Field

from veche.crypto.sharing import MAX_TRUSTEES, MIN_THRESHOLD, thresholds
from veche.errors import InvalidPoint, Mistake
from veche.files.mistakes import quoted
from veche.files.rules import (
    check_address,
    check_distinct,
    check_min_voters,
    check_name,
    check_size,
    check_text,
    check_times,
    seconds,
    zone,
)
from veche.files.toml_document import Table, TomlDocument
from veche.files.toml_lines import Place
from veche.files.trustee_card import TrusteeCard, decompressed
from veche.protocol.addresses import has_form
from veche.protocol.board_texts import BoardTexts


@dataclass(frozen=True, slots=True)
class BoardFile:
    """A board, read from its file.

    Attributes:
        path: the path of the file.
        name: the name that the board is noted under, 1..31 bytes in UTF-8.
        threshold: the number of trustees who decrypt together.
        min_voters: the minimum of voters that the board decrypts for, 2 or more.
        deal_by: the deadline for deals, in seconds since 1970, UTC.
        confirm_by: the deadline for confirmations, later, in seconds since 1970, UTC.
        trustees: the trustees in the order of their indices, from 1.
        zones: the zones in which the two deadlines are written.
        cautions: what is allowed, but perhaps not meant.
    """

    path: Path
    name: str
    threshold: int
    min_voters: int
    deal_by: int
    confirm_by: int
    trustees: tuple[TrusteeCard, ...]
    zones: tuple[tzinfo, tzinfo]
    cautions: tuple[Mistake, ...] = ()

    @property
    def texts(self) -> BoardTexts:
        """The names of the board and its trustees."""
        return BoardTexts(self.name, tuple(each.name for each in self.trustees))


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


class BoardTable(Table):
    """`board.toml`."""

    name: str = Field(examples=['name = "city-2027"'])
    threshold: int = Field(examples=["threshold = 2"])
    min_voters: int = Field(default=2, examples=["min_voters = 10"])
    deal_by: AwareDatetime = Field(examples=["deal_by = 2027-11-01T12:00:00+03:00"])
    confirm_by: AwareDatetime = Field(examples=["confirm_by = 2027-11-08T12:00:00+03:00"])
    trustees: list[TrusteeTable] = Field(examples=[_TRUSTEE])


def read_board(path: Path) -> BoardFile:
    """Reads a `board.toml`.

    Raises:
        InvalidFile: the file has mistakes, or cannot be read.
    """
    document = TomlDocument(path, BoardTable)
    board = document.model
    check_name(document, ("name",), board.name)
    check_min_voters(document, board.min_voters)
    check_times(document, "deal_by", "confirm_by")
    _check_threshold(document)
    cards = _cards(document)
    _check_together(document, cards)
    names = tuple(each.name for each in board.trustees)
    check_size(document, BoardTexts(board.name, names).encoded)
    document.require_sound()
    return BoardFile(
        path=path,
        name=board.name,
        threshold=board.threshold,
        min_voters=board.min_voters,
        deal_by=seconds(board.deal_by),
        confirm_by=seconds(board.confirm_by),
        trustees=tuple(cards.values()),
        zones=(zone(board.deal_by), zone(board.confirm_by)),
        cautions=tuple(document.cautions),
    )


# -- Rules --


def _check_threshold(document: TomlDocument[BoardTable]) -> None:
    board, trustees = document.model, ("trustees",)
    count = len(board.trustees)
    if count > MAX_TRUSTEES:
        what = f"there are {count} trustees"
        document.add(("trustees", MAX_TRUSTEES), what, f"name at most {MAX_TRUSTEES}")
    if count < MIN_THRESHOLD:
        named = "1 trustee" if count == 1 else f"{count} trustees"
        what = f"the board has {named}, but at least {MIN_THRESHOLD} must share a key"
        document.add(trustees, what, "begin each trustee with [[trustees]]")
        return
    possible = thresholds(count)
    if board.threshold not in possible:
        what = f"`threshold` is {quoted(board.threshold)} of {count} trustees"
        remedy = (
            f"write {possible[0]} to {count}: more than half, so that two camps cannot both decrypt"
        )
        document.add(("threshold",), what, remedy, because_of=(trustees,))


def _cards(document: TomlDocument[BoardTable]) -> dict[int, TrusteeCard]:
    """The cards whose sealing keys are points, by the trustee's index from 0."""
    cards = {}
    for index, trustee in enumerate(document.model.trustees):
        place = ("trustees", index)
        check_text(document, (*place, "name"), trustee.name)
        check_address(document, (*place, "account"), trustee.account)
        try:
            key = decompressed(trustee.sealing_key)
        except InvalidPoint:
            what = f"{quoted(trustee.sealing_key)} is not a sealing key"
            remedy = "copy the trustee's card again: a key is 0x02 or 0x03 and 64 digits"
            document.add((*place, "sealing_key"), what, remedy)
        else:
            cards[index] = TrusteeCard(trustee.name, trustee.account, key)
    return cards


def _check_together(document: TomlDocument[BoardTable], cards: dict[int, TrusteeCard]) -> None:
    """Notes names, accounts and sealing keys that appear twice, and accounts of sealing keys."""
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
            remedy = "ask each trustee for a card of their own, made by `veche trustee keygen`"
            document.add(_at(index, "sealing_key"), what, remedy)


def _check_account(
    document: TomlDocument[BoardTable], index: int, account: str, keys: dict[int, int]
) -> None:
    if not has_form(account):
        return
    number = int(account, 16)
    if number in keys:
        what = f"the account is the address of the sealing key of trustee {keys[number] + 1}"
        remedy = "use another account: to sign must not need the key that opens shares"
        document.add(
            _at(index, "account"), what, remedy, because_of=(_at(keys[number], "sealing_key"),)
        )


def _at(index: int, key: str) -> Place:
    return ("trustees", index, key)
