"""Proofs that one secret x was used for several points: X = x·G, and D = x·A for every pair (A, D).

A blame has one such pair, a decryption share one for every choice (PROTOCOL §2, §4).
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
    """A proof of equality.

    Attributes:
        challenge: c.
        response: s.
    """

    challenge: Scalar
    response: Scalar

    @classmethod
    def from_outside(cls, challenge: int, response: int) -> EqualityProof:
        """The proof with these words.

        Raises:
            InvalidScalar: the challenge or the response is not in 1..n-1.
        """
        return cls(
            Scalar.from_outside(challenge, field="challenge"),
            Scalar.from_outside(response, field="response"),
        )


def parts(proof: EqualityProof, base: Point, image: Point) -> Hint:
    """The two parts of the commitment to the base A, U = s·A and V = −c·D: the contract's hint."""
    return base * proof.response, image * -proof.challenge


# -- Blame --


@dataclass(frozen=True, slots=True)
class BlameStatement:
    """The statement that S = e·R for the secret e of the sealing key E = e·G.

    Attributes:
        board_hash: the hash of the board's definition, 32 bytes.
        dealer: the index of the trustee who is blamed, from 1.
        recipient: the index of the trustee who blames, from 1.
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
        """The hash that the proof's nonce depends on, 32 bytes."""
        points = (self.sealing_key, self.ephemeral, self.shared)
        return transcript.statement_hash(self.board_hash, self.dealer, self.recipient, *points)

    def challenge(self, first: int, second: Point) -> Scalar:
        """The challenge for two commitments.

        Args:
            first: the address of the commitment to G.
            second: the commitment to R.
        """
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
    """Proves a blame.

    Args:
        statement: what is proven.
        secret: e of the recipient's sealing key.
        entropy: the source of the nonce.
    """
    w = sigma.nonce(secret, statement.hash, entropy)
    c = statement.challenge((G * w).address, statement.ephemeral * w)
    return EqualityProof(c, w + c * secret.reveal())


def verify_blame(statement: BlameStatement, proof: EqualityProof) -> None:
    """Verifies the proof of a blame.

    Raises:
        CommitmentAtInfinity: the commitment to G is infinity.
        DegenerateSum: the parts of the commitment to R are equal or opposite, or one is
            infinity.
        InvalidProof: the challenge is not the hash of statement and commitments.
    """
    first = sigma.first_commitment(statement.sealing_key, proof.challenge, proof.response)
    second = sigma.joined(parts(proof, statement.ephemeral, statement.shared), index=0)
    sigma.require_challenge(proof.challenge, statement.challenge(first, second))


# -- Decryption share --


@dataclass(frozen=True, slots=True)
class ShareStatement:
    """The statement that every D = x·A for the secret x of the verification key V = x·G.

    Attributes:
        poll_hash: the hash of the poll's definition, 32 bytes.
        trustee: the trustee's index, from 1.
        verification_key: V.
        sums: A of every choice; infinity if ballots cancel each other out.
        points: D of every choice; infinity exactly if A is infinity.
    """

    poll_hash: bytes
    trustee: int
    verification_key: Point
    sums: tuple[Point, ...]
    points: tuple[Point, ...]

    @property
    def hash(self) -> bytes:
        """The hash that the proof's nonce depends on, 32 bytes."""
        points = (self.verification_key, list(self.sums), list(self.points))
        return transcript.statement_hash(self.poll_hash, self.trustee, *points)

    def challenge(self, first: int, others: Sequence[Point]) -> Scalar:
        """The challenge for these commitments.

        Args:
            first: the address of the commitment to G.
            others: the commitment to every A that is not infinity.
        """
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
    """The points D of a share with these words; (0, 0) is infinity.

    Raises:
        InvalidPoint: a point is neither infinity nor one that may come from outside.
    """
    return tuple(
        INFINITY if pair == (0, 0) else Point.from_outside(*pair, field=f"point {index}")
        for index, pair in enumerate(words)
    )


def decrypt(sums: Sequence[Point], secret: Secret) -> tuple[Point, ...]:
    """D = x·A of every choice: what a trustee computes from the sums with the secret share x."""
    return tuple(point * secret for point in sums)


def prove_share(
    statement: ShareStatement, secret: Secret, *, entropy: Entropy = SYSTEM
) -> EqualityProof:
    """Proves a decryption share.

    Args:
        statement: what is proven.
        secret: the trustee's secret share x.
        entropy: the source of the nonce.
    """
    w = sigma.nonce(secret, statement.hash, entropy)
    c = statement.challenge((G * w).address, [point * w for point in statement.sums if point])
    return EqualityProof(c, w + c * secret.reveal())


def verify_share(statement: ShareStatement, proof: EqualityProof) -> None:
    """Verifies the proof of a decryption share.

    Raises:
        InvalidShareShape: the statement has more or fewer points D than sums A.
        InvalidPoint: one of A and D is infinity and the other is not; or the x of A is not below n,
            so that no contract can multiply A.
        CommitmentAtInfinity: the commitment to G is infinity.
        DegenerateSum: the parts of the commitment to an A are equal or opposite, or one is
            infinity.
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
    """The hints that the contract needs: the two parts of every choice's commitment."""
    pairs = zip(statement.sums, statement.points, strict=True)
    return [parts(proof, base, image) for base, image in pairs]


def _require_pairs(statement: ShareStatement) -> None:
    if len(statement.sums) != len(statement.points):
        raise InvalidShareShape(len(statement.sums), len(statement.points))
    for index, (base, image) in enumerate(zip(statement.sums, statement.points, strict=True)):
        if base:
            base.check(field=f"sum {index}")
        if bool(base) != bool(image):
            reason = "it must be infinity exactly if the sum is infinity"
            raise InvalidPoint(image.x, image.y, field=f"point {index}", reason=reason)
