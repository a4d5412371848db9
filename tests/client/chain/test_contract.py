"""Answers and logs of contracts, read without trust in the contracts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from eth_abi.abi import encode
from eth_hash.auto import keccak

from veche.chain.answers import Log
from veche.chain.catalogue_contract import INTERFACE as CATALOGUE
from veche.chain.contract import Event
from veche.chain.poll_contract import INTERFACE
from veche.chain.reverts import fault, refusal
from veche.errors import UnknownContract, VecheError, WrongPhase

SELECTOR = keccak(b"WrongPhase(uint8,uint8)")[:4]
HUGE = (1 << 255).to_bytes(32, "big")
TOPICS = [bytes.fromhex(CATALOGUE.topic("PollPublished")[2:]), *[bytes(32)] * 3]


def published(topics: Sequence[bytes] = TOPICS, data: bytes = bytes(32)) -> Event:
    """The event in a log of a catalogue."""
    log: Log = {
        "address": "0x" + "11" * 20,
        "topics": [*topics],
        "data": data,
        "blockNumber": 7,
        "transactionHash": bytes(32),
        "blockHash": bytes(32),
    }
    return CATALOGUE.event("PollPublished", log)


def test_event_is_read_from_its_log() -> None:
    assert published().block == 7


@pytest.mark.parametrize(
    "changes",
    [
        {"topics": [bytes(32)] * 5},
        {"topics": [bytes(32)]},
        {"topics": [bytes(32), b"\1", bytes(32), bytes(32)]},
        {"topics": [*[bytes(32)] * 3, b"\xff" * 32]},
        {"data": b""},
    ],
)
def test_log_that_no_published_contract_writes_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(UnknownContract):
        published(**changes)


@pytest.mark.parametrize("answer", [b"", b"\1", HUGE, encode(["uint256"], [32]) + HUGE])
def test_answer_that_no_published_contract_gives_is_refused(answer: bytes) -> None:
    with pytest.raises(UnknownContract):
        INTERFACE.result("content", answer)


def test_revert_is_the_exception_of_the_same_name() -> None:
    found = refusal(SELECTOR + encode(["uint8", "uint8"], [1, 2]))
    assert isinstance(found, WrongPhase)
    assert found.values == (1, 2)


@pytest.mark.parametrize(
    "data",
    [b"", b"\xde\xad", b"\xde\xad\xbe\xef", SELECTOR, SELECTOR + HUGE],
)
def test_revert_that_no_published_contract_gives_is_refused(data: bytes) -> None:
    assert type(refusal(data)) is UnknownContract


@pytest.mark.parametrize(
    ("error", "found"),
    [
        ({"code": 3, "message": "", "data": "0x"}, UnknownContract),
        ({"code": -32000, "message": "execution reverted"}, UnknownContract),
        ({"code": -32000, "message": "out of gas"}, UnknownContract),
        ({"code": -32015, "message": "VM execution error: Reverted"}, UnknownContract),
        ({"code": -32603, "message": "EVM error InvalidFEOpcode"}, UnknownContract),
        ({"code": -32005, "message": "too many requests"}, type(None)),
        ({"code": -32000, "message": "missing trie node"}, type(None)),
        ({"code": -32000, "message": "execution aborted (timeout = 5s)"}, type(None)),
        ("rubbish", type(None)),
        (None, type(None)),
    ],
)
def test_fault_of_a_contract_differs_from_a_fault_of_the_node(
    error: object, found: type[VecheError | None]
) -> None:
    assert type(fault(error)) is found
