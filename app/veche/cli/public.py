"""What anyone may see: the polls of a catalogue, a poll, its result."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NoReturn

from veche.cli import choices, connection, options
from veche.cli.output import Output, chart, digits, table
from veche.errors import IncompleteRoll, InvalidContent, NoResult, WrongPhase, WrongPoll
from veche.errors.times import time_text

if TYPE_CHECKING:
    from veche.chain.catalogue import Catalogue
    from veche.chain.connection import Chain
    from veche.chain.poll import Poll

# -- All polls --


@dataclass(frozen=True)
class Listed:
    """A version of a poll, as a catalogue lists it.

    Attributes:
        id: official.
        version: from 0.
        address: of the contract.
        poll: what is there; None where it cannot be shown.
        fault: why not.
    """

    id: str
    version: int
    address: str
    poll: Poll | None
    fault: str = ""

    @property
    def row(self) -> tuple[str, str, str, str]:
        """For people."""
        title = self.poll.title if self.poll else f"cannot be shown: {self.fault}"
        return self.id, str(self.version), title, str(self.poll.phase) if self.poll else ""

    @property
    def fields(self) -> dict[str, Any]:
        """For machines."""
        return {
            "id": self.id,
            "version": self.version,
            "poll": self.address,
            "title": self.poll.title if self.poll else None,
            "phase": str(self.poll.phase) if self.poll else None,
        }


def polls(
    *,
    rpc: options.Rpc = options.DEFAULT_URL,
    catalogue: options.Catalogue = None,
    as_json: options.Json = False,
) -> None:
    """Lists the polls of the officials' catalogue.

    Of every id there may be versions: the newest is the one to vote in, unless you were told of
    another.

    Example:  veche polls
    """
    output = Output(as_json)
    chain = connection.open_chain(rpc)
    register = connection.catalogue_of(chain, catalogue)
    with output.progress("Reading the catalogue"):
        listed = list(_listed(chain, register))
        rows, fields = [each.row for each in listed], [each.fields for each in listed]
    output.finish({"catalogue": register.address, "polls": fields})
    if not as_json and rows:
        output.show(table("id", "version", "title", "phase", rows=rows))
    elif not as_json:
        output.say("This catalogue has no polls yet.")


def _listed(chain: Chain, catalogue: Catalogue) -> Iterator[Listed]:
    for id_ in catalogue.ids():
        for version, address in enumerate(catalogue.versions(id_)):
            try:
                yield Listed(id_, version, address, chain.poll(address))
            except (InvalidContent, WrongPoll) as error:
                yield Listed(id_, version, address, None, str(error))


# -- One poll --


def show(
    poll: options.Poll,
    *,
    expect: options.Expect = None,
    rpc: options.Rpc = options.DEFAULT_URL,
    catalogue: options.Catalogue = None,
    as_json: options.Json = False,
) -> None:
    """Shows a poll.

    Its questions, when it opens and closes, how many have voted so far, and the poll hash, which
    names all of it: compare that with the one that you were told of.

    Example:  veche show trees
    """
    output = Output(as_json)
    chain = connection.open_chain(rpc)
    found = connection.find_poll(chain, poll, catalogue=catalogue, expect=expect)
    with output.progress("Reading the electoral roll"):
        voters = _voters(found)
    if as_json:
        output.finish(_fields(found, voters))
    else:
        _show(found, voters, output)


def _voters(poll: Poll) -> int | None:
    """How many stand on the roll; None where it is not published in full."""
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
        "minBallots": definition.min_ballots,
        "board": definition.board,
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


def _show(poll: Poll, voters: int | None, output: Output) -> None:
    output.say(poll.title, style="bold")
    if poll.texts.description:
        output.say(poll.texts.description)
    for each in _questions(poll):
        output.say(f"\n{each['text']} ({each['kind']})", style="bold")
        for option in each["options"]:
            output.say(f"  - {option}")
    output.say()
    output.facts(_facts(poll, voters))
    output.say(f"\nWhether a ballot counts: veche status {poll.address} --voter ADDRESS")


def _facts(poll: Poll, voters: int | None) -> dict[str, str]:
    definition = poll.definition
    on_roll = "voters of a roll that is not published in full" if voters is None else f"of {voters}"
    return {
        "phase": str(poll.phase),
        "opens": time_text(definition.opens),
        "closes": time_text(definition.closes),
        "ballots": f"{poll.voter_count} {on_roll}; a result needs {definition.min_ballots}",
        "weight": f"{poll.cast_weight} of {definition.total_weight}",
        "board": definition.board,
        "address": poll.address,
        "poll hash": digits(poll.hash),
    }


# -- Its result --


def results(
    poll: options.Poll,
    *,
    expect: options.Expect = None,
    rpc: options.Rpc = options.DEFAULT_URL,
    catalogue: options.Catalogue = None,
    as_json: options.Json = False,
) -> None:
    """Shows a poll's result.

    It is the one that the contract has proven. Before there is one, this tells what is missing,
    and ends with exit code 8.

    Example:  veche results trees
    """
    output = Output(as_json)
    chain = connection.open_chain(rpc)
    found = connection.find_poll(chain, poll, catalogue=catalogue, expect=expect)
    scores = found.result()
    if scores is None:
        _tell_missing(found)
    by_question = [{"question": name, "scores": given} for name, given in scores.items()]
    output.finish({"poll": found.address, "phase": str(found.phase), "results": by_question})
    if not as_json:
        output.say(found.title, style="bold")
        for name, given in scores.items():
            output.show(chart(name, given))
        output.say(f"Ballots of {found.voter_count} voters, weight {found.cast_weight}.")


def _tell_missing(poll: Poll) -> NoReturn:
    """Why there is no result.

    Raises:
        NoResult: not yet.
        WrongPhase: and there never will be one.
    """
    from veche.protocol.phase import Phase

    phase, definition = poll.phase, poll.definition
    if phase == Phase.CLOSED:
        raise NoResult(f"the poll is closed, and {_shares(poll)}")
    if phase in (Phase.SCHEDULED, Phase.OPEN):
        raise NoResult(f"the poll is {phase} and closes at {time_text(definition.closes)}")
    few = f": fewer than {definition.min_ballots} voters took part" if phase == Phase.VOID else ""
    reason = f"the poll is {phase}{few}; there is no result, and there will be none"
    raise WrongPhase(int(Phase.TALLIED), int(phase), reason=reason)


def _shares(poll: Poll) -> str:
    from veche.protocol.tally import shares_text

    received, needed = poll.shares_posted(), poll.threshold
    enough = len(received) >= needed
    to_do = "anyone can have the result recorded" if enough else "trustees are to post them"
    return f"{shares_text(received, needed)}: {to_do}"
