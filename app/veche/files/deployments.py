"""What officials have deployed, per network, in a file that scripts and the command read.

`deployments/<network>.json` holds the chain's id and genesis, the catalogue, the boards by name and
the transactions that were sent and not yet found in a block. It is written before and after every
step, so that a script that died half-way can go on.
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
        path: of the file.
        chain_id: of the network.
        genesis: hash of its first block, in which chains with one id differ; 0x and digits.
        catalogue: address, once there is one.
        boards: addresses by name.
        pending: transactions sent and not found yet, by what they are for: a hash.
    """

    path: Path
    chain_id: int
    genesis: str
    catalogue: str | None = None
    boards: dict[str, str] = field(default_factory=dict)
    pending: dict[str, str] = field(default_factory=dict)

    def require_catalogue(self) -> str:
        """The catalogue's address.

        Raises:
            NotDeployed: there is none yet.
        """
        if self.catalogue is None:
            raise NotDeployed(f"{self.path} names no catalogue: run deploy_catalogue first")
        return self.catalogue

    def board(self, name: str) -> str:
        """The address of the board with this name.

        Raises:
            NotDeployed: there is none.
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
    """What is deployed on the network of this name; nothing, where there is no file yet, or its
    file is of an embedded chain that is gone.

    Args:
        name: of the network, as Brownie knows it.
        chain_id: of the chain that the node is on.
        genesis: the hash of its first block.
        folder: where the files are; `deployments` here by default.
        lasting: whether the network outlives its node, so that what is noted is never given up.

    Raises:
        InvalidFile: the file is not one that Veche wrote.
        WrongNetwork: the file is of another chain than the node's.
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
        reason = f"{path} is of another chain with the id {chain_id}: its first block differs"
        raise WrongNetwork(chain_id, chain_id, reason=reason)
    return Deployments(path, chain_id, genesis)


def of_chain(*, chain_id: int, genesis: str, folder: Path | None = None) -> Deployments:
    """What is deployed on the chain that a node is on, whatever the network is called.

    Raises:
        NotDeployed: no file tells.
        InvalidFile: a file is not one that Veche wrote.
    """
    where = folder or Path(FOLDER)
    for path in sorted(where.glob("*.json")):
        found = _read(path)
        if (found.chain_id, found.genesis) == (chain_id, genesis):
            return found
    raise NotDeployed(f"no file in {where}/ is of this chain (id {chain_id})")


def _read(path: Path) -> Deployments:
    try:
        raw: dict[str, Any] = json.loads(path.read_text())
        return Deployments(path, **raw)
    except (OSError, ValueError, TypeError) as error:
        mistake = Mistake(0, f"not a file of deployments ({error})", "restore it or move it away")
        raise InvalidFile(str(path), [mistake]) from error
