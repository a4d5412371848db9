"""Whole polls without a chain: what is public of them, made by the library alone."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, TypeAlias

from eth_account import Account
from eth_account.signers.local import LocalAccount
from eth_hash.auto import keccak
from eth_utils.address import to_checksum_address

from support.samples import seeded
from veche.trust import artifact
from veche.crypto import elgamal, sharing, transcript
from veche.crypto.elgamal import Ciphertext
from veche.crypto.group import G, Point
from veche.crypto.questions import Questions
from veche.crypto.sigma import random_secret
from veche.observer.evidence import (
    BlockMark,
    Ceremony,
    Codes,
    PollState,
    PostedShare,
)
from veche.protocol import board as boards
from veche.protocol import tally, trackers
from veche.protocol.ballot import PreparedBallot
from veche.protocol.board import BoardDefinition, BoardTerms, PostedDeal, TrusteeTerms
from veche.protocol.content import Content, QuestionTexts
from veche.protocol.definition import PollDefinition
from veche.protocol.logged_ballot import LoggedBallot
from veche.protocol.roll import Roll
from veche.protocol.tally import DecryptionShare

CHAIN_ID = 1471
IMPLEMENTATION = to_checksum_address("0x" + "c2" * 20)
BOARD = to_checksum_address("0x" + "b0" * 20)
POLL = to_checksum_address("0x" + "90" * 20)
OPENS, CLOSES = 1_000, 2_000
FIVE = QuestionTexts("Which tree?", ("Lime", "Oak", "Rowan", "Maple", "Birch"))
TREES = Content("Trees", "", (FIVE,))
CHOOSE_ONE_OF_FIVE = Questions.of((5, 1, 1, 1))


def voter(index: int) -> LocalAccount:
    """The account of a voter."""
    account: LocalAccount = Account.from_key(keccak(f"veche paper voter {index}".encode()))
    return account


@dataclass(frozen=True)
class PaperBallot:
    """A ballot that somebody casts.

    Attributes:
        voter: its index.
        scores: of every choice.
        replaces: the word for what it says it replaces; by default for what counts.
        weight: as the ballot says; the roll's by default.
        signer: who signs; the voter by default.
        time: of its block.
    """

    voter: int
    scores: Sequence[int]
    replaces: bytes | None = None
    weight: int | None = None
    signer: LocalAccount | None = None
    time: int = OPENS + 1


Cast: TypeAlias = tuple[LoggedBallot, BlockMark]
"""A ballot as the poll has logged it, and the block that holds it."""


@dataclass(frozen=True)
class Facts:
    """All that is public of a poll; see veche.observer.evidence."""

    mark: BlockMark
    definition: PollDefinition
    state: PollState
    ceremony: Ceremony
    codes: Codes
    rolls: tuple[list[tuple[str, int]], ...]
    ballots: tuple[Cast, ...]
    shares: tuple[PostedShare, ...]


class PaperEvidence:
    """Facts as evidence."""

    def __init__(self, facts: Facts) -> None:
        self.facts = facts

    def mark(self) -> BlockMark:
        return self.facts.mark

    def definition(self) -> PollDefinition:
        return self.facts.definition

    def state(self) -> PollState:
        return self.facts.state

    def ceremony(self) -> Ceremony:
        return self.facts.ceremony

    def codes(self) -> Codes:
        return self.facts.codes

    def rolls(self) -> tuple[list[tuple[str, int]], ...]:
        return self.facts.rolls

    def ballots(self) -> Iterator[Cast]:
        return iter(self.facts.ballots)

    def find(self, trackers: set[tuple[str, bytes]]) -> Iterator[LoggedBallot]:
        return (each for each, _ in self.facts.ballots if (each.voter, each.tracker) in trackers)

    def shares(self) -> tuple[PostedShare, ...]:
        return self.facts.shares


@dataclass
class PaperPoll:
    """A poll on paper, from its key ceremony to its result.

    Attributes:
        content: its words.
        questions: what voters may give.
        weights: of the voters on its roll.
        ballots: in the order in which they are cast.
        total_weight: as the poll says; the roll's by default.
        key: as the poll says; the board's by default.
        decrypted: whether shares and result are there.
    """

    content: str = TREES.encoded
    questions: Questions = CHOOSE_ONE_OF_FIVE
    weights: Sequence[int] = (1, 1, 2)
    ballots: Sequence[PaperBallot] = (
        PaperBallot(0, (1, 0, 0, 0, 0)),
        PaperBallot(1, (0, 1, 0, 0, 0)),
        PaperBallot(2, (0, 1, 0, 0, 0)),
        PaperBallot(0, (0, 0, 1, 0, 0)),
    )
    total_weight: int | None = None
    key: Point | None = None
    decrypted: bool = True
    facts: Facts = field(init=False)

    def __post_init__(self) -> None:
        self._hold_ceremony()
        self._define()
        self.facts = self.shown(self._cast_all())

    def shown(self, casts: Sequence[Cast]) -> Facts:
        """The poll with these ballots in it."""
        counted = {logged.voter: logged for logged, _ in casts}
        sums = self._sums(counted.values())
        decrypted = self.decrypted and casts
        shares = self._shares(sums) if decrypted else ()
        state = PollState(
            self.definition.hash,
            len(counted),
            sum(each.weight for each in counted.values()),
            tuple(sums),
            cancelled=False,
            result=tuple(self._scores(sums, shares, counted)) if shares else (),
        )
        return Facts(
            BlockMark(99, b"\x99" * 32, CLOSES + 99),
            self.definition,
            state,
            self.ceremony,
            _codes(),
            ([(each.voter, each.weight) for each in self.roll],),
            tuple(casts),
            shares,
        )

    # -- Ceremony --

    def _hold_ceremony(self) -> None:
        entropy = seeded("paper ceremony")
        sealing = [random_secret(entropy) for _ in range(3)]
        trustees = tuple(
            TrusteeTerms(voter(-1 - index).address, G * secret)
            for index, secret in enumerate(sealing)
        )
        board = BoardDefinition(CHAIN_ID, BOARD, BoardTerms(2, 2, 100, 200, trustees))
        deals = [(i, boards.deal(board, i, entropy=entropy)) for i in (1, 2, 3)]
        hash_ = board.hash
        for dealer, deal in deals:
            hash_ = transcript.deals_hash(hash_, dealer, deal.challenge)
        commitments = [deal.commitments for _, deal in deals]
        posted = {i: PostedDeal(d.commitments, d.ephemeral, d.sealed) for i, d in deals}
        self.secrets = [
            boards.open_shares(board, posted, i, secret) for i, secret in enumerate(sealing, 1)
        ]
        self.ceremony = Ceremony(
            board,
            board.hash,
            hash_,
            tuple(deals),
            (1, 2, 3),
            sharing.encryption_key(commitments),
            tuple(sharing.verification_key(commitments, i) for i in (1, 2, 3)),
        )

    def _define(self) -> None:
        self.roll = Roll((voter(i).address, weight) for i, weight in enumerate(self.weights))
        self.definition = PollDefinition(
            CHAIN_ID,
            POLL,
            BOARD,
            self.ceremony.definition.hash,
            self.key or self.ceremony.key,
            self.roll.root,
            self.roll.total_weight if self.total_weight is None else self.total_weight,
            OPENS,
            CLOSES,
            2,
            self.content,
            self.questions,
        )

    # -- Ballots --

    def _cast_all(self) -> list[Cast]:
        casts: list[Cast] = []
        last: dict[str, bytes] = {}
        for each in self.ballots:
            logged, block = self.cast(each, last.get(voter(each.voter).address))
            last[logged.voter] = logged.tracker
            casts.append((logged, block))
        return casts

    def cast(self, ballot: PaperBallot, counting: bytes | None = None) -> Cast:
        """A ballot as the poll would log it, and its block."""
        account = voter(ballot.voter)
        entropy = seeded(f"paper ballot {ballot.voter} {ballot.scores}")
        prepared = PreparedBallot.encrypt(
            ballot.scores,
            self.definition,
            voter=account.address,
            weight=ballot.weight or self.weights[ballot.voter],
            replaces=counting if ballot.replaces is None else trackers.from_word(ballot.replaces),
            entropy=entropy,
        )
        signed = prepared.sign(account, entropy=entropy)
        if ballot.signer:
            prepared.voter = ballot.signer.address
            forged = prepared.sign(ballot.signer, entropy=entropy)
            signed = replace(signed, signature=forged.signature)
        logged = LoggedBallot(
            signed.voter,
            prepared.tracker,
            signed.weight,
            signed.replaces,
            signed.deadline,
            signed.signature,
            b"".join(word.to_bytes(32, "big") for word in signed.ballot.words),
        )
        return logged, BlockMark(50, bytes([50]) * 32, ballot.time)

    def _sums(self, counted: Iterable[LoggedBallot]) -> list[Ciphertext]:
        """As the contract has them: of each voter's last ballot, times its weight."""
        sums = [elgamal.ZERO] * self.questions.choices
        for logged in counted:
            own = logged.signed(self.definition).ballot.ciphertexts
            sums = [total + each * logged.weight for total, each in zip(sums, own, strict=True)]
        return sums

    # -- Result --

    def _shares(self, sums: Sequence[Ciphertext]) -> tuple[PostedShare, ...]:
        made = [
            DecryptionShare.make(
                sums,
                self.secrets[index - 1],
                poll_hash=self.definition.hash,
                trustee=index,
                verification_key=self.ceremony.verification_keys[index - 1],
                entropy=seeded(f"paper share {index}"),
            )
            for index in (3, 1)
        ]
        return tuple(
            PostedShare(each.statement.trustee, each.statement.points, each.proof) for each in made
        )

    def _scores(
        self, sums: Sequence[Ciphertext], shares: Sequence[PostedShare], counted: dict[str, Any]
    ) -> list[int]:
        return tally.scores(
            sums,
            {each.trustee: each.points for each in shares},
            questions=self.questions,
            cast_weight=sum(each.weight for each in counted.values()),
        )


def _codes() -> Codes:
    """The published code, with some values for its immutables."""
    implementation = artifact.load("Poll").runtime
    clone = artifact.CLONE_HEAD + bytes.fromhex(IMPLEMENTATION[2:]) + artifact.CLONE_TAIL
    return Codes(
        artifact.load("PollCatalogue").runtime,
        implementation,
        IMPLEMENTATION,
        clone + b"terms and key",
        artifact.load("TrusteeBoard").runtime,
        official=True,
    )


def changed(facts: Facts, part: str, change: Callable[[Any], Any]) -> Facts:
    """Facts with one part changed."""
    return replace(facts, **{part: change(getattr(facts, part))})
