"""`network.json`: a private network as its officials publish it, with all that joining it needs.

`veche network make` and `veche network join` keep it as `networks/<name>/network.json`. Then the
name stands for the network: in the command (`--rpc city`), in the library (`veche.connect("city")`)
and in scripts (`--network city`).
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

from eth_utils.address import to_checksum_address

from veche.errors import InvalidDocument, UnknownNetwork
from veche.files.consensus import Consensus
from veche.files.hosts import is_end
from veche.files.mistakes import is_file, read_text
from veche.files.writing import write_atomically
from veche.protocol import plain
from veche.protocol.addresses import has_form
from veche.protocol.plain import Form

FORMAT: Final = "veche network"
VERSION: Final = 3
FOLDER: Final = Path("networks")
"""The folder of the networks that were made or joined here, with a folder for each."""
FILE: Final = "network.json"
MAX_BYTES: Final = 2**20
"""Maximum bytes of a file that is read."""

NAME: Final = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,29}[a-z0-9])?")
"""The possible names of a network and of its nodes: they are names of folders."""
_ENODE: Final = re.compile(r"enode://[0-9a-f]{128}@(?P<end>.+)")
_LOCAL: Final = "http://127.0.0.1:"

GENESIS: Final = frozenset(
    {"config", "difficulty", "gasLimit", "baseFeePerGas", "extraData", "alloc"}
)
"""The names in a first block."""
FORKS: Final = (
    "homestead",
    "eip150",
    "eip155",
    "eip158",
    "byzantium",
    "constantinople",
    "petersburg",
    "istanbul",
    "berlin",
    "london",
)
"""The EVM's sets of rules that hold from the first block on, by its number."""
TIMED_FORKS: Final = ("shanghai", "cancun")
"""Those that hold from the first block on, by its time. geth's Engine API begins with them."""
CONFIG: Final = frozenset(
    {
        "chainId",
        "terminalTotalDifficulty",
        "blobSchedule",
        *(f"{fork}Block" for fork in FORKS),
        *(f"{fork}Time" for fork in TIMED_FORKS),
    }
)
"""The names in the rules of a first block."""
ACCOUNT: Final = frozenset({"balance", "code", "nonce"})
"""The names in an account of a first block."""


@dataclass(frozen=True, slots=True)
class NetworkCatalogue:
    """The catalogue of a network, with what its address is the hash of (PROTOCOL §2).

    Attributes:
        address: the catalogue's address.
        deployer: the address of the contract that created it.
        salt: the salt of its creation, 32 bytes.
        first_owner: the address of its first owner.
    """

    address: str
    deployer: str
    salt: bytes
    first_owner: str

    def to_plain(self) -> dict[str, str]:
        """The catalogue as plain data for a JSON document."""
        return {
            "address": self.address,
            "deployer": self.deployer,
            "salt": plain.data(self.salt),
            "firstOwner": self.first_owner,
        }

    @classmethod
    def from_plain(cls, form: Form) -> NetworkCatalogue:
        """The catalogue in plain data.

        Raises:
            InvalidDocument: a field is missing or malformed.
        """
        return cls(
            form.address("address"),
            form.address("deployer"),
            form.data("salt", 32),
            form.address("firstOwner"),
        )


@dataclass(frozen=True, slots=True)
class Network:
    """A private network.

    Attributes:
        name: its name.
        chain_id: its chain id (EIP-155).
        genesis: its first block, in the form that geth reads.
        genesis_hash: the hash of that block, 32 bytes, which tells apart two chains with the same
            id.
        consensus: who decides on blocks, and where.
        confirmations: the number of confirmations that make a transaction and a block final.
        bootnodes: the enode URLs of the nodes to connect to first.
        rpc: the URL of an observer's node on the observer's own machine.
        catalogue: the catalogue; None before it is deployed.
        codes: the keccak256 of the code of the contracts that the network was made for, 32 bytes
            each, by the contract's name.
        is_proven: whether the first block was made on this machine, or geth found its hash here.
    """

    name: str
    chain_id: int
    genesis: dict[str, Any]
    genesis_hash: bytes
    consensus: Consensus
    confirmations: int
    bootnodes: tuple[str, ...]
    rpc: str
    catalogue: NetworkCatalogue | None
    codes: dict[str, bytes]
    is_proven: bool = field(default=False, compare=False)

    @property
    def first_accounts(self) -> frozenset[str] | None:
        """The addresses that the first block gives code, state or ether to; None if nobody here has
        compared the first block with its hash.
        """
        if not self.is_proven:
            return None
        return frozenset(str(to_checksum_address(_prefixed(each))) for each in _accounts(self))

    @property
    def tolerance(self) -> int:
        """The number of validators that can fail while blocks go on."""
        return (len(self.consensus.validators) - 1) // 3

    @property
    def rpc_port(self) -> int:
        """The port of an observer's node on the observer's own machine."""
        return int(self.rpc.removeprefix(_LOCAL))

    def is_same_chain(self, other: Network) -> bool:
        """Whether the signatures of the other network's validators count here too. Those of its
        trial do not.
        """
        return (self.genesis_hash, self.consensus.chain) == (
            other.genesis_hash,
            other.consensus.chain,
        )

    def with_catalogue(self, catalogue: NetworkCatalogue) -> Network:
        """The same network with this catalogue."""
        return replace(self, catalogue=catalogue)

    def at(self, rpc: str) -> Network:
        """The same network with the node at another URL."""
        return replace(self, rpc=rpc)

    # -- File --

    def to_json(self) -> str:
        """The text of the file, a JSON document."""
        fields = {
            "format": FORMAT,
            "version": VERSION,
            "name": self.name,
            "chainId": self.chain_id,
            "genesisHash": plain.data(self.genesis_hash),
            "catalogue": self.catalogue.to_plain() if self.catalogue else None,
            "codes": {name: plain.data(code) for name, code in self.codes.items()},
            "rpc": self.rpc,
            "confirmations": self.confirmations,
            "consensus": self.consensus.to_plain(),
            "bootnodes": list(self.bootnodes),
            "genesis": self.genesis,
        }
        return json.dumps(fields, ensure_ascii=False, indent=1) + "\n"

    def save(self, folder: Path | None = None) -> Path:
        """Writes the file to the network's folder, whole or not at all, and returns its path."""
        path = (folder or FOLDER) / self.name / FILE
        path.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(path, self.to_json())
        return path


