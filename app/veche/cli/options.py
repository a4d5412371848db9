"""Options that several commands share."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from veche.errors import InvalidDocument
from veche.files import local

if TYPE_CHECKING:
    from collections.abc import Iterator

DEFAULT_URL: Final = local.DEFAULT_URL
NODE: Final = "Node and network"
KEY: Final = "Your key"


def address(text: str) -> str:
    """An address with its checksum.

    Raises:
        typer.BadParameter: the text is no address, or its checksum is wrong.
    """
    from veche.protocol import addresses

    with _as_bad_parameter():
        return addresses.parse(text)


def poll_hash(text: str) -> bytes:
    """A poll hash: 32 bytes.

    Raises:
        typer.BadParameter: the text is not 64 hexadecimal digits, with or without 0x.
    """
    from veche.protocol import link

    with _as_bad_parameter():
        return link.poll_hash(text)


@contextmanager
def _as_bad_parameter() -> Iterator[None]:
    """Refuses a malformed text as an option's value."""
    try:
        yield
    except InvalidDocument as error:
        raise typer.BadParameter(str(error)) from error


def gwei(text: str) -> int:
    """A price of gas in gwei, as wei.

    Raises:
        typer.BadParameter: the text is no such price.
    """
    from veche.errors.amounts import GWEI

    return _wei(text, GWEI, "gwei")


def ether(text: str) -> int:
    """An amount of ether, as wei.

    Raises:
        typer.BadParameter: the text is no such amount.
    """
    from veche.errors.amounts import ETHER

    return _wei(text, ETHER, "ether")


def _wei(text: str, unit: int, name: str) -> int:
    from veche.chain.fees import wei

    found = wei(text, unit)
    if found is None:
        raise typer.BadParameter(f"{text!r} is no amount of {name}: write a number, such as 2.5")
    return found


def is_typed(context: typer.Context, option: str) -> bool:
    """Whether an option stands on the command line, rather than in the environment."""
    source = context.get_parameter_source(option)
    return source is not None and source.name == "COMMANDLINE"


POLL_HELP: Final = (
    "The poll's address; its official id, `trees` for the newest version or `trees@0` for the "
    "first; or the link that officials published, which includes the poll hash."
)
Poll = Annotated[str, typer.Argument(metavar="POLL", help=POLL_HELP)]
PollOrFile = Annotated[
    str,
    typer.Argument(
        metavar="POLL|FILE",
        help="The link that officials made public, which contains the poll hash; an address; an "
        "official id; or a file of `veche record save`.",
    ),
]
Rpc = Annotated[
    str,
    typer.Option(
        "--rpc",
        envvar="VECHE_RPC",
        metavar="URL|NETWORK",
        rich_help_panel=NODE,
        help="The URL of an Ethereum node, your own if you can; or a private network: its name or "
        "its file.",
    ),
]
Rpcs = Annotated[
    list[str],
    typer.Option(
        "--rpc",
        envvar="VECHE_RPC",
        metavar="URL|NETWORK",
        rich_help_panel=NODE,
        help="The URL of an Ethereum node, or a private network's name. May be repeated with other "
        "nodes, all of which must agree.",
    ),
]
Catalogue = Annotated[
    str | None,
    typer.Option(
        "--catalogue",
        envvar="VECHE_CATALOGUE",
        metavar="ADDRESS",
        parser=address,
        rich_help_panel=NODE,
        help="The address of the officials' catalogue, where ids are looked up; a poll that is "
        "named by its address or link must be of it. By default ids are looked up in the catalogue "
        "of the private network's file, or else of deployments/.",
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
        help="How many blocks must hold a transaction before it counts as done: its own and those "
        "on top. The default is 1; in a private network, as many as the network needs.",
    ),
]
MaxTip = Annotated[
    int | None,
    typer.Option(
        "--max-tip",
        envvar="VECHE_MAX_TIP",
        metavar="GWEI",
        parser=gwei,
        rich_help_panel=NODE,
        help="The most that a unit of gas may cost on top of the base fee, whatever the node asks "
        "for. The default is 100 gwei.",
    ),
]
MaxCost = Annotated[
    int | None,
    typer.Option(
        "--max-cost",
        envvar="VECHE_MAX_COST",
        metavar="ETHER",
        parser=ether,
        rich_help_panel=NODE,
        help="The most that a transaction may cost. The default is 1 ether.",
    ),
]
Expect = Annotated[
    bytes | None,
    typer.Option(
        "--expect",
        metavar="POLLHASH",
        parser=poll_hash,
        help="The poll hash that officials published, not one that this node shows. Any other poll "
        "is refused.",
    ),
]
Roll = Annotated[
    Path | None,
    typer.Option(
        "--roll",
        metavar="FILE",
        help="Take the electoral roll from this file, a CSV with the columns address and weight as "
        "officials write it, instead of the chain. It must be the roll that the poll was published "
        "with.",
    ),
]
RollProof = Annotated[
    Path | None,
    typer.Option(
        "--proof",
        metavar="FILE",
        help="Show that you stand on the electoral roll by this file, which officials or a relay "
        "made for your address, instead of reading the whole roll.",
    ),
]
Keystore = Annotated[
    Path | None,
    typer.Option(
        "--keystore",
        envvar="VECHE_KEYSTORE",
        metavar="FILE",
        rich_help_panel=KEY,
        help="The file with your key, as `veche keygen` or a wallet wrote it.",
    ),
]
PasswordFile = Annotated[
    Path | None,
    typer.Option(
        "--password-file",
        metavar="FILE",
        rich_help_panel=KEY,
        help="A file whose first line is the keystore's password. Without it the password is taken "
        "from VECHE_PASSWORD, or you are asked.",
    ),
]
Json = Annotated[
    bool,
    typer.Option(
        "--json",
        help="Print JSON on stdout and nothing else: one object, or one object per line if the "
        "command runs on.",
    ),
]
