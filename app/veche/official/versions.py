"""The versions of a poll in the catalogue, and their differences from a file."""

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
    "min_voters": "the minimum of voters",
    "questions": "what voters may give",
}
"""The parts of a poll's terms, in words."""


@dataclass(frozen=True)
class Version:
    """A version of a poll.

    Attributes:
        id: the official id.
        number: its number in the catalogue, from 0.
        poll: the poll on chain.
        is_newest: whether it is the newest version.
    """

    id: str
    number: int
    poll: Poll
    is_newest: bool

    @property
    def name(self) -> str:
        """The name in texts, such as "oak-street-trees, version 0"."""
        return f"{self.id}, version {self.number}"

    @property
    def args(self) -> tuple[object, ...]:
        """The arguments that name it to a command: its id, and an older version's number too."""
        return (self.id,) if self.is_newest else (self.id, self.number)


def newest(office: Office, catalogue: Catalogue, id_: str) -> Version | None:
    """The newest version of a poll; None if the catalogue has no poll with this id."""
    addresses = catalogue.versions(id_)
    if not addresses:
        return None
    return Version(id_, len(addresses) - 1, office.chain.poll(addresses[-1]), is_newest=True)


def find(office: Office, id_: str, number: int | None = None) -> Version:
    """A version of a poll, by default the newest.

    Raises:
        NotDeployed: no catalogue is noted for the network.
        UnknownPollId: the catalogue has no poll with this id.
        UnknownVersion: the poll has no version with this number.
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
    """The terms of the poll in a file, in the form that the catalogue takes.

    Raises:
        NotDeployed: no board is noted under the name in the file.
    """
    return PollTerms(
        file.board_address or office.deployments.board(file.board),
        file.roll.root,
        file.roll.total_weight,
        file.opens,
        file.closes,
        file.min_voters,
        file.questions,
    )


def differences(poll: Poll, wanted: PollTerms, file: PollFile) -> list[str]:
    """The differences between a poll on chain and a file, in words."""
    own = poll.definition
    found = [words for part, words in PARTS.items() if getattr(own, part) != getattr(wanted, part)]
    return found if own.content == file.content.encoded else ["the texts", *found]


def is_that_of(version: Version | None, wanted: PollTerms, file: PollFile) -> bool:
    """Whether a version is the poll in a file, and is not cancelled."""
    if version is None or differences(version.poll, wanted, file):
        return False
    return version.poll.phase != Phase.CANCELLED
