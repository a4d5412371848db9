"""The validity proof of a whole ballot, under one challenge (PROTOCOL §3, PROOF).

Every ciphertext is opened under the challenge x: f = α + x·m and z = ρ + x·r answer for the
commitments a = ρ·G and b = α·G + ρ·Y. That all statements hold is shown by one polynomial of the
answers f: commitments E_j to its coefficients, opened at x by w, leave none for its highest power.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from veche.crypto import elgamal, second_generator, sigma, statements, transcript
from veche.crypto.elgamal import Ciphertext
from veche.crypto.group import INFINITY, FixedBase, G, N, Point, Scalar, Secret, combine
from veche.crypto.questions import Questions
from veche.crypto.sigma import SYSTEM, Entropy, Hint
from veche.errors import InvalidBallotShape


@dataclass(frozen=True, slots=True)
class Ballot:
    """An encrypted ballot with its proof.

    Attributes:
        ciphertexts: of every choice.
        challenge: x, of the whole ballot.
        responses: f and z of every choice, in a row.
        blinding: w.
        coefficients: E_1 … E_{D−1}, commitments to the polynomial's coefficients; E_0 is computed.
    """

    ciphertexts: tuple[Ciphertext, ...]
    challenge: Scalar
    responses: tuple[Scalar, ...]
    blinding: Scalar
    coefficients: tuple[Point, ...]

    @property
    def words(self) -> list[int]:
        """The words of the ballot in a row, in the order of its attributes."""
        points = (point for each in self.ciphertexts for point in each.pair)
        scalars = (self.challenge, *self.responses, self.blinding)
        return [*_words(points), *(each.value for each in scalars), *_words(self.coefficients)]

    @classmethod
    def from_words(cls, words: Sequence[int], questions: Questions) -> Ballot:
        """A ballot from its words in a row, as a poll logs it.

        Raises:
            InvalidBallotShape: a ballot of these questions has more words, or fewer.
            InvalidPoint: a point cannot be accepted.
            InvalidScalar: a scalar cannot be accepted.
        """
        if len(words) != questions.words:
            raise InvalidBallotShape(questions.words, len(words))
        start = 4 * questions.choices
        end = start + questions.scalars
        places = (*range(0, start, 2), *range(end, len(words), 2))
        points = [
            Point.from_outside(words[at], words[at + 1], field=f"ballot, word {at}")
            for at in places
        ]
        return cls.from_parts(points, words[start:end], questions)

    @classmethod
    def from_parts(
        cls, points: Sequence[Point], scalars: Sequence[int], questions: Questions
    ) -> Ballot:
        """A ballot of these questions from its points and the words of its scalars.

        Args:
            points: A and B of every choice, then E_1 … E_{D−1}; checked.
            scalars: x, f and z of every choice, w.
            questions: the poll's; they ask for as many points and scalars.

        Raises:
            InvalidScalar: a scalar cannot be accepted.
        """
        end = 2 * questions.choices
        ciphertexts = tuple(map(Ciphertext, points[:end:2], points[1:end:2]))
        challenge, *responses, blinding = (
            Scalar.from_outside(each, field=f"ballot, scalar {at}")
            for at, each in enumerate(scalars)
        )
        return cls(ciphertexts, challenge, tuple(responses), blinding, tuple(points[end:]))

    def require_shape(self, questions: Questions) -> None:
        """Refuses a ballot that answers other questions.

        Raises:
            InvalidBallotShape: its lists do not have the lengths that the questions ask for.
        """
        shape = len(self.ciphertexts), len(self.responses), len(self.coefficients)
        if shape != (questions.choices, 2 * questions.choices, questions.degree - 1):
            raise InvalidBallotShape(questions.words, len(self.words))


def _words(points: Iterable[Point]) -> list[int]:
    return [word for point in points for word in (point.x, point.y)]


@dataclass(frozen=True, slots=True)
class Opening:
    """What a ballot hides, and what its audit reveals.

    Attributes:
        scores: m of every choice.
        randomness: r of every choice.
    """

    scores: tuple[int, ...]
    randomness: tuple[Secret, ...]

    def __repr__(self) -> str:
        return f"Opening({len(self.scores)} choices, hidden)"


def encrypt(
    scores: Sequence[int],
    *,
    questions: Questions,
    key: Point,
    place: bytes,
    entropy: Entropy = SYSTEM,
) -> tuple[tuple[Ciphertext, ...], Opening]:
    """The ciphertexts of a vote, and what opens them.

    Args:
        scores: of every choice.
        questions: the poll's.
        key: Y.
        place: the hash of poll, voter and replaced ballot, which the randomness is bound to.
        entropy: where randomness comes from.

    Raises:
        InvalidScores: the questions do not allow these scores.
    """
    questions.require_scores(scores)
    randomness = list(sigma.randomness(place, scores, entropy))
    pairs = zip(scores, randomness, strict=True)
    ciphertexts = tuple(elgamal.encrypt(key, score, secret) for score, secret in pairs)
    return ciphertexts, Opening(tuple(scores), tuple(randomness))


# -- Verify --


def verify(ballot: Ballot, *, questions: Questions, key: Point, tracker: bytes) -> None:
    """Accepts the ballot, or says by which exception it is refused.

    Args:
        ballot: the ballot.
        questions: the poll's.
        key: Y.
        tracker: the hash of poll, voter, weight and ciphertexts, which the proof is bound to.

    Raises:
        InvalidBallotShape: its lists do not fit the questions.
        InvalidScalar: the factor of its statements, τ, is 0.
        CommitmentAtInfinity: the commitment a of a choice is infinity.
        DegenerateSum: the parts of a sum are equal, opposite or infinity, or a sum of Horner's
            rule cannot be multiplied.
        InvalidProof: the challenge is not the hash of tracker and commitments.
    """
    verified_hints(ballot, questions=questions, key=key, tracker=tracker)


def verified_hints(
    ballot: Ballot, *, questions: Questions, key: Point, tracker: bytes
) -> list[Hint]:
    """The hints of a ballot that is good: they are what its verification computes on its way.
    Raises as `verify` does.
    """
    ballot.require_shape(questions)
    tau = _tau(tracker)
    opened, found = [], []
    for index, parts in enumerate(_opened(ballot, key)):
        at = 2 * index + 1
        a = sigma.first_commitment(
            ballot.ciphertexts[index].a, ballot.challenge, ballot.responses[at], index=index
        )
        opened.append((a, sigma.joined(parts, index=index)))
        found.append(parts)
    last = INFINITY
    second = second_generator.H
    if isinstance(key, FixedBase):  # whoever keeps multiples of the key verifies many ballots
        second = FixedBase.of(second)
    for index, parts in enumerate(_summed(ballot, tau, questions, second), start=len(found)):
        last = sigma.joined(parts, index=index)
        found.append(parts)
    computed = transcript.ballot_challenge(tracker, opened, (last, *ballot.coefficients))
    sigma.require_challenge(ballot.challenge, computed)
    return found


def hints(ballot: Ballot, *, questions: Questions, key: Point, tracker: bytes) -> list[Hint]:
    """What the contract needs beside the ballot: the two parts of every sum, those of the choices
    first, then those of Horner's rule. Where a ballot will be refused, a part may be infinity.

    Raises:
        InvalidBallotShape: the ballot's lists do not fit the questions.
        InvalidScalar: the factor of its statements, τ, is 0.
    """
    ballot.require_shape(questions)
    sums = _summed(ballot, _tau(tracker), questions, second_generator.H)
    return [*_opened(ballot, key), *sums]


def _tau(tracker: bytes) -> Scalar:
    """The factor τ of the ballot's statements, unless it is 0."""
    return Scalar.from_outside(transcript.statement_factor(tracker).value, field="factor")


