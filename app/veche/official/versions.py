"""A poll's versions in the catalogue, and how one differs from what a file says."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from veche.chain.catalogue import Catalogue, PollTerms
from veche.chain.poll import Poll
from veche.errors import UnknownPollId, UnknownVersion
from veche.files.poll import PollFile
from veche.official.office import Office
from veche.protocol.phase import Phase

PARTS: Final = {
    "board": "the board",
    "roll_root": "the roll",
    "total_weight": "the total weight",
    "opens": "the opening",
    "closes": "the close",
    "min_ballots": "the minimum of ballots",
    "questions": "what voters may give",
}
"""What defines a poll beside its texts, as people say it."""


@dataclass(frozen=True)
class Version:
    """A version of a poll.

    Attributes:
        id: the official id.
        number: from 0, as the catalogue counts.
        poll: on chain.
        is_newest: whether no version came after it.
    """

    id: str
    number: int
    poll: Poll
    is_newest: bool

    @property
    def name(self) -> str:
        """As officials call it."""
        return f"{self.id}, version {self.number}"

    @property
    def args(self) -> tuple[object, ...]:
        """What names it to a script: its number, where there are newer ones."""
        return (self.id,) if self.is_newest else (self.id, self.number)


def newest(office: Office, catalogue: Catalogue, id_: str) -> Version | None:
    """The newest version of a poll; None for an id that nobody has."""
    addresses = catalogue.versions(id_)
    if not addresses:
        return None
    return Version(id_, len(addresses) - 1, office.chain.poll(addresses[-1]), is_newest=True)


def find(office: Office, id_: str, number: int | None = None) -> Version:
    """A version of a poll, the newest by default.

    Raises:
        UnknownPollId: the catalogue has no such poll.
        UnknownVersion: the poll has no such version.
    """
    addresses = office.catalogue.versions(id_)
    if not addresses:
        raise UnknownPollId(id_)
    last = len(addresses) - 1
    which = last if number is None else number
    if not 0 <= which <= last:
        raise UnknownVersion(id_, which)
    return Version(id_, which, office.chain.poll(addresses[which]), is_newest=which == last)


def terms(office: Office, file: PollFile) -> PollTerms:
    """What a file says of a poll beside its texts, as the catalogue takes it.

    Raises:
        NotDeployed: no board is noted under the name that the file gives.
    """
    named = file.board.startswith("0x")
    return PollTerms(
        file.board if named else office.deployments.board(file.board),
        file.roll.root,
        file.roll.total_weight,
        file.opens,
        file.closes,
        file.min_ballots,
        file.questions,
    )


def differences(poll: Poll, wanted: PollTerms, file: PollFile) -> list[str]:
    """What is different in a poll on chain and in a file, in texts."""
    own = poll.definition
    found = [texts for part, texts in PARTS.items() if getattr(own, part) != getattr(wanted, part)]
    return found if own.content == file.content.encoded else ["the texts", *found]


def is_that_of(version: Version | None, wanted: PollTerms, file: PollFile) -> bool:
    """Whether a version is what a file says, and not cancelled."""
    if version is None or differences(version.poll, wanted, file):
        return False
    return version.poll.phase != Phase.CANCELLED
