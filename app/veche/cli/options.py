"""The options that commands share: each is described once, here."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated, Final

import typer

DEFAULT_URL: Final = "http://127.0.0.1:8545"
"""As in veche.chain.connection, which is too much to load for a help text."""

NODE: Final = "Node and network"
KEY: Final = "Your key"


def address(value: str) -> str:
    """An address with its checksum; what is none, or has a mistyped digit, is refused."""
    from veche.protocol import addresses

    found = addresses.checked(value)
    if found is None:
        raise typer.BadParameter(f"{value!r} is not an address, or a digit of it was mistyped")
    return found


def _address(value: str | None) -> str | None:
    return None if value is None else address(value)


def _hash(value: str | None) -> str | None:
    """Refuses what is no hash."""
    if value is not None and not re.fullmatch("(0x)?[0-9a-fA-F]{64}", value):
        raise typer.BadParameter(f"{value!r} is not a poll hash: 0x and 64 hexadecimal digits")
    return value


Poll = Annotated[
    str,
    typer.Argument(
        metavar="POLL",
        help="An address; an official id: `trees` for its newest version, `trees@0` for its "
        "first; or the link that officials made public, which tells the poll hash as well.",
    ),
]
Rpc = Annotated[
    str,
    typer.Option(
        "--rpc",
        envvar="VECHE_RPC",
        metavar="URL|NETWORK",
        rich_help_panel=NODE,
        help="Of an Ethereum node, your own if you can; or a private network's name, or its file.",
    ),
]
Catalogue = Annotated[
    str | None,
    typer.Option(
        "--catalogue",
        envvar="VECHE_CATALOGUE",
        metavar="ADDRESS",
        callback=_address,
        rich_help_panel=NODE,
        help="Of the officials' catalogue, where ids are looked up; by default the one in the "
        "private network's file, or else in deployments/ of this chain.",
    ),
]
Confirmations = Annotated[
    int | None,
    typer.Option(
        "--confirmations",
        envvar="VECHE_CONFIRMATIONS",
        metavar="N",
        min=1,
        rich_help_panel=NODE,
        help="How many blocks must hold a transaction before it counts as done; by default 1, in a "
        "private network as many as it needs.",
    ),
]
Expect = Annotated[
    str | None,
    typer.Option(
        "--expect",
        metavar="POLLHASH",
        callback=_hash,
        help="The poll hash that you were told of, from elsewhere than this node: another poll is "
        "refused.",
    ),
]
Keystore = Annotated[
    Path | None,
    typer.Option(
        "--keystore",
        envvar="VECHE_KEYSTORE",
        metavar="FILE",
        rich_help_panel=KEY,
        help="With your key, as `veche keygen` or a wallet wrote it.",
    ),
]
PasswordFile = Annotated[
    Path | None,
    typer.Option(
        "--password-file",
        metavar="FILE",
        rich_help_panel=KEY,
        help="Its first line is the keystore's password; otherwise VECHE_PASSWORD is, or you are "
        "asked.",
    ),
]
Voter = Annotated[
    str | None,
    typer.Option("--voter", metavar="ADDRESS", callback=_address, help="Whose ballot."),
]
Json = Annotated[
    bool,
    typer.Option(
        "--json",
        help="JSON on stdout, and nothing else there: one object, or one a line where the command "
        "goes on.",
    ),
]
