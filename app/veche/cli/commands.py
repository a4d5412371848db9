"""All commands of `veche`, in the order of its help."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Final

import typer

from veche.cli import public, rehearse, trustee, voter

EXIT_CODES: Final = """Exit codes:
  0  done
  1  something for which there is no better code
  2  the command line is wrong
  3  a file or an answer is wrong
  4  the protocol or a contract refused it
  5  a node cannot be reached, is behind, or refuses
  6  a key, password or ether is missing
  7  it is not what you were told of: poll, network, code
  8  not now: come back later
  9  a check failed, and nothing was done
 10  you said no
130  interrupted"""

VOTERS: Final = "For voters"
TRUSTEES: Final = "For trustees"
EVERYBODY: Final = "For everybody"

app: Final = typer.Typer(
    add_completion=False,
    epilog=EXIT_CODES,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
)


def _print_version(asked: bool) -> None:  # noqa: FBT001  # as Typer calls it
    if asked:
        from importlib.metadata import version

        typer.echo(f"veche {version('veche')}")
        raise typer.Exit


@app.callback(invoke_without_command=True)
def veche(
    context: typer.Context,
    *,
    _: Annotated[
        bool,
        typer.Option("--version", callback=_print_version, is_eager=True, help="Show the version."),
    ] = False,
) -> None:
    """Polls on Ethereum that anyone can verify: encrypted ballots, trustees, proven results.

    Example:  veche show trees --rpc http://127.0.0.1:8545
    """
    if context.invoked_subcommand is None:
        context.get_help()


def _add(panel: str, *commands: Callable[..., None]) -> None:
    for each in commands:
        app.command(rich_help_panel=panel)(each)


_add(VOTERS, voter.keygen, voter.vote, voter.status, voter.audit)
_add(EVERYBODY, public.polls, public.show, public.results, rehearse.rehearse)
app.add_typer(trustee.app, name="trustee", rich_help_panel=TRUSTEES)
