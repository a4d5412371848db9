"""What observers do: verify a poll from scratch, keep a record of it."""

from __future__ import annotations

from pathlib import Path
from shlex import quote
from typing import TYPE_CHECKING, Annotated, Final

import typer

from veche.cli import basis, connection, lookup, options, verdicts
from veche.cli.new_files import require_new
from veche.cli.output import Output, command, digits, warn
from veche.errors.amounts import counted
from veche.errors.root import FAILED, TO_COME

if TYPE_CHECKING:
    from veche.cli.verdicts import Verified
    from veche.protocol.roll import Roll

record: Final = typer.Typer(help="Election records: all public data of a poll in one file.")


# -- Verify --


def verify(
    context: typer.Context,
    poll: options.PollOrFile,
    *,
    expect: options.Expect = None,
    roll: options.Roll = None,
    rpc: options.Rpcs = [options.DEFAULT_URL],  # noqa: B006  # Typer takes it as it is
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
        found = verdicts.of_record(context, path, rpc, catalogue, expect, given, output)
    else:
        found = _verify_nodes(poll, rpc, catalogue, expect, given, output)
    output.tell(found.fields(), *found.text())
    for each in found.warnings():
        warn(each)
    verdict = found.verification.report.verdict
    if verdict != Verdict.PASS:
        raise typer.Exit(FAILED if verdict == Verdict.FAIL else TO_COME)


def _verify_nodes(
    poll: str,
    urls: list[str],
    catalogue: str | None,
    expect: bytes | None,
    roll: Roll | None,
    output: Output,
) -> Verified:
    from veche.observer.agreement import check_agreement, common_block
    from veche.observer.node_evidence import NodeEvidence

    lookup.expected_hash(poll, expect)
    with lookup.perhaps_no_file(poll):
        chain, nodes = connection.open_nodes(urls)
        mark = common_block(nodes)
        with connection.reached_by_all(mark, nodes):
            address = lookup.find_address(chain.pinned(mark), poll, catalogue=catalogue)
            evidence = NodeEvidence(chain.node, address, block=mark.hash)
    rests_on = lookup.basis(chain, poll, nodes, expect=expect, catalogue=catalogue)
    found = verdicts.of(evidence, rests_on, roll, output)
    if nodes[1:]:
        check_agreement(evidence, nodes[1:], found.verification.report)
    return found


# -- Record --


@record.command("save")
def save(
    poll: options.Poll,
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="The file to write. It must not exist yet.")
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

    require_new(file)
    output, given = Output(as_json), lookup.read_roll(roll)
    chain = connection.read_chain(rpc)
    address = lookup.find_address(chain, poll, catalogue=catalogue)
    evidence = NodeEvidence(chain.node, address, block=chain.block)
    told = lookup.expected_hash(poll, expect)
    evidence.definition().require_hash(told)
    most = evidence.state().voters
    with output.progress("Writing every ballot", most) as report:
        count = record_writer.save_record(evidence, file, report, roll=given)
    size = file.stat().st_size
    output.tell(
        {
            "poll": address,
            "file": str(file),
            "ballots": count,
            "bytes": size,
            "asOf": basis.chain_fields(chain),
        },
        f"{file}: {counted(count, 'ballot')}, {size:,} bytes. Check it with the "
        "poll hash that officials published:",
        command(f"veche verify {quote(str(file))} --expect {digits(told) if told else '0x…'}"),
    )