def _opened(ballot: Ballot, key: Point) -> Iterator[Hint]:
    """The parts U = (f − k·x²)·G + z·Y and V = k·x²·G − x·B, whose sum is b, of every choice k."""
    x, square = ballot.challenge, ballot.challenge * ballot.challenge
    responses = zip(ballot.responses[::2], ballot.responses[1::2], strict=True)
    for k, (ciphertext, (f, z)) in enumerate(zip(ballot.ciphertexts, responses, strict=True)):
        offset = Scalar(k) * square
        yield combine(f - offset, z, key), combine(offset, -x, ciphertext.b)


def _summed(ballot: Ballot, tau: Scalar, questions: Questions, second: Point) -> Iterator[Hint]:
    """The parts of the sums of Horner's rule, E_j + x·S, down to E_1; then those of E_0, which are
    P(x)·G + w·H and −x·S. `second` is H.
    """
    x, total = ballot.challenge, ballot.coefficients[-1]
    for coefficient in ballot.coefficients[-2::-1]:
        product = _multiple(total, x)
        yield coefficient, product
        total = coefficient + product
    value = statements.value(ballot.responses[::2], x, tau, questions)
    yield combine(value, ballot.blinding, second), _multiple(total, -x)


def _multiple(total: Point, factor: Scalar) -> Point:
    """The point times the factor; infinity where ecrecover could not multiply it."""
    return total * factor if total.x < N else INFINITY


