"""The validity proof of a whole ballot, under one challenge (PROTOCOL §3).

Every disjunction shows that a ciphertext (A, B) encrypts some v in lo..hi, with a branch for each
v: commitments a = s·G − c·A and b = s·Y − c·(B − v·G). One branch is real, the others are
simulated, and their challenges sum to the ballot's. The disjunctions are the choices in order,
each over 0..maxScore, and then the totals, over minTotal..maxTotal.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from veche.crypto import elgamal, sigma, transcript
from veche.crypto.elgamal import Ciphertext
from veche.crypto.group import INFINITY, G, N, P, Point, Scalar, Secret, combine
from veche.crypto.questions import Questions
from veche.crypto.sigma import SYSTEM, Entropy, Hint
from veche.errors import InvalidBallotShape, ZeroSubChallenge


@dataclass(frozen=True, slots=True)
class Ballot:
    """An encrypted ballot with its proof.

    Attributes:
        ciphertexts: one for every choice.
        challenge: c, of the whole ballot.
        challenges: of every branch but the last of each disjunction.
        responses: of every branch.
    """

    ciphertexts: tuple[Ciphertext, ...]
    challenge: Scalar
    challenges: tuple[Scalar, ...]
    responses: tuple[Scalar, ...]

    @property
    def words(self) -> list[int]:
        """The words of the ballot in a row: ciphertexts, challenge, challenges, responses."""
        points = (point for each in self.ciphertexts for point in each.pair)
        scalars = (self.challenge, *self.challenges, *self.responses)
        return [
            *(word for point in points for word in (point.x, point.y)),
            *(scalar.value for scalar in scalars),
        ]

    @classmethod
    def from_words(cls, words: Sequence[int], questions: Questions) -> Ballot:
        """A ballot from its words in a row, as a poll logs it.

        Raises:
            InvalidBallotShape: a ballot of these questions has more words, or fewer.
            InvalidPoint: a point of a ciphertext cannot be accepted.
            InvalidScalar: a challenge or response cannot.
        """
        end = 4 * questions.choices
        ciphertexts = tuple(
            Ciphertext.from_outside(words[at : at + 4], field=f"ciphertext {at // 4}")
            for at in range(0, min(end, len(words) - 3), 4)
        )
        return cls.with_ciphertexts(ciphertexts, words[end:], questions)

    @classmethod
    def with_ciphertexts(
        cls, ciphertexts: tuple[Ciphertext, ...], scalars: Sequence[int], questions: Questions
    ) -> Ballot:
        """A ballot from its ciphertexts and the words behind them: challenge, challenges,
        responses.

        Raises:
            InvalidBallotShape: a ballot of these questions has more scalars, or fewer.
            InvalidScalar: a challenge or response cannot be accepted.
        """
        responses = 1 + questions.branches - questions.disjunctions
        given = scalars[1:responses], scalars[responses:]
        shape = len(ciphertexts), len(given[0]), len(given[1])
        if shape != (questions.choices, responses - 1, questions.branches):
            raise InvalidBallotShape(*shape)
        challenge = Scalar.from_outside(scalars[0], field="challenge")
        challenges, answers = _scalars("challenge", given[0]), _scalars("response", given[1])
        return cls(ciphertexts, challenge, challenges, answers)

    @classmethod
    def from_outside(
        cls,
        ciphertexts: Sequence[Sequence[int]],
        challenge: int,
        challenges: Sequence[int],
        responses: Sequence[int],
    ) -> Ballot:
        """A ballot from its words, four for a ciphertext.

        Raises:
            InvalidPoint: a point of a ciphertext cannot be accepted.
            InvalidScalar: a challenge or response cannot.
        """
        return cls(
            tuple(
                Ciphertext.from_outside(words, field=f"ciphertext {index}")
                for index, words in enumerate(ciphertexts)
            ),
            Scalar.from_outside(challenge, field="challenge"),
            _scalars("challenge", challenges),
            _scalars("response", responses),
        )


def _scalars(field: str, values: Sequence[int]) -> tuple[Scalar, ...]:
    return tuple(
        Scalar.from_outside(value, field=f"{field} {index}") for index, value in enumerate(values)
    )


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
    scores: Sequence[int], *, questions: Questions, key: Point, entropy: Entropy = SYSTEM
) -> tuple[tuple[Ciphertext, ...], Opening]:
    """The ciphertexts of a vote, and what opens them.

    Raises:
        InvalidScores: the questions do not allow these scores.
    """
    questions.require_scores(scores)
    opening = Opening(tuple(scores), tuple(sigma.random_secret(entropy) for _ in scores))
    pairs = zip(opening.scores, opening.randomness, strict=True)
    return tuple(elgamal.encrypt(key, score, secret) for score, secret in pairs), opening


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
        InvalidPoint: the total of a question's ciphertexts is no point that a proof can be about.
        ZeroSubChallenge: nothing is left for the last branch of a disjunction.
        CommitmentAtInfinity: the commitment a of a branch is infinity.
        DegenerateBranch: the parts of the commitment b of a branch are equal, opposite or infinity.
        InvalidProof: the challenge is not the hash of tracker and commitments.
    """
    verified_hints(ballot, questions=questions, key=key, tracker=tracker)


