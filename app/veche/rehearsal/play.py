"""A dress rehearsal: a whole poll on a chain of this machine, whose result is compared.

The cryptography, the contracts and the trustees' checks are those of a real poll. Only the keys are
made for the rehearsal, and the chain's clock is turned forward.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from functools import cached_property, partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final, TypeAlias

from eth_account import Account
from eth_account.signers.local import LocalAccount

from veche.chain import casting
from veche.chain.board import Board
from veche.chain.catalogue import Catalogue, PollTerms
from veche.chain.connection import Chain, connect
from veche.chain.embedded import EmbeddedChain, embedded_chain
from veche.chain.poll import Poll
from veche.crypto.group import G, Secret
from veche.crypto.questions import Question, Questions
from veche.crypto.sigma import random_secret
from veche.errors import Refused
from veche.observer.node_evidence import NodeEvidence
from veche.observer.verification import verify
from veche.protocol.ballot import PreparedBallot, SignedBallot
from veche.protocol.board import BoardTerms, TrusteeTerms
from veche.protocol.board_texts import BoardTexts
from veche.protocol.content import Content, Scores
from veche.protocol.phase import Phase
from veche.protocol.roll import Roll
from veche.rehearsal.relay_office import RelayOffice, act
from veche.trust.report import Report, Verdict
from veche.trustee.answers import Answers
from veche.trustee.trustee import Trustee

TRUSTEES: Final = 3
THRESHOLD: Final = 2
ID: Final = "rehearsal"
ROLL_CHUNK: Final = 200
"""Number of voters in a transaction that publishes a part of the roll."""
HOUR: Final = 3600
"""One hour in seconds."""

Stage: TypeAlias = Callable[[str, int], AbstractContextManager[Callable[[], None]]]
"""Shows a step of the rehearsal, given its name and the number of its parts. It returns a context
manager, whose function is called after every part.
"""


@dataclass(frozen=True)
class Script:
    """The poll to rehearse, with its votes.

    Attributes:
        content: the poll's texts.
        questions: the limits of its questions.
        votes: the scores of every choice, for every voter.
        weights: the weight of every voter.
        min_voters: the minimum of voters for a result.
    """

    content: Content
    questions: Questions
    votes: Sequence[Sequence[int]]
    weights: Sequence[int]
    min_voters: int = 2

    @property
    def expected(self) -> Scores:
        """The plain count."""
        rows = zip(self.votes, self.weights, strict=True)
        weighted = [[score * weight for score in vote] for vote, weight in rows]
        return self.content.by_text([sum(column) for column in zip(*weighted, strict=True)])


@dataclass(frozen=True)
class Outcome:
    """The outcome of a rehearsal.

    Attributes:
        voters: the number of voters who cast a ballot.
        results: the scores that the contract has proven; None if it has proven none.
        expected: the plain count.
        proven: whether the contract has recorded a result.
        report: the report of all checks that an observer makes.
        refused: the name of the exception that refused a voter who is not on the roll.
        replaced: the number of ballots that were replaced.
    """

    voters: int
    results: Scores | None
    expected: Scores
    proven: bool
    report: Report
    refused: str
    replaced: int

    @property
    def verified(self) -> bool:
        """Whether every check of an observer passed."""
        return self.report.verdict == Verdict.PASS

    @property
    def agrees(self) -> bool:
        """Whether the result is proven and verified, and equal to the plain count."""
        return self.proven and self.verified and self.results == self.expected


def random_votes(questions: Questions, count: int) -> list[list[int]]:
    """Random votes that the questions allow, `count` of them."""
    return [[each for q in questions for each in _random_scores(q)] for _ in range(count)]


def _random_scores(question: Question) -> list[int]:
    """Random scores for the options of a question: a random total, given out point by point."""
    draw = secrets.SystemRandom()
    scores = [0] * question.options
    for _ in range(draw.randint(question.min_total, question.max_total)):
        free = [i for i, score in enumerate(scores) if score < question.max_score]
        scores[draw.choice(free)] += 1
    return scores


def rehearse(script: Script, stage: Stage, *, relay: bool = False) -> Outcome:
    """Plays a whole poll on an embedded chain. The trustees make a key; the poll and its roll are
    published; all voters vote, and one of them twice; a stranger's ballot is refused; all trustees
    but one decrypt; the result is recorded.

    Args:
        script: the poll, with its votes.
        stage: shows the steps.
        relay: whether voters enrol with letters and vote without ether, both at a relay. Its
            packages must be installed.

    Raises:
        NoEmbeddedChain: anvil is not installed.
        VecheError: a step failed that succeeds in a correct rehearsal.
    """
    with embedded_chain() as embedded, TemporaryDirectory() as folder:
        through = RelayOffice(embedded, Path(folder) / "relay") if relay else None
        return Rehearsal(embedded, script, stage, Path(folder), through).play()


@dataclass
class Rehearsal:
    """The people of a rehearsal, and what they do.

    Attributes:
        embedded: the chain.
        script: the poll, with its votes.
        stage: shows the steps.
        folder: for what trustees keep.
        relay: where voters enrol and vote; None if officials cast.
        official: pays for all that no relay pays for.
        sealing: the trustees' sealing keys.
        known: the first voters, if they are somebody; the others are made up.
    """

    embedded: EmbeddedChain
    script: Script
    stage: Stage
    folder: Path
    relay: RelayOffice | None
    official: LocalAccount = field(default_factory=Account.create)
    sealing: list[Secret] = field(
        default_factory=lambda: [random_secret() for _ in range(TRUSTEES)]
    )
    known: Sequence[LocalAccount] = ()

    def play(self) -> Outcome:
        """Plays the whole poll."""
        board, catalogue = self.convene()
        poll = self.publish(board, catalogue, self._enrolled())
        refused = self._vote(poll)
        self.embedded.at_time(poll.definition.closes)
        self.prove(poll, catalogue)
        report = self._verify(poll)
        return Outcome(
            poll.voter_count,
            poll.result(),
            self.script.expected,
            poll.phase == Phase.TALLIED,
            report,
            refused,
            sum(1 for _ in poll.ballots(voter=self.voters[0].address)) - 1,
        )

    # -- People --

    @cached_property
    def chain(self) -> Chain:
        """The chain as the officials see it."""
        return self._as(self.official)

    def _as(self, account: LocalAccount) -> Chain:
        self.embedded.fund(account)
        return connect(self.embedded.url, account=account)

    @cached_property
    def voters(self) -> list[LocalAccount]:
        """The accounts of the voters, one for every vote."""
        others = range(len(self.script.votes) - len(self.known))
        return [*self.known, *(Account.from_key(secrets.token_bytes(32)) for _ in others)]

    @property
    def roll(self) -> Roll:
        """The roll of all voters."""
        return Roll(
            (voter.address, weight)
            for voter, weight in zip(self.voters, self.script.weights, strict=True)
        )

    @cached_property
    def trustees(self) -> list[Trustee]:
        """The trustees, each with an account and the chain's clock. Officials pay."""
        return [
            Trustee(
                self.chain,
                Account.create(),
                secret,
                Answers.create(self.folder / f"answers-{index}.json"),
                final_confirmations=1,
                clock=lambda: self.chain.time,
            )
            for index, secret in enumerate(self.sealing)
        ]

    # -- Acts --

    def convene(self) -> tuple[Board, Catalogue]:
        """Creates a catalogue, and has the trustees make a key."""
        with self.stage("key ceremony", 2 + 2 * TRUSTEES) as advance:
            catalogue = self.chain.create_catalogue()
            advance()
            board = self.chain.convene(catalogue, self._board_terms())
            advance()
            for trustee in self.trustees:
                trustee.deal(board)
                advance()
            for trustee in self.trustees:
                trustee.confirm(board, catalogue)
                advance()
        return board, catalogue

    def _board_terms(self) -> BoardTerms:
        now = self.chain.time
        trustees = tuple(
            TrusteeTerms(each.account.address, G * each.sealing) for each in self.trustees
        )
        names = tuple(f"Trustee {index}" for index in range(1, TRUSTEES + 1))
        texts = BoardTexts("Rehearsal", names).encoded
        return BoardTerms(THRESHOLD, 2, now + HOUR, now + 2 * HOUR, trustees, texts)

    def _enrolled(self) -> Roll:
        """The roll of all voters, who have enrolled at the relay if there is one."""
        if self.relay is None:
            return self.roll
        with self.stage("letters and enrolment at a relay", len(self.voters)) as advance:
            return self.relay.enrol(self.official, self.voters, self.script.weights, advance)

    def publish(self, board: Board, catalogue: Catalogue, roll: Roll) -> Poll:
        """Publishes the poll, which is open for an hour from then on, and its roll."""
        opens = self.chain.time + HOUR
        terms = PollTerms(
            board.address,
            roll.root,
            roll.total_weight,
            opens,
            opens + HOUR,
            self.script.min_voters,
            self.script.questions,
        )
        entries = list(roll)
        chunks = range(0, len(entries), ROLL_CHUNK)
        with self.stage("publishing poll and roll", 1 + len(chunks)) as advance:
            address = catalogue.publish(ID, terms, self.script.content.encoded, self.chain.sender)
            advance()
            for first in chunks:
                part = entries[first : first + ROLL_CHUNK]
                catalogue.publish_roll(ID, 0, first, part, self.chain.sender)
                advance()
        self.embedded.at_time(opens)
        return self.chain.poll(address)

    def _vote(self, poll: Poll) -> str:
        """As `_vote_at`; if there is a relay, it pays for all."""
        if self.relay is None:
            return self._vote_at(poll, ())
        with self.relay.carrying(poll) as url:
            return self._vote_at(connect(self.embedded.url).poll(poll.address), [url])

    def _vote_at(self, poll: Poll, relays: Sequence[str]) -> str:
        """Casts a ballot of every voter. The first voter casts two; the second replaces the first.

        It also casts a stranger's ballot, which must be refused.

        Args:
            poll: the poll, as those see it who cast.
            relays: the URL of the relay that casts; empty if officials do.

        Returns:
            The name of the exception that refused the stranger's ballot.
        """
        name = "casting encrypted ballots" + (" by the relay" if relays else "")
        with self.stage(name, len(self.voters) + 2) as advance:
            first = random_votes(self.script.questions, 1)[0]
            poll.cast(self._ballot(poll, 0, first), relay=relays)
            advance()
            refused = self._refusal(poll, relays)
            advance()
            if relays:
                self.vote_at(poll, relays, 0, advance)
            else:
                self._cast_in_batches(poll, advance)
        return refused

    def vote_at(
        self, poll: Poll, relays: Sequence[str], first: int, advance: Callable[[], None]
    ) -> None:
        """Has voters vote at relays, some at once.

        Args:
            poll: the poll, as the voters see it.
            relays: the URLs of the relays.
            first: the first voter who does; those before do not.
            advance: is called when one has voted.
        """
        votes = list(enumerate(self.script.votes))[first:]
        act((partial(self._hand_in, poll, relays, *each) for each in votes), advance)

    def _hand_in(
        self, poll: Poll, relays: Sequence[str], index: int, scores: Sequence[int]
    ) -> None:
        """Casts a ballot through a relay, and waits until the voter's node shows that it counts."""
        poll.cast(self._ballot(poll, index, scores), relay=relays)

    def _ballot(self, poll: Poll, index: int, scores: Sequence[int]) -> SignedBallot:
        voter = self.voters[index]
        return poll.prepare(self._choices(scores), voter=voter.address).sign(voter)

    def _choices(self, scores: Sequence[int]) -> Scores:
        return self.script.content.by_text(scores)

    def _batches(self, poll: Poll) -> Iterator[list[SignedBallot]]:
        """The ballots of all voters, in batches of as many as fit into a transaction."""
        batch: list[SignedBallot] = []
        for index, scores in enumerate(self.script.votes):
            ballot = self._ballot(poll, index, scores)
            if batch and not casting.fits(poll.definition, [*batch, ballot]):
                yield batch
                batch = []
            batch.append(ballot)
        yield batch

    def _cast_in_batches(self, poll: Poll, advance: Callable[[], None]) -> None:
        for batch in self._batches(poll):
            for outcome in poll.cast_batch(batch):
                if isinstance(outcome, Exception):
                    raise outcome
                advance()

    def _refusal(self, poll: Poll, relays: Sequence[str]) -> str:
        """Casts a stranger's ballot, which is valid except that its voter is not on the roll."""
        stranger: LocalAccount = Account.create()
        scores = self.script.votes[0]
        ballot = PreparedBallot.encrypt(
            scores, poll.definition, voter=stranger.address, weight=1
        ).sign(stranger)
        try:
            poll.cast(ballot, relay=relays)
        except Refused as refusal:
            return type(refusal).__name__
        return "nothing"

    def prove(self, poll: Poll, catalogue: Catalogue) -> None:
        """Has every trustee except the last check all ballots and decrypt the sums, and the
        contract prove the result.
        """
        present = self.trustees[:-1]
        with self.stage("trustees check every ballot and decrypt", len(present)) as advance:
            for trustee in present:
                trustee.decrypt(poll, catalogue)
                advance()
        with self.stage("proving the result on chain", 1) as advance:
            poll.publish_result()
            advance()

    def _verify(self, poll: Poll) -> Report:
        """Makes every check that an observer makes, from the code to the result."""
        with self.stage("checking everything again", 1) as advance:
            report = verify(NodeEvidence(poll.node, poll.address), expect=poll.hash).report
            advance()
        return report