# -- Prove --


def prove(
    ciphertexts: Sequence[Ciphertext],
    opening: Opening,
    *,
    questions: Questions,
    key: Point,
    tracker: bytes,
    entropy: Entropy = SYSTEM,
) -> Ballot:
    """The ballot with these ciphertexts.

    Args:
        ciphertexts: of every choice.
        opening: what they hide.
        questions: the poll's.
        key: Y.
        tracker: the hash that the proof is bound to.
        entropy: where nonces come from.

    Raises:
        InvalidScores: the questions do not allow what the ciphertexts hide.
        InvalidScalar: the factor of its statements, τ, is 0.
    """
    questions.require_scores(opening.scores)
    nonces = _Nonces.draw(opening, questions, tracker, entropy)
    # all statements hold, so that the highest coefficient is 0
    *hidden, _ = statements.polynomial(nonces.alpha, opening.scores, _tau(tracker), questions)
    coefficients = [
        G * e + second_generator.H * blinding
        for e, blinding in zip(hidden, nonces.sigma, strict=True)
    ]
    x = transcript.ballot_challenge(tracker, nonces.commitments(key), coefficients)
    return Ballot(
        tuple(ciphertexts),
        x,
        tuple(nonces.responses(opening, x)),
        nonces.blinding(x),
        tuple(coefficients[1:]),
    )


@dataclass(frozen=True, slots=True, repr=False)
class _Nonces:
    """The nonces of a ballot's proof: ρ and α of every choice, σ of every coefficient."""

    rho: list[Scalar]
    alpha: list[Scalar]
    sigma: list[Scalar]

    @classmethod
    def draw(
        cls, opening: Opening, questions: Questions, tracker: bytes, entropy: Entropy
    ) -> _Nonces:
        """Fresh nonces, each bound to its place: tracker, kind and index (PROTOCOL §1)."""

        def nonce(secret: Secret, kind: int, index: int) -> Scalar:
            return sigma.nonce(secret, transcript.statement_hash(tracker, kind, index), entropy)

        secrets = opening.randomness
        return cls(
            [nonce(secret, 0, index) for index, secret in enumerate(secrets)],
            [nonce(secret, 1, index) for index, secret in enumerate(secrets)],
            [nonce(secrets[0], 2, index) for index in range(questions.degree)],
        )

    def commitments(self, key: Point) -> list[tuple[int, Point]]:
        """The address of a = ρ·G, and b = α·G + ρ·Y, of every choice."""
        return [
            ((G * rho).address, combine(alpha, rho, key))
            for rho, alpha in zip(self.rho, self.alpha, strict=True)
        ]

    def responses(self, opening: Opening, x: Scalar) -> Iterator[Scalar]:
        """The responses f = α + x·m and z = ρ + x·r of every choice, in a row."""
        hidden = zip(opening.scores, opening.randomness, strict=True)
        nonces = zip(self.alpha, self.rho, strict=True)
        for (score, randomness), (alpha, rho) in zip(hidden, nonces, strict=True):
            yield alpha + x * Scalar(score)
            yield rho + x * randomness.reveal()

    def blinding(self, x: Scalar) -> Scalar:
        """The response w = Σ_j σ_j·x^j."""
        total = Scalar(0)
        for blinding in reversed(self.sigma):
            total = total * x + blinding
        return total
