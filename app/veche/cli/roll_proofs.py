"""`veche roll-proofs`: what shows each voter's device that the voter is on the roll."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from veche.cli import connection, lookup, options
from veche.cli.output import Output, digits
from veche.errors.amounts import counted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from veche.chain.poll import Poll
    from veche.protocol.roll import Roll
    from veche.protocol.roll_proof import RollProof


def roll_proofs(
    poll: options.Poll,
    folder: Annotated[
        Path,
        typer.Argument(metavar="FOLDER", help="The folder to write to. It is made if need be."),
    ],
    *,
    voter: Annotated[
        list[str] | None,
        typer.Option(
            "--voter",
            metavar="ADDRESS",
            parser=options.address,
            help="Write the proof of this voter alone; may be repeated.",
        ),
    ] = None,
    expect: options.Expect = None,
    roll: options.Roll = None,
    rpc: options.Rpc = options.DEFAULT_URL,
    catalogue: options.Catalogue = None,
    as_json: options.Json = False,
) -> None:
    """Writes a roll proof for every voter, so that nobody need read the whole roll to vote.

    Each is a file ADDRESS.json, which `veche vote --proof` takes. It holds no secret, and any web
    server can show the folder.

    Example:  veche roll-proofs trees proofs --roll roll.csv
    """
    from veche.files.roll_proofs import write_roll_proofs

    output = Output(as_json)
    chain = connection.read_chain(rpc)
    found = lookup.find_poll(chain, poll, catalogue=catalogue, expect=expect, roll=roll)
    with output.progress("Reading the electoral roll"):
        electoral_roll = found.roll
        for each in voter or []:  # before anything is written
            found.require_voter(each)
    voters, most = (voter, len(voter)) if voter else (_voters(electoral_roll), len(electoral_roll))
    with output.progress("Writing the proofs", most) as report:
        count = write_roll_proofs(folder, _proofs(found, voters, report))
    output.tell(
        {
            "poll": found.address,
            "pollHash": digits(found.hash),
            "folder": str(folder),
            "proofs": count,
        },
        f"{counted(count, 'proof')} in {folder}, each in a file that is named after its voter.",
        f"To vote with one:  veche vote {found.address} --proof {folder}/ADDRESS.json",
    )


def _voters(roll: Roll) -> Iterator[str]:
    return (each.voter for each in roll)


def _proofs(
    poll: Poll, voters: Iterable[str], report: Callable[[int], None]
) -> Iterator[RollProof]:
    from veche.protocol.roll_proof import RollProof

    for count, each in enumerate(voters, start=1):
        yield RollProof.of(poll.roll, poll.definition, each)
        report(count)
