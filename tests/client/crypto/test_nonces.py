"""A generator that is stuck must not give two statements one nonce: that would show the secret.

With the secret known, a response gives its nonce back: w = s - c·x.
"""

from __future__ import annotations

from itertools import product
from unittest import mock

from support import samples
from support.samples import CHOOSE_ONE, KEY, MIXED, Voting
from veche.crypto import ballot_proof, deal_proof, equality_proof, transcript
from veche.crypto.ballot_proof import Ballot
from veche.crypto.equality_proof import BlameStatement, EqualityProof, ShareStatement
from veche.crypto.group import G, Point, Scalar, Secret


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
    assert not shown(first) & shown(second)


def shown(ballot: Ballot) -> set[Scalar]:
    return {*ballot.responses, ballot.challenge, ballot.blinding}


def test_all_nonces_of_a_ballot_differ() -> None:
    """Those for commitments a and b, and those for coefficients, each of which is hidden by one."""
    scores = (1, 0, 2, 0, 2)
    ballot, randomness = prove(Voting(MIXED), scores)
    x = ballot.challenge
    rho = [nonce(z, x, r) for z, r in zip(ballot.responses[1::2], randomness, strict=True)]
    alpha = [(f - x * Scalar(m)).value for f, m in zip(ballot.responses[::2], scores, strict=True)]
    assert len({*rho, *alpha}) == 2 * len(scores)
    assert len(set(ballot.coefficients)) == MIXED.degree - 1


REPLACED = bytes(31) + b"1"


def alphas(voting: Voting, scores: tuple[int, ...]) -> list[int]:
    ballot, _ = prove(voting, scores)
    pairs = zip(ballot.responses[::2], scores, strict=True)
    return [(f - ballot.challenge * Scalar(m)).value for f, m in pairs]


def test_replacement_has_other_nonces_than_what_it_replaces() -> None:
    first = alphas(Voting(CHOOSE_ONE), (1, 0, 0))
    second = alphas(Voting(CHOOSE_ONE, replaces=REPLACED), (0, 0, 1))
    assert not set(first) & set(second)


def test_nonce_that_repeats_in_a_replacement_gives_both_votes_away() -> None:
    """If nonces were not bound to the tracker: f − f' = x·m − x'·m' has one answer in small m."""
    original = transcript.statement_hash

    def careless(_: bytes, *place: int) -> bytes:
        return original(bytes(32), *place)

    votes = ((1, 0, 0), (0, 0, 1))
    with mock.patch.object(transcript, "statement_hash", careless):
        first = prove(Voting(CHOOSE_ONE), votes[0])[0]
        second = prove(Voting(CHOOSE_ONE, replaces=REPLACED), votes[1])[0]
    assert [guess(first, second, choice) for choice in range(3)] == list(zip(*votes, strict=True))
    honest = [
        prove(Voting(CHOOSE_ONE, replaces=replaces), vote)[0]
        for replaces, vote in zip((bytes(32), REPLACED), votes, strict=True)
    ]
    assert [guess(honest[0], honest[1], choice) for choice in range(3)] == [None] * 3


def guess(first: Ballot, second: Ballot, choice: int) -> tuple[int, int] | None:
    """The scores of a choice in two ballots, if they were proven with one α."""
    difference = first.responses[2 * choice] - second.responses[2 * choice]
    for one, other in product((0, 1), repeat=2):
        if difference == first.challenge * Scalar(one) - second.challenge * Scalar(other):
            return one, other
    return None


# -- Randomness of ciphertexts --


def encrypted(
    scores: tuple[int, ...], *, voter: int = 1, replaces: bytes = bytes(32)
) -> set[Point]:
    """Every A of a vote, and every B, by a client whose generator is stuck."""
    ciphertexts, _ = ballot_proof.encrypt(
        scores,
        questions=CHOOSE_ONE,
        key=KEY.point,
        place=transcript.statement_hash(bytes(32), voter, replaces),
        entropy=stuck,
    )
    return {point for each in ciphertexts for point in each.pair}


def test_randomness_repeats_neither_within_a_ballot_nor_in_another() -> None:
    ballots = [
        encrypted((1, 0, 0)),
        encrypted((1, 0, 0), replaces=REPLACED),
        encrypted((1, 0, 0), voter=2),
        encrypted((0, 0, 1)),
    ]
    assert len(set().union(*ballots)) == sum(map(len, ballots)) == 4 * 6
