"""Polls on chain, with their voters and trustees behind them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from brownie import Poll, chain
from eth_account import Account
from eth_account.signers.local import LocalAccount
from eth_hash.auto import keccak

from support import samples
from support.boards import Board, now, point
from support.ceremonies import Ceremony
from support.forms import trusted_point
from veche.chain import arguments, casting
from veche.crypto import ballot_proof, equality_proof, sharing
from veche.crypto.ballot_proof import Opening
from veche.crypto.discrete_log import discrete_log
from veche.crypto.elgamal import Ciphertext
from veche.crypto.equality_proof import EqualityProof, ShareStatement
from veche.crypto.group import Point, Secret
from veche.crypto.questions import Questions
from veche.protocol import signature as signatures
from veche.protocol import trackers
from veche.protocol.ballot import SignedBallot
from veche.protocol.definition import PollDefinition
from veche.protocol.roll import Roll

SCHEDULED, OPEN, CLOSED, TALLIED, VOID, CANCELLED = range(6)

ID = "0x" + "ab" * 32
CONTENT = '{"title": "Вече", "questions": ["Which tree?"]}'
CHOOSE_ONE = Questions.of((3, 1, 1, 1))

OPENS_IN, CLOSES_IN = 1_000, 1_000_000
"""Seconds from publishing."""


Encrypted: TypeAlias = tuple[tuple[Ciphertext, ...], Opening]
"""The ciphertexts of a ballot, and what they open to."""


def voter(index: int) -> LocalAccount:
    """The account of a voter; the same for every poll."""
    account: LocalAccount = Account.from_key(keccak(f"veche test voter {index}".encode()))
    return account


def events(receipt: Any, name: str) -> list[Any]:
    """The events of this name in a receipt."""
    return list(receipt.events[name]) if name in receipt.events else []


@dataclass(frozen=True)
class Vote:
    """A ballot ready to be cast, with everything that the contract asks for."""

    signed: SignedBallot
    tracker: bytes
    roll_proof: Sequence[bytes]
    replaced: Vote | None
    sums: list[int]
    weighted: list[Point]

    @property
    def ciphertexts(self) -> tuple[Ciphertext, ...]:
        return self.signed.ballot.ciphertexts

    @property
    def growth(self) -> list[Ciphertext]:
        """What the sums grow by when it is a first ballot."""
        return [each * self.signed.weight for each in self.ciphertexts]

    @property
    def words(self) -> list[int]:
        """As in a batch, less the roll's part."""
        signed, _, replaced, _ = self.arguments()
        return arguments.flat(
            [
                int(self.signed.voter, 16),
                signed[1:],
                self.sums,
                replaced if self.signed.replaces else [],
                arguments.points(self.weighted),
            ]
        )

    def arguments(self) -> list[Any]:
        """Of Poll.cast."""
        return [
            arguments.signed_ballot(self.signed),
            list(self.roll_proof),
            arguments.replaced_ballot(self.replaced.signed if self.replaced else None),
            [self.sums, arguments.points(self.weighted)],
        ]


@dataclass(frozen=True)
class Share:
    """A decryption share ready to be posted."""

    sums_hash: bytes
    statement: ShareStatement
    proof: EqualityProof

    def arguments(self) -> list[Any]:
        """Of Poll.share."""
        return [
            self.statement.trustee,
            self.sums_hash,
            arguments.points(self.statement.points),
            [self.proof.challenge.value, self.proof.response.value],
            arguments.hints(equality_proof.share_hints(self.statement, self.proof)),
        ]


