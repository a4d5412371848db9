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
from veche.crypto import elgamal, sharing, transcript
from veche.crypto.elgamal import Ciphertext
from veche.crypto.group import G, Point
from veche.crypto.questions import Questions
from veche.crypto.sigma import random_secret
from veche.observer.evidence import PollState, PostedShare
from veche.protocol import ceremony as ceremonies
from veche.protocol import tally, trackers
from veche.protocol.ballot import PreparedBallot
from veche.protocol.block_mark import BlockMark
from veche.protocol.board import BoardDefinition, BoardTerms, TrusteeTerms
from veche.protocol.board_texts import BoardTexts
from veche.protocol.content import Content, QuestionTexts
from veche.protocol.definition import PollDefinition
from veche.protocol.logged_ballot import LoggedBallot
from veche.protocol.published_roll import Part
from veche.protocol.roll import Roll
from veche.protocol.tally import DecryptionShare
from veche.trust import artifact, clone_terms, provenance
from veche.trust.ceremony import Ceremony
from veche.trust.provenance import Origin, Provenance, Root, SharedCode

CHAIN_ID = 1471
DEPLOYER = to_checksum_address("0x" + "de" * 20)
SALT = b"\7" * 32
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


def block_at(time: int) -> BlockMark:
    """The block of a time: there is one every second."""
    return BlockMark(time, keccak(f"veche paper block {time}".encode()), time)


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
    poll_hash: bytes
    state: PollState
    ceremony: Ceremony
    provenance: Provenance
    roll_parts: tuple[Part, ...]
    ballots: tuple[Cast, ...]
    shares: tuple[PostedShare, ...]


class PaperEvidence:
    """Facts as evidence."""

    is_record = False

    def __init__(self, facts: Facts) -> None:
        self.facts = facts

    def mark(self) -> BlockMark:
        return self.facts.mark

    def definition(self) -> PollDefinition:
        return self.facts.definition

    def poll_hash(self) -> bytes:
        return self.facts.poll_hash

    def state(self) -> PollState:
        return self.facts.state

    def ceremony(self) -> Ceremony:
        return self.facts.ceremony

    def provenance(self) -> Provenance:
        return self.facts.provenance

    def roll_parts(self) -> tuple[Part, ...]:
        return self.facts.roll_parts

    def ballots(self) -> Iterator[Cast]:
        return iter(self.facts.ballots)

    def find(self, trackers: set[tuple[str, bytes]]) -> Iterator[LoggedBallot]:
        return (each for each, _ in self.facts.ballots if (each.voter, each.tracker) in trackers)

    def shares(self) -> tuple[PostedShare, ...]:
        return self.facts.shares

    def proofs(self) -> None:
        return None


@dataclass
class PaperPoll:
    """A poll on paper, from its key ceremony to its result.

    Attributes:
        content: its words.
        questions: what voters may give.
        weights: of the voters on its roll.
        others: entries of voters on its roll who never cast a ballot.
        ballots: in the order in which they are cast.
        total_weight: as the poll says; the roll's by default.
        key: as the poll says; the board's by default.
        board_hash: as the poll says; the board's by default.
        decrypted: whether shares and result are there.
        board_texts: the texts of its board, a JSON document.
        board_min_voters: the minimum of voters of its board.
        min_voters: its own minimum of voters.
        closes: in seconds since 1970.
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
    others: Sequence[tuple[str, int]] = ()
    total_weight: int | None = None
    key: Point | None = None
    board_hash: bytes | None = None
    decrypted: bool = True
    board_texts: str = BoardTexts("Paper board", ("Anna", "Boris", "Clara")).encoded
    board_min_voters: int = 2
    min_voters: int = 2
    closes: int = CLOSES
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
            len(counted),
            sum(each.weight for each in counted.values()),
            tuple(sums),
            cancelled=False,
            result=tuple(self._scores(sums, shares, counted)) if shares else (),
        )
        return Facts(
            block_at(CLOSES + 99),
            self.definition,
            self.definition.hash,
            state,
            self.ceremony,
            self._provenance(),
            (Part(0, self.roll.entries),),
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
        terms = BoardTerms(2, self.board_min_voters, 100, 200, trustees, self.board_texts)
        board = BoardDefinition(CHAIN_ID, BOARD, terms)
        accounts = [voter(-1 - index) for index in range(3)]
        deals = {i: ceremonies.deal(board, i, entropy=entropy) for i in (1, 2, 3)}
        hash_ = board.hash
        for dealer, deal in deals.items():
            hash_ = transcript.deals_hash(hash_, dealer, deal.challenge)
        commitments = [deal.commitments for deal in deals.values()]
        self.secrets = [
            ceremonies.open_shares(board, deals, i, secret) for i, secret in enumerate(sealing, 1)
        ]
        self.ceremony = Ceremony(
            board,
            board.hash,
            hash_,
            tuple(
                ceremonies.sign_deal(board, i, deal, accounts[i - 1]) for i, deal in deals.items()
            ),
            tuple(ceremonies.confirm(board, i, hash_, accounts[i - 1]) for i in (1, 2, 3)),
            sharing.encryption_key(commitments),
            tuple(sharing.verification_key(commitments, i) for i in (1, 2, 3)),
        )

    def _define(self) -> None:
        people = [(voter(i).address, weight) for i, weight in enumerate(self.weights)]
        self.roll = Roll([*people, *self.others])
        self.definition = PollDefinition(
            CHAIN_ID,
            POLL,
            BOARD,
            self.board_hash or self.ceremony.definition.hash,
            self.key or self.ceremony.key,
            self.roll.root,
            self.roll.total_weight if self.total_weight is None else self.total_weight,
            OPENS,
            self.closes,
            self.min_voters,
            self.content,
            self.questions,
        )

    def _provenance(self) -> Provenance:
        """The published code, with zeros for its immutables, at the addresses that it must have."""
        polls, boards = (_shared_code(each) for each in ("Poll", "TrusteeBoard"))
        owner = voter(-9).address
        address = provenance.catalogue_address(
            DEPLOYER, SALT, first_owner=owner, poll_code=polls.address, board_code=boards.address
        )
        code = artifact.load("PollCatalogue").runtime
        began_with = frozenset({DEPLOYER, owner})
        tally = SharedCode(provenance.first_created(polls.address), artifact.load("Tally").runtime)
        of_board = clone_terms.of_board(self.ceremony.definition, catalogue=address, block=7)
        of_poll = clone_terms.of_poll(self.definition, catalogue=address, block=8)
        return Provenance(
            Root(address, code, DEPLOYER, SALT, owner, polls, tally, boards, began_with),
            _origin(BOARD, boards, of_board),
            _origin(POLL, polls, of_poll),
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
        return logged, block_at(ballot.time)

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


def _shared_code(name: str) -> SharedCode:
    published = artifact.load(name)
    address = provenance.create2(DEPLOYER, provenance.NO_SALT, published.bytecode)
    return SharedCode(address, published.runtime)


def _origin(address: str, shared: SharedCode, terms: bytes) -> Origin:
    clone = artifact.CLONE_HEAD + bytes.fromhex(shared.address[2:]) + artifact.CLONE_TAIL
    return Origin(address, clone + terms, is_official=True)


def changed(facts: Facts, part: str, change: Callable[[Any], Any]) -> Facts:
    """Facts with one part changed."""
    return replace(facts, **{part: change(getattr(facts, part))})
