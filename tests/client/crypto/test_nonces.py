"""A generator that is stuck must not give two statements one nonce: that would show the secret.

With the secret known, a response gives its nonce back: w = s - c·x.
"""

from __future__ import annotations

from itertools import chain

from support import samples
from support.samples import CHOOSE_ONE, KEY, MIXED, Voting
from veche.crypto import ballot_proof, deal_proof, equality_proof
from veche.crypto.ballot_proof import Ballot
from veche.crypto.equality_proof import BlameStatement, EqualityProof, ShareStatement
from veche.crypto.group import G, N, Scalar, Secret


def stuck(size: int) -> bytes:
    """What a broken machine, or one restored from a snapshot, returns."""
    return bytes(range(size))


def nonce(response: Scalar, challenge: Scalar, secret: Secret) -> int:
    return (response - challenge * secret.reveal()).value


def test_two_blames_have_two_nonces() -> None:
    secret = samples.sealing_secrets(3)[1]
    proofs: list[EqualityProof] = []
    for dealer in (1, 3):
        ephemeral = G * Scalar(dealer)
        statement = BlameStatement(
            samples.board_hash(), dealer, 2, G * secret, ephemeral, ephemeral * secret
        )
        proofs.append(equality_proof.prove_blame(statement, secret, entropy=stuck))
    assert len({nonce(each.response, each.challenge, secret) for each in proofs}) == 2


def test_two_shares_have_two_nonces() -> None:
    secret = samples.trustee_secret()
    proofs: list[EqualityProof] = []
    for value in (5, 6):
        sums = (G * Scalar(value),)
        points = equality_proof.decrypt(sums, secret)
        statement = ShareStatement(samples.poll_hash(CHOOSE_ONE), 2, G * secret, sums, points)
        proofs.append(equality_proof.prove_share(statement, secret, entropy=stuck))
    assert len({nonce(each.response, each.challenge, secret) for each in proofs}) == 2


def test_two_deals_have_four_nonces() -> None:
    polynomial = samples.polynomial(1)
    k = Secret(int.from_bytes(stuck(32), "big"))
    found = set()
    for dealer in (1, 2):
        deal = deal_proof.make(
            polynomial,
            board_hash=samples.board_hash(),
            dealer=dealer,
            sealing_keys=[G * secret for secret in samples.sealing_secrets(3)],
            entropy=stuck,
        )
        assert deal.ephemeral == G * k
        found.add(nonce(deal.secret_response, deal.challenge, polynomial.secret))
        found.add(nonce(deal.ephemeral_response, deal.challenge, k))
    assert len(found) == 4


def prove(voting: Voting, scores: tuple[int, ...]) -> tuple[Ballot, tuple[Secret, ...]]:
    """A ballot with good randomness and stuck nonces."""
    ciphertexts, opening = voting.encrypt(scores, "one randomness")
    ballot = ballot_proof.prove(
        ciphertexts,
        opening,
        questions=voting.questions,
        key=KEY.point,
        tracker=voting.tracker(ciphertexts),
        entropy=stuck,
    )
    return ballot, opening.randomness


def test_ballots_of_two_voters_share_no_scalar() -> None:
    first, second = (
        prove(Voting(CHOOSE_ONE, voter=voter), (1, 0, 0))[0]
        for voter in (samples.VOTER, samples.OTHER_VOTER)
    )
    assert not {*first.responses, *first.challenges} & {*second.responses, *second.challenges}


def test_a_ballot_shows_no_nonce_of_its_own() -> None:
    """Neither do two simulated branches share a scalar, nor does one show a real nonce."""
    ballot, randomness = prove(Voting(MIXED), (1, 0, 2, 0, 2))
    shown = [each.value for each in chain(ballot.challenges, ballot.responses)]
    assert len(set(shown)) == len(shown)
    secrets = [*randomness, Secret(sum(r.reveal().value for r in randomness[:2]) % N)]
    for response in ballot.responses:
        for challenge in (*ballot.challenges, ballot.challenge):
            for secret in secrets:
                assert nonce(response, challenge, secret) not in shown
