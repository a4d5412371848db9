"""Electoral rolls: published in parts, on from where an earlier run stopped."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from veche.chain.poll import Poll
from veche.chain.transactions import OnSent
from veche.errors import IncompleteRoll, NotDeployed
from veche.files.poll import PollFile, read_poll
from veche.official import versions
from veche.official.obstacles import Checks, require_funds, require_owner
from veche.official.office import Office
from veche.official.phrases import count
from veche.official.plan import Plan, Step
from veche.official.versions import Version
from veche.protocol.roll import Entry

CHUNK: Final = 500
"""Voters in a transaction: 32 KB, which every node takes."""


def publish_roll(office: Office, path: Path, *, chunk: int = CHUNK) -> Poll:
    """Publishes what is not published yet of the roll of the poll that a `poll.toml` describes.

    Args:
        office: where.
        path: of the poll's file.
        chunk: voters in a transaction.

    Raises:
        InvalidFile: something is wrong with the file or its roll.
        NotDeployed: the newest version in the catalogue is not that poll.
        IncompleteRoll: something else has been published as the poll's roll.
        Declined: the official does not want it.
    """
    file = read_poll(path)
    office.settle()
    version = _version(office, file)
    entries = list(file.roll)
    missing = _missing(version.poll, entries)
    if missing:
        office.carry_out(_plan(office, version, entries, list(_parts(missing, chunk))))
    # read anew, as voters will
    roll = office.chain.poll(version.poll.address).roll
    office.say(
        f"The roll of poll {version.name}, is published: {count(len(roll), 'voter')}, total weight "
        f"{roll.total_weight:,}; it gives the poll's root.\n"
        f"Next: {office.command('status', *version.args)}"
    )
    return version.poll


def _version(office: Office, file: PollFile) -> Version:
    version = versions.find(office, file.id)
    if not versions.is_that_of(version, versions.terms(office, file), file):
        raise NotDeployed(
            f"{version.name}, the newest one, is not the poll of {file.path} or is cancelled: run "
            f"{office.command('publish_poll', file.path)} first"
        )
    return version


def _missing(poll: Poll, entries: Sequence[Entry]) -> list[int]:
    """The places of the roll that are not published yet, or wrongly: what comes later counts.

    Raises:
        IncompleteRoll: something was published behind the end of the roll, and stays there.
    """
    published, _ = poll.contract.published_roll()
    if any(place >= len(entries) for place in published):
        raise IncompleteRoll(
            "more voters are published than stand in the file: it is another roll; restore the file"
        )
    return [place for place, entry in enumerate(entries) if published.get(place) != entry]


def _parts(missing: Sequence[int], chunk: int) -> Iterator[range]:
    """Missing places, one after the other, in parts that a transaction has room for."""
    begin = end = missing[0]
    for place in missing:
        if place > end or place - begin == chunk:
            yield range(begin, end)
            begin = place
        end = place + 1
    yield range(begin, end)


def _plan(
    office: Office, version: Version, entries: Sequence[Entry], parts: Sequence[range]
) -> Plan:
    checks = Checks()
    with checks.noting():
        require_funds(office.chain)
    with checks.noting():
        require_owner(office.catalogue, office.account)
    checks.require_none()
    left = sum(map(len, parts))
    weight = sum(each.weight for each in entries)
    facts = [
        *office.facts(),
        ("poll", version.name),
        ("address", version.poll.address),
        ("title", version.poll.title),
        ("voters", f"{len(entries):,}, total weight {weight:,}"),
        ("published", f"{len(entries) - left:,}"),
    ]
    steps = [_step(office, version, entries, part) for part in parts]
    warning = "the roll is public for ever: addresses and weights."
    return Plan(f"Publish the roll of the poll {version.name}", facts, steps, [warning])


def _step(office: Office, version: Version, entries: Sequence[Entry], part: range) -> Step:
    def take(on_sent: OnSent) -> None:
        own = entries[part.start : part.stop]
        office.catalogue.publish_roll(
            version.id, version.number, part.start, own, office.chain.sender, on_sent=on_sent
        )

    key = f"roll {version.id} {version.number} {part.start}"
    return Step(key, f"publish voters {part.start + 1} to {part.stop}", take)
