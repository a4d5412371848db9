"""Hosts by one rule, in a network that is made and in one that is joined."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from support.networks import ENODE, network
from veche.errors import InvalidDocument, InvalidFile
from veche.files import network as networks
from veche.files.hosts import end, is_host
from veche.network.network_file import read_network

GOOD = [
    "192.0.2.1",
    "::1",
    "2001:db8::1",
    "::ffff:192.0.2.1",
    "localhost",
    "nodes.example.org",
    "xn--bcher-kva.example",
    "3com.example",
    f"{'a' * 63}.example",
]
BAD = [
    "::1%'];admin.exportChain('x');['",
    "fe80::1%eth0",
    "fe80::1%$(id)",
    "$(id)",
    "a'b",
    'a"b',
    "a`id`",
    "a;id",
    "a b",
    "a\nb",
    "a\\b",
    "a_b",
    "a/b",
    "user@host",
    "host:1",
    "[::1]",
    "",
    ".",
    "a..b",
    "example.org.",
    ".example.org",
    "-a",
    "a-",
    "a-.example",
    "192.0.2.300",
    "192.0.2",
    "example.7",
    "７.example",
    "bücher.example",
    f"{'a' * 64}.example",
    ".".join(["a" * 60] * 5),
]


@pytest.mark.parametrize("host", GOOD)
def test_host_is_taken_by_whoever_makes_a_network_and_whoever_joins_it(
    host: str, tmp_path: Path
) -> None:
    assert is_host(host)
    assert read_network(_made(tmp_path, host)).validators[0].host == host
    assert networks.read(_joined(tmp_path, end(host, 30303))).bootnodes


@pytest.mark.parametrize("host", BAD)
def test_anything_else_is_refused_by_both(host: str, tmp_path: Path) -> None:
    assert not is_host(host)
    with pytest.raises(InvalidFile):
        read_network(_made(tmp_path, host))
    for written in (f"{host}:30303", f"[{host}]:30303"):
        if host not in ("[::1]", "::1"):
            with pytest.raises(InvalidDocument):
                networks.read(_joined(tmp_path, written))


@pytest.mark.parametrize("port", ["0", "65536", "99999", "-1", "1e3", "", "１", "30303'];x"])
def test_port_that_is_no_port_is_refused(port: str, tmp_path: Path) -> None:
    with pytest.raises(InvalidDocument):
        networks.read(_joined(tmp_path, f"192.0.2.1:{port}"))
    path = _made(tmp_path, "192.0.2.1")
    path.write_text(f"{path.read_text()}port = {json.dumps(port)}\n")
    with pytest.raises(InvalidFile):
        read_network(path)


def _made(folder: Path, host: str) -> Path:
    path = folder / "network.toml"
    lines = ['name = "city"', "chain_id = 202712", "[[validators]]", 'name = "town-hall"']
    path.write_text("\n".join([*lines, f"host = {json.dumps(host)}"]) + "\n")
    return path


def _joined(folder: Path, written: str) -> Path:
    path = folder / "network.json"
    enode = ENODE.partition("@")[0] + "@" + written
    path.write_text(json.dumps(json.loads(network().to_json()) | {"bootnodes": [enode]}))
    return path
