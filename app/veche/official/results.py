"""Results: computed from the chain, proven and recorded by the contract. Anyone may publish one."""

from __future__ import annotations

from itertools import chain
from typing import Final

from veche.chain.pending import OnSent
from veche.chain.poll import Poll
from veche.errors import TooFewShares, WrongPhase
from veche.errors.times import time_text
from veche.official import versions
from veche.official.office import Office
from veche.official.plan import Plan, Step
from veche.official.requirements import require_all, require_funds
from veche.official.versions import Version
from veche.protocol.figures import Figures, QuestionFigures, Turnout
from veche.protocol.phase import Phase
from veche.protocol.shown_figures import columns, sentences, taking_part, turnout
from veche.protocol.tally import shares_text

GAS: Final = 80_000
"""Gas that a result takes at least, with GAS_OF_CHOICE for every choice."""
GAS_OF_CHOICE: Final = 10_000


def publish_result(office: Office, id_: str, version: int | None = None) -> Poll:
    """Computes the result of a poll and records it, unless it is recorded already.

    Raises:
        NotDeployed: no catalogue is noted for the network.
        UnknownPollId, UnknownVersion: the catalogue has no such poll, or the poll no such version.
        WrongPhase: the poll has not closed yet, or has ended without a result.
        TooFewShares: too few trustees have posted their decryption share.
        InsufficientFunds: the account has no ether.
        Obstacles: InsufficientFunds and one of the two before it.
        Declined: the official said no.
    """
    office.settle()
    found = versions.find(office, id_, version)
    if found.poll.phase != Phase.TALLIED:
        office.carry_out(_plan(office, found))
    shown = office.pinned().chain.poll(found.poll.address)
    lines = [f"The result of poll {found.name}, is proven on chain.", "", *result(shown)]
    office.say("\n".join(lines))
    return found.poll


def result(poll: Poll) -> list[str]:
    """The lines of a recorded result; no lines before it is recorded."""
    scores = poll.result()
    if scores is None:
        return []
    found = Figures.shown(poll, scores)
    questions = (_question(each, is_quorate=found.is_quorate) for each in found.questions)
    return [*chain.from_iterable(questions), *taking_part(found)]


def _question(found: QuestionFigures, *, is_quorate: bool | None) -> list[str]:
    """The table of a question, and what follows from it."""
    rows = list(zip(found.scores, *columns(found).values(), strict=True))
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = [found.texts.text]
    for option, *texts in rows:
        right = "".join(f"  {each:>{w}}" for each, w in zip(texts, widths[1:], strict=True))
        lines.append(f"  {option:<{widths[0]}}{right}")
    return [*lines, *sentences(found, is_quorate=is_quorate), ""]


def _plan(office: Office, version: Version) -> Plan:
    poll = version.poll
    gas = GAS + GAS_OF_CHOICE * poll.definition.questions.choices
    require_all(lambda: require_funds(office.chain, gas=gas), lambda: _require_provable(poll))

    def take(on_sent: OnSent) -> None:
        poll.publish_result(on_sent=on_sent)

    facts = [
        *office.facts(),
        ("poll", version.name),
        ("address", poll.address),
        ("title", poll.title),
        ("ballots", turnout(Turnout.of(poll))),
        ("shares", shares_text(poll.shares_posted(), poll.threshold)),
    ]
    step = Step(f"result {version.id} {version.number}", "compute and record the result", take)
    return Plan(f"Record the result of the poll {version.name}", facts, [step])


def _require_provable(poll: Poll) -> None:
    _require_closed(poll)
    received = len(poll.shares_posted())
    if received < poll.threshold:
        raise TooFewShares(poll.threshold, received)


def _require_closed(poll: Poll) -> None:
    phase = poll.phase
    if phase == Phase.CLOSED:
        return
    why = {
        Phase.SCHEDULED: f"it opens {time_text(poll.definition.opens)}",
        Phase.OPEN: f"it closes {time_text(poll.definition.closes)}",
        Phase.VOID: "fewer voters took part than its minimum, so there is no result",
        Phase.CANCELLED: "there is no result",
    }
    reason = f"the poll is {phase}: {why.get(phase, 'its result is recorded')}"
    raise WrongPhase(Phase.CLOSED.number, phase.number, reason=reason)
