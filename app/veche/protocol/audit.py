"""What a voter reveals to check the device that encrypted a ballot (PROTOCOL §3, Casting)."""

from __future__ import annotations

import json
from dataclasses import dataclass

from veche.crypto import elgamal
from veche.crypto.group import Secret
from veche.errors import AuditFailed
from veche.protocol import plain, trackers
from veche.protocol.content import Scores
from veche.protocol.definition import PollDefinition
from veche.protocol.plain import Form


@dataclass(frozen=True, slots=True)
class Audit:
    """A ballot, opened: anyone who has this sees the vote, so it is never cast.

    Attributes:
        definition: of the poll.
        voter: address.
        weight: the voter's on the roll.
        replaces: the tracker of the ballot that it would have replaced, 32 bytes; None if there
            was none.
        scores: m of every choice.
        randomness: r of every choice, in 1..n-1.
        tracker: what the device showed before it knew that it would be audited, 32 bytes.
    """

    definition: PollDefinition
    voter: str
    weight: int
    replaces: bytes | None
    scores: tuple[int, ...]
    randomness: tuple[int, ...]
    tracker: bytes

    def check(self) -> Scores:
        """What the ballot would have counted for: the score of every option, by question.

        Encrypts anew what is revealed and compares the tracker.

        Raises:
            AuditFailed: the tracker that was shown is not that of these scores.
            InvalidContent: the poll's texts are none that voters can be shown.
        """
        if len(self.scores) != self.definition.questions.choices:
            raise AuditFailed("the audit does not open every choice")
        if len(self.randomness) != len(self.scores):
            raise AuditFailed("the audit does not open every choice")
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
        """As a JSON document."""
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
        """From a JSON document.

        Raises:
            InvalidDocument: it is not one of an audit.
            Refused: the poll in it is none that there could be.
        """
        form = Form.parse(text, what="audit file")
        return cls(
            PollDefinition.from_plain(form.form("poll")),
            form.address("voter"),
            form.number("weight"),
            trackers.from_word(form.data("replaces", 32)),
            tuple(form.numbers("scores")),
            tuple(form.words("randomness")),
            form.data("tracker", 32),
        )
