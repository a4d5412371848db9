"""One key that nobody holds: any t trustees decrypt the sum, and only what was dealt opens."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from support import samples
from support.samples import seeded
from support.strategies import nonzero, quorum_sizes, secrets, seeds
from veche.crypto import deal_proof, elgamal, equality_proof, sharing
from veche.crypto.discrete_log import discrete_log
from veche.crypto.equality_proof import ShareStatement
from veche.crypto.group import INFINITY, G, N, Point, Scalar, Secret
from veche.crypto.sharing import Polynomial
from veche.crypto.sigma import random_secret
from veche.errors import (
    InvalidQuorum,
    InvalidScalar,
    InvalidShare,
    InvalidThreshold,
)


class Board:
    """A whole key ceremony, every trustee in one place."""

    def __init__(self, threshold: int, trustees: int, seed: str) -> None:
        entropy = seeded(seed)
        self.hash = bytes(32)
        self.indices = range(1, trustees + 1)
        sealing = [random_secret(entropy) for _ in self.indices]
        self.deals = [
            deal_proof.make(
                Polynomial.random(threshold=threshold, trustees=trustees, entropy=entropy),
                board_hash=self.hash,
                dealer=dealer,
                sealing_keys=[G * secret for secret in sealing],
                entropy=entropy,
            )
            for dealer in self.indices
        ]
        self.commitments = [deal.commitments for deal in self.deals]
        self.key = sharing.encryption_key(self.commitments)
        self.secrets = {j: self._secret(j, sealing[j - 1]) for j in self.indices}

    def _secret(self, recipient: int, sealing: Secret) -> Secret:
        return sharing.secret_share(
            sharing.unseal(
                deal.sealed[recipient - 1],
                board_hash=self.hash,
                dealer=dealer,
                recipient=recipient,
                shared=deal.ephemeral * sealing,
                commitments=deal.commitments,
            )
            for dealer, deal in enumerate(self.deals, start=1)
        )


@given(quorum_sizes(), st.lists(st.integers(0, 9), min_size=1, max_size=5), st.data(), seeds)
@settings(max_examples=15)
def test_any_quorum_decrypts_the_sum(
    size: tuple[int, int], votes: list[int], data: st.DataObject, seed: str
) -> None:
    threshold, trustees = size
    board = Board(threshold, trustees, seed)
    entropy = seeded(f"votes {seed}")
    total = elgamal.total(
        [elgamal.encrypt(board.key, vote, random_secret(entropy)) for vote in votes]
    )
    quorum = data.draw(st.permutations(list(board.indices)))[:threshold]
    parts = {}
    for index in quorum:
        statement = ShareStatement(
            bytes(32),
            index,
            sharing.verification_key(board.commitments, index),
            (total.a,),
            equality_proof.decrypt([total.a], board.secrets[index]),
        )
        proof = equality_proof.prove_share(statement, board.secrets[index])
        equality_proof.verify_share(statement, proof)
        parts[index] = statement.points
    (combined,) = sharing.combine(parts)
    assert discrete_log(total.b - combined, 45) == sum(votes)


@given(quorum_sizes(), st.data(), seeds)
@settings(max_examples=10)
def test_fewer_than_a_quorum_decrypt_nothing(
    size: tuple[int, int], data: st.DataObject, seed: str
) -> None:
    threshold, trustees = size
    board = Board(threshold, trustees, seed)
    few = data.draw(st.permutations(list(board.indices)))[: threshold - 1]
    a = G * Scalar(5)
    (combined,) = sharing.combine({index: [a * board.secrets[index]] for index in few})
    assert combined != board.key * Scalar(5)


# -- Sealing --


@given(secrets, secrets, secrets, secrets)
@settings(max_examples=30)
def test_seal_opens_only_for_its_recipient(
    constant: Secret, ephemeral: Secret, recipient: Secret, other: Secret
) -> None:
    polynomial = Polynomial([constant, Secret(1)])
    if not polynomial.evaluate(2):
        return
    board = bytes(32)
    public = G * ephemeral
    sealed = sharing.seal(
        polynomial.share(2),
        shared=G * recipient * ephemeral,
        board_hash=board,
        dealer=1,
        recipient=2,
    )

    def opened(by: Secret, board_hash: bytes = board, dealer: int = 1, index: int = 2) -> Secret:
        return sharing.unseal(
            sealed,
            shared=public * by,
            commitments=polynomial.commitments(),
            board_hash=board_hash,
            dealer=dealer,
            recipient=index,
        )

    assert opened(recipient) == polynomial.share(2)
    if other != recipient:
        with pytest.raises(InvalidShare):
            opened(other)
    with pytest.raises(InvalidShare):
        opened(recipient, board_hash=bytes(31) + b"\x01")
    with pytest.raises(InvalidShare):
        opened(recipient, dealer=2)
    with pytest.raises(InvalidShare):
        opened(recipient, index=3)


@given(st.integers(0, 255), secrets)
@settings(max_examples=30)
def test_unseal_fails_if_a_bit_is_flipped(bit: int, ephemeral: Secret) -> None:
    polynomial = samples.polynomial(1)
    context = {"board_hash": bytes(32), "dealer": 1, "recipient": 2}
    shared = G * ephemeral
    sealed = sharing.seal(polynomial.share(2), shared=shared, **context)  # type: ignore[arg-type]
    wrong = (int.from_bytes(sealed, "big") ^ (1 << bit)).to_bytes(32, "big")
    with pytest.raises(InvalidShare, match="dealer 1 for trustee 2") as caught:
        sharing.unseal(
            wrong,
            shared=shared,
            commitments=polynomial.commitments(),
            **context,  # type: ignore[arg-type]
        )
    assert caught.value.values == (1, 2)


@pytest.mark.parametrize("share", [0, N, N + 5, 2**256 - 1])
def test_unseal_fails_if_the_share_is_out_of_range(share: int) -> None:
    """A share of n + 5 is not one of 5, though both give the same point."""
    commitments = (G * Scalar(5), INFINITY)
    shared = G * Scalar(7)
    context = {"board_hash": bytes(32), "dealer": 1, "recipient": 1}
    pad = sharing.seal(Secret(1), shared=shared, **context)  # type: ignore[arg-type]
    sealed = (int.from_bytes(pad, "big") ^ 1 ^ share).to_bytes(32, "big")
    with pytest.raises(InvalidShare) as caught:
        sharing.unseal(
            sealed,
            shared=shared,
            commitments=commitments,
            **context,  # type: ignore[arg-type]
        )
    assert f"{share:x}" not in str(caught.value) or share == 0
    assert caught.value.__suppress_context__


# -- Polynomials --


@given(st.lists(nonzero.map(Secret), min_size=1, max_size=5), st.integers(1, 16))
@settings(max_examples=30)
def test_commitments_commit_to_every_share(coefficients: list[Secret], index: int) -> None:
    polynomial = Polynomial(coefficients)
    assert G * polynomial.evaluate(index) == sharing.committed(polynomial.commitments(), index)


def test_polynomial_shows_nothing() -> None:
    assert repr(Polynomial([Secret(0xC0FFEE)])) == "Polynomial(1 coefficients, hidden)"


def test_polynomial_has_no_share_of_zero() -> None:
    with pytest.raises(InvalidScalar, match="share 1"):
        Polynomial([Secret(N - 1), Secret(1)]).share(1)


def test_random_polynomial_is_drawn_again_if_a_share_is_zero() -> None:
    values = [N - 2, 1, 5, 1]  # f(2) = 0, then f(x) = x + 5

    def entropy(size: int) -> bytes:
        return values.pop(0).to_bytes(size, "big")

    drawn = Polynomial.random(threshold=2, trustees=3, entropy=entropy)
    assert [drawn.evaluate(index).value for index in (1, 2, 3)] == [6, 7, 8]


def test_secret_share_of_zero_fails() -> None:
    with pytest.raises(InvalidScalar, match="secret share"):
        sharing.secret_share([Secret(5), Secret(N - 5)])


@pytest.mark.parametrize("size", [(1, 1), (1, 2), (2, 4), (3, 2), (9, 17), (0, 0), (8, 16)])
def test_board_fails_if_disjoint_quorums_could_exist(size: tuple[int, int]) -> None:
    with pytest.raises(InvalidThreshold) as caught:
        sharing.require_threshold(*size)
    assert caught.value.values == size


@pytest.mark.parametrize("size", [(2, 2), (2, 3), (3, 4), (9, 16), (16, 16)])
def test_board_is_accepted(size: tuple[int, int]) -> None:
    sharing.require_threshold(*size)


# -- Combination --


def test_lagrange_coefficients_recover_the_constant() -> None:
    polynomial = samples.polynomial(1, 3, 5)
    for quorum in ((1, 2, 3), (5, 3, 1), (2, 4, 5)):
        weights = sharing.lagrange(quorum)
        terms = [polynomial.evaluate(index) * weights[index] for index in quorum]
        assert Secret(sum(term.value for term in terms) % N) == polynomial.secret


@pytest.mark.parametrize(("quorum", "wrong"), [((1, 1), 1), ((0, 1), 0), ((1, 17), 17)])
def test_combination_fails_if_a_trustee_cannot_be(quorum: tuple[int, ...], wrong: int) -> None:
    with pytest.raises(InvalidQuorum) as caught:
        sharing.lagrange(quorum)
    assert caught.value.values == (wrong,)


def test_combination_of_infinity_is_infinity() -> None:
    points: dict[int, list[Point]] = {1: [INFINITY], 2: [INFINITY]}
    assert sharing.combine(points) == (INFINITY,)
