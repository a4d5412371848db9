"""Tallies: from encrypted sums to decryption shares, and on to scores (PROTOCOL §4)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from veche.crypto import equality_proof, sharing, transcript
from veche.crypto.discrete_log import DiscreteLogTable, OnStep
from veche.crypto.elgamal import Ciphertext
from veche.crypto.equality_proof import EqualityProof, ShareStatement
from veche.crypto.group import Point, Secret
from veche.crypto.questions import Questions
from veche.crypto.sigma import SYSTEM, Entropy, Hint


@dataclass(frozen=True, slots=True)
class DecryptionShare:
    """A trustee's share of the decryption of a poll's sums.

    Attributes:
        sums_hash: the hash of the sums that it decrypts, 32 bytes.
        statement: poll, trustee, verification key, and A and D of every choice.
        proof: the proof that D = x·A for the x of the verification key.
    """

    sums_hash: bytes
    statement: ShareStatement
    proof: EqualityProof

    @classmethod
    def make(
        cls,
        sums: Sequence[Ciphertext],
        secret: Secret,
        *,
        poll_hash: bytes,
        trustee: int,
        verification_key: Point,
        entropy: Entropy = SYSTEM,
    ) -> DecryptionShare:
        """The share of a trustee, who must have added up the sums from the ballots before.

        Args:
            sums: the encrypted sum of every choice.
            secret: the trustee's secret share x.
            poll_hash: the hash of the poll's definition, 32 bytes.
            trustee: the trustee's index on the board, from 1.
            verification_key: V of the trustee.
            entropy: the source of the proof's nonce.
        """
        bases = tuple(each.a for each in sums)
        points = equality_proof.decrypt(bases, secret)
        statement = ShareStatement(poll_hash, trustee, verification_key, bases, points)
        proof = equality_proof.prove_share(statement, secret, entropy=entropy)
        return cls(sums_hash(poll_hash, sums), statement, proof)

    @property
    def hints(self) -> list[Hint]:
        """The hints that the contract needs beside the share."""
        return equality_proof.share_hints(self.statement, self.proof)


def sums_hash(poll_hash: bytes, sums: Sequence[Ciphertext]) -> bytes:
    """The hash by which trustees name the sums that they decrypt: 32 bytes."""
    return transcript.sums_hash(poll_hash, [each.pair for each in sums])


def scores(
    sums: Sequence[Ciphertext],
    points: Mapping[int, Sequence[Point]],
    *,
    questions: Questions,
    cast_weight: int,
    progress: OnStep | None = None,
) -> list[int]:
    """The score of every choice.

    Args:
        sums: the encrypted sum of every choice.
        points: D of every choice, for every trustee of the quorum, by index.
        questions: the poll's questions.
        cast_weight: the weight of all ballots that count.
        progress: gets the steps of making a table, which can take seconds.

    Raises:
        DiscreteLogNotFound: the sums and the points do not belong together.
    """
    bound = cast_weight * max(each.max_score for each in questions)
    table = DiscreteLogTable(bound, progress=progress)
    parts = sharing.combine(points)
    return [table.find(total.b - part) for total, part in zip(sums, parts, strict=True)]


def shares_text(received: Sequence[int], needed: int) -> str:
    """A sentence on the shares that are posted, and on how many a result needs.

    Args:
        received: the indices of the trustees who have posted.
        needed: the board's threshold.
    """
    count = len(received)
    told = f"{count} of {needed} decryption shares are there"
    if count > needed:
        told = f"{count} decryption shares are there, {needed} were needed"
    trustees = f"trustee{'' if count == 1 else 's'} {', '.join(map(str, received))}"
    return f"{told} (of {trustees})" if received else told
