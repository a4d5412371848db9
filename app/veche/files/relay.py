"""`relay.toml`: what a relay carries, with which account, and where it listens."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from pydantic import Field

from veche.errors import InvalidDocument, InvalidFile, Mistake
from veche.files.mistakes import quoted, read_text
from veche.files.rules import check_address
from veche.files.toml_document import Table, TomlDocument
from veche.files.toml_lines import Place
from veche.protocol import link
from veche.protocol.addresses import checked
from veche.protocol.link import Link

POSTGRESQL: Final = "postgresql://"
"""How the URL of a store in PostgreSQL begins."""
MOST_PORTS: Final = 65_535
MOST_WAITING: Final = 1_000_000
"""Maximum ballots that a relay may have on disk and not on chain."""
MOST_PER_MINUTE: Final = 1_000_000
_INSTEAD: Final = {
    "keystore": "make the key: `veche keygen FILE`",
    "password_file": "remove this line, and put the password into VECHE_PASSWORD",
}
"""The keys that name files which must be there, and what else helps than to find the file."""


@dataclass(frozen=True, slots=True)
class RelayLimits:
    """How much a relay takes.

    Attributes:
        waiting: maximum ballots that are on disk and not on chain.
        requests_per_minute: maximum requests from one address.
        ballots_per_hour: maximum ballots of one voter.
    """

    waiting: int
    requests_per_minute: int
    ballots_per_hour: int


@dataclass(frozen=True, slots=True)
class RelayFile:
    """A relay, read from its file.

    Attributes:
        path: the path of the file.
        rpc: the URL of a node, or the name of a private network.
        polls: the polls whose ballots are carried.
        boards: the addresses of the boards whose ceremonies are carried, beside those of the polls.
        officials: the addresses of officials whose code lists are taken, so that people can enrol.
        keystore: the path of the keystore whose account pays.
        password_file: the path of a file with its password; None for VECHE_PASSWORD.
        host: the address of this machine that it listens at.
        port: the port; 0 for any that is free.
        url: where voters reach it; None if nobody said.
        store: the URL of the database, as SQLAlchemy has it.
        proxies: the addresses of reverse proxies, which are believed whom they pass on.
        confirmations: how many blocks must hold a ballot; None for as many as usual.
        limits: how much it takes.
        cautions: what is allowed, but perhaps not meant.
    """

    path: Path
    rpc: str = field(repr=False)  # its URL may hold a key
    polls: tuple[Link, ...]
    boards: tuple[str, ...]
    officials: tuple[str, ...]
    keystore: Path
    password_file: Path | None
    host: str
    port: int
    url: str | None
    store: str = field(repr=False)  # its URL may hold a password
    proxies: tuple[str, ...]
    confirmations: int | None
    limits: RelayLimits
    cautions: tuple[Mistake, ...] = ()


class LimitsTable(Table):
    """`[limits]`."""

    waiting: int = Field(default=100_000, examples=["waiting = 100000"])
    requests_per_minute: int = Field(default=120, examples=["requests_per_minute = 120"])
    ballots_per_hour: int = Field(default=20, examples=["ballots_per_hour = 20"])


_LINK: Final = (
    '["veche:0x7E5F4552091A69125d5DfCb7b8C2659029395Bdf@1#0x'
    'c6047f9441ed7d6d3045406e95c07cd85c778e4b8cef3ca7abac09b95c709ee5"]'
)


class RelayTable(Table):
    """`relay.toml`."""

    rpc: str = Field(examples=['rpc = "http://127.0.0.1:8545"'])
    polls: list[str] = Field(default=[], examples=[f"polls = {_LINK}"])
    boards: list[str] = Field(
        default=[], examples=['boards = ["0x7E5F4552091A69125d5DfCb7b8C2659029395Bdf"]']
    )
    officials: list[str] = Field(
        default=[], examples=['officials = ["0x7E5F4552091A69125d5DfCb7b8C2659029395Bdf"]']
    )
    keystore: str = Field(examples=['keystore = "relay.key"'])
    password_file: str | None = Field(default=None, examples=['password_file = "relay.password"'])
    listen: str = Field(default="127.0.0.1:8460", examples=['listen = "127.0.0.1:8460"'])
    url: str | None = Field(default=None, examples=['url = "https://relay.example.org"'])
    store: str = Field(default="relay.sqlite", examples=['store = "relay.sqlite"'])
    proxies: list[str] = Field(default=[], examples=['proxies = ["127.0.0.1"]'])
    confirmations: int | None = Field(default=None, examples=["confirmations = 3"])
    limits: LimitsTable = Field(default=LimitsTable(), examples=["[limits]"])


def read_relay(path: Path) -> RelayFile:
    """Reads a `relay.toml`. Paths in it are relative to its folder.

    Raises:
        InvalidFile: the file has mistakes, or cannot be read.
    """
    document = TomlDocument(path, RelayTable)
    relay = document.model
    polls = [_poll(document, index, text) for index, text in enumerate(relay.polls)]
    for key, named in (("boards", relay.boards), ("officials", relay.officials)):
        for index, address in enumerate(named):
            check_address(document, (key, index), address)
    if not (relay.polls or relay.boards or relay.officials):
        remedy = "copy the link that the officials published, as `veche show` prints it"
        document.add(("polls",), "no poll is named, so there is nothing to carry", remedy)
    host, port = _listen(document)
    _check_url(document)
    _check_proxies(document)
    _check_counts(document)
    store = _store(document)
    for key, instead in _INSTEAD.items():
        _check_file(document, key, instead)
    document.require_sound()
    return RelayFile(
        path=path,
        rpc=relay.rpc,
        polls=tuple(each for each in polls if each),
        boards=tuple(checked(each) or each for each in relay.boards),
        officials=tuple(checked(each) or each for each in relay.officials),
        keystore=path.parent / relay.keystore,
        password_file=None if relay.password_file is None else path.parent / relay.password_file,
        host=host,
        port=port,
        url=relay.url,
        store=store,
        proxies=tuple(relay.proxies),
        confirmations=relay.confirmations,
        limits=RelayLimits(**relay.limits.model_dump()),
        cautions=tuple(document.cautions),
    )


# -- Rules --


def _poll(document: TomlDocument[RelayTable], index: int, text: str) -> Link | None:
    place = ("polls", index)
    try:
        found = link.parse(text)
    except InvalidDocument as error:
        remedy = "copy the whole link that the officials published"
        document.add(place, str(error), remedy)
        return None
    if text in document.model.polls[:index]:
        document.add(place, "this poll is named twice", "remove one of the two")
    return found


def _listen(document: TomlDocument[RelayTable]) -> tuple[str, int]:
    place: Place = ("listen",)
    host, _, digits = document.model.listen.rpartition(":")
    host = host.removeprefix("[").removesuffix("]")
    if not _is_address(host) or not digits.isascii() or not digits.isdigit():
        what = f"`listen` is {quoted(document.model.listen)}"
        document.add(place, what, "write an address of this machine and a port: 127.0.0.1:8460")
        return host, 0
    if int(digits) > MOST_PORTS:
        document.add(place, f"there is no port {digits}", f"write 0 to {MOST_PORTS}")
    if not ipaddress.ip_address(host).is_loopback:
        what = f"{host} can be reached from other machines, without encryption"
        document.warn(place, what, "listen at 127.0.0.1, and put a reverse proxy before it")
    return host, int(digits)


def _check_url(document: TomlDocument[RelayTable]) -> None:
    url, place = document.model.url, ("url",)
    if url is None:
        return
    scheme, _, rest = url.partition("://")
    if scheme not in ("http", "https") or not rest or set(rest) & set("?# "):
        what = f"`url` is {quoted(url)}"
        document.add(place, what, "write where voters reach it: https://relay.example.org")
    elif scheme == "http":
        what = (
            "voters' browsers get the page without encryption, so anybody on the way can alter it"
        )
        document.warn(place, what, "give the reverse proxy a certificate, and write https://")


def _check_proxies(document: TomlDocument[RelayTable]) -> None:
    for index, each in enumerate(document.model.proxies):
        if not _is_address(each):
            what = f"{quoted(each)} is not the address of a proxy"
            remedy = "write the address that it connects from, such as 127.0.0.1"
            document.add(("proxies", index), what, remedy)


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True


def _check_counts(document: TomlDocument[RelayTable]) -> None:
    most = {
        "waiting": MOST_WAITING,
        "requests_per_minute": MOST_PER_MINUTE,
        "ballots_per_hour": MOST_PER_MINUTE,
    }
    for key, largest in most.items():
        value = getattr(document.model.limits, key)
        if not 1 <= value <= largest:
            what = f"`{key}` is {quoted(value)}"
            document.add(("limits", key), what, f"write 1 to {largest}")
    confirmations = document.model.confirmations
    if confirmations is not None and confirmations < 1:
        what = f"`confirmations` is {quoted(confirmations)}"
        document.add(("confirmations",), what, "write 1 or more")


def _store(document: TomlDocument[RelayTable]) -> str:
    """The URL of the store, as SQLAlchemy has it."""
    text = document.model.store
    if text.startswith(POSTGRESQL):
        return f"postgresql+psycopg://{text.removeprefix(POSTGRESQL)}"
    if "://" in text or not text:
        remedy = "write the name of a file for SQLite, or postgresql://USER@HOST/DATABASE"
        document.add(("store",), "`store` is no file and no PostgreSQL", remedy)
    path = document.path.parent / text
    if "://" not in text and not path.parent.is_dir():
        remedy = "make the folder, or name a file in another one"
        document.add(("store",), f"`store` is {quoted(text)}: there is no such folder", remedy)
    return f"sqlite:///{path}"


def _check_file(document: TomlDocument[RelayTable], key: str, instead: str) -> None:
    """Notes that a file which the document names cannot be read."""
    named = getattr(document.model, key)
    if named is None:
        return
    try:
        read_text(document.path.parent / named)
    except InvalidFile as error:
        for each in error.mistakes:
            what = f"`{key}` is {quoted(named)}: {each.what}"
            document.add((key,), what, f"{each.remedy}, or {instead}")
