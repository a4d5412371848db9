"""`deployments/<network>.json`: what the officials of a network have deployed.

The file holds the chain's id and its first block's hash, the catalogue, the boards by name, and the
transactions that no block is known to hold yet. It is written before and after every step, so that
a run that was interrupted can go on. Runs may go on side by side: each has the file to itself while
it changes it, and begins with what the others have noted.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, fields, replace
from pathlib import Path
from typing import Final, TypeAlias

from veche.errors import InvalidDocument, InvalidFile, Mistake, NotDeployed, WrongNetwork
from veche.files.mistakes import read_text
from veche.files.writing import locked, write_atomically
from veche.protocol import plain
from veche.protocol.addresses import has_form

HasCode: TypeAlias = Callable[[str], bool]
"""Whether there is a contract at an address now."""

FOLDER: Final = "deployments"
MAX_BYTES: Final = 2**22
"""Maximum bytes of a file: some ten thousand boards."""
_HASH: Final = re.compile("0x[0-9a-f]{64}")
_NOT_WRITTEN: Final = ("path", "has_code")


@dataclass
class Deployments:
    """What is deployed on a network.

    Attributes:
        path: the path of the file.
        chain_id: the chain id of the network.
        genesis: the hash of its first block as 0x and digits, which tells apart two chains with
            the same id.
        catalogue: the address of the catalogue; None before it is deployed.
        deployer: the address of the contract that was created to create the catalogue; None if the
            network has the usual one.
        boards: the addresses of the boards, by name.
        pending: the hashes of transactions that were sent and not found in a block yet, by the
            step that they belong to, the newest last. A transaction has several if it was sent
            again at a higher price.
        has_code: whether an embedded chain has a contract at an address: its file is given up if
            the catalogue is gone. None for a network that outlives its node.
    """

    path: Path
    chain_id: int
    genesis: str
    catalogue: str | None = None
    deployer: str | None = None
    boards: dict[str, str] = field(default_factory=dict)
    pending: dict[str, list[str]] = field(default_factory=dict)
    has_code: HasCode | None = field(default=None, compare=False)

    def require_catalogue(self) -> str:
        """The catalogue's address.

        Raises:
            NotDeployed: the file names no catalogue.
        """
        if self.catalogue is None:
            raise NotDeployed(f"{self.path} names no catalogue: deploy it first")
        return self.catalogue

    def board(self, name: str) -> str:
        """The address of the board with this name.

        Raises:
            NotDeployed: the file names no board with this name.
        """
        if name not in self.boards:
            known = ", ".join(self.boards) or "none"
            raise NotDeployed(f"{self.path} names no board {name!r}; it names {known}")
        return self.boards[name]

    # -- Changing --

    @contextmanager
    def alone(self, *, on_wait: Callable[[], None] = lambda: None) -> Iterator[None]:
        """Keeps all other runs from the file until this block or this process ends, and begins with
        what they have noted. What is noted is changed within this block alone, and then saved.

        Args:
            on_wait: is called if another run has the file, before it is waited for.

        Raises:
            InvalidFile, WrongNetwork: the file cannot be read or written, or is no longer the
                network's.
        """
        with locked(self.path, on_wait=on_wait):
            self.reread()
            yield

    def reread(self) -> None:
        """Reads again what is noted.

        Raises:
            InvalidFile, WrongNetwork: the file cannot be read, or is no longer the network's.
        """
        newest = _noted(self.path, self.chain_id, self.genesis, self.has_code)
        for each in fields(self):
            setattr(self, each.name, getattr(newest, each.name))

    def save(self) -> None:
        """Writes the file, whole or not at all."""
        own = {name: each for name, each in asdict(self).items() if name not in _NOT_WRITTEN}
        write_atomically(self.path, json.dumps(own, indent=2) + "\n")


def of_network(
    name: str,
    *,
    chain_id: int,
    genesis: str,
    folder: Path | None = None,
    has_code: HasCode | None = None,
) -> Deployments:
    """The deployments of a network. They are empty if there is no file yet, or if the file belongs
    to an embedded chain that has ended. One that began at the same time has the same first block,
    but no catalogue.

    Args:
        name: the network's name.
        chain_id: the id of the node's chain.
        genesis: the hash of its first block.
        folder: the folder of the files; by default `deployments` in the current folder.
        has_code: whether an embedded chain has a contract at an address. Without it the network
            outlives its node, and its file is never given up.

    Raises:
        InvalidFile: Veche did not write the file.
        WrongNetwork: the file belongs to another chain than the node's.
    """
    path = (folder or Path(FOLDER)) / f"{name}.json"
    return _noted(path, chain_id, genesis, has_code)


def _noted(path: Path, chain_id: int, genesis: str, has_code: HasCode | None) -> Deployments:
    nothing = Deployments(path, chain_id, genesis, has_code=has_code)
    if not path.exists():
        return nothing
    found = _read(path)
    if found.chain_id != chain_id:
        reason = f"{path} belongs to chain {found.chain_id}, and the node is on chain {chain_id}"
        raise WrongNetwork(found.chain_id, chain_id, reason=reason)
    if has_code:
        is_same = found.genesis == genesis and all(map(has_code, filter(None, [found.catalogue])))
        return replace(found, has_code=has_code) if is_same else nothing
    if found.genesis != genesis:
        reason = f"{path} belongs to another chain with the id {chain_id}: its first block differs"
        raise WrongNetwork(chain_id, chain_id, reason=reason)
    return found


def of_chain(*, chain_id: int, genesis: str, folder: Path | None = None) -> Deployments:
    """The deployments on a node's chain, whatever name its network has.

    Raises:
        NotDeployed: no file belongs to this chain.
        InvalidFile: Veche did not write one of the files.
    """
    where = folder or Path(FOLDER)
    for path in sorted(where.glob("*.json")):
        found = _read(path)
        if (found.chain_id, found.genesis) == (chain_id, genesis):
            return found
    raise NotDeployed(f"no file in {where}/ belongs to this chain (id {chain_id})")


def _read(path: Path) -> Deployments:
    text = read_text(path, max_bytes=MAX_BYTES)
    try:
        found = Deployments(path, has_code=None, **plain.parse(text))
        reason = _fault(found)
    except (InvalidDocument, TypeError) as error:
        reason = str(error)
    if reason:
        what = f"this is not a file of deployments ({reason})"
        raise InvalidFile(str(path), [Mistake(0, what, "restore the file, or move it away")])
    return found


def _fault(found: Deployments) -> str:
    """What Veche would not have written; empty if there is no such thing."""
    if not isinstance(found.chain_id, int) or not isinstance(found.genesis, str):
        return "it does not name its chain"
    if not isinstance(found.boards, dict) or not isinstance(found.pending, dict):
        return "its boards or its transactions have no names"
    noted = [each for each in (found.catalogue, found.deployer) if each is not None]
    if not all(
        isinstance(each, str) and has_form(each) for each in (*noted, *found.boards.values())
    ):
        return "it names something that is no address"
    if not all(map(_are_hashes, found.pending.values())):
        return "it names something that is no transaction"
    return ""


def _are_hashes(noted: object) -> bool:
    each = noted if isinstance(noted, list) else []
    return bool(each) and all(isinstance(one, str) and _HASH.fullmatch(one) for one in each)
