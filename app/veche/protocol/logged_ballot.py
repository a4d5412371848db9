"""Ballots as others show them: the log of their poll, or an election record."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from veche.crypto.ballot_proof import Ballot
from veche.crypto.group import Point
from veche.crypto.questions import Questions
from veche.errors import InvalidDocument, Refused
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
            coordinate or scalar. If they are compressed, all points come first, 33 bytes each.
        is_compressed: whether an election record has the words, in compressed form.
    """

    voter: str
    tracker: bytes
    weight: int
    replaces: bytes | None
    deadline: int
    signature: Signature
    words: bytes
    is_compressed: bool = False

    def signed(self, definition: PollDefinition) -> SignedBallot:
        """The ballot as its voter signed it.

        Args:
            definition: of its poll.

        Raises:
            InvalidBallotShape: a ballot of this poll has more words, or fewer.
            InvalidPoint: a point of a ciphertext cannot be accepted.
            InvalidScalar: a challenge or response cannot be accepted.
            InvalidDocument: the words are compressed, but are not those of a ballot of this poll. A
                record has only ballots in this form whose points and scalars can be accepted.
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
        if not self.is_compressed:
            return Ballot.from_words(_numbers(self.words), questions)
        try:
            return self._decompressed(questions)
        except Refused as error:
            raise InvalidDocument(f"ballot 0x{self.tracker.hex()}: {error}") from error

    def _decompressed(self, questions: Questions) -> Ballot:
        end = questions.points * COMPRESSED
        points = [Point.from_compressed(each) for each in _parts(self.words[:end], COMPRESSED)]
        return Ballot.from_parts(points, _numbers(self.words[end:]), questions)

    def compressed(self, questions: Questions) -> tuple[bytes, bytes] | None:
        """The ballot's points, 33 bytes each, and its scalars, 32 bytes each; None if it has not
        the shape of a ballot of these questions, or a point or scalar of it is invalid.
        """
        if self.is_compressed:
            end = questions.points * COMPRESSED
            return self.words[:end], self.words[end:]
        try:
            ballot = self._ballot(questions)
        except Refused:
            return None
        start = 2 * questions.choices * POINT
        ciphertexts = (point for each in ballot.ciphertexts for point in each.pair)
        scalars = self.words[start : start + questions.scalars * WORD]
        points = b"".join(each.compressed for each in (*ciphertexts, *ballot.coefficients))
        return points, scalars


def _numbers(words: bytes) -> list[int]:
    return [int.from_bytes(each, "big") for each in _parts(words, WORD)]


def _parts(data: bytes, size: int) -> Iterator[bytes]:
    return (data[at : at + size] for at in range(0, len(data), size))
