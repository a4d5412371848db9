"""Answers by HTTP: bounded in time and size; and which way they take. Servers are real sockets."""

from __future__ import annotations

import gzip
import json
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from itertools import repeat
from time import sleep
from typing import Any

import pytest

from veche.chain.transport import Transport
from veche.chain.wire import Limits
from veche.errors import EndlessAnswer, NodeUnreachable

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
BRISK = Limits(silence=60, whole=0.3)
SMALL = Limits(size=1_000)
PROXIES = ("HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy")

Speak = Callable[[bytes], Iterator[bytes]]
"""Gets the head of a request; gives what is sent, piece by piece."""


@contextmanager
def server(speak: Speak) -> Iterator[str]:
    """A server that says this to everybody, until they hang up."""
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def answer(peer: socket.socket) -> None:
            with peer, suppress(OSError):
                for piece in speak(peer.recv(1 << 16)):
                    peer.sendall(piece)

        def serve() -> None:
            with suppress(OSError):
                while True:
                    peer, _ = listening.accept()
                    threading.Thread(target=answer, args=(peer,), daemon=True).start()

        threading.Thread(target=serve, daemon=True).start()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        listening.shutdown(socket.SHUT_RDWR)


def whole(result: Any, *more: bytes) -> bytes:
    """An answer as it should be, with more lines in its head."""
    body = json.dumps({"jsonrpc": "2.0", "id": 0, "result": result}).encode()
    lines = [HEAD, *(each + b"\r\n" for each in more)]
    return b"".join([*lines, b"Content-Length: %d\r\n\r\n" % len(body), body])


def dripping(*first: bytes) -> Speak:
    """Begins well, then sends a letter whenever the client might grow impatient, for ever."""

    def speak(_: bytes) -> Iterator[bytes]:
        yield from first
        for each in repeat(b" "):
            sleep(0.02)
            yield each

    return speak


def endless(*first: bytes) -> Speak:
    def speak(_: bytes) -> Iterator[bytes]:
        yield from first
        yield from repeat(b"7" * 1_000)

    return speak


def silent(_: bytes) -> Iterator[bytes]:
    sleep(60)
    yield b""


DRIPS = {
    "in its first line": (),
    "in its head": (HEAD + b"X-Slow: ",),
    "in its body": (HEAD + b"\r\n{",),
    "in a body of a known length": (HEAD + b"Content-Length: 1000000\r\n\r\n{",),
}
FLOODS = {
    "without a length": endless(HEAD + b"\r\n"),
    "with a length": endless(HEAD + b"Content-Length: 1000000000\r\n\r\n"),
    "compressed": lambda _: iter([compressed(b" " * 1_001)]),
}


def compressed(body: bytes) -> bytes:
    packed = gzip.compress(body)
    return HEAD + b"Content-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(packed) + packed


# -- Time and size --


@pytest.mark.parametrize("where", DRIPS)
def test_answer_that_drips_is_given_up(where: str) -> None:
    with server(dripping(*DRIPS[where])) as url:
        transport = Transport(url, limits=BRISK)
        with pytest.raises(EndlessAnswer, match=r"is not whole after 0\.3 seconds"):
            transport.ask("eth_chainId")


@pytest.mark.parametrize("how", FLOODS)
def test_answer_that_is_too_large_is_given_up(how: str) -> None:
    with server(FLOODS[how]) as url:
        transport = Transport(url, limits=SMALL)
        with pytest.raises(EndlessAnswer, match="is larger than 1,000 bytes"):
            transport.ask("eth_chainId")


def test_node_that_is_silent_is_asked_once_and_told_of() -> None:
    asked = []

    def hang(head: bytes) -> Iterator[bytes]:
        asked.append(head)
        yield from silent(head)

    with server(hang) as url:
        transport = Transport(url, limits=Limits(silence=0.3))
        with pytest.raises(NodeUnreachable, match=r"has been silent for 0\.3 seconds"):
            transport.ask("eth_chainId")
    assert len(asked) == 1


def test_answer_in_time_and_size_is_taken() -> None:
    def in_pieces(_: bytes) -> Iterator[bytes]:
        answer = whole("0x7a69")
        for at in range(0, len(answer), 10):
            yield answer[at : at + 10]

    with server(in_pieces) as url:
        assert Transport(url).ask("eth_chainId") == "0x7a69"


def test_compressed_answer_is_taken() -> None:
    body = json.dumps({"id": 0, "result": "0x1"}).encode()
    with server(lambda _: iter([compressed(body)])) as url:
        assert Transport(url, limits=SMALL).ask("eth_chainId") == "0x1"


def test_endless_answer_is_not_asked_for_again() -> None:
    asked = 0

    def drip(request: bytes) -> Iterator[bytes]:
        nonlocal asked
        asked += 1
        return dripping(HEAD)(request)

    with server(drip) as url, pytest.raises(EndlessAnswer):
        Transport(url, limits=BRISK).ask("eth_chainId")
    assert asked == 1


# -- Ways --


def test_this_machine_is_reached_without_the_proxy_of_the_environment(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for each in PROXIES:
        monkeypatch.setenv(each, "http://127.0.0.1:9")
    with server(lambda _: iter([whole("0x1")])) as url:
        assert Transport(url, retries=1).ask("eth_chainId") == "0x1"
        named = url.replace("127.0.0.1", "localhost")
        assert Transport(named, retries=1).ask("eth_chainId") == "0x1"


@pytest.mark.parametrize("variable", ["HTTP_PROXY", "ALL_PROXY"])
def test_other_machines_are_reached_by_the_proxy_of_the_environment(
    monkeypatch: pytest.MonkeyPatch, variable: str
) -> None:
    heads = []

    def proxy(head: bytes) -> Iterator[bytes]:
        heads.append(head)
        yield whole("0x1")

    for each in (*PROXIES, "NO_PROXY", "no_proxy"):
        monkeypatch.delenv(each, raising=False)
    with server(proxy) as url:
        monkeypatch.setenv(variable, url)
        assert Transport("http://node.example:8545").ask("eth_chainId") == "0x1"
    assert heads[0].startswith(b"POST http://node.example:8545/ HTTP/1.1")


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:99999",
        "http://[::1",
        "http://",
        "https:///path",
        "ftp://127.0.0.1",
        "://",
        "http://" + "a" * 64 + ".example",
        "http://node..example",
    ],
)
def test_url_of_no_node_is_refused(url: str) -> None:
    with pytest.raises(NodeUnreachable):
        Transport(url, retries=1).ask("eth_chainId")


def test_name_of_a_node_has_no_secret() -> None:
    assert Transport("https://user:pass@[::1]:8545/key?token=s").name == "https://[::1]:8545"
