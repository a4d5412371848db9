"""Networks as officials write them, honest and hostile."""

from __future__ import annotations

from pathlib import Path

import pytest

from veche.errors import InvalidFile
from veche.network.network_file import read_network

EXAMPLE = Path(__file__).parents[3] / "examples" / "network.toml"

GOOD = """name = "city"
chain_id = 202712

[[validators]]
name = "town-hall"
host = "192.0.2.1"

[[validators]]
name = "library"
host = "nodes.example.org"
port = 30304
"""


def read(folder: Path, text: str) -> list[tuple[int, str]]:
    """The line and the text of every mistake."""
    path = folder / "network.toml"
    path.write_text(text)
    try:
        read_network(path)
    except InvalidFile as error:
        return [(each.line, each.what) for each in error.mistakes]
    return []


def test_example_is_a_network_of_four() -> None:
    network = read_network(EXAMPLE)
    assert (network.name, network.chain_id, network.block_time) == ("city", 202712, 5)
    assert [each.name for each in network.validators] == [
        "town-hall",
        "library",
        "university",
        "newspaper",
    ]
    assert [*network.accounts.values()] == [10**24, 10**21]


def test_optional_keys_have_defaults(tmp_path: Path) -> None:
    path = tmp_path / "network.toml"
    path.write_text(GOOD)
    network = read_network(path)
    assert (network.block_time, network.gas_limit, network.rpc_port) == (5, 150_000_000, 8545)
    assert [each.port for each in network.validators] == [30303, 30304]
    assert network.accounts == {}


@pytest.mark.parametrize(
    ("old", "new", "line", "what"),
    [
        ('name = "city"', 'name = "../city"', 1, "`name` is '../city', which is no good name"),
        ('name = "city"', 'name = ""', 1, "`name` is '', which is no good name"),
        ("chain_id = 202712", "chain_id = 1", 2, "`chain_id` is 1, Ethereum's own"),
        ("chain_id = 202712", "chain_id = 31337", 2, "`chain_id` is 31337, that of chains"),
        ("chain_id = 202712", "chain_id = 0", 2, "`chain_id` is 0"),
        ("chain_id = 202712", 'chain_id = "7"', 2, "`chain_id` must be a whole number"),
        ("chain_id = 202712", "chain_id = 7\nblock_time = 0", 3, "`block_time` is 0"),
        ("chain_id = 202712", "chain_id = 7\ngas_limit = 30", 3, "`gas_limit` is 30"),
        ("chain_id = 202712", "chain_id = 7\nrpc_port = 70000", 3, "`rpc_port` is 70000"),
        ("chain_id = 202712", "chain_id = 7\nblocktime = 5", 3, "`blocktime` is not a key here"),
        ('name = "library"', 'name = "town-hall"', 9, "`name` appears twice"),
        ('name = "library"', 'name = "a/b"', 9, "`name` is 'a/b', which is no good name"),
        ("nodes.example.org", "192.0.2.300", 10, "`host` is '192.0.2.300', which is no address"),
        ("nodes.example.org", "-x", 10, "`host` is '-x', which is no address"),
        ("nodes.example.org", "a b", 10, "`host` is 'a b', which is no address"),
        ("port = 30304", "port = 0", 11, "`port` is 0"),
        ("port = 30304", "consensus_port = 70000", 11, "`consensus_port` is 70000"),
        ("port = 30304", 'public_key = "0x12"', 11, "'0x12', which is no public key"),
        ("port = 30304", 'account = "0x12"', 11, "`account` is not a key here"),
        ("chain_id = 202712", "chain_id = 7\ngas_limit = 200_000_001", 3, "`gas_limit` is"),
        ("port = 30304", "port = 26656", 11, "library has the host nodes.example.org and"),
    ],
)
def test_mistake_is_reported_with_its_line(
    tmp_path: Path, old: str, new: str, line: int, what: str
) -> None:
    ((found, told),) = read(tmp_path, GOOD.replace(old, new))
    assert found == line
    assert what in told


def test_two_validators_at_one_address_are_reported(tmp_path: Path) -> None:
    text = GOOD.replace("nodes.example.org", "192.0.2.1")
    text = text.replace("port = 30304", "port = 30303\nconsensus_port = 26657")
    ((line, what),) = read(tmp_path, text)
    assert line == 11
    assert "town-hall has the host 192.0.2.1 and the port 30303 too" in what


def test_network_without_validators_is_reported(tmp_path: Path) -> None:
    ((_, what),) = read(tmp_path, 'name = "city"\nchain_id = 7\nvalidators = []\n')
    assert what == "there are no validators"


def test_account_that_appears_twice_is_refused(tmp_path: Path) -> None:
    account = '[[accounts]]\naddress = "0x7E5F4552091A69125d5DfCb7b8C2659029395Bdf"\nether = 1\n'
    ((line, what),) = read(tmp_path, GOOD + account + account)
    assert line == 16
    assert "`address` appears twice" in what


SENTRY = """[[sentries]]
name = "gate"
of = "library"
host = "192.0.2.9"
"""


def test_sentry_is_read(tmp_path: Path) -> None:
    path = tmp_path / "network.toml"
    path.write_text(GOOD + SENTRY)
    [sentry] = read_network(path).sentries
    assert (sentry.name, sentry.of, sentry.host) == ("gate", "library", "192.0.2.9")


@pytest.mark.parametrize(
    ("old", "new", "line", "what"),
    [
        ('"library"', '"nobody"', 14, "`of` is 'nobody', which is no validator here"),
        ('"gate"', '"library"', 13, "`name` appears twice"),
        ('"gate"', '"../gate"', 13, "`name` is '../gate', which is no good name"),
        ("192.0.2.9", "192.0.2", 15, "`host` is '192.0.2', which is no address"),
        ("192.0.2.9", "192.0.2.1", 12, "town-hall has the host 192.0.2.1 and the port"),
    ],
)
def test_mistake_in_a_sentry_is_reported_with_its_line(
    tmp_path: Path, old: str, new: str, line: int, what: str
) -> None:
    found = read(tmp_path, GOOD + SENTRY.replace(old, new))
    assert all(at == line and what in told for at, told in found)
    assert found
