"""The command for who runs a relay."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from veche.cli import keys, options
from veche.cli.output import Output, warn
from veche.errors import NoRelayPackages
from veche.web import page

if TYPE_CHECKING:
    from eth_account.signers.local import LocalAccount

    from veche.chain.connection import Chain
    from veche.files.relay import RelayFile


def relay(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The relay's file, relay.toml.")],
    *,
    check: Annotated[
        bool,
        typer.Option("--check", help="Tell everything that would fail, serve nothing, and end."),
    ] = False,
    as_json: options.Json = False,
) -> None:
    """Takes voters' signed ballots by HTTP, and has them cast.

    A ballot is checked in full and is on disk before it is accepted. Then it is cast in a batch
    with others, and the account in the file pays. The relay can neither read nor alter a ballot.
    Stop it with Ctrl-C or SIGTERM, or kill it: what was accepted is on disk, and is cast when the
    relay runs again. Nothing is cast twice.

    Example:  veche relay relay.toml
    """
    require_extra()
    from veche.files.relay import read_relay

    output = Output(as_json, tells_meanwhile=True)
    config = read_relay(file)
    for each in config.cautions:
        warn(each.told(str(file)))
    account = keys.load(config.keystore, config.password_file)
    if check:
        _check(config, account, output)
    else:
        _serve(config, account, output)


def require_extra() -> None:
    """Requires the packages that a relay needs beside the others.

    Raises:
        NoRelayPackages: one of them is not installed.
    """
    try:
        import prometheus_client
        import sqlalchemy
        import starlette
        import uvicorn
    except ImportError as error:
        raise NoRelayPackages(f"a relay needs the package {error.name}") from error
    del prometheus_client, sqlalchemy, starlette, uvicorn


def _check(config: RelayFile, account: LocalAccount, output: Output) -> None:
    from veche.relay import running

    running.check(config, account, warn)
    pages = _pages(config, config.url) if config.url else []
    fields = {"account": account.address, "pages": pages}
    output.tell(fields, "Nothing would fail.", *map(_said, pages))


def _serve(config: RelayFile, account: LocalAccount, output: Output) -> None:
    from veche.relay import running

    def tell(url: str, chain: Chain) -> None:
        pages = _pages(config, config.url or url)
        fields = {"url": url, "account": account.address, "chain": chain.id, "pages": pages}
        said = f"The relay serves at {url}. Account {account.address} pays."
        output.tell(fields, said, *map(_said, pages))

    running.serve(config, account, tell)
    output.say("The relay has ended. What it has accepted and not sent is in its store.")


def _pages(config: RelayFile, url: str) -> list[str]:
    """Where voters vote in a browser, in each of the polls."""
    return [page.at(url, str(each)) for each in config.polls]


def _said(url: str) -> str:
    return f"Voters open {url}"