def verified_hints(
    ballot: Ballot, *, questions: Questions, key: Point, tracker: bytes
) -> list[Hint]:
    """The hints of a ballot that is good: they are what its verification computes on its way.
    Raises as `verify` does.
    """
    found = _commitments(ballot, questions, key)
    computed = transcript.ballot_challenge(tracker, [(a, b) for a, b, _ in found])
    sigma.require_challenge(ballot.challenge, computed)
    return [parts for _, _, parts in found]


def commitments(ballot: Ballot, questions: Questions, key: Point) -> list[tuple[int, Point]]:
    """address(a) and b of every branch; raises as `verify` does, InvalidProof apart."""
    return [(a, b) for a, b, _ in _commitments(ballot, questions, key)]


def _commitments(ballot: Ballot, questions: Questions, key: Point) -> list[tuple[int, Point, Hint]]:
    """address(a), b and the parts of b of every branch."""
    found: list[tuple[int, Point, Hint]] = []
    disjunctions = _disjunctions(ballot, questions)
    for index, disjunction in enumerate(disjunctions[questions.choices :]):
        disjunction.ciphertext.check(field=f"total {index}")
    for branch in _branches(disjunctions):
        if not branch.challenge:
            raise ZeroSubChallenge(len(found))
        first = sigma.first_commitment(
            branch.ciphertext.a, branch.challenge, branch.response, index=len(found)
        )
        parts = branch.parts(key)
        found.append((first, sigma.joined(parts, index=len(found)), parts))
    return found


def hints(ballot: Ballot, *, questions: Questions, key: Point) -> list[Hint]:
    """What the contract needs beside the ballot: U and V of every branch.

    A branch that will be refused may have infinity as a part.

    Raises:
        InvalidBallotShape: the ballot's lists do not fit the questions.
    """
    return [branch.parts(key) for branch in _branches(_disjunctions(ballot, questions))]


def inverse(ballot: Ballot, *, questions: Questions) -> int:
    """What spares the contract an inversion: that of the product of all Z with which it adds up
    the totals that are proven (PROTOCOL §1).
    """
    product = 1
    rest = iter(ballot.ciphertexts)
    for question in questions:
        own = [next(rest) for _ in range(question.options)]
        if question.proves_total:
            product *= _z([each.a for each in own]) * _z([each.b for each in own])
    return pow(product, -1, P)


def _z(points: Sequence[Point]) -> int:
    """Z after adding these points up one after the other; 1 where their sum is infinity."""
    total, z = INFINITY, 1
    for point in points:
        if not total or total == -point:
            z = 1
        elif total == point:
            z = 2 * point.y
        else:
            z = z**3 * (point.x - total.x) % P
        total += point
    return z


@dataclass(frozen=True, slots=True)
class _Branch:
    """One value that a ciphertext may encrypt, with its challenge and response."""

    ciphertext: Ciphertext
    value: int
    challenge: Scalar
    response: Scalar

    def parts(self, key: Point) -> Hint:
        """U = c·v·G + s·Y and V = −c·B, whose sum is b."""
        shifted = self.challenge * Scalar(self.value)
        return combine(shifted, self.response, key), self.ciphertext.b * -self.challenge


@dataclass(frozen=True, slots=True)
class _Disjunction:
    """A ciphertext, the values that it may encrypt, and its part of the proof."""

    ciphertext: Ciphertext
    values: range
    challenges: tuple[Scalar, ...]
    responses: tuple[Scalar, ...]


def _branches(disjunctions: Iterable[_Disjunction]) -> Iterator[_Branch]:
    """The branches of all disjunctions in order."""
    for one in disjunctions:
        for value, c, s in zip(one.values, one.challenges, one.responses, strict=True):
            yield _Branch(one.ciphertext, value, c, s)


def _disjunctions(ballot: Ballot, questions: Questions) -> list[_Disjunction]:
    """The disjunctions in order, each with its last challenge derived."""
    _require_shape(ballot, questions)
    challenges, responses = iter(ballot.challenges), iter(ballot.responses)
    found = []
    for ciphertext, values in _statements(ballot.ciphertexts, questions):
        given = tuple(next(challenges) for _ in values[:-1])
        last = Scalar((ballot.challenge.value - sum(c.value for c in given)) % N)
        answers = tuple(next(responses) for _ in values)
        found.append(_Disjunction(ciphertext, values, (*given, last), answers))
    return found


