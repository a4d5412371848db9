"""Honest inputs of every kind, from fixed seeds: what vectors and attacks start from."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import count

from eth_hash.auto import keccak

from support import forms
from support.forms import Form
from veche.crypto import ballot_proof, deal_proof, elgamal, equality_proof, sharing, transcript
from veche.crypto.ballot_proof import Ballot, Opening
from veche.crypto.elgamal import Ciphertext
from veche.crypto.equality_proof import BlameStatement, ShareStatement
from veche.crypto.group import G, Point, Secret
from veche.crypto.questions import Questions
from veche.crypto.sharing import Polynomial
from veche.crypto.sigma import Entropy, random_secret

CHAIN_ID = 1471
BOARD = 0x00B0A2D00000000000000000000000000000B0A2
POLL = 0x00901100000000000000000000000000000009011
VOTER = 0x00000000000000000000000000000000000A11CE
OTHER_VOTER = 0x0000000000000000000000000000000000000B0B

CHOOSE_ONE = Questions.of((3, 1, 1, 1))
PAIR = Questions.of((2, 1, 1, 1))
APPROVE = Questions.of((2, 1, 0, 2))
SCORE = Questions.of((1, 4, 0, 4))
MIXED = Questions.of((2, 1, 1, 1), (1, 3, 0, 3), (2, 2, 1, 3))


def seeded(seed: str) -> Entropy:
    """Bytes that look random and depend on the seed only."""
    blocks = count()

    def draw(size: int) -> bytes:
        assert size == 32
        return keccak(f"veche test entropy {seed} {next(blocks)}".encode())

    return draw


@dataclass(frozen=True)
class Key:
    """An election key whose secret the test knows."""

    secret: Secret = field(default_factory=lambda: random_secret(seeded("key")))

    @property
    def point(self) -> Point:
        return G * self.secret


KEY = Key()


@cache
def sealing_secrets(trustees: int) -> tuple[Secret, ...]:
    return tuple(random_secret(seeded(f"sealing key {i}")) for i in range(1, trustees + 1))


@cache
def board_hash(threshold: int = 2, trustees: int = 3) -> bytes:
    return transcript.board_hash(
        chain_id=CHAIN_ID,
        board=BOARD,
        threshold=threshold,
        min_voters=2,
        deal_by=1_800_000_000,
        confirm_by=1_800_600_000,
        content_hash=keccak("Вече: доверенные лица".encode()),
        trustees=[(0xACC0 + i, G * e) for i, e in enumerate(sealing_secrets(trustees), 1)],
    )


def poll_hash(questions: Questions, *, poll: int = POLL) -> bytes:
    return transcript.poll_hash(
        chain_id=CHAIN_ID,
        poll=poll,
        board=BOARD,
        board_hash=board_hash(),
        key=KEY.point,
        roll_root=keccak(b"roll"),
        total_weight=1_000,
        opens=1_800_700_000,
        closes=1_800_800_000,
        min_voters=2,
        content_hash=keccak("Вече: которое дерево?".encode()),
        questions=questions.limits,
    )


# -- Ballots --


@dataclass(frozen=True)
class Voting:
    """The statement of a ballot, beside its ciphertexts."""

    questions: Questions
    voter: int = VOTER
    weight: int = 1
    replaces: bytes = bytes(32)
    poll: int = POLL

    @property
    def poll_hash(self) -> bytes:
        return poll_hash(self.questions, poll=self.poll)

    def tracker(self, ciphertexts: Sequence[Ciphertext]) -> bytes:
        return transcript.tracker(
            self.poll_hash,
            voter=self.voter,
            weight=self.weight,
            replaces=self.replaces,
            ciphertexts=[each.pair for each in ciphertexts],
        )

    def form(self, ballot: Ballot) -> Form:
        return {
            "pollHash": forms.word(self.poll_hash),
            "voter": forms.address(self.voter),
            "weight": self.weight,
            "replaces": forms.word(self.replaces),
            "key": forms.point(KEY.point),
            "questions": [list(words) for words in self.questions.limits],
            "ballot": forms.ballot(ballot),
        }

    def encrypt(self, scores: Sequence[int], seed: str) -> tuple[tuple[Ciphertext, ...], Opening]:
        """Ciphertexts of any scores, allowed or not."""
        entropy = seeded(f"randomness {seed}")
        opening = Opening(tuple(scores), tuple(random_secret(entropy) for _ in scores))
        pairs = zip(opening.scores, opening.randomness, strict=True)
        return tuple(elgamal.encrypt(KEY.point, m, r) for m, r in pairs), opening

    def prove(self, ciphertexts: Sequence[Ciphertext], opening: Opening, seed: str) -> Ballot:
        """The ballot of an honest prover for what the opening claims."""
        return ballot_proof.prove(
            ciphertexts,
            opening,
            questions=self.questions,
            key=KEY.point,
            tracker=self.tracker(ciphertexts),
            entropy=seeded(f"proof {seed}"),
        )

    def cast(self, scores: Sequence[int], seed: str = "ballot") -> Form:
        """An honest ballot in plain form."""
        return self.form(self.prove(*self.encrypt(scores, seed), seed))


# -- Trustees --


def polynomial(dealer: int, threshold: int = 2, trustees: int = 3) -> Polynomial:
    entropy = seeded(f"polynomial {dealer}")
    return Polynomial.random(threshold=threshold, trustees=trustees, entropy=entropy)


def deal(dealer: int = 1, threshold: int = 2, trustees: int = 3) -> Form:
    made = deal_proof.make(
        polynomial(dealer, threshold, trustees),
        board_hash=board_hash(threshold, trustees),
        dealer=dealer,
        sealing_keys=[G * e for e in sealing_secrets(trustees)],
        entropy=seeded(f"deal {dealer}"),
    )
    return {
        "boardHash": forms.word(board_hash(threshold, trustees)),
        "dealer": dealer,
        "threshold": threshold,
        "trustees": trustees,
        "deal": forms.deal(made),
    }


def blame(dealer: int = 1, recipient: int = 2) -> Form:
    secret = sealing_secrets(3)[recipient - 1]
    ephemeral = forms.trusted_point(deal(dealer)["deal"]["ephemeral"])
    statement = BlameStatement(
        board_hash(), dealer, recipient, G * secret, ephemeral, ephemeral * secret
    )
    proof = equality_proof.prove_blame(statement, secret, entropy=seeded("blame"))
    return {
        "boardHash": forms.word(statement.board_hash),
        "dealer": dealer,
        "recipient": recipient,
        "sealingKey": forms.point(statement.sealing_key),
        "ephemeral": forms.point(statement.ephemeral),
        "shared": forms.point(statement.shared),
        "proof": forms.proof(proof),
    }


def trustee_secret(index: int = 2) -> Secret:
    return sharing.secret_share(polynomial(dealer).share(index) for dealer in (1, 2, 3))


def share(trustee: int = 2, *, infinity_at: int | None = None, choices: int = 3) -> Form:
    secret = trustee_secret(trustee)
    sums = [
        elgamal.ZERO.a if index == infinity_at else G * random
        for index, random in zip(range(choices), _secrets("sum"), strict=False)
    ]
    statement = ShareStatement(
        poll_hash(CHOOSE_ONE),
        trustee,
        G * secret,
        tuple(sums),
        equality_proof.decrypt(sums, secret),
    )
    proof = equality_proof.prove_share(statement, secret, entropy=seeded("share"))
    return {
        "pollHash": forms.word(statement.poll_hash),
        "trustee": trustee,
        "verificationKey": forms.point(statement.verification_key),
        "sums": forms.points(statement.sums),
        "points": forms.points(statement.points),
        "proof": forms.proof(proof),
    }


def _secrets(seed: str) -> Iterator[Secret]:
    entropy = seeded(seed)
    while True:
        yield random_secret(entropy)