def local_url(port: int) -> str:
    """The URL of a node on this machine."""
    return f"{_LOCAL}{port}"


def find(named: str) -> Network:
    """The network with this name, or else in the file with this path.

    Raises:
        UnknownNetwork: no network here has this name, and no file has this path.
        InvalidDocument: the network's file is not as Veche wrote it.
        InvalidFile: the network's file cannot be read.
    """
    known = FOLDER / named / FILE
    if NAME.fullmatch(named) and known.is_file():
        return replace(read(known), is_proven=True)
    if is_file(Path(named)):
        return read(Path(named))
    raise UnknownNetwork(named, names())


def names() -> list[str]:
    """The names of all networks that were made or joined here."""
    return sorted(path.parent.name for path in FOLDER.glob(f"*/{FILE}"))


def read(path: Path) -> Network:
    """Reads the network in a file.

    Raises:
        InvalidDocument: the file is not as Veche wrote it.
        InvalidFile: the file cannot be read.
    """
    form = Form.parse(read_text(path, max_bytes=MAX_BYTES), what=str(path))
    if (form.text("format"), form.number("version")) != (FORMAT, VERSION):
        raise InvalidDocument(f"{path}: this is not a {FORMAT} of version {VERSION}")
    network = Network(
        name=form.text("name"),
        chain_id=form.number("chainId"),
        genesis=form.plain("genesis"),
        genesis_hash=form.data("genesisHash", 32),
        consensus=Consensus.from_plain(form.form("consensus")),
        confirmations=form.number("confirmations"),
        bootnodes=tuple(form.texts("bootnodes")),
        rpc=form.text("rpc"),
        catalogue=_catalogue(form),
        codes=_codes(form.form("codes")),
    )
    _require_sound(network, str(path))
    return network


def _codes(form: Form) -> dict[str, bytes]:
    for name in form:
        if not name.isidentifier():
            raise InvalidDocument(f"`codes` names {name!r}, which is no contract")
    return {name: form.data(name, 32) for name in form}


def _accounts(network: Network) -> list[str]:
    """The accounts that the first block names, in the form that geth reads: with 0x or without."""
    alloc = network.genesis.get("alloc", {})
    return list(alloc) if isinstance(alloc, dict) else [""]


def _prefixed(account: str) -> str:
    return "0x" + account.removeprefix("0x")


def _catalogue(form: Form) -> NetworkCatalogue | None:
    if not form.has_value("catalogue"):
        return None
    return NetworkCatalogue.from_plain(form.form("catalogue"))


def _require_plain_genesis(genesis: dict[str, Any], what: str) -> None:
    """Refuses a first block with other names than Veche writes. geth reads names in any case, so
    `Alloc` would give accounts that nobody sees in `alloc`.
    """
    alloc, config = genesis.get("alloc", {}), genesis.get("config", {})
    parts = {"genesis": (genesis, GENESIS), "config": (config, CONFIG)}
    if isinstance(alloc, dict):
        parts |= {f"account {each!r}": (alloc[each], ACCOUNT) for each in alloc}
    for name, (part, known) in parts.items():
        if not isinstance(part, dict) or not set(part) <= known:
            said = f"{name} of the first block has names that Veche never writes"
            raise InvalidDocument(f"{what}: {said}")
    if not isinstance(alloc, dict) or not all(has_form(_prefixed(each)) for each in alloc):
        raise InvalidDocument(f"{what}: the first block names an account that is not an address")


def _require_sound(network: Network, what: str) -> None:
    """Refuses a network that could lead a node to another chain, or out of its folder, or somebody
    to a node of strangers.
    """
    if not NAME.fullmatch(network.name):
        raise InvalidDocument(f"{what}: `name` cannot be the name of a network")
    if not network.rpc.startswith(_LOCAL) or not is_end(network.rpc.removeprefix("http://")):
        raise InvalidDocument(f"{what}: `rpc` is not the URL of a port of this machine")
    for each in network.bootnodes:
        enode = _ENODE.fullmatch(each)
        if enode is None or not is_end(enode["end"]):
            raise InvalidDocument(f"{what}: `bootnodes` has a text that is not an enode URL")
    if network.confirmations < 1:
        raise InvalidDocument(f"{what}: `confirmations` is less than 1")
    if network.genesis.get("extraData") != plain.data(network.consensus.digest):
        raise InvalidDocument(f"{what}: the first block is that of other validators")
    if not re.fullmatch("0x[0-9a-f]{1,16}", str(network.genesis.get("gasLimit"))):
        raise InvalidDocument(f"{what}: the first block has no gas limit")
    _require_plain_genesis(network.genesis, what)
    config = network.genesis.get("config")
    if not isinstance(config, dict) or config.get("chainId") != network.chain_id:
        raise InvalidDocument(f"{what}: the first block has another chain id")
