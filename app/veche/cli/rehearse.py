"""`veche rehearse`: a dress rehearsal of a whole poll on a chain of this machine."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from time import monotonic, sleep
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from veche.cli import asking, figures, options, relay
from veche.cli.output import Output, bold, facts, plain, stderr, warn
from veche.cli.stopping import until_stopped
from veche.errors import ChecksFailed
from veche.errors.amounts import counted
from veche.errors.times import time_text
from veche.web import page as built

if TYPE_CHECKING:
    from rich.console import RenderableType
    from rich.progress import Progress

    from veche.protocol.content import Scores
    from veche.protocol.figures import Figures
    from veche.rehearsal.play import Outcome, Script, Stage
    from veche.rehearsal.visit import Visit

LOOK_EVERY: Final = 1.0
"""Seconds between two looks whether the poll is open still."""


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
    page: Annotated[
        Path | None,
        typer.Option(
            "--page",
            metavar="FOLDER",
            help="Leave the poll open for an hour, for you to vote in it and to check it in a "
            "browser. FOLDER gets keys and letters.",
        ),
    ] = None,
    as_json: options.Json = False,
) -> None:
    """Rehearses a whole poll on a chain of this machine.

    Trustees make a key. The poll and its roll are published. Every ballot is encrypted, proven and
    cast; one is replaced, and a stranger's is refused. A trustee is missing; the others decrypt the
    sums. The contract proves the result, and everything is checked again. Every number is compared
    with the plain count: the exit code is 0 if all agree, otherwise 9. With --relay, the way begins
    with letters for a list of people, and a relay enrols the voters and casts their ballots.

    With --page, the poll stays open, and links to it are shown: vote in a browser with the keys in
    FOLDER, enrol with a letter, and see the dashboard. Enter closes the poll, and the trustees
    decrypt. Ctrl-C ends everything; the keys serve again the next time.

    Example:  veche rehearse examples/poll.toml
    """
    if (poll is None) == (ballots is None):
        raise typer.BadParameter("name a poll.toml, or real ballots with --ballots")
    if through_relay or page:
        relay.require_extra()
    script = _of_poll(poll) if poll else _of_ballots(ballots or Path())
    if page:
        _receive(script, page, Output(as_json, tells_meanwhile=True))
    else:
        _rehearse(script, Output(as_json), through_relay=through_relay)


def _rehearse(script: Script, output: Output, *, through_relay: bool) -> None:
    """Plays the whole poll, and compares every number.

    Raises:
        ChecksFailed: numbers differ, or a check fails.
    """
    begun = monotonic()
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

    with _stages(script, output) as stage:
        return play(script, stage, relay=through_relay)


@contextmanager
def _stages(script: Script, output: Output) -> Iterator[Stage]:
    """Shows what is played, and how far every step is."""
    people = f"{counted(len(script.votes), 'voter')}, {counted(script.questions.choices, 'choice')}"
    output.say(bold(f"{script.content.title}: {people}"))
    with _bars(output) as bars:

        @contextmanager
        def stage(name: str, parts: int) -> Iterator[Callable[[], None]]:
            task = bars.add_task(name, total=parts)
            yield lambda: bars.advance(task)

        yield stage


def _bars(output: Output) -> Progress:
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (
        TextColumn("{task.description}", markup=False),
        BarColumn(bar_width=24),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    return Progress(*columns, console=stderr, disable=output.as_json)


# -- The open house --


def _receive(script: Script, folder: Path, output: Output) -> None:
    """Leaves the poll open to visitors until Enter is pressed or the hour is over, and shows its
    result until Ctrl-C.
    """
    from veche.rehearsal.visit import opened

    with until_stopped(output), ExitStack() as ends:
        with _stages(script, output) as stage:
            visit = ends.enter_context(opened(script, stage, folder))
        _tell_links(visit, folder, output)
        while visit.poll.phase == "open" and not asking.is_enter_pressed(within=LOOK_EVERY):
            pass
        with _stages(script, output) as stage:
            phase = visit.end(stage)
        output.tell({"phase": phase}, f"The poll is {phase}. The links go on to show it.")
        while True:
            sleep(LOOK_EVERY)


def _tell_links(visit: Visit, folder: Path, output: Output) -> None:
    from veche.protocol import link
    from veche.rehearsal.visit import LETTERS, PASSWORD

    named, closes = str(link.of(visit.poll.definition)), visit.poll.definition.closes
    links = {
        "vote": built.at(visit.relay, named),
        "check": built.at(visit.relay, f"check&{named}"),
        "enrol": visit.letter,
    }
    closing = "Enter closes it now. " if asking.has_terminal() else ""
    keys = [str(each) for each in visit.keystores]
    fields = {"closes": closes, **links, "keys": keys, "password": PASSWORD}
    files = {
        "keys": f"{', '.join(keys)}; each opens with: {PASSWORD}",
        "letters": f"{folder / LETTERS}, for another poll",
    }
    output.tell(
        fields | {"letters": str(folder / LETTERS)},
        facts(links | files),
        f"The poll is open until {time_text(closes)}. {closing}Ctrl-C ends everything.",
    )


# -- The outcome --


def _fields(outcome: Outcome, seconds: float) -> dict[str, Any]:
    results = outcome.results or {}
    return {
        "voters": outcome.voters,
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
        f"{counted(outcome.voters, 'voter')} with weight {sum(script.weights):,}; "
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
    turnout = Turnout(outcome.voters, len(script.weights), weight, weight)
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
