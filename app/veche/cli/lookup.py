"""Catalogues, boards and polls that the command line names."""

from __future__ import annotations

import re
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from veche.cli import options
from veche.cli.output import digits
from veche.errors import (
    InvalidFile,
    Mistake,
    NotDeployed,
    UnknownContract,
    UnknownPollId,
    UnknownVersion,
    VecheError,
    WrongPoll,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from veche.chain.board import Board
    from veche.chain.catalogue import Catalogue
    from veche.chain.connection import Chain
    from veche.chain.node import Node
    from veche.chain.poll import Poll
    from veche.files.deployments import Deployments
    from veche.observer.basis import Basis
    from veche.observer.record_evidence import RecordEvidence
    from veche.observer.recorded_poll import RecordedPoll
    from veche.protocol.link import Link
    from veche.protocol.roll import Roll
    from veche.protocol.roll_proof import RollProof

    ReadPoll: TypeAlias = Poll | RecordedPoll
    """A poll as a node or a record shows it."""


def find_catalogue(chain: Chain, address: str | None) -> Catalogue:
    """The officials' catalogue: at the address, or else the network's, or else the one in
    deployments/.

    Raises:
        NotDeployed: there is no address, the network has none, and deployments/ names none.
        UnknownContract: there is no catalogue at the address.
    """
    named = address or of_network(chain)
    return chain.catalogue(named or _deployments(chain).require_catalogue())


def of_network(chain: Chain) -> str | None:
    """The address of the catalogue of a private network, if its file names one."""
    published = chain.network.catalogue if chain.network else None
    return published.address if published else None


def basis(
    chain: Chain, poll: str, nodes: Sequence[Node], *, expect: bytes | None, catalogue: str | None
) -> Basis:
    """What a verdict on a poll rests on.

    Args:
        chain: the chain.
        poll: the address, the id or the link.
        nodes: the nodes that have shown the poll.
        expect: the poll hash that somebody was told.
        catalogue: the address of the catalogue that somebody named.

    Raises:
        WrongPoll: the link and `expect` differ.
    """
    from veche.observer.basis import Basis, Source

    told, names = expected_hash(poll, expect), tuple(each.name for each in nodes)
    if catalogue is not None:
        return Basis(told, catalogue, Source.NAMED, names)
    published = of_network(chain)
    if published is not None or told is not None:
        return Basis(told, published, Source.NETWORK, names)
    with suppress(NotDeployed):
        noted = _deployments(chain).require_catalogue()
        return Basis(told, noted, Source.DEPLOYMENTS, names)
    return Basis(told, nodes=names)


def served_catalogue(chain: Chain, address: str | None) -> Catalogue:
    """The catalogue that a trustee serves, found as `find_catalogue` does.

    Raises:
        NotDeployed: none is known. Without it nothing is decrypted.
        UnknownContract: there is no catalogue at the address.
    """
    try:
        return find_catalogue(chain, address)
    except NotDeployed as error:
        raise NotDeployed(
            "anybody can make a poll with your board's key, so a trustee decrypts only polls of the"
            " catalogue that it was told to serve: name that catalogue with --catalogue or"
            f" VECHE_CATALOGUE ({error})"
        ) from error


def find_board(chain: Chain, board: str) -> Board:
    """The board at an address, or the one with a name in deployments/.

    Raises:
        NotDeployed: deployments/ has no board with this name.
        UnknownContract: there is no board at the address.
    """
    return chain.board(_as_address(board) or _deployments(chain).board(board))


def board_instead(chain: Chain, named: str) -> Board | None:
    """The board that is named where a poll is expected; None if it is no board either."""
    with suppress(NotDeployed, UnknownContract):
        return find_board(chain, named)
    return None


def noted_boards(chain: Chain) -> list[str]:
    """The addresses of all boards in deployments/.

    Raises:
        NotDeployed: no file there is for this chain.
    """
    return list(_deployments(chain).boards.values())


def _deployments(chain: Chain) -> Deployments:
    from veche.files import deployments

    return deployments.of_chain(chain_id=chain.id, genesis=digits(chain.node.genesis))


# -- Polls --


def find_poll(
    chain: Chain,
    poll: str,
    *,
    catalogue: str | None,
    expect: bytes | None,
    roll: Path | None = None,
) -> Poll:
    """The poll at an address, with an official id, or behind a link.

    Args:
        chain: the chain.
        poll: the address, the id or the link.
        catalogue: the address of the catalogue, where ids are looked up; it must have made a poll
            that is named otherwise.
        expect: the poll hash that somebody was told.
        roll: the file with the poll's roll; None if the roll is read from the chain.

    Raises:
        WrongPoll: the poll does not have the expected hash, or the catalogue did not make it.
        UnknownPollId, UnknownVersion: the catalogue has no poll with this id or version.
        InvalidFile: the roll's file has mistakes, or cannot be read.
        WrongRoll: the file has another roll than the poll's.
    """
    expected = expected_hash(poll, expect)
    found = chain.poll(find_address(chain, poll, catalogue=catalogue), expect=expected)
    given = read_roll(roll)
    if given is not None:
        found.use_roll(given)
    return found


def read_roll(path: Path | None) -> Roll | None:
    """The roll in a file; None if no file is named.

    Raises:
        InvalidFile: the file has mistakes, or cannot be read.
    """
    from veche.files import roll

    return None if path is None else roll.read_roll(path)


def read_roll_proof(path: Path | None) -> RollProof | None:
    """The roll proof in a file; None if no file is named.

    Raises:
        InvalidFile: the file cannot be read.
        InvalidDocument: the file is no roll proof.
    """
    from veche.files import roll_proofs

    return None if path is None else roll_proofs.read_roll_proof(path)


def expected_hash(poll: str, expect: bytes | None) -> bytes | None:
    """The poll hash that somebody was told: by --expect, or by a link.

    Raises:
        WrongPoll: both are given, and they differ.
        InvalidDocument: the link is not well formed.
    """
    from veche.protocol import link

    return link.expected(poll, expect)


def find_address(chain: Chain, poll: str, *, catalogue: str | None) -> str:
    """The address of a poll that is named by its address, its official id or a link.

    Raises:
        WrongNetwork: the link is to a poll on another chain.
        WrongPoll: the catalogue is named, and did not make the poll.
        UnknownPollId, UnknownVersion: the catalogue has no poll with this id or version.
    """
    link = _as_link(poll)
    if link is not None:
        chain.node.require_chain(link.chain_id)
    address = link.address if link else _as_address(poll)
    if address is None:
        return _at_id(find_catalogue(chain, catalogue), poll)
    if catalogue is not None:
        chain.catalogue(catalogue).require_made(address)
    return address


def find_record(poll: str) -> Path | None:
    """The record that a poll is named by; None for a link or an address, even if a file is called
    like that, and for anything that is no file.

    Raises:
        InvalidDocument: the link is not well formed.
    """
    from veche.files.mistakes import is_file

    path = Path(poll)
    is_named = _as_link(poll) is not None or _as_address(poll) is not None
    return path if not is_named and is_file(path) else None


@contextmanager
def perhaps_no_file(poll: str) -> Iterator[None]:
    """Looks for a poll.

    Raises:
        InvalidFile: there is no such poll, and what was given looks like the path of a file.
    """
    try:
        yield
    except VecheError as error:
        is_folder = False
        with suppress(OSError):  # no path can be as long as this
            is_folder = Path(poll).is_dir()
        if not is_folder and not {"/", "."} & set(poll):
            raise
        what = "this is a folder" if is_folder else "there is no such file"
        remedy = f"check the path; or, if it is the id of a poll: {error}"
        raise InvalidFile(poll, [Mistake(0, what, remedy)]) from error


def read_record(path: Path, *, catalogue: str | None, expect: bytes | None = None) -> RecordedPoll:
    """The poll in a record, as its writer shows it.

    Args:
        path: the record.
        catalogue: the address of the catalogue that must have made the poll, if one is named.
        expect: the poll hash that somebody was told.

    Raises:
        InvalidDocument: the file is no record.
        InvalidContent: the poll's texts cannot be shown to voters.
        WrongPoll: the poll does not have the expected hash, or is of another catalogue.
    """
    from veche.observer.recorded_poll import RecordedPoll

    found = RecordedPoll(path, expect=expect)
    require_catalogue(found.evidence, catalogue)
    return found


def require_catalogue(record: RecordEvidence, catalogue: str | None) -> None:
    """Requires the poll in a record to be of a catalogue, if one is named.

    Raises:
        WrongPoll: the poll is of another catalogue.
    """
    own = record.provenance().root.address
    if catalogue not in (None, own):
        said = f"the poll in {record.path} is of the catalogue at {own}, not at {catalogue}"
        raise WrongPoll(said)


def _as_link(text: str) -> Link | None:
    """The link in a text; None if the text is an address or id."""
    from veche.protocol import link

    return link.parse(text) if link.is_meant(text) else None


def _as_address(text: str) -> str | None:
    """The address in a text; None if the text is a name."""
    named = text.strip()
    return options.address(named) if re.fullmatch("0x.{40}", named) else None


def _at_id(catalogue: Catalogue, text: str) -> str:
    """The address of the newest version of `id`, or of version N of `id@N`."""
    id_, version = id_and_version(text)
    versions = catalogue.versions(id_)
    if not versions:
        raise UnknownPollId(id_)
    if version is None:
        return versions[-1]
    if version >= len(versions):
        raise UnknownVersion(id_, version)
    return versions[version]


def id_and_version(text: str) -> tuple[str, int | None]:
    """The id and version in `id@N`. For `id` alone the version is None."""
    id_, at, version = text.rpartition("@")
    if at and re.fullmatch("[0-9]{1,9}", version):
        return id_, int(version)
    return text, None
