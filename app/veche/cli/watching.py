"""`veche watch`: follows a poll and its nodes, makes every check as blocks come."""

from __future__ import annotations

from math import inf
from time import monotonic, sleep, time
from typing import TYPE_CHECKING, Annotated, Any

import typer

from veche.cli import basis, connection, lookup, options, verdicts
from veche.cli.output import Output, stderr, warn
from veche.cli.verdicts import Verified
from veche.errors import NodeError, NodeStandsStill
from veche.errors.amounts import counted
from veche.errors.root import FAILED
from veche.errors.times import time_text
from veche.files.local import EMBEDDED

if TYPE_CHECKING:
    from collections.abc import Iterator

    from veche.chain.node import Node
    from veche.observer.basis import Basis
    from veche.observer.standstill import Standstill
    from veche.observer.verification import Verification
    from veche.observer.watching import Observation, Watch


def watch(
    poll: options.Poll,
    *,
    expect: options.Expect = None,
    roll: options.Roll = None,
    rpc: options.Rpcs = [options.DEFAULT_URL],  # noqa: B006  # Typer takes it as it is
    catalogue: options.Catalogue = None,
    every: Annotated[
        int, typer.Option("--every", metavar="SECONDS", min=1, help="How often to look.")
    ] = 5,
    as_json: options.Json = False,
) -> None:
    """Follows a poll until Ctrl-C: makes every check as blocks come, shows phase and turnout.

    At the first check that fails, it raises the alarm and ends with exit code 1. If no new block
    comes, it warns; if none comes though the poll must have closed, it raises the alarm and ends
    with 5. If blocks are replaced in a reorganisation, it counts all ballots again. When the poll
    is over, it shows verdict and result, and ends with 0.

    Example:  veche watch trees
    """
    from veche.chain.poll_contract import PollContract
    from veche.observer.agreement import common_block
    from veche.observer.watching import Watch

    output, given = Output(as_json), lookup.read_roll(roll)
    lookup.expected_hash(poll, expect)
    chain, nodes = connection.open_nodes(rpc)
    mark = common_block(nodes)
    with connection.reached_by_all(mark, nodes):
        pinned = chain.pinned(mark)
        address = lookup.find_address(pinned, poll, catalogue=catalogue)
        PollContract(chain.node, address, block=pinned.block)
    rests_on = lookup.basis(chain, poll, nodes, expect=expect, catalogue=catalogue)
    first, *others = nodes
    watching = Watch(first, address, others=others, expect=rests_on.told, roll=given)
    _follow(watching, _standstill(chain.id, nodes, every), rests_on, every, output)


def _standstill(chain_id: int, nodes: list[Node], every: int) -> Standstill:
    """What notices if no new block comes; on an embedded chain, none may come for days."""
    from veche.observer.standstill import BLOCKS, Standstill, block_time

    names = " or ".join(each.name for each in nodes)
    if chain_id == EMBEDDED:
        return Standstill(names, inf)
    return Standstill(names, BLOCKS * max(every, *map(block_time, nodes)))


def _follow(
    watching: Watch, still: Standstill, rests_on: Basis, every: int, output: Output
) -> None:
    from veche.trust.report import Verdict

    warned: list[str] = []
    for seen in _observations(watching, still, every):
        rests_on.check(seen.found)
        verified = Verified(seen.found, seen.mark, rests_on)
        _show(seen, verified, output)
        if not warned:
            warned = verified.warnings()
            for each in warned:
                warn(each)
        if seen.found.report.verdict == Verdict.FAIL:
            stderr.bell()
            for each in verified.faults():
                warn(each)
            raise typer.Exit(FAILED)
        if seen.is_over:
            if not output.as_json:
                output.say("", *verified.conclusion())
            return


def _observations(watching: Watch, still: Standstill, every: int) -> Iterator[Observation]:
    """What is seen, whenever a new block has come. Warns if a node fails or no block comes.

    Raises:
        NodeStandsStill: no new block comes, though the poll must have closed.
    """
    warned = ""
    while True:
        try:
            seen = watching.look()
        except NodeError as error:
            seen, fault = None, str(error)
            if fault != warned:
                warn(f"{fault}. Looking again every {every} seconds.")
            warned = fault
        else:
            warned = ""
        if seen is not None:
            closes = seen.found.definition.closes if seen.found.definition else None
            still.move(seen.mark, closes=closes, now=monotonic())
            yield seen
        else:
            _notice(still)
        sleep(every)


def _notice(still: Standstill) -> None:
    try:
        notice = still.notice(now=monotonic(), time=time())
    except NodeStandsStill:
        stderr.bell()
        raise
    if notice:
        warn(notice)


def _show(seen: Observation, verified: Verified, output: Output) -> None:
    found, box = seen.found, seen.found.box
    phase = str(found.phase) if found.phase else None
    voters, ballots, weight = (box.voters, box.count, box.weight) if box else (0, 0, 0)
    anew = "; blocks were replaced, counted anew" if seen.reorganised else ""
    fields: dict[str, Any] = {
        "asOf": basis.block_fields(seen.mark),
        "phase": phase,
        "voters": voters,
        "ballots": ballots,
        "weight": weight,
        "reorganised": seen.reorganised,
        **found.report.to_plain(),
        "restsOn": basis.fields(verified.rests_on, found),
        **verdicts.result_fields(found.figures),
    }
    output.tell(
        fields,
        f"{time_text(seen.mark.time)}  block {seen.mark.number}  {phase or 'unknown'}  "
        f"{counted(voters, 'voter')}, {counted(ballots, 'ballot')}, weight {weight:,}"
        f"{_overdue(found)}{anew}",
    )


def _overdue(found: Verification) -> str:
    """The pending checks, without those that belong after the close."""
    from veche.observer.result import DECRYPTED, RESULT, SHARES

    later = () if found.phase in DECRYPTED else (SHARES, RESULT)
    pending = [each.name for each in found.report if each.verdict == "pending"]
    return "".join(f"; {name} to come" for name in pending if name not in later)
