"""What observers do: verify a poll from scratch, keep a record of it, watch it."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from time import sleep
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from veche.cli import cautions, connection, lookup, options
from veche.cli.output import Output, bold, digits, plain, stderr, warn
from veche.errors import InvalidFile, Mistake, NodeError, VecheError, WrongPoll
from veche.errors.times import time_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.text import Text

    from veche.chain.connection import Chain
    from veche.chain.node import Node
    from veche.observer.evidence import Evidence
    from veche.observer.verification import Confirm, Verification
    from veche.observer.watching import Observation, Watch
    from veche.protocol.roll import Roll
    from veche.trust.report import Report

FAILED: Final = 1
"""The exit code if a check failed."""
TO_COME: Final = 8
"""The exit code if some checks are pending and all others passed."""

SIGNS: Final = {"pass": "✓", "fail": "✗", "pending": "…"}

Rpcs = Annotated[
    list[str],
    typer.Option(
        "--rpc",
        envvar="VECHE_RPC",
        metavar="URL|NETWORK",
        rich_help_panel=options.NODE,
        help="The URL of an Ethereum node, or a private network's name. May be repeated: all nodes "
        "must agree.",
    ),
]

record: Final = typer.Typer(help="Election records: all public data of a poll in one file.")


# -- Verify --


def verify(
    context: typer.Context,
    poll: Annotated[
        str,
        typer.Argument(
            metavar="POLL|FILE",
            help="The link that officials made public, which contains the poll hash; an address; "
            "an official id; or a file of `veche record save`.",
        ),
    ],
    *,
    expect: options.Expect = None,
    roll: options.Roll = None,
    rpc: Rpcs = [options.DEFAULT_URL],  # noqa: B006  # Typer takes it as it is
    catalogue: options.Catalogue = None,
    as_json: options.Json = False,
) -> None:
    """Checks a poll again, from scratch: code, key, roll, every ballot, sums, shares, result.

    Whatever can be computed is computed, not believed. A file needs no node; with --rpc, it is held
    against one. The exit code is 0 if every check passes, in a void or cancelled poll too; 1 if a
    check fails, 8 if some checks are pending, 3 if the file is no record, 5 if the node was lost.

    Example:  veche verify trees --expect 0x5c1f… --rpc http://127.0.0.1:8545
    """
    from veche.trust.report import Verdict

    output = Output(as_json)
    path, given = lookup.find_record(poll), lookup.read_roll(roll)
    if path:
        urls = rpc if _is_typed(context, "rpc") else []
        of = catalogue if _is_typed(context, "catalogue") else None
        found = _verify_file(path, urls, of, expect, given, output)
    else:
        found = _verify_nodes(poll, rpc, catalogue, expect, given, output)
    verification, evidence = found
    output.tell(_fields(verification, evidence), *_text(verification, evidence))
    for each in _cautions(verification):
        warn(each)
    if evidence.is_record and expect is None:
        warn(
            "Nothing in a file shows that this is the poll you mean: give the poll hash that you "
            "were told with --expect."
        )
    verdict = verification.report.verdict
    if verdict != Verdict.PASS:
        raise typer.Exit(FAILED if verdict == Verdict.FAIL else TO_COME)


def _is_typed(context: typer.Context, option: str) -> bool:
    """Whether an option stands on the command line, rather than in the environment."""
    source = context.get_parameter_source(option)
    return source is not None and source.name == "COMMANDLINE"


def _verify_file(
    path: Path,
    urls: list[str],
    catalogue: str | None,
    expect: bytes | None,
    roll: Roll | None,
    output: Output,
) -> tuple[Verification, Evidence]:
    from veche.observer.record_evidence import RecordEvidence

    evidence = RecordEvidence(path)
    own = evidence.provenance().root.address
    if catalogue not in (None, own):
        raise WrongPoll(f"the poll in {path} is of the catalogue at {own}, not at {catalogue}")
    confirm = _confirmed_by(urls) if urls else None
    return _verify(evidence, expect, roll, output, confirm), evidence


def _confirmed_by(urls: list[str]) -> Confirm:
    """The check that holds a record against nodes."""
    from functools import partial

    from veche.observer.agreement import check_record

    return partial(check_record, nodes=[connection.open_chain(url).node for url in urls])


def _verify_nodes(
    poll: str,
    urls: list[str],
    catalogue: str | None,
    expect: bytes | None,
    roll: Roll | None,
    output: Output,
) -> tuple[Verification, Evidence]:
    from veche.chain.connection import connect
    from veche.observer.agreement import check_agreement
    from veche.observer.node_evidence import NodeEvidence

    told = lookup.expected_hash(poll, expect)
    chain, address = _look_up(poll, urls[0], catalogue)
    others = [connect(where).node for where in urls[1:]]
    evidence = NodeEvidence(chain.node, address, block=_common_block([chain.node, *others]))
    found = _verify(evidence, told, roll, output)
    if others:
        check_agreement(evidence, others, found.report)
    return found, evidence


def _look_up(poll: str, url: str, catalogue: str | None) -> tuple[Chain, str]:
    """The chain and the address of a poll.

    Raises:
        InvalidFile: there is no such poll, and what was given looks like the path of a file.
    """
    try:
        chain = connection.open_chain(url)
        return chain, lookup.find_address(chain, poll, catalogue=catalogue)
    except VecheError as error:
        is_folder = False
        with suppress(OSError):  # no path can be as long as this
            is_folder = Path(poll).is_dir()
        if not is_folder and not {"/", "."} & set(poll):
            raise
        what = "this is a folder" if is_folder else "there is no such file"
        remedy = f"check the path; or, if it is the id of a poll: {error}"
        raise InvalidFile(poll, [Mistake(0, what, remedy)]) from error


def _common_block(nodes: list[Node]) -> int:
    """The number of the newest block that all nodes have."""
    return min(int(node.block()["number"]) for node in nodes)


def _verify(
    evidence: Evidence,
    expect: bytes | None,
    roll: Roll | None,
    output: Output,
    confirm: Confirm | None = None,
) -> Verification:
    from veche.observer.verification import verify as check

    most = 0
    with suppress(VecheError):  # a check will fail
        most = evidence.state().voters
    with output.progress("Checking every ballot", most) as report:
        return check(evidence, expect=expect, progress=report, roll=roll, confirm=confirm)


def _cautions(found: Verification) -> list[str]:
    """The warnings about the roll, once it is published."""
    from veche.protocol.roll import Roll

    if found.definition is None or found.box is None or not isinstance(found.box.roll, Roll):
        return []
    return list(cautions.of_roll(found.box.roll, found.definition))


def _fields(found: Verification, evidence: Evidence) -> dict[str, Any]:
    mark = evidence.mark()
    fields: dict[str, Any] = found.report.to_plain()
    fields["block"] = {"number": mark.number, "hash": digits(mark.hash), "time": mark.time}
    if found.definition is not None:
        fields["poll"] = found.definition.address
        fields["pollHash"] = digits(found.definition.hash)
    if found.phase is not None:
        fields["phase"] = str(found.phase)
    if found.box is not None:
        fields |= {"ballots": found.box.count, "voters": found.box.voters}
    return fields


def _text(found: Verification, evidence: Evidence) -> Iterator[Text]:
    mark = evidence.mark()
    if found.definition is not None:
        yield bold(f"Poll {found.definition.address}")
    yield plain(f"as it was at block {mark.number}, {time_text(mark.time)}\n")
    yield from _lines(found.report)
    yield bold("\n" + _summary(found))


def _lines(report: Report) -> Iterator[Text]:
    width = max(len(each.name) for each in report)
    for each in report:
        style = {"pass": "", "fail": "bold red", "pending": "dim"}[each.verdict]
        sign = SIGNS[each.verdict]
        yield plain(f"{sign} {each.verdict:<7}  {each.name:<{width}}  {each.detail}", style=style)


def _summary(found: Verification) -> str:
    """The outcome of all checks, in a sentence or two for everybody."""
    from veche.observer.verification import COMPLETE
    from veche.trust.report import Verdict

    verdicts = [str(each.verdict) for each in found.report]
    failed, pending = verdicts.count("fail"), verdicts.count("pending")
    if failed:
        return (
            f"{failed} of {len(verdicts)} checks FAILED: do not rely on what is shown of this poll."
        )
    if pending:
        hold = f"All {len(verdicts) - pending} checks that can be made hold"
        nobody, left = "nobody has voted yet", "Still to come"
        if COMPLETE in (each.name for each in found.report if each.verdict == Verdict.PENDING):
            nobody = "the file has no ballots"
            left = "Still to come, or not to be seen in a file alone"
        return f"{hold}: {_ballots(found, nobody)}. {left}: {pending}."
    return f"All {len(verdicts)} checks hold: {_end(found)}"


def _end(found: Verification) -> str:
    """The end of a poll that passed every check."""
    from veche.protocol.phase import Phase

    none = "There is no result, and there will be none."
    if found.phase == Phase.CANCELLED:
        return f"the poll was cancelled before anybody voted. {none}"
    ballots = _ballots(found, "nobody voted")
    if found.phase == Phase.VOID and found.definition:
        fewest = found.definition.min_voters
        return f"{ballots}. But a result needs {fewest} voters, so the poll is void. {none}"
    return f"{ballots}, and the result is what they add up to."


def _ballots(found: Verification, nobody: str) -> str:
    """What is known of the ballots, or these words if nobody has cast one."""
    voters = found.box.voters if found.box else 0
    if not voters:
        return nobody
    who = f"{voters} voter{'' if voters == 1 else 's'}"
    return f"the ballots of {who} are valid, each in the sums once"


# -- Record --


@record.command("save")
def save(
    poll: options.Poll,
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="The file to write; an earlier one is replaced.")
    ],
    *,
    expect: options.Expect = None,
    roll: options.Roll = None,
    rpc: options.Rpc = options.DEFAULT_URL,
    catalogue: options.Catalogue = None,
    as_json: options.Json = False,
) -> None:
    """Writes all public data of a poll into one file, which `veche verify FILE` checks.

    Example:  veche record save trees trees.record
    """
    from veche.observer import record_writer
    from veche.observer.node_evidence import NodeEvidence

    output, given = Output(as_json), lookup.read_roll(roll)
    chain = connection.open_chain(rpc)
    address = lookup.find_address(chain, poll, catalogue=catalogue)
    evidence = NodeEvidence(chain.node, address)
    told, shown = lookup.expected_hash(poll, expect), evidence.definition().hash
    if told is not None and told != shown:
        raise WrongPoll(f"the poll at {address} has the hash {digits(shown)}, not {digits(told)}")
    most = evidence.state().voters
    with output.progress("Writing every ballot", most) as report:
        count = record_writer.save(evidence, file, report, roll=given)
    size = file.stat().st_size
    output.tell(
        {"poll": address, "file": str(file), "ballots": count, "bytes": size},
        f"{file}: {count} ballots, {size:,} bytes. Check it: veche verify {file}",
    )


# -- Watch --


def watch(
    poll: options.Poll,
    *,
    expect: options.Expect = None,
    roll: options.Roll = None,
    rpc: options.Rpc = options.DEFAULT_URL,
    catalogue: options.Catalogue = None,
    every: Annotated[
        int, typer.Option("--every", metavar="SECONDS", min=1, help="How often to look.")
    ] = 5,
    as_json: options.Json = False,
) -> None:
    """Follows a poll until Ctrl-C: makes every check as blocks come, shows phase and turnout.

    At the first check that fails, it raises the alarm and ends with exit code 1. If blocks are
    replaced in a reorganisation, it counts all ballots again. It ends with 0 when the poll is over.

    Example:  veche watch trees
    """
    from veche.observer.watching import Watch
    from veche.trust.report import Verdict

    output, given = Output(as_json), lookup.read_roll(roll)
    chain = connection.open_chain(rpc)
    address = lookup.find_address(chain, poll, catalogue=catalogue)
    told = lookup.expected_hash(poll, expect)
    watching = Watch(chain.node, address, expect=told, roll=given)
    warned: list[str] = []
    for seen in _observations(watching, every):
        _show_observation(seen, output)
        if not warned:
            warned = _cautions(seen.found)
            for each in warned:
                warn(each)
        if seen.found.report.verdict == Verdict.FAIL:
            _alarm(seen.found.report)
            raise typer.Exit(FAILED)
        if seen.is_over:
            return


def _observations(watching: Watch, every: int) -> Iterator[Observation]:
    while True:
        try:
            seen = watching.look()
        except NodeError as error:
            warn(f"{error}. Looking again in {every} seconds.")
            seen = None
        if seen is not None:
            yield seen
        sleep(every)


def _show_observation(seen: Observation, output: Output) -> None:
    found, box = seen.found, seen.found.box
    phase = str(found.phase) if found.phase else None
    voters, ballots, weight = (box.voters, box.count, box.weight) if box else (0, 0, 0)
    anew = "; blocks were replaced, counted anew" if seen.reorganised else ""
    output.tell(
        {
            "block": seen.mark.number,
            "time": seen.mark.time,
            "phase": phase,
            "voters": voters,
            "ballots": ballots,
            "weight": weight,
            "reorganised": seen.reorganised,
            **found.report.to_plain(),
        },
        f"{time_text(seen.mark.time)}  block {seen.mark.number}  {phase or 'unknown'}  "
        f"{voters} voters, {ballots} ballots, weight {weight}{_overdue(found)}{anew}",
    )


def _overdue(found: Verification) -> str:
    """The pending checks, without those that belong after the close."""
    from veche.observer.result import DECRYPTED, RESULT, SHARES

    later = () if found.phase in DECRYPTED else (SHARES, RESULT)
    pending = [each.name for each in found.report if each.verdict == "pending"]
    return "".join(f"; {name} to come" for name in pending if name not in later)


def _alarm(report: Report) -> None:
    stderr.bell()
    for each in report:
        if each.verdict == "fail":
            warn(f"{each.name}: {each.detail}")
