"""Verdicts on polls: the checks, what they rest on, the result, and all of it in a sentence."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from veche.cli import basis, cautions, connection, figures, lookup, options
from veche.cli.output import Output, bold, digits, facts, plain, warn
from veche.errors import InvalidContent, VecheError
from veche.errors.amounts import counted

if TYPE_CHECKING:
    from pathlib import Path

    import typer
    from rich.console import RenderableType
    from rich.text import Text

    from veche.chain.node import Node
    from veche.observer.basis import Basis
    from veche.observer.evidence import Evidence
    from veche.observer.verification import Confirm, Verification
    from veche.protocol.block_mark import BlockMark
    from veche.protocol.definition import PollDefinition
    from veche.protocol.figures import Figures
    from veche.protocol.roll import Roll

SIGNS: Final = {"pass": "✓", "fail": "✗", "pending": "…"}


def of(
    evidence: Evidence,
    rests_on: Basis,
    roll: Roll | None,
    output: Output,
    confirm: Confirm | None = None,
) -> Verified:
    """A poll with the outcome of all checks, which are made while progress is shown.

    Args:
        evidence: the public data of the poll.
        rests_on: what the observer was told, and the nodes.
        roll: the electoral roll from a file; None for the published one.
        output: where progress is shown.
        confirm: the check that holds a record against nodes.
    """
    from veche.observer.verification import verify

    most = 0
    with suppress(VecheError):  # a check will fail
        most = evidence.state().voters
    with output.progress("Checking every ballot", most) as report:
        found = verify(evidence, expect=rests_on.told, progress=report, roll=roll, confirm=confirm)
    rests_on.check(found)
    return Verified(found, evidence.mark(), rests_on)


def of_record(
    context: typer.Context,
    path: Path,
    urls: Sequence[str],
    catalogue: str | None,
    expect: bytes | None,
    roll: Roll | None,
    output: Output,
) -> Verified:
    """The poll in a record with the outcome of all checks. Warns if no poll hash was told.

    Nodes and a catalogue count if they stand on the command line: what is in the environment is for
    polls at a node.

    Args:
        context: the command.
        path: the record.
        urls: the URLs of nodes that the record is held against.
        catalogue: the address of the catalogue that must have made the poll.
        expect: the poll hash that the observer was told.
        roll: the electoral roll from a file; None for the one in the record.
        output: where progress is shown.

    Raises:
        InvalidDocument: the file is no record.
        WrongPoll: the poll is of another catalogue.
    """
    from veche.observer.basis import Basis
    from veche.observer.record_evidence import RecordEvidence

    of_catalogue = catalogue if options.is_typed(context, "catalogue") else None
    evidence = RecordEvidence(path)
    lookup.require_catalogue(evidence, of_catalogue)
    nodes = connection.open_nodes(urls)[1] if options.is_typed(context, "rpc") else []
    rests_on = Basis(expect, of_catalogue, nodes=tuple(each.name for each in nodes))
    if expect is None:
        warn(
            "Nothing in a file shows that this is the poll you mean: give the poll hash that you "
            "were told with --expect."
        )
    return of(evidence, rests_on, roll, output, _confirmed_by(nodes))


def _confirmed_by(nodes: Sequence[Node]) -> Confirm | None:
    """The check that holds a record against nodes; None without nodes."""
    from functools import partial

    from veche.observer.agreement import check_record

    return partial(check_record, nodes=nodes) if nodes else None


@dataclass(frozen=True)
class Verified:
    """A poll that was checked.

    Attributes:
        verification: the outcome of all checks.
        mark: the block that the poll was read at.
        rests_on: what the observer was told, and the nodes.
    """

    verification: Verification
    mark: BlockMark
    rests_on: Basis

    def fields(self) -> dict[str, Any]:
        """The verdict for machines."""
        found, definition = self.verification, self.verification.definition
        fields: dict[str, Any] = found.report.to_plain()
        fields["asOf"] = basis.block_fields(self.mark)
        fields["restsOn"] = basis.fields(self.rests_on, found)
        if definition is not None:
            fields |= poll_fields(definition)
        if found.phase is not None:
            fields["phase"] = str(found.phase)
        if found.box is not None:
            box = found.box
            fields |= {"ballots": box.count, "voters": box.voters, "weight": box.weight}
        return fields | result_fields(found.figures)

    def text(self) -> Iterator[RenderableType]:
        """The verdict for people: every check, and the conclusion."""
        definition = self.verification.definition
        if definition is not None:
            yield bold(f"Poll {definition.address}\n")
        yield from _lines(self.verification)
        yield ""
        yield from self.conclusion()

    def conclusion(self) -> Iterator[RenderableType]:
        """The result if every check passed, what that rests on, and the outcome in words."""
        found = self.verification
        if found.figures:
            yield from figures.text(found.figures)
        yield facts(self.basis())
        yield bold(f"\n{self.summary}")

    def basis(self) -> dict[str, str]:
        """What the verdict rests on, for people."""
        return basis.facts(self.rests_on, self.verification, self.mark)

    @property
    def summary(self) -> str:
        """The outcome of all checks in words, and what it does not show."""
        found = self.verification
        return f"{_summary(found)}{basis.caution(self.rests_on, found)}"

    def warnings(self) -> list[str]:
        """The warnings about the roll, once it is published."""
        from veche.protocol.roll import Roll

        found = self.verification
        if found.definition is None or found.box is None or not isinstance(found.box.roll, Roll):
            return []
        return list(cautions.of_roll(found.box.roll, found.definition))

    def faults(self) -> list[str]:
        """The checks that failed, each with its reason."""
        return [
            f"{each.name}: {each.detail}"
            for each in self.verification.report
            if each.verdict == "fail"
        ]


# -- For machines --


def poll_fields(definition: PollDefinition) -> dict[str, Any]:
    """Which poll it is, for machines. The title is None if it cannot be shown."""
    title = None
    with suppress(InvalidContent):
        title = definition.texts.title
    return {
        "title": title,
        "poll": definition.address,
        "pollHash": digits(definition.hash),
        "chainId": definition.chain_id,
    }


def result_fields(found: Figures | None) -> dict[str, Any]:
    """A result for machines; `results` is None if there is none."""
    return found.fields if found else {"results": None}


# -- Checks --


def _lines(found: Verification) -> Iterator[Text]:
    width = max(len(each.name) for each in found.report)
    for each in found.report:
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
        fewest = counted(found.definition.min_voters, "voter")
        return f"{ballots}. But a result needs {fewest}, so the poll is void. {none}"
    return f"{ballots}, and the result is what they add up to."


def _ballots(found: Verification, nobody: str) -> str:
    """What is known of the ballots, or these words if nobody has cast one."""
    voters = found.box.voters if found.box else 0
    if not voters:
        return nobody
    return f"the ballots of {counted(voters, 'voter')} are valid, each in the sums once"
