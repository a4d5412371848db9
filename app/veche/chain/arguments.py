"""Values of the protocol as arguments of the contracts: lists of numbers and words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from veche.crypto.deal_proof import Deal
from veche.crypto.elgamal import Ciphertext
from veche.crypto.equality_proof import EqualityProof
from veche.crypto.group import P, Point
from veche.crypto.questions import Questions
from veche.crypto.sigma import Hint
from veche.protocol import trackers
from veche.protocol.ballot import SignedBallot
from veche.protocol.board import BoardTerms


def point(value: Point) -> list[int]:
    """A point: x and y, or two zeros for infinity."""
    return [value.x, value.y]


def points(values: Sequence[Point]) -> list[list[int]]:
    """Points, in order."""
    return [point(each) for each in values]


def ciphertexts(values: Sequence[Ciphertext]) -> list[list[list[int]]]:
    """Ciphertexts, in order."""
    return [points(each.pair) for each in values]


def hints(values: Sequence[Hint]) -> list[list[Any]]:
    """Hints, in order: U, the x of V, and the slope of the line through both (PROTOCOL §1)."""
    return [[point(u), v.x, _slope(u, v)] for u, v in values]


def hint_words(questions: Questions) -> int:
    """How many words `ballot_hints` gives for a ballot of these questions."""
    return 4 * questions.choices + 2 * questions.degree


def ballot_hints(values: Sequence[Hint], choices: int) -> list[int]:
    """The words of a ballot's hints: U, x of V and the slope of every choice and of the last sum;
    between them x of V and the slope, where U stands in the ballot (PROTOCOL §3).
    """
    *between, last = hints(values[choices:])
    return flat([hints(values[:choices]), [each[1:] for each in between], last])


def _slope(u: Point, v: Point) -> int:
    """The slope of the line through U and V; the y of V if both have the same x."""
    return (u.y - v.y) * pow(u.x - v.x, -1, P) % P if u.x != v.x else v.y


def proof(value: EqualityProof) -> list[int]:
    """A proof: challenge and response."""
    return [value.challenge.value, value.response.value]


def deal(value: Deal) -> list[Any]:
    """A trustee's deal: commitments, ephemeral key, sealed shares and proof."""
    return [
        points(value.commitments),
        point(value.ephemeral),
        list(value.sealed),
        value.challenge.value,
        value.secret_response.value,
        value.ephemeral_response.value,
    ]


def board_terms(value: BoardTerms) -> list[Any]:
    """What a board is convened with."""
    trustees = [[each.account, point(each.sealing_key)] for each in value.trustees]
    rules = [value.threshold, value.min_voters, value.deal_by, value.confirm_by]
    return [*rules, trustees, value.content]


def signed_ballot(value: SignedBallot) -> list[Any]:
    """A ballot as its voter signed it."""
    return [
        value.voter,
        value.weight,
        trackers.word(value.replaces),
        value.deadline,
        value.signature.r,
        value.signature.vs,
        value.ballot.words,
    ]


def replaced_ballot(value: SignedBallot | None) -> list[Any]:
    """The replaced ballot: what it had replaced, and its ciphertexts; empty for a first ballot."""
    if value is None:
        return [trackers.NO_BALLOT, []]
    return [trackers.word(value.replaces), ciphertexts(value.ballot.ciphertexts)]


def weighted_points(value: SignedBallot, replaced: SignedBallot | None) -> list[list[int]]:
    """A and B of every choice of both ballots, times the weight; empty if the weight is 1."""
    if value.weight == 1:
        return []
    both = [*value.ballot.ciphertexts, *(replaced.ballot.ciphertexts if replaced else ())]
    return [point(each) for one in both for each in (one * value.weight).pair]


def flat(argument: Any) -> list[int]:  # noqa: ANN401  # lists in lists, of numbers and words
    """All words of an argument in one list, as a batch has them."""
    if isinstance(argument, list | tuple):
        return [word for each in argument for word in flat(each)]
    return [int.from_bytes(argument, "big") if isinstance(argument, bytes) else int(argument)]
