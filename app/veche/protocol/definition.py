"""Everything that defines a poll, and the hash of it (PROTOCOL §3)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final

from veche.crypto import transcript
from veche.crypto.group import Point
from veche.crypto.keccak import keccak
from veche.crypto.questions import Questions
from veche.errors import InvalidTimes, InvalidTotalWeight, TooFewVoters, WrongPoll
from veche.protocol import plain
from veche.protocol.content import Content

LIMIT: Final = 2**40
"""What a result's scores, a poll's close and its minimum of voters stay below."""


@dataclass(frozen=True, slots=True)
class PollDefinition:
    """Everything that defines a poll.

    Attributes:
        chain_id: the chain's EIP-155 id.
        address: the poll's address.
        board: the address of its board of trustees.
        board_hash: the hash of the board's definition, 32 bytes.
        key: Y, the board's encryption key.
        roll_root: the Merkle root of the electoral roll, 32 bytes.
        total_weight: the sum of all weights on the roll.
        opens: seconds since 1970.
        closes: seconds since 1970.
        min_voters: the fewest voters that a result is computed for.
        content: the poll's texts, as the JSON document that stands on chain.
        questions: what voters may give.
        hash: the hash of all of this, 32 bytes.
    """

    chain_id: int
    address: str
    board: str
    board_hash: bytes
    key: Point
    roll_root: bytes
    total_weight: int
    opens: int
    closes: int
    min_voters: int
    content: str
    questions: Questions
    hash: bytes = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "hash", self._hash())

    def _hash(self) -> bytes:
        return transcript.poll_hash(
            chain_id=self.chain_id,
            poll=int(self.address, 16),
            board=int(self.board, 16),
            board_hash=self.board_hash,
            key=self.key,
            roll_root=self.roll_root,
            total_weight=self.total_weight,
            opens=self.opens,
            closes=self.closes,
            min_voters=self.min_voters,
            content_hash=keccak(self.content.encode()),
            questions=self.questions.limits,
        )

    @property
    def texts(self) -> Content:
        """The poll's texts.

        Raises:
            InvalidContent: the texts cannot be shown to voters.
        """
        return Content.decode(self.content, self.questions)

    def require_hash(self, told: bytes | None) -> None:
        """Refuses to be taken for another poll.

        Args:
            told: the poll hash that somebody was told, 32 bytes; None if none was.

        Raises:
            WrongPoll: the poll has another hash.
        """
        if told not in (None, self.hash):
            said = f"the poll at {self.address} has the hash {plain.data(self.hash)}"
            raise WrongPoll(f"{said}, but you were told of {plain.data(told)}")

    def require_sound(self, *, at_least: int) -> None:
        """Refuses terms that no poll can have, whatever the time.

        Args:
            at_least: the minimum of voters of its board.

        Raises:
            InvalidTimes: the poll closes before it opens, or after the year 36,000.
            TooFewVoters: its minimum of voters is below the board's, or out of reach.
            InvalidTotalWeight: the roll is empty, or the scores could be too large to be found.
        """
        if not self.opens < self.closes < LIMIT:
            raise InvalidTimes(self.opens, self.opens, self.closes)
        if not at_least <= self.min_voters < LIMIT:
            raise TooFewVoters(at_least, self.min_voters)
        largest = max(each.max_score for each in self.questions)
        if not 0 < self.total_weight * largest < LIMIT:
            raise InvalidTotalWeight(self.total_weight, largest)

    def to_plain(self) -> dict[str, Any]:
        """The definition as plain data for a JSON document, with its hash."""
        return {
            "chainId": self.chain_id,
            "address": self.address,
            "board": self.board,
            "boardHash": plain.data(self.board_hash),
            "key": plain.point(self.key),
            "rollRoot": plain.data(self.roll_root),
            "totalWeight": self.total_weight,
            "opens": self.opens,
            "closes": self.closes,
            "minVoters": self.min_voters,
            "content": self.content,
            "questions": [list(limits) for limits in self.questions.limits],
            "pollHash": plain.data(self.hash),
        }

    @classmethod
    def from_plain(cls, form: plain.Form) -> PollDefinition:
        """The definition in plain data; the hash in them is not read.

        Raises:
            InvalidDocument: a field is missing or malformed.
            InvalidPoint: the key is not a point that boards can have.
            InvalidQuestions: no poll can have such questions.
        """
        return cls(
            form.number("chainId"),
            form.address("address"),
            form.address("board"),
            form.data("boardHash", 32),
            form.point("key"),
            form.data("rollRoot", 32),
            form.number("totalWeight"),
            form.number("opens"),
            form.number("closes"),
            form.number("minVoters"),
            form.text("content"),
            Questions.of(*(_words(each) for each in form.lists("questions", 4))),
        )


def _words(numbers: list[int]) -> tuple[int, int, int, int]:
    options, max_score, min_total, max_total = numbers
    return options, max_score, min_total, max_total
