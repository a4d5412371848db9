"""The file that a network is published in, and the names that networks go by."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from support.networks import ENODE, PEER
from support.networks import network as made
from veche.chain.connection import connect
from veche.errors import InvalidDocument, UnknownNetwork
from veche.files import network as networks
from veche.files.network import NetworkCatalogue

CATALOGUE = NetworkCatalogue(
    "0x5FbDB2315678afecb367f032d93F642f64180aa3",
    "0x4e59b44847b379578588920cA78FbF26c0B4956C",
    b"\7" * 32,
    "0x7E5F4552091A69125d5DfCb7b8C2659029395Bdf",
)


CONSENSUS = made().consensus.to_plain()
BAD_CONSENSUS: list[dict[str, Any]] = [
    {"chain": ""},
    {"chain": "city\n"},
    {"begins": "tomorrow"},
    {"begins": "2027-01-01T12:00:00+01:00"},
    {"blockTime": 0},
    {"blockTime": "5"},
    {"validators": []},
    {"validators": made(3).consensus.to_plain()["validators"]},
    {"validators": CONSENSUS["validators"][::-1]},
    {"validators": CONSENSUS["validators"] + CONSENSUS["validators"][:1]},
    {"validators": [{"name": "north", "publicKey": "0x12"}]},
    {"peers": "all"},
    {"peers": [PEER.upper()]},
    {"peers": [PEER + ",x"]},
    {"peers": [PEER.replace("@", "@tcp://")]},
]


@pytest.mark.parametrize("catalogue", [None, CATALOGUE])
def test_network_is_read_as_it_was_written(
    tmp_path: Path, catalogue: NetworkCatalogue | None
) -> None:
    network = replace(made(), catalogue=catalogue)
    path = network.save(tmp_path)
    assert path == tmp_path / "city" / "network.json"
    assert networks.read(path) == network


def test_validators_are_known_by_the_addresses_that_blocks_name() -> None:
    [validator] = made(1).consensus.validators
    assert validator.address == "0x" + hashlib.sha256(b"\x01" * 32).digest()[:20].hex()


@pytest.mark.parametrize(
    ("validators", "tolerance"), [(1, 0), (2, 0), (3, 0), (4, 1), (6, 1), (7, 2)]
)
def test_tolerance_follows_from_the_validators(validators: int, tolerance: int) -> None:
    assert made(validators).tolerance == tolerance


def test_trial_has_signatures_of_its_own_and_the_same_first_block() -> None:
    real = made().consensus
    trial = real.on_trial(())
    assert trial.chain != real.chain
    assert trial.digest == real.digest


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("format", "veche poll"),
        ("version", 1),
        ("name", "../city"),
        ("name", "City"),
        ("chainId", 7),
        ("chainId", "202712"),
        ("genesisHash", "0x12"),
        ("catalogue", "0x12"),
        ("catalogue", CATALOGUE.to_plain() | {"salt": "0x12"}),
        ("catalogue", CATALOGUE.to_plain() | {"deployer": "0x12"}),
        ("codes", {"Poll": "0x12"}),
        ("codes", []),
        ("rpc", 8545),
        ("rpc", "http://192.0.2.1:8545"),
        ("rpc", "http://127.0.0.1:8545@192.0.2.1:80"),
        ("rpc", "http://127.0.0.1:70000"),
        ("bootnodes", ["enode://ab@192.0.2.1:30303"]),
        ("bootnodes", [f"{ENODE} --unlock 0"]),
        (
            "bootnodes",
            [ENODE + '"]\n[Node]\nDataDir = "/'],
        ),
        ("genesis", []),
        ("genesis", {"config": {"chainId": 202712}}),
        ("genesis", made().genesis | {"extraData": "0x12"}),
        ("genesis", made().genesis | {"extraData": "0x" + "00" * 32}),
        ("genesis", made().genesis | {"gasLimit": "150000000"}),
        ("genesis", made().genesis | {"gasLimit": 150_000_000}),
        ("confirmations", 0),
        ("confirmations", "1"),
        *(("consensus", CONSENSUS | change) for change in BAD_CONSENSUS),
        ("genesis", made().genesis | {"alloc": {"../passwd": {}}}),
        ("genesis", made().genesis | {"alloc": []}),
        ("genesis", made().genesis | {"Alloc": {CATALOGUE.address: {"code": "0x00"}}}),
        ("genesis", made().genesis | {"alloc": {CATALOGUE.address: {"Code": "0x00"}}}),
        ("genesis", made().genesis | {"alloc": {CATALOGUE.address: {"storage": {}}}}),
        ("genesis", made().genesis | {"alloc": {CATALOGUE.address: []}}),
        ("genesis", made().genesis | {"config": {"chainId": 202712, "ChainId": 1}}),
        ("genesis", made().genesis | {"stateRoot": "0x00"}),
        ("codes", {"Poll\nof all": "0x" + "02" * 32}),
    ],
)
def test_file_that_was_changed_is_refused(tmp_path: Path, field: str, value: Any) -> None:
    fields = json.loads(made().to_json())
    path = tmp_path / "network.json"
    path.write_text(json.dumps(fields | {field: value}))
    with pytest.raises(InvalidDocument):
        networks.read(path)


@pytest.mark.parametrize("field", list(json.loads(made().to_json())))
def test_file_that_lacks_something_is_refused(tmp_path: Path, field: str) -> None:
    fields = json.loads(made().to_json())
    del fields[field]
    path = tmp_path / "network.json"
    path.write_text(json.dumps(fields))
    if field == "catalogue":  # as before it is deployed
        assert networks.read(path) == made()
        return
    with pytest.raises(InvalidDocument):
        networks.read(path)


def test_network_is_found_by_name_and_by_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    path = made().save()
    assert networks.find("city") == networks.find(str(path)) == made()
    assert networks.names() == ["city"]


def test_name_of_a_network_is_no_file_that_is_called_like_that(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    made().save()
    (tmp_path / "city").write_text("a network that somebody planted")
    assert networks.find("city") == made()


@pytest.mark.parametrize("named", ["a" * 5000, "town", "../city", "", "networks", "127.0.0.1:8545"])
def test_what_is_no_network_is_told_with_those_that_are(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, named: str
) -> None:
    monkeypatch.chdir(tmp_path)
    made().save()
    with pytest.raises(UnknownNetwork, match="known are: city"):
        connect(named)


def test_accounts_of_the_first_block_are_known_if_it_is_proven() -> None:
    account = CATALOGUE.deployer
    alloc = {account[2:].lower(): {"balance": "0x1"}, CATALOGUE.address.lower(): {"code": "0x00"}}
    network = replace(made(), genesis=made().genesis | {"alloc": alloc})
    assert network.first_accounts is None
    named = frozenset({account, CATALOGUE.address})
    assert replace(network, is_proven=True).first_accounts == named
    assert replace(made(), is_proven=True).first_accounts == frozenset()


def test_first_block_is_proven_if_it_was_made_or_joined_here(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    path = made().save()
    assert networks.find("city").is_proven
    assert not networks.find(str(path)).is_proven
