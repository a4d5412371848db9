"""What defines a poll: one hash of all of it, and plain data for documents."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from support.one_poll import POLL, TEXTS
from veche.crypto.group import G
from veche.crypto.questions import Questions
from veche.errors import InvalidDocument, WrongPoll
from veche.protocol.definition import PollDefinition
from veche.protocol.plain import Form


def read(fields: dict[str, Any]) -> PollDefinition:
    return PollDefinition.from_plain(Form(fields, what="poll"))


def test_definition_comes_back_as_it_was() -> None:
    again = read(POLL.to_plain())
    assert again == POLL
    assert again.hash == POLL.hash
    assert again.texts == TEXTS


@pytest.mark.parametrize(
    "change",
    [
        {"chain_id": 1},
        {"address": POLL.board},
        {"board": POLL.address},
        {"board_hash": POLL.roll_root},
        {"key": G},
        {"roll_root": POLL.board_hash},
        {"total_weight": 11},
        {"opens": 1_001},
        {"closes": 2_001},
        {"min_voters": 3},
        {"content": POLL.content + " "},
        {"questions": Questions.of((3, 1, 0, 1))},
    ],
    ids="".join,
)
def test_every_part_is_in_the_hash(change: dict[str, Any]) -> None:
    assert replace(POLL, **change).hash != POLL.hash


@pytest.mark.parametrize("name", [name for name in POLL.to_plain() if name != "pollHash"])
def test_definition_that_lacks_something_is_refused(name: str) -> None:
    fields = POLL.to_plain()
    del fields[name]
    with pytest.raises(InvalidDocument):
        read(fields)


def test_poll_with_another_hash_than_was_told_is_refused() -> None:
    for told in (None, POLL.hash):
        POLL.require_hash(told)
    with pytest.raises(
        WrongPoll, match=f"has the hash 0x{POLL.hash.hex()}, but you were told of 0x00"
    ):
        POLL.require_hash(bytes(32))
