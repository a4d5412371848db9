"""`veche results`: a poll's result once every check has passed, also as a table and as a page."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final, NoReturn

import typer

from veche.cli import basis, connection, figures, lookup, options, verdicts
from veche.cli.new_files import require_new
from veche.cli.output import Output, bold, warn
from veche.cli.verdicts import Verified
from veche.errors import NoResult, WrongPhase
from veche.errors.amounts import counted
from veche.errors.root import FAILED
from veche.errors.times import time_text

if TYPE_CHECKING:
    from rich.console import RenderableType

    from veche.cli.lookup import ReadPoll
    from veche.protocol.roll import Roll

STDOUT: Final = Path("-")


def results(
    context: typer.Context,
    poll: options.PollOrFile,
    *,
    unverified: Annotated[
        bool,
        typer.Option(
            "--unverified",
            help="Only repeat what the node or the file says. That is faster, but both can say "
            "anything.",
        ),
    ] = False,
    csv: Annotated[
        Path | None,
        typer.Option(
            "--csv",
            metavar="FILE",
            help="Write the result into a new file too, as a table for spreadsheets; - for stdout, "
            "where nothing else is shown then.",
        ),
    ] = None,
    html: Annotated[
        Path | None,
        typer.Option(
            "--html",
            metavar="FILE",
            help="Write a report of the whole poll into a new file too: a page to read and print.",
        ),
    ] = None,
    expect: options.Expect = None,
    roll: options.Roll = None,
    rpc: options.Rpc = options.DEFAULT_URL,
    catalogue: options.Catalogue = None,
    as_json: options.Json = False,
) -> None:
    """Verifies a poll, and shows its result.

    Makes every check of `veche verify` first. If a check fails, shows no result and ends with exit
    code 1. If there is no result yet, says what is missing and ends with exit code 8. A file needs
    no node.

    Example:  veche results trees --html trees.html
    """
    from veche.protocol.phase import Phase

    files = Files(csv, html)
    files.require_possible(as_json=as_json, unverified=unverified)
    output, path = Output(as_json or files.take_stdout), lookup.find_record(poll)
    if path:
        source = _in_record(context, path, rpc, catalogue, expect, lookup.read_roll(roll), output)
    else:
        source = _at_node(poll, rpc, catalogue, expect, roll, output)
    if source.poll.phase in (Phase.SCHEDULED, Phase.OPEN, Phase.CLOSED):
        _tell_missing(source)
    if unverified:
        _repeat(source, output)
    else:
        _verify(source, files, output)


@dataclass(frozen=True)
class Source:
    """A poll, and who shows it.

    Attributes:
        poll: the poll, before it is verified.
        name: the node's name, or the path of the record.
        said_by: a phrase that names a record, whose word all is; empty for a node.
        block: the block that it is read at, for machines.
        as_of: the same for people.
        verify: makes every check.
    """

    poll: ReadPoll
    name: str
    said_by: str
    block: dict[str, Any] | None
    as_of: str
    verify: Callable[[], Verified]


def _at_node(
    poll: str,
    rpc: str,
    catalogue: str | None,
    expect: bytes | None,
    roll: Path | None,
    output: Output,
) -> Source:
    from veche.observer.node_evidence import NodeEvidence

    told = lookup.expected_hash(poll, expect)
    with lookup.perhaps_no_file(poll):
        chain = connection.read_chain(rpc)
        address = lookup.find_address(chain, poll, catalogue=catalogue)
    found = lookup.find_poll(chain, address, catalogue=None, expect=told, roll=roll)

    def verify() -> Verified:
        evidence = NodeEvidence(chain.node, found.address, block=chain.block)
        rests_on = lookup.basis(chain, poll, [chain.node], expect=expect, catalogue=catalogue)
        return verdicts.of(evidence, rests_on, found.given_roll, output)

    name, block = chain.node.name, basis.chain_fields(chain)
    return Source(found, name, "", block, basis.as_of(chain), verify)


def _in_record(
    context: typer.Context,
    path: Path,
    rpc: str,
    catalogue: str | None,
    expect: bytes | None,
    roll: Roll | None,
    output: Output,
) -> Source:
    of = catalogue if options.is_typed(context, "catalogue") else None
    found = lookup.read_record(path, catalogue=of, expect=expect)

    def verify() -> Verified:
        return verdicts.of_record(context, path, [rpc], catalogue, expect, roll, output)

    mark = found.evidence.mark()
    as_of = f"block {basis.block_text(mark)}, in {path}"
    block = basis.block_fields(mark)
    return Source(found, str(path), f"by {path}, ", block, as_of, verify)


# -- With every check --


def _verify(source: Source, files: Files, output: Output) -> None:
    """Shows the result if every check passes, and writes it into files."""
    verified = source.verify()
    found, conclusion = verified.verification.figures, verified.conclusion()
    if verified.faults():
        files.tell(output, verified.fields(), *conclusion)
        for each in verified.faults():
            warn(each)
        raise typer.Exit(FAILED)
    written = files.write(verified)
    if found is None:
        output.say(*written)
        _tell_missing(source)
    files.tell(output, verified.fields(), bold(found.texts.title), *conclusion, *written)


@dataclass(frozen=True)
class Files:
    """The files that a verified result is written into.

    Attributes:
        csv: the file of the table; None for none.
        html: the file of the report; None for none.
    """

    csv: Path | None
    html: Path | None

    @property
    def take_stdout(self) -> bool:
        """Whether the table goes to stdout, so that nothing else does."""
        return self.csv == STDOUT

    def require_possible(self, *, as_json: bool, unverified: bool) -> None:
        """Refuses files that cannot be written, before there is anything to write.

        Raises:
            typer.BadParameter: the options exclude each other.
            InvalidFile: a file exists already, or its folder does not exist.
        """
        if unverified and (self.csv or self.html):
            said = "a file would not show that nothing was verified: leave out --unverified"
            raise typer.BadParameter(said)
        if self.take_stdout and as_json:
            raise typer.BadParameter("only one of --csv - and --json can have stdout")
        if self.csv is not None and self.csv == self.html:
            raise typer.BadParameter("--csv and --html must name two files")
        for each in (self.csv, self.html):
            if each not in (None, STDOUT):
                require_new(each)

    def write(self, verified: Verified) -> list[str]:
        """Writes the files of a poll that has passed every check. Without a result there is a
        report and no table.

        Returns:
            What was written where, for people.

        Raises:
            InvalidFile: one cannot be written.
        """
        from veche.cli import report_page
        from veche.files import spreadsheet
        from veche.files.writing import write_atomically
        from veche.trust.report import Verdict

        found, lines = verified.verification, []
        if found.figures and self.take_stdout:
            sys.stdout.buffer.write(spreadsheet.csv_text(found.figures.rows).encode())
            sys.stdout.buffer.flush()
        elif found.figures and self.csv:
            text = spreadsheet.csv_text(found.figures.rows)
            write_atomically(self.csv, spreadsheet.MARK + text)
            lines.append(f"Table: {self.csv}")
        if self.html and found.definition and found.report.verdict == Verdict.PASS:
            write_atomically(self.html, report_page.page(verified, found.definition))
            lines.append(f"Report: {self.html}")
        return lines

    def tell(self, output: Output, fields: dict[str, Any], *text: RenderableType) -> None:
        """Tells what was found; on stderr if the table has stdout."""
        if self.take_stdout:
            output.say(*text)
        else:
            output.tell(fields, *text)


# -- Without --


def _repeat(source: Source, output: Output) -> None:
    """Shows the result as the node or the record says, and that this is not verified.

    Raises:
        WrongPhase: there will never be a result.
    """
    from veche.protocol.figures import Figures

    poll, scores = source.poll, source.poll.result()
    if scores is None:
        _tell_missing(source)
    found = Figures.shown(poll, scores)
    fields = {
        **verdicts.poll_fields(poll.definition),
        "phase": str(poll.phase),
        "voters": poll.voter_count,
        "weight": poll.cast_weight,
        "verdict": None,
        "asOf": source.block,
    }
    output.tell(
        fields | verdicts.result_fields(found),
        bold(poll.title),
        *figures.text(found),
        bold(f"NOT VERIFIED: this only repeats what {source.name} says."),
        f"As of {source.as_of}.",
    )


# -- No result --


def _tell_missing(source: Source) -> NoReturn:
    """Raises why there is no result.

    Raises:
        NoResult: a result can still come.
        WrongPhase: there will never be a result.
    """
    from veche.protocol.phase import Phase

    poll = source.poll
    phase, definition = poll.phase, poll.definition
    the_poll = f"{source.said_by}the poll"
    if phase == Phase.CLOSED:
        raise NoResult(f"{the_poll} is closed, and {_shares(poll)}")
    if phase in (Phase.SCHEDULED, Phase.OPEN):
        raise NoResult(f"{the_poll} is {phase} and closes at {time_text(definition.closes)}")
    fewest = counted(definition.min_voters, "voter")
    few = f": fewer than {fewest} took part" if phase == Phase.VOID else ""
    reason = f"{the_poll} is {phase}{few}. There will be no result"
    raise WrongPhase(Phase.TALLIED.number, phase.number, reason=reason)


def _shares(poll: ReadPoll) -> str:
    from veche.protocol.tally import shares_text

    received, needed = poll.shares_posted(), poll.threshold
    enough = len(received) >= needed
    to_do = "anyone can publish the result now" if enough else "trustees are yet to post them"
    return f"{shares_text(received, needed)}: {to_do}"
