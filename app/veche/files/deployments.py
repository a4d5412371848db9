"""`deployments/<network>.json`: what the officials of a network have deployed.

The file holds the chain's id and its first block's hash, the catalogue, the boards by name, and the
transactions that no block is known to hold yet. It is written before and after every step, so that
a script that was interrupted can go on.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Final

from veche.errors import InvalidFile, Mistake, NotDeployed, WrongNetwork
from veche.files.writing import write_atomically

FOLDER: Final = "deployments"


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
            step that they belong to.
    """

    path: Path
    chain_id: int
    genesis: str
    catalogue: str | None = None
    deployer: str | None = None
    boards: dict[str, str] = field(default_factory=dict)
    pending: dict[str, str] = field(default_factory=dict)

    def require_catalogue(self) -> str:
        """The catalogue's address.

        Raises:
            NotDeployed: the file names no catalogue.
        """
        if self.catalogue is None:
            raise NotDeployed(f"{self.path} names no catalogue: run deploy_catalogue first")
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

    def save(self) -> None:
        """Writes the file, whole or not at all."""
        fields = {name: value for name, value in asdict(self).items() if name != "path"}
        self.path.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(self.path, json.dumps(fields, indent=2) + "\n")


def of_network(
    name: str, *, chain_id: int, genesis: str, folder: Path | None = None, lasting: bool = False
) -> Deployments:
    """The deployments of a network. They are empty if there is no file yet, or if the file belongs
    to an embedded chain that has ended.

    Args:
        name: the network's name in Brownie.
        chain_id: the id of the node's chain.
        genesis: the hash of its first block.
        folder: the folder of the files; by default `deployments` in the current folder.
        lasting: whether the network outlives its node, so that its file is never given up.

    Raises:
        InvalidFile: Veche did not write the file.
        WrongNetwork: the file belongs to another chain than the node's.
    """
    path = (folder or Path(FOLDER)) / f"{name}.json"
    if not path.exists():
        return Deployments(path, chain_id, genesis)
    found = _read(path)
    if found.chain_id != chain_id:
        raise WrongNetwork(found.chain_id, chain_id)
    if found.genesis == genesis:
        return found
    if lasting:
        reason = f"{path} belongs to another chain with the id {chain_id}: its first block differs"
        raise WrongNetwork(chain_id, chain_id, reason=reason)
    return Deployments(path, chain_id, genesis)


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
    try:
        raw: dict[str, Any] = json.loads(path.read_text())
        return Deployments(path, **raw)
    except (OSError, ValueError, TypeError) as error:
        what = f"this is not a file of deployments ({error})"
        mistake = Mistake(0, what, "restore the file, or move it away")
        raise InvalidFile(str(path), [mistake]) from error