def _require_shape(ballot: Ballot, questions: Questions) -> None:
    shape = len(ballot.ciphertexts), len(ballot.challenges), len(ballot.responses)
    branches = questions.branches
    if shape != (questions.choices, branches - questions.disjunctions, branches):
        raise InvalidBallotShape(*shape)


def _statements(
    ciphertexts: Sequence[Ciphertext], questions: Questions
) -> Iterator[tuple[Ciphertext, range]]:
    """What is shown, in order: a ciphertext, and the values of which it encrypts one."""
    for question, where in questions.slices():
        for ciphertext in ciphertexts[where]:
            yield ciphertext, range(question.max_score + 1)
    for question, where in questions.slices():
        if question.proves_total:
            values = range(question.min_total, question.max_total + 1)
            yield elgamal.total(ciphertexts[where]), values


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
    """
    questions.require_scores(opening.scores)
    return prove_witnesses(
        ciphertexts,
        list(_witnesses(opening, questions)),
        questions=questions,
        key=key,
        tracker=tracker,
        entropy=entropy,
    )


def prove_witnesses(
    ciphertexts: Sequence[Ciphertext],
    witnesses: Sequence[tuple[int, Secret]],
    *,
    questions: Questions,
    key: Point,
    tracker: bytes,
    entropy: Entropy,
) -> Ballot:
    """A ballot from score and randomness of every disjunction, totals included, unchecked.

    `prove` is the way to a ballot that will be accepted; a witness that lies gives one that will
    not.
    """
    statements = _statements(ciphertexts, questions)
    proofs = [
        _Proof.begin(
            values,
            score,
            randomness,
            key=key,
            statement=(tracker, disjunction),
            entropy=entropy,
        )
        for disjunction, ((_, values), (score, randomness)) in enumerate(
            zip(statements, witnesses, strict=True)
        )
    ]
    found = [commitment for proof in proofs for commitment in proof.commitments]
    challenge = transcript.ballot_challenge(tracker, found)
    challenges: list[Scalar] = []
    responses: list[Scalar] = []
    for proof in proofs:
        own, answers = proof.finish(challenge)
        challenges += own[:-1]
        responses += answers
    return Ballot(tuple(ciphertexts), challenge, tuple(challenges), tuple(responses))


def _witnesses(opening: Opening, questions: Questions) -> Iterator[tuple[int, Secret]]:
    """Score and randomness behind every statement, in the order of `_statements`."""
    yield from zip(opening.scores, opening.randomness, strict=True)
    for question, where in questions.slices():
        if question.proves_total:
            randomness = sum(secret.reveal().value for secret in opening.randomness[where])
            yield sum(opening.scores[where]), Secret(randomness % N)


@dataclass(frozen=True, slots=True, repr=False)
class _Proof:
    """A disjunction's proof between commitment and response. All but the commitments is secret.

    The real branch holds its nonce in place of its response and 0 in place of its challenge.
    """

    real: int
    randomness: Secret
    challenges: list[Scalar]
    responses: list[Scalar]
    commitments: list[tuple[int, Point]]

    @classmethod
    def begin(
        cls,
        values: range,
        score: int,
        randomness: Secret,
        *,
        key: Point,
        statement: tuple[bytes, int],
        entropy: Entropy,
    ) -> _Proof:
        """Commits to the real branch and to simulations of all others.

        With r known, s·G − c·A is k·G and s·Y − c·(B − v·G) is k·Y + c·(v − m)·G, k = s − c·r.
        Every nonce is bound to its place: ballot, disjunction, value, and what it is for.
        """

        def nonce(*place: int) -> Scalar:
            return sigma.nonce(randomness, transcript.statement_hash(*statement, *place), entropy)

        r = randomness.reveal()
        proof = cls(values.index(score), randomness, [], [], [])
        for value in values:
            s = nonce(value, 0)
            c = Scalar(0) if value == score else nonce(value, 1)
            k = s - c * r
            b = key * k + G * (c * Scalar((value - score) % N))
            proof.challenges.append(c)
            proof.responses.append(s)
            proof.commitments.append(((G * k).address, b))
        return proof

    def finish(self, challenge: Scalar) -> tuple[list[Scalar], list[Scalar]]:
        """The challenges and responses of all branches, the real one answered."""
        challenges, responses = self.challenges.copy(), self.responses.copy()
        c = Scalar((challenge.value - sum(c.value for c in challenges)) % N)
        challenges[self.real] = c
        responses[self.real] += c * self.randomness.reveal()
        return challenges, responses
