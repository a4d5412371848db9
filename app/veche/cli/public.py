"""Commands for everybody: the polls of a catalogue, and a poll or a board."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any

import typer

from veche.cli import basis, boards, cautions, connection, lookup, options
from veche.cli.output import Output, bold, command, digits, facts, indented, table, warn
from veche.errors import (
    InvalidContent,
    NotDeployed,
    UnknownContract,
    UnknownPollId,
    WrongPoll,
)
from veche.errors.amounts import counted
from veche.errors.times import time_text

if TYPE_CHECKING:
    from rich.console import RenderableType

    from veche.chain.catalogue import Catalogue
    from veche.chain.connection import Chain
    from veche.cli.lookup import ReadPoll
    from veche.crypto.questions import Question
    from veche.observer.recorded_poll import RecordedPoll
    from veche.protocol.content import QuestionTexts
    from veche.protocol.figures import Turnout

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
    context: typer.Context,
    poll: Annotated[
        str,
        typer.Argument(
            metavar="POLL|FILE|BOARD",
            help=f"{options.POLL_HELP} Or a file of `veche record save`. Or a board of trustees: "
            "its address, or its name in deployments/.",
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
    board it shows the rules, and which trustees have dealt and confirmed. A file needs no node.

    Example:  veche show trees
    """
    from veche.protocol import link

    output = Output(as_json)
    path = lookup.find_record(poll)
    if path:
        of = catalogue if options.is_typed(context, "catalogue") else None
        _show_record(lookup.read_record(path, catalogue=of, expect=expect), output)
        return
    chain = connection.read_chain(rpc)
    try:
        found = lookup.find_poll(chain, poll, catalogue=catalogue, expect=expect)
    except (UnknownContract, UnknownPollId, NotDeployed):
        board = None if expect else lookup.board_instead(chain, poll)
        if board is None:
            with lookup.perhaps_no_file(poll):
                raise
        boards.tell(board, output)
        return
    named = link.of(found.definition)
    told = command(f"veche status '{named}' --voter ADDRESS")
    last = ("\nWhether a ballot counts:", told)
    _show(found, basis.chain_fields(chain), basis.as_of(chain), last, output)


def _show_record(found: RecordedPoll, output: Output) -> None:
    mark, path = found.evidence.mark(), found.evidence.path
    as_of = f"block {basis.block_text(mark)}, in {path}"
    told = bold(f"\nNOT VERIFIED: this only repeats what {path} says.")
    _show(found, basis.block_fields(mark), as_of, [told], output)


def _show(
    found: ReadPoll,
    block: dict[str, Any] | None,
    as_of: str,
    last: Sequence[RenderableType],
    output: Output,
) -> None:
    from veche.protocol.figures import Turnout

    with output.progress("Reading the electoral roll"):
        turnout = Turnout.of(found)
    fields = _fields(found, turnout.on_roll)
    output.tell(fields | {"asOf": block}, *_text(found, turnout, as_of), *last)
    for each in cautions.of_texts(found.texts):
        warn(each)


def _fields(poll: ReadPoll, on_roll: int | None) -> dict[str, Any]:
    definition, quorum = poll.definition, poll.texts.quorum
    return {
        "poll": poll.address,
        "pollHash": digits(poll.hash),
        "chainId": definition.chain_id,
        "title": poll.title,
        "description": poll.texts.description,
        "questions": [_question(*each) for each in _questions(poll)],
        "phase": str(poll.phase),
        "opens": definition.opens,
        "closes": definition.closes,
        "voters": poll.voter_count,
        "votersOnRoll": on_roll,
        "weight": poll.cast_weight,
        "totalWeight": definition.total_weight,
        "minVoters": definition.min_voters,
        "quorum": quorum.text if quorum else None,
        "board": definition.board,
        "boardName": poll.board_terms.texts.name,
        "trustees": list(poll.board_terms.texts.trustees),
        "threshold": poll.threshold,
    }


def _questions(poll: ReadPoll) -> Iterator[tuple[QuestionTexts, Question]]:
    return zip(poll.texts, poll.definition.questions, strict=True)


def _question(texts: QuestionTexts, question: Question) -> dict[str, Any]:
    from veche.protocol.content import kind

    return {
        "text": texts.text,
        "kind": kind(question),
        "options": list(texts.options),
        "maxScore": question.max_score,
        "minTotal": question.min_total,
        "maxTotal": question.max_total,
        "passes": texts.passes.text if texts.passes else None,
        "blank": texts.blank,
    }


def _text(poll: ReadPoll, turnout: Turnout, as_of: str) -> Iterator[RenderableType]:
    from veche.protocol.content import kind

    yield bold(poll.title)
    if poll.texts.description:
        yield indented(poll.texts.description)
    for texts, question in _questions(poll):
        yield bold(f"\n{texts.text} ({kind(question)})")
        yield from (f"  - {option}" for option in texts.options)
        yield from texts.rules
    yield ""
    yield facts(_facts(poll, turnout) | {"as of": as_of})


def _facts(poll: ReadPoll, turnout: Turnout) -> dict[str, str]:
    from veche.protocol import shown_figures

    definition, quorum = poll.definition, poll.texts.quorum
    return {
        "phase": str(poll.phase),
        "opens": time_text(definition.opens),
        "closes": time_text(definition.closes),
        "turnout": shown_figures.turnout(turnout),
        "minimum": f"{counted(definition.min_voters, 'voter')}, otherwise there is no result",
        **({"quorum": quorum.text} if quorum else {}),
        "board": f"{poll.board_terms.texts.name}, {definition.board}",
        "decrypt": poll.board_terms.decryption,
        "address": poll.address,
        "poll hash": digits(poll.hash),
    }
