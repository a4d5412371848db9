"""Electoral rolls: published in parts, so that a later run can go on where one stopped."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final

from veche.chain.pending import OnSent
from veche.chain.poll import Poll
from veche.errors import IncompleteRoll, NotDeployed
from veche.errors.amounts import counted
from veche.files.poll import PollFile, read_poll
from veche.official import versions
from veche.official.office import Office
from veche.official.plan import Plan, Step
from veche.official.requirements import require_all, require_funds, require_owner, require_untouched
from veche.official.versions import Version
from veche.protocol.entries import PackedEntries

GAS: Final = 25_000
"""Gas that a part of a roll takes at least, with GAS_OF_ENTRY for every entry."""
GAS_OF_ENTRY: Final = 1_000
CHUNK: Final = 500
"""Number of voters in a transaction: 32 KB, which every node accepts."""


def publish_roll(office: Office, path: Path, *, chunk: int = CHUNK) -> Poll:
    """Publishes the roll of the poll that a `poll.toml` describes, except the parts that are
    published already.

    Args:
        office: the office.
        path: the path of the poll's file.
        chunk: the number of voters in a transaction.

    Raises:
        InvalidFile: the file or its roll has mistakes, or cannot be read.
        NotDeployed: no catalogue or board is noted, or the newest version in the catalogue is
            another poll than the file's.
        UnknownPollId: the catalogue has no poll with the file's id.
        InsufficientFunds, OwnableUnauthorizedAccount: the account has no ether, or does not own the
            catalogue.
        HasBallots, WrongPhase: somebody has voted, or the poll has closed.
        Obstacles: several of the last four.
        Declined: the official said no.
    """
    file = read_poll(path)
    office.settle()
    version = _version(office, file)
    entries = file.roll.entries
    missing = _missing(version.poll, entries)
    if missing:
        office.carry_out(_plan(office, version, entries, list(_parts(missing, chunk))))
    # reads the roll again, as voters will
    roll = office.chain.poll(version.poll.address).roll
    office.say(
        f"The roll of poll {version.name}, is published: {counted(len(roll), 'voter')}, total "
        f"weight {roll.total_weight:,}. It gives the poll's root.\n"
        f"Next: {office.command('status', *version.args)}"
    )
    return version.poll


def _version(office: Office, file: PollFile) -> Version:
    version = versions.find(office, file.id)
    if not versions.is_that_of(version, versions.terms(office, file), file):
        raise NotDeployed(
            f"{version.name}, the newest version, is cancelled or is not the poll in {file.path}: "
            f"first run {office.command('publish_poll', file.path)}"
        )
    return version


def _missing(poll: Poll, entries: PackedEntries) -> list[int]:
    """The places of the roll that are not published yet, or published wrongly; none if the roll can
    be read. Of two voters at one place, the one published later counts.
    """
    with suppress(IncompleteRoll):
        len(poll.roll)
        return []
    published: dict[int, bytes] = {}
    for part in poll.contract.roll_parts():
        published.update(enumerate(PackedEntries.of(part.entries).rows(), start=part.first))
    return [place for place, row in enumerate(entries.rows()) if published.get(place) != row]


def _parts(missing: Sequence[int], chunk: int) -> Iterator[range]:
    """The missing places in parts: each has no gap, and fits into a transaction."""
    begin = end = missing[0]
    for place in missing:
        if place > end or place - begin == chunk:
            yield range(begin, end)
            begin = place
        end = place + 1
    yield range(begin, end)


def _plan(office: Office, version: Version, entries: PackedEntries, parts: Sequence[range]) -> Plan:
    left = sum(map(len, parts))
    require_all(
        lambda: require_funds(office.chain, gas=len(parts) * GAS + left * GAS_OF_ENTRY),
        lambda: require_owner(office.catalogue, office.account),
        lambda: require_untouched(version.poll, "a roll can be published"),
    )
    weight = sum(entries.weights())
    facts = [
        *office.facts(),
        ("poll", version.name),
        ("address", version.poll.address),
        ("title", version.poll.title),
        ("voters", f"{len(entries):,}, total weight {weight:,}"),
        ("published", f"{len(entries) - left:,}"),
    ]
    steps = [_step(office, version, entries, part) for part in parts]
    warning = "the roll is public for ever, with all addresses and weights."
    return Plan(f"Publish the roll of the poll {version.name}", facts, steps, [warning])


def _step(office: Office, version: Version, entries: PackedEntries, part: range) -> Step:
    def take(on_sent: OnSent) -> None:
        own = entries[part.start : part.stop]
        office.catalogue.publish_roll(
            version.id, version.number, part.start, own, office.chain.sender, on_sent=on_sent
        )

    key = f"roll {version.id} {version.number} {part.start}"
    return Step(key, f"publish voters {part.start + 1} to {part.stop}", take)
