"""Commands for everybody: the polls of a catalogue, a poll, its result."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer

from veche.cli import basis, boards, cautions, choices, connection, lookup, options, verdicts
from veche.cli.output import Output, bold, digits, facts, indented, table, warn
from veche.cli.verdicts import FAILED
from veche.errors import (
    IncompleteRoll,
    InvalidContent,
    NoResult,
    NotDeployed,
    UnknownContract,
    UnknownPollId,
    WrongPhase,
    WrongPoll,
)
from veche.errors.times import time_text

if TYPE_CHECKING:
    from rich.console import RenderableType

    from veche.chain.catalogue import Catalogue
    from veche.chain.connection import Chain
    from veche.chain.poll import Poll

# -- All polls --


@dataclass(frozen=True)
class Listed:
    """A version of a poll, as a catalogue lists it.

    Attributes:
        id: the official id.
        version: the number of the version, from 0.
        address: the address of the poll.
        title: the poll's title; None if the poll cannot be shown.
        phase: the poll's phase; None if the poll cannot be shown.
        fault: why the poll cannot be shown.
    """

    id: str
    version: int
    address: str
    title: str | None = None
    phase: str | None = None
    fault: str = ""

    @property
    def row(self) -> tuple[str, str, str, str]:
        """The row of a table for people."""
        title = f"cannot be shown: {self.fault}" if self.title is None else self.title
        return self.id, str(self.version), title, self.phase or ""

    @property
    def fields(self) -> dict[str, Any]:
        """The object for machines."""
        return {
            "id": self.id,
            "version": self.version,
            "poll": self.address,
            "title": self.title,
            "phase": self.phase,
        }


def polls(
    *,
    rpc: options.Rpc = options.DEFAULT_URL,
    catalogue: options.Catalogue = None,
    as_json: options.Json = False,
) -> None:
    """Lists the polls of the officials' catalogue.

    An id may have several versions. Vote in the newest, unless officials told you otherwise.

    Example:  veche polls
    """
    output = Output(as_json)
    chain = connection.read_chain(rpc)
    register = lookup.find_catalogue(chain, catalogue)
    with output.progress("Reading the catalogue"):
        listed = list(_listed(chain, register))
    rows = [each.row for each in listed]
    output.tell(
        {
            "catalogue": register.address,
            "asOf": basis.chain_fields(chain),
            "polls": [each.fields for each in listed],
        },
        table("id", "version", "title", "phase", rows=rows)
        if rows
        else "This catalogue has no polls yet.",
        f"As of {basis.as_of(chain)}.",
    )


def _listed(chain: Chain, catalogue: Catalogue) -> Iterator[Listed]:
    for id_ in catalogue.ids():
        for version, address in enumerate(catalogue.versions(id_)):
            try:
                poll = chain.poll(address)
            except (InvalidContent, WrongPoll) as error:
                yield Listed(id_, version, address, fault=str(error))
            else:
                yield Listed(id_, version, address, poll.title, str(poll.phase))


# -- One poll --


def show(
    poll: Annotated[
        str,
        typer.Argument(
            metavar="POLL|BOARD",
            help=f"{options.POLL_HELP} Or a board of trustees: its address, or its name in "
            "deployments/.",
        ),
    ],
    *,
    expect: options.Expect = None,
    rpc: options.Rpc = options.DEFAULT_URL,
    catalogue: options.Catalogue = None,
    as_json: options.Json = False,
) -> None:
    """Shows a poll, or a board of trustees.

    Shows a poll's questions, when it opens and closes, how many have voted so far, and the poll
    hash. The hash stands for all that the poll is: compare it with the one that you were told. Of a
    board it shows the rules, and which trustees have dealt and confirmed.

    Example:  veche show trees
    """
    output = Output(as_json)
    chain = connection.read_chain(rpc)
    try:
        found = lookup.find_poll(chain, poll, catalogue=catalogue, expect=expect)
    except (UnknownContract, UnknownPollId, NotDeployed):
        board = None if expect else lookup.board_instead(chain, poll)
        if board is None:
            raise
        boards.tell(board, output)
        return
    with output.progress("Reading the electoral roll"):
        voters = _voters(found)
    fields = _fields(found, voters) | {"asOf": basis.chain_fields(chain)}
    output.tell(fields, *_text(found, voters, basis.as_of(chain)))
    for each in cautions.of_texts(found.texts):
        warn(each)


def _voters(poll: Poll) -> int | None:
    """The number of voters on the roll; None if the roll is not published in full."""
    try:
        return len(poll.roll)
    except IncompleteRoll:
        return None


def _fields(poll: Poll, voters: int | None) -> dict[str, Any]:
    definition = poll.definition
    return {
        "poll": poll.address,
        "pollHash": digits(poll.hash),
        "chainId": definition.chain_id,
        "title": poll.title,
        "description": poll.texts.description,
        "questions": _questions(poll),
        "phase": str(poll.phase),
        "opens": definition.opens,
        "closes": definition.closes,
        "ballots": poll.voter_count,
        "voters": voters,
        "castWeight": poll.cast_weight,
        "totalWeight": definition.total_weight,
        "minVoters": definition.min_voters,
        "board": definition.board,
        "boardName": poll.board_terms.texts.name,
        "trustees": list(poll.board_terms.texts.trustees),
        "threshold": poll.threshold,
    }


def _questions(poll: Poll) -> list[dict[str, Any]]:
    from veche.protocol.content import kind

    return [
        {
            "text": texts.text,
            "kind": kind(question),
            "options": list(texts.options),
            "maxScore": question.max_score,
            "minTotal": question.min_total,
            "maxTotal": question.max_total,
        }
        for texts, question in choices.questions(poll)
    ]


def _text(poll: Poll, voters: int | None, as_of: str) -> Iterator[RenderableType]:
    yield bold(poll.title)
    if poll.texts.description:
        yield indented(poll.texts.description)
    for each in _questions(poll):
        yield bold(f"\n{each['text']} ({each['kind']})")
        yield from (f"  - {option}" for option in each["options"])
    yield ""
    yield facts(_facts(poll, voters) | {"as of": as_of})
    yield f"\nWhether a ballot counts: veche status {poll.address} --voter ADDRESS"


def _facts(poll: Poll, voters: int | None) -> dict[str, str]:
    definition = poll.definition
    on_roll = "voters of a roll that is not published in full" if voters is None else f"of {voters}"
    return {
        "phase": str(poll.phase),
        "opens": time_text(definition.opens),
        "closes": time_text(definition.closes),
        "ballots": f"{poll.voter_count} {on_roll}; a result needs {definition.min_voters}",
        "weight": f"{poll.cast_weight} of {definition.total_weight}",
        "board": f"{poll.board_terms.texts.name}, {definition.board}",
        "decrypt": poll.board_terms.decryption,
        "address": poll.address,
        "poll hash": digits(poll.hash),
    }


# -- Its result --


def results(
    poll: options.Poll,
    *,
    unverified: Annotated[
        bool,
        typer.Option(
            "--unverified",
            help="Only repeat what the node says. That is faster, but a lying node can say "
            "anything.",
        ),
    ] = False,
    expect: options.Expect = None,
    roll: options.Roll = None,
    rpc: options.Rpc = options.DEFAULT_URL,
    catalogue: options.Catalogue = None,
    as_json: options.Json = False,
) -> None:
    """Verifies a poll, and shows its result.

    Makes every check of `veche verify` first. If a check fails, shows no result and ends with exit
    code 1. If there is no result yet, says what is missing and ends with exit code 8.

    Example:  veche results trees
    """
    from veche.observer.node_evidence import NodeEvidence
    from veche.protocol.phase import Phase

    output = Output(as_json)
    chain = connection.read_chain(rpc)
    found = lookup.find_poll(chain, poll, catalogue=catalogue, expect=expect, roll=roll)
    if found.phase in (Phase.SCHEDULED, Phase.OPEN, Phase.CLOSED):
        _tell_missing(found)
    if unverified:
        _repeat(found, chain, output)
        return
    evidence = NodeEvidence(chain.node, found.address, block=chain.block)
    rests_on = lookup.basis(chain, poll, [chain.node], expect=expect, catalogue=catalogue)
    verified = verdicts.of(evidence, rests_on, found.given_roll, output)
    if verified.faults():
        output.tell(verified.fields(), *verified.conclusion())
        for each in verified.faults():
            warn(each)
        raise typer.Exit(FAILED)
    if verified.verification.result is None:
        _tell_missing(found)
    output.tell(verified.fields(), bold(found.title), *verified.conclusion())


def _repeat(poll: Poll, chain: Chain, output: Output) -> None:
    """Shows the result by the node, as such.

    Raises:
        WrongPhase: there will never be a result.
    """
    scores = poll.result()
    if scores is None:
        _tell_missing(poll)
    fields = {
        "poll": poll.address,
        "pollHash": digits(poll.hash),
        "phase": str(poll.phase),
        "verdict": None,
        "block": basis.chain_fields(chain),
        "results": verdicts.scores_fields(scores),
    }
    output.tell(
        fields,
        bold(poll.title),
        *verdicts.scores_charts(scores),
        verdicts.turnout_text(poll.voter_count, poll.cast_weight),
        bold(f"NOT VERIFIED: this only repeats what {chain.node.name} says."),
        f"As of {basis.as_of(chain)}.",
    )


def _tell_missing(poll: Poll) -> NoReturn:
    """Raises why there is no result.

    Raises:
        NoResult: a result can still come.
        WrongPhase: there will never be a result.
    """
    from veche.protocol.phase import Phase

    phase, definition = poll.phase, poll.definition
    if phase == Phase.CLOSED:
        raise NoResult(f"the poll is closed, and {_shares(poll)}")
    if phase in (Phase.SCHEDULED, Phase.OPEN):
        raise NoResult(f"the poll is {phase} and closes at {time_text(definition.closes)}")
    few = f": fewer than {definition.min_voters} voters took part" if phase == Phase.VOID else ""
    reason = f"the poll is {phase}{few}. There will be no result"
    raise WrongPhase(Phase.TALLIED.number, phase.number, reason=reason)


def _shares(poll: Poll) -> str:
    from veche.protocol.tally import shares_text

    received, needed = poll.shares_posted(), poll.threshold
    enough = len(received) >= needed
    to_do = "anyone can publish the result now" if enough else "trustees are yet to post them"
    return f"{shares_text(received, needed)}: {to_do}"
