"""Polls: published from a `poll.toml`, or cancelled before anybody has voted."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from veche.chain.board import Board
from veche.chain.catalogue import PollTerms
from veche.chain.foundation import require_foundation, require_ready_board
from veche.chain.pending import OnSent
from veche.chain.poll import Poll
from veche.crypto.questions import Question
from veche.errors import (
    AnotherRun,
    BoardNotReady,
    InvalidTimes,
    TooFewVoters,
)
from veche.errors.amounts import counted
from veche.errors.phrases import listed
from veche.errors.times import time_text
from veche.files.poll import PollFile, read_poll
from veche.official import versions
from veche.official.office import Office
from veche.official.plan import Fact, Plan, Step, table
from veche.official.requirements import require_all, require_funds, require_owner, require_untouched
from veche.official.versions import Version
from veche.protocol import link
from veche.protocol.content import QuestionTexts, kind
from veche.protocol.phase import BoardPhase, Phase
from veche.protocol.rare_weights import caution

GAS: Final = 400_000
"""Gas that a poll takes at least, with GAS_OF_CHOICE for every choice."""
GAS_OF_CHOICE: Final = 25_000
GAS_TO_CANCEL: Final = 40_000
"""Gas that a cancelling takes at least."""


def publish_poll(office: Office, path: Path) -> Poll:
    """Publishes the poll that a `poll.toml` describes, unless it is the newest version already.

    Raises:
        InvalidFile: the file or its roll has mistakes, or cannot be read.
        NotDeployed: the network has no catalogue, or no board with the name in the file.
        InsufficientFunds: the account has no ether.
        Refused: the contracts would refuse the poll.
        Obstacles: several of these.
        Declined: the official said no.
        AnotherRun: the newest version is another poll than the file's.
        ChecksFailed: the node shows a poll that a vote must not be encrypted for.
    """
    file = read_poll(path)
    office.settle()
    if not _is_published(office, file):
        office.carry_out(_plan(office, file))
    published = versions.find(office, file.id)
    _require_own(office, published, file)
    office.say(announcement(office, published, path))
    return published.poll


def _is_published(office: Office, file: PollFile) -> bool:
    if office.deployments.catalogue is None:
        return False
    found = versions.newest(office, office.catalogue, file.id)
    is_known = file.board_address is not None or file.board in office.deployments.boards
    return is_known and versions.is_that_of(found, versions.terms(office, file), file)


def _require_own(office: Office, found: Version, file: PollFile) -> None:
    """Refuses to announce a poll that is not the file's: its link would lead all voters there."""
    if not versions.is_that_of(found, versions.terms(office, file), file):
        what = f"the node shows {found.name}, as the newest, and it is not the poll in {file.path}"
        raise AnotherRun(f"{what}; another run has published it, or the node lies")
    require_foundation(office.chain.node, found.poll.address, expect=found.poll.hash)


def announcement(office: Office, version: Version, path: Path) -> str:
    """The text with all that officials have to make public about a poll."""
    poll = version.poll
    facts = [
        ("address", poll.address),
        ("poll hash", f"0x{poll.hash.hex()}"),
        ("chain", str(office.chain.id)),
    ]
    lines = [
        f"Poll {version.name}, is published.",
        "",
        "Make this public, on paper and on your site, so that nobody is led to another poll:",
        *table(facts),
        "The same in one line, for voters:",
        f"  {link.of(poll.definition)}",
        "",
        f"Next: {office.command('publish_roll', path)}",
    ]
    return "\n".join(lines)


# -- The plan of a poll --


def _plan(office: Office, file: PollFile) -> Plan:
    _require_publishable(office, file)
    wanted, catalogue = versions.terms(office, file), office.catalogue
    before = versions.newest(office, catalogue, file.id)
    number = before.number + 1 if before else 0

    def take(on_sent: OnSent) -> None:
        if len(catalogue.versions(file.id)) != number:
            raise AnotherRun(f"another run has published version {number} of {file.id}")
        args = file.id, wanted, file.content.encoded, office.chain.sender
        catalogue.publish(*args, on_sent=on_sent)

    return Plan(
        f"Publish the poll {file.id}, version {number}",
        [
            *office.facts(),
            ("catalogue", catalogue.address),
            *facts_of(file),
            ("board", _board(office, file, wanted)),
        ],
        [Step(f"poll {file.id} {number}", f"publish the poll {file.id}, version {number}", take)],
        [
            *_about_versions(before, wanted, file),
            *_about_weights(file),
            *(each.told(str(file.path)) for each in file.cautions),
        ],
    )


def _require_publishable(office: Office, file: PollFile) -> None:
    """Refuses a poll that the contracts would refuse, with all reasons at once."""
    gas = GAS + GAS_OF_CHOICE * file.questions.choices
    require_all(
        lambda: require_funds(office.chain, gas=gas),
        lambda: require_owner(office.catalogue, office.account),
        lambda: _require_times(office, file),
        lambda: _require_board(office, file),
    )


def _require_board(office: Office, file: PollFile) -> None:
    board = office.chain.board(versions.terms(office, file).board)
    require_all(lambda: _require_ready(office, board, file), lambda: _require_minimum(board, file))


