"""`veche rehearse`: a dress rehearsal of a whole poll on a chain of this machine."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Annotated, Any

import typer

from veche.cli import figures, options, relay
from veche.cli.output import Output, bold, plain, stderr, warn
from veche.errors import ChecksFailed
from veche.errors.amounts import counted

if TYPE_CHECKING:
    from rich.console import RenderableType
    from rich.progress import Progress

    from veche.protocol.content import Scores
    from veche.protocol.figures import Figures
    from veche.rehearsal.play import Outcome, Script


def rehearse(
    poll: Annotated[
        Path | None,
        typer.Argument(
            metavar="POLL.toml", help="A poll as officials write it. The votes are random."
        ),
    ] = None,
    *,
    ballots: Annotated[
        Path | None,
        typer.Option(
            "--ballots", metavar="FILE.cat", help="Real approval ballots, in PrefLib's format."
        ),
    ] = None,
    through_relay: Annotated[
        bool,
        typer.Option(
            "--relay",
            help="Voters enrol with codes of letters, and vote without ether, both at a relay.",
        ),
    ] = False,
    as_json: options.Json = False,
) -> None:
    """Rehearses a whole poll on a chain of this machine.

    Trustees make a key. The poll and its roll are published. Every ballot is encrypted, proven and
    cast; one is replaced, and a stranger's is refused. A trustee is missing; the others decrypt the
    sums. The contract proves the result, and everything is checked again. Every number is compared
    with the plain count: the exit code is 0 if all agree, otherwise 9. With --relay, the way begins
    with letters for a list of people, and a relay enrols the voters and casts their ballots.

    Example:  veche rehearse examples/poll.toml
    """
    if (poll is None) == (ballots is None):
        raise typer.BadParameter("name a poll.toml, or real ballots with --ballots")
    if through_relay:
        relay.require_extra()
    output = Output(as_json)
    begun = monotonic()
    script = _of_poll(poll) if poll else _of_ballots(ballots or Path())
    outcome = _play(script, output, through_relay=through_relay)
    seconds = round(monotonic() - begun, 1)
    output.tell(_fields(outcome, seconds), *_text(script, outcome, seconds))
    if not outcome.agrees:
        raise ChecksFailed(_disagreements(outcome))


def _of_poll(path: Path) -> Script:
    """The poll in a file, with a random vote for every voter on its roll."""
    from veche.files.poll import read_poll
    from veche.rehearsal.play import Script, random_votes

    file = read_poll(path)
    for each in file.cautions:
        warn(each.told(str(path)))
    weights = [each.weight for each in file.roll]
    votes = random_votes(file.questions, len(weights))
    return Script(file.content, file.questions, votes, weights, file.min_voters)


def _of_ballots(path: Path) -> Script:
    """An approval poll of the candidates in a file, with the ballots in it."""
    from veche.crypto.questions import Questions
    from veche.files.preflib import read_preflib
    from veche.protocol.content import Content, QuestionTexts
    from veche.rehearsal.play import Script

    file = read_preflib(path)
    count = len(file.candidates)
    texts = QuestionTexts("Of whom do you approve?", file.candidates)
    content = Content(file.title, "", (texts,))
    questions = Questions.of((count, 1, 0, count))
    return Script(content, questions, file.ballots, [1] * len(file.ballots))


# -- On stage --


def _play(script: Script, output: Output, *, through_relay: bool) -> Outcome:
    from veche.rehearsal.play import rehearse as play

    people = f"{counted(len(script.votes), 'voter')}, {counted(script.questions.choices, 'choice')}"
    output.say(bold(f"{script.content.title}: {people}"))
    with _bars(output) as bars:

        @contextmanager
        def stage(name: str, parts: int) -> Iterator[Callable[[], None]]:
            task = bars.add_task(name, total=parts)
            yield lambda: bars.advance(task)

        return play(script, stage, relay=through_relay)


def _bars(output: Output) -> Progress:
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (
        TextColumn("{task.description}", markup=False),
        BarColumn(bar_width=24),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    return Progress(*columns, console=stderr, disable=output.as_json)


# -- The outcome --


def _fields(outcome: Outcome, seconds: float) -> dict[str, Any]:
    results = outcome.results or {}
    return {
        "ballots": outcome.ballots,
        "results": [{"question": name, "scores": given} for name, given in results.items()],
        "proven": outcome.proven,
        "verified": outcome.verified,
        "agrees": outcome.agrees,
        "replaced": outcome.replaced,
        "refused": outcome.refused,
        "trusteesMissing": 1,
        "checks": outcome.report.to_plain()["checks"],
        "seconds": seconds,
    }


def _text(script: Script, outcome: Outcome, seconds: float) -> Iterator[RenderableType]:
    if outcome.results is not None:
        yield from figures.text(_figures(script, outcome, outcome.results))
    yield (
        f"{counted(outcome.ballots, 'voter')} with weight {sum(script.weights):,}; "
        f"{outcome.replaced} ballot replaced, a stranger's ballot refused "
        f"({outcome.refused}), 1 of 3 trustees missing."
    )
    checks = len(list(outcome.report))
    yield f"{checks} checks made again from the chain: {outcome.report.verdict}."
    yield f"Every number compared with the plain count, {seconds} seconds in all."
    if outcome.agrees:
        yield plain("RESULT PROVEN ON CHAIN", style="bold green")


def _figures(script: Script, outcome: Outcome, scores: Scores) -> Figures:
    from veche.protocol.figures import Figures, Turnout

    weight = sum(script.weights)
    turnout = Turnout(outcome.ballots, len(script.weights), weight, weight)
    return Figures.of(script.content, (*script.questions,), scores, turnout)


def _disagreements(outcome: Outcome) -> list[str]:
    """Checks that did not pass, a result that is not proven, and scores that differ from the plain
    count.
    """
    found = [f"{c.name}: {c.detail}" for c in outcome.report if c.verdict != "pass"]
    if not outcome.proven:
        found.append("result: the contract has proven no result")
    if outcome.results != outcome.expected:
        found.append(f"result: {outcome.results}, but the plain count is {outcome.expected}")
    return found
