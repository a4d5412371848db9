"""Audits: a voter reveals a ballot to check the device that made it (PROTOCOL §3, Casting)."""

from __future__ import annotations

import json
from dataclasses import dataclass, field

from veche.crypto import elgamal
from veche.crypto.group import Secret
from veche.errors import AuditFailed, InvalidDocument
from veche.protocol import plain, trackers
from veche.protocol.content import Scores
from veche.protocol.definition import PollDefinition
from veche.protocol.plain import Form


@dataclass(frozen=True, slots=True)
class Audit:
    """An opened ballot. Anyone who has it sees the vote, so the ballot is never cast.

    Attributes:
        definition: the definition of the poll.
        voter: the voter's address.
        weight: the voter's weight on the roll.
        replaces: the tracker of the ballot that it would have replaced, 32 bytes; None for a
            voter's first.
        scores: m of every choice.
        randomness: r of every choice, in 1..n-1.
        tracker: the tracker that the device showed before it knew of the audit, 32 bytes.
    """

    definition: PollDefinition
    voter: str
    weight: int
    replaces: bytes | None
    scores: tuple[int, ...] = field(repr=False)
    randomness: tuple[int, ...] = field(repr=False)
    tracker: bytes

    def check(self) -> Scores:
        """Checks the device; returns what the ballot would have given to every option, by question.

        Encrypts the scores again with the same randomness, and compares the tracker.

        Raises:
            AuditFailed: these scores do not give the tracker that the device showed.
            InvalidScores: the questions do not allow these scores.
            InvalidScalar: a randomness is not in 1..n-1.
            InvalidContent: the poll's texts cannot be shown to voters.
        """
        if not len(self.scores) == len(self.randomness) == self.definition.questions.choices:
            raise AuditFailed("the audit does not open every choice")
        self.definition.questions.require_scores(self.scores)
        ciphertexts = [
            elgamal.encrypt(self.definition.key, score, Secret(r))
            for score, r in zip(self.scores, self.randomness, strict=True)
        ]
        computed = trackers.of(
            self.definition.hash,
            voter=self.voter,
            weight=self.weight,
            replaces=self.replaces,
            ciphertexts=ciphertexts,
        )
        if computed != self.tracker:
            said = f"the device showed {plain.data(self.tracker)}"
            raise AuditFailed(f"{said}, but these scores give {plain.data(computed)}")
        return self.definition.texts.by_text(self.scores)

    def to_json(self) -> str:
        """The audit as a JSON document."""
        fields = {
            "poll": self.definition.to_plain(),
            "voter": self.voter,
            "weight": self.weight,
            "replaces": plain.data(trackers.word(self.replaces)),
            "scores": list(self.scores),
            "randomness": [plain.word(each) for each in self.randomness],
            "tracker": plain.data(self.tracker),
        }
        return json.dumps(fields, ensure_ascii=False, indent=1)

    @classmethod
    def from_json(cls, text: str) -> Audit:
        """The audit in a JSON document.

        Raises:
            InvalidDocument: the document is not that of an audit, or its poll has another hash than
                it says.
            InvalidPoint: the poll's key is not a point that boards can have.
            InvalidQuestions: no poll can have such questions.
        """
        form = Form.parse(text, what="audit file")
        poll = form.form("poll")
        definition = PollDefinition.from_plain(poll)
        if poll.data("pollHash", 32) != definition.hash:
            raise InvalidDocument("audit file: pollHash is not the hash of its poll")
        return cls(
            definition,
            form.address("voter"),
            form.number("weight"),
            trackers.from_word(form.data("replaces", 32)),
            tuple(form.numbers("scores")),
            tuple(form.words("randomness")),
            form.data("tracker", 32),
        )
