"""A private network as its officials publish it: all that somebody needs to join it, in one file.

`networks/<name>/network.json` here, when it is made or joined; from then on the network goes by its
name, in the command (`--rpc city`), in the library (`veche.connect("city")`) and in scripts
(`--network city`).
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from veche.errors import InvalidDocument, UnknownNetwork
from veche.files.mistakes import read_text
from veche.files.writing import write_atomically
from veche.protocol import plain
from veche.protocol.plain import Form

FORMAT: Final = "veche network"
VERSION: Final = 1
FOLDER: Final = Path("networks")
"""Where the networks are that were made or joined, a folder for each."""
FILE: Final = "network.json"
MAX_BYTES: Final = 2**20
"""The largest file that is read."""

NAME: Final = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,29}[a-z0-9])?")
"""What a network or a node of it may be called: it is the name of a folder."""
_ENODE: Final = re.compile(r"enode://[0-9a-f]{128}@[A-Za-z0-9.:\[\]-]+:[0-9]{1,5}")

_VANITY: Final = 32
"""Bytes in front of the validators in the first block's extra data."""
_SEAL: Final = 65
"""Bytes behind them."""
_ADDRESS: Final = 20


@dataclass(frozen=True, slots=True)
class Network:
    """A private network.

    Attributes:
        name: of the network.
        chain_id: by EIP-155.
        genesis: its first block, as geth takes it.
        genesis_hash: of that block, 32 bytes: chains with one id differ in it.
        bootnodes: enode URLs of nodes to connect to first.
        rpc: the URL at which a node answers on its observer's own machine.
        catalogue: address of the official register of polls; None before it is deployed.
        codes: the keccak256 of the contracts' code that the network is made for, 32 bytes each, by
            name.
    """

    name: str
    chain_id: int
    genesis: dict[str, Any]
    genesis_hash: bytes
    bootnodes: tuple[str, ...]
    rpc: str
    catalogue: str | None
    codes: dict[str, bytes]

    @property
    def validators(self) -> tuple[str, ...]:
        """The addresses of those who seal blocks from the first one on, in lower case."""
        extra = bytes.fromhex(str(self.genesis["extraData"]).removeprefix("0x"))
        named = extra[_VANITY:-_SEAL]
        return tuple(
            "0x" + named[at : at + _ADDRESS].hex() for at in range(0, len(named), _ADDRESS)
        )

    @property
    def confirmations(self) -> int:
        """How many blocks make a transaction safe from a reorganisation: more than half of the
        validators have sealed one on top of another, and one more has.
        """
        return len(self.validators) // 2 + 2

    @property
    def tolerance(self) -> int:
        """How many validators can fail before blocks stop."""
        count = len(self.validators)
        return count - (count // 2 + 1)

    def with_catalogue(self, catalogue: str) -> Network:
        """The same with its official register."""
        return replace(self, catalogue=catalogue)

    def at(self, rpc: str) -> Network:
        """The same with a node that answers elsewhere."""
        return replace(self, rpc=rpc)

    # -- File --

    def to_json(self) -> str:
        """As a JSON document."""
        fields = {
            "format": FORMAT,
            "version": VERSION,
            "name": self.name,
            "chainId": self.chain_id,
            "genesisHash": plain.data(self.genesis_hash),
            "catalogue": self.catalogue,
            "codes": {name: plain.data(code) for name, code in self.codes.items()},
            "rpc": self.rpc,
            "bootnodes": list(self.bootnodes),
            "genesis": self.genesis,
        }
        return json.dumps(fields, ensure_ascii=False, indent=1) + "\n"

    def save(self, folder: Path | None = None) -> Path:
        """Writes the file under the network's name, whole or not at all; its path."""
        path = (folder or FOLDER) / self.name / FILE
        path.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(path, self.to_json())
        return path


def find(named: str) -> Network:
    """The network with a name, or in a file.

    Raises:
        UnknownNetwork: there is none here.
        InvalidDocument: its file is not one that Veche wrote.
    """
    path = Path(named)
    if path.is_file():
        return read(path)
    known = FOLDER / named / FILE
    if not NAME.fullmatch(named) or not known.is_file():
        raise UnknownNetwork(named, names())
    return read(known)


def names() -> list[str]:
    """The names of all networks here."""
    return sorted(path.parent.name for path in FOLDER.glob(f"*/{FILE}"))


def read(path: Path) -> Network:
    """The network in a file.

    Raises:
        InvalidDocument: it is not one that Veche wrote.
        InvalidFile: it cannot be read.
    """
    form = Form.parse(read_text(path, max_bytes=MAX_BYTES), what=str(path))
    if (form.text("format"), form.number("version")) != (FORMAT, VERSION):
        raise InvalidDocument(f"{path}: no {FORMAT} of version {VERSION}")
    network = Network(
        name=form.text("name"),
        chain_id=form.number("chainId"),
        genesis=form.plain("genesis"),
        genesis_hash=form.data("genesisHash", 32),
        bootnodes=tuple(form.texts("bootnodes")),
        rpc=form.text("rpc"),
        catalogue=form.address("catalogue") if form.has_value("catalogue") else None,
        codes={name: form.form("codes").data(name, 32) for name in form.form("codes")},
    )
    _require_sound(network, str(path))
    return network


def _require_sound(network: Network, what: str) -> None:
    """Refuses what could lead a node elsewhere, or out of its folder."""
    if not NAME.fullmatch(network.name):
        raise InvalidDocument(f"{what}: name is not the name of a network")
    for each in network.bootnodes:
        if not _ENODE.fullmatch(each):
            raise InvalidDocument(f"{what}: bootnodes are not URLs of nodes")
    extra = str(network.genesis.get("extraData", ""))
    count, rest = divmod(len(extra.removeprefix("0x")) // 2 - _VANITY - _SEAL, _ADDRESS)
    if not re.fullmatch("0x(?:[0-9a-f]{2})*", extra) or count < 1 or rest:
        raise InvalidDocument(f"{what}: the first block names no validators")
    config = network.genesis.get("config")
    if not isinstance(config, dict) or config.get("chainId") != network.chain_id:
        raise InvalidDocument(f"{what}: the first block is of another chain")
