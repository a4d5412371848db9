"""All commands of `veche`, in the order of the help."""

from __future__ import annotations

from collections.abc import Callable
from inspect import cleandoc
from itertools import starmap
from textwrap import fill
from typing import Annotated, Final

import typer

from veche.cli import (
    carrier,
    check,
    enrol,
    network,
    observer,
    official,
    page,
    public,
    rehearse,
    relay,
    results,
    roll_proofs,
    status,
    trustee,
    voter,
    watching,
)
from veche.cli.groups import Command, Group
from veche.errors.root import EXIT_CODES

WIDTH: Final = 76
"""Maximum characters of a line that is broken here: it fits into a terminal of 80."""


def _hanging(code: int, meaning: str) -> str:
    """An exit code, with the lines of its meaning below each other."""
    first = f"{code:>3}  "
    return fill(meaning.replace("`", ""), WIDTH, initial_indent=first, subsequent_indent=" " * 5)


_EPILOG: Final = "\n".join(["Exit codes:", *starmap(_hanging, EXIT_CODES.items())])

VOTERS: Final = "For voters"
OBSERVERS: Final = "For observers"
TRUSTEES: Final = "For trustees"
OFFICIALS: Final = "For officials"
NODES: Final = "For those who run nodes and relays"
EVERYBODY: Final = "For everybody"

app: Final = typer.Typer(
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog=_EPILOG,
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
    _show_help_alone(context)


def _show_help_alone(context: typer.Context) -> None:
    """Shows the help of a command that has others, if none of them is named."""
    if context.invoked_subcommand is None:
        context.get_help()


def _flowing(text: str) -> str:
    """A docstring whose paragraphs are lines, for the terminal to break."""
    return "\n\n".join(" ".join(each.split("\n")) for each in cleandoc(text).split("\n\n"))


def _add(panel: str, *commands: Callable[..., None]) -> None:
    for each in commands:
        app.command(rich_help_panel=panel)(each)


_add(VOTERS, voter.keygen, voter.vote, status.status, voter.audit)
_add(EVERYBODY, public.polls, public.show, results.results, carrier.carry)
_add(OFFICIALS, check.check, roll_proofs.roll_proofs, rehearse.rehearse)
_add(OBSERVERS, observer.verify, watching.watch, page.page)
_add(NODES, relay.relay)
for name, panel, group in (
    ("record", OBSERVERS, observer.record),
    ("enrol", VOTERS, enrol.app),
    ("trustee", TRUSTEES, trustee.app),
    ("official", OFFICIALS, official.app),
    ("network", NODES, network.app),
):
    group.callback(invoke_without_command=True)(_show_help_alone)
    app.add_typer(group, name=name, rich_help_panel=panel)
for each in (app, enrol.app, network.app, observer.record, official.app, trustee.app):
    each.info.cls = enrol.CodeOrVerb if each is enrol.app else Group
    for command in each.registered_commands:
        command.cls = Command
        command.help = _flowing(command.callback.__doc__ or "")
