"""`network.toml`: a private network as officials write it, before `veche network make`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pydantic import Field

from veche.files.hosts import MAX_PORT, is_host
from veche.files.mistakes import quoted
from veche.files.network import NAME
from veche.files.rules import check_address, check_distinct
from veche.files.toml_document import Table, TomlDocument, called
from veche.files.toml_lines import Place

MIN_GAS_LIMIT: Final = 20_000_000
"""Minimum gas limit of a block: the largest transaction of a poll needs 16.7 million."""
MAX_GAS_LIMIT: Final = 200_000_000
"""Maximum gas limit of a block. A block of zeros, the cheapest bytes, is then just as large as
CometBFT takes; and nodes execute it in a few seconds.
"""
MAX_BLOCK_TIME: Final = 60
"""Maximum seconds from block to block."""
TAKEN_IDS: Final = {1: "Ethereum's own", 31337: "that of chains on one machine"}
"""Chain ids that tools know as those of other chains."""

_KEY: Final = re.compile("0x[0-9a-f]{64}")
_MAX_CHAIN_ID: Final = 2**53 - 1
_MAX_ETHER: Final = 10**12


@dataclass(frozen=True, slots=True)
class Validator:
    """A node that makes blocks.

    Attributes:
        name: its name, which its folder has too.
        host: the IP address or the name at which other nodes reach it.
        port: the port at which other nodes reach geth, TCP and UDP.
        consensus_port: the port at which other nodes reach CometBFT, TCP.
        key: its public key, 32 bytes, if its organisation makes that key itself; None if `veche
            network make` makes it.
    """

    name: str
    host: str
    port: int
    consensus_port: int
    key: bytes | None


@dataclass(frozen=True, slots=True)
class NetworkFile:
    """A private network, read from its file.

    Attributes:
        path: the path of the file.
        name: the name of the network.
        chain_id: the chain id (EIP-155).
        block_time: the seconds from block to block.
        gas_limit: the gas limit of a block.
        rpc_port: the port at which observers' nodes answer on their own machines.
        validators: the validators in the order of the file.
        accounts: the balances in the first block, in wei, by address.
    """

    path: Path
    name: str
    chain_id: int
    block_time: int
    gas_limit: int
    rpc_port: int
    validators: tuple[Validator, ...]
    accounts: dict[str, int]


class ValidatorTable(Table):
    """`[[validators]]`."""

    name: str = Field(examples=['name = "town-hall"'])
    host: str = Field(examples=['host = "192.0.2.1"'])
    port: int = Field(default=30303, examples=["port = 30303"])
    consensus_port: int = Field(default=26656, examples=["consensus_port = 26656"])
    public_key: str | None = Field(default=None, examples=[f'public_key = "0x{"4e" * 32}"'])


class AccountTable(Table):
    """`[[accounts]]`."""

    address: str = Field(examples=['address = "0x7E5F4552091A69125d5DfCb7b8C2659029395Bdf"'])
    ether: int = Field(examples=["ether = 1000"])


class NetworkTable(Table):
    """`network.toml`."""

    name: str = Field(examples=['name = "city"'])
    chain_id: int = Field(examples=["chain_id = 202712"])
    block_time: int = Field(default=5, examples=["block_time = 5"])
    gas_limit: int = Field(default=150_000_000, examples=["gas_limit = 150_000_000"])
    rpc_port: int = Field(default=8545, examples=["rpc_port = 8545"])
    validators: list[ValidatorTable] = Field(
        examples=['[[validators]]\nname = "town-hall"\nhost = "192.0.2.1"']
    )
    accounts: list[AccountTable] = Field(
        default=[],
        examples=[
            '[[accounts]]\naddress = "0x7E5F4552091A69125d5DfCb7b8C2659029395Bdf"\nether = 1000'
        ],
    )


def read_network(path: Path) -> NetworkFile:
    """Reads a `network.toml`.

    Raises:
        InvalidFile: the file has mistakes, or cannot be read.
    """
    document = TomlDocument(path, NetworkTable)
    network = document.model
    _check_name(document, ("name",), network.name)
    _check_numbers(document)
    _check_validators(document)
    _check_accounts(document)
    document.require_sound()
    return NetworkFile(
        path=path,
        name=network.name,
        chain_id=network.chain_id,
        block_time=network.block_time,
        gas_limit=network.gas_limit,
        rpc_port=network.rpc_port,
        validators=tuple(
            Validator(each.name, each.host, each.port, each.consensus_port, _key(each))
            for each in network.validators
        ),
        accounts={each.address: each.ether * 10**18 for each in network.accounts},
    )


def _key(validator: ValidatorTable) -> bytes | None:
    return bytes.fromhex(validator.public_key[2:]) if validator.public_key else None


# -- Rules --


def _check_name(document: TomlDocument[NetworkTable], place: Place, name: str) -> None:
    if not NAME.fullmatch(name):
        what = f"{called(place)} is {quoted(name)}, which is no good name for a folder"
        remedy = "write 1 to 31 small letters, digits and hyphens"
        document.add(place, what, remedy)


def _check_numbers(document: TomlDocument[NetworkTable]) -> None:
    network = document.model
    if network.chain_id in TAKEN_IDS:
        what = f"`chain_id` is {network.chain_id}, {TAKEN_IDS[network.chain_id]}"
        remedy = "choose another number: a signature is valid only on the chain with its id"
        document.add(("chain_id",), what, remedy)
    for key, least, most in (
        ("chain_id", 1, _MAX_CHAIN_ID),
        ("block_time", 1, MAX_BLOCK_TIME),
        ("gas_limit", MIN_GAS_LIMIT, MAX_GAS_LIMIT),
        ("rpc_port", 1, MAX_PORT),
    ):
        _check_range(document, (key,), getattr(network, key), least, most)


def _check_range(
    document: TomlDocument[NetworkTable], place: Place, value: int, least: int, most: int
) -> None:
    if not least <= value <= most:
        document.add(place, f"{called(place)} is {quoted(value)}", f"write {least:,} to {most:,}")


def _check_validators(document: TomlDocument[NetworkTable]) -> None:
    validators = document.model.validators
    if not validators:
        remedy = "begin each validator with [[validators]]; of four, one can fail"
        document.add(("validators",), "there are no validators", remedy)
    for index, each in enumerate(validators):
        place = ("validators", index)
        _check_name(document, (*place, "name"), each.name)
        _check_host(document, (*place, "host"), each.host)
        _check_range(document, (*place, "port"), each.port, 1, MAX_PORT)
        _check_range(document, (*place, "consensus_port"), each.consensus_port, 1, MAX_PORT)
        _check_key(document, (*place, "public_key"), each.public_key)
    named = enumerate(validators)
    check_distinct(document, ((("validators", i, "name"), each.name) for i, each in named))
    keys = [
        (("validators", i, "public_key"), each.public_key)
        for i, each in enumerate(validators)
        if each.public_key
    ]
    check_distinct(document, keys)
    _check_ends(document)


def _check_host(document: TomlDocument[NetworkTable], place: Place, host: str) -> None:
    if not is_host(host):
        what = f"{called(place)} is {quoted(host)}, which is no address of a machine"
        document.add(place, what, 'write an IP address like "192.0.2.1", or a name')


def _check_key(document: TomlDocument[NetworkTable], place: Place, key: str | None) -> None:
    if key is not None and not _KEY.fullmatch(key):
        what = f"{called(place)} is {quoted(key)}, which is no public key of a validator"
        remedy = "write what `veche-validator keys` shows: 0x and 64 digits in lower case"
        document.add(place, what, remedy)


def _check_ends(document: TomlDocument[NetworkTable]) -> None:
    """Notes a port that an earlier validator has on the same host, or the same one for geth."""
    seen: dict[tuple[str, int], int] = {}
    for index, each in enumerate(document.model.validators):
        for key in ("port", "consensus_port"):
            port = getattr(each, key)
            taken = seen.setdefault((each.host, port), index)
            if taken != index or (key == "consensus_port" and port == each.port):
                what = f"validator {taken + 1} has the host {each.host} and the port {port} too"
                place = ("validators", index, key if taken != index else "port")
                document.add(place, what, "give each validator its own host or ports")


def _check_accounts(document: TomlDocument[NetworkTable]) -> None:
    accounts = document.model.accounts
    for index, each in enumerate(accounts):
        check_address(document, ("accounts", index, "address"), each.address)
        _check_range(document, ("accounts", index, "ether"), each.ether, 1, _MAX_ETHER)
    addresses = enumerate(accounts)
    check_distinct(document, ((("accounts", i, "address"), each.address) for i, each in addresses))
