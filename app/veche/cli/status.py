"""Which ballot of a voter counts, and whether it stands in the sums."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from veche.cli import connection, options
from veche.cli.output import Output, digits

if TYPE_CHECKING:
    from veche.chain.poll import Poll


def status(
    poll: options.Poll,
    *,
    voter: options.Voter = None,
    keystore: options.Keystore = None,
    expect: options.Expect = None,
    rpc: options.Rpc = options.DEFAULT_URL,
    catalogue: options.Catalogue = None,
    as_json: options.Json = False,
) -> None:
    """Tells which ballot of a voter counts, and whether it stands in the sums.

    Shows its tracker and the block that holds it; all ballots are checked and added up again for
    that. Ask another device or node than the one that you voted with.

    Example:  veche status trees --voter 0x52…
    """
    output = Output(as_json)
    address = voter or _keystore_address(keystore)
    chain = connection.open_chain(rpc)
    found = connection.find_poll(chain, poll, catalogue=catalogue, expect=expect)
    with output.progress("Reading the electoral roll"):
        weight = found.require_voter(address)
    _tell(found, address, weight, _place(found, address, output), output)


@dataclass(frozen=True)
class Place:
    """Where a voter's ballot that counts is.

    Attributes:
        tracker: its name.
        block: number of the block that holds it.
        in_sums: whether it stands in the sums of all ballots, as they were added up here.
    """

    tracker: bytes
    block: int | None
    in_sums: bool


def _place(poll: Poll, voter: str, output: Output) -> Place | None:
    """None where no ballot of the voter counts."""
    tracker = poll.tracker(voter)
    if tracker is None:
        return None
    logged = next(iter(poll.ballots(voter=voter, tracker=tracker)), None)
    block = logged.event.block if logged else None
    in_sums = _stands_in_sums(poll, voter, output)
    return Place(tracker, block, in_sums)


def _stands_in_sums(poll: Poll, voter: str, output: Output) -> bool:
    """Whether the sums are those of all ballots, the voter's among them, and nothing is wrong."""
    from veche.observer.node_evidence import NodeEvidence
    from veche.observer.report import Verdict
    from veche.observer.verification import verify

    most = poll.voter_count
    with output.progress("Adding up all ballots") as report:
        evidence = NodeEvidence(poll.node, poll.address)
        found = verify(evidence, expect=poll.hash, progress=lambda count: report(count, most))
    counted = found.box.tracker(voter) if found.box else None
    return found.report.verdict != Verdict.FAIL and counted == poll.tracker(voter)


def _tell(poll: Poll, voter: str, weight: int, place: Place | None, output: Output) -> None:
    output.finish(
        {
            "poll": poll.address,
            "pollHash": digits(poll.hash),
            "phase": str(poll.phase),
            "voter": voter,
            "weight": weight,
            "tracker": digits(place.tracker) if place else None,
            "block": place.block if place else None,
            "inSums": place.in_sums if place else None,
        }
    )
    if output.as_json:
        return
    facts = {"poll": f"{poll.title} ({poll.phase})", "voter": f"{voter}, weight {weight}"}
    if place is None:
        output.facts(facts | {"tracker": "none: no ballot counts yet"})
        return
    said = (
        "yes, with every other ballot"
        if place.in_sums
        else "NO: run `veche verify`, and tell others"
    )
    output.facts(
        facts
        | {
            "tracker": digits(place.tracker),
            "block": str(place.block),
            "in the sums": said,
        }
    )


def _keystore_address(keystore: Path | None) -> str:
    from veche.files import keystore as keystores

    if keystore is None:
        raise typer.BadParameter("whose ballot? Give --voter ADDRESS or --keystore FILE")
    return keystores.address(keystore)
