"""The status of a network: its catalogue, its boards, its polls, and what to do next."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from veche.chain.board import Board, BoardState
from veche.errors import IncompleteRoll, NodeError, VecheError
from veche.errors.amounts import counted
from veche.errors.times import time_text
from veche.official import versions
from veche.official.office import Office
from veche.official.plan import Fact, table
from veche.official.results import result
from veche.official.versions import Version
from veche.protocol import link, published_roll
from veche.protocol.figures import Turnout
from veche.protocol.phase import BoardPhase, Phase
from veche.protocol.shown_figures import turnout
from veche.protocol.tally import shares_text


def status(office: Office, id_: str | None = None) -> str:
    """The status of the network; or, if an id is given, of all versions of that poll.

    Raises:
        NotDeployed: an id is given, and no catalogue is noted for the network.
        UnknownPollId: the catalogue has no poll with this id.
    """
    office = office.pinned()
    if id_ is None:
        blocks = [_network(office), *_boards(office), *_polls(office)]
    else:
        newest = versions.find(office, id_)
        numbers = reversed(range(newest.number + 1))
        blocks = [_poll(office, versions.find(office, id_, each)) for each in numbers]
    return "\n\n".join("\n".join(lines) for lines in blocks)


# -- The network --


def _network(office: Office) -> list[str]:
    node, noted = office.chain.node, office.deployments
    facts = [
        ("node", node.name),
        ("time", time_text(office.chain.time)),
        ("catalogue", _catalogue(office)),
        *((f"pending: {key}", f"transaction {each[-1]}") for key, each in noted.pending.items()),
    ]
    if noted.catalogue is None:
        facts.append(("next", office.command("deploy_catalogue")))
    elif not noted.boards:
        facts.append(("next", office.command("convene_board", "board.toml")))
    return [f"Network {office.network}, chain {office.chain.id}", *table(facts)]


def _catalogue(office: Office) -> str:
    if office.deployments.catalogue is None:
        return f"not noted in {office.deployments.path}"
    catalogue = office.catalogue
    return f"{catalogue.address}, owned by {catalogue.owner}"


# -- Boards --


def _boards(office: Office) -> Iterator[list[str]]:
    for name, address in office.deployments.boards.items():
        board = office.chain.board(address)
        state = board.state()
        yield [f"Board {name}: {_phase(state)}", *table(_board_facts(office, board, state))]


def _phase(state: BoardState) -> str:
    late = state.is_over and state.phase != BoardPhase.FAILED
    return f"{state.phase}{', too late' if late else ''}"


def _board_facts(office: Office, board: Board, state: BoardState) -> list[Fact]:
    terms = board.definition.terms
    decrypt = f"{terms.threshold} of {len(terms.trustees)}, for {terms.min_voters} voters or more"
    return [
        ("address", board.address),
        ("decrypt", decrypt),
        *_board_progress(office, board, state),
    ]


def _board_progress(office: Office, board: Board, state: BoardState) -> list[Fact]:
    terms = board.definition.terms
    if state.phase == BoardPhase.DEALING:
        facts = _awaited(board, "not dealt", state.dealt, terms.deal_by)
        return [*facts, _ceremony_next(office, state, "veche trustee deal")]
    if state.phase == BoardPhase.CONFIRMING:
        facts = _awaited(board, "not confirmed", state.confirmed, terms.confirm_by)
        return [*facts, _ceremony_next(office, state, "veche trustee confirm")]
    if state.phase == BoardPhase.FAILED:
        return [("failed", board.failure(state)), _convene_again(office)]
    return [("next", f"{office.command('publish_poll', 'poll.toml')}, for every poll to publish")]


def _awaited(board: Board, what: str, done: Sequence[int], until: int) -> list[Fact]:
    count = len(board.definition.terms.trustees)
    missing = [each for each in range(1, count + 1) if each not in done]
    return [(what, _trustees(board, missing)), ("until", time_text(until))]


def _trustees(board: Board, indices: Sequence[int]) -> str:
    return "\n".join(map(board.trustee, indices))


def _ceremony_next(office: Office, state: BoardState, command: str) -> Fact:
    if state.is_over:
        return _convene_again(office)
    return ("next", f"these trustees run `{command}`: remind them")


def _convene_again(office: Office) -> Fact:
    again = office.command("convene_board", "board.toml")
    return ("next", f"{again}, with fresh sealing keys and later deadlines")


# -- Polls --


def _polls(office: Office) -> Iterator[list[str]]:
    if office.deployments.catalogue is None:
        return
    for id_ in office.catalogue.ids():
        last = len(office.catalogue.versions(id_)) - 1
        for number in range(last, -1, -1):
            yield _readable(office, id_, number, is_newest=number == last)


def _readable(office: Office, id_: str, number: int, *, is_newest: bool) -> list[str]:
    """The lines of the newest version, or only the first line of an earlier version."""
    try:
        lines = _poll(office, versions.find(office, id_, number))
    except NodeError:
        raise
    except VecheError as error:
        return [f"Poll {id_}, version {number}, cannot be shown: {error}"]
    return lines if is_newest else lines[:1]


def _poll(office: Office, version: Version) -> list[str]:
    poll = version.poll
    terms = poll.definition
    names = {address: name for name, address in office.deployments.boards.items()}
    facts = [
        ("title", poll.title),
        ("voters' link", str(link.of(poll.definition))),
        ("board", f"{names.get(terms.board, 'not noted here')}, {terms.board}"),
        ("opens", time_text(terms.opens)),
        ("closes", time_text(terms.closes)),
        (
            "voted",
            f"{turnout(Turnout.of(poll))}; the minimum is {counted(terms.min_voters, 'voter')}",
        ),
        *_progress(office, version),
    ]
    shown = (f"  {line}".rstrip() for line in result(poll))
    return [f"Poll {version.name}: {poll.phase}", *table(facts), *shown]


def _progress(office: Office, version: Version) -> list[Fact]:
    phase = version.poll.phase
    if phase in (Phase.SCHEDULED, Phase.OPEN):
        return _before_close(office, version)
    if phase == Phase.CLOSED:
        return _after_close(office, version)
    ends = {
        Phase.TALLIED: "nothing: the result is proven",
        Phase.VOID: "nothing: too few voters took part, so there is no result",
        Phase.CANCELLED: "nothing; a new version can be published under this id",
    }
    return [("next", ends[phase])]


def _before_close(office: Office, version: Version) -> list[Fact]:
    poll = version.poll
    try:
        roll = f"published, {counted(len(poll.roll), 'voter')}"
    except IncompleteRoll:
        parts, total = poll.contract.roll_parts(), poll.definition.total_weight
        published = len(published_roll.newest(parts, total_weight=total))
        missing = f"not published: {counted(published, 'voter')} so far; nobody can vote without it"
        return [("roll", missing), ("next", office.command("publish_roll", "poll.toml"))]
    until = "it opens" if poll.phase == Phase.SCHEDULED else "voters vote until it closes"
    return [("roll", roll), ("next", f"wait: {until}")]


def _after_close(office: Office, version: Version) -> list[Fact]:
    poll = version.poll
    board, received = office.chain.board(poll.definition.board), poll.shares_posted()
    count = len(board.definition.terms.trustees)
    missing = [each for each in range(1, count + 1) if each not in received]
    facts = [("shares", shares_text(received, poll.threshold))]
    if missing:
        facts.append(("no share", _trustees(board, missing)))
    if len(received) >= poll.threshold:
        return [*facts, ("next", office.command("publish_result", *version.args))]
    return [*facts, ("next", "these trustees run `veche trustee decrypt`: remind them")]
