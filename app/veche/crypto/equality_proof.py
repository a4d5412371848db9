"""Proofs that one secret was used for several points: X = x·G, and D = x·A of every pair (A, D).

A trustee's blame proves it of one pair, its decryption share of one for every choice (PROTOCOL §2,
§4).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from veche.crypto import sigma, transcript
from veche.crypto.group import INFINITY, G, Point, Scalar, Secret
from veche.crypto.sigma import SYSTEM, Entropy, Hint
from veche.errors import InvalidPoint, InvalidShareShape


@dataclass(frozen=True, slots=True)
class EqualityProof:
    """One challenge and one response."""

    challenge: Scalar
    response: Scalar

    @classmethod
    def from_outside(cls, challenge: int, response: int) -> EqualityProof:
        """A proof from its words.

        Raises:
            InvalidScalar: one of them is not in 1..n-1.
        """
        return cls(
            Scalar.from_outside(challenge, field="challenge"),
            Scalar.from_outside(response, field="response"),
        )


def parts(proof: EqualityProof, base: Point, image: Point) -> Hint:
    """U = s·A and V = −c·D, whose sum is the commitment to the base A; the contract's hint."""
    return base * proof.response, image * -proof.challenge


# -- Blame --


@dataclass(frozen=True, slots=True)
class BlameStatement:
    """That S is e·R for the e of the sealing key E = e·G.

    Attributes:
        board_hash: the context.
        dealer: who is blamed, from 1.
        recipient: who blames, from 1.
        sealing_key: E of the recipient.
        ephemeral: R of the dealer.
        shared: S.
    """

    board_hash: bytes
    dealer: int
    recipient: int
    sealing_key: Point
    ephemeral: Point
    shared: Point

    @property
    def hash(self) -> bytes:
        """What the proof's nonce is bound to."""
        points = (self.sealing_key, self.ephemeral, self.shared)
        return transcript.statement_hash(self.board_hash, self.dealer, self.recipient, *points)

    def challenge(self, first: int, second: Point) -> Scalar:
        """The challenge after these commitments."""
        return transcript.blame_challenge(
            self.board_hash,
            self.dealer,
            self.recipient,
            sealing_key=self.sealing_key,
            ephemeral=self.ephemeral,
            shared=self.shared,
            first=first,
            second=second,
        )


def prove_blame(
    statement: BlameStatement, secret: Secret, *, entropy: Entropy = SYSTEM
) -> EqualityProof:
    """The proof of a blame, by the sealing key's secret."""
    w = sigma.nonce(secret, statement.hash, entropy)
    c = statement.challenge((G * w).address, statement.ephemeral * w)
    return EqualityProof(c, w + c * secret.reveal())


def verify_blame(statement: BlameStatement, proof: EqualityProof) -> None:
    """Accepts the proof, or says by which exception it is refused.

    Raises:
        CommitmentAtInfinity: the commitment to G is infinity.
        DegenerateSum: the parts of the commitment to R are equal, opposite or infinity.
        InvalidProof: the challenge is not the hash of statement and commitments.
    """
    first = sigma.first_commitment(statement.sealing_key, proof.challenge, proof.response)
    second = sigma.joined(parts(proof, statement.ephemeral, statement.shared), index=0)
    sigma.require_challenge(proof.challenge, statement.challenge(first, second))


# -- Decryption share --


@dataclass(frozen=True, slots=True)
class ShareStatement:
    """That every D is x·A for the x of the verification key V = x·G.

    Attributes:
        poll_hash: the context.
        trustee: the trustee's index, from 1.
        verification_key: V.
        sums: A of every choice; infinity where ballots cancel out.
        points: D of every choice; infinity where, and only where, A is.
    """

    poll_hash: bytes
    trustee: int
    verification_key: Point
    sums: tuple[Point, ...]
    points: tuple[Point, ...]

    @property
    def hash(self) -> bytes:
        """What the proof's nonce is bound to."""
        points = (self.verification_key, list(self.sums), list(self.points))
        return transcript.statement_hash(self.poll_hash, self.trustee, *points)

    def challenge(self, first: int, others: Sequence[Point]) -> Scalar:
        """The challenge after these commitments."""
        return transcript.share_challenge(
            self.poll_hash,
            self.trustee,
            verification_key=self.verification_key,
            sums=self.sums,
            points=self.points,
            first=first,
            others=others,
        )


def points_from_outside(words: Sequence[tuple[int, int]]) -> tuple[Point, ...]:
    """The points D of a share from their words; (0, 0) is infinity.

    Raises:
        InvalidPoint: one of them is neither infinity nor a point that may come from outside.
    """
    return tuple(
        INFINITY if pair == (0, 0) else Point.from_outside(*pair, field=f"point {index}")
        for index, pair in enumerate(words)
    )


def decrypt(sums: Sequence[Point], secret: Secret) -> tuple[Point, ...]:
    """D = x·A of every choice, a trustee's part of the decryption of the sums."""
    return tuple(point * secret for point in sums)


def prove_share(
    statement: ShareStatement, secret: Secret, *, entropy: Entropy = SYSTEM
) -> EqualityProof:
    """The proof of a decryption share, by the trustee's secret share x."""
    w = sigma.nonce(secret, statement.hash, entropy)
    c = statement.challenge((G * w).address, [point * w for point in statement.sums if point])
    return EqualityProof(c, w + c * secret.reveal())


def verify_share(statement: ShareStatement, proof: EqualityProof) -> None:
    """Accepts the proof, or says by which exception it is refused.

    Raises:
        InvalidShareShape: there is not one D for every A.
        InvalidPoint: D is infinity where A is not, or the other way round; or an A is a point
            that no contract can multiply.
        CommitmentAtInfinity: the commitment to G is infinity.
        DegenerateSum: the parts of the commitment to an A are equal, opposite or infinity.
        InvalidProof: the challenge is not the hash of statement and commitments.
    """
    _require_pairs(statement)
    first = sigma.first_commitment(statement.verification_key, proof.challenge, proof.response)
    pairs = zip(statement.sums, statement.points, strict=True)
    others = [
        sigma.joined(parts(proof, base, image), index=index)
        for index, (base, image) in enumerate(pairs)
        if base
    ]
    sigma.require_challenge(proof.challenge, statement.challenge(first, others))


def share_hints(statement: ShareStatement, proof: EqualityProof) -> list[Hint]:
    """What the contract needs beside the share: the parts of every choice's commitment."""
    pairs = zip(statement.sums, statement.points, strict=True)
    return [parts(proof, base, image) for base, image in pairs]


def _require_pairs(statement: ShareStatement) -> None:
    if len(statement.sums) != len(statement.points):
        raise InvalidShareShape(len(statement.sums), len(statement.points))
    for index, (base, image) in enumerate(zip(statement.sums, statement.points, strict=True)):
        if base:
            base.check(field=f"sum {index}")
        if bool(base) != bool(image):
            reason = "infinity must stand where the sum is infinity, and nowhere else"
            raise InvalidPoint(image.x, image.y, field=f"point {index}", reason=reason)
