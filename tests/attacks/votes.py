"""Votes that no voter may cast, with the best proof that a liar can make for them."""

from __future__ import annotations

from collections.abc import Iterator

from attacks.mounting import Attack
from support import samples
from support.forms import Form
from support.samples import CHOOSE_ONE, KEY, SCORE, Voting
from veche.crypto import ballot_proof, sigma, transcript
from veche.crypto.ballot_proof import Ballot, Opening
from veche.crypto.elgamal import Ciphertext
from veche.crypto.group import G, N, Point, Scalar, Secret
from veche.crypto.questions import Questions


def out_of_range() -> Iterator[Attack]:
    """Ciphertexts of one thing, with the proof that a prover would make for another."""
    cases: tuple[tuple[str, Questions, tuple[int, ...], tuple[int, ...]], ...] = (
        ("a score one too high", SCORE, (5,), (4,)),
        ("a score one too low", SCORE, (N - 1,), (0,)),
        ("two votes for one option", CHOOSE_ONE, (2, 0, 0), (1, 0, 0)),
        ("a vote against an option", CHOOSE_ONE, (1, 1, N - 1), (1, 0, 0)),
        ("a huge score", SCORE, (10**6,), (4,)),
    )
    for name, questions, scores, claimed in cases:
        voting = Voting(questions)
        ciphertexts, opening = voting.encrypt(scores, name)
        lie = Opening(claimed, opening.randomness)
        form = voting.form(voting.prove(ciphertexts, lie, name))
        yield Attack(name, "ballot", form, "InvalidProof")
    for name, votes in {"too high": (1, 1, 0), "too low": (0, 0, 0)}.items():
        form = _lying_total(votes)
        yield Attack(f"a total that lies, one {name}", "ballot", form, "InvalidProof")


def _lying_total(votes: tuple[int, ...]) -> Form:
    """Two options or none chosen where one must be: honest choices, a total that claims one."""
    voting = Voting(CHOOSE_ONE)
    ciphertexts, opening = voting.encrypt(votes, "lying total")
    witnesses = list(zip(opening.scores, opening.randomness, strict=True))
    total = Secret(sum(secret.reveal().value for secret in opening.randomness) % N)
    ballot = ballot_proof.prove_witnesses(
        ciphertexts,
        [*witnesses, (1, total)],
        questions=CHOOSE_ONE,
        key=KEY.point,
        tracker=voting.tracker(ciphertexts),
        entropy=samples.seeded("lying total"),
    )
    return voting.form(ballot)


# -- The weak Fiat–Shamir transformation --


def weak_challenge(ballot: Ballot, questions: Questions, key: Point) -> Scalar:
    """The challenge as a careless design would compute it: over the commitments alone."""
    commitments = ballot_proof.commitments(ballot, questions, key)
    return transcript.scalar(transcript.digest("ballot", commitments))


ONE_OPTION = Questions.of((1, 1, 0, 1))


def weak_forgery() -> tuple[Ballot, int]:
    """A ballot that passes under the weak challenge, and the score that it hides.

    Commit first, to a_v = α_v·G and b_v = α_v·Y + γ_v·G. Whatever c comes out, c_v = −γ_v/(m − v)
    and s_v = α_v + c_v·r answer for any r and for the m that makes c_0 + c_1 = c: a root of
    c·m² + (γ_0 + γ_1 − c)·m − γ_0 (Bernhard, Pereira, Warinschi 2012).
    """
    entropy = samples.seeded("weak forgery")
    while True:
        draws = [sigma.random_secret(entropy).reveal() for _ in range(5)]
        alpha, gamma, r = draws[:2], draws[2:4], draws[4]
        found = [
            ((G * a).address, KEY.point * a + G * g) for a, g in zip(alpha, gamma, strict=True)
        ]
        c = transcript.scalar(transcript.digest("ballot", found))
        linear = gamma[0] + gamma[1] - c
        root = _square_root((linear * linear + Scalar(4) * c * gamma[0]).value)
        if root is None:
            continue
        m = (Scalar(root) - linear) * (c + c).inverse()
        sub = [-gamma[v] * (m - Scalar(v)).inverse() for v in (0, 1)]
        ciphertext = Ciphertext(G * r, KEY.point * r + G * m)
        responses = tuple(a + each * r for a, each in zip(alpha, sub, strict=True))
        return Ballot((ciphertext,), c, (sub[0],), responses), m.value


def _square_root(value: int) -> int | None:
    """A root mod n, by Tonelli and Shanks: n − 1 is 64 times an odd number."""
    if pow(value, (N - 1) // 2, N) != 1:
        return None
    odd = (N - 1) >> 6
    generator = next(pow(z, odd, N) for z in range(2, 99) if pow(z, (N - 1) // 2, N) != 1)
    root, rest = pow(value, (odd + 1) // 2, N), pow(value, odd, N)
    for level in range(4, -1, -1):
        if pow(rest, 1 << level, N) != 1:
            root = root * generator % N
            rest = rest * generator * generator % N
        generator = generator * generator % N
    return root


def weak_fiat_shamir() -> Iterator[Attack]:
    form = Voting(ONE_OPTION).form(weak_forgery()[0])
    yield Attack("the weak Fiat-Shamir forgery", "ballot", form, "InvalidProof")
