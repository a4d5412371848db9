"""Verdicts on polls: the checks, what they rest on, the result, and all of it in a sentence."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from veche.cli import basis, cautions
from veche.cli.output import Output, bold, chart, digits, facts, plain
from veche.errors import VecheError

if TYPE_CHECKING:
    from rich.console import RenderableType
    from rich.text import Text

    from veche.observer.basis import Basis
    from veche.observer.evidence import Evidence
    from veche.observer.verification import Confirm, Verification
    from veche.protocol.block_mark import BlockMark
    from veche.protocol.content import Scores
    from veche.protocol.roll import Roll

FAILED: Final = 1
"""The exit code if a check failed."""
TO_COME: Final = 8
"""The exit code if some checks are pending and all others passed."""

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
        fields["block"] = basis.block_fields(self.mark)
        fields["restsOn"] = basis.fields(self.rests_on, found)
        if definition is not None:
            fields |= {"poll": definition.address, "pollHash": digits(definition.hash)}
        if found.phase is not None:
            fields["phase"] = str(found.phase)
        if found.box is not None:
            fields |= {"ballots": found.box.count, "voters": found.box.voters}
        fields["results"] = scores_fields(found.result) if found.result else None
        return fields

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
        yield from scores_charts(found.result or {})
        if found.result and found.state:
            yield turnout_text(found.state.voters, found.state.weight)
        yield facts(basis.facts(self.rests_on, found, self.mark))
        yield bold(f"\n{_summary(found)}{basis.caution(self.rests_on, found)}")

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


# -- Result --


def scores_fields(scores: Scores) -> list[dict[str, Any]]:
    """The result of a poll, for machines."""
    return [{"question": name, "scores": given} for name, given in scores.items()]


def scores_charts(scores: Mapping[str, Mapping[str, int]]) -> Iterator[RenderableType]:
    """The result of a poll, for people."""
    return (chart(name, given) for name, given in scores.items())


def turnout_text(voters: int, weight: int) -> str:
    """How many have voted, for people."""
    return f"Ballots of {voters} voters, weight {weight}.\n"


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
