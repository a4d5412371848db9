"""A trustee's work: to deal, to confirm or blame, and to decrypt after every check."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from time import time
from typing import Final, NoReturn

from eth_account.signers.local import LocalAccount

from veche.chain.board import Board
from veche.chain.catalogue import Catalogue
from veche.chain.connection import Chain
from veche.chain.node import Node
from veche.chain.pending import Receipt
from veche.chain.poll import Poll
from veche.crypto.elgamal import Ciphertext
from veche.crypto.group import G, Secret
from veche.errors import (
    AlreadyAnswered,
    AlreadyConfirmed,
    AlreadyDealt,
    AnsweredElsewhere,
    InvalidShare,
    NotSignedByTrustee,
    WrongBoardPhase,
    WrongPhase,
)
from veche.observer.agreement import check_agreement
from veche.observer.evidence import Progress
from veche.observer.node_evidence import NodeEvidence
from veche.observer.verification import verify
from veche.protocol import ceremony as ceremonies
from veche.protocol.board import BoardDefinition
from veche.protocol.ceremony import Blame, SignedConfirmation, SignedDeal
from veche.protocol.phase import BoardPhase, Phase
from veche.protocol.tally import DecryptionShare, sums_hash
from veche.trust.ceremony import Ceremony
from veche.trust.report import Report
from veche.trustee.answers import Answers
from veche.trustee.ceremony import checked_ceremony

CLOSED: Final = "poll is closed"
CATALOGUE: Final = "catalogue to serve"
SIZE: Final = "enough voters"

EARLY_CLOCK: Final = "the poll has not closed yet by the clock of this machine"
EARLY_BLOCK: Final = "no block after the close has {} confirmations yet: wait until one is final"

CONFIRMED_BEFORE: Final = (
    "you have confirmed the deals of the board {0}, and now your node shows bad ones: {1}"
)


class Confirmation(StrEnum):
    """What a trustee has done with the shares that it was dealt."""

    CONFIRMED = "confirmed"
    BLAMED = "blamed"

    @classmethod
    def of(cls, answer: SignedConfirmation | Blame) -> Confirmation:
        """What an answer says."""
        return cls.BLAMED if isinstance(answer, Blame) else cls.CONFIRMED


@dataclass
class Trustee:
    """A trustee with its account and its sealing key.

    Attributes:
        chain: the connection to the trustee's own node; its account pays.
        account: the account that the trustee's boards name, which signs.
        sealing: e, the secret of the sealing key that its boards name.
        answers: the deals that the trustee has confirmed, and the sums that it has decrypted.
        final_confirmations: the number of confirmations that make a block final; by default as
            many as the chain needs.
        clock: the trustee's own clock, in seconds since 1970.
    """

    chain: Chain
    account: LocalAccount
    sealing: Secret
    answers: Answers
    final_confirmations: int = 0
    clock: Callable[[], float] = time

    def __post_init__(self) -> None:
        self.final_confirmations = self.final_confirmations or self.chain.final_confirmations

    def index(self, board: Board) -> int:
        """The trustee's index on a board, from 1.

        Raises:
            UnknownTrustee: no trustee of the board has this trustee's sealing key.
        """
        return board.definition.index_of(G * self.sealing)

    def _require_account(self, definition: BoardDefinition) -> int:
        index = definition.index_of(G * self.sealing)
        account = definition.terms.trustees[index - 1].account
        if self.account.address != account:
            own = self.account.address
            reason = f"trustee {index} of this board signs with {account}, not with {own}"
            raise NotSignedByTrustee(index, own, reason=reason)
        return index

    def require_own_answers(self, board: Board, polls: Sequence[Poll] = ()) -> None:
        """Refuses to go on if the chain shows that this trustee has answered elsewhere: two copies
        of its folder could be shown two chains, and answer for both.

        Args:
            board: a board that this trustee is on.
            polls: polls of that board.

        Raises:
            AnsweredElsewhere: the chain shows a confirmation or a share of this trustee that its
                answers do not note.
        """
        if self.index(board) in board.state().confirmed:
            self._require_own_confirmation(board)
        for poll in polls:
            if poll.phase in (Phase.CLOSED, Phase.TALLIED):
                self._require_own_share(board, poll)

    def _require_own_confirmation(self, board: Board) -> None:
        if not self.answers.has_confirmed(board.definition.hash):
            self._refuse_copy("confirmed the board", board.address)

    def _require_own_share(self, board: Board, poll: Poll) -> None:
        is_posted = self.index(board) in poll.shares_posted()
        if is_posted and not self.answers.has_promised(poll.hash):
            self._refuse_copy("decrypted the poll", poll.address)

    def _refuse_copy(self, what: str, address: str) -> NoReturn:
        said = f"{self.answers.path} does not note that you have {what} {address}"
        raise AnsweredElsewhere(f"{said}, but the chain shows it")

    # -- Ceremony --

    def deal(self, board: Board) -> Receipt:
        """Posts the trustee's deal. Raises as `signed_deal` does, and DeadlinePassed."""
        return board.post_deal(self.signed_deal(board), self.chain.sender)

    def signed_deal(self, board: Board) -> SignedDeal:
        """A fresh deal of the trustee, which anyone may post.

        Raises:
            UnknownTrustee, NotSignedByTrustee: the board does not name this sealing key with this
                account.
            AlreadyDealt: the trustee has dealt already.
            WrongBoardPhase: the board is not dealing.
        """
        definition = board.definition
        index = self._require_account(definition)
        state = board.state()
        if state.phase != BoardPhase.DEALING:
            raise WrongBoardPhase(BoardPhase.DEALING.number, state.phase.number)
        if index in state.dealt:
            raise AlreadyDealt(index)
        made = ceremonies.deal(definition, index)
        return ceremonies.sign_deal(definition, index, made, self.account)

    def confirm(
        self, board: Board, catalogue: Catalogue, *, other: Node | None = None
    ) -> Confirmation:
        """Confirms all deals, or blames the dealer of a bad share. Raises as `answer` does, and
        DeadlinePassed.
        """
        answer = self.answer(board, catalogue, other=other)
        board.post_answer(answer, self.chain.sender)
        return Confirmation.of(answer)

    def answer(
        self, board: Board, catalogue: Catalogue, *, other: Node | None = None
    ) -> SignedConfirmation | Blame:
        """Makes every check of PROTOCOL §2, then opens all shares that the trustee was dealt. If
        all are good, the trustee notes the deals and confirms them; if one is bad, the trustee
        blames its dealer, with a proof. A deal without a valid proof and signature is the lie of a
        node, and nobody is blamed.

        Args:
            board: the board.
            catalogue: the catalogue that the trustee was told to serve.
            other: a second node, which must show the same deals at the same block.

        Returns:
            What the trustee answers. Anyone may post it.

        Raises:
            UnknownTrustee, NotSignedByTrustee: the board does not name this sealing key with this
                account.
            ChecksFailed: a check of PROTOCOL §2 failed; nothing was opened, confirmed or blamed.
            AnsweredElsewhere: another copy of the trustee's folder has confirmed.
            AlreadyConfirmed: the trustee has confirmed already.
            AlreadyAnswered: the trustee has confirmed other deals of this board.
            WrongBoardPhase: the board is not confirming.
        """
        ceremony = self._ceremony(board, catalogue, BoardPhase.CONFIRMING, other)
        definition = ceremony.definition
        index = self._require_account(definition)
        if index in (each.trustee for each in ceremony.confirmations):
            self._require_own_confirmation(board)
            raise AlreadyConfirmed(index)
        deals = {each.dealer: each.deal for each in ceremony.deals}
        try:
            ceremonies.open_shares(definition, deals, index, self.sealing)
        except InvalidShare as fault:
            if self.answers.has_confirmed(definition.hash):
                raise AlreadyAnswered(CONFIRMED_BEFORE.format(board.address, fault)) from fault
            return ceremonies.blame(definition, fault, deals, self.sealing)
        self.answers.confirm(definition.hash, ceremony.deals_hash)
        return ceremonies.confirm(definition, index, ceremony.deals_hash, self.account)

    def _ceremony(
        self, board: Board, catalogue: Catalogue, phase: BoardPhase, other: Node | None = None
    ) -> Ceremony:
        block = self.chain.watch.confirmed_block()
        return checked_ceremony(board.contract, catalogue.address, phase, block=block, other=other)

    # -- Result --

    def decrypt(
        self,
        poll: Poll,
        catalogue: Catalogue,
        *,
        other: Node | None = None,
        progress: Progress | None = None,
    ) -> Receipt:
        """Posts the trustee's decryption share. Raises as `share` does, and AlreadyShared if the
        share is on chain already.
        """
        share = self.share(poll, catalogue, other=other, progress=progress)
        return poll.post_share(share, payer=self.chain.sender.account)

    def share(
        self,
        poll: Poll,
        catalogue: Catalogue,
        *,
        other: Node | None = None,
        progress: Progress | None = None,
    ) -> DecryptionShare:
        """The trustee's decryption share, after every check of PROTOCOL §4. Anyone may post it.

        Args:
            poll: the poll.
            catalogue: the catalogue that the trustee was told to serve.
            other: a second node, which must agree with the first one.
            progress: is called with the number of ballots counted so far.

        Raises:
            UnknownTrustee: the poll's board does not name this sealing key.
            WrongPhase: the poll is not closed, or its close is not final yet.
            ChecksFailed: a check failed, and nothing was decrypted.
            AnsweredElsewhere: another copy of the trustee's folder has decrypted the poll.
            NotConfirmed: the trustee's answers note no confirmation of the poll's board.
            AlreadyAnswered: the trustee has decrypted other sums of this poll, or has confirmed
                other deals of its board.
        """
        board = self.chain.board(poll.definition.board)
        index = self.index(board)
        self._require_own_share(board, poll)
        sums, report = self.check(poll, catalogue, other=other, progress=progress)
        report.require()
        secret = self._secret_share(board, catalogue)
        self.answers.promise(poll.hash, sums_hash(poll.hash, sums))
        return DecryptionShare.make(
            sums, secret, poll_hash=poll.hash, trustee=index, verification_key=G * secret
        )

    def _secret_share(self, board: Board, catalogue: Catalogue) -> Secret:
        """The trustee's secret share, from the deals that it has confirmed and from no others."""
        ceremony = self._ceremony(board, catalogue, BoardPhase.READY)
        definition = ceremony.definition
        self.answers.require_confirmed(definition.hash, ceremony.deals_hash)
        deals = {each.dealer: each.deal for each in ceremony.deals}
        index = definition.index_of(G * self.sealing)
        return ceremonies.open_shares(definition, deals, index, self.sealing)

    def check(
        self,
        poll: Poll,
        catalogue: Catalogue,
        *,
        other: Node | None = None,
        progress: Progress | None = None,
    ) -> tuple[list[Ciphertext], Report]:
        """Makes every check that must pass before a share is made.

        Returns:
            The sums as the trustee has added them up, and the report of all checks.

        Raises:
            WrongPhase: the poll is not closed, or its close is not final yet.
        """
        poll.require_phase(Phase.CLOSED)
        block = self.final_block(poll)
        evidence = NodeEvidence(poll.node, poll.address, block=block)
        # `expect` binds the close and the sums to one poll: a node may show first one, then another
        roll = poll.given_roll
        found = verify(evidence, expect=poll.hash, progress=progress, roll=roll)
        report, voters = found.report, found.box.voters if found.box else 0
        is_closed = found.phase == Phase.CLOSED
        report.add(CLOSED, holds=is_closed, detail=f"at block {block} it is {found.phase}")
        own = found.foundation.catalogue == catalogue.address
        report.add(CATALOGUE, holds=own, detail=f"the catalogue at {catalogue.address}")
        fewest = poll.definition.min_voters
        if found.foundation.ceremony:
            fewest = max(fewest, found.foundation.ceremony.definition.terms.min_voters)
        report.add(SIZE, holds=voters >= fewest, detail=f"{voters} have voted, {fewest} are needed")
        if other:
            check_agreement(evidence, [other], report)
        return found.sums, report

    def final_block(self, poll: Poll) -> int:
        """The number of the newest final block, which must be after the poll's close.

        Raises:
            WrongPhase: the trustee's clock or the newest final block is before the close.
        """
        newest = self.chain.node.block()["number"]
        block = max(0, newest + 1 - self.final_confirmations)
        closes = poll.definition.closes
        if self.clock() < closes:
            raise WrongPhase(Phase.CLOSED.number, Phase.OPEN.number, reason=EARLY_CLOCK)
        if self.chain.node.block(block)["timestamp"] < closes:
            reason = EARLY_BLOCK.format(self.final_confirmations)
            raise WrongPhase(Phase.CLOSED.number, Phase.OPEN.number, reason=reason)
        return block