@dataclass
class Polling:
    """A poll on chain; voter i, from 0, has the i-th weight, and a time of 0 is one to come."""

    board: Board
    questions: Questions = CHOOSE_ONE
    weights: Sequence[int] = (1, 1, 1)
    root: bytes | None = None
    total_weight: int | None = None
    opens: int = 0
    closes: int = 0
    min_voters: int = 2
    content: str = CONTENT
    contract: Any = field(init=False)
    version: int = field(init=False)
    hash: bytes = field(init=False)
    roll: Roll = field(init=False)
    shares: list[Share] = field(init=False, default_factory=list)

    def __post_init__(self) -> None:
        self.roll = Roll((voter(i).address, weight) for i, weight in enumerate(self.weights))
        self.opens = self.opens or now() + OPENS_IN
        self.closes = self.closes or now() + CLOSES_IN
        self.publishing = self.catalogue.publish(
            ID, self.terms(), self.content, {"from": self.official}, silent=True
        )
        published = self.publishing.events["PollPublished"]
        self.contract, self.version = Poll.at(published["poll"]), published["version"]
        self.hash = bytes(self.contract.pollHash())

    @property
    def catalogue(self) -> Any:
        """The board's catalogue: it makes the poll."""
        return self.board.catalogue

    @property
    def official(self) -> Any:
        """Who owns the catalogue, and carries whatever nobody else does."""
        return self.board.official

    def terms(self) -> list[Any]:
        """IPoll.Terms."""
        return [
            self.board.contract.address,
            self.root or self.roll.root,
            self.roll.total_weight if self.total_weight is None else self.total_weight,
            self.opens,
            self.closes,
            self.min_voters,
            [list(words) for words in self.questions.limits],
        ]

    @property
    def key(self) -> Point:
        deals = [each.commitments() for each in self.board.ceremony.polynomials]
        return sharing.encryption_key(deals)

    @property
    def definition(self) -> PollDefinition:
        """What clients read of the poll."""
        read = self.contract
        return PollDefinition(
            chain.id,
            read.address,
            self.board.contract.address,
            self.board.hash,
            self.key,
            bytes(read.rollRoot()),
            read.totalWeight(),
            self.opens,
            self.closes,
            self.min_voters,
            self.content,
            self.questions,
        )

    def offered(self, votes: Sequence[Vote]) -> int:
        """The gas that clients offer for ballots in one transaction."""
        return casting.gas(self.definition, [each.signed for each in votes])

    # -- Ballots --

    def vote(
        self,
        index: int,
        scores: Sequence[int],
        *,
        replaces: Vote | None = None,
        seed: str = "",
        address: str | None = None,
        weight: int | None = None,
        replaced: bytes | None = None,
        encrypted: Encrypted | None = None,
        deadline: int | None = None,
        poll: str | None = None,
        signer: LocalAccount | None = None,
        roll_proof: Sequence[bytes] | None = None,
    ) -> Vote:
        """A ballot of a voter; honest, but for what is given beside the vote it replaces.

        Args:
            index: of the voter, from 0.
            scores: of every choice.
            replaces: the vote that counts so far.
            seed: of all randomness, beside voter and scores.
            address: the voter's.
            weight: the voter's.
            replaced: the tracker that it says it replaces.
            encrypted: its ciphertexts, and what they open to.
            deadline: until when it may be cast.
            poll: the address that is signed.
            signer: who signs.
            roll_proof: that the voter stands on the roll.
        """
        account = voter(index)
        name = address or account.address
        if weight is None:
            weight = self.weights[index] if index < len(self.weights) else 1
        seed = f"{index} {scores} {seed}"
        ciphertexts, opening = encrypted or self.encrypt(scores, seed)
        replaced = replaced or (replaces.tracker if replaces else None)
        tracker = trackers.of(
            self.hash, voter=name, weight=weight, replaces=replaced, ciphertexts=ciphertexts
        )
        ballot = ballot_proof.prove(
            ciphertexts,
            opening,
            questions=self.questions,
            key=self.key,
            tracker=tracker,
            entropy=samples.seeded(f"proof {seed}"),
        )
        deadline = self.closes if deadline is None else deadline
        message = signatures.message(
            chain_id=chain.id,
            poll=poll or self.contract.address,
            voter=name,
            tracker=tracker,
            replaces=replaced,
            deadline=deadline,
        )
        signature = signatures.sign(signer or account, message)
        where = chain.id, self.contract.address
        signed = SignedBallot(*where, name, weight, replaced, deadline, signature, ballot)
        proof = self.roll.path(name, 0)[1] if roll_proof is None else roll_proof
        hints = ballot_proof.hints(ballot, questions=self.questions, key=self.key, tracker=tracker)
        sums = arguments.ballot_hints(hints, self.questions.choices)
        return Vote(signed, tracker, proof, replaces, sums, weighted(signed, replaces))

    def encrypt(self, scores: Sequence[int], seed: str) -> Encrypted:
        return ballot_proof.encrypt(
            scores,
            questions=self.questions,
            key=self.key,
            place=bytes(32),
            entropy=samples.seeded(f"randomness {seed}"),
        )

    def cast(self, vote: Vote, sender: Any = None) -> Any:
        return self.contract.cast(*vote.arguments(), {"from": sender or self.official}, silent=True)

    def batch(self, votes: Sequence[Vote | list[int]], depth: int | None = None) -> list[Any]:
        """The arguments of Poll.castBatch.

        Args:
            votes: ballots, or the words that stand for them.
            depth: of the nodes; what is cheapest unless given.
        """
        depth = self.roll.depth(len(votes)) if depth is None else depth
        packed = [each if isinstance(each, list) else self.packed(each, depth) for each in votes]
        return [self.roll.nodes(depth), packed]

    def packed(self, vote: Vote, depth: int) -> list[int]:
        """The words of a ballot of a batch, for the nodes of this depth."""
        place, proof = 0, list(vote.roll_proof)
        if vote.signed.voter in self.roll:
            place, path = self.roll.path(vote.signed.voter, depth)
            # what was changed in the proof stays changed
            proof = path if proof == self.roll.path(vote.signed.voter, 0)[1] else proof
        return [place, *vote.words, *(int.from_bytes(each, "big") for each in proof)]

    def cast_batch(self, votes: Sequence[Vote | list[int]], depth: int | None = None) -> Any:
        return self.contract.castBatch(
            *self.batch(votes, depth), {"from": self.official}, silent=True
        )

    def sums(self) -> list[Ciphertext]:
        """The running sums as the contract shows them."""
        return [Ciphertext(point(a), point(b)) for a, b in self.contract.sums()]

    # -- Result --

    def prepare_share(
        self,
        index: int,
        *,
        secret: Secret | None = None,
        sums: Sequence[Ciphertext] | None = None,
        points: tuple[Point, ...] | None = None,
        sums_hash: bytes | None = None,
    ) -> Share:
        """A trustee's share of the sums; honest, but for what is given.

        Args:
            index: of the trustee, from 1.
            secret: what it decrypts with.
            sums: what it decrypts.
            points: what it says that they decrypt to.
            sums_hash: what it says that it has decrypted.
        """
        secret = self.board.ceremony.secret(index) if secret is None else secret
        first = tuple(each.a for each in (self.sums() if sums is None else sums))
        statement = ShareStatement(
            self.hash,
            index,
            trusted_point([hex(each) for each in self.board.contract.verificationKey(index)]),
            first,
            points or equality_proof.decrypt(first, secret),
        )
        entropy = samples.seeded(f"share {index}")
        proof = equality_proof.prove_share(statement, secret, entropy=entropy)
        return Share(sums_hash or bytes(self.contract.sumsHash()), statement, proof)

    def share(self, index: int) -> Any:
        made = self.prepare_share(index)
        self.shares.append(made)
        return self.contract.postShare(*made.arguments(), {"from": self.official}, silent=True)

    def points(self) -> dict[int, tuple[Point, ...]]:
        """D of every choice, of the trustees whose shares make the result."""
        quorum = self.shares[: self.board.ceremony.threshold]
        return {each.statement.trustee: each.statement.points for each in quorum}

    def scores(self) -> list[int]:
        """What sums and shares give."""
        parts = sharing.combine(self.points())
        bound = self.contract.castWeight() * max(each.max_score for each in self.questions)
        pairs = zip(self.sums(), parts, strict=True)
        return [discrete_log(total.b - part, bound) for total, part in pairs]

    def result_arguments(self, scores: Sequence[int]) -> list[Any]:
        """Of Poll.publishResult."""
        points = self.points()
        hints = list(sharing.weighted(points).values())[1:]
        return [
            list(scores),
            arguments.points([each for own in points.values() for each in own]),
            arguments.points([each for own in hints for each in own]),
        ]

    def publish_result(self) -> Any:
        return self.contract.publishResult(
            *self.result_arguments(self.scores()), {"from": self.official}, silent=True
        )


def weighted(signed: SignedBallot, replaced: Vote | None) -> list[Point]:
    """The hints of a weight; none where it is 1."""
    if signed.weight == 1:
        return []
    all_of_them = [*signed.ballot.ciphertexts, *(replaced.ciphertexts if replaced else ())]
    return [each for one in all_of_them for each in (one * signed.weight).pair]


def ready_board(threshold: int = 2, trustees: int = 3, seed: str = "polling") -> Board:
    return Board(Ceremony(threshold, trustees, seed)).deal_all().confirm_all()
