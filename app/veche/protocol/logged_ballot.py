"""Ballots as others show them: the log of their poll, or an election record."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from veche.crypto.ballot_proof import Ballot
from veche.crypto.group import Point
from veche.crypto.questions import Questions
from veche.errors import Refused
from veche.protocol.ballot import SignedBallot
from veche.protocol.definition import PollDefinition
from veche.protocol.signature import Signature

WORD: Final = 32
POINT: Final = 2 * WORD
"""Bytes of a point in a log."""
COMPRESSED: Final = 33
"""Bytes of a point in an election record."""


@dataclass(frozen=True, slots=True)
class LoggedBallot:
    """A ballot as the log of its poll has it. Nothing in it is checked.

    Attributes:
        voter: address, with its checksum.
        tracker: the ballot's name by the log, 32 bytes.
        weight: the voter's weight by the log.
        replaces: the tracker of the ballot that this one replaces, 32 bytes; None for a first
            ballot.
        deadline: the last moment at which the voter wants it cast, in seconds since 1970.
        signature: the voter's.
        words: A and B of every choice, the proof's scalars, its coefficients: 32 bytes for a
            coordinate or scalar. In an election record, all points come first, 33 bytes each.
    """

    voter: str
    tracker: bytes
    weight: int
    replaces: bytes | None
    deadline: int
    signature: Signature
    words: bytes

    def signed(self, definition: PollDefinition) -> SignedBallot:
        """The ballot as its voter signed it.

        Args:
            definition: of its poll.

        Raises:
            InvalidBallotShape: a ballot of this poll has more words, or fewer.
            InvalidPoint: a point of a ciphertext cannot be accepted.
            InvalidScalar: a challenge or response cannot be accepted.
        """
        return SignedBallot(
            definition.chain_id,
            definition.address,
            self.voter,
            self.weight,
            self.replaces,
            self.deadline,
            self.signature,
            self._ballot(definition.questions),
        )

    def _ballot(self, questions: Questions) -> Ballot:
        if not self._is_compressed(questions):
            return Ballot.from_words(_numbers(self.words), questions)
        end = questions.points * COMPRESSED
        points = [Point.from_compressed(each) for each in _parts(self.words[:end], COMPRESSED)]
        return Ballot.from_parts(points, _numbers(self.words[end:]), questions)

    def compressed(self, questions: Questions) -> tuple[bytes, bytes] | None:
        """The ballot's points, 33 bytes each, and its scalars, 32 bytes each; None if it has not
        the shape of a ballot of these questions, or a point of it is invalid.
        """
        if self._is_compressed(questions):
            end = questions.points * COMPRESSED
            return self.words[:end], self.words[end:]
        if len(self.words) != questions.words * WORD:
            return None
        start = 2 * questions.choices * POINT
        end = start + questions.scalars * WORD
        points = self.words[:start] + self.words[end:]
        try:
            found = [Point.from_outside(*_numbers(each)) for each in _parts(points, POINT)]
        except Refused:
            return None
        return b"".join(each.compressed for each in found), self.words[start:end]

    def _is_compressed(self, questions: Questions) -> bool:
        return len(self.words) == questions.points * COMPRESSED + questions.scalars * WORD


def _numbers(words: bytes) -> list[int]:
    return [int.from_bytes(each, "big") for each in _parts(words, WORD)]


def _parts(data: bytes, size: int) -> Iterator[bytes]:
    return (data[at : at + size] for at in range(0, len(data), size))
