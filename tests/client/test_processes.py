"""Workers are children of the process that they work for; ports are free until they are used."""

from __future__ import annotations

import multiprocessing
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from veche import processes
from veche.processes import free_port, free_ports

RANGE = Path("/proc/sys/net/ipv4/ip_local_port_range")

WORK = """
import multiprocessing, os
from veche.processes import workers
multiprocessing.set_start_method({method!r})
with workers() as pool:
    assert pool.submit(os.getppid).result() == os.getpid()
"""


@pytest.mark.parametrize("method", multiprocessing.get_all_start_methods())
def test_workers_are_children_for_every_default_of_python(method: str) -> None:
    code = WORK.format(method=method)
    subprocess.run([sys.executable, "-c", code], check=True)  # noqa: S603  # our own code


def test_free_ports_differ_and_nobody_has_them() -> None:
    ports = free_ports(40)
    assert len(set(ports)) == 40
    for port in ports:
        for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM):
            with socket.socket(type=kind) as taker:
                taker.bind(("127.0.0.1", port))


def test_kernel_gives_a_free_port_to_nobody() -> None:
    given = range(*map(int, RANGE.read_text().split())) if RANGE.exists() else range(49_152, 65_536)
    assert not set(free_ports(40)) & set(given)


def test_port_that_one_protocol_has_is_not_free(monkeypatch: pytest.MonkeyPatch) -> None:
    taken, free = free_ports(2)
    monkeypatch.setattr(processes, "_own_ports", lambda: [taken] * 9 + [free])
    for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM):
        with socket.socket(type=kind) as taker:
            taker.bind(("127.0.0.1", taken))
            assert free_port() == free