def _require_times(office: Office, file: PollFile) -> None:
    now, zone = office.chain.time, file.zones[0]
    if now > file.opens:
        clock = f"the chain's clock shows {time_text(now, zone)}"
        reason = f"opens is {time_text(file.opens, zone)}, but {clock}"
        raise InvalidTimes(now, file.opens, file.closes, reason=reason)


def _require_ready(office: Office, board: Board, file: PollFile) -> None:
    """Refuses a board without a key, or with one that must not be used."""
    phase = board.phase
    if phase != BoardPhase.READY:
        reason = f"the board {file.board} has no key: it is {phase}"
        raise BoardNotReady(phase.number, reason=reason)
    catalogue = office.catalogue.address
    require_ready_board(office.chain.node, board.address, catalogue=catalogue)


def _require_minimum(board: Board, file: PollFile) -> None:
    fewest = board.definition.terms.min_voters
    if file.min_voters < fewest:
        raise TooFewVoters(fewest, file.min_voters)


def _board(office: Office, file: PollFile, wanted: PollTerms) -> str:
    board = office.chain.board(wanted.board).definition.terms
    quorum = f"{board.threshold} of {len(board.trustees)} trustees decrypt"
    return f"{file.board}, {wanted.board}: {quorum}"


def facts_of(file: PollFile) -> list[Fact]:
    """The facts of a poll's file to check before it is published."""
    weight = f"total weight {file.roll.total_weight:,}"
    return [
        ("title", file.content.title),
        *([("description", file.content.description)] if file.content.description else []),
        *_questions(file),
        ("opens", time_text(file.opens, file.zones[0])),
        ("closes", time_text(file.closes, file.zones[1])),
        ("voters", f"{len(file.roll):,}, {weight}"),
        ("minimum", f"{counted(file.min_voters, 'voter')}, otherwise there is no result"),
        *([("quorum", file.content.quorum.text)] if file.content.quorum else []),
    ]


def _questions(file: PollFile) -> list[Fact]:
    pairs = zip(file.content, file.questions, strict=True)
    return [
        (f"question {number}", "\n".join(_question(texts, limits)))
        for number, (texts, limits) in enumerate(pairs, start=1)
    ]


def _question(texts: QuestionTexts, limits: Question) -> list[str]:
    return [texts.text, f"{kind(limits)}: {' | '.join(texts.options)}", *texts.rules]


def _about_versions(before: Version | None, wanted: PollTerms, file: PollFile) -> list[str]:
    if before is None:
        return []
    changed = listed(versions.differences(before.poll, wanted, file))
    old = f"version {before.number} at {before.poll.address}"
    what = f"this is a new version; {old} differs in: {changed}."
    phase, ballots = before.poll.phase, before.poll.voter_count
    if phase not in (Phase.SCHEDULED, Phase.OPEN):
        return [f"{what} That one is {phase}."]
    stays = f"That one stays {phase} beside this one, with {counted(ballots, 'ballot')};"
    return [f"{what} {stays} ballots are not carried over."]


def _about_weights(file: PollFile) -> list[str]:
    """A warning of weights that would give ballots away (PROTOCOL §6), if there are such."""
    weights = file.roll.entries.weights()
    return list(filter(None, [caution(weights, fewest=file.min_voters)]))


# -- Cancelling --


def cancel_poll(office: Office, id_: str, version: int | None = None) -> Poll:
    """Cancels a version of a poll that nobody has voted in, by default the newest.

    Raises:
        NotDeployed: no catalogue is noted for the network.
        UnknownPollId, UnknownVersion: the catalogue has no such poll, or the poll no such version.
        HasBallots: somebody has voted in it.
        WrongPhase: it has closed.
        InsufficientFunds, OwnableUnauthorizedAccount: the account has no ether, or does not own the
            catalogue.
        Obstacles: several of the last four.
        Declined: the official said no.
    """
    office.settle()
    found = versions.find(office, id_, version)
    if found.poll.phase != Phase.CANCELLED:
        office.carry_out(_plan_to_cancel(office, found))
    office.say(
        f"Poll {found.name}, at {found.poll.address}, is cancelled.\n"
        "Tell voters, in all places where you made its address public."
    )
    return found.poll


def _plan_to_cancel(office: Office, version: Version) -> Plan:
    poll, catalogue = version.poll, office.catalogue
    require_all(
        lambda: require_funds(office.chain, gas=GAS_TO_CANCEL),
        lambda: require_owner(catalogue, office.account),
        lambda: require_untouched(poll, "a poll can be cancelled"),
    )

    def take(on_sent: OnSent) -> None:
        catalogue.cancel(version.id, version.number, office.chain.sender, on_sent=on_sent)

    key = f"cancel {version.id} {version.number}"
    facts = [*office.facts(), ("poll", version.name), ("address", poll.address)]
    facts += [("title", poll.title), ("phase", f"{poll.phase}, without a ballot")]
    return Plan(
        f"Cancel the poll {version.name}",
        facts,
        [Step(key, f"cancel the poll {version.name}", take)],
        ["this cannot be undone; you can publish a new version with the same id."],
    )
