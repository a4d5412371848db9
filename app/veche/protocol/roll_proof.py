"""A roll proof: that one voter stands on a poll's roll, without the rest of it (PROTOCOL §3, Roll).

It has no secret, and anybody can make it from the roll. What it says is shown by the root that the
poll hash covers, so it may come from anywhere.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Final

from veche.errors import InvalidDocument, WrongRollProof
from veche.protocol import plain
from veche.protocol.definition import LIMIT, PollDefinition
from veche.protocol.entries import WORD, leaf
from veche.protocol.merkle_tree import climb, depth_of
from veche.protocol.plain import Form
from veche.protocol.roll import Roll

MAX_PATH: Final = (LIMIT - 1).bit_length()
"""Maximum hashes of a path: the voters of a poll are fewer than LIMIT, as their weights are."""
MAX_CHARACTERS: Final = 8_192
"""Maximum characters of a document: twice the longest."""
FIELDS: Final = ("chainId", "poll", "rollRoot", "voter", "weight", "place", "path")


@dataclass(frozen=True, slots=True)
class RollProof:
    """A proof that a voter stands on the roll of a poll.

    Attributes:
        chain_id: the id of the poll's chain.
        poll: the poll's address, with its checksum.
        root: the root of the roll, 32 bytes.
        voter: the voter's address, with its checksum.
        weight: the voter's weight on the roll, from 1.
        place: the number of the voter's leaf among the nodes of the tree, the root being 0.
        path: the siblings on the way from the leaf to the root, each 32 bytes.
    """

    chain_id: int
    poll: str
    root: bytes
    voter: str
    weight: int
    place: int
    path: tuple[bytes, ...]

    @classmethod
    def of(cls, roll: Roll, definition: PollDefinition, voter: str) -> RollProof:
        """The proof of a voter.

        Args:
            roll: the electoral roll.
            definition: the definition of its poll.
            voter: the voter's address, with its checksum.

        Raises:
            InvalidRoll: the voter is not on the roll.
            WrongRollProof: the roll is not the poll's.
        """
        place = roll.leaf_place(voter)
        found = cls(
            chain_id=definition.chain_id,
            poll=definition.address,
            root=roll.root,
            voter=voter,
            weight=roll.weight(voter),
            place=place,
            path=tuple(roll.tree.path(place)),
        )
        found.require_of(definition)
        return found

    def require_of(self, definition: PollDefinition) -> None:
        """Refuses a proof that does not show its voter on the roll of a poll.

        Args:
            definition: the definition of the poll.

        Raises:
            WrongRollProof: the proof is of another poll or another roll, or its path does not lead
                to the root.
        """
        own, wanted = (self.chain_id, self.poll), (definition.chain_id, definition.address)
        if own != wanted:
            said = f"this roll proof is for poll {self.poll} on chain {self.chain_id}"
            raise WrongRollProof(f"{said}, not for {wanted[1]} on chain {wanted[0]}")
        if self.root != definition.roll_root:
            said = f"this roll proof is of a roll with the root {plain.data(self.root)}"
            raise WrongRollProof(f"{said}, but the poll's is {plain.data(definition.roll_root)}")
        shown = climb(leaf((self.voter, self.weight)), self.path)
        if shown != self.root:
            said = f"this roll proof does not show {self.voter} with weight {self.weight}"
            raise WrongRollProof(f"{said}: its path leads to {plain.data(shown)}, not to the root")

    def require_voter(self, voter: str) -> None:
        """Refuses the proof of another voter.

        Raises:
            WrongRollProof: the proof is of another voter.
        """
        if self.voter != voter:
            raise WrongRollProof(f"this roll proof is of {self.voter}, not of {voter}")

    def to_json(self) -> str:
        """The proof as a JSON document."""
        values = (
            self.chain_id,
            self.poll,
            plain.data(self.root),
            self.voter,
            self.weight,
            self.place,
            [plain.data(each) for each in self.path],
        )
        return json.dumps(dict(zip(FIELDS, values, strict=True)))

    @classmethod
    def from_json(cls, text: str) -> RollProof:
        """The proof in a JSON document. What it shows is for `require_of` to say.

        Raises:
            InvalidDocument: the document is not that of a roll proof.
        """
        if len(text) > MAX_CHARACTERS:
            raise InvalidDocument(f"roll proof: it has more than {MAX_CHARACTERS:,} characters")
        form = Form.parse(text, what="roll proof")
        unknown = sorted(set(form) - set(FIELDS))
        if unknown:
            raise InvalidDocument(f"roll proof: it has {len(unknown)} fields too many")
        found = cls(
            chain_id=form.number("chainId"),
            poll=form.address("poll"),
            root=form.data("rollRoot", WORD),
            voter=form.address("voter"),
            weight=form.number("weight", most=LIMIT - 1),
            place=form.number("place", most=2 * LIMIT),
            path=tuple(form.data_list("path", WORD, most=MAX_PATH)),
        )
        if not found.weight:
            raise InvalidDocument("roll proof: weight is not a whole number from 1")
        if len(found.path) != depth_of(found.place):
            said = f"place {found.place} is {depth_of(found.place)} nodes below the root"
            raise InvalidDocument(f"roll proof: {said}, but the path has {len(found.path)} hashes")
        return found
