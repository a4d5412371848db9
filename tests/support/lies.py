"""Lies about a poll that a node may tell, each with the check that catches it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

from support.lying_nodes import Lie
from veche.chain import board_contract, poll_contract
from veche.chain.contract import Interface
from veche.crypto.group import G
from veche.observer import ballot_box, ballots, electoral_roll, result, verification
from veche.trust import ceremony, foundation, provenance

POLL = poll_contract.INTERFACE
BOARD = board_contract.INTERFACE

Change: TypeAlias = Callable[[Any], Any]
"""Makes of what a node would answer what it answers."""


def logs_of(event: str, change: Change, interface: Interface = POLL) -> Lie:
    """Changes the list of all logs of an event; but shows those of a single voter as they are."""
    topic = interface.topic(event)

    def lie(method: str, parameters: list[Any], told: Any) -> Any:
        topics = parameters[0]["topics"] if method == "eth_getLogs" else []
        if topics[:1] == [topic] and not any(topics[1:]):
            return change(list(told))
        return told

    return lie


def call_of(interface: Interface, name: str, change: Change) -> Lie:
    """Changes what a method without arguments returns."""
    data = "0x" + interface.data(name).hex()

    def lie(method: str, parameters: list[Any], told: Any) -> Any:
        if method == "eth_call" and parameters[0]["data"] == data:
            return change(told)
        return told

    return lie


def code_of(change: Change) -> Lie:
    """Changes the code of every contract."""

    def lie(method: str, _: list[Any], told: Any) -> Any:
        return change(told) if method == "eth_getCode" else told

    return lie


def bent(text: str, at: int) -> str:
    """A hexadecimal digit changed; negative places count from the end."""
    digits = list(text)
    digits[at] = "0" if digits[at] != "0" else "1"
    return "".join(digits)


def data_bent(at: int) -> Change:
    """The data of the second log of a list changed at a digit."""

    def change(logs: list[Any]) -> list[Any]:
        second = logs[1] | {"data": bent(logs[1]["data"], at)}
        return [logs[0], second, *logs[2:]]

    return change


WORD = 64
"""Digits of a word."""
FIRST_WORD_OF_THE_BALLOT = 2 + 7 * WORD + 10
GENERATOR = "0x" + G.encoded.hex()


def other_voter(logs: list[Any]) -> list[Any]:
    topic, voter, tracker = logs[1]["topics"]
    return [logs[0], logs[1] | {"topics": [topic, bent(voter, -1), tracker]}, *logs[2:]]


def first_sum_twice(told: str) -> str:
    """The second ciphertext of a list gives way to the first."""
    begin, size = 2 + 2 * WORD, 4 * WORD
    first = told[begin : begin + size]
    return told[:begin] + first + first + told[begin + 2 * size :]


LIES: dict[str, tuple[Lie, str]] = {
    "ballots change places": (
        logs_of("BallotCast", lambda logs: logs[::-1]),
        ballot_box.REPLACEMENTS,
    ),
    "a ballot is repeated": (
        logs_of("BallotCast", lambda logs: [*logs, logs[0]]),
        ballot_box.REPLACEMENTS,
    ),
    "a ciphertext is altered": (
        logs_of("BallotCast", data_bent(FIRST_WORD_OF_THE_BALLOT)),
        ballots.PROOFS,
    ),
    "a response is altered": (logs_of("BallotCast", data_bent(-1)), ballots.PROOFS),
    "a weight is altered": (logs_of("BallotCast", data_bent(WORD + 1)), ballot_box.MEMBERSHIP),
    "a signature is altered": (
        logs_of("BallotCast", data_bent(2 + 3 * WORD + 20)),
        ballots.SIGNATURES,
    ),
    "a voter is altered": (
        logs_of("BallotCast", other_voter),
        ballot_box.MEMBERSHIP,
    ),
    "the roll is not there": (
        logs_of("RollPublished", lambda _: []),
        electoral_roll.ROLL,
    ),
    "the roll is altered": (
        logs_of("RollPublished", lambda logs: [logs[0] | {"data": bent(logs[0]["data"], -1)}]),
        electoral_roll.ROLL,
    ),
    "a share is altered": (logs_of("SharePosted", data_bent(-1)), result.SHARES),
    "another key": (
        call_of(POLL, "key", lambda _: GENERATOR),
        foundation.POLL_HASH,
    ),
    "another content": (
        call_of(POLL, "content", lambda told: bent(told, 140)),
        foundation.POLL_HASH,
    ),
    "another close": (call_of(POLL, "closes", lambda told: bent(told, -1)), foundation.POLL_HASH),
    "another result": (call_of(POLL, "result", lambda told: bent(told, -1)), result.RESULT),
    "other sums": (call_of(POLL, "sums", first_sum_twice), verification.SUMS),
    "it was cancelled": (
        call_of(POLL, "phase", lambda told: told[:-1] + "5"),
        verification.COUNTS,
    ),
    "fewer voters": (call_of(POLL, "voterCount", lambda told: bent(told, -1)), verification.COUNTS),
    "other deals": (call_of(BOARD, "dealsHash", lambda told: bent(told, -1)), ceremony.DEALS),
    "another board key": (
        call_of(BOARD, "key", lambda _: GENERATOR),
        ceremony.KEYS,
    ),
    "another board hash": (
        call_of(BOARD, "boardHash", lambda told: bent(told, -1)),
        ceremony.BOARD_HASH,
    ),
    "other code": (code_of(lambda told: bent(told, -1)), provenance.CATALOGUE),
    "no answer that can be read": (call_of(POLL, "sums", lambda _: "0x00"), verification.COUNTS),
}


LOGS_LACKING: dict[str, tuple[Lie, str]] = {
    "a ballot": (
        logs_of("BallotCast", lambda logs: logs[:1] + logs[2:]),
        "lack the ballot 0x",
    ),
    "the last ballot": (logs_of("BallotCast", lambda logs: logs[:-1]), "lack the ballot 0x"),
    "all ballots": (logs_of("BallotCast", lambda _: []), "those of 0 voters, of 4"),
    "a share": (
        logs_of("SharePosted", lambda logs: logs[1:]),
        "decryption shares of trustee 1",
    ),
    "all shares": (logs_of("SharePosted", lambda _: []), "decryption shares of trustees 1 and 3"),
    "a deal": (logs_of("Dealt", lambda logs: logs[1:], BOARD), "deals of trustee 1"),
    "confirmations": (
        logs_of("Confirmed", lambda logs: logs[:1], BOARD),
        "confirmations of trustees 2 and 3",
    ),
    "everything": (
        lambda method, _, told: [] if method == "eth_getLogs" else told,
        "those of 0 voters, of 4",
    ),
}
"""What a node has thrown away, or hides, and what is said of it: state proves that it was there."""


def replaced_once_read(topic: str, number: int) -> Lie:
    """Another block in place of one, as soon as logs of an event have been read."""
    is_read = False

    def lie(method: str, parameters: list[Any], told: Any) -> Any:
        nonlocal is_read
        is_read |= method == "eth_getLogs" and parameters[0]["topics"][0] == topic
        if is_read and method == "eth_getBlockByNumber" and parameters[0] == hex(number):
            return told | {"hash": f"0x{1:064x}"}
        return told

    return lie
