"""A trustee's deal and its proof (PROTOCOL §2).

The proof shows that the dealer knows the secrets behind C_0 = a_0·G and R = k·G. Without it a late
dealer could make its key a function of the others', or lift shares sealed on another board.
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
    """What a dealer posts.

    Attributes:
        commitments: C_0 … C_{t-1}, to the coefficients of its polynomial.
        ephemeral: R = k·G.
        sealed: the share of every trustee, under its pad; 32 bytes each.
        challenge: c.
        secret_response: z_a.
        ephemeral_response: z_k.
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
        """A deal from its words, x and y for a point.

        Raises:
            InvalidPoint: a point cannot be accepted.
            InvalidScalar: the challenge or a response cannot.
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
    """A dealer's deal.

    Args:
        polynomial: the dealer's, of degree t-1.
        board_hash: the context.
        dealer: the dealer's index, from 1.
        sealing_keys: E of every trustee in order, the dealer's own included.
        entropy: where the ephemeral key and the nonces come from.
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
    """Accepts the deal, or says by which exception it is refused.

    Args:
        deal: the deal.
        board_hash: the context.
        dealer: the dealer's index, from 1.
        threshold: t of the board.
        trustees: T of the board.

    Raises:
        InvalidDealShape: it has not t commitments and T sealed shares.
        CommitmentAtInfinity: a commitment of the proof is infinity; 0 is the secret's, 1 that of
            the ephemeral key.
        InvalidProof: the challenge is not the hash of deal and commitments.
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
