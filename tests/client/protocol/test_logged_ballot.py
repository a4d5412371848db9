"""Ballots as logs and election records have them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from support.paper_polls import PaperPoll
from veche.crypto.group import P
from veche.errors import InvalidBallotShape, InvalidDocument, InvalidPoint, InvalidScalar, Refused
from veche.protocol.logged_ballot import LoggedBallot

POLL = PaperPoll()
LOGGED, _ = POLL.facts.ballots[0]
DEFINITION = POLL.definition
POINTS = 5 * 128
"""Bytes of the ciphertexts of a ballot with five choices."""


def in_record(logged: LoggedBallot) -> LoggedBallot:
    """The same ballot with its points compressed."""
    parts = logged.compressed(DEFINITION.questions)
    assert parts
    return replace(logged, words=b"".join(parts), is_compressed=True)


def test_ballot_is_the_same_from_a_log_and_from_a_record() -> None:
    signed = LOGGED.signed(DEFINITION)
    assert signed.tracker(DEFINITION.hash) == LOGGED.tracker
    signed.require_signature(LOGGED.tracker)
    assert in_record(LOGGED).signed(DEFINITION) == signed
    assert len(in_record(LOGGED).words) == len(LOGGED.words) - 31 * DEFINITION.questions.points
    assert in_record(in_record(LOGGED)) == in_record(LOGGED)


def test_ballot_has_as_many_words_as_its_questions_say() -> None:
    assert len(LOGGED.words) == 32 * DEFINITION.questions.words


def put(at: int, more: bytes, *, taking: int = 0) -> Callable[[bytes], bytes]:
    """Bytes put in at a place, where so many bytes are taken out."""
    return lambda words: words[:at] + more + words[at + taking :]


WORD = bytes(32)


@pytest.mark.parametrize(
    ("bend", "refusal"),
    [
        (lambda _: b"", InvalidBallotShape),
        (lambda words: words[:-32], InvalidBallotShape),
        (lambda words: words + WORD, InvalidBallotShape),
        (put(POINTS, WORD), InvalidBallotShape),
        (put(0, b"\1" * 32, taking=32), InvalidPoint),
        (put(0, P.to_bytes(32, "big"), taking=32), InvalidPoint),
        (put(POINTS, b"\xff" * 32, taking=32), InvalidScalar),
    ],
)
def test_reading_fails_if_the_words_are_no_ballot(
    bend: Callable[[bytes], bytes], refusal: type[Refused]
) -> None:
    with pytest.raises(refusal):
        replace(LOGGED, words=bend(LOGGED.words)).signed(DEFINITION)


@pytest.mark.parametrize(
    "bend",
    [
        lambda _: b"",
        lambda words: words[:-32],
        put(POINTS, WORD),
        put(0, b"\1" * 32, taking=32),
        put(POINTS, b"\xff" * 32, taking=32),
    ],
)
def test_words_that_are_no_ballot_are_not_compressed(bend: Callable[[bytes], bytes]) -> None:
    """So that a record has them as they were logged, and a check fails there too."""
    bent = replace(LOGGED, words=bend(LOGGED.words))
    assert bent.compressed(DEFINITION.questions) is None


@pytest.mark.parametrize("at", [0, DEFINITION.questions.points * 33])
def test_compressed_words_that_are_no_ballot_are_malformed(at: int) -> None:
    """A record has words in this form only if they are a ballot."""
    compressed = in_record(LOGGED)
    bent = replace(compressed, words=put(at, b"\xff" * 32, taking=32)(compressed.words))
    with pytest.raises(InvalidDocument):
        bent.signed(DEFINITION)


def test_words_that_look_compressed_are_none() -> None:
    """A node could log a ballot in the form of records; the contract would not."""
    with pytest.raises(InvalidBallotShape):
        replace(in_record(LOGGED), is_compressed=False).signed(DEFINITION)
