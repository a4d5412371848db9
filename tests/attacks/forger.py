"""A prover that says anything: of any scores, with any ciphertexts, step by step.

It calls the library's own parts by their modules, so that a safeguard that a test takes out of one
of them is missing for prover and verifier alike.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from support.samples import KEY, Voting, seeded
from veche.crypto import second_generator, statements, transcript
from veche.crypto.ballot_proof import Ballot
from veche.crypto.elgamal import Ciphertext
from veche.crypto.group import G, N, Point, Scalar
from veche.crypto.sigma import random_secret


def scalars(seed: str, count: int) -> list[Scalar]:
    """Scalars that look random and depend on the seed only."""
    entropy = seeded(seed)
    return [random_secret(entropy).reveal() for _ in range(count)]


@dataclass
class Forger:
    """The secrets of a ballot and its proof.

    Attributes:
        voting: the statement.
        scores: what the proof says that the ciphertexts hide, any integers.
        ciphertexts: what is encrypted; by default the scores.
    """

    voting: Voting
    scores: Sequence[int]
    seed: str = "forger"
    ciphertexts: tuple[Ciphertext, ...] = ()
    r: list[Scalar] = field(init=False)
    rho: list[Scalar] = field(init=False)
    alpha: list[Scalar] = field(init=False)
    sigma: list[Scalar] = field(init=False)

    def __post_init__(self) -> None:
        self.r, self.rho, self.alpha = (
            scalars(f"{name} {self.seed}", len(self.scores)) for name in ("r", "rho", "alpha")
        )
        self.sigma = scalars(f"sigma {self.seed}", self.voting.questions.degree + 1)
        if not self.ciphertexts:
            self.ciphertexts = self.encrypted(self.scores)

    def encrypted(self, scores: Sequence[int]) -> tuple[Ciphertext, ...]:
        """Ciphertexts of any scores under this forger's randomness."""
        pairs = zip(scores, self.r, strict=True)
        return tuple(Ciphertext(G * r, KEY.point * r + G * Scalar(score % N)) for score, r in pairs)

    @property
    def tracker(self) -> bytes:
        return self.voting.tracker(self.ciphertexts)

    @property
    def commitments(self) -> list[tuple[int, Point]]:
        pairs = zip(self.rho, self.alpha, strict=True)
        return [((G * rho).address, KEY.point * rho + G * alpha) for rho, alpha in pairs]

    def polynomial(self) -> list[Scalar]:
        """All coefficients of P, the one that honest provers leave out included."""
        tau = transcript.statement_factor(self.tracker)
        return statements.polynomial(self.alpha, self.scores, tau, self.voting.questions)

    def coefficients(self, hidden: Sequence[Scalar]) -> list[Point]:
        """Commitments to coefficients, from the lowest: E_0 first."""
        pairs = zip(hidden, self.sigma, strict=False)
        return [G * each + second_generator.H * sigma for each, sigma in pairs]

    def challenge(self, coefficients: Sequence[Point]) -> Scalar:
        return transcript.ballot_challenge(self.tracker, self.commitments, coefficients)

    def answers(self, x: Scalar) -> list[Scalar]:
        """The answer f of every choice."""
        pairs = zip(self.alpha, self.scores, strict=True)
        return [alpha + x * Scalar(score % N) for alpha, score in pairs]

    def blinding(self, x: Scalar, count: int) -> Scalar:
        return evaluate(self.sigma[:count], x)

    def value(self, x: Scalar) -> Scalar:
        """P(x), as a verifier computes it."""
        tau = transcript.statement_factor(self.tracker)
        return statements.value(self.answers(x), x, tau, self.voting.questions)

    def ballot(self, x: Scalar, coefficients: Sequence[Point], blinding: Scalar) -> Ballot:
        """The ballot with these E_0, E_1, …, of which the first is left out."""
        z = [rho + x * r for rho, r in zip(self.rho, self.r, strict=True)]
        responses = [each for pair in zip(self.answers(x), z, strict=True) for each in pair]
        return Ballot(self.ciphertexts, x, tuple(responses), blinding, tuple(coefficients[1:]))

    def prove(self, *, count: int | None = None) -> Ballot:
        """The ballot of a prover who goes through all steps, and leaves out all coefficients of P
        but the first `count`, by default D.
        """
        hidden = self.polynomial()[: count or self.voting.questions.degree]
        coefficients = self.coefficients(hidden)
        x = self.challenge(coefficients)
        return self.ballot(x, coefficients, self.blinding(x, len(hidden)))


def evaluate(polynomial: Sequence[Scalar], x: Scalar) -> Scalar:
    """The value of a polynomial, whose lowest coefficient comes first."""
    total = Scalar(0)
    for each in reversed(polynomial):
        total = total * x + each
    return total


def square_root(value: Scalar) -> Scalar | None:
    """A root mod n, by Tonelli and Shanks: n − 1 is 64 times an odd number."""
    if pow(value.value, (N - 1) // 2, N) != 1:
        return None
    odd = (N - 1) >> 6
    generator = next(pow(z, odd, N) for z in range(2, 99) if pow(z, (N - 1) // 2, N) != 1)
    root, rest = pow(value.value, (odd + 1) // 2, N), pow(value.value, odd, N)
    for level in range(4, -1, -1):
        if pow(rest, 1 << level, N) != 1:
            root = root * generator % N
            rest = rest * generator * generator % N
        generator = generator * generator % N
    return Scalar(root)
