"""What a node is asked: again where it does not answer, and never half an answer taken."""

from __future__ import annotations

from typing import Any

import pytest

from support.elections import Town
from support.lying_nodes import LyingNode, Twist, too_busy
from veche import Poll, connect
from veche.errors import NodeBusy, NodeError, NodeUnreachable, WrongAnswer

PARTIAL = "does not answer every call"
NO_ANSWER = "neither a result nor an error"

HALF_ANSWERS: dict[str, tuple[Twist, type[NodeError], str]] = {
    "one error": (lambda asked, _: too_busy(asked[0]), NodeBusy, "too many requests"),
    "an error among results": (
        lambda asked, told: [too_busy(asked[0]), *told[1:]],
        NodeBusy,
        "too many",
    ),
    "one too few": (lambda _, told: told[1:], WrongAnswer, PARTIAL),
    "one too many": (lambda _, told: [*told, told[0]], WrongAnswer, PARTIAL),
    "one twice": (lambda _, told: [told[0], *told[:-1]], WrongAnswer, PARTIAL),
    "one that is nothing": (lambda _, told: [None, *told[1:]], WrongAnswer, PARTIAL),
    "without numbers": (
        lambda _, told: [each | {"id": None} for each in told],
        WrongAnswer,
        PARTIAL,
    ),
    "with numbers that are none": (
        lambda _, told: [each | {"id": [each["id"]]} for each in told],
        WrongAnswer,
        PARTIAL,
    ),
    "without results": (
        lambda _, told: [{"id": each["id"]} for each in told],
        WrongAnswer,
        NO_ANSWER,
    ),
    "nothing": (lambda *_: None, WrongAnswer, "no Ethereum node"),
    "a word": (lambda *_: "busy", WrongAnswer, PARTIAL),
}


@pytest.mark.parametrize("half", HALF_ANSWERS)
def test_reading_fails_if_the_node_does_not_answer_every_call(
    town: Town, poll: Poll, liar: LyingNode, half: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("veche.chain.transport.FIRST_PAUSE", 0)
    twist, error, said = HALF_ANSWERS[half]
    seen = connect(liar.url).poll(poll.address)
    liar.twist = lambda asked, told: twist(asked, told) if isinstance(asked, list) else told
    with pytest.raises(error, match=said):
        seen.trackers([each.address for each in town.voters])


def test_answers_in_any_order_are_matched_to_their_calls(
    town: Town, poll: Poll, liar: LyingNode
) -> None:
    own = town.cast(poll, 3, {"Which tree?": "Oak"})
    seen = connect(liar.url).poll(poll.address)
    liar.twist = lambda asked, told: told[::-1] if isinstance(asked, list) else told
    voters = [each.address for each in town.voters]
    assert seen.trackers(voters) == [own if i == 3 else None for i in range(len(voters))]


def test_many_reads_in_one_request_are_repeated(town: Town, poll: Poll, liar: LyingNode) -> None:
    seen, failures = connect(liar.url).poll(poll.address), 0

    def fail(asked: Any, told: Any) -> Any:
        nonlocal failures
        if isinstance(asked, list) and failures < 3:
            failures += 1
            raise ConnectionError
        return told

    liar.twist = fail
    assert seen.trackers([each.address for each in town.voters[:2]]) == [None] * 2
    assert failures == 3


def test_reads_are_repeated(poll: Poll, liar: LyingNode) -> None:
    failures = 0

    def fail(method: str, _: list[object], told: object) -> object:
        nonlocal failures
        if method == "eth_call" and failures < 3:
            failures += 1
            raise ConnectionError
        return told

    liar.lie = fail
    assert connect(liar.url).poll(poll.address).title == poll.title
    assert failures == 3


def test_reading_fails_if_the_node_stays_silent(poll: Poll, liar: LyingNode) -> None:
    def fail(_: str, __: list[object], ___: object) -> object:
        raise ConnectionError

    liar.lie = lambda _, __, told: told
    seen = connect(liar.url).poll(poll.address)
    liar.lie = fail
    with pytest.raises(NodeUnreachable):
        _ = seen.phase


# -- Answers that are none --


def without(name: str) -> Any:
    """Leaves a field out of an object, or out of every object of a list."""

    def bend(told: Any) -> Any:
        if isinstance(told, list):
            return [bend(each) for each in told]
        return {key: value for key, value in told.items() if key != name}

    return bend


def with_field(name: str, value: Any) -> Any:
    """Puts something else into a field."""

    def bend(told: Any) -> Any:
        return [bend(each) for each in told] if isinstance(told, list) else told | {name: value}

    return bend


BLOCKS = {
    **{f"no {each}": without(each) for each in ("number", "hash", "timestamp")},
    **{f"{each} is null": with_field(each, None) for each in ("number", "hash", "timestamp")},
    "a text": lambda _: "block",
    "a list": lambda _: [],
    "a number": lambda _: 7,
}
LOG_FIELDS = ("address", "topics", "data", "blockNumber", "blockHash", "transactionHash")
LOGS = {
    **{f"no {each}": without(each) for each in LOG_FIELDS},
    **{f"{each} is null": with_field(each, None) for each in LOG_FIELDS},
    "of another contract": with_field("address", "0x" + "11" * 20),
    "of another event": with_field("topics", ["0x" + "11" * 32]),
    "of a later block": with_field("blockNumber", hex(10**9)),
    "texts": lambda told: ["log" for _ in told],
    "a text": lambda _: "logs",
}


@pytest.mark.parametrize("bent", BLOCKS)
def test_block_that_is_none_is_refused(liar: LyingNode, bent: str) -> None:
    chain = connect(liar.url)
    liar.lie = lambda method, _, told: BLOCKS[bent](told) if "getBlockBy" in method else told
    with pytest.raises(NodeError):
        _ = chain.time


@pytest.mark.parametrize("bent", LOGS)
def test_log_that_is_none_or_was_not_asked_for_is_refused(
    town: Town, poll: Poll, liar: LyingNode, bent: str
) -> None:
    town.cast(poll, 5, {"Which tree?": "Oak"})
    seen = connect(liar.url).poll(poll.address)
    liar.lie = lambda method, _, told: LOGS[bent](told) if method == "eth_getLogs" else told
    with pytest.raises(NodeError):
        list(seen.ballots())
