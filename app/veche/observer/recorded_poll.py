"""A poll as an election record shows it, before anything of it is verified."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path

from veche.errors import InvalidDocument
from veche.observer.phase import phase_of
from veche.observer.record_evidence import RecordEvidence
from veche.protocol import published_roll
from veche.protocol.board import BoardTerms
from veche.protocol.content import Scores
from veche.protocol.phase import Phase
from veche.protocol.roll import Roll


class RecordedPoll:
    """A poll as an election record shows it. It is read like a poll on chain; but all of it is the
    word of whoever wrote the record.

    Attributes:
        evidence: the record.
        definition: what defines the poll.
        texts: title, description, questions and options.

    Raises:
        InvalidDocument: the file is no election record.
        WrongPoll: the poll's hash is not the expected one.
        InvalidContent: the poll's texts cannot be shown to voters.
    """

    def __init__(self, path: Path, *, expect: bytes | None = None) -> None:
        self.evidence = RecordEvidence(path)
        self.definition = self.evidence.definition()
        self.definition.require_hash(expect)
        self.texts = self.definition.texts

    @property
    def address(self) -> str:
        """The poll's address."""
        return self.definition.address

    @property
    def title(self) -> str:
        """The poll's title."""
        return self.texts.title

    @property
    def hash(self) -> bytes:
        """The hash of everything that defines the poll: 32 bytes."""
        return self.definition.hash

    @property
    def phase(self) -> Phase:
        """Where the poll stood when the record was written."""
        return phase_of(self.definition, self.evidence.state(), self.evidence.mark().time)

    @property
    def voter_count(self) -> int:
        """How many voters have cast a ballot."""
        return self.evidence.state().voters

    @property
    def cast_weight(self) -> int:
        """The sum of the weights of all voters who have cast a ballot."""
        return self.evidence.state().weight

    @property
    def board_terms(self) -> BoardTerms:
        """The terms of the poll's board."""
        return self.evidence.ceremony().definition.terms

    @property
    def threshold(self) -> int:
        """How many decryption shares a result needs."""
        return self.board_terms.threshold

    @cached_property
    def roll(self) -> Roll:
        """The electoral roll.

        Raises:
            IncompleteRoll: the record does not have the whole roll.
            InvalidDocument: the record is malformed.
        """
        root, total = self.definition.roll_root, self.definition.total_weight
        return published_roll.read(self.evidence.roll_parts(), root=root, total_weight=total)

    def shares_posted(self) -> list[int]:
        """The indices of the trustees who had posted their shares, the earliest first."""
        return [each.trustee for each in self.evidence.shares()]

    def result(self) -> Scores | None:
        """The score of every option, by question; None if the record has no result.

        Raises:
            InvalidDocument: the record has another number of scores than the poll has choices.
        """
        found, choices = self.evidence.state().result, self.definition.questions.choices
        if len(found) not in (0, choices):
            path = self.evidence.path
            raise InvalidDocument(f"{path}: there are {len(found)} scores for {choices} choices")
        return self.texts.by_text(found) if found else None
