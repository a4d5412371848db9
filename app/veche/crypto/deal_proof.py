"""A trustee's deal and its proof (PROTOCOL §2).

The proof shows that the dealer knows the secrets of C_0 = a_0·G and R = k·G. Without it, the last
dealer could make its key depend on the others', or copy shares that were sealed on another board.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from veche.crypto import sigma, transcript
from veche.crypto.group import G, Point, Scalar
from veche.crypto.sharing import Polynomial, seal
from veche.crypto.sigma import SYSTEM, Entropy
from veche.errors import InvalidDealShape


@dataclass(frozen=True, slots=True)
class Deal:
    """A deal, as its dealer posts it.

    Attributes:
        commitments: C_0 … C_{t-1}, the commitments to the polynomial's coefficients.
        ephemeral: the ephemeral key R = k·G.
        sealed: the sealed share of every trustee, in order; 32 bytes each.
        challenge: the proof's challenge c.
        secret_response: the response z_a for a_0.
        ephemeral_response: the response z_k for k.
    """

    commitments: tuple[Point, ...]
    ephemeral: Point
    sealed: tuple[bytes, ...]
    challenge: Scalar
    secret_response: Scalar
    ephemeral_response: Scalar

    @classmethod
    def from_outside(
        cls,
        commitments: Sequence[tuple[int, int]],
        ephemeral: tuple[int, int],
        sealed: Sequence[bytes],
        challenge: int,
        secret_response: int,
        ephemeral_response: int,
    ) -> Deal:
        """The deal with these words; a point has two, x and y.

        Raises:
            InvalidPoint: a point is not one that may come from outside.
            InvalidScalar: the challenge or a response is not in 1..n-1.
        """
        return cls(
            tuple(
                Point.from_outside(*words, field=f"commitment {index}")
                for index, words in enumerate(commitments)
            ),
            Point.from_outside(*ephemeral, field="ephemeral key"),
            tuple(sealed),
            Scalar.from_outside(challenge, field="challenge"),
            Scalar.from_outside(secret_response, field="response of the secret"),
            Scalar.from_outside(ephemeral_response, field="response of the ephemeral key"),
        )


def make(
    polynomial: Polynomial,
    *,
    board_hash: bytes,
    dealer: int,
    sealing_keys: Sequence[Point],
    entropy: Entropy = SYSTEM,
) -> Deal:
    """Makes a deal, with its proof.

    Args:
        polynomial: the dealer's polynomial, of degree t-1.
        board_hash: the hash of the board's definition, 32 bytes.
        dealer: the dealer's index, from 1.
        sealing_keys: E of every trustee, in order; the dealer's own is among them.
        entropy: the source of the ephemeral key and the nonces.
    """
    secret, k = polynomial.secret, sigma.random_secret(entropy)
    commitments = polynomial.commitments()
    sealed = tuple(
        seal(
            polynomial.share(recipient),
            board_hash=board_hash,
            dealer=dealer,
            recipient=recipient,
            shared=key * k,
        )
        for recipient, key in enumerate(sealing_keys, start=1)
    )
    statement = (board_hash, dealer, list(commitments), G * k, list(sealed))
    nonces = [
        sigma.nonce(each, transcript.statement_hash(*statement, place), entropy)
        for place, each in enumerate((secret, k))
    ]
    c = transcript.deal_challenge(
        board_hash,
        dealer,
        commitments=commitments,
        ephemeral=G * k,
        sealed=sealed,
        first=((G * nonces[0]).address, (G * nonces[1]).address),
    )
    responses = (nonces[0] + c * secret.reveal(), nonces[1] + c * k.reveal())
    return Deal(commitments, G * k, sealed, c, *responses)


def verify(deal: Deal, *, board_hash: bytes, dealer: int, threshold: int, trustees: int) -> None:
    """Verifies a deal.

    Args:
        deal: the deal.
        board_hash: the hash of the board's definition, 32 bytes.
        dealer: the dealer's index, from 1.
        threshold: t, the board's threshold.
        trustees: T, the number of the board's trustees.

    Raises:
        InvalidDealShape: the deal does not have t commitments and T sealed shares.
        CommitmentAtInfinity: a commitment of the proof is infinity: that for C_0 (index 0) or that
            for R (index 1).
        InvalidProof: the challenge is not the hash of the deal and the proof's commitments.
    """
    shape = len(deal.commitments), len(deal.sealed)
    if shape != (threshold, trustees):
        raise InvalidDealShape(*shape)
    pairs = (
        (deal.commitments[0], deal.secret_response),
        (deal.ephemeral, deal.ephemeral_response),
    )
    first, second = (
        sigma.first_commitment(point, deal.challenge, response, index=index)
        for index, (point, response) in enumerate(pairs)
    )
    computed = transcript.deal_challenge(
        board_hash,
        dealer,
        commitments=deal.commitments,
        ephemeral=deal.ephemeral,
        sealed=deal.sealed,
        first=(first, second),
    )
    sigma.require_challenge(deal.challenge, computed)
