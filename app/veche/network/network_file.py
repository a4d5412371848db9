"""`network.toml`: a private network as officials write it, before `veche network make`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pydantic import Field

from veche.files.hosts import MAX_PORT, is_host
from veche.files.local import EMBEDDED
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
TAKEN_IDS: Final = {1: "Ethereum's own", EMBEDDED: "that of chains on one machine"}
"""Chain ids that tools know as those of other chains."""

_KEY: Final = re.compile("0x[0-9a-f]{64}")
_MAX_CHAIN_ID: Final = 2**53 - 1
_MAX_ETHER: Final = 10**12


@dataclass(frozen=True, slots=True)
class Site:
    """A node that others reach.

    Attributes:
        name: its name, which its folder has too.
        host: the IP address or the name at which other nodes reach it.
        port: the port at which other nodes reach geth, TCP and UDP.
        consensus_port: the port at which other nodes reach CometBFT, TCP.
    """

    name: str
    host: str
    port: int
    consensus_port: int


@dataclass(frozen=True, slots=True)
class Validator(Site):
    """A node that makes blocks.

    Attributes:
        key: its public key, 32 bytes, if its organisation makes that key itself; None if `veche
            network make` makes it.
    """

    key: bytes | None


@dataclass(frozen=True, slots=True)
class Sentry(Site):
    """A node that makes no blocks, and that strangers connect to instead of its validator.

    Attributes:
        of: the name of its validator.
    """

    of: str


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
        sentries: the sentries in the order of the file; if there are any, validators talk to each
            other and to their own sentries alone.
        accounts: the balances in the first block, in wei, by address.
    """

    path: Path
    name: str
    chain_id: int
    block_time: int
    gas_limit: int
    rpc_port: int
    validators: tuple[Validator, ...]
    sentries: tuple[Sentry, ...]
    accounts: dict[str, int]


class SiteTable(Table):
    """What `[[validators]]` and `[[sentries]]` have in common."""

    name: str = Field(examples=['name = "town-hall"'])
    host: str = Field(examples=['host = "192.0.2.1"'])
    port: int = Field(default=30303, examples=["port = 30303"])
    consensus_port: int = Field(default=26656, examples=["consensus_port = 26656"])


class ValidatorTable(SiteTable):
    """`[[validators]]`."""

    public_key: str | None = Field(default=None, examples=[f'public_key = "0x{"4e" * 32}"'])


class SentryTable(SiteTable):
    """`[[sentries]]`."""

    of: str = Field(examples=['of = "town-hall"'])


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
    sentries: list[SentryTable] = Field(
        default=[],
        examples=['[[sentries]]\nname = "gate"\nof = "town-hall"\nhost = "192.0.2.9"'],
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
    _check_sites(document)
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
        sentries=tuple(
            Sentry(each.name, each.host, each.port, each.consensus_port, each.of)
            for each in network.sentries
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
    keys = [
        (("validators", i, "public_key"), each.public_key)
        for i, each in enumerate(validators)
        if each.public_key
    ]
    for place, key in keys:
        _check_key(document, place, key)
    check_distinct(document, keys)


def _sites(document: TomlDocument[NetworkTable]) -> list[tuple[Place, SiteTable]]:
    """All nodes, with their places in the file."""
    network = document.model
    return [
        *((("validators", i), each) for i, each in enumerate(network.validators)),
        *((("sentries", i), each) for i, each in enumerate(network.sentries)),
    ]


def _check_sites(document: TomlDocument[NetworkTable]) -> None:
    sites = _sites(document)
    for place, each in sites:
        _check_name(document, (*place, "name"), each.name)
        _check_host(document, (*place, "host"), each.host)
        _check_range(document, (*place, "port"), each.port, 1, MAX_PORT)
        _check_range(document, (*place, "consensus_port"), each.consensus_port, 1, MAX_PORT)
    check_distinct(document, [((*place, "name"), each.name) for place, each in sites])
    named = {each.name for each in document.model.validators}
    for index, sentry in enumerate(document.model.sentries):
        if sentry.of not in named:
            what = f"`of` is {quoted(sentry.of)}, which is no validator here"
            document.add(("sentries", index, "of"), what, "write the name of a validator")
    _check_ends(document)


def _check_host(document: TomlDocument[NetworkTable], place: Place, host: str) -> None:
    if not is_host(host):
        what = f"{called(place)} is {quoted(host)}, which is no address of a machine"
        document.add(place, what, 'write an IP address like "192.0.2.1", or a name')


def _check_key(document: TomlDocument[NetworkTable], place: Place, key: str) -> None:
    if not _KEY.fullmatch(key):
        what = f"{called(place)} is {quoted(key)}, which is no public key of a validator"
        remedy = "write what `veche-validator keys` shows: 0x and 64 digits in lower case"
        document.add(place, what, remedy)


def _check_ends(document: TomlDocument[NetworkTable]) -> None:
    """Notes a port that another node has on the same host, or the same node for something else."""
    seen: dict[tuple[str, int], str] = {}
    for place, each in _sites(document):
        for key in ("port", "consensus_port"):
            port = getattr(each, key)
            taken = seen.setdefault((each.host, port), each.name)
            if taken != each.name or (key == "consensus_port" and port == each.port):
                what = f"{taken} has the host {each.host} and the port {port} too"
                at = (*place, key if taken != each.name else "port")
                document.add(at, what, "give each node its own host or ports")


def _check_accounts(document: TomlDocument[NetworkTable]) -> None:
    accounts = document.model.accounts
    for index, each in enumerate(accounts):
        check_address(document, ("accounts", index, "address"), each.address)
        _check_range(document, ("accounts", index, "ether"), each.ether, 1, _MAX_ETHER)
    addresses = enumerate(accounts)
    check_distinct(document, ((("accounts", i, "address"), each.address) for i, each in addresses))
