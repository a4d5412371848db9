"""`veche status`: which ballot of a voter counts, and whether it is in the sums."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from veche.cli import basis, connection, lookup, options
from veche.cli.output import Output, digits, facts
from veche.errors import LogsMissing

if TYPE_CHECKING:
    from veche.chain.poll import Poll

Voter = Annotated[
    str | None,
    typer.Option("--voter", metavar="ADDRESS", parser=options.address, help="The voter's address."),
]


def status(
    poll: options.Poll,
    *,
    voter: Voter = None,
    keystore: options.Keystore = None,
    expect: options.Expect = None,
    roll: options.Roll = None,
    rpc: options.Rpc = options.DEFAULT_URL,
    catalogue: options.Catalogue = None,
    as_json: options.Json = False,
) -> None:
    """Shows which ballot of a voter counts, and whether it is in the sums.

    Shows the ballot's tracker and the block that holds it. For that, all ballots are checked and
    added up again. Use another device or node than the one that you voted with.

    Example:  veche status trees --voter 0x52…
    """
    output = Output(as_json)
    address = voter or _keystore_address(keystore)
    chain = connection.read_chain(rpc)
    found = lookup.find_poll(chain, poll, catalogue=catalogue, expect=expect, roll=roll)
    with output.progress("Reading the electoral roll"):
        weight = found.require_voter(address)
    counted = _counted(found, address, output)
    fields = _fields(found, address, weight, counted) | {"asOf": basis.chain_fields(chain)}
    named = _facts(found, address, weight, counted)
    named |= {
        "poll hash": basis.hash_text(found.hash, told=lookup.expected_hash(poll, expect)),
        "as of": basis.as_of(chain),
    }
    output.tell(fields, facts(named))


def _keystore_address(keystore: Path | None) -> str:
    from veche.files import keystore as keystores

    if keystore is None:
        raise typer.BadParameter("whose ballot? Give --voter ADDRESS or --keystore FILE")
    return keystores.address(keystore)


@dataclass(frozen=True)
class Counted:
    """The ballot of a voter that counts.

    Attributes:
        tracker: the ballot's name, 32 bytes.
        block: the number of the block that holds it.
        in_sums: whether it is in the sums of all ballots, as they were added up here.
    """

    tracker: bytes
    block: int
    in_sums: bool


def _counted(poll: Poll, voter: str, output: Output) -> Counted | None:
    """The ballot of a voter that counts; None before the first."""
    tracker = poll.tracker(voter)
    if tracker is None:
        return None
    logged = next(poll.ballots(voter=voter, tracker=tracker), None)
    if logged is None:
        said = f"the logs of {poll.node.name} lack your ballot 0x{tracker.hex()}, which counts"
        raise LogsMissing(said)
    return Counted(tracker, logged.block, _is_in_sums(poll, voter, output))


def _is_in_sums(poll: Poll, voter: str, output: Output) -> bool:
    """Whether all checks hold and the sums are those of all ballots, the voter's among them."""
    from veche.observer.node_evidence import NodeEvidence
    from veche.observer.verification import verify
    from veche.trust.report import Verdict

    with output.progress("Adding up all ballots", poll.voter_count) as report:
        evidence = NodeEvidence(poll.node, poll.address, block=poll.contract.block)
        roll = poll.given_roll
        found = verify(evidence, expect=poll.hash, progress=report, roll=roll)
    counted = found.box.tracker(voter) if found.box else None
    return found.report.verdict != Verdict.FAIL and counted == poll.tracker(voter)


def _fields(poll: Poll, voter: str, weight: int, counted: Counted | None) -> dict[str, Any]:
    return {
        "poll": poll.address,
        "pollHash": digits(poll.hash),
        "phase": str(poll.phase),
        "voter": voter,
        "weight": weight,
        "tracker": digits(counted.tracker) if counted else None,
        "block": counted.block if counted else None,
        "inSums": counted.in_sums if counted else None,
    }


def _facts(poll: Poll, voter: str, weight: int, counted: Counted | None) -> dict[str, str]:
    named = {"poll": f"{poll.title} ({poll.phase})", "voter": f"{voter}, weight {weight}"}
    if counted is None:
        return named | {"tracker": "none: no ballot counts yet"}
    yes, no = "yes, with every other ballot", "NO: run `veche verify`, and tell others"
    return named | {
        "tracker": digits(counted.tracker),
        "block": str(counted.block),
        "in the sums": yes if counted.in_sums else no,
    }
